"""Haste: how little Graphviz tries to shorten arrows that reach so far that its best would take minutes."""

from collections import Counter
from collections.abc import Mapping, Sequence

from autodiff.seeing.drawing.pictures import Picture

FAR_REACHING = 1_500  # ranks that arrows cross in all, from which a layout would take minutes
HASTY = {"nslimit": "0.1", "nslimit1": "0.1", "mclimit": "0.1", "splines": "line"}  # how it takes a second there
FARTHEST = 20_000  # ranks from which that would take minutes
HASTIEST = HASTY | {"nslimit": "0.0001", "mclimit": "0.01"}  # up to ten seconds


def haste(picture: Picture) -> dict[str, str]:
    """Graphviz's attributes for a picture with far-reaching arrows; none where it is quick anyway."""
    reach = _reach(picture)
    return HASTIEST if reach > FARTHEST else HASTY if reach > FAR_REACHING else {}


def _reach(picture: Picture) -> int:
    """How many ranks the arrows cross, in all: what layouts are slow at."""
    heads: list[dict[int, None]] = [{} for _ in picture.cards]
    for arrow in picture.arrows:
        heads[arrow.tail].setdefault(arrow.head)
    ranks, first = [0] * len(heads), [len(heads)] * len(heads)
    placed = [False] * len(heads)
    for tail in _in_order(heads):
        placed[tail] = True
        for head in heads[tail]:
            if not placed[head]:  # nor does an arrow back count, of boxes that read each other
                ranks[head] = max(ranks[head], ranks[tail] + 1)
    for arrow in picture.arrows:
        first[arrow.tail] = min(first[arrow.tail], ranks[arrow.head] - 1)
    inner = {arrow.head for arrow in picture.arrows}
    places = [rank if i in inner else first[i] for i, rank in enumerate(ranks)]  # a leaf stands before its first reader
    return sum(abs(places[arrow.head] - places[arrow.tail]) for arrow in picture.arrows)


def _in_order(heads: Sequence[Mapping[int, None]]) -> list[int]:
    """Cards, each after those that point to it, as far as there are no circles."""
    waiting = Counter(head for found in heads for head in found)
    order: dict[int, None] = {}
    for start in [*(i for i in range(len(heads)) if not waiting[i]), *range(len(heads))]:
        ready = [start]
        while ready:
            card = ready.pop()
            if card not in order:
                order[card] = None
                waiting.subtract(heads[card].keys())
                ready += [head for head in heads[card] if waiting[head] <= 0]
    return list(order)
