"""A checker that cannot be fooled: where f and f′ are 0, at kinks that values do not show, behind others' kinks."""

import math

import pytest

import autodiff as ad
import nn


def rule(function, *partials):
    """A function of floats with partials of its own."""
    return ad.custom_derivative(partials=partials)(function)


def square(x):
    return x * x


def cube(x):
    return x * x * x


def versine(x):
    return 1 - math.cos(x)


def half_square(p, t):
    return 0.5 * (p - t) ** 2


def product(x, y):
    return x * y


def three_halves(x):
    return x**1.5


def magnitude(x):
    return abs(x)


def cube_root(x):
    return math.cbrt(x)


RIGHT_SQUARE, TRIPLE = rule(square, lambda out, x: 2 * x), rule(square, lambda out, x: 3 * x)
OFF_BY_7 = rule(half_square, lambda out, p, t: p - t + 7, lambda out, p, t: t - p)
TRIPLE_PRODUCT = rule(product, lambda out, x, y: 3 * y, lambda out, x, y: x)

PLANTS = [
    ("x² with 2x + 1", rule(square, lambda out, x: 2 * x + 1), 0.0),
    ("x² with 2x + 1e-9", rule(square, lambda out, x: 2 * x + 1e-9), 0.0),
    ("x³ with 1e6", rule(cube, 1e6), 0.0),
    ("x³ with 3x² + 1e6", rule(cube, lambda out, x: 3 * x * x + 1e6), 0.0),
    ("1 − cos x off by 3", rule(versine, lambda out, x: ad.sin(x) + 3), 0.0),
    ("½(p − t)² off by 7 at p = t", lambda p: OFF_BY_7(p, 2.0), 2.0),
    ("½(p − t)² off by 7 at 0", lambda p: OFF_BY_7(p, 0.0), 0.0),
    ("½(p − t)² off by 7 at 1e6", lambda p: OFF_BY_7(p, 1e6), 1e6),
    ("x² with 3x, which is right at 0", TRIPLE, 0.0),
    ("cos with −2 sin", rule(math.cos, lambda out, x: -2 * ad.sin(x)), 0.0),
    ("x·y with 3y, along neither axis", lambda v: TRIPLE_PRODUCT(*v), [0.0, 0.0]),
    ("an infinite slope of x²", rule(square, math.inf), 0.5),
    ("no slope of x²", rule(square, math.nan), 0.5),
    ("at an edge", rule(three_halves, lambda out, x: 1.5 * ad.sqrt(x) + 5), 0.0),
    ("within the slopes of a kink nearby", rule(magnitude, lambda out, x: 0.999 * ad.sign(x)), 1e-9),
    ("beside a kink that values do not show", lambda x: ad.relu(x) - ad.relu(-x) + TRIPLE(x), 0.0),
    ("behind a tie that is everywhere", lambda x: 0 * ad.maximum(x, x) + TRIPLE(x), 0.3),
    ("behind a comparison that holds everywhere", lambda x: TRIPLE(x) if x == x else x, 0.3),
    ("behind a root that is 0 everywhere", lambda x: abs(x - x) + TRIPLE(x), 0.3),
]  # fmt: skip


@pytest.mark.parametrize(("function", "x"), [p[1:] for p in PLANTS], ids=[p[0] for p in PLANTS])
def test_a_wrong_rule_is_wrong_where_values_say_little(function, x):
    report = ad.check_grad(function, x, order=1)
    assert "wrong" in {component.verdict for component in report.rows}, report
    assert not report.ok


RIGHT = [
    ("x²", RIGHT_SQUARE, 0.0),
    ("x³", rule(cube, lambda out, x: 3 * x * x), 0.0),
    ("1 − cos x", rule(versine, lambda out, x: ad.sin(x)), 0.0),
    ("½(p − t)²", lambda p: half_square(p, 2.0), 2.0),
    ("x⁴ of rows", lambda x: x**4, 0.0),
    ("1 − cos x of rows", lambda x: 1 - ad.cos(x), 0.0),
    ("x·y", lambda v: v[0] * v[1], [0.0, 0.0]),
    ("erf²", lambda x: ad.erf(x) ** 2, 0.0),
    ("gelu", ad.gelu, 0.0),
    ("a maximum of x and itself", lambda x: ad.maximum(x, x) ** 2, 0.0),
    ("|x|³, whose slope is 0 on both sides", lambda x: abs(x) ** 3, 0.0),
    ("logsumexp of ±x", lambda x: ad.logsumexp([x, -x]), 0.0),
    ("digits that rounding took beside 0", lambda x: ad.sin(x) / x if x != 0 else 1.0, 1e-2),
    ("slopes near the largest float", ad.sinh, -709.9),
    ("slopes that underflow", ad.exp, -744.9),
]


@pytest.mark.parametrize(("function", "x"), [r[1:] for r in RIGHT], ids=[r[0] for r in RIGHT])
def test_a_right_rule_is_ok_there(function, x):
    report = ad.check_grad(function, x)
    assert {component.verdict for component in report.rows} == {"ok"}, report


HIDDEN = [
    ("relu(x) − relu(−x)", lambda x: ad.relu(x) - ad.relu(-x), 0.0),
    ("relu(x) − 2 relu(−x), 0 for 1 and 2", lambda x: ad.relu(x) - 2 * ad.relu(-x), 0.0),
    ("the same by where", lambda x: ad.where(x > 0, x, 0.0) - ad.where(x < 0, -x, 0.0), 0.0),
    ("the same by leaky_relu", lambda x: ad.leaky_relu(x) - ad.leaky_relu(-x), 0.0),
    ("the same by clip", lambda x: ad.clip(x, 0.0, 1.0) + ad.clip(x, -1.0, 0.0), 0.0),
    ("|x| sign x", lambda x: abs(x) * ad.sign(x), 0.0),
    ("(∛x)³", lambda x: ad.cbrt(x) ** 3, 0.0),
    ("∛(x³)", lambda x: ad.cbrt(x**3), 0.0),
    ("∛ as a row of the user's", lambda x: CUBE_ROOT(x) ** 3, 0.0),
    ("x − x mod 1", lambda x: x - x % 1.0, 2.0),
    ("asin sin x", lambda x: ad.asin(ad.sin(x)), math.pi / 2),
    ("x ⌊x⌋", lambda x: x * ad.floor(x), 2.0),
]
CUBE_ROOT = rule(cube_root, lambda out, x: out / (3 * x) if x != 0 else math.inf)


@pytest.mark.parametrize(("function", "x"), [h[1:] for h in HIDDEN], ids=[h[0] for h in HIDDEN])
def test_a_kink_is_one_though_differences_do_not_see_it(function, x):
    report = ad.check_grad(function, x, order=1)
    assert {component.verdict for component in report.rows} == {"kink"}, report
    assert report.ok


SECOND = [
    ("½‖v‖²", lambda v: 0.5 * ad.norm(v) ** 2, [0.0, 0.0]),
    ("1 − cos ‖v‖", lambda v: 1 - ad.cos(ad.norm(v)), [0.0, 0.0]),
    ("hypot²", lambda v: ad.hypot(*v) ** 2, [0.0, 0.0]),
    ("|x|²", lambda x: abs(x) ** 2, 0.0),
    ("|x|·|x|", lambda x: abs(x) * abs(x), 0.0),
    ("cosh |x|", lambda x: ad.cosh(abs(x)), 0.0),
    ("max(x, −x)²", lambda x: ad.maximum(x, -x) ** 2, 0.0),
    ("min(x, −x)²", lambda x: ad.minimum(x, -x) ** 2, 0.0),
    ("√(x²)²", lambda x: ad.sqrt(x * x) ** 2, 0.0),
    ("max(eˣ, 1 + x), which touch", lambda x: ad.maximum(ad.exp(x), 1 + x), 0.0),
    ("relu(x)² − relu(−x)²", lambda x: ad.relu(x) ** 2 - ad.relu(-x) ** 2, 0.0),
    ("max(−x, 2x)²", lambda x: ad.maximum(-x, 2 * x) ** 2, 0.0),
    ("clip(x)²", lambda x: ad.clip(x, 0.0, 1.0) ** 2, 0.0),
]


@pytest.mark.parametrize(("function", "x"), [s[1:] for s in SECOND], ids=[s[0] for s in SECOND])
def test_second_order_is_a_kink_where_it_is_made_of_chosen_slopes(function, x):
    report = ad.check_grad(function, x)
    twice = {c.verdict for c in report.rows if len(c.modes) == 2 and len(set(c.name.partition("/")[2].split("∂"))) == 2}
    assert {component.verdict for component in report.rows if len(component.modes) == 1} == {"ok"}
    assert twice == {"kink"}, report
    assert report.ok


@pytest.mark.parametrize("v", [[1.0, 1.0], [2.0, 2.0, 2.0]])
def test_ties_of_maximum_are_kinks_of_both_orders(v):
    report = ad.check_grad(lambda v: ad.maximum(*v) ** 2, v)
    assert {component.verdict for component in report.rows} == {"kink"}


def test_a_network_of_relus_without_biases_is_at_kinks_where_its_inputs_are_0():
    model = nn.MLP(2, [3, 1], rng=0).on_floats()
    for function in (model, lambda x: model(x) ** 2):
        report = ad.check_grad(function, [0.0, 0.0])
        assert {component.verdict for component in report.rows} <= {"ok", "kink"}, report


def test_a_row_without_a_complex_form_is_no_kink_for_that():
    own = rule(math.sin, lambda out, x: ad.cos(x) * 1.0001)
    assert {c.verdict for c in ad.check_grad(own, 0.7, order=1).rows} == {"wrong"}


def test_a_step_finer_than_any_difference_is_never_wrong():
    report = ad.check_grad(lambda x: ad.erf(1e14 * x), 1e-14, order=2)
    assert {component.verdict for component in report.rows} == {"cannot tell"}
    assert not report.ok


def test_what_rounding_took_is_never_wrong():
    report = ad.check_grad(rule(versine, lambda out, x: ad.sin(x)), -7e-13, order=1)
    assert {component.verdict for component in report.rows} == {"cannot tell"}


def test_several_arguments_as_the_function_takes_them():
    def f(x, weights, *, slope):
        return slope * x * weights[0] + weights[1] ** 2

    report = ad.check_grad(f, 2.0, [3.0, 4.0], order=1, slope=0.5)
    assert {c.name for c in report.rows} == {"∂f/∂x", "∂f/∂weights[0]", "∂f/∂weights[1]"}
    assert {c.name: c.analytic for c in report.rows} == {"∂f/∂x": 1.5, "∂f/∂weights[0]": 1.0, "∂f/∂weights[1]": 8.0}
    assert report.ok
    assert ad.check_grad(ad.power, 2.0, 3.0).ok
    assert [c.name for c in ad.check_grad(ad.power, 2.0, 3.0, order=1).rows[:2]] == ["∂f/∂x1", "∂f/∂x2"]


def test_an_order_by_position_is_an_argument_and_an_error_says_so():
    assert ad.check_grad(lambda x, y: x**y, 2.0, 2).rows[1].name == "∂f/∂y"
    with pytest.raises(TypeError, match="order, modes and tolerance go by keyword, as in check_grad"):
        ad.check_grad(lambda x: x * x, 1.0, 2)
