"""The bell curve and the normal distribution, as float functions: far tails keep their digits."""

import math

PEAK = 1.0 / math.sqrt(2.0 * math.pi)  # φ(0)
ROOT = math.sqrt(0.5)
ROOT_HIGH, ROOT_LOW = 741455 * 2.0**-20, 1.9091555143065085e-07  # √½ to 80 bits


def gaussian(x: float) -> float:
    """exp(−x²)."""
    return _exp_of_square(-1.0, x)


def _exp_of_square(factor: float, x: float) -> float:
    """exp(factor · x²), the square split in two: its rounding error, up to ulp(x²)/2, would be e^that relative."""
    if not abs(x) < 40.0:
        return x * 0.0 if x != x else 0.0
    high = split(x)
    e = math.exp(factor * high * high)
    return e + e * math.expm1(factor * (x - high) * (x + high))


def split(x: float) -> float:
    """The upper 26 bits of a number below 64: their square is exact."""
    return math.floor(x * 2.0**20) * 2.0**-20


def density(x: float) -> float:
    """φ(x) = exp(−x²/2) / √2π, of the normal distribution."""
    return PEAK * _exp_of_square(-0.5, x)


def cdf(x: float) -> float:
    """Φ(x) = erfc(−x/√2) / 2, with what −x/√2 rounded off put back: erfc would show it x² times."""
    t = -x * ROOT
    if not -40.0 < x < 0.0:
        return 0.5 * math.erfc(t)
    high = split(x)
    lost = (high * ROOT_HIGH + t) + (x - high) * ROOT_HIGH + x * ROOT_LOW
    return 0.5 * math.erfc(t) + lost * math.exp(-t * t) / math.sqrt(math.pi)


def log_cdf(x: float) -> float:
    """log Φ(x); below −1 as log(φ / (φ/Φ)), which does not underflow, from 0 on as log1p(−Φ(−x))."""
    if x < -1.0:
        return -0.5 * x * x - math.log(mills(-1.0, x) / PEAK)
    return math.log(cdf(x)) if x < 0.0 else math.log1p(-cdf(-x))


def mills(n: float, x: float) -> float:
    """iₙ(x) / Φ(x) with i₋₁ = φ, i₀ = Φ, iₙ = ∫ iₙ₋₁ from −∞: of n = −1 the inverse Mills ratio φ / Φ.

    By n iₙ = x iₙ₋₁ + iₙ₋₂; below −¾, where that cancels, read backwards, as Laplace's continued fraction.
    """
    if not (-1 <= n <= 170 and n == n // 1):
        raise ValueError("the order of a Mills ratio is a whole number from −1")
    if x < -0.75:
        return _mills_backwards(int(n), -x)
    before, result = density(x) / cdf(x), 1.0
    for k in range(1, int(n) + 1):
        before, result = result, (x * result + before) / k
    return before if n < 0 else result


def _mills_backwards(n: int, t: float) -> float:
    """By iₖ / iₖ₋₁ = 1 / (t + (k + 1) iₖ₊₁ / iₖ) at x = −t, from a k on where the last bit stands."""
    last = 20 + 2 * n + int(250.0 / (t * t))
    ratio, result = 2.0 / (t + math.sqrt(t * t + 4.0 * last)), 1.0  # where it would not change any more
    for k in range(last - 1, 0, -1):
        ratio = 1.0 / (t + (k + 1.0) * ratio)
        result *= ratio if k <= n else 1.0
    return t + ratio if n < 0 else result
