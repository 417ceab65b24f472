"""Turning: what was laid out from left to right in the direction of the picture, with lines bent and heads on them."""

from collections.abc import Callable, Sequence
from itertools import pairwise

from autodiff.seeing.drawing.layout.frames import Framing
from autodiff.seeing.drawing.layout.items import PAD, TITLE
from autodiff.seeing.drawing.layout.measuring import card_size, legend_size, title_width
from autodiff.seeing.drawing.pictures import Picture, Placed, Point, Rectangle
from autodiff.words.colours import LEVELS

HEAD = 6.0  # points that an arrowhead is long
TURN = 16.0  # how far a line turns out at the end of a line of text
AWAY = 14.0  # between the picture and its legend


def placed(picture: Picture) -> Placed:
    """The places of a picture's cards, frames, arrows and texts."""
    part = Framing(picture).part()
    turned = picture.rankdir in ("TB", "BT")
    mirrored = picture.rankdir in ("RL", "BT")

    def turn(point: Point) -> Point:
        along, across = point
        along = part.length - along if mirrored else along
        return (across, along) if turned else (along, across)

    def box(along: float, across: float, length: float, breadth: float) -> Rectangle:
        along = part.length - along - length if mirrored else along
        return Rectangle(across, along, breadth, length) if turned else Rectangle(along, across, length, breadth)

    sizes = [card_size(card) for card in picture.cards]
    flat = [(height, width) if turned else (width, height) for width, height in sizes]
    cards = [box(*part.cards[i], *flat[i]) for i in range(len(picture.cards))]
    frames = {path: box(*part.frames[path]) for path in picture.paths}
    titles = {
        path: (left + PAD + title_width(picture.frames.get(path, path[-1])) / 2.0, top + TITLE / 2.0 + 3.0)
        for path, (left, top, _, _) in frames.items()
    }
    width, height = (part.breadth, part.length) if turned else (part.length, part.breadth)
    wide, high = legend_size(picture.legend, len(LEVELS))
    legend = (wide / 2.0, height + AWAY + high / 2.0) if picture.legend else None
    widest = [
        left + 2.0 * PAD + 2.0 * (x - left - PAD)
        for (x, _), (left, *_) in zip(titles.values(), frames.values(), strict=True)
    ]
    return Placed(
        max([width, wide, *widest]),
        height + (AWAY + high if legend else 0.0),
        cards,
        frames,
        titles,
        [_bent(part.done[i], turn) if i in part.done else [] for i in range(len(picture.arrows))],
        {i: turn(point) for i, point in part.labels.items()},
        legend,
    )


def _bent(line: Sequence[Point], turn: Callable[[Point], Point]) -> list[Point]:
    """Points of a Bézier curve that leaves and arrives straight, then the tip of its head."""
    line = _plain(line)
    (before, _), (tip, there) = line[-2:]
    short = [*line[:-1], (tip - HEAD if tip >= before else tip + HEAD, there)]
    points = [short[0]]
    for (x, y), (u, v) in pairwise(short):
        if (x, y) != (u, v):
            bend = (u - x) / 2.0 if y != v else (u - x) / 3.0
            if x == u:  # a turn, out to where the line comes from
                out = TURN if len(points) == 1 or points[-1][0] >= points[-2][0] else -TURN
                points += [(x + out, y), (x + out, v), (u, v)]
                continue
            points += [(x + bend, y), (u - bend, v), (u, v)]
    return list(map(turn, [*points, (tip, there)]))


def _plain(line: Sequence[Point]) -> list[Point]:
    """Without points that stand twice, or level between two others."""
    found = list[Point]()
    for point in line:
        if found and abs(point[0] - found[-1][0]) < 1e-6 and abs(point[1] - found[-1][1]) < 1e-6:
            continue
        if len(found) > 1 and found[-2][1] == found[-1][1] == point[1]:
            found.pop()
        found.append(point)
    return found
