"""Ink: what stands on cards, arrows and in the legend, as Graphviz's HTML-like labels."""

from collections.abc import Sequence

from autodiff.seeing.drawing.pictures import Card
from autodiff.words.colours import LEVELS
from autodiff.words.scripts import raised
from autodiff.words.typeset import LONGEST, shortened


def card_label(card: Card) -> str:
    """An HTML-like label: its header, and the rows below."""
    if card.kind.startswith(("circle", "words")):
        first, *rest = map(markup, card.rows or [card.title])
        return "".join([f"<{first}", *(f'<BR/><FONT POINT-SIZE="9.5">{row}</FONT>' for row in rest), ">"])
    expression = f"&#160;= {markup(card.expression)}" if card.expression else ""
    rows = [f"<B>{markup(card.title)}</B>{expression}", *map(markup, card.rows)]
    cells = "".join(f'<TR><TD ALIGN="LEFT">{row}</TD></TR>' for row in rows)
    return f'<<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="1">{cells}</TABLE>>'


def legend_label(lines: Sequence[tuple[str, ...]]) -> str:
    """A table: in a line of more parts, the colours between the second and the third."""
    swatches = "".join(f'<TD BGCOLOR="{color}" WIDTH="16" HEIGHT="12" FIXEDSIZE="TRUE"></TD>' for color in LEVELS)
    rows, space = "", '<TR><TD HEIGHT="10"></TD></TR>'
    for line in lines:
        first, *ends = [markup(part, 200) for part in line]
        if ends:
            low, high, *after = ends
            cells = f'<TD ALIGN="LEFT">{first}</TD><TD>&#160;&#160;{low}&#160;</TD>{swatches}'
            cells += f'<TD>&#160;{high}</TD><TD ALIGN="LEFT">{"".join(f"&#160;&#160;{part}" for part in after)}</TD>'
        else:
            cells = f'<TD ALIGN="LEFT" COLSPAN="{len(LEVELS) + 4}">{first}</TD>'
        rows += f"<TR>{cells}</TR>"
    return f'<<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="2">{space}{rows}</TABLE>>'


def markup(text: str, longest: int = LONGEST) -> str:
    """Text as an HTML-like label spells it: only text, whatever is in it."""
    return raised(shortened(text, longest), "<SUP>", "</SUP>").replace(
        "\\", "\\\\"
    )  # Graphviz would put the node's name for \N
