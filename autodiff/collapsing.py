"""Collapsing: which nodes of a graph are drawn as one box, and the graph of these boxes.

A scope that is not opened is a box, and boxes of one path of names are one. What is too many even so is cut into
stretches of the program's order, so that a graph of a million nodes is a picture of a dozen boxes.
"""

from collections import Counter
from typing import Any, NamedTuple, TypeAlias

from autodiff.listing import Listing

FLAT = 150  # boxes that are drawn unless more are asked for
MOST = 400  # boxes that are drawn at all: the layout takes seconds there
CROWD = 60  # nodes of one scope, not counting those of scopes inside, that are drawn where a depth is asked for
LOOSE = 24  # nodes that no scope names, that are drawn beside boxes
STRETCHES, STRETCH = 12, 100  # boxes for more of them: how many at the most, and how long at the least

Path: TypeAlias = tuple[str, ...]
Key: TypeAlias = (
    "int | Path | frozenset[Key]"  # a node, or a stretch below 0; a collapsed scope; leaves by their readers
)


class Box(NamedTuple):
    """Nodes that are drawn as one.

    slots  the nodes, in order; a box of a single node of no collapsed scope is that node itself
    path   the names of the opened scopes that it stands in
    name   the name of the scope that it is, None for nodes, for leaves and for stretches
    """

    slots: list[int]
    path: Path
    name: str | None

    @property
    def single(self) -> bool:
        """Whether it is drawn as a node."""
        return self.name is None and len(self.slots) == 1


class Boxes(NamedTuple):
    """A graph of boxes.

    boxes  in the order of their first nodes
    owner  the box of each slot
    edges  how many edges between nodes stand behind each edge between boxes
    times  how many scopes of one path of names there are
    note   what was collapsed that should not have been, or nothing
    """

    boxes: list[Box]
    owner: list[int]
    edges: dict[tuple[int, int], int]
    times: dict[Path, int]
    note: str

    @property
    def flat(self) -> bool:
        """Whether each node is drawn."""
        return all(box.single for box in self.boxes)


def collapsed(listing: Listing, depth: int | None = None) -> Boxes:
    """The boxes of a listing.

    depth  0 collapses the outermost scopes, 1 opens these and collapses those inside, …; None opens as much as is
           still a picture
    """
    if depth is not None and (type(depth) is not int or depth < 0):
        raise ValueError(f"depth is how many scopes inside of one another are opened, 0, 1, … or None; got {depth!r}")
    scopes, limit = _Scopes(listing, None if depth is None else CROWD), FLAT if depth is None else MOST
    asked = scopes.deepest if depth is None else min(depth, scopes.deepest)
    for opened in range(asked, -1, -1):
        if scopes.count(opened) <= limit:
            keys = _leaves_together(listing, _loose_together(listing, scopes.keys(opened)))
            if len(set(keys)) <= limit:
                return _boxes(listing, keys, scopes, _note(scopes, depth, opened, asked))
    keys = _leaves_together(listing, _in_stretches(listing, scopes.keys(0)), STRETCHES)
    if len(set(keys)) > limit:
        keys = _leaves_together(listing, _in_stretches(listing, list(range(len(keys)))), STRETCHES)
    stretches = sum(type(key) is int and key < 0 for key in set(keys))
    note = f"{len(keys):,} nodes, cut into {stretches} stretches of the program: ad.scope names its parts"
    return _boxes(listing, keys, scopes, note)


def _note(scopes: "_Scopes", depth: int | None, opened: int, asked: int) -> str:
    if depth is None:
        deeper = f"; depth={opened + 1} opens them" if opened < scopes.deepest else ""
        return f"{len(scopes.of):,} nodes, collapsed by their scopes{deeper}" if opened < asked else ""
    if opened < asked:
        return f"depth={depth} has more than {MOST} boxes: this is depth={opened}"
    crowds = [path[-1] for path in scopes.crowds if len(path) <= opened]
    return f"more than {CROWD} nodes, not opened: {', '.join(crowds[:4])}{', …' * (len(crowds) > 4)}" if crowds else ""


class _Scopes:
    """The scopes of a listing's nodes, and the path of names of each.

    crowds  paths of scopes that are never opened, for they hold too many nodes themselves
    """

    def __init__(self, listing: Listing, crowd: int | None) -> None:
        self.of = [node.scope for node in listing.nodes]
        self.around: dict[Any, tuple[Any, ...]] = {
            scope: scope.path if scope else () for scope in dict.fromkeys(self.of)
        }
        self.paths: dict[Any, Path] = {s: tuple([x.name for x in path]) for s, path in self.around.items()}
        self.deepest = max(map(len, self.paths.values()), default=0)
        self.sizes: Counter[Path] = Counter()
        for scope, size in Counter(self.of[listing.inputs :]).items():
            self.sizes[self.paths[scope]] += size
        crowded = [path for path, size in self.sizes.items() if crowd is not None and size > crowd]
        self.crowds = dict.fromkeys(filter(None, crowded))

    def collapsed(self, path: Path, depth: int) -> Path:
        """The outermost scope on a path that is not opened; () where all are."""
        closed = [i for i in range(1, min(len(path), depth) + 1) if path[:i] in self.crowds]
        return path[: min([*closed, depth + 1])] if closed or len(path) > depth else ()

    def count(self, depth: int) -> int:
        """How many boxes there are at a depth, not counting leaves, which may come together."""
        boxes = {path: self.collapsed(path, depth) for path in self.sizes}
        return len(set(filter(None, boxes.values()))) + sum(self.sizes[path] for path, box in boxes.items() if not box)

    def keys(self, depth: int) -> list[Key]:
        """What each slot is drawn as: a scope that is not opened, or itself."""
        boxes = {scope: self.collapsed(path, depth) for scope, path in self.paths.items()}
        return [boxes[scope] or slot for slot, scope in enumerate(self.of)]

    def times(self) -> dict[Path, int]:
        """How many scopes there are of a path of names."""
        scopes = {scope for path in self.around.values() for scope in path}
        return Counter([tuple([x.name for x in scope.path]) for scope in scopes])


def _leaves_together(listing: Listing, keys: list[Key], most: int = FLAT) -> list[Key]:
    """Leaves that the same boxes read are one; where these are too many, leaves that the same box reads first."""
    readers: list[dict[Key, None]] = [{} for _ in range(listing.inputs)]
    for key, operands in zip(keys, listing.operands, strict=True):
        for x in operands:
            if type(x) is int and x < listing.inputs:
                readers[x].setdefault(key)
    found = [_together(keys[x], list(readers[x])) for x in range(listing.inputs)]
    if len(set(found)) > most:
        found = [_together(keys[x], list(readers[x])[:1]) for x in range(listing.inputs)]
    return [*found, *keys[listing.inputs :]]


def _together(key: Key, readers: list[Key]) -> Key:
    """What a leaf is drawn as: itself where only nodes read it."""
    boxes = [reader for reader in readers if not isinstance(reader, int) or reader < 0]
    return frozenset(readers) if boxes and isinstance(key, int) else key


def _loose_together(listing: Listing, keys: list[Key]) -> list[Key]:
    """Many nodes that no scope names, such as the sum over a batch, are boxes where there are boxes."""
    loose = sum(type(key) is int for key in keys[listing.inputs :])
    return _in_stretches(listing, keys) if loose > LOOSE and loose < len(keys) - listing.inputs else keys


def _in_stretches(listing: Listing, keys: list[Key]) -> list[Key]:
    """Nodes that no collapsed scope holds, by their place in the program."""
    alone = [slot for slot, key in enumerate(keys) if type(key) is int and slot >= listing.inputs]
    pieces = min(STRETCHES, len(alone) // STRETCH) or 1
    cut = keys.copy()
    for i, slot in enumerate(alone):
        cut[slot] = i * pieces // len(alone) - pieces
    return cut


def _boxes(listing: Listing, keys: list[Key], scopes: _Scopes, note: str) -> Boxes:
    numbers = {key: i for i, key in enumerate(dict.fromkeys(keys))}
    owner = [numbers[key] for key in keys]
    boxes = [Box([], key[:-1], key[-1]) if type(key) is tuple else Box([], (), None) for key in numbers]
    for slot, i in enumerate(owner):
        boxes[i].slots.append(slot)
    for i, box in enumerate(boxes):
        if box.single:
            boxes[i] = box._replace(path=scopes.paths[scopes.of[box.slots[0]]])
    edges = Counter(
        (owner[x], i) for i, operands in zip(owner, listing.operands, strict=True) for x in operands if type(x) is int
    )
    between = {ends: count for ends, count in edges.items() if ends[0] != ends[1]}
    return Boxes(boxes, owner, between, scopes.times(), note)
