"""Every nesting of forward and reverse: perturbations are never confused, orders 1 to 4 are right in all 2ⁿ ways."""

import functools
import itertools
import math

import mpmath
import pytest

import autodiff as ad
from autodiff import Dual, Value


def forward(function):
    return lambda x: ad.jvp(function, (x,), (1.0,))[1]


def pulled(function):
    return lambda x: ad.vjp(function, x)[1](1.0)


MODES = {"forward": forward, "reverse": ad.grad, "vjp": pulled}
INF, NAN = math.inf, math.nan
TWO = [MODES["forward"], MODES["reverse"]]


@pytest.mark.parametrize(("outer", "inner"), [*itertools.product(MODES.values(), repeat=2)])
def test_inner_perturbation_is_not_the_outer_one(outer, inner):
    assert outer(lambda x: x * inner(lambda y: x + y)(1.0))(1.0) == 1.0
    assert outer(lambda x: x * inner(lambda y: x * y)(2.0))(1.0) == 2.0
    assert outer(lambda x: x * inner(lambda y: x * y**2)(3.0))(2.0) == 24.0
    assert outer(lambda x: inner(lambda w: w * 2 * x)(x))(3.0) == 2.0


FUNCTIONS = [
    ("tanh", ad.tanh, mpmath.tanh, 0.3),
    ("a composite", lambda x: ad.exp(ad.sin(x)) * x, lambda x: mpmath.exp(mpmath.sin(x)) * x, 0.7),
    ("a power", lambda x: x**3.5 / (1 + x), lambda x: x ** mpmath.mpf(3.5) / (1 + x), 1.3),
    ("sigmoid at 0", ad.sigmoid, lambda x: 1 / (1 + mpmath.exp(-x)), 0.0),
    ("softplus at 0", ad.softplus, lambda x: mpmath.log(1 + mpmath.exp(x)), 0.0),
    ("a shared node", lambda x: (y := x * x) * y + ad.log(y), lambda x: x**4 + mpmath.log(x * x), 1.1),
    ("a quotient", lambda x: ad.atan2(x, 1 + x * x), lambda x: mpmath.atan2(x, 1 + x * x), 0.4),
    ("hypot", lambda x: ad.hypot(x, 2.0, x * x), lambda x: mpmath.sqrt(x * x + 4 + x**4), 0.4),
    ("x to the x", lambda x: x**x, lambda x: x**x, 1.7),
    ("erf", ad.erf, mpmath.erf, 0.6),
]


@pytest.mark.parametrize("order", [1, 2, 3, 4])
@pytest.mark.parametrize(("function", "exact", "at"), [f[1:] for f in FUNCTIONS], ids=[f[0] for f in FUNCTIONS])
def test_orders_1_to_4_in_every_nesting(function, exact, at, order):
    with mpmath.workdps(40):
        expected = float(mpmath.diff(exact, at, order))
    for nest in itertools.product(TWO, repeat=order):
        derived = function
        for transform in nest:
            derived = transform(derived)
        found = derived(at)
        assert type(found) is float
        assert found == pytest.approx(expected, rel=1e-12, abs=1e-13), nest  # 4 ulp of each of some hundred terms


@pytest.mark.parametrize("nest", [*itertools.product(TWO, repeat=3)])
def test_mixed_derivatives_of_a_closure(nest):
    # ∂³/∂x∂y∂z of x² y³ z + sin(xyz), each variable differentiated by a transform of its own
    first, second, third = nest

    def mixed(x, y, z):
        def f(x, y, z):
            return x * x * y**3 * z + ad.sin(x * y * z)

        return first(lambda x: second(lambda y: third(lambda z: f(x, y, z))(z))(y))(x)

    x, y, z = 0.7, 1.2, -0.4
    p = x * y * z
    expected = 6 * x * y * y + math.cos(p) - 3 * p * math.sin(p) - p * p * math.cos(p)
    assert mixed(x, y, z) == pytest.approx(expected, rel=1e-13)


EDGES = [
    # what, function, at, its Hessian
    ("x**y at (0, 1)", ad.power, (0.0, 1.0), [[0.0, -INF], [-INF, 0.0]]),
    ("x**y at (0, ½)", ad.power, (0.0, 0.5), [[-INF, -INF], [-INF, 0.0]]),
    ("x**y at (0, 0)", ad.power, (0.0, 0.0), [[0.0, INF], [INF, INF]]),
    ("x**y at (0, 2)", ad.power, (0.0, 2.0), [[2.0, 0.0], [0.0, 0.0]]),
    ("x**y at (0, 3)", ad.power, (0.0, 3.0), [[0.0, 0.0], [0.0, 0.0]]),
    ("x**y at (2, 0)", ad.power, (2.0, 0.0), [[0.0, 0.5], [0.5, math.log(2.0) ** 2]]),
    ("x**y at (∞, −1)", ad.power, (INF, -1.0), [[0.0, 0.0], [0.0, 0.0]]),
    ("x**y at (½, ∞)", ad.power, (0.5, INF), [[0.0, 0.0], [0.0, 0.0]]),
    ("x**2 near 0", ad.power, (1e-200, 2.0), [[2.0, -9.200340371976183e-198], [-9.200340371976183e-198, 0.0]]),
    ("x^.3 · y^.7 at (0, 0)", lambda x, y: x**0.3 * y**0.7, (0.0, 0.0), [[0.0, INF], [INF, 0.0]]),
    ("hypot at a far ratio", ad.hypot, (1.0, 1e-12), [[1e-24, -1e-12], [-1e-12, 1.0]]),
    ("hypot at infinity", ad.hypot, (INF, 1.0), [[0.0, 0.0], [0.0, 0.0]]),
    ("hypot at (0, 0)", ad.hypot, (0.0, 0.0), [[0.0, 0.0], [0.0, 0.0]]),
    ("atan2 at a far ratio", ad.atan2, (1.0, 1e-12), [[-2e-12, 1.0], [1.0, 2e-12]]),
    ("atan2 at (0, 0)", ad.atan2, (0.0, 0.0), [[NAN, NAN], [NAN, NAN]]),
    ("half a squared norm at 0", lambda x, y: 0.5 * ad.norm([x, y]) ** 2, (0.0, 0.0), [[0.0, 0.0], [0.0, 0.0]]),
]


def second(f, at, i, j, outer, inner):
    """∂/∂xᵢ by one transform of ∂f/∂xⱼ by another."""

    def slope(x):
        xs = [*at[:i], x, *at[i + 1 :]]
        return inner(lambda y: f(*xs[:j], y, *xs[j + 1 :]))(xs[j])

    return outer(slope)(at[i])


@pytest.mark.parametrize(("function", "at", "expected"), [e[1:] for e in EDGES], ids=[e[0] for e in EDGES])
def test_second_derivatives_at_edges_are_the_same_number_in_every_nesting(function, at, expected):
    close = [pytest.approx(row, rel=2e-15, abs=0.0, nan_ok=True) for row in expected]
    for outer, inner in itertools.product(TWO, repeat=2):
        assert [[second(function, at, i, j, outer, inner) for j in range(2)] for i in range(2)] == close, (outer, inner)
    assert ad.hessian(lambda xs: function(*xs))(list(at)) == close
    traced = ad.trace(ad.hessian(lambda xs: function(*xs)), [0.5, 0.75])
    assert traced.evaluate(list(at)) == close
    assert traced.simplify().evaluate(list(at)) == close


@pytest.mark.parametrize(("outer", "inner"), [*itertools.product(TWO, repeat=2)])
def test_second_derivatives_of_one_variable_at_edges(outer, inner):
    assert outer(inner(lambda x: ad.sqrt(x**2)))(0.0) == INF
    assert outer(inner(lambda x: ad.sqrt(x * x)))(0.0) == INF
    assert outer(inner(lambda x: x**x))(0.0) == INF
    assert outer(inner(ad.cbrt))(1e-200) == -INF
    assert math.isnan(outer(inner(ad.cbrt))(0.0))  # ∞ from the left, −∞ from the right
    assert outer(inner(ad.sqrt))(0.0) == -INF
    assert outer(inner(lambda x: ad.sqrt(-x)))(0.0) == -INF


KINKED = {
    "abs": abs, "a square of abs": lambda x: abs(x) ** 2, "a square of a tie": lambda x: ad.maximum(x, -x) ** 2,
    "relu": ad.relu, "leaky relu": ad.leaky_relu, "clip": lambda x: ad.clip(x, 0.0, 1.0),
}  # fmt: skip


@pytest.mark.parametrize("kinked", KINKED.values(), ids=KINKED)
@pytest.mark.parametrize(("outer", "inner"), [*itertools.product(TWO, repeat=2)])
def test_a_second_order_at_a_kink_is_made_of_the_slopes_chosen_there(outer, inner, kinked):
    assert outer(inner(kinked))(0.0) == 0.0


@pytest.mark.parametrize(("m", "n"), [*itertools.product(range(4), repeat=2)])
def test_orders_of_a_power_by_both_operands(m, n):
    def nested(f, order):
        return functools.reduce(lambda f, mode: mode(f), itertools.islice(itertools.cycle(TWO), order), f)

    found = nested(lambda x: nested(lambda y: x**y, n)(2.5), m)(0.3)
    with mpmath.workdps(60):
        exact = mpmath.diff(lambda x, y: x**y, (mpmath.mpf(0.3), mpmath.mpf(2.5)), (m, n))
    assert found == pytest.approx(float(exact), rel=4e-15)


@pytest.mark.parametrize("transform", [ad.grad, forward])
def test_branches_and_loops_in_any_mode(transform):
    def f(x):
        for _ in range(3):
            x = x * x if x < 2 else ad.log(x) + x
        return x

    assert transform(f)(1.3) == pytest.approx(ad.check_grad(f, 1.3, order=1).rows[0].numeric, rel=1e-12)


def test_a_hand_made_dual_through_a_transform():
    slope = ad.grad(lambda x: x**3)(Dual(2.0, 1.0))
    assert (slope.primal, slope.tangent) == (12.0, 12.0)
    nested = ad.grad(lambda x: x**4)(Dual(Dual(2.0, 1.0), 1.0))
    assert nested.tangent.tangent == 4 * 3 * 2 * 2.0


def test_a_gradient_step_is_differentiated_through():
    # the loss after a step of gradient descent, by the learning rate
    def after(rate):
        w = 3.0
        w = w - rate * ad.grad(lambda w: (w - 1.0) ** 2)(w)
        return (w - 1.0) ** 2

    for transform in TWO:
        assert transform(after)(0.1) == pytest.approx(2 * (2.0 - 0.4) * -4.0)


def test_the_adjoint_graph_is_a_graph_like_any_other():
    from autodiff.core.graph import topological_order
    from autodiff.core.reverse import steps

    x = Value(2.0, "x")
    slope = ad.grad(lambda x: ad.sin(x) * x)(x)
    assert len(topological_order(slope)) > 3
    taken = list(steps(slope, adjoints := {slope: 1.0}))
    assert taken
    assert adjoints[x] == pytest.approx(2 * math.cos(2.0) - 2.0 * math.sin(2.0))


def test_pullback_of_values_is_linked_and_that_of_duals_is_dual():
    x, seed = Value(3.0), Value(2.0)
    value, pullback = ad.vjp(lambda x: x * x, x)
    assert isinstance(value, Value)
    pulled_back = pullback(seed)
    pulled_back.backward()
    assert (pulled_back.data, x.grad, seed.grad) == (12.0, 4.0, 6.0)
    assert ad.jvp(ad.vjp(lambda x: x * x, 3.0)[1], (2.0,), (1.0,)) == (12.0, 6.0)


def test_dot_product_of_forward_and_reverse():
    def f(x):
        return [x[0] * ad.sin(x[1]), ad.exp(x[0] - x[2]), x[1] / x[2] + x[0] ** 2]

    x, v, w = [0.3, 1.2, -0.7], [0.5, -1.0, 2.0], [1.5, 0.25, -0.75]
    forward_product = ad.dot(w, ad.jvp(f, (x,), (v,))[1])
    reverse_product = ad.dot(ad.vjp(f, x)[1](w), v)
    assert forward_product == pytest.approx(reverse_product, rel=1e-15)


def test_a_pullback_made_outside_is_differentiated_through_its_seed():
    _, pullback = ad.vjp(lambda x: x**3, 3.0)
    for transform in TWO:
        assert transform(lambda s: s * pullback(s))(2.0) == 108.0
        assert transform(pullback)(1.0) == 27.0
    assert ad.hessian(lambda s: s * pullback(s))(2.0) == 54.0
    linked = pullback(Value(1.0))
    assert isinstance(linked, Value)
    assert type(pullback(1.0)) is float  # what one call was linked with is nothing to the next


def test_a_pullback_runs_in_several_threads_at_once():
    def f(x):
        y = x[0]
        for _ in range(300):
            y = ad.sin(y) + x[1] * y
        return y

    from concurrent.futures import ThreadPoolExecutor

    _, pullback = ad.vjp(f, [0.3, 0.4])
    seeds = [float(k) for k in range(1, 40)]
    alone = [pullback(seed) for seed in seeds]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(pullback, seeds)) == alone


def test_a_function_may_use_threads_of_its_own():
    from concurrent.futures import ThreadPoolExecutor

    def f(x):
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(lambda: forward(lambda y: y * x)(2.0)).result()

    assert forward(f)(3.0) == 1.0
