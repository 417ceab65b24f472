"""Drawings of computation graphs, from one neuron to a whole network.

ad.draw(loss)                         # in a notebook, the picture
ad.draw(f, 2.0, 5.0, partials=True)
ad.draw(loss, depth=1).save("loss.svg")
"""

from collections import deque
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, TypeAlias, get_args

from autodiff.core import reverse
from autodiff.core.value import Value
from autodiff.seeing.drawing.collapsing import collapsed
from autodiff.seeing.drawing.dot import dot_text
from autodiff.seeing.drawing.mermaid import mermaid_text
from autodiff.seeing.drawing.painting import FAR, NEAR, Numbers, Painter
from autodiff.seeing.drawing.pictures import Picture, Placed
from autodiff.seeing.drawing.placing import placed
from autodiff.seeing.drawing.rendering import rendered
from autodiff.seeing.drawing.svg import svg_element, themed
from autodiff.seeing.listing import Listing
from autodiff.seeing.stepping import DIGITS, Teller, seeded

Direction: TypeAlias = Literal["LR", "TB", "RL", "BT"]
SUFFIXES = (".svg", ".png", ".pdf", ".dot", ".mmd")


class Drawing:
    """A picture of a graph as it was when it was drawn. A notebook shows it; `save` puts it in a file."""

    def __init__(self, picture: Picture, title: str) -> None:
        self.picture, self.title = picture, title

    @cached_property
    def placed(self) -> Placed:
        """Where its cards and arrows lie."""
        return placed(self.picture)

    @property
    def dot(self) -> str:
        """Graphviz's language."""
        return dot_text(self.picture)

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
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    def _repr_svg_(self) -> str:
        return self.svg

    def __repr__(self) -> str:
        count = len(self.picture.cards)
        cards = f"{count} card{'s' * (count != 1)}"
        return f"<drawing of {self.title}, {cards}: a notebook shows it, .save('f.svg') keeps it>"


def draw(
    target: Any,
    *args: Any,
    depth: int | None = None,
    adjoints: Sequence[float] | bool | None = None,
    tangents: Sequence[float] | Mapping[Value, float] | None = None,
    partials: bool = False,
    digits: int = DIGITS,
    rankdir: Direction = "LR",
) -> Drawing:
    """The graph of `ad.draw(output)`, of outputs in any structure, or of a function, `ad.draw(f, *args)`.

    depth     scopes inside of one another that are opened: 0 none, 1 the outermost, …; None as many as are a picture
    adjoints  ȳ for each output. By default, of a function 1 for the first; of Values what `backward` began with, and
              none before it has run. False leaves adjoints out
    tangents  ẋ for each input, or by leaf; arguments that are Duals give theirs
    partials  whether edges carry ∂node/∂operand
    digits    decimals
    rankdir   where the graph goes: LR from left to right, TB down, RL, BT
    """
    if rankdir not in get_args(Direction):
        raise ValueError(f"rankdir is one of {', '.join(get_args(Direction))}; got {rankdir!r}")
    given = None if adjoints is None or isinstance(adjoints, bool) else adjoints
    listing, rates, seeds = seeded(target, args, "draw", tangents, given)
    teller, boxes = Teller(listing, digits), collapsed(listing, depth)
    automatic = adjoints is None and not callable(target)
    back = _swept(listing) if automatic else None if adjoints is False else _by_output(listing, seeds)
    ahead = None if tangents is None and listing.tangents is None else rates
    leaves = [] if adjoints is False else listing.nodes[: listing.inputs]
    grads = {leaf: leaf.grad for leaf in leaves if leaf.grad or (automatic and back)}
    painter = Painter(listing, boxes, _numbers(listing, teller, ahead, back, grads), teller.number)
    arrows = list(painter.arrows(partials=partials))
    slopes = {boxes.boxes[arrow.tail].single and boxes.boxes[arrow.head].single for arrow in arrows if arrow.label}
    notes = {
        "no adjoints: backward() has not been run from here": automatic and back is None,
        "on arrows between nodes: the partial ∂node/∂operand": True in slopes,
        "on arrows of boxes: how many edges they stand for": False in slopes,
        boxes.note: boxes.note,
    }
    legend = [*painter.legend(), *[(note,) for note, holds in notes.items() if holds]]
    apart = NEAR if boxes.flat else FAR
    outputs = [listing.names[slot] for slot in listing.outputs]
    title = listing.title if callable(target) else ", ".join([*outputs[:3], *["…"] * (len(outputs) > 3)])
    return Drawing(Picture(painter.cards(), arrows, painter.frames(), legend, rankdir, apart), title)


def _swept(listing: Listing) -> dict[Any, float] | None:
    """What `backward` began with, by output; None where it has not run."""
    read = {operand for node in listing.order for operand in node.operands if type(operand) is not float}
    outputs = [listing.nodes[slot] for slot in listing.outputs if slot >= listing.inputs]
    return {output: output.grad for output in outputs if output not in read and output.grad} or None


def _by_output(listing: Listing, seeds: Sequence[float]) -> dict[Any, float]:
    begun: dict[Any, float] = {}
    for slot, rate in zip(listing.outputs, seeds, strict=True):
        if rate:  # an output that comes twice begins with both
            begun[listing.nodes[slot]] = begun.get(listing.nodes[slot], 0.0) + rate
    return begun


def _numbers(
    listing: Listing,
    teller: Teller,
    ahead: Sequence[float] | None,
    back: Mapping[Any, float] | None,
    grads: Mapping[Any, float],
) -> Numbers:
    """Both sweeps, on numbers of their own: what nodes hold may be of another sweep, or of several."""
    tangents = None if ahead is None else {step.node: step.after for step in teller.forward(ahead)}
    adjoints = None if back is None else dict(back)
    if adjoints is not None:
        deque(reverse.steps(None, adjoints, order=listing.order), maxlen=0)
    return Numbers(ahead, tangents, back, adjoints, grads)
