"""The complex step: f′(x) = Im f(x + ih) / h, exact to rounding, for rows with a complex form.

Squire and Trapp, Using complex variables to estimate derivatives of real functions (1998). No difference is taken, so
that h may be far below rounding. It knows nothing of the table's partials: that makes it a witness against them.
"""

import cmath
import math
from collections.abc import Callable, Sequence
from typing import Any, final

from autodiff.core.operators import Operators
from autodiff.core.rows import ROWS, Operand, Primitive

STEP = 1e-30  # relative to x: its square is far below rounding, and it is far above the smallest float


def step_at(x: float) -> float:
    """The step h along the imaginary axis; NoComplexForm where it would underflow."""
    h = STEP * (abs(x) or 1.0)
    if h < 1e-150:
        raise NoComplexForm(f"{x} is too small for a complex step")
    return h


def complex_step(function: Callable[[list[Any]], list[Any]], numbers: Sequence[float], j: int) -> list[float]:
    """∂fᵢ/∂xⱼ for each output of a function of a list of numbers; NoComplexForm where a row has none."""
    h = step_at(numbers[j])
    outputs = function([*numbers[:j], Complex(complex(numbers[j], h)), *numbers[j + 1 :]])
    return [y.number.imag / h if isinstance(y, Complex) else 0.0 for y in outputs]


class NoComplexForm(ArithmeticError):
    """A row that is not in the table below, or a number at which its complex form fails."""


@final
class Complex(Operators):
    """x + ihẋ: the real part is the number, and is computed by the float function of each row."""

    __slots__ = ("number",)
    tag = 1  # outside of Values, which are constants here
    number: complex

    def __init__(self, number: complex) -> None:
        self.number = number

    @property
    def data(self) -> float:
        """The real part."""
        return self.number.real

    @property
    def primal(self) -> float:
        """What a sweep would ask for: reverse accumulation runs on floats, and has no complex form."""
        raise NoComplexForm("a gradient taken inside the function has no complex form")

    @property
    def constant(self) -> "Complex":
        """Itself: values are all that a witness sees, and a stopped gradient is still a value that varies."""
        return self

    def apply(self, row: Primitive, operands: tuple[Any, ...]) -> "Complex":
        """The row's float function for the real part, its complex form for the imaginary one."""
        numbers = [_complex(x) for x in operands]
        real = row.evaluate([z.real for z in numbers], operands)
        if ROWS.get(row.base.name) is not row.base or row.base.name not in FORMS:
            raise NoComplexForm(f"{row.name} has no complex form")
        try:
            return Complex(complex(real, FORMS[row.base.name](*numbers).imag))
        except (ArithmeticError, ValueError):  # beyond the float's range, or at the edge of the domain
            raise NoComplexForm(f"{row.name} has no complex step at {real}") from None

    def __repr__(self) -> str:
        return f"Complex({self.number!r})"


def _complex(x: Any) -> complex:
    return x.number if isinstance(x, Complex) else complex(x.data if isinstance(x, Operand) else x)


def _power(x: complex, y: complex) -> complex:
    # Python multiplies out a whole power, which a negative base needs: its logarithm has an imaginary part of π
    return x ** int(y.real) if not y.imag and y.real % 1 == 0 else x**y


def _sigmoid(x: complex) -> complex:
    return 1 / (1 + cmath.exp(-x)) if x.real >= 0 else cmath.exp(x) / (1 + cmath.exp(x))


def _softplus(x: complex) -> complex:
    return x + cmath.log(1 + cmath.exp(-x)) if x.real >= 0 else cmath.log(1 + cmath.exp(x))


def _spread(x: complex, y: complex) -> complex:
    half = 0.5 / cmath.cosh((x - y) / 2)
    return half * half


def _atan2(y: complex, x: complex) -> complex:
    return cmath.atan(y / x) if abs(x.real) > abs(y.real) else -cmath.atan(x / y)


def _hypot(*xs: complex) -> complex:
    scale = max(abs(x.real) for x in xs) or 1.0
    return scale * cmath.sqrt(sum((x / scale) ** 2 for x in xs))


def _reduced(x: complex) -> complex:
    return complex(math.fmod(x.real, 2.0), x.imag)


def _sinc(x: complex) -> complex:
    if abs(x) < 0.5:  # by its series, since the quotient cancels
        return sum((-1) ** k * (math.pi * x) ** (2 * k) / math.factorial(2 * k + 1) for k in range(12))
    return cmath.sin(math.pi * _reduced(x)) / (math.pi * x)


def _log2p1(x: complex) -> complex:
    return cmath.log(1 + 2**x) / math.log(2.0)


def _direction(x: complex, y: complex) -> complex:
    # the smaller over the larger, so that neither part cancels
    if abs(x.real) < abs(y.real):
        return math.copysign(1.0, y.real) * (x / y) / cmath.sqrt(1 + (x / y) ** 2)
    return math.copysign(1.0, x.real) / cmath.sqrt(1 + (y / x) ** 2)


def _signed(x: complex) -> complex:
    return x if x.real > 0 else -x if x.real < 0 else 0j


def _largest(*xs: complex) -> complex:
    return max(xs, key=lambda x: x.real)


def _smallest(*xs: complex) -> complex:
    return min(xs, key=lambda x: x.real)


def _where(condition: complex, x: complex, y: complex) -> complex:
    return x if condition.real else y


CMATH = (
    "exp", "log", "log10", "sqrt", "sin", "cos", "tan", "asin", "acos", "atan",
    "sinh", "cosh", "tanh", "asinh", "acosh", "atanh",
)  # fmt: skip

COMPARISONS = ("less", "less_equal", "greater", "greater_equal", "equal", "not_equal")

# A backend keeps one small table keyed by primitive. Only imaginary parts are read: a jump has none.
UNARY: dict[str, Callable[[complex], complex]] = {
    **{name: getattr(cmath, name) for name in CMATH},
    "negate": lambda x: -x,
    "reciprocal": lambda x: 1 / x,
    "square": lambda x: x * x,
    "identity": lambda x: x,
    "detach": lambda x: x,
    "absolute": _signed,
    "sign": lambda x: 0j,
    **{name: lambda x: 0j for name in ("floor", "ceil", "trunc", "round")},
    "sinpi": lambda x: cmath.sin(math.pi * _reduced(x)),
    "cospi": lambda x: cmath.cos(math.pi * _reduced(x)),
    "sinc": _sinc,
    "entropy": lambda x: -x * cmath.log(x),
    "relu": lambda x: x if x.real > 0 else 0j,
    "exp2": lambda x: cmath.exp(x * math.log(2.0)),
    "expm1": cmath.exp,
    "log2": lambda x: cmath.log(x) / math.log(2.0),
    "log1p": lambda x: cmath.log(1.0 + x),
    "cbrt": lambda x: x ** (1 / 3) if x.real > 0 else -((-x) ** (1 / 3)),
    "cbrt_slope′": lambda x: 1 / (3 * (x * x) ** (1 / 3)),
    "sigmoid": _sigmoid,
    "softplus": _softplus,
    "logit": lambda x: cmath.log(x / (1.0 - x)),
    "complement′": lambda x: 1.0 - x * x,
    "variance′": lambda x: x * (1.0 - x),
    "gaussian": lambda x: cmath.exp(-x * x),
    "density′": lambda x: cmath.exp(-0.5 * x * x) / math.sqrt(2.0 * math.pi),
}
BINARY: dict[str, Callable[[complex, complex], complex]] = {
    "add": lambda x, y: x + y,
    "subtract": lambda x, y: x - y,
    "multiply": lambda x, y: x * y,
    "divide": lambda x, y: x / y,
    "power": _power,
    "floor_divide": lambda x, y: 0j,
    "modulo": lambda x, y: x - y * math.floor(x.real / y.real),
    "fmod": lambda x, y: x - y * math.trunc(x.real / y.real),
    **{name: lambda x, y: 0j for name in COMPARISONS},
    "atan2": _atan2,
    "copysign": lambda x, y: _signed(x) * math.copysign(1.0, y.real),
    "xlogy": lambda x, y: x * cmath.log(y),
    "ldexp": lambda x, y: x * 2.0**y.real,
    "logaddexp2": lambda x, y: x + _log2p1(y - x) if x.real > y.real else y + _log2p1(x - y),
    "logaddexp": lambda x, y: x + _softplus(y - x) if x.real > y.real else y + _softplus(x - y),
    "atan2_slope′": lambda x, y: y / (x * x + y * y) if abs(x.real) < abs(y.real) else y / x / (x + y * (y / x)),
    "direction′": _direction,
    "share": lambda x, y: _sigmoid(x - y),
    "spread′": _spread,
    "part′": lambda x, y: 1 / (1 + y / x) if x else 0j,
}
FORMS: dict[str, Callable[..., complex]] = {
    **UNARY, **BINARY, "maximum": _largest, "minimum": _smallest, "hypot": _hypot, "where": _where
}  # fmt: skip
