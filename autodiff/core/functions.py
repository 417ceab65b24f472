"""Composites: functions written with the rows of the table, and so differentiable with no rule of their own."""

import math
import operator
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate

from autodiff.core.floats import NAN
from autodiff.core.primitives import (
    cdf,
    chain,
    detach,
    exp,
    gap,
    hypot,
    less_equal,
    log,
    logaddexp,
    maximum,
    multiply,
    part,
    sigmoid,
    softplus,
    where,
)
from autodiff.core.rows import CONDITIONS, Number, Operand, as_operand, constant


def stop_gradient(x: Number) -> Number:
    """x as a constant: its number without its derivative."""
    found = constant(as_operand(x))
    return found if type(found) is float else detach(found)


def shifted(xs: Sequence[Number]) -> tuple[list[Number], Number]:
    """xᵢ − m, and m, the largest as a constant: no exponential of these overflows. 0 where both are infinite."""
    showing = CONDITIONS.set(False)  # m cancels: in a graph that is shown it stays the number that it is
    largest = maximum(*map(stop_gradient, xs))
    CONDITIONS.reset(showing)
    minus = operator.sub if type(largest) is float and math.isfinite(largest) else gap  # the operator is fast
    return [minus(x, largest) for x in xs], largest


def logsumexp(xs: Iterable[Number]) -> Number:
    """log Σ eˣⁱ, as m + log Σ e^(xᵢ − m) with m the largest: nothing overflows, and m's derivative cancels."""
    differences, largest = shifted(_some(xs, "logsumexp"))
    return log(total(map(exp, differences))) + largest


def softmax(xs: Iterable[Number]) -> list[Number]:
    """eˣⁱ / Σⱼ eˣʲ for each i, of e^(xᵢ − m) with m the largest: each a part of itself and the sum of the others."""
    differences, _ = shifted(_some(xs, "softmax"))
    powers = list(map(exp, differences))
    return [part(power, rest) for power, rest in zip(powers, _others(powers, operator.add, 0.0), strict=True)]


def log_softmax(xs: Iterable[Number]) -> list[Number]:
    """log softmax(x)ᵢ for each i, as −softplus(log Σ e^(xⱼ) − xᵢ) over j ≠ i, which keeps its digits near 0."""
    differences, _ = shifted(_some(xs, "log_softmax"))
    rests = _others(differences, logaddexp, -math.inf)
    return [-softplus(rest - x) for x, rest in zip(differences, rests, strict=True)]


def gelu(x: Number) -> Number:
    """x Φ(x), Φ the normal distribution; 0 at −∞. Hendrycks and Gimpel, Gaussian error linear units (2016)."""
    return chain(x, cdf(x))


def silu(x: Number) -> Number:
    """x sigmoid(x), which is 0 at −∞."""
    return chain(x, sigmoid(x))


def leaky_relu(x: Number, slope: float = 0.01) -> Number:
    """x where x > 0, else slope · x; the derivative at 0 is the slope, at nan nan."""
    x = as_operand(x)
    return multiply(x, where(x > 0.0, 1.0, where(x <= 0.0, slope, NAN)))


def clip(x: Number, low: Number, high: Number) -> Number:
    """x kept within [low, high]; at a bound the derivative is 1: a parameter may leave it."""
    ordered = less_equal(low, high)
    if not isinstance(ordered, Operand) and not ordered:
        raise ValueError(f"clip needs low ≤ high, got low = {low}, high = {high}")
    x = as_operand(x)
    within = multiply(x, where(x == x, 1.0, NAN))
    return where(x < low, low, where(x > high, high, within))


def total(xs: Iterable[Number]) -> Number:
    """Σ xᵢ, from the left, without the 0 that the builtin `sum` starts at; 0.0 of nothing."""
    terms = map(as_operand, xs)
    result = next(terms, 0.0)
    for term in terms:
        result = result + term
    return result


def prod(xs: Iterable[Number]) -> Number:
    """Π xᵢ, from the left; 1.0 of nothing."""
    factors = map(as_operand, xs)
    result = next(factors, 1.0)
    for factor in factors:
        result = result * factor
    return result


def dot(xs: Iterable[Number], ys: Iterable[Number]) -> Number:
    """Σ xᵢ yᵢ of two sequences of the same length."""
    xs, ys = list(xs), list(ys)
    if len(xs) != len(ys):
        raise ValueError(f"dot needs two sequences of one length, got {len(xs)} and {len(ys)}")
    return total(map(multiply, xs, ys))


def norm(xs: Iterable[Number]) -> Number:
    """√Σ xᵢ², without overflow; the derivative at 0 is 0."""
    return hypot(*_some(xs, "norm"))


def mean(xs: Iterable[Number]) -> Number:
    """Σ xᵢ / n."""
    xs = _some(xs, "mean")
    return total(xs) / len(xs)


def _others(xs: Sequence[Number], join: Callable[[Number, Number], Number], nothing: float) -> list[Number]:
    """For each number all others joined, those before it and those behind it: in linear time."""
    before = list(accumulate(xs[:-1], join))
    behind = list(accumulate(xs[:0:-1], join))[::-1]
    if not before:
        return [nothing]
    return [behind[0], *map(join, before[:-1], behind[1:]), before[-1]]


def _some(xs: Iterable[Number], name: str) -> Sequence[Number]:
    numbers = list(map(as_operand, xs))
    if not numbers:
        raise ValueError(f"{name} of no numbers: pass at least one")
    return numbers
