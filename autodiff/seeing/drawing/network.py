"""The classic picture of a network: circles in columns, and the weights as lines between, from the same graph."""

from collections.abc import Callable, Iterator, Sequence

from autodiff.core.floats import ZERO
from autodiff.seeing.drawing.layout.measuring import LINE, legend_size, title_width
from autodiff.seeing.drawing.layout.turning import AWAY
from autodiff.seeing.drawing.legends import SIDES, largest_of, legend_lines, level
from autodiff.seeing.drawing.neurons import Network, Neuron, network_of
from autodiff.seeing.drawing.numbers import Numbers
from autodiff.seeing.drawing.pictures import Arrow, Card, Picture, Placed, Point, Rectangle
from autodiff.seeing.listing import Listing
from autodiff.words.colours import LEVELS, shades
from autodiff.words.notation import BAR, DOT

DIGITS = 2  # of the numbers in circles
MOST, LAST = 12, 2  # rows of a column; how many of its last stay where there are more
SIZE, ROW, COLUMN = 56.0, 66.0, 165.0  # points: a circle, and from one to the next
THIN, THICK, PALE = 0.6, 4.4, 0.25  # lines of the smallest and of the largest weight; how pale the smallest is


class Circles:
    """Writes the circles, lines and words of a listing's network."""

    def __init__(self, listing: Listing, numbers: Numbers, write: Callable[[float], str]) -> None:
        self.listing, self.numbers, self.write = listing, numbers, write
        self.network = network_of(listing)
        known = numbers.shown
        self.rates = None if known is None else [known.get(node, ZERO) for node in listing.nodes]
        self.shown = [_shown(len(column)) for column in self.network.columns]
        seen = [self._rate(column[row]) for column, row in self._places()]
        self.largest = largest_of(seen)
        self.heaviest = largest_of(listing.numbers[w.slot] for w in self.network.weights if w.slot is not None)

    def picture(self, rankdir: str) -> tuple[Picture, Placed]:
        """The picture, and its places."""
        return _Page(self, rankdir).done()

    def _places(self) -> Iterator[tuple[Sequence[Neuron], int]]:
        for column, rows in zip(self.network.columns, self.shown, strict=True):
            yield from ((column, row) for row in rows if row is not None)

    def _rate(self, neuron: Neuron) -> float | None:
        return None if self.rates is None or neuron.slot is None else self.rates[neuron.slot]

    def card(self, neuron: Neuron) -> Card:
        """A circle: what the neuron gives, and the adjoint of that."""
        rate, sign = self._rate(neuron), DOT if self.numbers.adjoints is None else BAR
        rows = [self.write(neuron.number), *([] if rate is None else [f"v{sign} {self.write(rate)}"])]
        told = [f"{neuron.name} = {neuron.number!r}", *([] if rate is None else [f"v{sign} = {rate!r}"])]
        kind = "circle output" if neuron.slot in self.listing.outputs else "circle"
        return Card("", "", rows, level(rate, self.largest), kind, about="\n".join(told))

    def line(self, slot: int | None, tail: int, head: int) -> Arrow:
        """A line as thick and as full of colour as its weight is large; grey where it has none."""
        if slot is None:
            return Arrow(tail, head, heavy=THIN)
        number = self.listing.numbers[slot]
        share = level(number, self.heaviest) or 0.0
        told = [f"{self.listing.names[slot]} = {number!r}"]
        told += [f"v{BAR} = {self.rates[slot]!r}"] if self.rates and self.numbers.adjoints is not None else []
        ink = shades((PALE + (1.0 - PALE) * abs(share)) * (-1.0 if share < 0.0 else 1.0))[0]
        return Arrow(tail, head, ink=ink, heavy=THIN + (THICK - THIN) * abs(share), about="\n".join(told))

    def legend(self) -> list[tuple[str, ...]]:
        """What colours and lines mean."""
        lines = legend_lines(self.listing, self.numbers, self.largest, self.write)
        ends = self.write(-self.heaviest), self.write(self.heaviest)
        lines.append(("lines: weights, thick where large", *ends, SIDES))
        return [*lines, *[(f"the first of {self.network.examples:,} examples",)] * (self.network.examples > 1)]


def _shown(count: int) -> list[int | None]:
    """The rows that are shown, and None where those between are left out."""
    rows: list[int | None] = list(range(count))
    return rows if count <= MOST else [*rows[: MOST - LAST - 1], None, *rows[-LAST:]]


class _Page:
    """Circles and words put in their places; everything goes from left to right, and is turned in the end."""

    def __init__(self, circles: Circles, rankdir: str) -> None:
        self.circles, self.rankdir = circles, rankdir
        self.turned, self.sign = rankdir in ("TB", "BT"), -1.0 if rankdir in ("RL", "BT") else 1.0
        self.cards, self.boxes = list[Card](), list[Rectangle]()
        self.middles = dict[tuple[int, int], tuple[int, Point]]()

    def done(self) -> tuple[Picture, Placed]:
        """All of it."""
        network, shown = self.circles.network, self.circles.shown
        highest = max(map(len, shown))
        for c, (column, rows) in enumerate(zip(network.columns, shown, strict=True)):
            top = (highest - len(rows)) / 2.0
            for i, row in enumerate(rows):
                middle = c * COLUMN, (top + i) * ROW
                if row is None:
                    self._words(f"⋮ {len(column) - len(rows) + 1:,} more", *middle)
                else:
                    self.middles[c, row] = len(self.cards), middle
                    self._put(self.circles.card(column[row]), middle, SIZE, SIZE)
        self._names(network)
        arrows, lines = list[Arrow](), list[Sequence[Point]]()
        for arrow, line in sorted(self._lines(network), key=lambda pair: pair[0].heavy):
            arrows.append(arrow)
            lines.append(line)
        legend = self.circles.legend()
        picture = Picture(self.cards, arrows, legend=legend, rankdir=self.rankdir)
        return picture, self._placed(lines, legend_size(legend, len(LEVELS)))

    def _lines(self, network: Network) -> Iterator[tuple[Arrow, Sequence[Point]]]:
        for tail, head, slot in network.weights:
            if tail in self.middles and head in self.middles:
                (i, (x, y)), (j, (u, v)) = self.middles[tail], self.middles[head]
                left, right = x + SIZE / 2.0, u - SIZE / 2.0
                bend = (right - left) / 2.0
                points = [(left, y), (left + bend, y), (right - bend, v), (right, v), (right, v)]
                yield self.circles.line(slot, i, j), [self._turn(*point) for point in points]

    def _names(self, network: Network) -> None:
        """The name of a column stands above it, of a row beside it; of an input before it."""
        for i, name in enumerate(network.names):
            long = title_width(name)
            before = -SIZE / 2.0 - AWAY
            self._words(name, i * COLUMN, before - (long / 2.0 + SIZE if self.turned else LINE), bold=True)
        for row, neuron in enumerate(network.columns[0]):
            if (0, row) in self.middles:
                x, y = self.middles[0, row][1]
                self._words(neuron.name, x - SIZE / 2.0 - AWAY / 2.0 - self._long(neuron.name) / 2.0, y)

    def _long(self, text: str) -> float:
        """How far words go along the columns."""
        return LINE if self.turned else title_width(text)

    def _words(self, text: str, along: float, across: float, *, bold: bool = False) -> None:
        self._put(Card(text, kind="words bold" if bold else "words"), (along, across), title_width(text), LINE)

    def _put(self, card: Card, middle: Point, wide: float, high: float) -> None:
        x, y = self._turn(*middle)
        self.cards.append(card)
        self.boxes.append(Rectangle(x - wide / 2.0, y - high / 2.0, wide, high))

    def _turn(self, along: float, across: float) -> Point:
        along *= self.sign
        return (across, along) if self.turned else (along, across)

    def _placed(self, lines: Sequence[Sequence[Point]], legend: tuple[float, float]) -> Placed:
        left, top = min(box.left for box in self.boxes), min(box.top for box in self.boxes)
        width = max(box.left + box.width for box in self.boxes) - left
        height = max(box.top + box.height for box in self.boxes) - top
        boxes = [box._replace(left=box.left - left, top=box.top - top) for box in self.boxes]
        moved = [[(x - left, y - top) for x, y in line] for line in lines]
        wide, high = legend
        middle = wide / 2.0, height + AWAY + high / 2.0
        return Placed(max(width, wide), height + AWAY + high, boxes, {}, {}, moved, {}, middle)
