"""check_grad: derivatives against what values alone say, by the complex step or by extrapolated differences."""

import math
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import product
from typing import Any, NamedTuple

from autodiff.checking.complex_step import complex_step
from autodiff.checking.differences import EPSILON, Estimate, central, one_sided
from autodiff.core.value import Value
from autodiff.errors import WrongDerivative
from autodiff.transforms.derivatives import Mode, jacobian
from autodiff.transforms.structure import Structure, flatten
from autodiff.words.notation import power
from autodiff.words.typeset import Column, Table

TOLERANCE = 1e-10  # relative; what a rule may be off before it is called wrong, where the reference is as good
VERDICTS = ("ok", "wrong", "kink", "edge", "cannot tell")
TINY = 1e-270  # near underflow a derivative has lost digits
TELLING = 1e-4  # a reference that is less certain than this, relatively, cannot tell
ROWS_SHOWN = 40
COLUMNS = (
    Column("derivative", gap=0),
    Column("modes", width=20),
    Column("analytic", ">", width=23, gap=1),
    Column("numeric", ">", width=23, gap=1),
    Column("rel. error", ">", width=10, gap=1),
    Column("verdict", width=0),
)
NEIGHBOURS = (-2, -1, 1, 2)  # units in the last place

Numbers = Callable[[Sequence[Any]], list[Any]]  # a function of a list of numbers, giving a list


class Component(NamedTuple):
    """One derivative, of one order, along one way of nesting the modes.

    verdict  "ok"; "wrong"; "kink", where left and right derivatives differ; "edge", where one side has no values;
             "cannot tell", where the function is too ill-conditioned: no reference is certain enough
    """

    name: str
    modes: tuple[str, ...]
    analytic: float
    numeric: float
    error: float
    method: str
    verdict: str

    def cells(self) -> tuple[str, ...]:
        """What stands in the table."""
        verdict = self.verdict if self.verdict == "ok" else f"{self.verdict} ({self.method})"
        numbers = f"{self.analytic:.16g}", f"{self.numeric:.16g}", f"{self.error:.1e}"
        return self.name, " over ".join(self.modes), *numbers, verdict


class GradientReport(NamedTuple):
    """What `check_grad` found, a row for each component; prints as a table, those that are not ok first."""

    rows: list[Component]

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong: a kink, an edge or a component that cannot be told is no error."""
        return not any(row.verdict == "wrong" for row in self.rows)

    def raise_if_wrong(self) -> "GradientReport":
        """Raise WrongDerivative with the table, unless it is ok; then return the report."""
        if not self.ok:
            raise WrongDerivative(str(self))
        return self

    def __str__(self) -> str:
        verdicts = [row.verdict for row in self.rows]
        counts = ", ".join(f"{verdicts.count(v)} {v}" for v in VERDICTS if v in verdicts)
        rows = sorted(self.rows, key=lambda row: row.verdict == "ok")
        lines = Table(COLUMNS, [row.cells() for row in rows[:ROWS_SHOWN]]).lines()
        more = [f"… and {len(rows) - ROWS_SHOWN} more"] if len(rows) > ROWS_SHOWN else []
        return "\n".join([*lines, *more, counts or "no derivatives"])


def check_grad(
    function: Callable[..., Any],
    x: Any,
    order: int = 2,
    modes: Sequence[Mode] = ("forward", "reverse"),
    tolerance: float = TOLERANCE,
) -> GradientReport:
    """Every derivative of f at x up to `order`, in every nesting of `modes`, against values of f alone.

    x          one argument: a number, list, dict, array … of numbers; f may have any number of outputs
    tolerance  relative; a reference that is less certain is compared as far as it goes

    The k-th derivative is compared with the complex step, where the rows in f have a complex form, of the (k − 1)-th
    taken forward; else with Richardson's extrapolation of central differences.
    """
    if not isinstance(order, int) or order < 1 or isinstance(modes, str):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise ValueError(f'order is a whole number from 1, modes a list as in ["forward"]; got {order!r}, {modes!r}')
    found, structure = flatten(x)
    point = [float(getattr(number, "data", number)) for number in found]
    rows: list[Component] = []
    for k in range(1, order + 1):
        below = _nested(function, structure, ("forward",) * (k - 1))
        references = [_references(below, point, j) for j in range(len(point))]
        expected = [reference for by_output in zip(*references, strict=True) for reference in by_output]
        names = list(_names(function, structure, k, point))
        for nest in product(modes, repeat=k):
            analytic = _nested(function, structure, nest)(point)
            for name, derivative, reference in zip(names, analytic, expected, strict=True):
                rows.append(_component(name, nest[::-1], derivative, reference, tolerance))
    return GradientReport(rows)


class Reference(NamedTuple):
    """What values alone say of a derivative.

    natural  the size below which it is as good as zero
    special  "kink" or "edge", where there is no derivative to compare with
    slopes   to the left and to the right: a sub-gradient is between them
    """

    derivative: float
    error: float
    natural: float
    method: str
    special: str
    slopes: tuple[float, float]


def _nested(function: Any, structure: Structure, modes: Sequence[Mode]) -> Numbers:
    """The derivative of f by these modes, the first innermost, as a function of a list of numbers to a list."""
    for mode in modes:
        function = jacobian(function, mode)

    def of_list(numbers: Sequence[Any]) -> list[Any]:
        outputs = flatten(function(structure.rebuild(numbers)))[0]
        return [y.data if isinstance(y, Value) else y for y in outputs]  # of a module, whose parameters are Values

    return of_list


def _names(function: Any, structure: Structure, order: int, point: Sequence[float]) -> Iterator[str]:
    outputs = flatten(function(structure.rebuild(point)))[1].names("f")
    for output, *inputs in product(outputs, *[list(structure.names("x"))] * order):
        yield f"∂{power(order)}{output}/{''.join('∂' + name for name in inputs)}"


def _references(function: Numbers, point: list[float], j: int) -> list[Reference]:
    """For each output, its derivative along the j-th number from values alone."""

    @cache
    def along(t: float) -> list[float]:
        return function([*point[:j], t, *point[j + 1 :]])

    x = point[j]
    values = along(x)
    exact = _by_complex_step(function, point, j)
    references: list[Reference] = []
    for i, value in enumerate(values):
        output = _component_of(along, i)
        left, right = one_sided(output, x, -1.0), one_sided(output, x, 1.0)
        numeric, method = (exact[i], "complex step") if exact else (central(output, x), "differences")
        natural = 1e-8 * abs(value) / max(abs(x), 1e-3)
        edge = not exact and (math.isinf(left.error) or math.isinf(right.error))
        special = "edge" if edge else "kink" if _differ(left, right, natural) else ""
        slopes = (left.derivative, right.derivative)
        references.append(Reference(*numeric, natural, method, special, slopes))
    return references


def _component_of(function: Callable[[float], list[float]], i: int) -> Callable[[float], float]:
    return lambda t: function(t)[i]


def _by_complex_step(function: Numbers, point: list[float], j: int) -> list[Estimate] | None:
    """The complex step's derivatives; the error of each is how far it moves when xⱼ moves by a few ulp."""
    try:
        exact = complex_step(function, point, j)
        ulp = math.ulp(point[j]) if point[j] else EPSILON
        nudged = ([*point[:j], point[j] + n * ulp, *point[j + 1 :]] for n in NEIGHBOURS)
        near = [complex_step(function, numbers, j) for numbers in nudged]
    except (ArithmeticError, ValueError):
        return None
    moved = [max(abs(y[i] - exact[i]) for y in near) for i in range(len(exact))]
    return [Estimate(y, 4 * move + 4 * EPSILON * abs(y)) for y, move in zip(exact, moved, strict=True)]


def _differ(left: Estimate, right: Estimate, natural: float) -> bool:
    gap = abs(left.derivative - right.derivative)
    return gap > 1e-3 * max(abs(left.derivative), abs(right.derivative)) + 100 * (left.error + right.error) + natural


def _component(name: str, modes: tuple[str, ...], analytic: float, reference: Reference, tolerance: float) -> Component:
    numeric, uncertain = reference.derivative, 10 * reference.error
    scale, gap = max(abs(analytic), abs(numeric)), abs(analytic - numeric)
    certain = uncertain <= TELLING * abs(numeric) + reference.natural and not 0 < scale < TINY
    agree = certain and gap <= tolerance * scale + uncertain
    if math.isnan(analytic):
        verdict = reference.special or "cannot tell"
    elif agree and (reference.method == "complex step" or not reference.special):
        verdict = "ok"
    elif reference.special and not 0 < scale < TINY:
        low, high = sorted(reference.slopes)
        slack = 1e-6 * max(abs(low), abs(high)) + reference.natural
        outside = reference.special == "kink" and not (low - slack <= analytic <= high + slack)
        verdict = "wrong" if outside else reference.special
    else:
        verdict = "wrong" if certain else "cannot tell"
    return Component(name, modes, analytic, numeric, gap / scale if scale else gap, reference.method, verdict)
