"""Finite differences, extrapolated: derivatives from values alone, with an estimate of their error."""

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

EPSILON = 2.0**-52
LEVELS = 12  # halvings of the step
FIRST_STEPS = (0.05, 0.037)  # relative to |x|, or to 1 where x is 0


class Estimate(NamedTuple):
    """A derivative and how far it may be off."""

    derivative: float
    error: float


def central(function: Callable[[float], float], x: float) -> Estimate:
    """f′(x) from (f(x + h) − f(x − h)) / 2h, whose error is a series in h²."""

    def quotient(h: float) -> float:
        return (function(x + h) - function(x - h)) / ((x + h) - (x - h))

    return _confirmed(quotient, x, abs(function(x)), 4.0)


def one_sided(function: Callable[[float], float], x: float, side: float) -> Estimate:
    """The derivative to the right (side 1) or left (−1), from (f(x + h) − f(x)) / h, its error a series in h."""
    start = function(x)

    def quotient(h: float) -> float:
        return (function(x + side * h) - start) / ((x + side * h) - x)

    return _confirmed(quotient, x, abs(start), 2.0)


def _confirmed(quotient: Callable[[float], float], x: float, size: float, factor: float) -> Estimate:
    """An extrapolation that another one, on other steps, confirms: the error is at least their difference."""
    one, other = (_extrapolated(quotient, x, first, size, factor) for first in FIRST_STEPS)
    best = min(one, other, key=lambda estimate: estimate.error)
    return Estimate(best.derivative, max(best.error, abs(one.derivative - other.derivative)))


def _extrapolated(quotient: Callable[[float], float], x: float, first: float, size: float, factor: float) -> Estimate:
    """Richardson's extrapolation to h = 0, by the entry of the tableau that its neighbours confirm (Ridders 1982).

    size  |f(x)|: its rounding, over the step, is error too. A step that leaves the domain is skipped.
    """
    step, best = first * max(abs(x), 1e-3 if x else 1.0), Estimate(math.nan, math.inf)
    above: Sequence[float] = ()
    for _ in range(60):
        step /= 2
        try:
            row = [quotient(step)]
        except (ArithmeticError, ValueError):
            continue
        for k, coarse in enumerate(above, 1):
            weight = factor**k
            row.append((weight * row[-1] - coarse) / (weight - 1))
            error = max(abs(row[-1] - row[-2]), abs(row[-1] - coarse), EPSILON * size / step)
            if error < best.error:
                best = Estimate(row[-1], error)
        if len(row) >= LEVELS:
            break
        above = row
    return best
