"""Values of rows, written with what NumPy and the machine have: read on arrays of rows and on lanes of registers.

A form takes the functions of its reader first, f.exp and the like, then the operands. Of its numbers, f.small is the
least that is surely normal, and f.far a power of 2 that takes the ends of their range to its middle. Both sides of a
choice are computed. No row here has a derivative: those stand in the table, and tapes hold them as instructions.
"""

# pyright: reportUnknownLambdaType=false, reportUnknownArgumentType=false, reportUnknownMemberType=false

import math
from collections.abc import Callable
from functools import reduce
from typing import Any, TypeAlias

from autodiff.core import primitives as table
from autodiff.core.floats import INF, NAN
from autodiff.core.normal import PEAK, ROOT, ROOT_HIGH, ROOT_LOW
from autodiff.core.rows import Primitive
from autodiff.core.special import LOG2, PI

Form: TypeAlias = Callable[..., Any]

# What a reader has itself, by the name of the row.
BASIC = (
    "absolute", "copysign", "floor", "ceil", "trunc", "round", "fmod", "power", "hypot", "atan2", "sqrt", "cbrt",
    "exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "erf", "erfc",
    "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh",
)  # fmt: skip


def chained(f: Any, x: Any, y: Any) -> Any:
    """x · y; 0 where either is 0."""
    return f.where(x == 0.0, 0.0, f.where(y == 0.0, 0.0, x * y))


def larger(f: Any, x: Any, y: Any) -> Any:
    """The larger, the first where they tie; nan where either is."""
    return f.where(y > x, y, f.where(y == y, x, y))


def smaller(f: Any, x: Any, y: Any) -> Any:
    """The smaller, the first where they tie; nan where either is."""
    return f.where(y < x, y, f.where(y == y, x, y))


def modulo(f: Any, x: Any, y: Any) -> Any:
    """x mod y, of the sign of y, as Python has it."""
    rest = f.fmod(x, y)
    across = f.where(y < 0.0, f.where(rest > 0.0, rest + y, rest), f.where(rest < 0.0, rest + y, rest))
    return f.where(rest == 0.0, f.copysign(0.0, y), across)


def floor_divide(f: Any, x: Any, y: Any) -> Any:
    """⌊x / y⌋, as Python has it; nan for y = 0."""
    rest = f.fmod(x, y)
    whole = (x - rest) / y
    whole = f.where(y < 0.0, f.where(rest > 0.0, whole - 1.0, whole), f.where(rest < 0.0, whole - 1.0, whole))
    down = f.floor(whole)
    return f.where(whole == 0.0, f.copysign(0.0, x / y), f.where(whole - down > 0.5, down + 1.0, down))


def sign(f: Any, x: Any) -> Any:
    """−1, 0 or 1; nan for nan."""
    return f.where(x > 0.0, 1.0, f.where(x < 0.0, -1.0, f.where(x == 0.0, 0.0, x)))


def cbrt_slope(f: Any, x: Any) -> Any:
    """1 / (3 ∛x²)."""
    return f.where(x == 0.0, INF, f.where(f.absolute(x) == INF, 0.0, f.cbrt(x) / x / 3.0))


def sigmoid(f: Any, x: Any) -> Any:
    """1 / (1 + e⁻ˣ)."""
    e = f.exp(-f.absolute(x))
    return f.where(x < 0.0, e, 1.0) / (1.0 + e)


def softplus(f: Any, x: Any) -> Any:
    """log(1 + eˣ)."""
    return f.where(x <= 0.0, 0.0, x) + f.log1p(f.exp(-f.absolute(x)))


def difference(f: Any, x: Any, y: Any) -> tuple[Any, Any]:
    """x − y, and what it rounded off (TwoSum, Knuth); nothing where one is infinite: ∞ − ∞ would be invalid."""
    d = x - y
    finite = f.absolute(d) < INF
    x, y, sum_ = f.where(finite, x, 0.0), f.where(finite, y, 0.0), f.where(finite, d, 0.0)
    back = sum_ - x
    return d, (x - (sum_ - back)) - (y + back)


def logaddexp(f: Any, x: Any, y: Any) -> Any:
    """log(eˣ + eʸ)."""
    d, lost = difference(f, x, y)
    e = f.exp(-f.absolute(d))
    sum_ = larger(f, x, y) + (f.log1p(e) - f.copysign(e / (1.0 + e), d) * lost)
    return f.where(x == y, x + LOG2, sum_)


def share(f: Any, x: Any, y: Any) -> Any:
    """eˣ / (eˣ + eʸ)."""
    d, lost = difference(f, x, y)
    s = sigmoid(f, d)
    return f.where(x == y, 0.5, s + s * sigmoid(f, -d) * lost)


def spread(f: Any, x: Any, y: Any) -> Any:
    """eᵈ / (1 + eᵈ)² with d = x − y."""
    d, lost = difference(f, x, y)
    e = f.exp(-f.absolute(d))
    above = 1.0 + e
    s = e / (above * above)
    return f.where(x == y, 0.25, s - s * f.copysign((1.0 - e) / above, d) * lost)


def logaddexp2(f: Any, x: Any, y: Any) -> Any:
    """log₂(2ˣ + 2ʸ)."""
    return f.where(x == y, x + 1.0, larger(f, x, y) + f.log1p(f.exp2(-f.absolute(x - y))) / LOG2)


def share2(f: Any, x: Any, y: Any) -> Any:
    """2ˣ / (2ˣ + 2ʸ)."""
    d, lost = difference(f, x, y)
    e = f.exp2(-f.absolute(d))
    above = 1.0 + e
    return f.where(x == y, 0.5, f.where(d > 0.0, 1.0, e) / above + LOG2 * lost * e / (above * above))


def direction(f: Any, x: Any, y: Any) -> Any:
    """x / √(x² + y²), scaled where the root is subnormal or overflows; 0 at 0, its limit at an infinity."""
    h, far_x, far_y = f.hypot(x, y), f.absolute(x) == INF, f.absolute(y) == INF
    scale = f.where(h > 1.0, 1.0 / f.far, f.far)
    scaled = f.where(h == 0.0, 0.0, x * scale / f.hypot(x * scale, y * scale))
    limit = f.where(far_x, f.where(far_y, NAN, f.where(y == y, sign(f, x), NAN)), f.where(x == x, 0.0, NAN))
    near = f.where(h > f.small, f.where(h < INF, x / h, scaled), scaled)
    return f.where(far_x, limit, f.where(far_y, limit, near))


def atan2_slope(f: Any, x: Any, y: Any) -> Any:
    """y / (x² + y²), scaled where the root is subnormal or overflows; nan at 0."""
    h = f.hypot(x, y)
    scale = f.where(h > 1.0, 1.0 / f.far, f.far)
    small = f.hypot(x * scale, y * scale)
    scaled = f.where(h == 0.0, NAN, y * scale / small / small * scale)
    limit = f.where(x == x, f.where(y == y, 0.0, NAN), NAN)
    near = f.where(h > f.small, f.where(h < INF, y / h / h, scaled), scaled)
    return f.where(f.absolute(x) == INF, limit, f.where(f.absolute(y) == INF, limit, near))


def sinpi(f: Any, x: Any) -> Any:
    """sin πx, by the exact remainder of x by 2."""
    r = f.fmod(x, 2.0)
    r = f.where(f.absolute(r) > 1.0, r - f.copysign(2.0, r), r)
    r = f.where(f.absolute(r) > 0.5, f.copysign(1.0, r) - r, r)
    return f.where(f.absolute(r) <= 0.25, f.sin(PI * r), f.copysign(f.cos(PI * (0.5 - f.absolute(r))), r))


def cospi(f: Any, x: Any) -> Any:
    """cos πx."""
    r = f.absolute(f.fmod(x, 2.0))
    r = f.where(r > 1.0, 2.0 - r, r)
    middle = f.where(r > 0.75, -f.cos(PI * (1.0 - r)), f.sin(PI * (0.5 - r)))
    return f.where(r < 0.25, f.cos(PI * r), middle)


def split(f: Any, x: Any) -> Any:
    """The upper 26 bits of a number below 64."""
    return f.floor(x * 2.0**20) * 2.0**-20


def exp_of_square(f: Any, factor: float, x: Any) -> Any:
    """exp(factor · x²), the square split in two."""
    high = split(f, x)
    e = f.exp(factor * high * high)
    near = e + e * f.expm1(factor * (x - high) * (x + high))
    return f.where(f.absolute(x) < 40.0, near, f.where(x == x, 0.0, x))


def cdf(f: Any, x: Any) -> Any:
    """Φ(x)."""
    t, high = -x * ROOT, split(f, x)
    lost = (high * ROOT_HIGH + t) + (x - high) * ROOT_HIGH + x * ROOT_LOW
    tail = 0.5 * f.erfc(t)
    lower = tail + lost * f.exp(-t * t) / math.sqrt(PI)
    return f.where(x > -40.0, f.where(x < 0.0, lower, tail), tail)


FORMS: dict[Primitive, Form] = {
    table.add: lambda f, x, y: x + y,
    table.subtract: lambda f, x, y: x - y,
    table.gap: lambda f, x, y: f.where(x == y, 0.0, x - y),
    table.multiply: lambda f, x, y: x * y,
    table.chain: chained,
    table.divide: lambda f, x, y: x / y,
    table.ieee_divide: lambda f, x, y: x / y,
    table.negate: lambda f, x: -x,
    table.ieee_power: lambda f, x, y: f.power(x, y),
    table.floor_divide: floor_divide,
    table.ieee_floor_divide: floor_divide,
    table.modulo: modulo,
    table.reciprocal: lambda f, x: 1.0 / x,
    table.square: lambda f, x: x * x,
    table.identity: lambda f, x: x,
    table.detach: lambda f, x: x,
    table.sign: sign,
    table.floor: lambda f, x: f.floor(x) + 0.0,  # Python's whole numbers have no −0
    table.ceil: lambda f, x: f.ceil(x) + 0.0,
    table.trunc: lambda f, x: f.trunc(x) + 0.0,
    table.round: lambda f, x: f.round(x) + 0.0,
    table.relu: lambda f, x: f.where(x <= 0.0, 0.0, x),
    table.maximum: lambda f, *xs: reduce(lambda x, y: larger(f, x, y), xs),
    table.minimum: lambda f, *xs: reduce(lambda x, y: smaller(f, x, y), xs),
    table.where: lambda f, condition, x, y: f.where(condition != 0.0, x, y),
    table.less: lambda f, x, y: f.where(x < y, 1.0, 0.0),
    table.less_equal: lambda f, x, y: f.where(x <= y, 1.0, 0.0),
    table.greater: lambda f, x, y: f.where(x > y, 1.0, 0.0),
    table.greater_equal: lambda f, x, y: f.where(x >= y, 1.0, 0.0),
    table.equal: lambda f, x, y: f.where(x == y, 1.0, 0.0),
    table.not_equal: lambda f, x, y: f.where(x != y, 1.0, 0.0),
    table.ieee_log: lambda f, x: f.log(x),
    table.cbrt_slope: cbrt_slope,
    table.xlogy: lambda f, x, y: f.where(x == 0.0, f.where(y == y, 0.0, y), x * f.log(y)),
    table.entropy: lambda f, x: f.where(x == 0.0, 0.0, -x * f.log(x)),
    table.sinpi: sinpi,
    table.cospi: cospi,
    table.sinc: lambda f, x: f.where(x == 0.0, 1.0, sinpi(f, x) / (PI * x)),
    table.complement: lambda f, x: (1.0 - x) * (1.0 + x),
    table.atan2_slope: atan2_slope,
    table.direction: direction,
    table.sigmoid: sigmoid,
    table.softplus: softplus,
    table.logaddexp: logaddexp,
    table.share: share,
    table.spread: spread,
    table.part: lambda f, x, y: x / (x + y),
    table.logit: lambda f, x: f.where(x < 0.25, f.log(x / (1.0 - x)), 2.0 * f.atanh(2.0 * x - 1.0)),
    table.variance: lambda f, x: x * (1.0 - x),
    table.logaddexp2: logaddexp2,
    table.share2: share2,
    table.gaussian: lambda f, x: exp_of_square(f, -1.0, x),
    table.density: lambda f, x: PEAK * exp_of_square(f, -0.5, x),
    table.cdf: cdf,
}


def _basic(name: str) -> Form:
    def value(f: Any, *xs: Any) -> Any:
        return getattr(f, name)(*xs)

    return value


FORMS.update({row: _basic(row.name) for row in (getattr(table, name) for name in BASIC) if row not in FORMS})
OF_SEVERAL = {table.hypot: range(2, 3), table.maximum: range(1, 1 << 30), table.minimum: range(1, 1 << 30)}


def form(row: Primitive, count: int) -> Form | None:
    """The form of a row of so many operands; None where only its float function is there."""
    return FORMS.get(row) if count in OF_SEVERAL.get(row, (row.arity,)) else None


# Where a float function raises, by IEEE 754: the function that does not, or its limit at the pole or beyond the range.
LIMITS: dict[Primitive, Callable[..., float]] = {
    table.divide: table.ieee_divide.function,
    table.floor_divide: table.ieee_floor_divide.function,
    table.power: table.ieee_power.function,
    table.ldexp: table.ieee_ldexp.function,
    table.erfinv: table.ieee_erfinv.function,
    table.reciprocal: lambda x: math.copysign(INF, x),
    table.part: lambda x, y: table.ieee_divide.function(x, x + y),
    table.sinh: lambda x: math.copysign(INF, x),
    table.gamma: lambda x: math.copysign(INF, x) if x == 0.0 or x > 0.0 else NAN,
    **{row: lambda x: -INF if x == 0.0 else NAN for row in (table.log, table.log2, table.log10)},
    table.log1p: lambda x: -INF if x == -1.0 else NAN,
    table.atanh: lambda x: math.copysign(INF, x) if abs(x) == 1.0 else NAN,
    table.logit: lambda x: -INF if x == 0.0 else INF if x == 1.0 else NAN,
    table.xlogy: lambda x, y: -x * INF if y == 0.0 else NAN,
    **{row: lambda x: x for row in (table.floor, table.ceil, table.trunc, table.round)},
    **{row: lambda *_: INF for row in (table.exp, table.exp2, table.expm1, table.cosh, table.lgamma)},
}


def by_ieee(row: Primitive) -> Callable[..., float]:
    """The float function of a row that gives ±inf or nan where it would raise."""
    function, limit = row.function, LIMITS.get(row, lambda *_: NAN)

    def value(*xs: float) -> float:
        try:
            return float(function(*xs))
        except (ArithmeticError, ValueError):
            return limit(*xs)

    return value
