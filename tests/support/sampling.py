"""The rows that tests walk; points of a row's domain, tails included; and the exact derivative there, by mpmath."""

import functools
import itertools
import math
import random

import mpmath
import pytest

from autodiff.core import rows

POINTS = 40

REFERENCE = {
    "add": lambda x, y: x + y,
    "subtract": lambda x, y: x - y,
    "multiply": lambda x, y: x * y,
    "divide": lambda x, y: x / y,
    "negate": lambda x: -x,
    "power": lambda x, y: x**y,
    "floor_divide": lambda x, y: mpmath.floor(x / y),
    "modulo": lambda x, y: x - y * mpmath.floor(x / y),
    "fmod": lambda x, y: x - y * mpmath.sign(x / y) * mpmath.floor(abs(x / y)),
    "reciprocal": lambda x: 1 / x,
    "square": lambda x: x * x,
    "identity": lambda x: x,
    "detach": lambda x: x,
    "absolute": abs,
    "relu": lambda x: max(x, mpmath.mpf(0)),
    "maximum": lambda *xs: max(xs),
    "minimum": lambda *xs: min(xs),
    "where": lambda c, x, y: x if c else y,
    "less": lambda x, y: mpmath.mpf(x < y),
    "less_equal": lambda x, y: mpmath.mpf(x <= y),
    "greater": lambda x, y: mpmath.mpf(x > y),
    "greater_equal": lambda x, y: mpmath.mpf(x >= y),
    "equal": lambda x, y: mpmath.mpf(x == y),
    "not_equal": lambda x, y: mpmath.mpf(x != y),
    "exp2": lambda x: mpmath.mpf(2) ** x,
    "log2": lambda x: mpmath.log(x, 2),
    "cbrt": lambda x: mpmath.sign(x) * mpmath.cbrt(abs(x)),
    "hypot": lambda *xs: mpmath.sqrt(sum(x * x for x in xs)),
    "sigmoid": lambda x: 1 / (1 + mpmath.exp(-x)),
    "softplus": lambda x: mpmath.log(1 + mpmath.exp(x)),
    "logaddexp": lambda x, y: mpmath.log(mpmath.exp(x) + mpmath.exp(y)),
    "share": lambda x, y: mpmath.exp(x) / (mpmath.exp(x) + mpmath.exp(y)),
    "gaussian": lambda x: mpmath.exp(-x * x),
    "lgamma": mpmath.loggamma,
    "power_slope′": lambda x, y, *_: x ** (y - 1) * (1 + y * mpmath.log(x)),  # of the orders 1, 1, its domain
    "direction′": lambda x, y: x / mpmath.sqrt(x * x + y * y),
    "extreme_direction′": lambda x, *others: x / mpmath.sqrt(x * x + sum(y * y for y in others)),
    "atan2_slope′": lambda x, y: y / (x * x + y * y),
    "cbrt_slope′": lambda x: 1 / (3 * mpmath.cbrt(x * x)),
}


def reference(row):
    """The row in mpmath: by the table above, else mpmath's function of the same name."""
    return REFERENCE.get(row.name) or getattr(mpmath, row.name)


def operand_counts(row):
    return (row.arity,) if row.arity else (1, 2, 3)


# The table, and the internal rows, of which partials are made; a twin differs from its base where IEEE 754 says so.
WALKED = {name: row for name, row in rows.ROWS.items() if row.base is row}
ROWS = [pytest.param(row, count, id=f"{name}-{count}") for name, row in WALKED.items() for count in operand_counts(row)]
INSIDE = {
    "acosh": (1.37,), "where": (1.0, 0.3, 0.4), "polygamma": (1.0, 1.5), "power_slope′": (0.37, 0.81, 1.0, 1.0)
}  # fmt: skip
NO_SLOPE = {  # operands by which there is none: whole numbers; and what is left out, and said to be nan
    ("polygamma", 0), ("power_slope′", 2), ("power_slope′", 3), *(("extreme_direction′", i) for i in range(3))
}  # fmt: skip
BY_SCIPY = {"lgamma", "digamma", "polygamma"}


def inside(row):
    """A point inside of the row's domain, no operand a round number; three operands where it takes any number."""
    return INSIDE.get(row.name, (0.37, 0.81, 0.52)[: row.arity or 3])


def domains(row, count):
    """A point-maker for each of `count` operands."""
    return list(row.domain) or [(-1e9, 1e9)] * count


def in_interval(rng, low, high):
    """Anywhere in [low, high]: evenly, near an end, near 0, by order of magnitude."""
    width = high - low
    kind = rng.randrange(5)
    if kind == 0:
        x = low + width * 10.0 ** rng.uniform(-17, -1)
    elif kind == 1:
        x = high - width * 10.0 ** rng.uniform(-17, -1)
    elif kind == 2:
        x = rng.choice((-1.0, 1.0)) * 10.0 ** rng.uniform(-20, 2)
    elif kind == 3 and max(abs(low), abs(high)) > 0:
        x = rng.choice((-1.0, 1.0)) * 10.0 ** rng.uniform(-20, math.log10(max(abs(low), abs(high))))
    else:
        x = rng.uniform(low, high)
    inside = low < x < high or low == high
    return x if inside else rng.uniform(low, high)


def points(row, count, amount=POINTS):
    rng = random.Random(f"{row.name} {count}")
    intervals = domains(row, count)
    for _ in range(amount):
        yield tuple(low if low == high else in_interval(rng, low, high) for low, high in intervals)


@functools.cache  # a first derivative is asked for again beside the second
def exact_partial(function, xs, i, order=1):
    """∂ᵏf/∂xᵢᵏ by mpmath's differences along xᵢ(1 + t), at a precision that is raised until the digits stand.

    The step is far below the distance to any neighbouring float: no kink or edge is crossed.
    """
    previous = None
    for digits in (60, 200, 500, 800):
        with mpmath.workdps(digits):
            exact = [mpmath.mpf(x) for x in xs]

            def along(t, exact=exact):
                return function(*exact[:i], exact[i] * (1 + t), *exact[i + 1 :])

            derivative = mpmath.diff(along, 0, order) / exact[i] ** order
            noise = abs(along(0) / exact[i] ** order) / mpmath.mpf(10) ** 400
        if digits == 800 and abs(derivative) <= noise:
            return mpmath.mpf(0)
        if previous and abs(derivative - previous) <= abs(derivative) / mpmath.mpf(10) ** 25:
            return derivative
        previous = derivative
    raise AssertionError(f"no stable digits at {xs}")


def ulps(found, exact):
    """How many units in the last place of the exact number the found one is off."""
    if abs(exact) > mpmath.mpf(2) ** 1024:
        return 0.0 if found == math.copysign(math.inf, exact) else math.inf
    with mpmath.workdps(60):
        return float(abs(mpmath.mpf(found) - exact) / math.ulp(float(exact)))


GRID = (0.0, -0.0, 5e-324, -5e-324, 1e-200, -1e-200, 1e200, -1e200, 1.0, -1.0, 0.5, -0.5, 2.0, -2.0, 3.0, -3.0, 8.0,
        math.inf, -math.inf, math.nan)  # fmt: skip


def grid(count):
    values = GRID if count < 3 else GRID[::3]
    return itertools.product(values, repeat=count)
