"""Special functions keep their digits where their textbook forms lose them."""

import math
import random

import mpmath
import pytest
from sampling import ulps

import autodiff as ad
from autodiff.core import special

RNG = random.Random("special")
TAILS = [1.0 - 10.0**-k for k in range(1, 16)] + [10.0**-k for k in (1, 3, 5, 20, 100, 300)]


@pytest.mark.parametrize(("function", "exact"), [
    (special.sinpi, mpmath.sinpi), (special.cospi, mpmath.cospi), (special.sinc, mpmath.sincpi),
])  # fmt: skip
def test_waves_of_half_turns_are_exact_at_their_zeros_and_far_out(function, exact):
    points = [RNG.uniform(-1e6, 1e6) for _ in range(200)] + [k / 2 + s for k in range(-9, 9) for s in (0.0, 1e-12)]
    for x in points:
        with mpmath.workdps(60):
            assert ulps(function(x), exact(mpmath.mpf(x))) < 4, x
    assert (special.sinpi(5.0), special.cospi(1e6 + 0.5)) == (0.0, 0.0)


def test_the_inverse_of_erf_and_its_slope_to_the_last_float_below_1():
    for x in [*TAILS, math.nextafter(1.0, 0.0)]:
        for sign in (1.0, -1.0):
            with mpmath.workdps(60):
                y = mpmath.erfinv(mpmath.mpf(sign * x))
                slope = mpmath.sqrt(mpmath.pi) / 2 * mpmath.exp(y * y)
                assert ulps(special.erfinv(sign * x), y) < 2, x
                assert ulps(ad.grad(ad.erfinv)(sign * x), slope) < 4, x
                assert ulps(ad.hessian(ad.erfinv)(sign * x), 2 * y * slope**2) < 8, x


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_derivatives_of_sinc_near_0_and_far_from_it(n):
    for x in [1e-20, 1e-8, 0.01, 0.3, 1.2, 7.3, 100.7]:
        with mpmath.workdps(200):
            exact = mpmath.diff(mpmath.sincpi, mpmath.mpf(x), n)
        assert special.sinc_slope(float(n), x) == pytest.approx(float(exact), rel=2e-15)


@pytest.mark.parametrize(("function", "at", "value", "slopes"), [
    (ad.xlogy, (0.0, 0.0), 0.0, [-math.inf, 0.0]),
    (ad.xlogy, (0.0, 2.0), 0.0, [math.log(2.0), 0.0]),
    (ad.xlogy, (3.0, 1.0), 0.0, [0.0, 3.0]),
    (ad.entropy, (0.0,), 0.0, [math.inf]),
    (ad.entropy, (1.0,), 0.0, [-1.0]),
    (ad.sinc, (0.0,), 1.0, [0.0]),
    (ad.copysign, (-2.0, 3.0), 2.0, [-1.0, 0.0]),
    (ad.copysign, (0.0, -1.0), 0.0, [0.0, 0.0]),
    (ad.round, (2.5,), 2.0, [0.0]),
    (ad.ceil, (-0.5,), 0.0, [0.0]),
    (ad.trunc, (-1.5,), -1.0, [0.0]),
    (ad.logaddexp2, (math.inf, math.inf), math.inf, [0.5, 0.5]),
    (ad.logaddexp2, (0.0, 1000.0), 1000.0, [2.0**-1000, 1.0]),
    (ad.erfinv, (0.0,), 0.0, [math.sqrt(math.pi) / 2]),
])  # fmt: skip
def test_points_where_a_form_could_fail(function, at, value, slopes):
    assert function(*at) == value
    for mode in ("forward", "reverse"):
        assert ad.jacobian(lambda xs: function(*xs), mode)(list(at)) == pytest.approx(slopes, rel=1e-15)


def test_a_mixed_derivative_of_xlogy_is_there_where_its_value_is_0():
    assert ad.hessian(lambda p: ad.xlogy(p[0], p[1]))([0.0, 2.0]) == [[0.0, 0.5], [0.5, 0.0]]
    assert ad.hessian(ad.sinc)(0.0) == pytest.approx(-(math.pi**2) / 3, rel=1e-15)


def test_ldexp_is_of_whole_exponents():
    assert ad.grad(ad.ldexp)(3.0, 4) == 16.0
    assert ad.grad(ad.ldexp)(0.0, 5000) == math.inf
    with pytest.raises(ValueError, match=r"ldexp\(1.0, 0.5\): the exponent of 2 is a whole number"):
        ad.ldexp(1.0, 0.5)


@pytest.mark.parametrize("x", [1.0, -1.0, 2.0, math.inf])
def test_erfinv_raises_as_math_does_outside_of_its_domain(x):
    with pytest.raises(ValueError, match="math domain error"):
        ad.erfinv(x)


def test_a_product_of_numbers_has_slopes_at_its_zeros():
    assert ad.grad(ad.prod)([2.0, 0.0, 5.0]) == [0.0, 10.0, 0.0]
    assert ad.prod([]) == 1.0


def test_activations_are_0_at_minus_infinity():
    assert [ad.gelu(-math.inf), ad.silu(-math.inf)] == [0.0, 0.0]
    assert ad.hessian(ad.entropy)(-0.0) == ad.hessian(ad.entropy)(0.0) == -math.inf


@pytest.mark.parametrize("n", range(1, 8))
@pytest.mark.parametrize("x", [-0.25, -1.75, -9.5, -3.0000001, -123.4, -1000.5, -1e-9])
def test_polygamma_below_zero_is_mpmaths_to_a_dozen_ulp_of_its_larger_term(n, x):
    with mpmath.workdps(40):
        exact, term = mpmath.polygamma(n, mpmath.mpf(x)), mpmath.polygamma(n, 1 - mpmath.mpf(x))
        cotangent = mpmath.diff(lambda t: mpmath.pi * mpmath.cot(mpmath.pi * t), mpmath.mpf(x), n)
    # at half-integers one vanishes: as where any sum cancels, x is known no better
    largest = max(abs(exact), abs(term), abs(cotangent) * 1e-3, abs(x * mpmath.polygamma(n + 1, mpmath.mpf(x))))
    assert abs(special.polygamma(float(n), x) - exact) <= 12 * math.ulp(float(largest))


@pytest.mark.parametrize("x", [-1e11 - 0.5, -1e15 - 0.5, -1e11, -1e300, 1e300])
def test_far_out_derivatives_of_gamma_functions_take_no_time(x):
    for order in (1.0, 2.0, 5.0):
        special.polygamma(order, x)
    if x != x // 1:
        assert ad.grad(ad.digamma)(x) == pytest.approx(math.pi**2, rel=1e-4)
        assert ad.hessian(ad.lgamma)(x) == pytest.approx(math.pi**2, rel=1e-4)
