"""Pictures of graphs, as plain values: what is drawn, cards with arrows between them, and where it lies."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeAlias

Point: TypeAlias = tuple[float, float]  # x, y


class Rectangle(NamedTuple):
    """A box by its upper left corner and its size."""

    left: float
    top: float
    width: float
    height: float


class Card(NamedTuple):
    """A node of a picture.

    title, expression  `title = expression` at its top
    rows   what stands below
    level  its colour: an adjoint or a tangent as a share of the largest, −1 … 1; None where there is none
    kind   "input", "output", "box" or several of them; "circle" with its rows in the middle, "words" that stand free
    path   the names of the frames around it, outermost first
    id     of its group in an SVG
    about  what is shown to a pointer resting on it
    outline  the colour of its edge, where it is of its own
    """

    title: str
    expression: str = ""
    rows: Sequence[str] = ()
    level: float | None = None
    kind: str = ""
    path: tuple[str, ...] = ()
    id: str = ""
    about: str = ""
    outline: str = ""


class Arrow(NamedTuple):
    """An edge of a picture, between the places of two cards.

    ink    its colour, where it is of its own
    heavy  how thick a line is that has no head; 0 of an arrow
    about  what is shown to a pointer resting on it
    """

    tail: int
    head: int
    label: str = ""
    id: str = ""
    ink: str = ""
    heavy: float = 0.0
    about: str = ""


class Picture(NamedTuple):
    """Cards, arrows, and below them a legend.

    frames  what is written on the frame of a path
    legend  lines of text; one of more parts has the colours between the second and the third
    apart   inches between cards along the arrows
    ids     whether its frames have ids, f0, f1 … in the order of `paths`
    """

    cards: Sequence[Card]
    arrows: Sequence[Arrow]
    frames: Mapping[tuple[str, ...], str] = {}
    legend: Sequence[tuple[str, ...]] = ()
    rankdir: str = "LR"
    apart: float = 0.45
    ids: bool = False

    @property
    def paths(self) -> list[tuple[str, ...]]:
        """The path of each frame, after those around it."""
        paths = dict.fromkeys(card.path for card in self.cards)
        return list(dict.fromkeys(path[: i + 1] for path in paths for i in range(len(path))))


class Placed(NamedTuple):
    """Where a picture lies, in points of 1/72 inch, from its upper left corner to the right and down.

    width, height  of all
    cards   the box of each card
    frames  the box of each frame, by its path
    titles  the middle of what is written on a frame, by its path
    arrows  the line of each arrow: 3n + 1 points of a Bézier curve, then the tip of its head; empty where it is left to
            Graphviz
    labels  the middle of a label, by the place of its arrow
    legend  the middle of the legend, None where there is none
    """

    width: float
    height: float
    cards: Sequence[Rectangle]
    frames: Mapping[tuple[str, ...], Rectangle]
    titles: Mapping[tuple[str, ...], Point]
    arrows: Sequence[Sequence[Point]]
    labels: Mapping[int, Point]
    legend: Point | None
