"""Coordinates: how high each node stands: as level with its neighbours as the order of its column lets it."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from math import inf
from typing import NamedTuple

from autodiff.seeing.drawing.layout.order import Columns

Line = tuple[int, int, float, float, float]  # from, to, where it leaves and arrives, from the middle; its weight
ROUNDS = 24
SNAP = 7.0  # points that a node is moved to stand level with its one neighbour


def settled(wanted: Sequence[float], weights: Sequence[float], gaps: Sequence[float]) -> list[float]:
    """The places nearest to those wanted, in least squares, each at least so far behind the one before it.

    By pooling adjacent violators (Barlow et al., 1972) of wanted places less the gaps before them.
    """
    offsets = [0.0]
    for gap in gaps:
        offsets.append(offsets[-1] + gap)
    pools = list[tuple[float, float, int]]()  # mean, weight, how many
    for place, weight, offset in zip(wanted, weights, offsets, strict=True):
        mean, size, count = place - offset, weight, 1
        while pools and pools[-1][0] > mean:
            other, more, several = pools.pop()
            mean, size, count = (mean * size + other * more) / (size + more), size + more, count + several
        pools.append((mean, size, count))
    means = [mean for mean, _, count in pools for _ in range(count)]
    return [mean + offset for mean, offset in zip(means, offsets, strict=True)]


class Run(NamedTuple):
    """The points of a long line, and what they are best level with: a node, and where the line is, from its middle."""

    points: Sequence[int]
    ends: Sequence[tuple[int, float]]


def heights(
    columns: Columns, gap: Callable[[int, int], float], lines: Sequence[Line], runs: Sequence[Run]
) -> dict[int, float]:
    """The middle of each node.

    gap    how far the middles of two neighbours in a column are apart at the least
    lines  what is to be level
    runs   what of these goes through several columns
    """
    gaps = [[gap(u, v) for u, v in pairwise(column)] for column in columns]
    ys: dict[int, float] = {}
    for column, apart in zip(columns, gaps, strict=True):
        ys.update(zip(column, settled([0.0] * len(column), [1.0] * len(column), apart), strict=True))
    left: dict[int, list[tuple[int, float, float]]] = {node: [] for node in ys}
    right: dict[int, list[tuple[int, float, float]]] = {node: [] for node in ys}
    for u, v, out, into, weight in lines:
        right[u].append((v, into - out, weight))
        left[v].append((u, out - into, weight))
    for i in range(ROUNDS):
        sides = (left, right) if i >= ROUNDS - 6 else (left,) if i % 2 == 0 else (right,)
        order = range(len(columns)) if i % 2 == 0 else reversed(range(len(columns)))
        for c in order:
            _pull(columns[c], gaps[c], sides, ys)
    _snap(columns, gaps, left, right, ys)
    _level(columns, gaps, runs, ys)
    return ys


def _level(columns: Columns, gaps: Sequence[Sequence[float]], runs: Sequence[Run], ys: dict[int, float]) -> None:
    """Each long line in one height, that of one of its ends, where there is room in all the columns."""
    at = {node: (c, i) for c, column in enumerate(columns) for i, node in enumerate(column)}

    def room(node: int) -> tuple[float, float]:
        c, i = at[node]
        column = columns[c]
        above = ys[column[i - 1]] + gaps[c][i - 1] if i else -inf
        return above, ys[column[i + 1]] - gaps[c][i] if i + 1 < len(column) else inf

    for points, ends in runs:
        rooms = [room(node) for node in points]
        highest, lowest = max(above for above, _ in rooms), min(below for _, below in rooms)
        now = sum(ys[node] for node in points) / len(points)
        wanted = sorted((ys[node] + offset for node, offset in ends), key=lambda y: abs(y - now))
        place = next((y for y in wanted if highest <= y <= lowest), min(max(wanted[0], highest), lowest))
        if highest <= place <= lowest:
            ys.update(dict.fromkeys(points, place))


def _pull(
    column: Sequence[int],
    gaps: Sequence[float],
    sides: Sequence[dict[int, list[tuple[int, float, float]]]],
    ys: dict[int, float],
) -> None:
    wanted, weights = list[float](), list[float]()
    for node in column:
        near = [line for side in sides for line in side[node]]
        size = sum(weight for _, _, weight in near)
        wanted.append(sum((ys[x] + offset) * weight for x, offset, weight in near) / size if near else ys[node])
        weights.append(size or 0.01)
    ys.update(zip(column, settled(wanted, weights, gaps), strict=True))


def _snap(
    columns: Columns,
    gaps: Sequence[Sequence[float]],
    left: dict[int, list[tuple[int, float, float]]],
    right: dict[int, list[tuple[int, float, float]]],
    ys: dict[int, float],
) -> None:
    """Nodes that are nearly level with their neighbour are, where the column has room; all links of a chain."""
    for sides, others, order in (
        (left, right, list(range(len(columns)))),
        (right, left, list(reversed(range(len(columns))))),
    ):
        for c in order:
            column = columns[c]
            for i, node in enumerate(column):
                heaviest = max((weight for _, _, weight in sides[node]), default=0.0)
                near = [(ys[x] + offset, x) for x, offset, weight in sides[node] if weight == heaviest]
                if not near:
                    continue
                place, other = min(near, key=lambda found, node=node: abs(found[0] - ys[node]))
                chain = sides is left and len(near) == 1 and _links(others[other]) == 1
                above = ys[column[i - 1]] + gaps[c][i - 1] if i else -inf
                below = ys[column[i + 1]] - gaps[c][i] if i + 1 < len(column) else inf
                if (chain or abs(place - ys[node]) <= SNAP) and above <= place <= below:
                    ys[node] = place


def _links(lines: Sequence[tuple[int, float, float]]) -> int:
    """How many lines go straight to a neighbouring column's node."""
    return sum(weight == 1.0 for _, _, weight in lines)
