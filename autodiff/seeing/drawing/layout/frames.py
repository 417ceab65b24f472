"""Frames: each is laid out by itself, from inside out, then stands as a box in the frame around it.

A line that enters or leaves a frame goes through a port on its side, one for each card that it comes from.
"""

from collections.abc import Sequence
from itertools import pairwise

from autodiff.seeing.drawing.layout.coordinates import Run, heights
from autodiff.seeing.drawing.layout.items import Edge, Items, Sheet
from autodiff.seeing.drawing.layout.order import Order
from autodiff.seeing.drawing.layout.parts import Part, Path
from autodiff.seeing.drawing.layout.wrapping import wrapped
from autodiff.seeing.drawing.pictures import Point

APART, BESIDE, BETWEEN = 16.0, 9.0, 7.0  # between cards of a column; a card and a line; two lines
PORT_GAP, PORT_FAN = 16.0, 40.0  # from a frame's side to what is in it, and where several lines leave one port
SPREAD, FAN = 12.0, 7.0  # between lines that arrive at a card, and that leave it
RAISED = 8.0  # what stands on a line, from its middle
LEVEL = {0: 1.0, 1: 0.25, 2: 8.0}  # how straight a line is to be, by how many of its ends are points on its way


class Framing(Sheet):
    """The frames of a picture, laid out as if it went from left to right."""

    def part(self, path: Path = ()) -> Part:
        """What is inside of a frame, those in it included."""
        inner = {frame: self.part(frame) for frame in self.picture.paths if frame[:-1] == path and frame}
        level = _Level(self, path, inner)
        part = level.part()
        return part if self.picture.paths or self.turned else wrapped(part, level.columns)


class _Level(Items):
    """One frame, laid out."""

    def part(self) -> Part:
        """All of it, laid out."""
        self.rank()
        columns = Order(self.in_columns(), self.keys, self.segments()).settle()
        self.place = {node: i for column in columns for i, node in enumerate(column)}
        self._spread()
        ys = heights(columns, self._gap, self._lines(), self._runs())
        tops = {node: ys[node] - self.size(node)[1] / 2.0 for node in ys}
        first, last, above, below = self.framing.pads if self.path else (0.0, 0.0, 0.0, 0.0)
        lowest = min(tops.values(), default=0.0)
        ends = [top + self.size(node)[1] for node, top in tops.items()]
        breadth = max(ends, default=0.0) - lowest + above + below
        self.ys = {node: y - lowest + above for node, y in ys.items()}
        length = self._lengthwise(columns, first, last)
        return self._collected(length, breadth)

    def _spread(self) -> None:
        """Where lines leave and arrive, from the middle of a node: in the order in which they come."""
        self.leaves: dict[Edge, float] = {}
        self.arrives: dict[Edge, float] = {}
        leaving: dict[int, list[Edge]] = {}
        arriving: dict[int, list[Edge]] = {}
        for key, way in self.ways.items():
            leaving.setdefault(way[0], []).append(key)
            arriving.setdefault(way[-1], []).append(key)
        for found, offsets, side, next_, step in (
            (leaving, self.leaves, "out", 1, FAN),
            (arriving, self.arrives, "in", -2, SPREAD),
        ):
            for node, keys in found.items():
                ports = self.ports(node, side)
                ends = sorted({self.ways[key][next_] for key in keys}, key=self.place.__getitem__)
                bundles = [[key for key in keys if self.ways[key][next_] == end] for end in ends]
                if side == "in" or not bundles:  # arrows are told apart at their heads
                    bundles = [[key] for bundle in bundles for key in bundle]
                straight = [
                    i for i, bundle in enumerate(bundles) if self.items[self.ways[bundle[0]][next_]][0] != "point"
                ]
                middle = (
                    straight[0] if side == "in" and len(straight) == 1 < len(bundles) < 4 else (len(bundles) - 1) / 2.0
                )
                room = max(0.0, self.size(node)[1] - 12.0) / max(1, len(bundles) - 1)
                for i, bundle in enumerate(bundles):
                    even = (i - middle) * min(step, room / 2.0 if middle in straight else room)
                    offsets.update((key, ports.get(self.tail(key), even)) for key in bundle)

    def _lines(self) -> list[tuple[int, int, float, float, float]]:
        found: dict[tuple[int, int, float, float, float], None] = {}
        for key, way in self.ways.items():
            for i, (u, v) in enumerate(pairwise(way)):
                out = self.leaves[key] if i == 0 else 0.0
                into = self.arrives[key] if i == len(way) - 2 else 0.0
                points = (self.items[u][0] == "point") + (self.items[v][0] == "point")
                found[u, v, out, into, LEVEL[points]] = None
        return list(found)

    def _runs(self) -> list[Run]:
        """The points of long lines, which are to be level with one of their ends."""
        found = [
            Run(way[1:-1], [(way[0], self.leaves[key]), (way[-1], self.arrives[key])])
            for key, way in self.ways.items()
            if len(way) > 2
        ]
        longest: dict[int, Run] = {}  # of those that begin together
        for run in sorted(found, key=lambda run: len(run.points)):
            longest[run.points[0]] = run
        return list(longest.values())

    def _gap(self, upper: int, lower: int) -> float:
        thin = sum(self.items[node][0] in ("point", "in", "out") for node in (upper, lower))
        return (self.size(upper)[1] + self.size(lower)[1]) / 2.0 + (APART, BESIDE, BETWEEN)[thin]

    def _lengthwise(self, columns: Sequence[Sequence[int]], first: float, last: float) -> float:
        """Where each column begins and how long it is; the length of all."""
        lengths = [max((self.size(node)[0] for node in column), default=0.0) for column in columns]
        gap = 72.0 * self.framing.picture.apart
        gap *= 0.6 if self.framing.labels else 1.0  # of two, before and behind the labels
        x, self.columns = first, list[tuple[float, float]]()
        for column, length, after in zip(columns, lengths, [*columns[1:], []], strict=True):
            kinds, following = ({self.items[node][0] for node in found} for found in (column, after))
            if kinds == {"in"}:
                x = 0.0
            self.columns.append((x, length))
            x += length + (0.0 if "out" in kinds else last)
            if kinds == {"in"}:
                fans = sum(way[0] in column for way in self.ways.values()) > len(column)
                x += max(PORT_FAN if fans else PORT_GAP, first) - last
            elif following:
                x += (max(PORT_GAP, last) if following == {"out"} else gap) - last
        return x

    def _box(self, node: int) -> tuple[float, float, float, float]:
        """The box of a node: it stands in the middle of its column."""
        (left, longest), (length, breadth) = self.columns[self.ranks[node]], self.size(node)
        return left + (longest - length) / 2.0, self.ys[node] - breadth / 2.0, length, breadth

    def _way(self, key: Edge) -> list[Point]:
        """The points of a line in this frame, from the side of a node to the side of the other."""
        first, *points, last = self.ways[key]
        left, _, length, _ = self._box(first)
        y, side = self.ys[first] + self.leaves[key], self.columns[self.ranks[first]]
        line = [(left + length, y), (sum(side), y)]  # straight past what is longer in its column
        for node in points:
            start, longest = self.columns[self.ranks[node]]
            line += [(start, self.ys[node]), (start + longest, self.ys[node])]
        y = self.ys[last] + self.arrives[key]
        line += [(self.columns[self.ranks[last]][0], y), (self._box(last)[0], y)]
        return line[::-1] if key in self.back else line

    def _collected(self, length: float, breadth: float) -> Part:
        moved = {path: part.moved(*self._box(self.number["frame", path])[:2]) for path, part in self.inner.items()}
        found = Part(length, breadth, {}, {}, {}, {}, {}, {}, {})
        for node, (kind, what) in enumerate(self.items):
            left, top, long, broad = self._box(node)
            if kind == "card":
                found.cards[what] = left, top
                found.sizes[what] = broad
            elif kind == "frame":
                found.frames[what] = left, top, long, broad
            elif kind == "point" and what[0] is not None:
                above = 0.0 if self.framing.turned else RAISED
                found.labels[what[0]] = left + long / 2.0, top + broad / 2.0 - above
        for part in moved.values():
            for mine, theirs in ((found.cards, part.cards), (found.frames, part.frames), (found.labels, part.labels)):
                mine.update(theirs)  # type: ignore[arg-type]
            found.done.update(part.done)
            found.sizes.update(part.sizes)
        for arrow, key in self.of.items():
            (_, start), (_, end) = (self.items[node] for node in self.edges[key])
            tail = self.framing.picture.arrows[arrow].tail
            kinds = [self.items[node][0] for node in self.edges[key]]
            line = self._way(key)
            if kinds[0] == "frame":
                line = [*moved[start].out[tail], *line]
            if kinds[1] == "frame":
                line = [*line, *moved[end].into[arrow]]
            if kinds[0] == "in":
                found.into[arrow] = line
            elif kinds[1] == "out":
                found.out[tail] = line
            else:
                found.done[arrow] = line
        return found
