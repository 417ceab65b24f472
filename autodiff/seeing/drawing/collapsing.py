"""Collapsing: which nodes of a graph are drawn as one box, and the graph of these boxes.

A scope that is not opened is a box, and boxes of one path of names are one. What is too many even so is cut into
stretches of the program's order, so that a graph of a million nodes is a picture of a dozen boxes.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

from autodiff.seeing.listing import Listing

FLAT = 150  # boxes that are drawn unless more are asked for
OPENED = 60  # boxes up to which scopes are opened unless more are asked for: a picture that a notebook can show
MOST = 400  # boxes that are drawn at all, and arrows: the layout takes seconds there
ARROWS = 1_000
CROWD = 60  # nodes of one scope, not counting those of scopes inside, that are drawn where all would be too many
LOOSE = 24  # nodes that no scope names, that are drawn beside boxes
STRETCHES, STRETCH = 12, 100  # boxes for more of them: how many at the most, and how long at the least

Path: TypeAlias = tuple[str, ...]
Key: TypeAlias = (
    "int | Path | frozenset[Key | str]"  # a node, or a stretch below 0; a collapsed scope; leaves by their readers
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

    def title(self, path: Path) -> str:
        """A scope, and how often it was opened: layer 1 ×100."""
        times = self.times.get(path, 1)
        return path[-1] if times == 1 else f"{path[-1]} ×{times:,}"

    @property
    def titles(self) -> dict[Path, str]:
        """What is written on the frame of an opened scope."""
        return {path: self.title(path) for path in self.times}

    def fit(self, limit: int) -> bool:
        """Whether they are a picture: of so many boxes, and of as many arrows as are drawn at all."""
        single = [box.single for box in self.boxes]
        arrows = sum(count if single[tail] and single[head] else 1 for (tail, head), count in self.edges.items())
        return len(self.boxes) <= limit and arrows <= ARROWS


def collapsed(listing: Listing, depth: int | None = None) -> Boxes:
    """The boxes of a listing.

    depth  0 collapses the outermost scopes, 1 opens these and collapses those inside, …; None opens as much as is
           still a picture
    """
    if depth is not None and (type(depth) is not int or depth < 0):
        raise ValueError(f"depth is how many scopes inside of one another are opened, 0, 1, … or None; got {depth!r}")
    scopes = _Scopes(listing)
    asked = scopes.deepest if depth is None else min(depth, scopes.deepest)
    for opened in range(asked, -1, -1):
        limit = MOST if depth is not None else OPENED if opened else FLAT
        for crowds in [{}] if depth is None or not scopes.crowds else [{}, scopes.crowds]:
            if scopes.count(opened, crowds) <= limit:
                keys = _leaves_together(listing, _loose_together(listing, scopes.keys(opened, crowds)))
                found = _boxes(listing, keys, scopes, _note(scopes, depth, opened, crowds))
                if found.fit(limit):
                    return found
    for whole in (scopes.keys(0, {}), list[Key](range(len(listing.nodes)))):
        keys = _leaves_together(listing, _in_stretches(listing, whole), STRETCHES)
        found = _boxes(listing, keys, scopes, _note_of_stretches(scopes, keys))
        if found.fit(FLAT if depth is None else MOST):
            break
    return found


def opened(listing: Listing, depth: int | None) -> Boxes:
    """The boxes of a page, whose scopes open and close: all that can be drawn are there unless fewer are asked for."""
    return collapsed(listing, deepest(listing) if depth is None else depth)


def deepest(listing: Listing) -> int:
    """How many scopes are inside of one another."""
    return max((len(scope.path) for scope in {node.scope for node in listing.nodes} if scope), default=0)


def _note(scopes: "_Scopes", depth: int | None, opened: int, crowds: Mapping[Path, None]) -> str:
    if depth is None:
        closed = f"{len(scopes.of):,} nodes, collapsed by their scopes; depth={opened + 1} opens them"
        return closed if opened < scopes.deepest else ""
    if opened < min(depth, scopes.deepest):
        return f"depth={depth} has more than {MOST} boxes, or {ARROWS:,} arrows: this is depth={opened}"
    names = [path[-1] for path in crowds if len(path) <= opened]
    if names:
        listed = ", ".join(names[:4]) + ", …" * (len(names) > 4)
        return f"depth={depth} opens what has not more than {CROWD} nodes of its own; closed is {listed}"
    return f"all is open from depth={scopes.deepest} on" if depth > scopes.deepest else ""


def _note_of_stretches(scopes: "_Scopes", keys: Sequence[Key]) -> str:
    stretches = sum(type(key) is int and key < 0 for key in set(keys))
    cut = f"cut into {stretches} stretches of the program" if stretches > 1 else "most of them in one box"
    why = "opening scopes would be too large a picture" if scopes.deepest else "ad.scope names its parts"
    return f"{len(keys):,} nodes, {cut}: {why}"


class _Scopes:
    """The scopes of a listing's nodes, and the path of names of each.

    crowds  paths of scopes that hold many nodes themselves: they stay closed where all would be too many
    """

    def __init__(self, listing: Listing) -> None:
        self.of = [node.scope for node in listing.nodes]
        self.around: dict[Any, tuple[Any, ...]] = {
            scope: scope.path if scope else () for scope in dict.fromkeys(self.of)
        }
        self.paths: dict[Any, Path] = {s: tuple([x.name for x in path]) for s, path in self.around.items()}
        self.deepest = deepest(listing)
        self.sizes: Counter[Path] = Counter()
        for scope, size in Counter(self.of[listing.inputs :]).items():
            self.sizes[self.paths[scope]] += size
        self.crowds = dict.fromkeys(path for path, size in self.sizes.items() if path and size > CROWD)

    def collapsed(self, path: Path, depth: int, crowds: Mapping[Path, None]) -> Path:
        """The outermost scope on a path that is not opened; () where all are."""
        closed = [i for i in range(1, min(len(path), depth) + 1) if path[:i] in crowds]
        return path[: min([*closed, depth + 1])] if closed or len(path) > depth else ()

    def count(self, depth: int, crowds: Mapping[Path, None]) -> int:
        """How many boxes there are at a depth, not counting leaves, which may come together."""
        boxes = {path: self.collapsed(path, depth, crowds) for path in self.sizes}
        return len(set(filter(None, boxes.values()))) + sum(self.sizes[path] for path, box in boxes.items() if not box)

    def keys(self, depth: int, crowds: Mapping[Path, None]) -> list[Key]:
        """What each slot is drawn as: a scope that is not opened, or itself."""
        boxes = {scope: self.collapsed(path, depth, crowds) for scope, path in self.paths.items()}
        return [boxes[scope] or slot for slot, scope in enumerate(self.of)]

    def times(self) -> dict[Path, int]:
        """How many scopes there are of a path of names."""
        scopes = {scope for path in self.around.values() for scope in path}
        return Counter([tuple([x.name for x in scope.path]) for scope in scopes])


def _leaves_together(listing: Listing, keys: list[Key], most: int = FLAT) -> list[Key]:
    """Leaves that the same boxes read are one; where these are too many, leaves that the same box reads first.

    Inputs are apart from parameters.
    """
    readers: list[dict[Key, None]] = [{} for _ in range(listing.inputs)]
    for key, operands in zip(keys, listing.operands, strict=True):
        for x in operands:
            if type(x) is int and x < listing.inputs:
                readers[x].setdefault(key)
    several = len({key for key in keys if isinstance(key, tuple)}) > 1
    found = [_together(keys[x], list(readers[x]), listing.is_input(x), several) for x in range(listing.inputs)]
    if len(set(found)) > most:
        found = [_together(keys[x], list(readers[x])[:1], listing.is_input(x), several) for x in range(listing.inputs)]
    return [*found, *keys[listing.inputs :]]


def _together(key: Key, readers: list[Key], is_input: bool, several: bool) -> Key:  # noqa: FBT001 (private)
    """What a leaf is drawn as: itself where only nodes read it; part of a scope, of several, that alone reads it."""
    boxes = [reader for reader in readers if not isinstance(reader, int) or reader < 0]
    if several and len(boxes) == len(readers) == 1 and isinstance(readers[0], tuple) and not is_input:
        return readers[0]
    family: list[Key | str] = [*readers, *(["x"] if is_input else [])]
    return frozenset(family) if boxes and isinstance(key, int) else key


def _loose_together(listing: Listing, keys: list[Key]) -> list[Key]:
    """Many nodes that no scope names, such as the sum over a batch, are boxes where there are boxes."""
    loose = sum(type(key) is int for key in keys[listing.inputs :])
    return _in_stretches(listing, keys) if loose > LOOSE and loose < len(keys) - listing.inputs else keys


def _in_stretches(listing: Listing, keys: list[Key]) -> list[Key]:
    """Nodes that no collapsed scope holds, by their place in the program; outputs, if they are few, stay nodes."""
    shown = set(listing.outputs) if len(listing.outputs) <= LOOSE else set[int]()
    nodes = range(listing.inputs, len(keys))
    alone = [slot for slot in nodes if type(keys[slot]) is int and slot not in shown]
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
    readers: dict[int, set[Path]] = {}
    for tail, head in between:
        readers.setdefault(tail, set()).add(boxes[head].path)
    for i, paths in readers.items():  # a parameter that one scope alone reads stands in it
        if len(paths) == 1 and boxes[i].slots[-1] < listing.inputs and not any(map(listing.is_input, boxes[i].slots)):
            boxes[i] = boxes[i]._replace(path=paths.pop())
    return Boxes(boxes, owner, between, scopes.times(), note)
