"""Evaluation traces as textbooks print them.

Inputs are v₁₋ₙ … v₀, instructions v₁, v₂, …; each row gives its expression, the same with numbers, and its value.
After Griewank and Walther, Evaluating Derivatives (2008), table 2.1, and Baydin et al., Automatic differentiation in
machine learning: a survey (2018), tables 2 and 3.
"""

import html
from collections.abc import Sequence
from functools import cached_property
from itertools import zip_longest
from typing import Any, Literal, NamedTuple, TypeAlias, cast

from autodiff.core.dual import Dual
from autodiff.core.floats import ZERO
from autodiff.core.reverse import steps
from autodiff.core.value import Value
from autodiff.tape.instructions import executed, read
from autodiff.words.notation import (
    BAR,
    DOT,
    SUBSCRIPTS,
    accented,
    applied,
    chain_term,
    latex,
    subscripted,
    summed,
    written,
)

TableMode: TypeAlias = Literal["forward", "reverse", "both"]
COLUMNS = 100  # characters that a table of text may take


class TraceRow(NamedTuple):
    """name = expression = numbers = value; kind is "primal", "tangent" or "adjoint"."""

    kind: str
    name: str
    expression: str
    numbers: str
    value: float
    shown: str

    def cells(self) -> tuple[str, str, str]:
        """What stands in the table: a repeated side is left out."""
        numbers = "" if self.numbers in (self.shown, self.expression) else f"= {self.numbers}"
        return f"{self.name} = {self.expression}", numbers, "" if self.expression == self.shown else f"= {self.shown}"


class TraceTable(NamedTuple):
    """The rows of an evaluation trace. Prints as text of 100 columns; a notebook shows it as HTML."""

    primals: list[TraceRow]
    tangents: list[TraceRow]
    adjoints: list[TraceRow]

    @property
    def rows(self) -> list[TraceRow]:
        """All rows, in the order in which they are evaluated."""
        return [*self.primals, *self.tangents, *self.adjoints]

    def blocks(self) -> list[tuple[str, str, list[TraceRow], list[TraceRow]]]:
        """(heading, heading, rows, rows) side by side; adjoints are read upwards, as they are printed in the books."""
        sides = [("Tangents ↓", self.tangents), ("Adjoints ↑", self.adjoints[::-1])]
        return [("Primals ↓", heading, self.primals, rows) for heading, rows in sides if rows]

    def __str__(self) -> str:
        return "\n\n".join(_text(*block) for block in self.blocks())

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return "\n".join(_html(*block) for block in self.blocks())

    def latex(self) -> str:
        """A LaTeX array for each block."""
        return "\n\n".join(_latex(*block) for block in self.blocks())


def trace_table(tape: Any, mode: TableMode, seed: Any, digits: int, point: Sequence[float]) -> TraceTable:
    """The table of a tape at a point.

    seed  in forward mode the tangents of the inputs, in reverse mode the adjoints of the outputs, as a list; by default
          the first is 1 and the others are 0
    """
    if mode not in ("forward", "reverse", "both"):
        raise ValueError(f'mode is "forward", "reverse" or "both", got {mode!r}')
    if mode == "both" and seed is not None:
        raise ValueError('a seed is of one mode: say mode="forward" or mode="reverse" with it')
    if digits not in range(17):
        raise ValueError(f"digits is a whole number from 0 to 16, got {digits!r}")
    table = _Writer(tape, digits, point)
    tangents = table.tangents(_seeds(seed if mode == "forward" else None, len(point))) if mode != "reverse" else []
    adjoints = (
        table.adjoints(_seeds(seed if mode == "reverse" else None, len(tape.results))) if mode != "forward" else []
    )
    return TraceTable(table.primals(), tangents, adjoints)


def _seeds(seed: Any, count: int) -> list[float]:
    given = cast("list[Any]", seed if isinstance(seed, list | tuple) else [seed])
    seeds = [1.0] + [0.0] * (count - 1) if seed is None else [float(x) for x in given]
    if len(seeds) != count:
        raise ValueError(f"a seed is a list of {count} numbers, got {len(seeds)}")
    return seeds


def expressions(tape: Any) -> list[str]:
    """A line for each input, instruction and output, without numbers."""
    return [f"{name} = {expression}" for name, expression in _Writer(tape, 3, ()).definitions()]


class _Writer:
    """Names and numbers of a tape's slots."""

    def __init__(self, tape: Any, digits: int, point: Sequence[float]) -> None:
        self.tape, self.digits, self.point, self.n = tape, digits, point, tape.inputs.size
        self.labels = [subscripted(label) for label in tape.labels] or [subscripted(f"x{i + 1}") for i in range(self.n)]
        count = len(tape.results)
        letter = "f" if any(label.startswith("y") for label in tape.labels) else "y"
        self.outputs = [letter] if count == 1 else [subscripted(f"{letter}{i + 1}") for i in range(count)]
        self.instructions: list[Any] = list(tape)

    @cached_property
    def values(self) -> list[Any]:
        """A Value in each slot, where it was computed of one."""
        return executed(self.instructions, [Value(x) for x in self.point])

    def _number(self, x: Any) -> str:
        return written(getattr(x, "data", x), self.digits)

    def _name(self, x: Any, accent: str = "") -> str:
        """v₋₁, v₀ for inputs, v₁ … for instructions; a constant is itself."""
        return f"v{accent}{x - self.n + 1}".translate(SUBSCRIPTS) if type(x) is int else written(x, self.digits)

    def _value(self, x: Any) -> str:
        return self._number(self.values[x] if type(x) is int else x)

    def _row(self, kind: str, name: str, expression: str, numbers: str, value: Any) -> TraceRow:
        number = float(getattr(value, "data", value))
        return TraceRow(kind, name, expression, numbers, number, written(number, self.digits))

    def definitions(self) -> list[tuple[str, str]]:
        """The name and the expression of each input, instruction and output."""
        inputs = [(self._name(i), label) for i, label in enumerate(self.labels)]
        computed = [
            (self._name(slot), applied(primitive, [self._name(x) for x in operands]))
            for slot, (primitive, operands) in enumerate(self.instructions, self.n)
        ]
        outputs = [(output, self._name(x)) for output, x in zip(self.outputs, self.tape.results, strict=True)]
        return [*inputs, *computed, *outputs]

    def primals(self) -> list[TraceRow]:
        results = read(self.values, self.tape.results)
        numbers = [
            *self.labels,
            *(applied(primitive, [self._value(x) for x in operands]) for primitive, operands in self.instructions),
            *map(self._number, results),
        ]
        rows = zip(self.definitions(), numbers, [*self.values, *results], strict=True)
        return [self._row("primal", name, expression, shown, value) for (name, expression), shown, value in rows]

    def tangents(self, seeds: list[float]) -> list[TraceRow]:
        duals = executed(self.instructions, list(map(Dual, self.point, seeds)))
        rates = [float(x.tangent) if isinstance(x, Dual) else 0.0 for x in duals]
        rows = [
            self._row("tangent", self._name(i, DOT), accented(label, DOT), self._number(seed), seed)
            for i, (label, seed) in enumerate(zip(self.labels, seeds, strict=True))
        ]
        for slot, (_, operands) in enumerate(self.instructions, self.n):
            moving = [(i, x) for i, x in enumerate(operands) if type(x) is int]
            terms = [self._term(slot, i, self._name(x, DOT), names=True) for i, x in moving]
            numbers = [self._term(slot, i, self._number(rates[x]), names=False) for i, x in moving]
            rows.append(self._row("tangent", self._name(slot, DOT), summed(terms), summed(numbers), rates[slot]))
        for output, x in zip(self.outputs, self.tape.results, strict=True):
            rate = rates[x] if type(x) is int else 0.0
            name = self._name(x, DOT) if type(x) is int else "0"
            rows.append(self._row("tangent", accented(output, DOT), name, self._number(rate), rate))
        return rows

    def adjoints(self, seeds: list[float]) -> list[TraceRow]:
        rows: list[TraceRow] = []
        adjoints: dict[Any, Any] = {}
        for output, x, seed in zip(self.outputs, self.tape.results, seeds, strict=True):
            if type(x) is int:
                name, before = self._name(x, BAR), adjoints.get(self.values[x], 0.0)
                after = adjoints[self.values[x]] = before + seed
                terms = [accented(output, BAR)], [self._number(seed)]
                if before:
                    terms = [name, *terms[0]], [self._number(before), *terms[1]]
                rows.append(self._row("adjoint", name, summed(terms[0]), summed(terms[1]), after))
        nodes = [node for node in self.values[self.n :] if isinstance(node, Value)]
        slot_of = {node: slot for slot, node in enumerate(self.values) if isinstance(node, Value)}
        for step in steps(None, adjoints, order=nodes):
            if step.contribution is ZERO:
                continue
            slot, operand = slot_of[step.node], self.instructions[slot_of[step.node] - self.n][1][step.position]
            name, known = self._name(operand, BAR), step.before != 0.0
            term = self._term(slot, step.position, self._name(slot, BAR), names=True)
            number = self._term(slot, step.position, self._number(adjoints[step.node]), names=False)
            expression, numbers = ([name, term], [self._number(step.before), number]) if known else ([term], [number])
            rows.append(self._row("adjoint", name, summed(expression), summed(numbers), step.after))
        for i, label in reversed(list(enumerate(self.labels))):
            adjoint = adjoints.get(self.values[i], 0.0)
            name = self._name(i, BAR)
            rows.append(self._row("adjoint", accented(label, BAR), name, self._number(adjoint), adjoint))
        return rows

    def _term(self, slot: int, position: int, rate: str, *, names: bool) -> str:
        """A rate times the partial of an instruction to one of its operands, with names or with numbers."""
        primitive, operands = self.instructions[slot - self.n]
        values = [float(getattr(self.values[x], "data", self.values[x])) if type(x) is int else x for x in operands]
        exact = primitive.partial(position, float(getattr(self.values[slot], "data", self.values[slot])), *values)
        symbol = f"∂{self._name(slot)}/∂{self._name(operands[position])}"
        shown = [self._name(x) for x in operands] if names else [self._number(x) for x in values]
        return chain_term(rate, primitive, position, shown, symbol if names else self._number(exact))


def _columns(rows: Sequence[TraceRow]) -> list[str]:
    """Each row as a line, its parts aligned."""
    cells = [row.cells() for row in rows]
    widths = [max((len_shown(cell[i]) for cell in cells), default=0) for i in range(3)]
    room = COLUMNS - widths[2] - 4  # the value is always shown: what is too long for its column is cut
    if widths[0] + widths[1] > room:
        widths[0] = min(widths[0], max(room // 2, room - widths[1]))
        widths[1] = room - widths[0]
    return ["  ".join(map(padded, map(clipped, cell, widths), widths)).rstrip() for cell in cells]


def _text(left_heading: str, right_heading: str, left: Sequence[TraceRow], right: Sequence[TraceRow]) -> str:
    lines, others = _columns(left), _columns(right)
    width = max(map(len_shown, [left_heading, *lines]))
    if width + 3 + max(map(len_shown, [right_heading, *others])) > COLUMNS:  # one above the other
        return "\n".join([left_heading, *lines, "", right_heading, *others])
    pairs = [(left_heading, right_heading), *_beside(lines, others, right_heading)]
    return "\n".join(f"{padded(a or '', width)} │ {b or ''}".rstrip() for a, b in pairs)


def _beside(left: Sequence[Any], right: Sequence[Any], right_heading: str) -> list[tuple[Any, Any]]:
    """What stands in one line, None where a side is the shorter one: at its top where the right is read upwards."""
    if right_heading.endswith("↑"):
        return list(zip_longest(left[::-1], right[::-1]))[::-1]
    return list(zip_longest(left, right))


def _html(left_heading: str, right_heading: str, left: Sequence[TraceRow], right: Sequence[TraceRow]) -> str:
    def side(row: TraceRow | None) -> str:
        cells = row.cells() if row else ("", "", "")
        return "".join(f'<td style="text-align:left">{html.escape(cell)}</td>' for cell in cells)

    def heading(text: str) -> str:
        return f'<th colspan="3" style="text-align:left">{html.escape(text)}</th>'

    head = f"<tr>{heading(left_heading)}{heading(right_heading)}</tr>"
    body = "".join(f"<tr>{side(a)}{side(b)}</tr>" for a, b in _beside(left, right, right_heading))
    return f"<table><thead>{head}</thead><tbody>{body}</tbody></table>"


def _latex(left_heading: str, right_heading: str, left: Sequence[TraceRow], right: Sequence[TraceRow]) -> str:
    def side(row: TraceRow | None) -> str:
        return " & ".join(latex(cell) for cell in (row.cells() if row else ("", "", "")))

    names = [rf"\text{{{heading[:-2]}}}" for heading in (left_heading, right_heading)]
    head = rf"\multicolumn{{3}}{{l|}}{{{names[0]}}} & \multicolumn{{3}}{{l}}{{{names[1]}}} \\ \hline"
    body = [rf"{side(a)} & {side(b)} \\" for a, b in _beside(left, right, right_heading)]
    return "\n".join([r"\begin{array}{lll|lll}", head, *body, r"\end{array}"])


def len_shown(text: str) -> int:
    """Characters on the screen: a combining dot or bar takes none."""
    return len(text) - text.count(DOT) - text.count(BAR)


def padded(text: str, width: int) -> str:
    """The text with spaces up to a width on the screen."""
    return text + " " * (width - len_shown(text))


def clipped(text: str, width: int) -> str:
    """As much of the text as a width takes."""
    if len_shown(text) <= width:
        return text
    while len_shown(text) >= width:
        text = text[:-1]
    return text + "…"
