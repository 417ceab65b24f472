"""Finite differences, extrapolated: derivatives from values alone, with an estimate of their error."""

import math
from collections.abc import Callable
from typing import NamedTuple

from autodiff.errors import NotANumber

EPSILON = 2.0**-52
LEVELS = 20  # halvings of the step
FIRST_STEPS = (0.05, 0.037)  # relative to |x|, or to 1 where x is 0


class Estimate(NamedTuple):
    """A derivative and how far it may be off."""

    derivative: float
    error: float


def central(function: Callable[[float], float], x: float) -> Estimate:
    """f′(x) from (f(x + h) − f(x − h)) / 2h, whose error is a series in h²."""

    def quotient(h: float) -> tuple[float, float]:
        above, below = function(x + h), function(x - h)
        return (above - below) / ((x + h) - (x - h)), max(abs(above), abs(below))

    return _confirmed(quotient, x, 4.0)


def one_sided(function: Callable[[float], float], x: float, side: float) -> Estimate:
    """The derivative to the right (side 1) or left (−1), from (f(x + h) − f(x)) / h, its error a series in h."""
    start = function(x)

    def quotient(h: float) -> tuple[float, float]:
        end = function(x + side * h)
        return (end - start) / ((x + side * h) - x), max(abs(start), abs(end))

    return _confirmed(quotient, x, 2.0)


Quotient = Callable[[float], tuple[float, float]]  # of a step: the slope, and the size of the values it is made of


def _confirmed(quotient: Quotient, x: float, factor: float) -> Estimate:
    """An extrapolation that another one, on other steps, confirms: the error is at least their difference."""
    one, other = (_extrapolated(quotient, x, first, factor) for first in FIRST_STEPS)
    best = min(one, other, key=lambda estimate: estimate.error)
    return Estimate(best.derivative, max(best.error, abs(one.derivative - other.derivative)))


def _extrapolated(quotient: Quotient, x: float, first: float, factor: float) -> Estimate:
    """Richardson's extrapolation to h = 0, by the entry of the tableau that its neighbours confirm (Ridders 1982).

    The rounding of the values, over the step, is error too. A step that leaves the domain is skipped.
    """
    step, best = first * max(abs(x), 1e-3 if x else 1.0), Estimate(math.nan, math.inf)
    above, row, noise = list[float](), list[float](), 0.0
    for _ in range(60):
        step /= 2
        try:
            slope, size = quotient(step)
        except (ArithmeticError, ValueError, NotANumber):
            continue
        row, noise = [slope], EPSILON * size / step
        for k, coarse in enumerate(above, 1):
            weight = factor**k
            row.append((weight * row[-1] - coarse) / (weight - 1))
            error = max(abs(row[-1] - row[-2]), abs(row[-1] - coarse), noise)
            if error < best.error:
                best = Estimate(row[-1], error)
        if len(row) >= LEVELS:
            break
        above = row
    if above:  # coarse steps that all miss what happens confirm one another: the shortest one has its say
        settled = 4 * abs(row[0] - above[0]) + 8 * noise
        gap = abs(row[0] - best.derivative)
        best = best if gap <= settled + best.error else Estimate(best.derivative, gap)
    return best
