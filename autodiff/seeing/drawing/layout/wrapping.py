"""Wrapping: a long chain set as lines of text, so that it fits a page; what crosses a cut goes through the gutter."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise
from math import ceil

from autodiff.seeing.drawing.layout.parts import Part
from autodiff.seeing.drawing.pictures import Point

LONGEST = 960.0  # points that a line may be long
TOO_LONG = 1.5 * LONGEST  # that a picture may be before it is cut
SLENDER = 3.0  # how many times as long as broad a picture is before it is cut
CROSSING = 2  # arrows that may cross a cut
EVEN = 1.08  # times an even share that a line may be long
GUTTER, STEP, INDENT = 20.0, 8.0, 18.0  # between two lines, and between arrows there; room for the arrows' turns


def wrapped(part: Part, columns: Sequence[tuple[float, float]]) -> Part:
    """The part, cut between columns where it is too long; as it was where no cut is crossed by few lines only."""
    cuts = _cuts(part, columns) if part.length > max(TOO_LONG, SLENDER * part.breadth) else []
    return _Lines(part, cuts).part() if cuts else part


def _cuts(part: Part, columns: Sequence[tuple[float, float]]) -> list[float]:
    """Where lines end: all about as long, and none longer than it may be."""
    if any(v < u for line in part.done.values() for (u, _), (v, _) in pairwise(line)):
        return []  # a line that leads back
    between = [(left + length + start) / 2.0 for (left, length), (start, _) in pairwise(columns)]
    starts = [(line[0], line[-1][0]) for line in part.done.values()]  # what starts together crosses as one
    free = [x for x in between if len({start for start, end in starts if start[0] < x < end}) <= CROSSING]
    found, begin, even = list[float](), 0.0, EVEN * part.length / ceil(part.length / LONGEST)
    for i, x in enumerate(free):
        following = free[i + 1] if i + 1 < len(free) else part.length
        if following - begin > min(even, LONGEST):
            found.append(x)
            begin = x
    longest = max(b - a for a, b in pairwise([0.0, *found, part.length]))
    return found if longest < TOO_LONG else []


class _Lines:
    """The lines that a part is cut into."""

    def __init__(self, part: Part, cuts: Sequence[float]) -> None:
        self.whole, self.cuts = part, cuts
        self.starts = [0.0, *cuts]
        count = len(self.starts)
        tops, ends, crossing = [1e9] * count, [-1e9] * count, [0] * (count + 1)
        points = [point for line in part.done.values() for point in line]
        for x, y in [*points, *part.labels.values()]:
            tops[self.at(x)] = min(tops[self.at(x)], y)
            ends[self.at(x)] = max(ends[self.at(x)], y)
        for x, y, _, breadth in [*part.frames.values(), *((*part.cards[i], 0.0, part.sizes[i]) for i in part.cards)]:
            tops[self.at(x)] = min(tops[self.at(x)], y)
            ends[self.at(x)] = max(ends[self.at(x)], y + breadth)
        for k in range(count - 1):
            crossing[k] = len(
                {line[0] for line in part.done.values() if self.at(line[0][0]) <= k < self.at(line[-1][0])}
            )
        self.shifts, self.gutters, place = list[float](), list[float](), 0.0
        for k in range(count):
            self.shifts.append(place - tops[k])
            place += ends[k] - tops[k] + GUTTER
            self.gutters.append(place)
            place += STEP * max(0, crossing[k] - 1) + GUTTER
        self.breadth = place - 2.0 * GUTTER
        lengths = [b - a for a, b in pairwise([*self.starts, part.length])]
        self.length = max(lengths) + 2.0 * INDENT

    def at(self, x: float) -> int:
        """Which line it is in."""
        return bisect_right(self.cuts, x)

    def moved(self, point: Point) -> Point:
        """A point, in its line."""
        k = self.at(point[0])
        return point[0] - self.starts[k] + INDENT, point[1] + self.shifts[k]

    def part(self) -> Part:
        """All of it."""
        taken = [dict[Point, int]() for _ in self.starts]
        return self.whole._replace(
            length=self.length,
            breadth=self.breadth,
            cards={i: self.moved(corner) for i, corner in self.whole.cards.items()},
            frames={path: (*self.moved((x, y)), *size) for path, (x, y, *size) in self.whole.frames.items()},
            labels={i: self.moved(point) for i, point in self.whole.labels.items()},
            done={i: self._line(line, taken) for i, line in self.whole.done.items()},
        )

    def _line(self, line: Sequence[Point], taken: list[dict[Point, int]]) -> list[Point]:
        """An arrow, by way of the gutters between the lines that it joins."""
        found = [self.moved(line[0])]
        for (u, y), (v, z) in pairwise(line):
            for k in range(self.at(u), self.at(v)):
                gutter = self.gutters[k] + STEP * taken[k].setdefault(line[0], len(taken[k]))
                right, left = self.length - INDENT, INDENT
                below = (z if k + 1 == self.at(v) else y) + self.shifts[k + 1]
                found += [(right, found[-1][1]), (right, gutter), (left, gutter), (left, below)]
            found.append(self.moved((v, z)))
        return found
