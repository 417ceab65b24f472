"""Pictures of graphs: cards with arrows between them, as DOT and as Mermaid."""

import html
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from autodiff.core.packages import require
from autodiff.words.colours import BOX, CARD, INK, LEVELS, LINE, MUTED
from autodiff.words.typeset import LONGEST, shortened

INSTALL = "pip install 'autodiff[draw]'"
FONT = "Helvetica,Arial,sans-serif"
PORTS = {"LR": "ew", "RL": "we", "TB": "sn", "BT": "ns"}  # the sides of a card where arrows leave and arrive
FAR_REACHING = 1_500  # ranks that arrows cross in all, from which a layout would take minutes
HASTY = {"nslimit": "0.1", "nslimit1": "0.1", "mclimit": "0.1", "splines": "line"}  # how it takes a second there
FARTHEST = 20_000  # ranks from which that would take minutes
HASTIEST = HASTY | {"nslimit": "0.0001", "mclimit": "0.01"}  # up to ten seconds


class Card(NamedTuple):
    """A node of a picture.

    title, expression  `title = expression` at its top
    rows   what stands below
    level  its colour: the sign and the size of an adjoint, −4 … 4; None where there is none
    kind   "input", "output", "box" or several of them
    path   the names of the frames around it, outermost first
    id     of its group in an SVG
    about  what a pointer resting on it is told
    """

    title: str
    expression: str = ""
    rows: Sequence[str] = ()
    level: int | None = None
    kind: str = ""
    path: tuple[str, ...] = ()
    id: str = ""
    about: str = ""


class Arrow(NamedTuple):
    """An edge of a picture, between the places of two cards."""

    tail: int
    head: int
    label: str = ""
    id: str = ""


class Picture(NamedTuple):
    """Cards, arrows, and below them a legend.

    frames  what is written on the frame of a path
    legend  lines of text; one of more parts has the colours between the second and the third
    apart   inches between cards along the arrows
    """

    cards: Sequence[Card]
    arrows: Sequence[Arrow]
    frames: Mapping[tuple[str, ...], str] = {}
    legend: Sequence[tuple[str, ...]] = ()
    rankdir: str = "LR"
    apart: float = 0.45


def dot_text(picture: Picture) -> str:
    """The picture in DOT."""
    new = require("graphviz", "a drawing", INSTALL).Digraph
    graph = new("autodiff")
    boxes = any("box" in card.kind for card in picture.cards)
    graph.attr(rankdir=picture.rankdir, nodesep="0.22", ranksep=str(picture.apart))
    graph.attr(fontname=FONT, fontsize="12", fontcolor=MUTED)
    graph.attr(pad="0.2", labelloc="b", labeljust="l", **({"label": _legend(picture.legend)} if picture.legend else {}))
    reach = _reach(picture)
    if reach > FAR_REACHING:
        graph.attr(**HASTIEST if reach > FARTHEST else HASTY)
    text = {"fontname": FONT, "fontcolor": INK}
    graph.attr("node", shape="box", style="rounded,filled", color=LINE, fontsize="12", **text)
    graph.attr("node", margin="0.12,0.06", width="0", height="0")  # as wide as its text, which stands at its left
    graph.attr("edge", color=LINE, arrowsize="0.6", fontname=FONT, fontsize="10.5", fontcolor=MUTED)
    if boxes:
        graph.attr("edge", **dict(zip(("tailport", "headport"), PORTS[picture.rankdir], strict=True)))
    frames = {path: new(f"cluster_{i}") for i, path in enumerate(_frames(picture))}
    for i, card in enumerate(picture.cards):
        (frames[card.path] if card.path else graph).node(str(i), _card(card), **_look(card))
    for path in sorted(frames, key=len, reverse=True):  # the innermost first: a frame is copied into the one around it
        label = f"<<B>{_markup(picture.frames.get(path, path[-1]))}</B>>"
        frames[path].attr(label=label, labelloc="t", style="rounded", color=LINE, margin="12", **{"class": "scope"})
        (frames[path[:-1]] if path[:-1] else graph).subgraph(frames[path])
    for arrow in picture.arrows:
        label = {"label": f"<{_markup(arrow.label)}>"} if arrow.label else {}
        graph.edge(str(arrow.tail), str(arrow.head), **label, **({"id": arrow.id} if arrow.id else {}))
    return graph.source


def _reach(picture: Picture) -> int:
    """How many ranks the arrows cross, in all: what layouts are slow at."""
    heads: list[dict[int, None]] = [{} for _ in picture.cards]
    for arrow in picture.arrows:
        heads[arrow.tail].setdefault(arrow.head)
    ranks, first = [0] * len(heads), [len(heads)] * len(heads)
    placed = [False] * len(heads)
    for tail in _in_order(heads):
        placed[tail] = True
        for head in heads[tail]:
            if not placed[head]:  # nor does an arrow back count, of boxes that read each other
                ranks[head] = max(ranks[head], ranks[tail] + 1)
    for arrow in picture.arrows:
        first[arrow.tail] = min(first[arrow.tail], ranks[arrow.head] - 1)
    inner = {arrow.head for arrow in picture.arrows}
    places = [rank if i in inner else first[i] for i, rank in enumerate(ranks)]  # a leaf stands before its first reader
    return sum(abs(places[arrow.head] - places[arrow.tail]) for arrow in picture.arrows)


def _in_order(heads: Sequence[Mapping[int, None]]) -> list[int]:
    """Cards, each after those that point to it, as far as there are no circles."""
    waiting = Counter(head for found in heads for head in found)
    order: dict[int, None] = {}
    for start in [*(i for i in range(len(heads)) if not waiting[i]), *range(len(heads))]:
        ready = [start]
        while ready:
            card = ready.pop()
            if card not in order:
                order[card] = None
                waiting.subtract(heads[card].keys())
                ready += [head for head in heads[card] if waiting[head] <= 0]
    return list(order)


def _frames(picture: Picture) -> list[tuple[str, ...]]:
    """Each frame, after those around it."""
    paths = dict.fromkeys(card.path for card in picture.cards)
    return list(dict.fromkeys(path[: i + 1] for path in paths for i in range(len(path))))


def _look(card: Card) -> dict[str, str]:
    fill = LEVELS[card.level + 4] if card.level is not None else BOX if "box" in card.kind else CARD
    look = {"fillcolor": fill, "class": card.kind, "id": card.id}
    if "output" in card.kind:
        look |= {"color": INK, "penwidth": "1.8"}
    if "box" in card.kind:
        look |= {"peripheries": "2"}
    return {name: value for name, value in look.items() if value}


def _card(card: Card) -> str:
    """An HTML-like label: its header, and the rows below."""
    expression = f" = {_markup(card.expression)}" if card.expression else ""
    rows = [f"<B>{_markup(card.title)}</B>{expression}", *map(_markup, card.rows)]
    cells = "".join(f'<TR><TD ALIGN="LEFT">{row}</TD></TR>' for row in rows)
    return f'<<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="1">{cells}</TABLE>>'


def _legend(lines: Sequence[tuple[str, ...]]) -> str:
    swatches = "".join(f'<TD BGCOLOR="{color}" WIDTH="16" HEIGHT="12" FIXEDSIZE="TRUE"></TD>' for color in LEVELS)
    rows, space = "", '<TR><TD HEIGHT="10"></TD></TR>'
    for line in lines:
        first, *ends = [_markup(part, 200) for part in line]
        if ends:
            low, high, *after = ends
            cells = f'<TD ALIGN="LEFT">{first}</TD><TD>&#160;&#160;{low}&#160;</TD>{swatches}'
            cells += f'<TD>&#160;{high}</TD><TD ALIGN="LEFT">{"".join(f"&#160;&#160;{part}" for part in after)}</TD>'
        else:
            cells = f'<TD ALIGN="LEFT" COLSPAN="{len(LEVELS) + 4}">{first}</TD>'
        rows += f"<TR>{cells}</TR>"
    return f'<<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="2">{space}{rows}</TABLE>>'


def _markup(text: str, longest: int = LONGEST) -> str:
    """Text as an HTML-like label spells it: only text, whatever is in it."""
    return html.escape(shortened(text, longest)).replace("\\", "\\\\")  # Graphviz would put the node's name for \N


def mermaid_text(picture: Picture) -> str:
    """The picture as a Mermaid flowchart."""
    lines = [f"flowchart {picture.rankdir}"]
    frames = _frames(picture)
    inside: dict[tuple[str, ...], list[str]] = {path: [] for path in [(), *frames]}
    for i, card in enumerate(picture.cards):
        header = f"{shortened(card.title)} = {card.expression}" if card.expression else card.title
        rows = "<br/>".join(_entities(row) for row in [header, *card.rows])
        left, right = ("[[", "]]") if "box" in card.kind else ("(", ")")
        style = "" if card.level is None else f":::level{card.level + 4}"
        inside[card.path].append(f'n{i}{left}"{rows}"{right}{style}')
    for i, path in reversed(list(enumerate(frames))):  # the innermost first
        title = _entities(picture.frames.get(path, path[-1]))
        inside[path[:-1]] += [f'subgraph s{i}["{title}"]', *(f"  {line}" for line in inside[path]), "end"]
    lines += [f"  {line}" for line in inside[()]]
    for arrow in picture.arrows:
        label = f'|"{_entities(arrow.label)}"|' if arrow.label else ""
        lines.append(f"  n{arrow.tail} -->{label} n{arrow.head}")
    used = sorted({card.level for card in picture.cards if card.level is not None})
    lines += [f"  classDef level{i + 4} fill:{LEVELS[i + 4]},stroke:{LINE},color:{INK}" for i in used]
    return "\n".join([*lines, ""])


def _entities(text: str) -> str:
    """Text with what Mermaid or HTML would read spelled as character codes."""
    return re.sub(r"[\"#&<>`\\%{};]", lambda m: f"#{ord(m[0])};", shortened(text, 2 * LONGEST))
