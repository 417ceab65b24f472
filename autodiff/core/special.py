"""Special functions of plain floats, in forms that keep their digits."""

import math
from functools import cache
from typing import Any

from autodiff.core.floats import NAN
from autodiff.core.normal import gaussian
from autodiff.core.packages import require

PI, LOG2 = math.pi, math.log(2.0)
HALF_SQRT_PI = math.sqrt(PI) / 2.0


def sinpi(x: float) -> float:
    """sin πx, by the exact remainder of x by 2: exact at its zeros."""
    r = math.fmod(x, 2.0)
    if abs(r) > 1.0:
        r -= math.copysign(2.0, r)
    if abs(r) > 0.5:
        r = math.copysign(1.0, r) - r
    return math.sin(PI * r) if abs(r) <= 0.25 else math.copysign(math.cos(PI * (0.5 - abs(r))), r)


def cospi(x: float) -> float:
    """cos πx, as sin π(½ − |x|) near its zeros, of the exact remainder of x by 2."""
    r = abs(math.fmod(x, 2.0))
    r = 2.0 - r if r > 1.0 else r
    return math.cos(PI * r) if r < 0.25 else -math.cos(PI * (1.0 - r)) if r > 0.75 else math.sin(PI * (0.5 - r))


def sinc(x: float) -> float:
    """sin πx / πx, 1 at 0."""
    return sinpi(x) / (PI * x) if x else 1.0


def sinc_slope(n: float, x: float) -> float:
    """dⁿ/dxⁿ of sin πx / πx for a whole n from 0; x·fₙ + n·fₙ₋₁ = πⁿ⁻¹ sin(πx + nπ/2), and near 0 its power series.

    The recurrence cancels where |πx| is less than n; the series Σ (−1)ᵏ π²ᵏ x²ᵏ⁻ⁿ / ((2k − n)! (2k + 1)) does not.
    """
    if not (0 <= n <= 170 and n == n // 1):
        raise ValueError("the order of a derivative is a whole number from 0 to 170")
    if math.isinf(x):
        return 0.0
    order = int(n)
    if abs(PI * x) > max(1, order):
        found = sinc(x)
        for k in range(1, order + 1):
            wave = (sinpi, cospi)[k % 2](x) * (-1.0 if k % 4 > 1 else 1.0)
            found = (PI ** (k - 1) * wave - k * found) / x
        return found
    first = (order + 1) // 2
    term = (-1.0) ** first * PI ** (2 * first) * x ** (2 * first - order)  # over (2k − n)!, which begins at 0! or 1!
    terms = list[float]()
    for k in range(first, first + 30):
        terms.append(term / (2 * k + 1))
        term *= -((PI * x) ** 2) / ((2 * k + 1 - order) * (2 * k + 2 - order))
    return math.fsum(terms)


def xlogy(x: float, y: float) -> float:
    """x log y, 0 where x = 0, whatever y is."""
    return x * math.log(y) if x or y != y else 0.0


def entropy(x: float) -> float:
    """−x log x, 0 at 0."""
    return -x * math.log(x) if x else 0.0


def logaddexp2(x: float, y: float) -> float:
    """log₂(2ˣ + 2ʸ), as max + log₂(1 + 2^−|x − y|)."""
    if x == y:  # also both infinite, where x − y is nan
        return x + 1.0
    return (NAN if x != x or y != y else max(x, y)) + math.log1p(math.exp2(-abs(x - y))) / LOG2


def share2(x: float, y: float) -> float:
    """2ˣ / (2ˣ + 2ʸ), with what x − y rounds off put back (TwoSum, Knuth); ½ where x = y."""
    if x == y:
        return 0.5
    d = x - y
    back = d - x
    lost = (x - (d - back)) - (y + back)
    e = math.exp2(-abs(d))
    s = 1.0 / (1.0 + e) if d > 0 else e / (1.0 + e)
    return s + LOG2 * lost * e / (1.0 + e) ** 2 if lost == lost else s


def erfinv(x: float) -> float:
    """The y with erf y = x, by Halley's steps from a near one; ValueError outside of (−1, 1)."""
    if not -1.0 < x < 1.0:
        if x != x:
            return x
        raise ValueError("math domain error")
    y = _near(x)
    for _ in range(3):
        step = _missing(y, x) * HALF_SQRT_PI * math.exp(y * y)
        y += step / (1.0 - y * step)
    return y


def ieee_erfinv(x: float) -> float:
    """The same; ±inf at ±1, nan beyond."""
    return erfinv(x) if abs(x) < 1.0 else x * math.inf if abs(x) == 1.0 else NAN


def erfinv_slope(x: float) -> float:
    """d erfinv x / dx = ½√π exp(y²), y = erfinv x; what y was rounded by put back: the exponential would show it."""
    if abs(x) == 1.0:
        return math.inf
    y = erfinv(x)
    slope = HALF_SQRT_PI / gaussian(y)
    return slope * (1.0 + 2.0 * y * _missing(y, x) * slope)


def ieee_erfinv_slope(x: float) -> float:
    """The same; nan outside of [−1, 1]."""
    return erfinv_slope(x) if abs(x) <= 1.0 else NAN


def _missing(y: float, x: float) -> float:
    """x − erf y, in the tails by erfc, which has their digits."""
    if abs(x) < 0.5:
        return x - math.erf(y)
    return math.copysign(1.0, x) * (math.erfc(abs(y)) - (1.0 - abs(x)))


def _near(x: float) -> float:
    """erfinv x to 0.002, relatively: Winitzki (2008), 1 − erf² y ≈ exp(−y² (4/π + a y²) / (1 + a y²))."""
    if abs(x) < 1e-4:
        return HALF_SQRT_PI * x
    a, rest = 0.147, -math.log((1.0 - abs(x)) * (1.0 + abs(x)))
    half = 2.0 / (PI * a) - rest / 2.0
    return math.copysign(math.sqrt(math.sqrt(half * half + rest / a) - half), x)


def digamma(x: float) -> float:
    """ψ(x) = d log Γ(x) / dx, from SciPy and as accurate as it."""
    return float(_scipy().digamma(x))


def polygamma(n: float, x: float) -> float:
    """ψ⁽ⁿ⁾(x) = (−1)ⁿ⁺¹ n! ζ(n + 1, x), Hurwitz' ζ from SciPy and as accurate as it; ∞ at the poles 0, −1, ….

    Below 0, where that ζ takes |x| steps, (−1)ⁿ ψ⁽ⁿ⁾(1 − x) − π dⁿ/dxⁿ cot πx.
    """
    if not (n >= 1 and n == n // 1):
        raise ValueError("the order of a polygamma function is a whole number from 1")
    if -math.inf < x < 0.0 and not x.is_integer():
        return (-1.0 if n % 2 else 1.0) * polygamma(n, 1.0 - x) - PI * _cotangent_slope(int(n), x)
    return (1.0 if n % 2 else -1.0) * math.gamma(n + 1.0) * float(_scipy().zeta(n + 1.0, x))


def _cotangent_slope(n: int, x: float) -> float:
    """dⁿ/dxⁿ of cot πx, n from 1: −πⁿ (1 + c²) Pₙ(c) with c = cot πx, where no two terms of P cancel."""
    c = cospi(x) / sinpi(x)
    found = 0.0
    for factor in reversed(_cotangent_factors(n)):
        found = found * c * c + factor
    return -(PI**n) * (1.0 + c * c) * found * (1.0 if n % 2 else -c)


@cache
def _cotangent_factors(n: int) -> tuple[int, ...]:
    """Those of c⁰, c², … in Pₙ, for odd n, and in −Pₙ / c for even: P₁ = 1, Pₙ₊₁ = −((1 + c²) Pₙ)′."""
    powers = [1]  # of |Pₙ|, by the power of c
    for _ in range(n - 1):
        whole = [a + b for a, b in zip([*powers, 0, 0], [0, 0, *powers], strict=True)]
        powers = [k * factor for k, factor in enumerate(whole)][1:]
    return tuple(powers[1 - n % 2 :: 2])


def _scipy() -> Any:
    return require("scipy.special", "the digamma function", "pip install scipy")
