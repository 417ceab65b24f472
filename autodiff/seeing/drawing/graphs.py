"""Drawings of computation graphs, from one neuron to a whole network.

ad.draw(loss)                         # in a notebook, the picture
ad.draw(f, 2.0, 5.0, partials=True)
ad.draw(loss, depth=1).save("loss.svg")
"""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, TypeAlias, get_args

from autodiff.core.files import write
from autodiff.seeing.drawing.collapsing import Boxes, collapsed
from autodiff.seeing.drawing.dot import dot_text
from autodiff.seeing.drawing.layout.turning import placed
from autodiff.seeing.drawing.mermaid import mermaid_text
from autodiff.seeing.drawing.network import DIGITS as CIRCLE_DIGITS
from autodiff.seeing.drawing.network import Circles
from autodiff.seeing.drawing.numbers import numbers_of
from autodiff.seeing.drawing.painting import Painter
from autodiff.seeing.drawing.pictures import Arrow, Picture, Placed
from autodiff.seeing.drawing.rendering import rendered
from autodiff.seeing.drawing.svg import size_of, svg_element, themed
from autodiff.seeing.listing import listed
from autodiff.seeing.notebooks import follower, framed
from autodiff.seeing.rasters import can_draw, pngs
from autodiff.seeing.seeds import Tangents
from autodiff.words.colours import STEPPER
from autodiff.words.notation import DIGITS, writer

Direction: TypeAlias = Literal["LR", "TB", "RL", "BT"]
Shape: TypeAlias = Literal["graph", "network"]
SUFFIXES = (".svg", ".png", ".pdf", ".dot", ".mmd")


class Drawing:
    """A picture of a graph as it was when it was drawn. A notebook shows it; `save` puts it in a file."""

    def __init__(self, title: str, picture: Picture, places: Placed | None = None) -> None:
        self.picture, self.title, self._places = picture, title, places

    @cached_property
    def placed(self) -> Placed:
        """Where its cards and arrows lie."""
        return self._places or placed(self.picture)

    @property
    def dot(self) -> str:
        """Graphviz's language; of a network with its places, that `neato -n2` keeps."""
        return dot_text(self.picture, self._places)

    @property
    def mermaid(self) -> str:
        """Mermaid's language, which Markdown is written with."""
        return mermaid_text(self.picture)

    @cached_property
    def svg(self) -> str:
        """An <svg> element, light or dark as the page is."""
        return themed(svg_element(self.picture, self.placed), f"graph of {self.title}")

    def save(self, path: str | Path) -> Path:
        """A file of the kind that its suffix says: .svg, .png, .pdf, .dot or .mmd; its folder is made where needed."""
        path = Path(path)
        suffix = path.suffix.lower()
        if suffix not in SUFFIXES:
            raise ValueError(f"a drawing is saved as {', '.join(SUFFIXES)}; got {str(path)!r}")
        texts = {".svg": lambda: self.svg, ".dot": lambda: self.dot, ".mmd": lambda: self.mermaid}
        text = texts.get(suffix)
        content = text().encode() if text else rendered(dot_text(self.picture, self.placed), suffix[1:], "nop2")
        return write(path, content)

    def _repr_html_(self) -> str:  # a frame, in which what a pointer rests on is told: an image is mute
        document = f"<!doctype html><style>body {{ margin: 0 }}</style>{self.svg}"
        document += f"<script>{follower()}followNotebook();</script>"
        return framed(f"graph of {self.title}", document, self.svg, height=size_of(self.placed)[1] + 8.0)

    def _repr_svg_(self) -> str:
        return self.svg

    def _repr_png_(self) -> bytes | None:
        return next(pngs([self.svg])) if can_draw() else None

    def __repr__(self) -> str:
        count = len(self.picture.cards)
        cards = f"{count} card{'s' * (count != 1)}"
        return f"<drawing of {self.title}, {cards}: a notebook shows it, .save('f.svg') keeps it>"


def draw(
    target: Any,
    *args: Any,
    depth: int | None = None,
    adjoints: Sequence[float] | bool | None = None,
    tangents: Tangents | None = None,
    partials: bool = False,
    digits: int | None = None,
    rankdir: Direction = "LR",
    shape: Shape = "graph",
) -> Drawing:
    """The graph of `ad.draw(output)`, of outputs in any structure, or of a function, `ad.draw(f, *args)`.

    depth     scopes inside of one another that are opened: 0 none, 1 the outermost, …; None as many as are a picture
    adjoints  ȳ for each output. By default, of a function 1 for the first; of Values what `backward` began with, and
              none before it has run. False leaves adjoints out
    tangents  ẋ for each input, or by leaf; arguments that are Duals give theirs
    partials  whether edges carry ∂node/∂operand
    digits    decimals, of numbers below 1 significant digits; by default 4, in circles 2
    rankdir   where the graph goes: LR from left to right, TB down, RL, BT
    shape     graph, a card for each node; network, the classic picture: a circle for each neuron, with its activation
              and its adjoint, and a line for each weight. A neuron is a scope in its layer's, as nn's models open them
    """
    if rankdir not in get_args(Direction):
        raise ValueError(f"rankdir is one of {', '.join(get_args(Direction))}; got {rankdir!r}")
    if shape not in get_args(Shape):
        raise ValueError(f"shape is one of {', '.join(get_args(Shape))}; got {shape!r}")
    if shape == "network" and (depth is not None or partials):
        raise ValueError("depth and partials are of shape='graph': circles are neurons, and lines their weights")
    number = writer((CIRCLE_DIGITS if shape == "network" else DIGITS) if digits is None else digits)
    listing, swept = listed(target, args, "draw"), adjoints is None and not callable(target)
    numbers = numbers_of(listing, tangents=tangents, adjoints=adjoints, swept=swept)
    if shape == "network":
        return Drawing(listing.heading, *Circles(listing, numbers, number).picture(rankdir))
    boxes = collapsed(listing, depth)
    painter = Painter(listing, boxes, numbers, number)
    picture = painter.picture(partials=partials, rankdir=rankdir)
    notes, cards = [(note,) for note in _notes(boxes, picture.arrows)], list(picture.cards)
    found = listing.beside(target)
    if found:
        notes.append((f"{found.name} finds the same" if found.slot is None else f"{found.name} finds another, lit",))
        if found.slot is not None:
            cards[boxes.owner[found.slot]] = cards[boxes.owner[found.slot]]._replace(outline=STEPPER["wrong"][0])
    return Drawing(listing.heading, picture._replace(cards=cards, legend=[*picture.legend, *notes]))


def _notes(boxes: Boxes, arrows: Sequence[Arrow]) -> list[str]:
    """What else a reader should know."""
    labelled = {boxes.boxes[arrow.tail].single and boxes.boxes[arrow.head].single for arrow in arrows if arrow.label}
    notes = {
        "on arrows between nodes: the partial ∂node/∂operand": True in labelled,
        "on arrows of boxes: how many edges they stand for": False in labelled,
        boxes.note: boxes.note,
    }
    return [note for note, holds in notes.items() if holds]
