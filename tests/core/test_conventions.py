"""CONVENTIONS.md, line by line: derivatives at kinks, edges and ties, and the hard cases that need no transforms."""

import math

import pytest
from derivatives import forward, reverse, same

import autodiff as ad
from autodiff import Dual, Value

INF, NAN = math.inf, math.nan

POINTS = [
    # what, function, at, value, derivatives
    ("relu at 0", ad.relu, (0.0,), 0.0, [0.0]),
    ("abs at 0", abs, (0.0,), 0.0, [0.0]),
    ("clip at the low bound", lambda x: ad.clip(x, -1.0, 1.0), (-1.0,), -1.0, [1.0]),
    ("clip at the high bound", lambda x: ad.clip(x, -1.0, 1.0), (1.0,), 1.0, [1.0]),
    ("clip outside", lambda x: ad.clip(x, -1.0, 1.0), (1.5,), 1.0, [0.0]),
    ("maximum at a tie", ad.maximum, (2.0, 2.0), 2.0, [0.5, 0.5]),
    ("minimum at a tie", ad.minimum, (2.0, 2.0), 2.0, [0.5, 0.5]),
    ("maximum of x and x", lambda x: ad.maximum(x, x), (2.0,), 2.0, [1.0]),
    ("maximum at a three-way tie", ad.maximum, (2.0, 2.0, 2.0), 2.0, [1 / 3, 1 / 3, 1 / 3]),
    ("sign at its jump", ad.sign, (0.0,), 0.0, [0.0]),
    ("floor at its jump", ad.floor, (2.0,), 2.0, [0.0]),
    ("sqrt at 0", ad.sqrt, (0.0,), 0.0, [INF]),
    ("sqrt at −0", ad.sqrt, (-0.0,), -0.0, [INF]),
    ("sqrt of −x at 0", lambda x: ad.sqrt(-x), (0.0,), -0.0, [-INF]),
    ("square root as a power at 0", lambda x: x**0.5, (0.0,), 0.0, [INF]),
    ("x**0 at 0", lambda x: x**0, (0.0,), 1.0, [0.0]),
    ("x**0.0 at 0", lambda x: x**0.0, (0.0,), 1.0, [0.0]),
    ("x**3 at −2", lambda x: x**3, (-2.0,), -8.0, [12.0]),
    ("x**y at (0, 0)", ad.power, (0.0, 0.0), 1.0, [0.0, -INF]),
    ("x**y at (0, 1)", ad.power, (0.0, 1.0), 0.0, [1.0, 0.0]),
    ("x**y at (0, 2)", ad.power, (0.0, 2.0), 0.0, [0.0, 0.0]),
    ("x**y at (−2, 3)", ad.power, (-2.0, 3.0), -8.0, [12.0, NAN]),
    ("x**x at 0", lambda x: x**x, (0.0,), 1.0, [-INF]),
    ("hypot at (0, 0)", ad.hypot, (0.0, 0.0), 0.0, [0.0, 0.0]),
    ("atan2 at (0, 0)", ad.atan2, (0.0, 0.0), 0.0, [NAN, NAN]),
    ("an untaken branch", lambda x: ad.where(x > 0, ad.sqrt(x), 0.0), (0.0,), 0.0, [0.0]),
    ("asin at 1", ad.asin, (1.0,), math.pi / 2, [INF]),
    ("asin at −1", ad.asin, (-1.0,), -math.pi / 2, [INF]),
    ("acos at 1", ad.acos, (1.0,), 0.0, [-INF]),
    ("acos at −1", ad.acos, (-1.0,), math.pi, [-INF]),
    ("acosh at 1", ad.acosh, (1.0,), 0.0, [INF]),
    ("sigmoid at 1000", ad.sigmoid, (1000.0,), 1.0, [0.0]),
    ("sigmoid at −1000", ad.sigmoid, (-1000.0,), 0.0, [0.0]),
    ("softplus at 1000", ad.softplus, (1000.0,), 1000.0, [1.0]),
    ("softplus at −1000", ad.softplus, (-1000.0,), 0.0, [0.0]),
    ("fmod", ad.fmod, (-5.0, 3.0), -2.0, [1.0, 1.0]),
    ("modulo", lambda x, y: x % y, (-5.0, 3.0), 1.0, [1.0, 2.0]),
    ("relu of nan", ad.relu, (NAN,), NAN, [NAN]),
    ("maximum with a nan", ad.maximum, (NAN, 1.0), NAN, [NAN, NAN]),
    ("an ignored argument", lambda x, y: y * 1.0, (3.0, 2.0), 2.0, [0.0, 1.0]),
    ("an integer argument", lambda x: x**2, (3,), 9.0, [6.0]),
    ("a zero adjoint meets an infinite partial", lambda x: 0.0 * ad.sqrt(x), (0.0,), 0.0, [0.0]),
    ("leaky relu at 0", ad.leaky_relu, (0.0,), 0.0, [0.01]),
    ("leaky relu at −0", ad.leaky_relu, (-0.0,), -0.0, [0.01]),
    ("leaky relu of nan", ad.leaky_relu, (NAN,), NAN, [NAN]),
    ("clip of nan", lambda x: ad.clip(x, -1.0, 1.0), (NAN,), NAN, [NAN]),
    ("hypot of the smallest", ad.hypot, (5e-324, 5e-324), 5e-324, [0.7071067811865475, 0.7071067811865475]),
    ("hypot of three of the smallest", ad.hypot, (5e-324,) * 3, 1e-323, [1 / math.sqrt(3.0)] * 3),
    ("hypot of the largest", ad.hypot, (1.5e308, -1.5e308), INF, [0.7071067811865475, -0.7071067811865475]),
    (
        "atan2 of the largest",
        ad.atan2,
        (1.5e308, 1.5e308),
        math.pi / 4,
        [3.33333333333333e-309, -3.33333333333333e-309],
    ),
    ("cbrt of the largest", ad.cbrt, (1.7e308,), math.cbrt(1.7e308), [1.0862075013244048e-206]),
    ("cbrt of the largest, below 0", ad.cbrt, (-1.7e308,), -math.cbrt(1.7e308), [1.0862075013244048e-206]),
    ("logaddexp at −∞ twice", ad.logaddexp, (-INF, -INF), -INF, [0.5, 0.5]),
    ("logaddexp at ∞ twice", ad.logaddexp, (INF, INF), INF, [0.5, 0.5]),
    ("logaddexp at ∞ and 1", ad.logaddexp, (INF, 1.0), INF, [1.0, 0.0]),
    ("norm at 0", lambda x, y: ad.norm([x, y]), (0.0, 0.0), 0.0, [0.0, 0.0]),
    ("cbrt at 0", ad.cbrt, (0.0,), 0.0, [INF]),
    ("log of the smallest", ad.log, (5e-324,), math.log(5e-324), [INF]),
]


@pytest.mark.parametrize(
    ("function", "at", "value", "derivatives"), [p[1:] for p in POINTS], ids=[p[0] for p in POINTS]
)
def test_value_and_derivative_at(function, at, value, derivatives):
    output = function(*map(Value, at))
    assert same([output.data], [value])
    assert same(reverse(function, at), derivatives)
    assert same(forward(function, at), derivatives)


def test_a_zero_seed_meets_an_infinite_partial():
    x = Value(0.0)
    ad.sqrt(x).backward(0.0)
    assert x.grad == 0.0
    assert ad.sqrt(Dual(0.0, 0.0)).tangent == 0.0


# The accurate forms where the textbook's lose every digit; the exact numbers are mpmath's at 60 digits.
TAILS = [
    ("tanh at 20", ad.tanh, 20.0, 1.6993417021166355e-17),
    ("sigmoid at 40", ad.sigmoid, 40.0, 4.248354255291589e-18),
    ("expm1 at −40", ad.expm1, -40.0, 4.248354255291589e-18),
    ("erf at 5", ad.erf, 5.0, 1.5670866531017317e-11),
    ("softplus at −40", ad.softplus, -40.0, 4.248354255291589e-18),
]


@pytest.mark.parametrize(("function", "at", "exact"), [t[1:] for t in TAILS], ids=[t[0] for t in TAILS])
def test_tails_keep_their_digits(function, at, exact):
    assert reverse(function, [at]) == [pytest.approx(exact, rel=8.9e-16)]  # 4 ulp


# Perturbations that nest, by Duals with tags given by hand.


def test_inner_perturbation_is_not_the_outer_one():
    outer = Dual(1.0, 1.0, tag=1)
    assert (outer * (outer + Dual(1.0, 1.0, tag=2)).tangent).tangent == 1.0
    assert (outer * (outer * Dual(2.0, 1.0, tag=2)).tangent).tangent == 2.0
    outer = Dual(2.0, 1.0, tag=1)
    assert (outer * (outer * Dual(3.0, 1.0, tag=2) ** 2).tangent).tangent == 24.0


HARD = [
    ("a + a", lambda a: a + a, 3.0, 2.0),
    ("a · a", lambda a: a * a, 3.0, 6.0),
    ("a − a", lambda a: a - a, 3.0, 0.0),
    ("a / a", lambda a: a / a, 3.0, 0.0),
]


@pytest.mark.parametrize(("function", "at", "expected"), [h[1:] for h in HARD], ids=[h[0] for h in HARD])
def test_an_operand_that_stands_twice_counts_twice(function, at, expected):
    assert reverse(function, [at]) == forward(function, [at]) == [expected]


def test_sixty_doublings_take_sixty_steps():
    x = y = Value(1.0)
    for _ in range(60):
        y = y + y
    y.backward()
    assert x.grad == 2.0**60


def test_backward_twice_accumulates_on_the_leaf_and_not_inside():
    x = Value(3.0)
    z = (x * x) ** 2
    z.backward()
    z.backward()
    assert x.grad == 216.0
    assert z.operands[0].grad == 18.0


def test_two_outputs_that_share_a_node():
    x = Value(3.0)
    y = x * x
    (2 * y).backward()
    (5 * y).backward()
    assert x.grad == 42.0


def test_a_node_keeps_what_it_was_computed_from():
    a = Value(2.0)
    b = a * a
    a.data = 10.0
    b.backward()
    assert a.grad == 4.0
    assert b.data == 4.0


def test_branches_and_loops_are_followed_as_they_run():
    def branch(x):
        return x**2 if x > 0 else -3 * x

    def double_until_100(x):
        while x < 100:
            x = 2 * x
        return x

    assert reverse(branch, [-2.0]) == forward(branch, [-2.0]) == [-3.0]
    assert reverse(double_until_100, [3.0]) == forward(double_until_100, [3.0]) == [64.0]


RAISING = [
    ("log of 0", ad.log, 0.0, ValueError, r"log\(0\.0\)"),
    ("division by 0", lambda x: 1.0 / x, 0.0, ZeroDivisionError, r"divide\(1\.0, 0\.0\)"),
    ("overflow", ad.exp, 1000.0, OverflowError, r"exp\(1000\.0\)"),
    ("fraction of a negative", lambda x: x**0.5, -1.0, ValueError, r"power\(-1\.0, 0\.5\).*no real"),
    ("asin beyond 1", lambda x: x.asin(), 1.5, ValueError, r"asin\(1\.5\)"),
    ("0 to a negative power", lambda x: x**-1, 0.0, ZeroDivisionError, r"power\(0\.0, -1\.0\)"),
    ("modulo 0", lambda x: 5.0 % x, 0.0, ZeroDivisionError, r"modulo\(5\.0, 0\.0\)"),
]


@pytest.mark.parametrize(("function", "at", "error", "message"), [r[1:] for r in RAISING], ids=[r[0] for r in RAISING])
def test_raises_where_the_float_raises_and_names_operation_and_operands(function, at, error, message):
    for x in (Value(at), Dual(at, 1.0)):
        with pytest.raises(error, match=message):
            function(x)


def test_errors_name_the_label():
    with pytest.raises(ValueError, match=r"log\(a = -1\.0\): math domain error \(line \d+ of test_conventions.py\)"):
        ad.log(Value(-1.0, "a"))


HARD_ZEROS = [
    ("an untaken branch", lambda x: ad.where(x, ad.sqrt(x), 0.0)),
    ("a relu that is off", lambda x: ad.relu(-ad.sqrt(x))),
    ("abs at 0", lambda x: abs(ad.sqrt(x))),
    ("a square of a root", lambda x: ad.sqrt(x) ** 2),
    ("a product of roots", lambda x: ad.sqrt(x) * ad.sqrt(x)),
]


@pytest.mark.parametrize("function", [f for _, f in HARD_ZEROS], ids=[name for name, _ in HARD_ZEROS])
def test_zero_times_infinity_contributes_nothing_on_floats_and_on_values_alike(function):
    for transform in (ad.grad, lambda f: lambda x: ad.jvp(f, (x,), (1.0,))[1]):
        on_floats, on_values = transform(function)(0.0), transform(function)(Value(0.0))
        assert on_floats == 0.0
        assert getattr(on_values, "data", on_values) == 0.0


LIMITS = [
    ("cbrt", ad.cbrt, (INF,), [0.0]),
    ("a fourth root", lambda x: x**0.25, (INF,), [0.0]),
    ("gaussian", ad.gaussian, (INF,), [0.0]),
    ("atan2 beside", ad.atan2, (1.0, INF), [0.0, 0.0]),
    ("atan2 above", ad.atan2, (INF, 1.0), [0.0, 0.0]),
    ("a constant exponent of 0", lambda x: x**0, (NAN,), [0.0]),
    ("hypot", ad.hypot, (-INF, 1.0), [1.0, 0.0]),
    ("hypot of three", ad.hypot, (1.0, INF, -2.0), [0.0, 1.0, 0.0]),
    ("hypot, twice infinite", ad.hypot, (INF, INF), [NAN, NAN]),
    ("hypot of three, twice infinite", ad.hypot, (INF, 1.0, -INF), [NAN, NAN, NAN]),
    ("atan2, twice infinite", ad.atan2, (INF, -INF), [0.0, 0.0]),
    ("a power of ∞", ad.power, (INF, -1.0), [0.0, 0.0]),
    ("a power of −∞", lambda x: x**-3.0, (-INF,), [0.0]),
    ("½ to the ∞", ad.power, (0.5, INF), [0.0, 0.0]),
    ("2 to the −∞", ad.power, (2.0, -INF), [0.0, 0.0]),
    ("0 to the ∞", ad.power, (0.0, INF), [0.0, 0.0]),
    ("2 to the ∞", ad.power, (2.0, INF), [INF, INF]),
    ("∞ to the 0", ad.power, (INF, 0.0), [0.0, INF]),
    ("1 to the ∞", ad.power, (1.0, INF), [INF, 0.0]),
    ("silu", ad.silu, (INF,), [1.0]),
    ("silu below", ad.silu, (-INF,), [0.0]),
]


@pytest.mark.parametrize(("function", "at", "slopes"), [case[1:] for case in LIMITS], ids=[case[0] for case in LIMITS])
def test_limits_at_infinity(function, at, slopes):
    assert same([abs(slope) for slope in reverse(function, at)], slopes)
    assert same([abs(slope) for slope in forward(function, at)], slopes)


def test_a_whole_exponent_beyond_2_to_the_53_is_even_and_its_slope_keeps_its_sign():
    assert reverse(lambda x: x**1e16, [-1.0]) == forward(lambda x: x**1e16, [-1.0]) == [-1e16]


def test_the_slope_of_leaky_relu_may_be_a_variable():
    assert reverse(ad.leaky_relu, (-2.0, 0.1)) == forward(ad.leaky_relu, (-2.0, 0.1)) == [0.1, -2.0]
    assert reverse(ad.leaky_relu, (2.0, 0.1)) == forward(ad.leaky_relu, (2.0, 0.1)) == [1.0, 0.0]


def test_the_bounds_of_clip_may_be_variables():
    assert reverse(ad.clip, (2.0, 0.0, 1.0)) == forward(ad.clip, (2.0, 0.0, 1.0)) == [0.0, 0.0, 1.0]
    assert reverse(ad.clip, (0.5, 0.0, 1.0)) == forward(ad.clip, (0.5, 0.0, 1.0)) == [1.0, 0.0, 0.0]
