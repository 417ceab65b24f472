"""compare: forward against reverse for a function at a point: do they agree, what do they cost, which one, and why.

Operations are counted, not guessed: they are the instructions of tapes of one evaluation, one forward and one reverse
pass. Times are medians of repeated runs, their quartiles beside them.
"""

import html
import math
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from textwrap import fill
from typing import Any, NamedTuple

from autodiff.checking.complex_step import NoComplexForm, complex_step
from autodiff.checking.differences import EPSILON
from autodiff.comparing.measuring import Scaling, Timing, forward_pass, measured, peak, reverse_pass, scaling, timed
from autodiff.comparing.plots import figure
from autodiff.core.value import Value
from autodiff.errors import NonFinite, Unsteady
from autodiff.seeing.plotting import saved
from autodiff.tape.origin import Beside, beside
from autodiff.tape.tables import expressions
from autodiff.tape.tape import Tape, recorded
from autodiff.transforms.derivatives import jacobian
from autodiff.transforms.structure import Structure, flatten
from autodiff.words.notation import power
from autodiff.words.typeset import STYLE, Column, Table

FIGURES = ("passes", "operations", "time", "ratio", "memory", "error")
WIDTH = 80  # characters that it takes
MARGIN = 1.5  # ratio of operations up to which either mode will do
COLUMNS = (Column("", gap=0), *(Column(figure, ">") for figure in FIGURES))
THEORY = "4 to 5"  # the bound of a gradient's cost in evaluations: Griewank and Walther (2008), section 4.5


class Cost(NamedTuple):
    """What one kind of pass, or a whole Jacobian by it, takes. Bytes are what it holds at its peak."""

    name: str
    passes: int
    operations: int
    timing: Timing
    bytes: int | None = None
    error: float | None = None

    def cells(self, one: float) -> tuple[str, ...]:
        """What stands in the table, where one evaluation takes so many seconds."""
        memory = "" if self.bytes is None else _memory(self.bytes)
        error = "" if self.error is None else f"{self.error:.0e}" if self.error else "0"
        times = self.timing.median / one
        ratio = f"{times:.2g}" if times < 100.0 else f"{times:,.0f}"
        return self.name, f"{self.passes:,}", f"{self.operations:,}", str(self.timing), ratio, memory, error


def _memory(size: int) -> str:
    return f"{size} B" if size < 1e3 else f"{size / 1e3:.3g} kB" if size < 1e6 else f"{size / 1e6:.3g} MB"


class Comparison(NamedTuple):
    """What `compare` found. Prints as text, shows as a table in a notebook; `plot` draws the costs over n and m.

    n, m        inputs and outputs
    agreement   the largest difference between the Jacobians by the two modes, in units in the last place
    costs       one evaluation, one pass of each mode, the Jacobian by each mode, by differences and by complex step
    origin      of a tape that came from another system, what that says
    """

    name: str
    n: int
    m: int
    agreement: float
    costs: dict[str, Cost]
    function: Callable[[float], float]
    at: float
    origin: Beside | None = None

    @property
    def gradient_ratio(self) -> float:
        """The time of one reverse pass over that of one evaluation on floats."""
        return self.costs["reverse"].timing.median / self.costs["evaluation"].timing.median

    @property
    def recommendation(self) -> str:
        """Which mode, and why: by what is counted, so that it is the same whenever it is asked."""
        forward, reverse = (self.costs[f"{mode} Jacobian"].operations for mode in ("forward", "reverse"))
        (least, best), (most, _) = sorted([(forward, "forward"), (reverse, "reverse")])
        counted = f"forward takes {self.n} pass{'es' * (self.n != 1)}, {forward:,} operations, and reverse "
        counted += f"{self.m}, {reverse:,}"
        if most <= MARGIN * least or not least:
            return f"Either mode: {counted}, within a half of each other."
        return f"Use {best} mode: n = {self.n} and m = {self.m}, {counted}: {most / least:.3g} times as many."

    def rows(self) -> list[tuple[str, ...]]:
        """The table: what, passes, operations, time, its ratio to one evaluation's, memory, error."""
        one = self.costs["evaluation"].timing.median
        return [cost.cells(one) for cost in self.costs.values()]

    @property
    def _table(self) -> Table:
        return Table(COLUMNS, self.rows())

    def __str__(self) -> str:
        sentences = [fill(text, WIDTH) for text in self._sentences()]
        return "\n".join([self._heading(), "", *self._table.lines(), "", *sentences])

    __repr__ = __str__

    def _heading(self) -> str:
        return f"{self.name}: ℝ{power(self.n)} → ℝ{power(self.m)}, forward against reverse"

    def _sentences(self) -> list[str]:
        counted = self.costs["reverse"].operations / max(1, self.costs["evaluation"].operations)
        ratio = (
            f"One reverse pass takes {counted:.1f} times the operations of one evaluation, where theory bounds a "
            f"gradient by {THEORY}; its time holds the tape too, which forward does without. Times are medians, ± half "
            "of what is between their quartiles; ratios are to one evaluation on plain floats."
        )
        origin = [] if self.origin is None else [self.origin.told]
        return [f"Forward and reverse agree to {self.agreement:.3g} ulp.", *origin, ratio, self.recommendation]

    def _repr_html_(self) -> str:
        sentences = "<br>".join(map(html.escape, self._sentences()))
        return f"{STYLE}<p><b>{html.escape(self._heading())}</b></p>{self._table.html()}<p>{sentences}</p>"

    def plot(
        self,
        path: str | Path | None = None,
        sizes: Sequence[int] = (1, 2, 4, 8, 16, 32, 64),
        fixed: int = 4,
        make_f: Callable[[int, int], Callable[[list[Any]], list[Any]]] | None = None,
    ) -> Any:
        """The cost of a Jacobian by both modes over n and over m, the crossing marked; errors over the step size.

        The costs are those of `make_f`, not of this function, whose n and m are what they are; the errors are its own.

        sizes   of n, with m fixed, and of m, with n fixed
        make_f  (n, m) to a function of a list of n numbers to a list of m; by default a chain that all outputs share
        """
        over_n, over_m = scaling(make_f, sizes, [fixed]), scaling(make_f, [fixed], sizes)
        of = "a chain of 100 operations" if make_f is None else f"{getattr(make_f, '__name__', 'make_f')}(n, m)"
        drawn = figure(over_n, over_m, fixed, of, self.name, self.function, self.at)
        return drawn if path is None else saved(drawn, path)


class Compare:
    """`ad.compare(f, *args)`, and `ad.compare.scaling(make_f, ns, ms)` for the data of its plots."""

    def __call__(self, function: Callable[..., Any], *args: Any) -> Comparison:
        """Forward against reverse mode for a function at a point.

        Unsteady where a second call gives another graph or other numbers, NonFinite where a result or a derivative is
        not a finite number.
        """
        tape = _steady(function, args)
        n, m, point = tape.inputs.size, len(tape.results), list(tape.point)
        args = tape.inputs.rebuild(point)

        of_list = _of_list(function, tape.inputs)
        push, pull = forward_pass(of_list, n), reverse_pass(of_list, m)
        forward, reverse = (recorded(run, (point,), abstract=False) for run in (push, pull))
        by_forward, by_reverse = (jacobian(of_list, mode) for mode in ("forward", "reverse"))
        (of_columns, forward_time), (of_rows, reverse_time) = (
            measured(lambda by=by: by(point)) for by in (by_forward, by_reverse)
        )
        columns, rows = ([_plain(x) for x in flatten(found)[0]] for found in (of_columns, of_rows))
        _check_finite(tape.name, [*rows, *columns])

        costs = {
            "evaluation": Cost("one evaluation", 1, len(tape), timed(lambda: function(*args))),
            "forward": Cost("one forward pass", 1, len(forward), timed(lambda: push(point)), peak(lambda: push(point))),
            "reverse": Cost("one reverse pass", 1, len(reverse), timed(lambda: pull(point)), peak(lambda: pull(point))),
            "forward Jacobian": Cost("Jacobian, forward", n, n * len(forward), forward_time),
            "reverse Jacobian": Cost("Jacobian, reverse", m, m * len(reverse), reverse_time),
        }
        costs |= _witnesses(tape, rows, len(tape))
        _check_same(tape, recorded(function, args, abstract=False), args)
        origin = beside(function, point, expressions(function)) if isinstance(function, Tape) else None
        agreement = _ulps(rows, columns)
        return Comparison(tape.name, n, m, agreement, costs, partial(_along_first, tape), tape.point[0], origin)

    def scaling(self, make_f: Callable[[int, int], Any] | None, ns: Sequence[int], ms: Sequence[int]) -> list[Scaling]:
        """Times and counted operations of both Jacobians for every n in ns and m in ms."""
        return scaling(make_f, ns, ms)


compare = Compare()


def _steady(function: Callable[..., Any], args: Sequence[Any]) -> Tape:
    """The tape of the function at a point, recorded twice to see that it stays the same."""
    tape, again = (recorded(function, args, abstract=False) for _ in range(2))
    _check_finite(tape.name, _check_same(tape, again, args))
    return tape


def _check_same(tape: Tape, again: Tape, args: Sequence[Any]) -> list[float]:
    """The numbers that both tapes give."""
    numbers, others = ([_plain(x) for x in flatten(t.evaluate(*args))[0]] for t in (tape, again))
    if tape != again or any(a != b and a == a for a, b in zip(numbers, others, strict=True)):
        raise Unsteady(
            f"{tape.name} changes between calls, as with random numbers or a state that it keeps: "
            "pass what changes as an argument"
        )
    return numbers


def _plain(x: Any) -> float:
    """The number, also of a model's parameters, which are Values."""
    return x if type(x) is float else x.data


def _check_finite(name: str, numbers: Sequence[Any]) -> None:
    for x in numbers:
        if not math.isfinite(x):
            raise NonFinite(
                f"{name} has the result or derivative {x} here, which cannot be compared: try another point"
            )


def _witnesses(tape: Tape, exact: list[float], operations: int) -> dict[str, Cost]:
    """The Jacobian by central differences and by the complex step, with their largest relative error."""
    n, point, outputs = len(tape.point), list(tape.point), _of_list(tape, tape.inputs)

    def by_differences() -> list[float]:
        h = [EPSILON ** (1 / 3) * (abs(x) or 1.0) for x in point]
        ends = [[outputs([*point[:j], point[j] + s * h[j], *point[j + 1 :]]) for s in (1, -1)] for j in range(n)]
        changes = [[_plain(up - down) for up, down in zip(*pair, strict=True)] for pair in ends]
        return [changes[j][i] / (2 * h[j]) for i in range(len(tape.results)) for j in range(n)]

    def by_complex_step() -> list[float]:
        columns = [complex_step(outputs, point, j) for j in range(n)]
        return [columns[j][i] for i in range(len(tape.results)) for j in range(n)]

    scale = max(map(abs, exact), default=0.0) or 1.0
    costs: dict[str, Cost] = {}
    for key, name, count, by in [
        ("differences", "Jacobian, differences", 2 * n, by_differences),
        ("complex step", "Jacobian, complex step", n, by_complex_step),
    ]:
        try:
            found, taken = measured(by)
        except (NoComplexForm, ValueError, ZeroDivisionError, OverflowError):
            continue
        error = max((abs(a - b) for a, b in zip(found, exact, strict=True)), default=0.0) / scale
        costs[key] = Cost(name, count, count * operations, taken, None, error)
    return costs


def _of_list(function: Callable[..., Any], inputs: Structure) -> Callable[[list[Any]], list[Any]]:
    """The function as one of a list of numbers to a list of numbers."""

    def of_list(numbers: list[Any]) -> list[Any]:
        return flatten(function(*inputs.rebuild(numbers)))[0]

    return of_list


def _along_first(tape: Tape, x: Any) -> Any:
    """The first output as a function of the first input."""
    found = _of_list(tape, tape.inputs)([x, *tape.point[1:]])[0]
    return found.data if type(found) is Value and type(x) is float else found


def _ulps(xs: Sequence[float], ys: Sequence[float]) -> float:
    return max((abs(x - y) / math.ulp(max(abs(x), abs(y))) for x, y in zip(xs, ys, strict=True) if x != y), default=0.0)
