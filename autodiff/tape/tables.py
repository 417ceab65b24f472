"""Evaluation traces as textbooks print them.

Inputs are v₁₋ₙ … v₀, instructions v₁, v₂, …; each row gives its expression, the same with numbers, and its value.
After Griewank and Walther, Evaluating Derivatives (2008), table 2.1, and Baydin et al., Automatic differentiation in
machine learning: a survey (2018), tables 2 and 3.
"""

import html
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any, Literal, NamedTuple, TypeAlias, cast

from autodiff.core.dual import Dual
from autodiff.core.floats import ZERO
from autodiff.core.reverse import steps
from autodiff.core.slots import Place
from autodiff.core.value import Value
from autodiff.tape.instructions import executed, read
from autodiff.transforms.structure import NUMBER, Structure
from autodiff.words.names import Wording, arguments, results, traced
from autodiff.words.notation import BAR, DOT, accented, summed, writer
from autodiff.words.typeset import STYLE, Sides

TableMode: TypeAlias = Literal["forward", "reverse", "both"]
DIGITS = 3
EMPTY = ("", "", "")  # cells


class TraceRow(NamedTuple):
    """name = expression = numbers = value.

    kind    "primal", "tangent" or "adjoint"
    beside  the place of the primal that it belongs to: of an adjoint, the instruction that it comes from
    """

    kind: str
    name: str
    expression: str
    numbers: str
    value: float
    shown: str
    beside: int

    def cells(self) -> tuple[str, str, str]:
        """What stands in the table: a repeated side is left out."""
        numbers = "" if self.numbers in (self.shown, self.expression) else f"= {self.numbers}"
        return f"{self.name} = {self.expression}", numbers, "" if self.expression == self.shown else f"= {self.shown}"


class TraceTable(NamedTuple):
    """The rows of an evaluation trace. Prints as text of 100 columns; a notebook shows it as HTML."""

    primals: list[TraceRow]
    tangents: list[TraceRow]
    adjoints: list[TraceRow]
    beside: str = ""  # what the system that the tape came from says of its adjoints

    @property
    def rows(self) -> list[TraceRow]:
        """All rows, in the order in which they are evaluated."""
        return [*self.primals, *self.tangents, *self.adjoints]

    def blocks(self) -> list[Sides]:
        """Primals beside each of the others; adjoints are read upwards, as they are printed in the books."""
        others = [("Tangents ↓", self.tangents), ("Adjoints ↑", self.adjoints[::-1])]
        return [self._beside(heading, rows) for heading, rows in others if rows]

    def _beside(self, heading: str, rows: Sequence[TraceRow]) -> Sides:
        """Each row in the line of its primal, or where there are several, in those below."""
        lines: list[list[TraceRow]] = [[] for _ in self.primals]
        for row in rows:
            lines[row.beside].append(row)
        pairs = [
            (primal.cells() if i == 0 else EMPTY, found[i].cells() if found else EMPTY)
            for primal, found in zip(self.primals, lines, strict=True)
            for i in range(len(found) or 1)
        ]
        return Sides(("Primals ↓", heading), *zip(*pairs, strict=True))

    def __str__(self) -> str:
        return "\n\n".join([*(block.text() for block in self.blocks()), *[self.beside] * bool(self.beside)])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        told = [f"<p>{html.escape(self.beside)}</p>"] * bool(self.beside)
        return "\n".join([STYLE, *(block.html() for block in self.blocks()), *told])

    def _repr_latex_(self) -> str:
        return "\n\n".join(f"$${block.array()}$$" for block in self.blocks())

    def latex(self) -> str:
        r"""A `longtable` for each block, which goes on from page to page: \usepackage{longtable}."""
        return "\n\n".join(block.longtable() for block in self.blocks())


def trace_table(tape: Any, mode: TableMode, seed: Any, digits: int, point: Sequence[float]) -> TraceTable:
    """The table of a tape at a point.

    seed  in forward mode the tangents of the inputs, in reverse mode the adjoints of the outputs, as a list; by default
          the first is 1 and the others are 0
    """
    if mode not in ("forward", "reverse", "both"):
        raise ValueError(f'mode is "forward", "reverse" or "both", got {mode!r}')
    if mode == "both" and seed is not None:
        raise ValueError('a seed is of one mode: say mode="forward" or mode="reverse" with it')
    trace = _Trace(tape, point, writer(digits))
    ahead, back = (seed if mode == name else None for name in ("forward", "reverse"))
    tangents = trace.tangents(_seeds(ahead, len(point))) if mode != "reverse" else []
    adjoints = trace.adjoints(_seeds(back, len(tape.results))) if mode != "forward" else []
    return TraceTable(trace.primals(), tangents, adjoints)


def _seeds(seed: Any, count: int) -> list[float]:
    given = cast("list[Any]", seed if isinstance(seed, list | tuple) else [seed])
    seeds = [1.0] + [0.0] * (count - 1) if seed is None else [float(x) for x in given]
    if len(seeds) != count:
        raise ValueError(f"a seed is a list of {count} numbers, got {len(seeds)}")
    return seeds


def expressions(tape: Any) -> list[str]:
    """A line for each input, instruction and output, without numbers."""
    lines = _Trace(tape, (), writer(DIGITS)).definitions()
    return [f"{name} = {expression}" for name, expression in lines]


def output_names(structure: Structure, labels: Sequence[str]) -> list[str]:
    """What the outputs of a function are called: y; loss, by a key; y₁ … of a list; y[0][1] of what is nested."""
    if structure is not NUMBER and structure.parts and all(part is NUMBER for part in structure.parts):
        numbered = results(len(structure.parts), labels)
        return [key if isinstance(key, str) else name for key, name in zip(structure.keys, numbered, strict=True)]
    return structure.names(*results(1, labels))


class _Trace:
    """What happens in each slot of a tape, at a point."""

    def __init__(self, tape: Any, point: Sequence[float], write: Callable[[float], str]) -> None:
        self.n, self.point, self.write = tape.inputs.size, point, write
        self.instructions: list[Any] = list(tape)
        self.results: tuple[Place, ...] = tape.results
        self.arguments, self.outputs = arguments(tape.labels, self.n), output_names(tape.outputs, tape.labels)
        inputs: list[Any] = [(None, ())] * self.n
        rows, operands = zip(*inputs, *self.instructions, strict=True)
        names = traced(self.n, len(self.instructions), tape.labels, tape.code.names)
        self.words = Wording(names, rows, operands, write)
        self.computed = range(self.n, len(rows))

    @cached_property
    def nodes(self) -> list[Any]:
        """A Value in each slot, where it was computed of one, else a float."""
        return executed(self.instructions, list(map(Value, self.point)))

    @cached_property
    def numbers(self) -> list[float]:
        """The number in each slot."""
        return list(map(_number, self.nodes))

    def definitions(self) -> list[tuple[str, str]]:
        """The name and the expression of each input, instruction and output."""
        name = self.words.name
        inputs = [(name(slot), label) for slot, label in enumerate(self.arguments)]
        computed = [(name(slot), self.words.expression(slot)) for slot in self.computed]
        outputs = [(output, name(x)) for output, x in zip(self.outputs, self.results, strict=True)]
        return [*inputs, *computed, *outputs]

    def primals(self) -> list[TraceRow]:
        found = read(self.numbers, self.results)
        computed = [self.words.computation(slot, self._read_by(slot)) for slot in self.computed]
        shown = [*self.arguments, *computed, *map(self.write, found)]
        rows = enumerate(zip(self.definitions(), shown, [*self.numbers, *found], strict=True))
        return [self._row("primal", *definition, text, value, i) for i, (definition, text, value) in rows]

    def tangents(self, seeds: list[float]) -> list[TraceRow]:
        duals = executed(self.instructions, list(map(Dual, self.point, seeds)))
        rates = [float(x.tangent) if isinstance(x, Dual) else 0.0 for x in duals]
        name, write = self.words.name, self.write
        rows = [
            self._row("tangent", name(slot, DOT), accented(label, DOT), write(seed), seed, slot)
            for slot, (label, seed) in enumerate(zip(self.arguments, seeds, strict=True))
        ]
        for slot in self.computed:
            operands = enumerate(self.words.operands[slot])
            terms = [self._term(slot, i, name(x, DOT), rates[x]) for i, x in operands if type(x) is int]
            rows.append(self._sum("tangent", name(slot, DOT), terms, rates[slot], slot))
        for i, (output, x) in enumerate(zip(self.outputs, self.results, strict=True), self.computed.stop):
            moving, rate = (name(x, DOT), rates[x]) if type(x) is int else ("0", 0.0)
            rows.append(self._row("tangent", accented(output, DOT), moving, write(rate), rate, i))
        return rows

    def adjoints(self, seeds: list[float]) -> list[TraceRow]:
        rows: list[TraceRow] = []
        adjoints: dict[Any, Any] = {}
        for i, (output, x, seed) in enumerate(zip(self.outputs, self.results, seeds, strict=True), self.computed.stop):
            if type(x) is int:
                before = adjoints.get(self.nodes[x], 0.0)
                adjoints[self.nodes[x]] = before + seed
                rows.append(self._received(x, before, (accented(output, BAR), self.write(seed)), before + seed, i))
        slots = {node: slot for slot, node in enumerate(self.nodes) if isinstance(node, Value)}
        order = [node for node, slot in slots.items() if slot >= self.n]
        for step in steps(None, adjoints, order=order):
            if step.contribution is not ZERO:
                slot = slots[step.node]
                term = self._term(slot, step.position, self.words.name(slot, BAR), adjoints[step.node])
                x = self.words.operands[slot][step.position]
                rows.append(self._received(x, step.before, term, step.after, slot))
        for slot, label in reversed(list(enumerate(self.arguments))):
            adjoint = adjoints.get(self.nodes[slot], 0.0)
            name = self.words.name(slot, BAR)
            rows.append(self._row("adjoint", accented(label, BAR), name, self.write(adjoint), adjoint, slot))
        return rows

    def _received(self, x: Place, before: float, term: tuple[str, str], after: float, i: int) -> TraceRow:
        """An adjoint with what is added to it, in names and in numbers."""
        name = self.words.name(x, BAR)
        known = [(name, self.write(before))] if before else []
        return self._sum("adjoint", name, [*known, term], after, i)

    def _sum(self, kind: str, name: str, terms: Sequence[tuple[str, str]], value: float, i: int) -> TraceRow:
        """A name and what it is the sum of, in names and in numbers."""
        expression, numbers = (summed([term[i] for term in terms]) for i in range(2))
        return self._row(kind, name, expression, numbers, value, i)

    def _row(self, kind: str, name: str, expression: str, numbers: str, value: float, beside: int) -> TraceRow:
        return TraceRow(kind, name, expression, numbers, value, self.write(value), beside)

    def _term(self, slot: int, position: int, name: str, rate: float) -> tuple[str, str]:
        """A rate times the partial of an instruction to one of its operands, in names and in numbers."""
        numbers = self._read_by(slot)
        partial = self.instructions[slot - self.n].primitive.partial(position, self.numbers[slot], *numbers)
        return self.words.term(slot, position, name), self.words.product(slot, position, rate, numbers, partial)

    def _read_by(self, slot: int) -> list[float]:
        return read(self.numbers, self.words.operands[slot])


def _number(x: Any) -> float:
    return x if type(x) is float else x.data
