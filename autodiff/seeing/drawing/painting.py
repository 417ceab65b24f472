"""Painting: a listing in boxes as a picture, a card for each box, arrows between them, and a legend."""

import linecache
import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from autodiff.core.floats import ZERO
from autodiff.seeing.drawing.collapsing import Box, Boxes
from autodiff.seeing.drawing.legends import largest_of, legend_lines, level
from autodiff.seeing.drawing.numbers import Numbers
from autodiff.seeing.drawing.pictures import Arrow, Card, Picture
from autodiff.seeing.listing import Listing
from autodiff.words.notation import BAR, DOT
from autodiff.words.typeset import shortened

OPERATIONS = 3  # that a box names, and outputs
FORMULA = 22  # characters of the formula of a partial, so that its number is seen
NAME = 16  # characters of a name inside of an expression, so that the operation is seen
COUNTED = 60  # arrows between boxes, up to which they say how many edges they stand for
NEAR, FAR = 0.45, 0.8  # inches between cards; between boxes go many arrows


class Painter:
    """Writes the cards, the arrows and the legend of a listing in boxes."""

    def __init__(self, listing: Listing, boxes: Boxes, numbers: Numbers, write: Callable[[float], str]) -> None:
        self.listing, self.boxes, self.numbers, self.write = listing, boxes, numbers, write
        self.words, self.full = listing.wording(write, NAME), listing.wording(write)
        self.rates = numbers.shown
        self.largest = largest_of(_of(self._end(box), self.rates) for box in boxes.boxes)

    def cards(self) -> list[Card]:
        """A card for each box."""
        return [self._node(box) if box.single else self._box(box) for box in self.boxes.boxes]

    def _end(self, box: Box) -> Any:
        """The node that a card is coloured by: its last, which others read."""
        return self.listing.nodes[box.slots[-1]]

    def _node(self, box: Box) -> Card:
        slot, listing, numbers = box.slots[0], self.listing, self.numbers
        node, name = listing.nodes[slot], listing.names[slot]
        tangent, adjoint = _of(node, numbers.tangents), _of(node, numbers.adjoints)
        grad = numbers.grads.get(node)  # accumulated over calls, set to 0 since, or of another graph
        known = [("", listing.numbers[slot]), (f"v{DOT} ", tangent), (f"v{BAR} ", adjoint), ("grad ", grad)]
        rows = [f"{symbol}{self.write(x)}" for symbol, x in known if x is not None]
        if grad is not None and adjoint is not None and self.write(grad) == self.write(adjoint):
            rows.pop()
        exact = [self.full.expression(slot), repr(listing.numbers[slot])]
        rates = [f"{symbol}= {x!r}" for symbol, x in known[1:3] if x is not None]
        about = "\n".join(filter(None, [" = ".join(filter(None, [name, *exact])), *rates, _line(listing, slot)]))
        kind, expression = kind_of(listing, box), self.words.expression(slot)
        return Card(name, expression, rows, self._level(box), kind, box.path, about=about)

    def _level(self, box: Box) -> float | None:
        return level(_of(self._end(box), self.rates), self.largest)

    def _box(self, box: Box) -> Card:
        """What a box stands for: how many nodes, of which operations, and the range of their numbers."""
        listing, inner = self.listing, [slot for slot in box.slots if slot >= self.listing.inputs]
        ends = _ends([listing.names[slot] for slot in box.slots])
        leaves = len(box.slots) - len(inner)
        counts = [f"{len(inner):,} nodes"] * bool(inner) + [f"{leaves:,} {'parameters' if inner else 'leaves'}"] * bool(
            leaves
        )
        rows = [", ".join(counts)] if box.name or inner else []
        title = self.boxes.title((*box.path, box.name)) if box.name else ends if inner else f"{len(box.slots):,} leaves"
        if inner:
            common = Counter(listing.nodes[slot].op.symbol for slot in inner).most_common()
            more = ["…"] * (len(common) > OPERATIONS)
            rows.append(", ".join([*(f"{count:,} {symbol}" for symbol, count in common[:OPERATIONS]), *more]))
        else:
            rows += [ends, self._range("", [listing.numbers[slot] for slot in box.slots])]
        slots = set(box.slots)
        outputs = [slot for slot in dict.fromkeys(listing.outputs) if slot in slots]
        rows += [f"{self.words.name(y)} = {self.write(listing.numbers[y])}" for y in outputs[:OPERATIONS]]
        for symbol, known in ((f"v{DOT} ", self.numbers.tangents), (f"v{BAR} ", self.numbers.adjoints)):
            if known is not None:
                rows.append(self._range(symbol, [known.get(listing.nodes[slot], ZERO) for slot in box.slots]))
        return Card(
            title, "", rows, self._level(box) if inner else None, f"box {kind_of(listing, box)}".strip(), box.path
        )

    def _range(self, symbol: str, numbers: Sequence[float]) -> str:
        """The least and the largest, and nan, which is neither, where there is one."""
        ordered = [x for x in numbers if not math.isnan(x)]
        ends = dict.fromkeys(map(self.write, (min(ordered), max(ordered)) if ordered else ()))
        return symbol + ", ".join(filter(None, [" … ".join(ends), "nan" * (len(ordered) < len(numbers))]))

    def arrows(self, *, partials: bool) -> Iterator[Arrow]:
        """An arrow for each edge between nodes, and one for all edges between two boxes."""
        boxes, owner = self.boxes.boxes, self.boxes.owner
        counted = len(self.boxes.edges) <= COUNTED
        for (tail, head), count in self.boxes.edges.items():
            if not (boxes[tail].single and boxes[head].single):
                yield Arrow(tail, head, f"{count:,}" if counted and count > 1 else "")
        for head, box in enumerate(boxes):
            for position, x in enumerate(self.listing.operands[box.slots[0]] if box.single else ()):
                if type(x) is int and boxes[owner[x]].single:
                    yield Arrow(owner[x], head, self._partial(box.slots[0], position) if partials else "")

    def _partial(self, slot: int, position: int) -> str:
        number = self.write(self.listing.partial(slot, position))
        formula = self.words.formula(slot, position)
        return " = ".join(dict.fromkeys(filter(None, [formula and shortened(formula, FORMULA), number])))

    def picture(self, *, partials: bool, rankdir: str = "LR", ids: bool = False) -> Picture:
        """All of it; the legend says what the numbers are."""
        apart = NEAR if self.boxes.flat else FAR
        arrows = list(self.arrows(partials=partials))
        return Picture(self.cards(), arrows, self.boxes.titles, self.legend(), rankdir, apart, ids)

    def legend(self) -> list[tuple[str, ...]]:
        """What the colours, v̄ and v̇ mean."""
        return legend_lines(self.listing, self.numbers, self.largest, self.write)


def _ends(names: Sequence[str]) -> str:
    """The first and the last of names, and of each letter where there are two: W¹₁,₁ … W¹₄,₃, b¹₁ … b¹₄."""
    families: dict[str, list[str]] = {}
    for name in names:
        families.setdefault(name.rstrip("₀₁₂₃₄₅₆₇₈₉,"), []).append(name)
    shown = families.values() if len(families) == 2 else [names]
    return ", ".join(" … ".join(dict.fromkeys([family[0], family[-1]])) for family in shown)


def _of(node: Any, known: Mapping[Any, float] | None) -> float | None:
    return None if known is None else known.get(node, ZERO)  # what nothing reached


def kind_of(listing: Listing, box: Box) -> str:
    """What is said of a card: input, output, or nothing."""
    inputs, outputs = box.slots[-1] < listing.inputs, not set(listing.outputs).isdisjoint(box.slots)
    return " ".join(["input"] * inputs + ["output"] * outputs)


def _line(listing: Listing, slot: int) -> str:
    """The line of source that made a node."""
    line = listing.lines.get(slot)
    return f"line {line.number}: {linecache.getline(line.code.co_filename, line.number).strip()}" if line else ""
