"""xʸ on floats: as Python has it, as IEEE 754 has it, and its partials of every order."""

import math
from typing import cast

from autodiff.core.floats import INF, NAN, chained, ieee_log

MOST = 170.0  # an order from here on has a factorial beyond the floats


def power(x: float, y: float) -> float:
    """xʸ; ValueError for a negative x to a fraction, never a complex number."""
    result = cast("float | complex", x**y)
    if isinstance(result, complex):
        raise ValueError("a negative number has no real fractional power")
    return result


def ieee_power(x: float, y: float) -> float:
    """xʸ as C's pow: ±inf where it overflows or x = 0 < −y, nan for a negative x to a fraction."""
    odd = abs(y) % 2 == 1
    try:
        return math.pow(x, y)
    except OverflowError:
        return -INF if x < 0 and odd else INF
    except ValueError:
        return NAN if x else math.copysign(INF, x) if odd else INF


def power_slope(x: float, y: float, m: float, n: float) -> float:
    """∂ᵐₓ∂ⁿᵧ xʸ = x^(y − m) Σ C(n, k) p⁽ᵏ⁾(y) lnⁿ⁻ᵏ x, k = 0 … n, with p(y) = y (y − 1) … (y − m + 1).

    At infinities, and at x = 0, its limit: a power outgrows a logarithm, and of logarithms the highest power decides.
    """
    if m == 1.0 and n == 0.0:  # these two first: training asks for them
        return _times_power(y, x, y, 1.0) if y else 0.0
    if m == 0.0 and n == 1.0:
        return NAN if x < 0.0 else _times_power(ieee_log(x), x, y, 0.0)
    if not all(0.0 <= order <= MOST and order % 1 == 0 for order in (m, n)):
        raise ValueError(f"the orders of a partial of a power are whole numbers from 0 to {MOST:.0f}")
    if n and x < 0.0:
        return NAN
    log, weights = ieee_log(x), _weights(y, int(m), int(n))
    terms = [chained(weight, log ** (int(n) - k)) for k, weight in enumerate(weights) if weight]
    if not terms:
        return 0.0
    return _times_power(terms[0] if abs(log) == INF else sum(terms), x, y, m)


def subtracts_exactly(y: float, m: float) -> bool:
    """Whether y − m is a float."""
    low = y - m
    return low + m == y and y - low == m


def _times_power(factor: float, x: float, y: float, m: float) -> float:
    """factor · x^(y − m); by m divisions where y − m rounds, for x^(y − m) would show it. 0 where the power is."""
    whole = subtracts_exactly(y, m) or not x or x == INF
    power = ieee_power(x, y - m if whole else y)
    result = factor * power if power or math.isfinite(factor) else 0.0
    for _ in range(0 if whole else int(m)):
        result /= x
    return result


def _weights(y: float, m: int, n: int) -> list[float]:
    """C(n, k) p⁽ᵏ⁾(y) for k = 0 … n, from p(y + t) = (y + t)(y − 1 + t)… as a polynomial in t."""
    p = [1.0]
    for i in range(m):
        p = [chained(y - i, a) + b for a, b in zip([*p, 0.0], [0.0, *p], strict=True)]
    return [math.perm(n, k) * a for k, a in enumerate(p[: n + 1])]
