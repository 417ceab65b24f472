"""Ink: the places of a picture as DOT's attributes, in points from the lower left corner, sizes of nodes in inches."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from autodiff.seeing.drawing.layout.measuring import RIM
from autodiff.seeing.drawing.pictures import Arrow, Card, Picture, Placed, Point, Rectangle

INCH = 72.0  # points
PAD = 0.2  # inches around all


class Positions(NamedTuple):
    """Attributes of the graph, of nodes and edges by their place in the picture, and of clusters by their path."""

    whole: Mapping[str, str]
    cards: Mapping[int, Mapping[str, str]]
    frames: Mapping[tuple[str, ...], Mapping[str, str]]
    arrows: Mapping[int, Mapping[str, str]]


NOWHERE = Positions({}, {}, {}, {})


def positions(picture: Picture, placed: Placed) -> Positions:
    """The attributes that tell Graphviz's `nop2` where everything lies."""

    def at(x: float, y: float) -> str:
        return f"{x:.2f},{placed.height - y:.2f}"

    def corners(box: Rectangle) -> str:
        """The lower left one and the upper right one."""
        return f"{at(box.left, box.top + box.height)},{at(box.left + box.width, box.top)}"

    def node(card: Card, box: Rectangle) -> dict[str, str]:
        """Its size is that of the inner outline."""
        outer = 2.0 * RIM if "box" in card.kind else 0.0
        width, height = ((size - outer) / INCH for size in (box.width, box.height))
        middle = at(box.left + box.width / 2.0, box.top + box.height / 2.0)
        return {"pos": middle, "width": f"{width:.4f}", "height": f"{height:.4f}", "fixedsize": "true"}

    def edge(arrow: Arrow, points: Sequence[Point]) -> dict[str, str]:
        """The tip of its head comes first."""
        *line, tip = [at(*point) for point in points]
        return {"pos": " ".join(line if arrow.heavy else [f"e,{tip}", *line])}

    legend = {"lp": at(*placed.legend)} if placed.legend else {}
    labels = {i: {"lp": at(*point)} for i, point in placed.labels.items()}
    return Positions(
        {"viewport": _viewport(placed), "notranslate": "true", **legend},
        dict(enumerate(map(node, picture.cards, placed.cards))),
        {path: {"bb": corners(box), "lp": at(*placed.titles[path])} for path, box in placed.frames.items()},
        {
            i: {**edge(picture.arrows[i], points), **labels.get(i, {})}
            for i, points in enumerate(placed.arrows)
            if points
        },
    )


def _viewport(placed: Placed) -> str:
    """Its size, scale and middle: left to itself, Graphviz cuts off the margin of the legend."""
    across, up = (f"{size + 2.0 * INCH * PAD:.2f}" for size in (placed.width, placed.height))
    return f"{across},{up},1,{placed.width / 2.0:.2f},{placed.height / 2.0:.2f}"
