"""Functions of plain floats that `math` lacks: conversion, IEEE limits, stable and accurate forms."""

import math
from numbers import Real
from typing import Any

from autodiff.errors import not_a_number

INF, NAN = math.inf, math.nan
SMALL = 1e-290  # below it a number may soon be subnormal, with fewer digits
ZERO = 0.0  # a derivative that nothing contributed to: known by identity, so that no node is made of adding to it


def is_zero(x: Any) -> bool:
    """Whether a derivative is zero by structure: a float 0, never a Value that happens to be 0."""
    return type(x) is float and x == 0.0


def number(x: Any) -> float:
    """The float that `x` is: int, float, bool, Fraction, NumPy scalar. NotANumber for all else."""
    if type(x) is float or type(x) is int or isinstance(x, Real):  # the ABC is slow to ask
        return float(x)
    if type(x).__module__ == "numpy" and getattr(x, "shape", None) == ():
        return number(x.item())  # np.bool_ and 0-d arrays: not registered as Real
    raise not_a_number(x)


# IEEE 754: inf and nan where Python raises. Partials use these: a derivative may be infinite.


def ieee_divide(x: float, y: float) -> float:
    """x / y; ±inf for x / 0, nan for 0 / 0."""
    if y:
        return x / y
    return math.copysign(INF, x) * math.copysign(1.0, y) if x and x == x else NAN


def chained(x: float, y: float) -> float:
    """x · y; 0 where either is 0, whatever the other: what does not matter contributes nothing."""
    return x * y if x and y else 0.0


def gap(x: float, y: float) -> float:
    """x − y; 0 where they are equal, infinite too."""
    return 0.0 if x == y else x - y


def ieee_floor_divide(x: float, y: float) -> float:
    """⌊x / y⌋; nan for y = 0."""
    return x // y if y else NAN


def ieee_log(x: float) -> float:
    """log x; −inf at 0, nan below."""
    return math.log(x) if x > 0 else NAN if x else -INF


# Float functions of the table that `math` lacks.


def divide(x: float, y: float) -> float:
    """x / y."""
    return x / y


def floor_divide(x: float, y: float) -> float:
    """⌊x / y⌋."""
    return x // y


def sign(x: float) -> float:
    """−1, 0 or 1; nan for nan."""
    return x if x != x else float((x > 0) - (x < 0))


def floor(x: float) -> float:
    """The largest whole number ≤ x."""
    return float(math.floor(x))


def ceil(x: float) -> float:
    """The smallest whole number ≥ x."""
    return float(math.ceil(x))


def trunc(x: float) -> float:
    """The whole number toward 0."""
    return float(math.trunc(x))


def round_half_even(x: float) -> float:
    """The nearest whole number, of two the even one."""
    return float(round(x))


def ldexp(x: float, n: float) -> float:
    """x · 2ⁿ, n a whole number."""
    if n != n // 1:
        raise ValueError("the exponent of 2 is a whole number")
    return math.ldexp(x, int(n))


def ieee_ldexp(x: float, n: float) -> float:
    """x · 2ⁿ; ±inf where it overflows, nan where n is no whole number."""
    if n != n // 1:
        return NAN
    try:
        return math.ldexp(x, int(max(-5000.0, min(n, 5000.0))))
    except OverflowError:
        return math.copysign(INF, x)


def relu(x: float) -> float:
    """max(x, 0); nan for nan."""
    return 0.0 if x <= 0 else x


def maximum(*xs: float) -> float:
    """The largest; nan where any is nan, which Python's max lets pass or not by position."""
    return NAN if any(x != x for x in xs) else max(xs)


def minimum(*xs: float) -> float:
    """The smallest; nan where any is nan."""
    return NAN if any(x != x for x in xs) else min(xs)


def less(x: float, y: float) -> float:
    """1 if x < y, else 0."""
    return float(x < y)


def less_equal(x: float, y: float) -> float:
    """1 if x ≤ y, else 0."""
    return float(x <= y)


def greater(x: float, y: float) -> float:
    """1 if x > y, else 0."""
    return float(x > y)


def greater_equal(x: float, y: float) -> float:
    """1 if x ≥ y, else 0."""
    return float(x >= y)


def equal(x: float, y: float) -> float:
    """1 if x = y, else 0."""
    return float(x == y)


def not_equal(x: float, y: float) -> float:
    """1 if x ≠ y, else 0."""
    return float(x != y)


def where(condition: float, x: float, y: float) -> float:
    """x where the condition holds, else y."""
    return x if condition else y


def identity(x: float) -> float:
    """x."""
    return x


def square(x: float) -> float:
    """x²."""
    return x * x


def reciprocal(x: float) -> float:
    """1 / x."""
    return 1.0 / x


def part(x: float, y: float) -> float:
    """x / (x + y)."""
    return x / (x + y)


def complement(x: float) -> float:
    """1 − x², as (1 − x)(1 + x), which does not cancel near ±1."""
    return (1.0 - x) * (1.0 + x)


def direction(x: float, *others: float) -> float:
    """x / √(x² + …), scaled where the root is subnormal or overflows; 0 at 0, its limit at one infinity, nan at two."""
    h = math.hypot(x, *others)
    if SMALL < h < INF:
        return x / h
    if h == INF and (infinite := [abs(y) == INF for y in others].count(True) + (abs(x) == INF)):
        return NAN if infinite > 1 or any(y != y for y in (x, *others)) else sign(x) if abs(x) == INF else 0.0
    scale = 2.0**-600 if h > 1.0 else 2.0**600
    return x * scale / math.hypot(x * scale, *[y * scale for y in others]) if h else 0.0


def atan2_slope(x: float, y: float) -> float:
    """y / (x² + y²), as y / h / h with h = √(x² + y²), scaled where h is subnormal or overflows; nan at 0."""
    h = math.hypot(x, y)
    if SMALL < h < INF:
        return y / h / h
    if INF in (abs(x), abs(y)):
        return NAN if x != x or y != y else 0.0
    scale = 2.0**-600 if h > 1.0 else 2.0**600
    return y * scale / (h := math.hypot(x * scale, y * scale)) / h * scale if h else NAN


def cbrt_slope(x: float) -> float:
    """1 / (3 ∛x²), as ∛x / x / 3: the square would double the error of the root, and 3x overflow."""
    return math.cbrt(x) / x / 3.0 if x and abs(x) != INF else 0.0 if x else INF
