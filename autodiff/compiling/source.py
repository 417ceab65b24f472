"""The backend `source`: a tape as Python that a person can read, run on floats or on arrays of rows.

One line an instruction, under the names of labels and local variables. Operations follow IEEE 754: where a float
function of Python's would raise, there is ±inf or nan.
"""

import keyword
import re
import textwrap
from collections.abc import Callable, Sequence
from functools import cache
from itertools import groupby
from typing import Any

from autodiff.compiling.arguments import INSTALL, check_memory
from autodiff.compiling.forms import by_ieee, form
from autodiff.compiling.rolling import rolled, written
from autodiff.core import primitives as table
from autodiff.core.floats import SMALL
from autodiff.core.packages import require
from autodiff.core.rows import Primitive
from autodiff.core.slots import Place
from autodiff.tape.tape import Tape

INFIX = {table.add: "+", table.subtract: "-", table.multiply: "*"}  # which never raise
CALLED = {table.chain: "chain", table.gap: "gap"}  # IEEE twins that are functions of their own


def source(tape: Tape) -> str:
    """The tape as the text of a Python function of its numbers; it returns those of its outputs.

    Where it repeats itself, in loops: then all numbers stand in one list, inputs first, each result the next of it.
    """
    lines = written(rolled(list(tape)), lambda line, operands: _expression(line.row, operands))
    return _in_loops(tape, lines) if 3 * len(lines) <= len(tape) else _straight(tape)


def _straight(tape: Tape) -> str:
    """A line for each instruction, under names."""
    names, named = _names(tape)
    heading = f"def {_title(tape)}({', '.join(names)}):"
    if len(heading) > 100:
        heading = f"def {_title(tape)}(\n{_wrapped(names)}\n):"
    lines = [heading]
    for row, operands in tape:
        names.append(named.get(len(names)) or f"v{len(names) - tape.inputs.size + 1}")
        lines.append(f"    {names[-1]} = {_expression(row, [_spelt(x, names) for x in operands])}")
    outputs = [_spelt(x, names) for x in tape.results]
    returned = f"    return [{', '.join(outputs)}]"
    lines.append(returned if len(returned) <= 100 else f"    return [\n{_wrapped(outputs, 8)}\n    ]")
    return "\n".join(lines) + "\n"


def _in_loops(tape: Tape, lines: Sequence[str]) -> str:
    """The lines as a function, with what its numbers are."""
    groups = [list(group) for _, group in groupby(enumerate(tape.labels), lambda pair: re.split(r"[\[.]", pair[1])[0])]
    told = [
        f"# v[{first}]: {label}" if len(group) == 1 else f"# v[{first}] … v[{group[-1][0]}]: {label} … {group[-1][1]}"
        for group in groups
        for first, label in group[:1]
    ]
    returned = f"return [{', '.join(_ranges(tape.results))}]"
    body = [*told, "v = list(numbers)", *lines, *textwrap.wrap(returned, 96, subsequent_indent="    ")]
    return "\n".join([f"def {_title(tape)}(*numbers):", *(f"    {line}" for line in body)]) + "\n"


def _ranges(outputs: Sequence[Place]) -> list[str]:
    """Places of v, where three or more have the same step between them as a slice."""
    found, at = list[str](), 0
    while at < len(outputs):
        x, count = outputs[at], 1
        step = _step(outputs, at)
        while step and _step(outputs, at + count - 1) == step:
            count += 1
        end = x + count * step
        if count > 2 and end >= 0:
            found.append(f"*v[{x}:{end}{f':{step}' if step != 1 else ''}]")
        else:
            found += [f"v[{y}]" if type(y) is int else repr(y) for y in outputs[at : at + count]]
        at += count
    return found


def _step(outputs: Sequence[Place], at: int) -> int:
    """From a place to the next; 0 where one is none, or a constant."""
    x, y = (outputs[at], outputs[at + 1]) if at + 1 < len(outputs) else (0.0, 0.0)
    return y - x if isinstance(x, int) and isinstance(y, int) else 0


class Source:
    """The text made a function, of numbers that each row has its own of, and of numbers that all rows share."""

    def __init__(
        self,
        tape: Tape,
        rows: Sequence[int],
        *,
        batched: bool | None = None,
        reduce: str | None = None,
        dtype: str = "float64",
    ) -> None:
        self.rows, self.reduce, self.dtype, self.lines = list(rows), reduce, dtype, len(tape)
        self.batched = bool(rows) if batched is None else batched
        self.shared = [x for x in range(tape.inputs.size) if x not in set(rows)]
        namespace: dict[str, Any] = {
            name: _readings(self.batched or dtype != "float64")(row) for row, name in _called(tape)
        }
        namespace |= {"inf": float("inf"), "nan": float("nan")}
        exec(compile(_straight(tape), f"<compiled {tape.name}>", "exec"), namespace)  # noqa: S102 (our own text)
        self.function: Callable[..., Any] = namespace[_title(tape)]

    counts: dict[str, int] = {}  # noqa: RUF012 (no passes of its own)
    nbytes = 0

    def table(self, matrices: Sequence[Any], *, lay_out: bool = False) -> "Columns":
        """The columns of matrices."""
        flat = [matrix.reshape(len(matrix), -1) for matrix in matrices]
        return Columns([matrix.copy() for matrix in flat] if lay_out else flat)

    def __call__(self, shared: Sequence[float], table: "Columns", rows: int) -> Any:
        """The outputs: a list, and with rows a vector or, where they are not reduced, a matrix with a row for each."""
        if not self.batched and self.dtype == "float64":
            return self.function(*map(float, shared))
        numpy: Any = require("numpy", "a batch", INSTALL)
        check_memory(
            self.lines * rows * numpy.dtype(self.dtype).itemsize, f"{self.lines} instructions of {rows:,} rows"
        )
        numbers: list[Any] = [None] * (len(self.rows) + len(self.shared))
        for place, x in zip(self.shared, shared, strict=True):
            numbers[place] = numpy.dtype(self.dtype).type(x)
        for place, column in zip(self.rows, (x for matrix in table.matrices for x in matrix.T), strict=True):
            numbers[place] = numpy.asarray(column[:rows], self.dtype)
        with numpy.errstate(all="ignore"):
            found = self.function(*numbers)
            matrix = numpy.empty((len(found), rows), self.dtype)
            for line, x in zip(matrix, found, strict=True):
                line[:] = x
            if not self.batched:
                return matrix[:, 0].tolist()
            if self.reduce is None:
                return matrix
            totals = numpy.add.accumulate(matrix, axis=1)[:, -1]  # in the order of rows
        return totals / rows if self.reduce == "mean" else totals


class Columns:
    """Columns of numbers."""

    def __init__(self, matrices: Sequence[Any]) -> None:
        self.matrices = matrices

    def shuffled(self, _: Any, order: Any) -> "Columns":
        """The rows in another order."""
        return Columns([matrix[order] for matrix in self.matrices])

    def starting_at(self, row: int) -> "Columns":
        """The rows from one on."""
        return Columns([matrix[row:] for matrix in self.matrices])


class Arrays:
    """The functions of NumPy arrays, by the names of their rows."""

    def __init__(self) -> None:
        self.numpy: Any = require("numpy", "a batch", INSTALL)
        self.small, self.far = SMALL, 2.0**600

    def where(self, condition: Any, x: Any, y: Any) -> Any:
        """x where the condition holds, else y."""
        return self.numpy.where(condition, x, y)

    def power(self, x: Any, y: Any) -> Any:
        """xʸ, the exponent as an array: NumPy's power of a number 0.5 is the root, which is another at −0 and −∞."""
        shape = self.numpy.broadcast_shapes(self.numpy.shape(x), self.numpy.shape(y))
        return self.numpy.power(x, self.numpy.broadcast_to(y, shape).copy())

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.numpy, "rint" if name == "round" else name, None)
        return found or _one_by_one(getattr(table, name))  # erf and erfc


@cache
def on_arrays(row: Primitive) -> Callable[..., Any]:
    """A row on arrays of numbers."""
    arrays, one_by_one = Arrays(), _one_by_one(row)

    def value(*xs: Any) -> Any:
        found = form(row, len(xs))
        return found(arrays, *xs) if found else one_by_one(*xs)

    return value


def _one_by_one(row: Primitive) -> Callable[..., Any]:
    """A row on arrays by its float function."""
    numpy: Any = require("numpy", "a batch", INSTALL)
    value = by_ieee(row)

    def each(*xs: Any) -> Any:
        found = numpy.frompyfunc(value, len(xs), 1)(*xs)
        return found.astype(numpy.result_type(*xs)) if isinstance(found, numpy.ndarray) else found

    return each


def _readings(arrays: bool) -> Callable[[Primitive], Callable[..., Any]]:  # noqa: FBT001
    return on_arrays if arrays else by_ieee


def _called(tape: Tape) -> list[tuple[Primitive, str]]:
    return [(row, _function(row)) for row in tape.flat.primitives]


def _function(row: Primitive) -> str:
    """What a row is called in the text: an IEEE twin like the row itself, since all is by IEEE here."""
    return CALLED.get(row) or row.base.name.replace("′", "_")


def _expression(row: Primitive, operands: list[str]) -> str:
    if row in INFIX:
        return f"{operands[0]} {INFIX[row]} {operands[1]}"
    if row is table.negate:
        return f"-{operands[0]}"
    if row is table.square:
        return f"{operands[0]} * {operands[0]}"
    return f"{_function(row)}({', '.join(operands)})"


def _spelt(x: Place, names: Sequence[str]) -> str:
    return names[x] if type(x) is int else repr(x)


def _names(tape: Tape) -> tuple[list[str], dict[int, str]]:
    """A name for each input, and those of local variables by place: all different, none that of a function."""
    taken = {name for _, name in _called(tape)} | {"inf", "nan", _title(tape)}

    def fresh(name: str, usual: str = "") -> str:
        name = _identifier(name)
        while name in taken or (re.fullmatch(r"v\d+", name) and name != usual):
            name += "_"
        taken.add(name)
        return name

    labels = [*tape.labels, *(f"x{i + 1}" for i in range(len(tape.labels), tape.inputs.size))]
    inputs, first = [fresh(label) for label in labels], tape.inputs.size
    return inputs, {x: fresh(name, f"v{x - first + 1}") for x, name in tape.code.names.items()}


def _title(tape: Tape) -> str:
    """What the function is called: none of those that it calls."""
    name = _identifier(tape.name)
    return f"{name}_" if name in {called for _, called in _called(tape)} else name


def _identifier(name: str) -> str:
    """The name with what no Python name has left out, as w_0_1 for w[0][1]."""
    import unicodedata  # slow to import, and only needed here

    plain = re.sub(r"\W+", "_", unicodedata.normalize("NFKC", name)).strip("_")
    return plain if plain.isidentifier() and not keyword.iskeyword(plain) else f"f_{plain}"


def _wrapped(parts: Sequence[str], indent: int = 4) -> str:
    margin = " " * indent
    return textwrap.fill(", ".join(parts) + ",", 100, initial_indent=margin, subsequent_indent=margin)
