"""Finite differences, extrapolated: derivatives from values alone, with an estimate of their error."""

import math
from collections.abc import Callable
from contextlib import suppress
from typing import NamedTuple

from autodiff.errors import NotANumber

EPSILON = 2.0**-52
LEVELS = 20  # halvings of the step
FINER, TRIES = 2.0**-5, 3  # where the shortest step contradicts the others: from a shorter one, so many times
FIRST_STEPS = (0.05, 0.037)  # relative to `reach`
BESIDE = 1e-2  # of `reach`: near x, yet where digits show
RESOLVED = 1e-2  # a one-sided slope that is less certain than this, relatively, diverges or is finer than the steps


class Estimate(NamedTuple):
    """A derivative and how far it may be off."""

    derivative: float
    error: float


class Sides(NamedTuple):
    """The slopes to the left and to the right of a point."""

    left: Estimate
    right: Estimate

    @property
    def one_is_missing(self) -> bool:
        """Whether the function has no values on a side."""
        return math.isinf(self.left.error) or math.isinf(self.right.error)

    @property
    def range(self) -> tuple[float, float]:
        """The lower slope and the higher one: sub-gradients are between them."""
        low, high = sorted((self.left.derivative, self.right.derivative))
        return low, high

    def differ(self, natural: float) -> bool:
        """Whether they are two slopes: more apart than their errors, and than what is as good as zero."""
        low, high = self.range
        errors = 100 * (self.left.error + self.right.error)
        return high - low > 1e-3 * max(abs(low), abs(high)) + errors + natural

    def resolved(self, size: float) -> bool:
        """Whether both converge, for slopes of about this size: else they are infinite, or finer than the steps."""
        return all(side.error <= RESOLVED * max(abs(side.derivative), size) for side in self)


def reach(x: float) -> float:
    """The length that steps from x are relative to."""
    return max(abs(x), 1e-3 if x else 1.0)


def sides(function: Callable[[float], float], x: float, length: float | None = None) -> Sides:
    """Both one-sided derivatives."""
    return Sides(one_sided(function, x, -1.0, length), one_sided(function, x, 1.0, length))


def swing(function: Callable[[float], float], x: float, length: float | None = None) -> float:
    """max |f(x ± h) − f(x)| / h, h = `BESIDE` of what x reaches: a slope that is small beside it is as good as zero."""
    found, start, step = 0.0, function(x), BESIDE * (length or reach(x))
    for h in (-step, step):
        with suppress(ArithmeticError, ValueError, NotANumber):
            found = max(found, abs((function(x + h) - start) / h))
    return found


def flattened(function: Callable[[float], float], x: float) -> float:
    """The error of slopes where rounding inside of f has taken what tells them, as in 1 − cos x near 0; else 0.

    There f does not change over the shortest steps, and over a longer one by what rounding makes of numbers about 1.
    """
    start, step, coarser = function(x), FIRST_STEPS[0] * reach(x), 0.0
    for _ in range(LEVELS):
        step, change = step / 2, 0.0
        for h in (-step, step):
            with suppress(ArithmeticError, ValueError, NotANumber):
                change = max(change, abs(function(x + h) - start))
        if not change:
            return coarser / (2 * step) if coarser <= 8 * EPSILON * max(1.0, abs(start)) else 0.0
        coarser = change
    return 0.0


def central(function: Callable[[float], float], x: float) -> Estimate:
    """f′(x) from (f(x + h) − f(x − h)) / 2h, whose error is a series in h²."""

    def quotient(h: float) -> tuple[float, float]:
        above, below = function(x + h), function(x - h)
        return (above - below) / ((x + h) - (x - h)), max(abs(above), abs(below))

    return _confirmed(quotient, reach(x), 4.0)


def one_sided(function: Callable[[float], float], x: float, side: float, length: float | None = None) -> Estimate:
    """The derivative to the right (side 1) or left (−1), from (f(x + h) − f(x)) / h, its error a series in h.

    length  what steps are relative to, else what x reaches
    """
    start = function(x)

    def quotient(h: float) -> tuple[float, float]:
        end = function(x + side * h)
        return (end - start) / ((x + side * h) - x), max(abs(start), abs(end))

    return _confirmed(quotient, length or reach(x), 2.0)


Quotient = Callable[[float], tuple[float, float]]  # of a step: the slope, and the size of the values it is made of


def _confirmed(quotient: Quotient, length: float, factor: float) -> Estimate:
    """An extrapolation that another one, on other steps, confirms: the error is at least their difference."""
    one, other = (_extrapolated(quotient, first * length, factor) for first in FIRST_STEPS)
    best = min(one, other, key=lambda estimate: estimate.error)
    return Estimate(best.derivative, max(best.error, abs(one.derivative - other.derivative)))


def _extrapolated(quotient: Quotient, first: float, factor: float, tries: int = TRIES) -> Estimate:
    """Richardson's extrapolation to h = 0, by the entry of the tableau that its neighbours confirm (Ridders 1982).

    The rounding of the values, over the step, is error too. A step that leaves the domain is skipped.
    """
    step, best = first, Estimate(math.nan, math.inf)
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
            row.append(row[-1] + (row[-1] - coarse) / (weight - 1))
            error = max(abs(row[-1] - row[-2]), abs(row[-1] - coarse), noise)
            if error < best.error:
                best = Estimate(row[-1], error)
        if len(row) >= LEVELS:
            break
        above = row
    if above:  # coarse steps that all miss what happens confirm one another: the shortest one has its say
        settled = 4 * abs(row[0] - above[0]) + 8 * noise
        gap = abs(row[0] - best.derivative)
        if gap > settled + best.error:
            best = Estimate(best.derivative, gap)
            finer = _extrapolated(quotient, first * FINER, factor, tries - 1) if tries else best
            best = min(best, finer, key=lambda estimate: estimate.error)
    return best
