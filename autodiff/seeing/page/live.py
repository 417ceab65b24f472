"""Live pictures: drawings whose numbers a script fills in, and whose boxes open and close.

A node is the group `n{slot}`, a box of several `b{i}`, of class node, with input or output: its card, then its header,
and texts for value, tangent and adjoint, of a box those of its last node. An edge is the group `e{slot}-{position}` or,
between boxes, `a{i}`, of class edge. A frame is the group `f{i}` of class scope, in the order of `Picture.paths`.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from autodiff.seeing.drawing.collapsing import OPENED, Box, Boxes, opened
from autodiff.seeing.drawing.painting import NAME, kind_of
from autodiff.seeing.drawing.pictures import Arrow, Card, Picture
from autodiff.seeing.listing import Listing
from autodiff.words.notation import BAR, DOT

APART, FLAT = 0.8, 1.1  # inches between cards: numbers go along the arrows
WIDEST = "−1.2346e−100"  # no number on a card is wider


class Live(NamedTuple):
    """A picture, and where in it the nodes and edges of a listing are.

    cards   the place of each slot's card
    ends    the slot whose numbers a card shows
    edges   the place of the arrow of each edge between cards, by its name
    note    what was collapsed that was asked for
    """

    picture: Picture
    cards: Sequence[int]
    ends: Sequence[int]
    edges: Mapping[str, int]
    note: str

    def data(self) -> dict[str, Any]:
        """What the page is told: ids by slot and by edge, where they are not a node's own, and the frames."""
        picture = self.picture
        known = [picture.cards[i].id for i in self.cards]
        return {
            "cards": {str(slot): name for slot, name in enumerate(known) if name != f"n{slot}"},
            "edges": {name: picture.arrows[i].id for name, i in self.edges.items() if picture.arrows[i].id != name},
            **frames_data(picture, self.cards, Counter(self.cards)),
        }


def frames_data(picture: Picture, cards: Sequence[int], sizes: Mapping[int, int]) -> dict[str, Any]:
    """What a page is told of frames: their names, how many nodes are in them, and in which of them these cards are.

    sizes  how many nodes each card stands for
    """
    paths, frames = picture.paths, list[dict[str, Any]]()
    for path in paths:
        count = sum(sizes[i] for i, card in enumerate(picture.cards) if card.path[: len(path)] == path)
        parent = paths.index(path[:-1]) if path[:-1] else -1
        frames.append({"parent": parent, "name": picture.frames.get(path, path[-1]), "told": f"{count:,} nodes"})
    inside = [paths.index(path) if path else -1 for path in (picture.cards[i].path for i in cards)]
    return {"inside": inside, "frames": frames, "open": _open(picture)}


def live(listing: Listing, write: Callable[[float], str], depth: int | None = None) -> Live:
    """The live picture of a listing: as deep as it can be drawn, or as deep as is asked for."""
    boxes = opened(listing, depth)
    words = listing.wording(write, NAME)
    cards = list[Card]()
    for i, box in enumerate(boxes.boxes):
        slot = box.slots[-1]
        header = " = ".join(filter(None, [words.name(slot), words.expression(slot)]))
        known = [WIDEST, f"v{DOT} {WIDEST}", f"v{BAR} {WIDEST}"]
        if box.single:
            cards.append(Card(header, "", known, kind=kind_of(listing, box), path=box.path, id=f"n{slot}"))
        else:
            rows = [_told(listing, box), *known]
            kind = f"box {kind_of(listing, box)}".strip()
            cards.append(Card(_title(boxes, box, words.name), "", rows, kind=kind, path=box.path, id=f"b{i}"))
    arrows, edges = _arrows(listing, boxes)
    picture = Picture(cards, arrows, boxes.titles, apart=FLAT if boxes.flat else APART, ids=True)
    return Live(picture, boxes.owner, [box.slots[-1] for box in boxes.boxes], edges, boxes.note)


def _arrows(listing: Listing, boxes: Boxes) -> tuple[list[Arrow], dict[str, int]]:
    """An arrow for each edge between nodes, one for all edges between two boxes; and the place of each edge's."""
    arrows, edges, between = list[Arrow](), dict[str, int](), dict[tuple[int, int], int]()
    for slot, operands in enumerate(listing.operands):
        for position, operand in enumerate(operands):
            if type(operand) is not int or (ends := (boxes.owner[operand], boxes.owner[slot])) == ends[::-1]:
                continue
            name, alone = f"e{slot}-{position}", all(boxes.boxes[end].single for end in ends)
            if alone or ends not in between:
                between[ends] = len(arrows)
                arrows.append(Arrow(*ends, id=name if alone else f"a{len(arrows)}"))
            edges[name] = between[ends]
    return arrows, edges


def _title(boxes: Boxes, box: Box, name: Callable[[int], str]) -> str:
    if box.name:
        return boxes.title((*box.path, box.name))
    return " … ".join(dict.fromkeys([name(box.slots[0]), name(box.slots[-1])]))


def _told(listing: Listing, box: Box) -> str:
    inner = sum(slot >= listing.inputs for slot in box.slots)
    leaves = len(box.slots) - inner
    return ", ".join([f"{inner:,} nodes"] * (inner > 0) + [f"{leaves:,} leaves"] * (leaves > 0))


def _open(picture: Picture) -> int:
    """The deepest frames that can all be open in one view."""
    paths = picture.paths
    for depth in range(max(map(len, paths), default=0), 0, -1):
        seen = sum(len(card.path) <= depth for card in picture.cards) + sum(len(path) == depth + 1 for path in paths)
        if seen <= OPENED:
            return depth
    return 0
