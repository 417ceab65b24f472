"""What stands on a worksheet, whatever it is written in: task, graph, steps, table, and what comes out."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from autodiff.seeing.drawing.collapsing import deepest
from autodiff.seeing.drawing.layout.turning import placed
from autodiff.seeing.drawing.pictures import Picture, Placed
from autodiff.seeing.page.live import live
from autodiff.seeing.seeds import Seeds
from autodiff.seeing.stepping import SWEEPS, Step, Sweep, Teller
from autodiff.seeing.worksheets.lines import Line, Piece, line_of, words
from autodiff.words.notation import BAR, DOT, accented

HEADINGS: dict[Sweep, str] = {
    "evaluate": "Evaluation",
    "forward": "The forward sweep",
    "reverse": "The reverse sweep",
}
COLUMNS: dict[Sweep, str] = {"evaluate": "value", "forward": f"v{DOT}", "reverse": f"v{BAR}"}
WANTED: dict[Sweep, str] = {
    "evaluate": "its value v",
    "forward": f"its tangent v{DOT} (the derivative of v along the seed)",
    "reverse": f"its adjoint v{BAR} (the derivative of the output by v)",
}
SUM = "The partial ∂v/∂u is the derivative of a node v by its operand u alone; += adds to what is there, at first 0."
PAPER = (470.0, 620.0)  # points of a page that a drawing may take
READABLE, SMALLEST = 0.75, 0.4  # of its size: what is kept from left to right; what has its scopes open
APART = 0.45  # inches between cards


class Sheet:
    """The contents, blanks and answers both.

    title     the function, or what it is a graph of
    point     its inputs with their numbers
    sections  for each sweep a heading and its lines
    columns   of the table, behind the names of the nodes
    rows      the name of each node, and a piece for each column
    results   what the sweeps come to, a line each
    """

    def __init__(self, teller: Teller, seeds: Seeds, sweeps: Mapping[Sweep, Sequence[Step]]) -> None:
        self.teller, self.seeds, self.sweeps = teller, seeds, sweeps
        listing = teller.listing
        self.title, names = listing.heading, listing.names
        self.point = [f"{names[slot]} = {teller.number(listing.numbers[slot])}" for slot in range(listing.inputs)]
        self.sections = [(HEADINGS[sweep], [line_of(teller, step) for step in sweeps[sweep]]) for sweep in sweeps]
        phases: list[Sweep] = [phase for phase in SWEEPS if phase == "evaluate" or phase in sweeps]
        self.columns = [COLUMNS[phase] for phase in phases]
        self.rows = [(name, [self._cell(phase, slot) for phase in phases]) for slot, name in enumerate(names)]
        self.results = list(self._results())

    @property
    def task(self) -> str:
        """What there is to do, what the letters mean, and how numbers are rounded."""
        wanted = " and ".join(", ".join(WANTED[sweep] for sweep in self.sweeps).rsplit(", ", 1))
        meant = [SUM] if set(self.sweeps) - {"evaluate"} else []
        return " ".join([f"Fill in the blanks, step by step: for each node {wanted}.", *meant, self._rounding])

    @property
    def _rounding(self) -> str:
        decimals, digits = self.teller.digits, max(self.teller.digits, 1)
        whole = _counted(decimals, "decimal") if decimals else "whole numbers"
        return f"Numbers are rounded to {whole}, below 1 to {_counted(digits, 'significant digit')}."

    @cached_property
    def _ends(self) -> dict[tuple[Sweep, int], float]:
        """What every node comes to in every sweep; 0 is left out."""
        slots = self.teller.listing.slots
        found: dict[tuple[Sweep, int], float] = {
            ("evaluate", slot): x for slot, x in enumerate(self.teller.listing.numbers)
        }
        for sweep in set(self.sweeps) - {"evaluate"}:
            for step in self.sweeps[sweep]:
                to = step.operand if sweep == "reverse" and step.operand is not None else step.node
                found[sweep, slots[to]] = step.after
        return found

    def _number(self, phase: Sweep, slot: int) -> str:
        return self.teller.number(self._ends.get((phase, slot), 0.0))

    def _given(self, slot: int) -> bool:
        """Whether a value is printed: of inputs, and of all nodes where the evaluation is not asked for."""
        return slot < self.teller.listing.inputs or "evaluate" not in self.sweeps

    def _cell(self, phase: Sweep, slot: int) -> Piece:
        number = self._number(phase, slot)
        return Piece(number) if phase == "evaluate" and self._given(slot) else Piece("", number)

    def _results(self) -> Iterator[Line]:
        """The derivative along the seed, and the gradient, where nothing but the output is swept from."""
        listing, outputs = self.teller.listing, list(dict.fromkeys(self.teller.listing.outputs))
        names = listing.names
        for slot in outputs if "forward" in self.sweeps else ():
            lead = words("The derivative along the seed is")
            yield [lead, Piece(accented(names[slot], DOT)), Piece("=", self._number("forward", slot))]
        if "reverse" in self.sweeps:
            ends = range(listing.arguments or listing.inputs)
            adjoints = f"({', '.join(accented(names[slot], BAR) for slot in ends)})"
            lead = [words("The adjoints of the inputs are"), Piece(adjoints)]
            if self.seeds.adjoints == [1.0]:
                lead = [words("The gradient is"), Piece(f"∇{listing.title or names[outputs[0]]} = {adjoints}")]
            blanks = [Piece("= (" * (not i), self._number("reverse", slot), ",") for i, slot in enumerate(ends)]
            yield [*lead, *blanks[:-1], blanks[-1]._replace(then=")")]

    @cached_property
    def drawing(self) -> tuple[Picture, Placed]:
        """The graph with the values that are given, and where it lies.

        It is turned down, and scopes are closed, where it would be small on paper.
        """
        found = list[tuple[Picture, Placed]]()
        for depth in range(deepest(self.teller.listing), -1, -1):
            picture = self._picture(depth)
            found += [(turned, placed(turned)) for turned in (picture, picture._replace(rankdir="TB"))]
            if max(scale_on_paper(place) for _, place in found) >= SMALLEST:
                break
        return max(found, key=lambda each: min(scale_on_paper(each[1]), READABLE))

    def _picture(self, depth: int) -> Picture:
        """The graph without the numbers that are asked for, its scopes open to a depth."""
        drawn = live(self.teller.listing, self.teller.number, depth)
        cards = [
            card._replace(rows=self._told(end, card.rows[: -len(SWEEPS)], single="box" not in card.kind), id="")
            for end, card in zip(drawn.ends, drawn.picture.cards, strict=True)
        ]
        arrows = [arrow._replace(id="") for arrow in drawn.picture.arrows]
        return drawn.picture._replace(cards=cards, arrows=arrows, apart=APART, ids=False)

    def _told(self, slot: int, rows: Sequence[str], *, single: bool) -> list[str]:
        return [*rows, *[self._number("evaluate", slot)] * (single and self._given(slot))]


def scale_on_paper(place: Placed) -> float:
    """How large a drawing is on a page: 1, or as much less as it takes to fit."""
    return min(1.0, PAPER[0] / place.width, PAPER[1] / place.height)


def _counted(n: int, what: str) -> str:
    return f"{n} {what}{'s' * (n != 1)}"
