"""The table: a row per elementary function, and a row is everything about it.

A partial takes the output and the operands, and is written with the rows themselves: on floats it gives a number,
on Duals and Values something to be differentiated again. Where the accurate form differs from the textbook's, the
formula for people is the textbook's and a comment says why.
"""

import math
import operator
from collections.abc import Callable
from functools import partial as bind
from typing import Any, TypeAlias

from autodiff.core import floats, logistic, normal, powers, special
from autodiff.core.floats import INF, NAN
from autodiff.core.rows import ROWS, WIDE, Number, Operand, Pair, Partial1, Primitive, binary, constant, define, unary

REAL, POSITIVE, UNIT = WIDE, (1e-300, 1e300), (-1.0, 1.0)


# of one operand, of two, of more, of any number of them
Internal: TypeAlias = tuple[Partial1] | Pair | tuple[Any, Any, float, float] | Callable[..., Number]


def pick(condition: Any, x: Callable[[], Number], y: Callable[[], Number]) -> Number:
    """What is chosen, and only that is computed; in a trace, where the condition is not known, `where` of both."""
    if isinstance(condition, Operand):
        return where(condition, x(), y())
    return x() if condition else y()


def internal(name: str, function: Any, partials: Internal, formulas: Any, domain: Any, symbol: str = "") -> Primitive:
    """A row that only partials use: on tapes like any other, but no name of `ad.` or method: no Python name has ′."""
    row = Primitive(f"{name}′", function, partials, formulas, domain, symbol or name)
    ROWS[row.name] = row
    return row


def product(rate: Number, slope: Number) -> Number:
    """One factor of the chain rule times the next. Float zeros have been skipped; of other kinds `chain` sees them."""
    return rate * slope if type(rate) is type(slope) is float else chain(rate, slope)


# fmt: off
# Arithmetic

add = binary("add", operator.add, (1.0, 1.0), ("1", "1"), symbol="+")
subtract = binary("subtract", operator.sub, (1.0, -1.0), ("1", "−1"), symbol="−")
gap = subtract.twin(floats.gap)  # 0 where both are the same infinity
multiply = binary("multiply", operator.mul, (lambda out, x, y: y, lambda out, x, y: x), ("y", "x"), symbol="×")
chain = multiply.twin(floats.chained)  # 0 where either factor is: 0 · ∞ contributes nothing
divide: Primitive = binary(
    "divide",
    floats.divide,
    (lambda out, x, y: ieee_divide(1.0, y), lambda out, x, y: -ieee_divide(out, y)),  # y² would overflow
    ("1 / y", "−x / y²"),
    symbol="/",
)
ieee_divide: Primitive = divide.twin(floats.ieee_divide)
negate = unary("negate", operator.neg, -1.0, "−1", symbol="−")


def _power_x(_: Number, x: Number, y: Number) -> Number:
    if type(x) is type(y) is float:
        return powers.power_slope(x, y, 1.0, 0.0)  # at once: training asks for many
    if type(y) is float and powers.subtracts_exactly(y, 1.0):
        return y * ieee_power(x, y - 1.0) if y else 0.0  # as people know it, on tapes too
    return power_slope(x, y, 1.0, 0.0)


def _power_y(_: Number, x: Number, y: Number) -> Number:
    if type(x) is type(y) is float:
        return powers.power_slope(x, y, 0.0, 1.0)
    return power_slope(x, y, 0.0, 1.0)


def _power_steeper(by_x: float, by_y: float, _: Number, x: Number, y: Number, m: Number, n: Number) -> Number:
    return power_slope(x, y, m + by_x, n + by_y)


power = binary(
    "power",
    powers.power,
    (_power_x, _power_y),
    ("y × x^(y − 1)", "x^y × ln x"),
    ((1e-3, 1e3), (-30.0, 30.0)),
    symbol="^",
)
ieee_power = power.twin(powers.ieee_power)
power_slope: Primitive = internal(
    "power_slope",
    powers.power_slope,
    (bind(_power_steeper, 1.0, 0.0), bind(_power_steeper, 0.0, 1.0), NAN, NAN),
    ("∂ᵐ⁺¹/∂xᵐ⁺¹ ∂ⁿ/∂yⁿ x^y", "∂ᵐ/∂xᵐ ∂ⁿ⁺¹/∂yⁿ⁺¹ x^y", "none", "none"),
    ((1e-3, 1e3), (-30.0, 30.0), (1.0, 1.0), (1.0, 1.0)),  # x, y and the orders m and n, which are whole numbers
    symbol="power′",
)
floor_divide = binary("floor_divide", floats.floor_divide, (0.0, 0.0), ("0", "0"), symbol="//")
ieee_floor_divide = floor_divide.twin(floats.ieee_floor_divide)


def _fmod_y(_: Number, x: Number, y: Number) -> Number:
    x, y = constant(x), constant(y)
    return -sign(x) * sign(y) * ieee_floor_divide(absolute(x), absolute(y))


modulo = binary(
    "modulo", operator.mod, (1.0, lambda out, x, y: -ieee_floor_divide(constant(x), constant(y))),
    ("1", "−⌊x / y⌋"), ((-50, 50), (0.1, 9)), "mod", "remainder", symbol="%",
)
fmod = binary(
    "fmod", math.fmod, (1.0, _fmod_y),
    ("1", "−trunc(x / y)"), ((-50, 50), (0.1, 9)),
)
reciprocal = unary("reciprocal", floats.reciprocal, lambda out, x: -square(out), "−1 / x²", (1e-150, 1e150))
square = unary("square", floats.square, lambda out, x: 2.0 * x, "2 × x", symbol="²")
identity = unary("identity", floats.identity, 1.0, "1")
detach = unary("detach", floats.identity, 0.0, "0")  # its number without its derivative

# Steps and kinks

absolute = unary("absolute", abs, lambda out, x: sign(constant(x)), "sign x", REAL, "fabs", symbol="abs")
sign = unary("sign", floats.sign, 0.0, "0")
floor = unary("floor", floats.floor, 0.0, "0", (-1e3, 1e3))
ceil = unary("ceil", floats.ceil, 0.0, "0", (-1e3, 1e3))
trunc = unary("trunc", floats.trunc, 0.0, "0", (-1e3, 1e3), "fix")
round: Primitive = unary("round", floats.round_half_even, 0.0, "0", (-1e3, 1e3), "rint")  # noqa: A001 (as NumPy's)
copysign: Primitive = binary(
    "copysign", math.copysign,
    (lambda out, x, y: sign(constant(x)) * copysign(1.0, constant(y)), 0.0), ("sign x × copysign(1, y)", "0"),
)
relu = unary("relu", floats.relu, lambda out, x: sign(constant(out)), "1 if x > 0 else 0")


def _tie(i: int, out: Number, *xs: Number) -> Number:
    # the sub-gradient of least norm: those that tie share alike; nan equals nothing, and 0 / 0 is nan
    tying = [pick(x == out, lambda: 1.0, lambda: 0.0) for x in xs]
    return ieee_divide(tying[i], sum(tying[1:], tying[0]))


maximum = define(Primitive("maximum", floats.maximum, _tie, ("1 if x is the largest else 0, shared at a tie",)))
minimum = define(Primitive("minimum", floats.minimum, _tie, ("1 if x is the smallest else 0, shared at a tie",)))


def _taken(_: Number, condition: Number, *__: Number) -> Number:
    return where(constant(condition), 1.0, 0.0)


def _untaken(_: Number, condition: Number, *__: Number) -> Number:
    return where(constant(condition), 0.0, 1.0)


where = define(Primitive(
    "where", floats.where, (0.0, _taken, _untaken),
    ("0", "1 if the condition holds else 0", "0 if the condition holds else 1"), ((0.0, 1.0), REAL, REAL),
))

# Comparisons: conditions for `where`

less = binary("less", floats.less, (0.0, 0.0), ("0", "0"), symbol="<")
less_equal = binary("less_equal", floats.less_equal, (0.0, 0.0), ("0", "0"), symbol="≤")
greater = binary("greater", floats.greater, (0.0, 0.0), ("0", "0"), symbol=">")
greater_equal = binary("greater_equal", floats.greater_equal, (0.0, 0.0), ("0", "0"), symbol="≥")
equal = binary("equal", floats.equal, (0.0, 0.0), ("0", "0"), symbol="=")
not_equal = binary("not_equal", floats.not_equal, (0.0, 0.0), ("0", "0"), symbol="≠")

# Powers and logarithms

LOG2, LOG2E, LOG10E = math.log(2.0), 1.0 / math.log(2.0), math.log10(math.e)

exp = unary("exp", math.exp, lambda out, x: out, "e^x", (-745.0, 709.0))
exp2 = unary("exp2", math.exp2, lambda out, x: LOG2 * out, "2^x × ln 2", (-1022.0, 1023.0))
expm1 = unary("expm1", math.expm1, lambda out, x: exp(x), "e^x", (-745.0, 709.0))  # out + 1 is 0 below −37
log = unary("log", math.log, lambda out, x: ieee_divide(1.0, x), "1 / x", POSITIVE, symbol="ln")
ieee_log = log.twin(floats.ieee_log)
log2 = unary("log2", math.log2, lambda out, x: ieee_divide(LOG2E, x), "1 / (x ln 2)", POSITIVE)
log10 = unary("log10", math.log10, lambda out, x: ieee_divide(LOG10E, x), "1 / (x ln 10)", POSITIVE)
log1p = unary("log1p", math.log1p, lambda out, x: ieee_divide(1.0, 1.0 + x), "1 / (1 + x)", (-1.0, 1e300))
sqrt = unary(
    "sqrt", math.sqrt,
    lambda out, x: ieee_divide(0.5, out + 0.0),  # +0 at −0, as of √−x at 0: the slope is ∞
    "1 / (2√x)", POSITIVE, symbol="√",
)


cbrt = unary("cbrt", math.cbrt, lambda out, x: cbrt_slope(x), "1 / (3 ∛x²)", POSITIVE, symbol="∛")


def _cbrt_bend(out: Number, x: Number) -> Number:  # at 0 it is ∞ to the left, −∞ to the right
    return pick(x == 0.0, lambda: NAN, lambda: ieee_divide(ieee_divide(-2.0 * out, 3.0), x))


cbrt_slope = internal("cbrt_slope", floats.cbrt_slope, (_cbrt_bend,), ("−2 / (9 × x × ∛x²)",), (POSITIVE,), "cbrt′")

def _over(x: Number, y: Number) -> Number:
    return pick(x == 0.0, lambda: chain(x, ieee_divide(1.0, y)), lambda: ieee_divide(x, y))  # 0 / 0 is 0 here


xlogy = binary(
    "xlogy", special.xlogy,
    (lambda out, x, y: ieee_log(y), lambda out, x, y: _over(x, y)),
    ("ln y", "x / y"), ((1e-9, 1e9), (1e-9, 1e9)),
)
entropy = unary("entropy", special.entropy, lambda out, x: -1.0 - ieee_log(x + 0.0), "−1 − ln x", (0.0, 1e3))
ldexp = binary(
    "ldexp", floats.ldexp, (lambda out, x, n: ieee_ldexp(1.0, constant(n)), NAN),  # n is a whole number
    ("2^y", "none"), ((-1e9, 1e9), (3.0, 3.0)),
)
ieee_ldexp: Primitive = ldexp.twin(floats.ieee_ldexp)

# Trigonometry

sin: Primitive = unary("sin", math.sin, lambda out, x: cos(x), "cos x")
cos = unary("cos", math.cos, lambda out, x: -sin(x), "−sin x")
tan = unary("tan", math.tan, lambda out, x: 1.0 + square(out), "1 + tan² x")
asin = unary("asin", math.asin, lambda out, x: ieee_divide(1.0, _cosine(x)), "1 / √(1 − x²)", UNIT, "arcsin")
acos = unary("acos", math.acos, lambda out, x: ieee_divide(-1.0, _cosine(x)), "−1 / √(1 − x²)", UNIT, "arccos")
atan = unary("atan", math.atan, lambda out, x: atan2_slope(x, 1.0), "1 / (1 + x²)", (-1e150, 1e150), "arctan")
atan2 = binary(
    "atan2", math.atan2,
    (lambda out, x, y: atan2_slope(x, y), lambda out, x, y: -atan2_slope(y, x)),
    ("y / (x² + y²)", "−x / (x² + y²)"), ((-1e99, 1e99), (-1e99, 1e99)), "arctan2",
)


def _twist_x(out: Number, x: Number, y: Number) -> Number:
    return -2.0 * (out * atan2_slope(y, x))


def _twist_y(_: Number, x: Number, y: Number) -> Number:
    h = hypot(x, y)

    def over_square(z: Number) -> Number:
        return ieee_divide(ieee_divide(z, h), h)

    # x² − y² would cancel near x = ±y
    return pick(h == INF, lambda: 0.0, lambda: over_square(x - y) * over_square(x + y))


atan2_slope: Primitive = internal(
    "atan2_slope", floats.atan2_slope, (_twist_x, _twist_y),
    ("−2 × x × y / (x² + y²)²", "(x² − y²) / (x² + y²)²"), ((-1e74, 1e74), (-1e74, 1e74)), "atan2′",
)


def _cosine(x: Number) -> Number:
    return sqrt(complement(x))


# a row, since the derivative of a product of two rounded factors would cancel near 0
complement = internal("complement", floats.complement, (lambda out, x: -2.0 * x,), ("−2 × x",), (UNIT,))


def _along(i: int, out: Number, *xs: Number) -> Number:
    x, others = xs[i], xs[:i] + xs[i + 1 :]
    if type(out) is float:
        return x / out if floats.SMALL < out < INF else floats.direction(x, *others)
    if len(others) == 1:
        return direction(x, *others)

    def extreme() -> Number:
        return pick(out == 0.0, lambda: 0.0, lambda: extreme_direction(x, *others))

    return pick((out > floats.SMALL) * (out < INF), lambda: ieee_divide(x, out), extreme)


sinpi: Primitive = unary("sinpi", special.sinpi, lambda out, x: math.pi * cospi(x), "π cospi x", (-1e6, 1e6))
cospi = unary("cospi", special.cospi, lambda out, x: -math.pi * sinpi(x), "−π sinpi x", (-1e6, 1e6))
sinc = unary(
    "sinc", special.sinc, lambda out, x: sinc_slope(1.0, x),  # the difference cancels near 0
    "(cospi x − sinc x) / x", (-1e3, 1e3),
)
sinc_slope: Primitive = internal(
    "sinc_slope", special.sinc_slope, (NAN, lambda out, n, x: sinc_slope(n + 1.0, x)),  # n is a whole number
    ("none", "none"), ((1.0, 1.0), (-1e3, 1e3)),
)
hypot: Primitive = define(Primitive("hypot", math.hypot, _along, ("x / √(x² + …)",)))


def _turning_x(_: Number, x: Number, y: Number) -> Number:
    return _curving(direction(y, x), x, y)


def _turning_y(out: Number, x: Number, y: Number) -> Number:
    return _curving(-out, x, y)


def _curving(factor: Number, x: Number, y: Number) -> Number:  # 1 / h − x² / h³ would cancel at far ratios
    h = hypot(x, y)
    return pick(h == 0.0, lambda: 0.0, lambda: factor * ieee_divide(direction(y, x), h))


direction: Primitive = internal(
    "direction", floats.direction, (_turning_x, _turning_y),
    ("y² / (x² + y²)^1.5", "−x × y / (x² + y²)^1.5"), ((-1e99, 1e99), (-1e99, 1e99)),
)


def _left_out(*_: Any) -> Number:
    return NAN


# The same of three or more operands, where √(x² + …) is subnormal or infinite.
extreme_direction: Primitive = internal("extreme_direction", floats.direction, _left_out, ("none",), ())

# Hyperbolics and what is made of them

sinh: Primitive = unary("sinh", math.sinh, lambda out, x: cosh(x), "cosh x", (-710.0, 710.0))
cosh = unary("cosh", math.cosh, lambda out, x: sinh(x), "sinh x", (-710.0, 710.0))
tanh = unary(
    "tanh", math.tanh,
    lambda out, x: 4.0 * spread(2.0 * x, 0.0),  # 1 − out² is 0 beyond 19, cosh² overflows
    "1 − tanh² x", (-370.0, 370.0),
)
asinh = unary(
    "asinh", math.asinh, lambda out, x: ieee_divide(1.0, hypot(1.0, x)), "1 / √(x² + 1)", (-1e300, 1e300), "arcsinh"
)
acosh = unary(
    "acosh", math.acosh,
    lambda out, x: ieee_divide(1.0, sqrt(x - 1.0) * sqrt(x + 1.0)),  # x² − 1 cancels near 1
    "1 / √(x² − 1)", (1.0, 1e300), "arccosh",
)
atanh = unary(
    "atanh", math.atanh, lambda out, x: ieee_divide(1.0, complement(x)), "1 / (1 − x²)", UNIT, "arctanh"
)
sigmoid: Primitive = unary(
    "sigmoid", logistic.sigmoid, lambda out, x: spread(x, 0.0),  # 1 − out is 0 beyond 37
    "σ(x) σ(−x)", (-740.0, 740.0), symbol="σ",
)
softplus = unary("softplus", logistic.softplus, lambda out, x: sigmoid(x), "sigmoid x", (-740.0, 1e9))
logaddexp = binary(
    "logaddexp", logistic.logaddexp,
    (lambda out, x, y: share(x, y), lambda out, x, y: share(y, x)),  # e^(x − out) shows the rounding of out
    ("e^x / (e^x + e^y)", "e^y / (e^x + e^y)"), ((-300.0, 300.0), (-300.0, 300.0)),
)
share: Primitive = binary(
    "share", logistic.share,
    (lambda out, x, y: spread(x, y), lambda out, x, y: -spread(x, y)),
    ("σ(x − y) σ(y − x)", "−σ(x − y) σ(y − x)"), ((-300.0, 300.0), (-300.0, 300.0)),
)
spread: Primitive = internal(  # a row, since σ(−d) − σ(d) would cancel near 0
    "spread", logistic.spread,
    (lambda out, x, y: -out * tanh(0.5 * gap(x, y)), lambda out, x, y: out * tanh(0.5 * gap(x, y))),
    ("σ(x − y) σ(y − x) tanh((y − x) / 2)", "σ(x − y) σ(y − x) tanh((x − y) / 2)"), ((-300.0, 300.0), (-300.0, 300.0)),
)
part: Primitive = internal(
    "part", floats.part,
    (lambda out, x, y: part(y, x) / (x + y), lambda out, x, y: -out / (x + y)),  # 1 − out is 0 where x is most
    ("y / (x + y)²", "−x / (x + y)²"), ((1e-150, 1e150), (1e-150, 1e150)),
)
logit = unary(
    "logit", logistic.logit, lambda out, x: ieee_divide(1.0, variance(x)), "1 / (x (1 − x))", (0.0, 1.0)
)
variance = internal("variance", logistic.variance, (lambda out, x: 1.0 - 2.0 * x,), ("1 − 2 × x",), ((0.0, 1.0),))

logaddexp2 = binary(
    "logaddexp2", special.logaddexp2,
    (lambda out, x, y: share2(x, y), lambda out, x, y: share2(y, x)),
    ("2^x / (2^x + 2^y)", "2^y / (2^x + 2^y)"), ((-300.0, 300.0), (-300.0, 300.0)),
)
share2: Primitive = internal(
    "share2", special.share2,
    (lambda out, x, y: LOG2 * out * share2(y, x), lambda out, x, y: -LOG2 * out * share2(y, x)),
    ("ln 2 × 2^(x + y) / (2^x + 2^y)²", "−ln 2 × 2^(x + y) / (2^x + 2^y)²"), ((-300.0, 300.0), (-300.0, 300.0)),
)

# Special functions


def _falling(rate: float, out: Number, x: Number) -> Number:
    return pick(out == 0.0, lambda: 0.0, lambda: -rate * x * out)  # not inf · 0


erf: Primitive = unary("erf", math.erf, lambda out, x: BELL * gaussian(x), "2 exp(−x²) / √π", (-26.0, 26.0))
erfc = unary("erfc", math.erfc, lambda out, x: -BELL * gaussian(x), "−2 exp(−x²) / √π", (-26.0, 26.0))
erfinv: Primitive = unary(
    "erfinv", special.erfinv, lambda out, x: erfinv_slope(x), "√π exp(erfinv² x) / 2", (-0.999, 0.999)
)
ieee_erfinv: Primitive = erfinv.twin(special.ieee_erfinv)
erfinv_slope: Primitive = internal(
    "erfinv_slope", special.ieee_erfinv_slope, (lambda out, x: 2.0 * ieee_erfinv(x) * square(out),),
    ("2 erfinv x × (√π exp(erfinv² x) / 2)²",), (UNIT,),
)
gamma = unary("gamma", math.gamma, lambda out, x: out * digamma(x), "Γ(x) ψ(x)", (1e-3, 170.0), symbol="Γ")
gaussian = unary("gaussian", normal.gaussian, bind(_falling, 2.0), "−2 × x × exp(−x²)", (-26.0, 26.0))
cdf = unary(
    "cdf", normal.cdf, lambda out, x: density(x), "exp(−x² / 2) / √(2 π)", (-37.0, 37.0), symbol="Φ"
)
density = internal(
    "density", normal.density, (bind(_falling, 1.0),), ("−x exp(−x² / 2) / √(2 π)",), ((-37.0, 37.0),), "φ"
)
log_cdf = unary(
    "log_cdf", normal.log_cdf, lambda out, x: mills(-1.0, x), "exp(−x² / 2) / (√(2 π) Φ(x))", (-1e5, 37.0),
    symbol="ln Φ",
)
mills: Primitive = internal(  # ratios to Φ: a quotient of φ and Φ is 0 / 0 in the tail
    "mills", normal.mills,
    (NAN, lambda out, n, x: (n + 1.0) * mills(n + 1.0, x) - chain(mills(1.0, x), out)),  # n is a whole number
    ("none", "none"), ((-1.0, -1.0), (-1e5, 37.0)),
)
lgamma: Primitive = unary("lgamma", math.lgamma, lambda out, x: digamma(x), "ψ(x)", (1e-3, 1e15))
digamma = unary("digamma", special.digamma, lambda out, x: polygamma(1.0, x), "ψ′(x)", (1e-3, 1e15), symbol="ψ")
polygamma = binary(
    "polygamma", special.polygamma,
    (NAN, lambda out, n, x: polygamma(n + 1.0, x)),  # the order n is a whole number
    ("none", "ψ^(x + 1)(y)"), ((1.0, 1.0), (1e-3, 1e5)),
)
BELL = 2.0 / math.sqrt(math.pi)
