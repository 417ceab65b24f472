"""Composites: functions written with the rows of the table, and so differentiable with no rule of their own."""

import math
from collections.abc import Iterable, Sequence

from autodiff.core.floats import NAN
from autodiff.core.primitives import (
    chain,
    detach,
    erfc,
    exp,
    hypot,
    less_equal,
    log,
    maximum,
    multiply,
    sigmoid,
    where,
)
from autodiff.core.rows import Number, Operand, as_operand, constant


def stop_gradient(x: Number) -> Number:
    """x as a constant: its number without its derivative."""
    found = constant(as_operand(x))
    return found if type(found) is float else detach(found)


def logsumexp(xs: Iterable[Number]) -> Number:
    """log Σ eˣⁱ, as m + log Σ e^(xᵢ − m) with m the largest: nothing overflows, and m's derivative cancels."""
    xs = _some(xs, "logsumexp")
    largest = maximum(*map(stop_gradient, xs))
    if type(largest) is float and math.isinf(largest):
        return maximum(*xs)
    return log(total(exp(x - largest) for x in xs)) + largest


def softmax(xs: Iterable[Number]) -> list[Number]:
    """eˣⁱ / Σⱼ eˣʲ for each i, as e^(xᵢ − m) / Σⱼ e^(xⱼ − m) with m the largest."""
    xs = _some(xs, "softmax")
    largest = maximum(*map(stop_gradient, xs))
    powers = [exp(x - largest) for x in xs]
    partition = total(powers)
    return [power / partition for power in powers]


def gelu(x: Number) -> Number:
    """x Φ(x), Φ the normal distribution, as x erfc(−x/√2) / 2: 1 + erf would cancel on the left.

    Hendrycks and Gimpel, Gaussian error linear units (2016).
    """
    return 0.5 * multiply(x, erfc(multiply(x, -math.sqrt(0.5))))


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


def _some(xs: Iterable[Number], name: str) -> Sequence[Number]:
    numbers = list(map(as_operand, xs))
    if not numbers:
        raise ValueError(f"{name} of no numbers: pass at least one")
    return numbers
