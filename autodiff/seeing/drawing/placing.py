"""Placing: where a picture lies. Graphviz's `dot` finds it; whatever else may, ink asks for no more than `Placed`."""

import json
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from autodiff.seeing.drawing.dot import dot_text
from autodiff.seeing.drawing.pictures import Picture, Placed, Point, Rectangle
from autodiff.seeing.drawing.positions import INCH
from autodiff.seeing.drawing.rendering import rendered


def placed(picture: Picture) -> Placed:
    """The places of a picture's cards, frames, arrows and texts."""
    found = json.loads(rendered(dot_text(picture), "json0"))
    _, _, width, height = _numbers(found["bb"])
    named = {thing["name"]: thing for thing in found.get("objects", ())}

    def point(text: str) -> Point:
        x, y = _numbers(text)
        return x, height - y

    def card(node: Any) -> Rectangle:
        (x, y), wide, high = point(node["pos"]), INCH * float(node["width"]), INCH * float(node["height"])
        return Rectangle(x - wide / 2.0, y - high / 2.0, wide, high)

    def frame(cluster: Any) -> Rectangle:
        left, bottom, right, top = _numbers(cluster["bb"])
        return Rectangle(left, height - top, right - left, top - bottom)

    def line(edge: Any) -> list[Point]:
        """DOT has the tip first, behind an e."""
        tip, *points = edge["pos"].removeprefix("e,").split()
        return [*map(point, points), point(tip)]

    clusters = {path: named[f"cluster_{i}"] for i, path in enumerate(picture.paths)}
    cards = {thing["_gvid"]: thing["name"] for thing in named.values()}
    edges = _by_arrow(picture, [(cards[edge["tail"]], cards[edge["head"]], edge) for edge in found.get("edges", ())])
    return Placed(
        width,
        height,
        [card(named[str(i)]) for i in range(len(picture.cards))],
        {path: frame(cluster) for path, cluster in clusters.items()},
        {path: point(cluster["lp"]) for path, cluster in clusters.items()},
        [line(edge) if "pos" in edge else [] for edge in edges],
        {i: point(edge["lp"]) for i, edge in enumerate(edges) if "lp" in edge},
        point(found["lp"]) if picture.legend else None,
    )


def _numbers(text: str) -> list[float]:
    return list(map(float, text.split(",")))


def _by_arrow(picture: Picture, edges: Iterable[tuple[str, str, Any]]) -> list[Any]:
    """The edge of each arrow: those between the same cards come in order, the others do not."""
    between: defaultdict[tuple[str, str], list[Any]] = defaultdict(list)
    for tail, head, edge in edges:
        between[tail, head].append(edge)
    waiting = {ends: iter(found) for ends, found in between.items()}
    return [next(waiting[str(arrow.tail), str(arrow.head)]) for arrow in picture.arrows]
