"""Items: what stands in one frame, in columns: cards, frames, ports at its sides, and points that lines go through."""

from itertools import pairwise
from typing import Any, TypeAlias

from autodiff.seeing.drawing.layout.measuring import card_size, label_size
from autodiff.seeing.drawing.layout.order import Segment
from autodiff.seeing.drawing.layout.parts import Part, Path
from autodiff.seeing.drawing.layout.ranks import ranked
from autodiff.seeing.drawing.pictures import Picture

Item: TypeAlias = tuple[str, Any]  # ("card", 3), ("frame", path), ("in", tail), ("out", tail), ("point", …)
Edge: TypeAlias = tuple[Any, ...]  # (arrow,), or (tail, from, to) of arrows that go together
PAD, TITLE = 12.0, 18.0  # inside of a frame, and more where its title stands


class Sheet:
    """The sizes and the order of what is in a picture, as if it went from left to right."""

    def __init__(self, picture: Picture) -> None:
        self.picture, self.turned = picture, picture.rankdir in ("TB", "BT")
        self.sizes = [self._flat(*card_size(card)) for card in picture.cards]
        self.labels = {i: self._flat(*label_size(arrow.label)) for i, arrow in enumerate(picture.arrows) if arrow.label}
        self.keys = keys_of(picture)
        first, last = {"LR": (0.0, 0.0), "RL": (0.0, 0.0), "TB": (TITLE, 0.0), "BT": (0.0, TITLE)}[picture.rankdir]
        self.pads = (PAD + first, PAD + last, PAD + (0.0 if self.turned else TITLE), PAD)

    def _flat(self, width: float, height: float) -> tuple[float, float]:
        return (height, width) if self.turned else (width, height)


def keys_of(picture: Picture) -> list[float]:
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


class Items:
    """One frame: its cards and frames are items, its lines go between them and the ports at its sides."""

    def __init__(self, framing: Sheet, path: Path, inner: dict[Path, Part]) -> None:
        self.framing, self.path, self.inner = framing, path, inner
        self.ranks: list[int] = []
        self.back: set[Edge] = set()  # edges that lead backwards
        self.ways: dict[Edge, list[int]] = {}  # the nodes that an edge goes through, from left to right
        self.items: list[Item] = []
        self.number: dict[Item, int] = {}
        self.edges: dict[Edge, tuple[int, int]] = {}  # by what they are of
        self.of: dict[int, Edge] = {}  # the edge of each arrow
        for card, found in enumerate(framing.picture.cards):
            if found.path[: len(path)] == path:
                self._numbered(self.item(card))
        for i, arrow in enumerate(framing.picture.arrows):
            self._connect(i, arrow.tail, arrow.head)
        self.keys = [self._key(item) for item in self.items]

    def item(self, card: int) -> Item | None:
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
        start, end = self.item(tail), self.item(head)
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
        card: int = what
        return self.framing.keys[card]

    def size(self, node: int) -> tuple[float, float]:
        """The length and the breadth of a node."""
        kind, what = self.items[node]
        if kind == "card":
            card: int = what
            return self.framing.sizes[card]
        if kind == "frame":
            return self.inner[what].length, self.inner[what].breadth
        return self.framing.labels.get(what[0], (0.0, 0.0)) if kind == "point" else (0.0, 0.0)

    def rank(self) -> None:
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
        named = {self.of[i]: i for i in self.framing.labels if i in self.of}
        for key in self.edges:
            self.ways[key] = self._through(key, named.get(key))

    def _through(self, key: Edge, label: int | None) -> list[int]:
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

    def in_columns(self) -> list[list[int]]:
        """The nodes by their columns."""
        columns = [list[int]() for _ in range(max(self.ranks, default=-1) + 1)]
        for node, rank in enumerate(self.ranks):
            columns[rank].append(node)
        return columns

    def ports(self, node: int, side: str) -> dict[int, float]:
        """How high the ports of a frame stand, from its middle, by the card that the line comes from."""
        kind, what = self.items[node]
        if kind != "frame":
            return {}
        part = self.inner[what]
        if side == "out":
            return {tail: line[-1][1] - part.breadth / 2.0 for tail, line in part.out.items()}
        tails = {self.framing.picture.arrows[i].tail: line[0][1] for i, line in part.into.items()}
        return {tail: y - part.breadth / 2.0 for tail, y in tails.items()}

    def tail(self, key: Edge) -> int:
        """The card that an edge comes from."""
        first: int = key[0]
        return self.framing.picture.arrows[first].tail if len(key) == 1 else first

    def segments(self) -> list[Segment]:
        """The lines between neighbouring columns."""
        ports: dict[tuple[int, str], list[int]] = {}

        def share(node: int, side: str, tail: int) -> float:
            """Which of a frame's ports it is, 0 … 1: by its place, not by its height."""
            if (node, side) not in ports:
                heights_ = self.ports(node, side)
                ports[node, side] = sorted(heights_, key=heights_.__getitem__)
            found = ports[node, side]
            return found.index(tail) / (len(found) + 1) if tail in found else 0.0

        found = {
            (u, v, share(u, "out", self.tail(key)), share(v, "in", self.tail(key))): None
            for key, way in self.ways.items()
            for u, v in pairwise(way)
        }
        return list(found)
