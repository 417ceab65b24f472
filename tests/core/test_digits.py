"""Digits that a textbook's form would lose: second derivatives of rows to ulps, tails of the normal distribution."""

import math

import mpmath
import pytest
from derivatives import forward, reverse, same
from orders import NESTINGS
from sampling import exact_partial, reference, ulps

import autodiff as ad
from autodiff.core.rows import ROWS

INF = math.inf
LIMIT = 8  # units in the last place; measured: at most 6
ROOTS = {"gaussian": math.sqrt(0.5), "density′": 1.0}  # of second derivatives, near which none keeps its digits


def near_a_root(row, xs):
    return row.name in ROOTS and 0.5 < abs(xs[0]) / ROOTS[row.name] < 2.0


def assert_second_derivatives(row, xs):
    for i in range(len(xs)):
        exact = exact_partial(reference(row), xs, i, 2)
        if abs(exact) < 1e-290 or near_a_root(row, xs):
            continue
        for second in NESTINGS:
            assert ulps(second(row, xs, i), exact) <= LIMIT, (second.__name__, xs, i)


@pytest.mark.parametrize("name", ["tanh", "sigmoid", "asin", "acos", "atanh", "erf", "cdf", "asinh"])
@pytest.mark.parametrize("x", [1e-20, -1e-9, 3e-5])
def test_second_derivatives_near_a_turning_point_keep_their_digits(name, x):
    assert_second_derivatives(ROWS[name], (x,))


@pytest.mark.parametrize("xs", [(1.0, 1.0 + 1e-9), (-250.0, -250.0 + 1e-6), (1e-20, -1e-20), (40.1, 1e-17)])
@pytest.mark.parametrize("name", ["share", "logaddexp"])
def test_second_derivatives_near_a_tie_keep_their_digits(name, xs):
    assert_second_derivatives(ROWS[name], xs)


def test_second_derivatives_that_were_lost():
    assert ad.hessian(ad.tanh)(1e-20) == -2e-20
    assert ad.hessian(ad.atanh)(1e-20) == 2e-20
    assert ad.hessian(ad.logit)(0.5 + 2.0**-50) == pytest.approx(32.0 * 2.0**-50, rel=1e-14)


@pytest.mark.parametrize("row", [ad.logaddexp, ad.share], ids=str)
@pytest.mark.parametrize("x", [INF, -INF])
def test_equal_infinities_share_alike(row, x):
    half = [0.5, 0.5] if row is ad.logaddexp else [0.25, -0.25]
    assert reverse(row, (x, x)) == forward(row, (x, x)) == half
    assert row(x, x) == (x if row is ad.logaddexp else 0.5)


def test_logaddexp_keeps_the_digits_that_the_difference_of_its_operands_rounds_off():
    with mpmath.workdps(60):
        exact = mpmath.log(mpmath.exp(mpmath.mpf(1e-15)) + mpmath.exp(mpmath.mpf(-30.1)))
    assert ulps(ad.logaddexp(1e-15, -30.1), exact) <= 2


def exactly(function, *xs):
    with mpmath.workdps(400):
        return +function(*map(mpmath.mpf, xs))


VALUES = {
    "cdf": [-37.5, -26.3, -7.7, -1.3, -0.2, 0.0, 1e-20, 1.9, 9.0],
    "log_cdf": [-1e100, -1e5, -40.0, -1.01, -0.99, -0.3, 0.3, 3.0, 30.0],
    "logit": [1e-300, 0.2, 0.25, 0.499999, 0.5000000001, 0.75, 1.0 - 2.0**-53],
}


@pytest.mark.parametrize(("name", "x"), [(name, x) for name, xs in VALUES.items() for x in xs if abs(x) < 1e50])
def test_values_are_within_4_ulp_of_the_exact_ones(name, x):
    assert ulps(ROWS[name](x), exactly(reference(ROWS[name]), x)) <= 4


def test_the_logarithm_of_the_normal_distribution_does_not_underflow():
    assert ad.log_cdf(-40.0) == pytest.approx(-804.6084420137538, rel=1e-15)  # SciPy's log_ndtr
    assert ad.grad(ad.log_cdf)(-40.0) == pytest.approx(40.02496884720726, rel=1e-15)
    assert ad.log_cdf(-1e100) == pytest.approx(-5e199, rel=1e-15)
    assert ad.grad(ad.log_cdf)(-1e100) == 1e100
    assert ad.hessian(ad.log_cdf)(-1e100) == -1.0
    assert ad.log_cdf(39.0) == 0.0
    assert same([ad.log_cdf(-INF), ad.log_cdf(math.nan), ad.cdf(-INF), ad.cdf(INF)], [-INF, math.nan, 0.0, 1.0])
    assert reverse(ad.cdf, [INF]) == reverse(ad.cdf, [-INF]) == reverse(ad.log_cdf, [INF]) == [0.0]


@pytest.mark.parametrize("x", [-0.1, 0.0, 1.0, 1.5, INF])
def test_logit_raises_where_there_is_none(x):
    with pytest.raises(ValueError, match=rf"logit\({x}\)"):
        ad.logit(x)


def test_mills_ratios_are_asked_for_by_whole_numbers():
    with pytest.raises(ValueError, match="a whole number from −1"):
        ROWS["mills′"](0.5, 1.0)
