"""What values alone say of a derivative: by the complex step, else by differences; and whether there is one."""

import math
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, NamedTuple, TypeAlias

from autodiff.checking.complex_step import complex_step, step_at
from autodiff.checking.differences import EPSILON, Estimate, Sides, central, flattened, reach, sides, swing
from autodiff.checking.watching import kinks_met

ROOM = 10  # for an error that is an estimate
TELLING = 1e-4  # a reference that is less certain than this, relatively, cannot tell
LOST = 1000 * math.ulp(0.0)  # of an imaginary part that underflows on the way
CLOSE = 0.1  # a complex step that a few ulp of x move by less than this is believed where the derivative is the same
NEIGHBOURS = (-2, -1, 1, 2)  # units in the last place

Numbers: TypeAlias = Callable[[Sequence[Any]], list[Any]]  # a function of a list of numbers, giving a list


class Reference(NamedTuple):
    """What values alone say of a derivative.

    natural  the size below which it is as good as zero
    rounding of the values, and of those below them, over steps as long as x: in any derivative of them too
    special  "kink", where the sides differ, or "edge", where one has no values: no derivative to compare with
    sides    the slopes to the left and to the right
    clear    whether the sides converge
    kinks    asks how many rows were met at a kink or an infinite slope of their own, by f and by its derivatives below
    """

    derivative: float
    error: float
    natural: float
    rounding: float
    method: str
    special: str
    sides: Sides
    clear: bool
    kinks: Callable[[], int]

    @property
    def uncertain(self) -> float:
        """How far it may be off, with room to spare."""
        return ROOM * self.error

    @property
    def certain(self) -> bool:
        """Whether it tells a wrong derivative from a right one."""
        return self.uncertain <= TELLING * abs(self.derivative) + self.natural

    @property
    def close(self) -> bool:
        """Whether it is believed if it agrees to the last digits, as two ways of computing hardly do by chance."""
        return self.method == "complex step" and self.uncertain <= CLOSE * abs(self.derivative)

    @property
    def vanishes(self) -> bool:
        """Whether it is as good as zero, where a wrong factor of a rule does not show."""
        return abs(self.derivative) <= self.natural

    def denied_by_sides(self, derivative: float) -> bool:
        """Whether the slopes to the sides are not this one, or none."""
        low, high = self.sides.range
        slack = 1e-3 * max(abs(low), abs(high)) + 100 * (self.sides.left.error + self.sides.right.error) + self.natural
        return not self.clear or not low - slack <= derivative <= high + slack


def references(functions: Sequence[Numbers], point: Sequence[float], j: int) -> list[Reference]:
    """For each output of the last function, its derivative along the j-th number.

    functions  f and its derivatives below the one in question, each a function of a list of numbers
    """
    function, x = functions[-1], point[j]

    @cache
    def along(t: float) -> list[float]:
        return function([*point[:j], t, *point[j + 1 :]])

    @cache
    def kinks() -> int:
        return sum(kinks_met(below, point, j, compared=not k) for k, below in enumerate(functions))

    values = [below(point) for below in functions]
    exact = _by_complex_step(function, point, j)
    found = list[Reference]()
    for i in range(len(values[-1])):
        reference = _reference(_component_of(along, i), x, exact[i] if exact else None, kinks)
        if len(functions) > 1 and not math.isfinite(values[-1][i]):  # what there is none of has no derivative
            reference = reference._replace(special="kink" if kinks() else "edge")
        underflow = LOST / step_at(x) if exact else 0.0
        found.append(reference._replace(rounding=_rounding(values, point, j, i) + underflow))
    return found


def _rounding(values: Sequence[list[float]], point: Sequence[float], j: int, i: int) -> float:
    """4 ulp of f and its derivatives below output i, each over |xⱼ| as often as it is still differentiated."""
    sizes, length = list[float](), 1.0
    for numbers in reversed(values):
        length *= reach(point[j])
        sizes.append(abs(numbers[i]) / length)
        i //= len(point)
    return 4 * EPSILON * max(filter(math.isfinite, sizes), default=0.0)


def _component_of(function: Callable[[float], list[float]], i: int) -> Callable[[float], float]:
    return lambda t: function(t)[i]


def _reference(
    output: Callable[[float], float], x: float, exact: Estimate | None, kinks: Callable[[], int]
) -> Reference:
    found, change = sides(output, x), swing(output, x)
    natural = 1e-8 * max(abs(output(x)) / max(abs(x), 1e-3), change)
    clear = found.resolved(max(abs(output(x)) / reach(x), change))
    edge = exact is None and found.one_is_missing
    special = "edge" if edge else "kink" if clear and found.differ(natural) else ""
    numeric, method = (exact, "complex step") if exact else (_by_differences(output, x, clear=clear), "differences")
    reference = Reference(*numeric, natural, 0.0, method, special, found, clear, kinks)
    if exact and not special and not reference.certain:
        other = reference._replace(method="differences", **_by_differences(output, x, clear=clear)._asdict())
        return other if other.certain else reference
    return reference


def _by_differences(output: Callable[[float], float], x: float, *, clear: bool) -> Estimate:
    """Central differences, which do not see f(x): certain only where the sides, which do, converge."""
    found = central(output, x)
    return found._replace(error=max(found.error, flattened(output, x)) if clear else math.inf)


def _by_complex_step(function: Numbers, point: Sequence[float], j: int) -> list[Estimate] | None:
    """The complex step's derivatives; the error of each is how far it moves when xⱼ moves by a few ulp."""
    try:
        exact = complex_step(function, list(point), j)
        ulp = math.ulp(point[j]) if point[j] else EPSILON
        nudged = ([*point[:j], point[j] + n * ulp, *point[j + 1 :]] for n in NEIGHBOURS)
        near = [complex_step(function, numbers, j) for numbers in nudged]
    except (ArithmeticError, ValueError):
        return None
    moved = [max(abs(y[i] - exact[i]) for y in near) for i in range(len(exact))]
    return [Estimate(y, 4 * move + 4 * EPSILON * abs(y)) for y, move in zip(exact, moved, strict=True)]
