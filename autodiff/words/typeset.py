"""Typesetting: tables as text, as HTML and as LaTeX, and texts cut to the room that there is."""

import html
from collections.abc import Sequence
from itertools import zip_longest
from typing import Literal, NamedTuple, TypeAlias, TypeVar

from autodiff.words.latex import latex
from autodiff.words.notation import BAR, DOT

WIDTH = 100  # characters that a line of text may take
LONGEST = 40  # characters of a text that stands in a picture

Cells: TypeAlias = Sequence[str]
Side: TypeAlias = Literal["<", ">"]
T = TypeVar("T")


class Column(NamedTuple):
    """How the cells of a column stand in text.

    side   "<" where they begin at its left, ">" where they end at its right
    width  that of its widest cell, or so many characters, over which a cell may reach
    gap    spaces before it
    """

    heading: str
    side: Side = "<"
    width: int | None = None
    gap: int = 2


class Table(NamedTuple):
    """Rows of cells, a heading above each column."""

    columns: Sequence[Column]
    rows: Sequence[Cells]

    def lines(self) -> list[str]:
        """The headings, then each row, as lines of text."""
        cells = [[column.heading for column in self.columns], *self.rows]
        widths = [
            widest(texts) if column.width is None else column.width
            for column, texts in zip(self.columns, zip(*cells, strict=True), strict=True)
        ]
        return ["".join(map(_in_column, row, self.columns, widths)) for row in cells]

    def html(self) -> str:
        """A <table>."""
        head = html_row([column.heading for column in self.columns], "th")
        return f"<table>{head}{''.join(map(html_row, self.rows))}</table>"


def _in_column(cell: str, column: Column, width: int) -> str:
    return " " * column.gap + padded(cell, width, column.side)


class Sides(NamedTuple):
    """Two tables of three columns beside one another, with one heading each, which ends in its arrow.

    The last column is always seen. What is read upwards, ↑, ends at the top: where it is shorter, it begins lower down.
    """

    headings: tuple[str, str]
    left: Sequence[Cells]
    right: Sequence[Cells]

    def text(self) -> str:
        """Lines of at most 100 columns: one table above the other where they have no room beside it."""
        left, right = fitted(self.left), fitted(self.right)
        width = widest([self.headings[0], *left])
        if width + 3 + widest([self.headings[1], *right]) > WIDTH:
            return "\n".join([self.headings[0], *left, "", self.headings[1], *right])
        pairs = [self.headings, *self._beside(left, right, "")]
        return "\n".join(f"{padded(a, width)} │ {b}".rstrip() for a, b in pairs)

    def html(self) -> str:
        """One <table> of both."""
        at_left = 'style="text-align:left"'
        head = html_row(self.headings, "th", f'colspan="3" {at_left}')
        body = [html_row([*a, *b], "td", at_left) for a, b in self._beside(self.left, self.right, ("", "", ""))]
        return f"<table><thead>{head}</thead><tbody>{''.join(body)}</tbody></table>"

    def latex(self) -> str:
        """One array of both."""
        left, right = (rf"\text{{{heading[:-2]}}}" for heading in self.headings)
        head = rf"{left} & & & {right} & & \\ \hline"
        pairs = self._beside(self.left, self.right, ("", "", ""))
        body = [rf"{' & '.join(map(latex, [*a, *b]))} \\" for a, b in pairs]
        return "\n".join([r"\begin{array}{lll|lll}", head, *body, r"\end{array}"])

    def _beside(self, left: Sequence[T], right: Sequence[T], empty: T) -> list[tuple[T, T]]:
        """What stands in one line, `empty` where a side is the shorter one."""
        if self.headings[1].endswith("↑"):
            return list(zip_longest(left[::-1], right[::-1], fillvalue=empty))[::-1]
        return list(zip_longest(left, right, fillvalue=empty))


def fitted(rows: Sequence[Cells]) -> list[str]:
    """Rows of three cells as lines of at most 100 columns: what is too long is cut, the last cell never."""
    widths = [widest([row[i] for row in rows]) for i in range(3)]
    room = WIDTH - widths[2] - 4
    if widths[0] + widths[1] > room:
        widths[0] = min(widths[0], max(room // 2, room - widths[1]))
        widths[1] = room - widths[0]
    return ["  ".join(map(padded, map(clipped, row, widths), widths)).rstrip() for row in rows]


def html_row(cells: Cells, tag: str = "td", attributes: str = "") -> str:
    """A <tr> of cells, which are only text, whatever is in them."""
    opening = f"<{tag} {attributes}>" if attributes else f"<{tag}>"
    return "<tr>" + "".join(f"{opening}{html.escape(cell)}</{tag}>" for cell in cells) + "</tr>"


def width_of(text: str) -> int:
    """Characters on the screen: a combining dot or bar takes none."""
    return len(text) - text.count(DOT) - text.count(BAR)


def widest(texts: Sequence[str]) -> int:
    """The width of the widest of texts; 0 of none."""
    return max(map(width_of, texts), default=0)


def padded(text: str, width: int, side: Side = "<") -> str:
    """The text with spaces up to a width on the screen, behind it or before it."""
    spaces = " " * (width - width_of(text))
    return text + spaces if side == "<" else spaces + text


def clipped(text: str, width: int) -> str:
    """As much of the text as a width takes."""
    if width_of(text) <= width:
        return text
    while width_of(text) >= width:
        text = text[:-1]
    return text + "…"


def shortened(text: str, longest: int = LONGEST) -> str:
    """As much of a text as a picture takes, in one line and visible."""
    visible = "".join(c if c.isprintable() else " " if c.isspace() else "\ufffd" for c in text).strip() or "␣"
    return visible if len(visible) <= longest else visible[: longest - 1] + "…"
