"""The logistic function and what is made of it, as float functions: neither end overflows, no tail cancels."""

import math

from autodiff.core import floats


def sigmoid(x: float) -> float:
    """1 / (1 + e⁻ˣ), by the exponential that does not overflow."""
    if x < 0:
        e = math.exp(x)
        return e / (1.0 + e)
    return 1.0 / (1.0 + math.exp(-x))


def softplus(x: float) -> float:
    """log(1 + eˣ), as max(x, 0) + log1p(e^−|x|): neither end overflows."""
    return floats.relu(x) + math.log1p(math.exp(-abs(x)))


def logaddexp(x: float, y: float) -> float:
    """log(eˣ + eʸ), as max + log1p(e^−|x − y|). Near its zeros the two terms cancel."""
    if x == y:  # also both infinite, where x − y is nan
        return x + math.log(2.0)
    d, lost = difference(x, y)
    e = math.exp(-abs(d))
    return floats.maximum(x, y) + (math.log1p(e) - math.copysign(e / (1.0 + e), d) * lost)


def share(x: float, y: float) -> float:
    """eˣ / (eˣ + eʸ), as sigmoid(x − y) with what the subtraction rounded off put back; ½ where they are equal."""
    if x == y:
        return 0.5
    d, lost = difference(x, y)
    s = sigmoid(d)
    return s + s * sigmoid(-d) * lost


def spread(x: float, y: float) -> float:
    """eᵈ / (1 + eᵈ)² with d = x − y, σ′(d): by e^−|d|, and with what the subtraction rounded off put back."""
    if x == y:
        return 0.25
    d, lost = difference(x, y) if y else (x, 0.0)
    e = math.exp(-abs(d))
    above = 1.0 + e
    s = e / (above * above)
    return s - s * math.copysign((1.0 - e) / above, d) * lost if lost else s


def difference(x: float, y: float) -> tuple[float, float]:
    """x − y, and what it rounded off (TwoSum, Knuth); nothing where one is infinite."""
    d = x - y
    back = d - x
    lost = (x - (d - back)) - (y + back)
    return d, lost if lost == lost else 0.0


def variance(x: float) -> float:
    """x (1 − x), of a trial that succeeds with probability x."""
    return x * (1.0 - x)


def logit(x: float) -> float:
    """log(x / (1 − x)); from ¼ on as 2 artanh(2x − 1), where 2x − 1 is exact and shows the zero at ½."""
    return math.log(x / (1.0 - x)) if x < 0.25 else 2.0 * math.atanh(2.0 * x - 1.0)
