"""Taylor coefficients of every row and of compositions, to order 20, against mpmath."""

import math
import time

import mpmath
import pytest
from sampling import BY_SCIPY, NO_SLOPE, WALKED, inside, reference

import autodiff as ad
from autodiff import Value
from autodiff.errors import NotScalar

ROWS = [
    pytest.param(row, id=name)
    for name, row in WALKED.items()
    if name not in BY_SCIPY | {"detach"} and (name, 0) not in NO_SLOPE
]


@pytest.mark.parametrize("row", ROWS)
def test_coefficients_of_every_row_to_order_20(row):
    at = inside(row)
    i = len(at) - 1 if row.name == "where" else 0
    found = ad.taylor(lambda x: row(*at[:i], x, *at[i + 1 :]), at[i], 20)
    with mpmath.workdps(60):
        exact = mpmath.taylor(
            lambda x: reference(row)(*map(mpmath.mpf, at[:i]), x, *map(mpmath.mpf, at[i + 1 :])), at[i], 20
        )
        exact = [float(c) for c in exact]
    # a coefficient is a sum of up to 20 terms of alternating sign, themselves such sums
    assert found == pytest.approx(exact, rel=1e-11, abs=1e-13 * max(map(abs, exact)))


NO_CURVES = {"where", *(name for name, _ in NO_SLOPE)}


@pytest.mark.parametrize("row", [p for p in ROWS if p.values[0].arity != 1 and p.values[0].name not in NO_CURVES])
def test_coefficients_along_a_curve_through_all_operands(row):
    def curve(t, one, two, three):
        return [one * t, two + t * t, three / (1 + t)][: row.arity or 3]

    found = ad.taylor(lambda t: row(*curve(t, 1.0, 0.1, 0.9)), 0.6, 8)
    with mpmath.workdps(60):
        exact = mpmath.taylor(
            lambda t: reference(row)(*curve(t, mpmath.mpf(1), mpmath.mpf(0.1), mpmath.mpf(0.9))), mpmath.mpf(0.6), 8
        )
    assert found == pytest.approx([float(c) for c in exact], rel=1e-10, abs=1e-13)


def test_known_series():
    assert ad.taylor(ad.exp, 0.0, 6) == pytest.approx([1 / math.factorial(k) for k in range(7)], rel=1e-15)
    assert ad.taylor(lambda x: 1 / (1 - x), 0.0, 5) == [1.0] * 6
    assert ad.taylor(lambda x: x**3, 2.0, 5) == [8.0, 12.0, 6.0, 1.0, 0.0, 0.0]
    assert ad.taylor(lambda x: 7, 2.0, 2) == [7.0, 0.0, 0.0]
    assert ad.taylor(ad.sin, 0.5, 0) == [math.sin(0.5)]
    assert ad.taylor(lambda x: x if x > 0 else -x, -2.0, 2) == [2.0, -1.0, 0.0]


def test_along_a_direction():
    def f(p):
        return p["x"] ** 2 * p["y"]

    # (1 + 2t)² (3 − t) = 3 + 11t + 8t² − 4t³
    assert ad.taylor(f, {"x": 1.0, "y": 3.0}, 4, direction={"x": 2.0, "y": -1.0}) == [3.0, 11.0, 8.0, -4.0, 0.0]


def test_nests_with_every_other_transform():
    def f(x):
        return ad.exp(ad.sin(x)) * x

    fourth = ad.taylor(f, 0.4, 4)[4] * 24
    third = [ad.taylor(f, 0.4, 4)[k + 1] * (k + 1) for k in range(4)]
    assert ad.taylor(ad.grad(f), 0.4, 3) == pytest.approx(third, rel=1e-13)
    assert ad.grad(lambda x: ad.taylor(f, x, 3)[3])(0.4) * 6 == pytest.approx(fourth, rel=1e-13)
    assert ad.jvp(lambda x: ad.taylor(f, x, 3)[3], (0.4,), (1.0,))[1] * 6 == pytest.approx(fourth, rel=1e-13)
    # ∂²/∂t² of sin(st) along s, then its first derivative along t: the inner series is a constant of the outer
    inner = ad.taylor(lambda t: ad.taylor(lambda s: ad.sin(s * t), 0.4, 2)[2], 0.7, 1)
    p = 0.28
    assert inner == pytest.approx(
        [-(0.7**2) * math.sin(p) / 2, -0.7 * math.sin(p) - 0.7**2 * 0.4 * math.cos(p) / 2], rel=1e-14
    )
    x = Value(0.4)
    coefficient = ad.taylor(ad.sin, x, 2)[2]
    coefficient.backward()
    assert x.grad == pytest.approx(-math.cos(0.4) / 2)


@pytest.mark.long(2)
def test_order_20_costs_a_polynomial_not_a_power_of_two():
    def nested(x):
        for _ in range(10):
            x = ad.tanh(x) * ad.sigmoid(x) + ad.logaddexp(x, 1.0)
        return x

    start = time.perf_counter()
    coefficients = ad.taylor(nested, 0.3, 20)
    assert time.perf_counter() - start < 30  # 2²⁰ partials would take hours
    assert len(coefficients) == 21


def test_a_long_chain():
    def chain(x):
        for _ in range(5_000):
            x = x + 1e-3 * x * x
        return x

    value, slope, *_ = ad.taylor(chain, 0.01, 2)
    assert value == chain(0.01)
    assert slope == pytest.approx(ad.grad(chain)(0.01), rel=1e-12)


@pytest.mark.parametrize("order", [-1, 1.5, "2"])
def test_order_is_a_whole_number(order):
    with pytest.raises(ValueError, match="the order of a Taylor series is a whole number from 0, got"):
        ad.taylor(ad.sin, 0.0, order)


def test_a_branch_not_taken_has_no_part_in_a_traced_series_however_steep_it_is():
    def f(x):
        return ad.where(x > 0.5, ad.cbrt(x), x)

    assert ad.trace(lambda x: ad.taylor(f, x, 3), 1.0).evaluate(0.0) == ad.taylor(f, 0.0, 3) == [0.0, 1.0, 0.0, 0.0]


def test_bad_input():
    with pytest.raises(NotScalar, match="a line through list of 2 numbers needs a direction"):
        ad.taylor(lambda x: x[0], [1.0, 2.0], 2)
    with pytest.raises(NotScalar, match="taylor needs one output"):
        ad.taylor(lambda x: [x], 1.0, 2)
    with pytest.raises(TypeError, match="the direction must have the structure of x"):
        ad.taylor(lambda x: x[0], [1.0, 2.0], 2, direction=[1.0])
    with pytest.raises(ValueError, match=r"log\(.*math domain error"):
        ad.taylor(ad.log, -1.0, 2)


def test_repr():
    shown = []
    ad.taylor(lambda x: shown.append(repr(x)) or x, 0.5, 1)
    assert shown == ["Series([0.5, 1.0])"]
