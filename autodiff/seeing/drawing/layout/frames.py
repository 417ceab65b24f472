"""Frames: each is laid out by itself, from inside out, then stands as a box in the frame around it.

A line that enters or leaves a frame goes through a port on its side, one for each card that it comes from.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, TypeAlias

from autodiff.seeing.drawing.layout.coordinates import Run, heights
from autodiff.seeing.drawing.layout.measuring import card_size, label_size
from autodiff.seeing.drawing.layout.order import Order
from autodiff.seeing.drawing.layout.parts import Part, Path
from autodiff.seeing.drawing.layout.ranks import ranked
from autodiff.seeing.drawing.layout.wrapping import wrapped
from autodiff.seeing.drawing.pictures import Picture, Point

Item: TypeAlias = tuple[str, Any]  # ("card", 3), ("frame", path), ("in", tail), ("out", tail), ("point", …)

APART, BESIDE, BETWEEN = 16.0, 9.0, 7.0  # between cards of a column; a card and a line; two lines
PAD, TITLE = 12.0, 18.0  # inside of a frame, and more where its title stands
PORT_GAP, PORT_FAN = 16.0, 40.0  # from a frame's side to what is in it, and where several lines leave one port
SPREAD, FAN = 12.0, 7.0  # between lines that arrive at a card, and that leave it
RAISED = 8.0  # what stands on a line, from its middle
LEVEL = {0: 1.0, 1: 0.25, 2: 8.0}  # how straight a line is to be, by how many of its ends are points on its way


class Framing:
    """The frames of a picture, laid out as if it went from left to right."""

    def __init__(self, picture: Picture) -> None:
        self.picture, self.turned = picture, picture.rankdir in ("TB", "BT")
        self.sizes = [self._flat(*card_size(card)) for card in picture.cards]
        self.labels = {i: self._flat(*label_size(arrow.label)) for i, arrow in enumerate(picture.arrows) if arrow.label}
        self.keys = _keys(picture)
        first, last = {"LR": (0.0, 0.0), "RL": (0.0, 0.0), "TB": (TITLE, 0.0), "BT": (0.0, TITLE)}[picture.rankdir]
        self.pads = (PAD + first, PAD + last, PAD + (0.0 if self.turned else TITLE), PAD)

    def _flat(self, width: float, height: float) -> tuple[float, float]:
        return (height, width) if self.turned else (width, height)

    def part(self, path: Path = ()) -> Part:
        """What is inside of a frame, those in it included."""
        inner = {frame: self.part(frame) for frame in self.picture.paths if frame[:-1] == path and frame}
        level = _Level(self, path, inner)
        part = level.part()
        return part if path or self.turned else wrapped(part, level.columns)


def _keys(picture: Picture) -> list[float]:
    """The order of cards by themselves: of creation, a leaf just before its first reader, in the order of operands."""
    operands = [list[int]() for _ in picture.cards]
    for arrow in picture.arrows:
        operands[arrow.head].append(arrow.tail)
    keys: dict[int, float] = {}
    for card in range(len(picture.cards)):
        if operands[card]:
            for x in operands[card]:
                if not operands[x]:
                    keys.setdefault(x, len(keys))
            keys.setdefault(card, len(keys))
    for card in range(len(picture.cards)):
        keys.setdefault(card, len(keys))
    return [keys[card] for card in range(len(picture.cards))]


class _Level:
    """One frame: its cards and frames are items, its lines go between them and the ports at its sides."""

    def __init__(self, framing: Framing, path: Path, inner: dict[Path, Part]) -> None:
        self.framing, self.path, self.inner = framing, path, inner
        self.items: list[Item] = []
        self.number: dict[Item, int] = {}
        self.edges: dict[tuple[Any, ...], tuple[int, int]] = {}  # by what they are of
        self.of: dict[int, tuple[Any, ...]] = {}  # the edge of each arrow
        for card, found in enumerate(framing.picture.cards):
            if found.path[: len(path)] == path:
                self._numbered(self._item(card))
        for i, arrow in enumerate(framing.picture.arrows):
            self._connect(i, arrow.tail, arrow.head)
        self.keys = [self._key(item) for item in self.items]

    def _item(self, card: int) -> Item | None:
        """The card, or the frame here that it stands in; None where it stands outside."""
        path = self.framing.picture.cards[card].path
        if path[: len(self.path)] != self.path:
            return None
        return ("card", card) if len(path) == len(self.path) else ("frame", path[: len(self.path) + 1])

    def _numbered(self, item: Item | None) -> int:
        if item is None:
            raise AssertionError
        if item not in self.number:
            self.number[item] = len(self.items)
            self.items.append(item)
        return self.number[item]

    def _connect(self, arrow: int, tail: int, head: int) -> None:
        start, end = self._item(tail), self._item(head)
        if (start is None and end is None) or (start == end and start is not None and start[0] == "frame"):
            return
        start, end = start or ("in", tail), end or ("out", tail)
        shared = end[0] != "card" or start[0] == "frame"
        key = (tail, start, end) if shared else (arrow,)
        if shared and arrow in self.framing.labels:
            key = (*key, arrow)
        self.edges[key] = self._numbered(start), self._numbered(end)
        self.of[arrow] = key

    def _key(self, item: Item) -> float:
        kind, what = item
        if kind == "frame":
            cards = self.framing.picture.cards
            inside = [key for card, key in zip(cards, self.framing.keys, strict=True) if card.path[: len(what)] == what]
            return min(inside)
        return self.framing.keys[what]

    def size(self, node: int) -> tuple[float, float]:
        """The length and the breadth of a node."""
        kind, what = self.items[node]
        if kind == "card":
            return self.framing.sizes[what]
        if kind == "frame":
            return self.inner[what].length, self.inner[what].breadth
        return self.framing.labels.get(what[0], (0.0, 0.0)) if kind == "point" else (0.0, 0.0)

    # In columns

    def part(self) -> Part:
        """All of it, laid out."""
        self._rank()
        columns = Order(self._columns(), self.keys, self._segments()).settle()
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

    def _rank(self) -> None:
        """The column of each item; ports stand at the sides, lines go through points in the columns between."""
        inside = [node for node, (kind, _) in enumerate(self.items) if kind in ("card", "frame")]
        renamed = {node: i for i, node in enumerate(inside)}
        among = {key: (u, v) for key, (u, v) in self.edges.items() if u in renamed and v in renamed}
        found, back = ranked(
            [self.keys[node] for node in inside], [(renamed[u], renamed[v]) for u, v in among.values()]
        )
        self.back = {key for i, key in enumerate(among) if i in back}
        labelled = {self.of[i] for i in self.framing.labels if i in self.of}
        step = 2 if labelled else 1
        left, right = (any(kind == side for kind, _ in self.items) for side in ("in", "out"))
        self.ranks = [0] * len(self.items)
        for node, rank in zip(inside, found, strict=True):
            self.ranks[node] = rank * step + (step if left else 0)
        end = max(self.ranks, default=0) + (step if right else 0)
        for node, (kind, _) in enumerate(self.items):
            if kind == "out":
                self.ranks[node] = end
        self.ways: dict[tuple[Any, ...], list[int]] = {}  # the nodes that an edge goes through, from left to right
        named = {self.of[i]: i for i in self.framing.labels if i in self.of}
        for key in self.edges:
            self.ways[key] = self._through(key, named.get(key))

    def _through(self, key: tuple[Any, ...], label: int | None) -> list[int]:
        """An edge's way: what leaves one node goes through the same points, as far as it goes together."""
        u, v = self.edges[key]
        start, stop = (v, u) if key in self.back else (u, v)
        way, labelled = [start], self.ranks[start] + 1 if key in self.back else self.ranks[stop] - 1
        for rank in range(self.ranks[start] + 1, self.ranks[stop]):
            own = label is not None and (rank == labelled or key in self.back)
            point: Item = ("point", (label if rank == labelled else None, start, key in self.back, rank, own and key))
            if point not in self.number:
                self.number[point] = len(self.items)
                self.items.append(point)
                self.ranks.append(rank)
                self.keys.append(self.keys[u])
            way.append(self.number[point])
        return [*way, stop]

    def _columns(self) -> list[list[int]]:
        columns = [list[int]() for _ in range(max(self.ranks, default=-1) + 1)]
        for node, rank in enumerate(self.ranks):
            columns[rank].append(node)
        return columns

    def _ports(self, node: int, side: str) -> dict[int, float]:
        """How high the ports of a frame stand, from its middle, by the card that the line comes from."""
        kind, what = self.items[node]
        if kind != "frame":
            return {}
        part = self.inner[what]
        if side == "out":
            return {tail: line[-1][1] - part.breadth / 2.0 for tail, line in part.out.items()}
        tails = {self.framing.picture.arrows[i].tail: line[0][1] for i, line in part.into.items()}
        return {tail: y - part.breadth / 2.0 for tail, y in tails.items()}

    def _tail(self, key: tuple[Any, ...]) -> int:
        return self.framing.picture.arrows[key[0]].tail if len(key) == 1 else key[0]

    def _segments(self) -> list[tuple[int, int, float, float]]:
        ports: dict[tuple[int, str], list[int]] = {}

        def share(node: int, side: str, tail: int) -> float:
            """Which of a frame's ports it is, 0 … 1: by its place, not by its height."""
            if (node, side) not in ports:
                heights_ = self._ports(node, side)
                ports[node, side] = sorted(heights_, key=heights_.__getitem__)
            found = ports[node, side]
            return found.index(tail) / (len(found) + 1) if tail in found else 0.0

        found = {
            (u, v, share(u, "out", self._tail(key)), share(v, "in", self._tail(key))): None
            for key, way in self.ways.items()
            for u, v in pairwise(way)
        }
        return list(found)

    def _spread(self) -> None:
        """Where lines leave and arrive, from the middle of a node: in the order in which they come."""
        self.leaves: dict[tuple[Any, ...], float] = {}
        self.arrives: dict[tuple[Any, ...], float] = {}
        leaving: dict[int, list[tuple[Any, ...]]] = {}
        arriving: dict[int, list[tuple[Any, ...]]] = {}
        for key, way in self.ways.items():
            leaving.setdefault(way[0], []).append(key)
            arriving.setdefault(way[-1], []).append(key)
        for found, offsets, side, next_, step in (
            (leaving, self.leaves, "out", 1, FAN),
            (arriving, self.arrives, "in", -2, SPREAD),
        ):
            for node, keys in found.items():
                ports = self._ports(node, side)
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
                    offsets.update((key, ports.get(self._tail(key), even)) for key in bundle)

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

    # In points

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

    def _way(self, key: tuple[Any, ...]) -> list[Point]:
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
