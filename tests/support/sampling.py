"""The rows that tests walk; points of a row's domain, tails included; and the exact derivative there, by mpmath."""

import functools
import math

import mpmath
import pytest

from autodiff.checking.points import grid, operand_counts, points
from autodiff.core import rows

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
    "spread′": lambda x, y: mpmath.sech((x - y) / 2) ** 2 / 4,
    "part′": lambda x, y: x / (x + y),
    "complement′": lambda x: 1 - x * x,
    "logit": lambda x: mpmath.log(x / (1 - x)),
    "variance′": lambda x: x * (1 - x),
    "gaussian": lambda x: mpmath.exp(-x * x),
    "cdf": lambda x: mpmath.erfc(-x / mpmath.sqrt(2)) / 2,
    "density′": lambda x: mpmath.exp(-x * x / 2) / mpmath.sqrt(2 * mpmath.pi),
    "log_cdf": lambda x: mpmath.log(mpmath.erfc(-x / mpmath.sqrt(2)) / 2),
    "mills′": lambda n, x: _integral(n, x) / _integral(0, x),
    "lgamma": mpmath.loggamma,
    "trunc": lambda x: mpmath.sign(x) * mpmath.floor(abs(x)),
    "round": mpmath.nint,
    "copysign": lambda x, y: abs(x) if y > 0 else -abs(x),
    "xlogy": lambda x, y: x * mpmath.log(y),
    "entropy": lambda x: -x * mpmath.log(x),
    "ldexp": lambda x, n: x * mpmath.mpf(2) ** n,
    "sinc": mpmath.sincpi,
    "sinc_slope′": lambda n, x: (mpmath.cospi(x) - mpmath.sincpi(x)) / x,  # of the order 1, its domain
    "share2′": lambda x, y: 1 / (1 + mpmath.mpf(2) ** (y - x)),
    "erfinv_slope′": lambda x: mpmath.sqrt(mpmath.pi) / 2 * mpmath.exp(mpmath.erfinv(x) ** 2),
    "logaddexp2": lambda x, y: mpmath.log(mpmath.mpf(2) ** x + mpmath.mpf(2) ** y, 2),
    "power_slope′": lambda x, y, *_: x ** (y - 1) * (1 + y * mpmath.log(x)),  # of the orders 1, 1, its domain
    "direction′": lambda x, y: x / mpmath.sqrt(x * x + y * y),
    "extreme_direction′": lambda x, *others: x / mpmath.sqrt(x * x + sum(y * y for y in others)),
    "atan2_slope′": lambda x, y: y / (x * x + y * y),
    "cbrt_slope′": lambda x: 1 / (3 * mpmath.cbrt(x * x)),
}


def _integral(n, x):
    """iₙ of the normal density: i₋₁ = φ, i₀ = Φ, n iₙ = x iₙ₋₁ + iₙ₋₂."""
    before, found = REFERENCE["density′"](x), REFERENCE["cdf"](x)
    for k in range(1, int(n) + 1):
        before, found = found, (x * found + before) / k
    return before if n < 0 else found


def reference(row):
    """The row in mpmath: by the table above, else mpmath's function of the same name."""
    return REFERENCE.get(row.name) or getattr(mpmath, row.name)


__all__ = [
    "BY_SCIPY",
    "REFERENCE",
    "ROWS",
    "exact_partial",
    "grid",
    "inside",
    "operand_counts",
    "points",
    "reference",
    "ulps",
]

# The table, and the internal rows, of which partials are made; a twin differs from its base where IEEE 754 says so.
WALKED = {name: row for name, row in rows.ROWS.items() if row.base is row}
ROWS = [pytest.param(row, count, id=f"{name}-{count}") for name, row in WALKED.items() for count in operand_counts(row)]
INSIDE = {
    "acosh": (1.37,), "where": (1.0, 0.3, 0.4), "polygamma": (1.0, 1.5), "ldexp": (0.37, 3.0), "mills′": (2.0, 1.5),
    "power_slope′": (0.37, 0.81, 1.0, 1.0), "sinc_slope′": (1.0, 0.37),
}  # fmt: skip
NO_SLOPE = {  # operands by which there is none: whole numbers; and what is left out, and said to be nan
    ("polygamma", 0), ("ldexp", 1), ("mills′", 0), ("sinc_slope′", 0), ("power_slope′", 2), ("power_slope′", 3),
    *(("extreme_direction′", i) for i in range(3)),
}  # fmt: skip
BY_SCIPY = {"lgamma", "digamma", "polygamma", "gamma"}


def inside(row):
    """A point inside of the row's domain, no operand a round number; three operands where it takes any number."""
    return INSIDE.get(row.name, (0.37, 0.81, 0.52)[: row.arity or 3])


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
