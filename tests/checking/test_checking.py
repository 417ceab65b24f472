"""check_grad, and the check of the checker: rules planted wrong by 1e−9, one at a time, are all caught."""

import math

import numpy as np
import pytest
from sampling import NO_SLOPE, WALKED, inside, points

import autodiff as ad
import nn
from autodiff.checking.complex_step import FORMS, NoComplexForm, complex_step
from autodiff.checking.differences import central, one_sided
from autodiff.core.rows import TABLE
from autodiff.errors import WrongDerivative

# Where there is no slope, there is no rule; a detached one denies its derivative.
NO_RULE = {name for name, _ in NO_SLOPE} | {"detach"}


ROWS = [row for name, row in WALKED.items() if name not in NO_RULE]


@pytest.mark.long(5)
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_every_row_passes_to_second_order_in_all_modes(row):
    report = ad.check_grad(lambda x: row(*x), list(inside(row))).raise_if_wrong()
    assert {component.verdict for component in report.rows} == {"ok"}, report
    assert {component.modes for component in report.rows} == {
        ("forward",), ("reverse",), ("forward", "forward"), ("forward", "reverse"), ("reverse", "forward"),
        ("reverse", "reverse"),
    }  # fmt: skip


@pytest.mark.long(5)
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_no_false_alarm_anywhere_on_the_domain(row):
    for xs in points(row, row.arity or 2, 15):
        assert ad.check_grad(lambda x: row(*x), list(xs), order=1).ok, xs


PARTIALS = [(row, i) for row in ROWS for i in range(row.arity or 1)]


@pytest.mark.long(5)
@pytest.mark.parametrize(("row", "i"), PARTIALS, ids=[f"{row.name}-{i}" for row, i in PARTIALS])
def test_a_rule_planted_wrong_by_1e9_is_caught(row, i, monkeypatch):
    right = list(row.slopes(row.arity or 3))

    def wrong(out, *xs):
        slope = right[i](out, *xs) if callable(right[i]) else right[i]
        return slope * (1 + 1e-9) + (1e-9 if row.name in FLAT else 0.0)

    monkeypatch.setattr(row, "partials", [*right[:i], wrong, *right[i + 1 :]])
    report = ad.check_grad(lambda x: row(*x), list(inside(row)), order=1)
    assert [c.verdict for c in report.rows if c.name == f"∂f/∂x[{i}]"] == ["wrong", "wrong"], report
    with pytest.raises(WrongDerivative, match="2 wrong"):
        report.raise_if_wrong()


KINKED = {"where", "maximum", "minimum", "modulo", "fmod", "copysign"}
FLAT = KINKED | {name for name, row in WALKED.items() if row.arity and not any(row.partials)}  # no factor shows there


def test_a_wrong_second_derivative_is_told_from_a_right_first_one():
    half_right = ad.custom_derivative(partials=[lambda out, x: ad.stop_gradient(ad.cos(x))])(ad.sin.function)
    report = ad.check_grad(half_right, 0.7)
    verdicts = {component.name: component.verdict for component in report.rows}
    assert verdicts == {"∂f/∂x": "ok", "∂²f/∂x∂x": "wrong"}


VERDICTS = [
    ("relu at 0", ad.relu, 0.0, "kink"),
    ("abs at 0", abs, 0.0, "kink"),
    ("a tie", lambda x: ad.maximum(x[0], x[1]), [1.0, 1.0], "kink"),
    ("a kink in lgamma's company", lambda x: ad.relu(x) * ad.lgamma(x + 2.5), 0.0, "kink"),
    ("sqrt at 0", ad.sqrt, 0.0, "edge"),
    ("an oscillation finer than a float", lambda x: ad.sin(1e14 * x), 0.7, "cannot tell"),
    ("a step finer than any difference", lambda x: ad.erf(1e14 * x), 1e-14, "cannot tell"),
    ("a function that ignores x", lambda x: 3.0, 1.0, "ok"),
    ("one whose derivative is 0 here", ad.cos, 0.0, "ok"),
    ("cancellation that a complex step survives", lambda x: (x + 1e6) - 1e6, 0.3, "ok"),
]


@pytest.mark.parametrize(("function", "x", "verdict"), [v[1:] for v in VERDICTS], ids=[v[0] for v in VERDICTS])
def test_tells_kinks_edges_and_ill_conditioning_apart(function, x, verdict):
    report = ad.check_grad(function, x, order=1)
    assert {component.verdict for component in report.rows} == {verdict}, report
    assert report.ok == (verdict != "cannot tell")
    if report.ok:
        assert report.raise_if_wrong() is report


def test_report_prints_as_a_table_what_is_wrong_first():
    sine = ad.custom_derivative(partials=[lambda out, x: ad.cos(x) * 1.01])(math.sin)
    report = ad.check_grad(lambda p: sine(p["a"]) + p["b"], {"a": 0.7, "b": 1.0}, order=1)
    lines = str(report).splitlines()
    assert lines[0].split() == ["derivative", "modes", "analytic", "numeric", "rel.", "error", "verdict"]
    assert lines[1].startswith("∂f/∂x['a']")
    assert "wrong (differences)" in lines[1]
    assert lines[-1] == "2 ok, 2 wrong"
    assert max(map(len, lines)) <= 120
    assert "… and" in str(ad.check_grad(ad.total, [1.0] * 50, order=1))
    assert str(ad.check_grad(lambda x: 1.0, [])).endswith("no derivatives")


def test_arguments_of_every_structure_and_several_outputs():
    report = ad.check_grad(lambda x: x @ x * np.array([1.0, 2.0]), np.array([1.0, 2.0]), order=2)
    assert report.ok
    assert len(report.rows) == 2 * 4 + 4 * 8
    assert report.rows[0].name == "∂f[0]/∂x[0]"
    assert ad.check_grad(lambda x: x * x, ad.Value(3.0)).ok


def test_complex_step_and_differences_are_independent_witnesses():
    def f(x):
        return ad.exp(ad.sin(x)) / x

    exact = math.exp(math.sin(0.7)) * (math.cos(0.7) / 0.7 - 1 / 0.49)
    assert complex_step(lambda xs: [f(xs[0])], [0.7], 0) == [pytest.approx(exact, rel=4e-16)]
    estimate = central(f, 0.7)
    assert abs(estimate.derivative - exact) <= estimate.error <= 1e-11
    right = one_sided(abs, 0.0, 1.0)
    assert right.derivative == 1.0
    with pytest.raises(NoComplexForm, match="erf has no complex form"):
        complex_step(lambda xs: [ad.erf(xs[0])], [0.7], 0)
    with pytest.raises(NoComplexForm, match="too small"):
        complex_step(lambda xs: xs, [1e-300], 0)


def test_a_function_that_takes_gradients_itself_is_checked_by_differences():
    report = ad.check_grad(lambda x: x * ad.grad(ad.sin)(x), 0.7)
    assert report.ok
    assert {component.method for component in report.rows} >= {"differences"}


def test_complex_forms_are_those_of_rows():
    assert set(FORMS) <= set(WALKED)
    assert set(TABLE) - set(FORMS) >= {"erf", "erfc", "lgamma", "digamma", "polygamma"}


RIGHT = [
    ("a step between coarse differences", lambda x: ad.erf(1000 * (x - 2)), 2.0005),
    ("a square below the range of a product", lambda x: x * x, 1e-200),
    ("a fractional power near 0", lambda x: x**1.5, 1e-6),
    ("a fractional power at 0", lambda x: x**1.5, 0.0),
    ("a power of a negative base", lambda x: x[0] ** x[1], [-2.0, 3.0]),
    ("an angle without a limit", lambda x: ad.atan2(x[0], x[1]), [0.0, 0.0]),
]


@pytest.mark.parametrize(("function", "x"), [r[1:] for r in RIGHT], ids=[r[0] for r in RIGHT])
def test_right_derivatives_are_never_called_wrong(function, x):
    for order in (1, 2):
        report = ad.check_grad(function, x, order=order)
        assert report.ok, report


def test_a_slope_that_is_no_sub_gradient_is_wrong_at_a_kink_too():
    steep = ad.custom_derivative(partials=[lambda out, x: 5.0])(_absolute)
    assert not ad.check_grad(steep, 0.0, order=1).ok
    assert not ad.check_grad(ad.custom_derivative(partials=[lambda out, x: 1.001 / x])(math.log), 1e-9, order=1).ok


def _absolute(x):
    return abs(x)


@pytest.mark.parametrize("wrong", [{"order": 0}, {"order": 1.5}, {"modes": "forward"}])
def test_orders_and_modes_are_checked(wrong):
    with pytest.raises(ValueError, match="order is a whole number from 1, modes a list"):
        ad.check_grad(ad.sin, 1.0, **wrong)


@pytest.mark.parametrize(("function", "args"), [
    (lambda a, b: (a * b).sum(), (np.array([1.0, 2.0]), np.array([3.0, 4.0]))),
    (lambda a, b: a * b, (np.array([1.0, 2.0]), np.array([3.0, 4.0]))),
    (lambda p: p["a"] @ p["b"], ({"a": np.array([1.0, 2.0]), "b": np.array([3.0, 4.0])},)),
    (lambda w, x: w @ x, (np.array([[1.0, 2.0], [3.0, -1.0]]), np.array([0.5, 4.0]))),
    (lambda a, s: (a * s).sum(), (np.array([1.0, 2.0]), 3.0)),
])  # fmt: skip
def test_several_arrays_are_checked_component_by_component(function, args):
    assert ad.check_grad(function, *args).raise_if_wrong().ok


def test_a_module_is_checked_beside_another_argument():
    model = nn.MLP(2, [2, 1], activation="tanh", rng=0)
    assert ad.check_grad(lambda m, x: m(x), model, [0.5, -0.3]).ok
    assert ad.check_grad(lambda x, m: m([x, 1.0]), 0.5, model, order=1).ok
