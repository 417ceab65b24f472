"""Losses of one example: their formulas, their deltas, their tails, and the targets that they refuse."""

import itertools
import math
import random

import mpmath
import numpy as np
import pytest
from scipy import special

import autodiff as ad
import nn
from autodiff import Dual, Value
from autodiff.errors import NotANumber
from nn.losses import ACCURACY

SQUARED = (nn.half_squared_error, nn.mean_squared_error)
SCORES = [-3.0, -1.0, -0.5, 0.0, 0.5, 0.999, 1.001, 4.0]


def deltas(loss, outputs, target):
    """∂J/∂outputs."""
    values = [Value(z) for z in outputs] if isinstance(outputs, list) else Value(outputs)
    loss(values, target).backward()
    return [v.grad for v in values] if isinstance(values, list) else values.grad


def logits(amount, seed=0):
    rng = random.Random(seed)
    return [[rng.uniform(-8, 8) for _ in range(rng.randint(2, 6))] for _ in range(amount)]


def test_squared_errors_are_their_formulas():
    y, target = np.array([0.5, -2.0, 3.0]), np.array([1.0, 0.25, -1.0])
    exact = float(np.sum((y - target) ** 2))  # 21.3125: every product is a float, nothing rounds
    assert nn.half_squared_error(list(y), list(target)) == exact / 2
    assert nn.mean_squared_error(list(y), list(target)) == exact / 3
    assert nn.half_squared_error(0.5, 2.5) == 2.0
    assert nn.mean_squared_error(0.5, 2.5) == 4.0


def test_delta_of_half_squared_error_is_the_error_and_of_the_mean_two_nths_of_it():
    y, target = [0.5, -2.0, 3.0], [1.0, 0.25, -1.0]
    assert deltas(nn.half_squared_error, y, target) == [-0.5, -2.25, 4.0]
    assert deltas(nn.mean_squared_error, y, target) == pytest.approx([-1 / 3, -1.5, 8 / 3], rel=1e-15)


@pytest.mark.parametrize("target", [-1, 1, -1.0, 1.0, np.int64(-1), np.float64(1.0), True])
def test_hinge_is_its_formula_and_its_slope_is_minus_y_where_the_margin_is_missed(target):
    for score in SCORES:
        assert nn.hinge(score, target) == max(0.0, 1.0 - target * score)
        assert deltas(nn.hinge, score, target) == (-target if target * score < 1.0 else 0.0)


def test_hinge_just_at_the_margin_does_not_push():
    assert nn.hinge(1.0, 1) == deltas(nn.hinge, 1.0, 1) == 0.0


@pytest.mark.parametrize("target", [0, 1, 0.0, 1.0, False, True, 0.25, np.float64(0.75), np.int64(1)])
def test_binary_cross_entropy_is_scipys_and_its_delta_is_sigma_minus_y(target):
    for z in SCORES:
        expected = -(target * special.log_expit(z) + (1.0 - target) * special.log_expit(-z))
        # of positive terms: a few roundings
        assert nn.binary_cross_entropy(z, target) == pytest.approx(expected, rel=1e-15)
        # the formula rounds σ, at most 1, by half a unit in the last place, and so do we for a soft target
        assert deltas(nn.binary_cross_entropy, z, target) == pytest.approx(
            special.expit(z) - target, rel=0, abs=2.3e-16
        )


def test_softmax_cross_entropy_is_scipys_and_its_delta_is_softmax_minus_the_target():
    for zs in logits(40):
        for k in range(len(zs)):
            # log Σ and zₖ, at most 16 apart, cancel: what is left is off by some units in the last place of 16
            expected = -special.log_softmax(zs)[k]
            assert nn.softmax_cross_entropy(zs, k) == pytest.approx(expected, rel=0, abs=4 * math.ulp(16.0))
            wanted = special.softmax(zs) - np.eye(len(zs))[k]
            assert deltas(nn.softmax_cross_entropy, zs, k) == pytest.approx(wanted, rel=0, abs=4 * math.ulp(1.0))


def test_softmax_cross_entropy_of_two_logits_is_binary_cross_entropy_of_their_difference():
    for a, b in itertools.product(SCORES, SCORES):
        both = nn.softmax_cross_entropy([a, b], 1)
        assert both == pytest.approx(nn.binary_cross_entropy(b - a, 1), rel=0, abs=4 * math.ulp(4.0))


THIRD = 1.0 / 3.0
TAILS = [
    (nn.half_squared_error, 1000.0, -1000.0, 2e6, 2000.0),
    (nn.hinge, 1000.0, 1, 0.0, 0.0),
    (nn.hinge, -1000.0, 1, 1001.0, -1.0),
    (nn.binary_cross_entropy, 1000.0, 1, 0.0, 0.0),
    (nn.binary_cross_entropy, 1000.0, 0, 1000.0, 1.0),
    (nn.binary_cross_entropy, -1000.0, 1, 1000.0, -1.0),
    (nn.binary_cross_entropy, -1000.0, 0, 0.0, 0.0),
    (nn.binary_cross_entropy, 1000.0, 0.25, 750.0, 0.75),
    (nn.softmax_cross_entropy, [1000.0, -1000.0], 0, 0.0, [0.0, 0.0]),
    (nn.softmax_cross_entropy, [1000.0, -1000.0], 1, 2000.0, [1.0, -1.0]),
    (nn.softmax_cross_entropy, [-1000.0] * 3, 2, math.log(3.0), [THIRD, THIRD, -2 * THIRD]),
    (nn.softmax_cross_entropy, [1000.0, 0.0, -1000.0], 2, 2000.0, [1.0, 0.0, -1.0]),
]


@pytest.mark.parametrize(("loss", "outputs", "target", "value", "delta"), TAILS)
def test_a_thousand_neither_overflows_nor_loses_the_derivative(loss, outputs, target, value, delta):
    # exact but for log 3, which is formed as (1000 + log 3) − 1000
    assert loss(outputs, target) == pytest.approx(value, rel=0, abs=math.ulp(1000.0))
    assert deltas(loss, outputs, target) == pytest.approx(delta, rel=0, abs=2 * math.ulp(1.0))


@pytest.mark.parametrize(("z", "target", "delta"), [(-40.0, 0, math.exp(-40.0)), (40.0, 1, -math.exp(-40.0)),
                                                    (700.0, 1, -math.exp(-700.0))])  # fmt: skip
def test_the_delta_of_a_confident_right_answer_is_tiny_but_not_zero(z, target, delta):
    """σ(z) − y rounds to 0 there; the derivative of softplus does not."""
    assert deltas(nn.binary_cross_entropy, z, target) == pytest.approx(delta, rel=1e-15)


@pytest.mark.parametrize("shift", [0.0, 1000.0])
def test_a_confident_right_answer_among_many_costs_little_but_not_zero(shift):
    zs = [shift + z for z in (40.0, 0.0, -1.0)]
    right, wrong = math.exp(-40.0), math.exp(-41.0)
    assert nn.softmax_cross_entropy(zs, 0) == pytest.approx(right + wrong, rel=1e-15)
    assert deltas(nn.softmax_cross_entropy, zs, 0) == pytest.approx([-(right + wrong), right, wrong], rel=1e-15)
    assert deltas(nn.softmax_cross_entropy, [-math.inf, 2.0, 2.0], 1) == [0.0, -0.5, 0.5]  # a class that is masked
    assert deltas(nn.softmax_cross_entropy, [-math.inf, 2.0], 1) == [0.0, 0.0]


def test_deltas_of_softmax_cross_entropy_are_the_softmax_less_the_target_to_ulps():
    for zs in logits(40, seed=1):
        with mpmath.workdps(40):
            powers = [mpmath.exp(mpmath.mpf(z)) for z in zs]
            exact = [power / sum(powers) for power in powers]
            for k in range(len(zs)):
                wanted = [float(p - (i == k)) for i, p in enumerate(exact)]
                assert deltas(nn.softmax_cross_entropy, zs, k) == pytest.approx(wanted, rel=16 * 2.2e-16, abs=0.0)
                assert nn.softmax_cross_entropy(zs, k) == pytest.approx(
                    float(mpmath.log(sum(powers) / powers[k])), rel=16 * 2.2e-16, abs=0.0
                )


@pytest.mark.parametrize(("loss", "outputs", "target"), [
    (nn.half_squared_error, [0.3, -2.0], [1.0, 1.0]), (nn.mean_squared_error, [0.3, -2.0], [1.0, 1.0]),
    (nn.hinge, 0.3, 1), (nn.binary_cross_entropy, 0.3, 0.4), (nn.softmax_cross_entropy, [0.3, -2.0], 1),
])  # fmt: skip
def test_every_loss_runs_on_floats_duals_and_values_alike(loss, outputs, target):
    wrap = (
        (lambda f: [f(z, i) for i, z in enumerate(outputs)]) if isinstance(outputs, list) else lambda f: f(outputs, 0)
    )
    plain, value = loss(outputs, target), loss(wrap(lambda z, i: Value(z)), target)
    assert value.data == plain
    first = deltas(loss, outputs, target)
    dual = loss(wrap(lambda z, i: Dual(z, float(i == 0))), target)
    assert (dual.data, dual.tangent) == (plain, first[0] if isinstance(first, list) else first)


def test_outputs_and_targets_may_be_arrays():
    zs, ys = np.array([0.5, -1.0]), np.array([1.0, 0.0])
    assert nn.half_squared_error(zs, ys) == nn.half_squared_error([0.5, -1.0], [1.0, 0.0])
    assert nn.softmax_cross_entropy(zs, np.int64(1)) == nn.softmax_cross_entropy([0.5, -1.0], 1)
    assert nn.softmax_cross_entropy(np.array([Value(0.5), Value(-1.0)]), 1.0).data == nn.softmax_cross_entropy(zs, 1)
    assert nn.hinge(np.array([0.5]), np.array(1)) == 0.5


def test_l2_penalty_is_its_formula_and_pulls_every_parameter_to_zero():
    parameters = [Value(3.0), Value(-4.0)]
    penalty = nn.l2_penalty(parameters, 0.5)
    penalty.backward()
    assert penalty.data == 12.5
    assert [p.grad for p in parameters] == [3.0, -4.0]
    assert nn.l2_penalty(parameters, 0).data == 0.0
    assert nn.l2_penalty([], 1.0) == 0.0


# fmt: off
REFUSED = [
    *((nn.hinge, 0.5, y, ValueError, "hinge needs targets of −1 or 1, got .*; from classes 0 and 1: 2 [*] y - 1")
      for y in (0, 2, 0.5, math.nan, "1", None, 1j, Value(1.0), False)),
    *((nn.binary_cross_entropy, 0.5, y, ValueError, r"needs targets from 0 to 1, got .*; from −1 and 1: \(y \+ 1\) / 2")
      for y in (-1, 1.5, math.nan, math.inf, "1", None, Value(1.0))),
    *((nn.softmax_cross_entropy, [0.5, 0.1, 0.2], y, ValueError, "of 3 logits needs targets 0 … 2, got ")
      for y in (-1, 3, 0.5, math.nan, math.inf, "setosa", None, Value(1.0))),
    *((nn.softmax_cross_entropy, z, 0, ValueError, "needs a list of logits, one per class; got ")
      for z in (0.5, [0.5], Value(0.5), [])),
    *((loss, [0.5, 0.1], 1, ValueError, r"takes one output, got 2: let the last layer have 1 neuron")
      for loss in (nn.hinge, nn.binary_cross_entropy)),
    *((loss, [0.5, 0.1], y, ValueError, f"one target for each output: got 2 outputs and {n} targets")
      for loss in SQUARED for y, n in ((1.0, 1), ([1.0], 1), ([1, 2, 3], 3), ([], 0))),
    *((loss, 0.5, y, NotANumber, "expected one real number, got ")
      for loss in SQUARED for y in ("1", None, 1j, {"y": 1.0})),
    *((loss, z, 1, NotANumber, "expected one real number, got ")
      for loss in (*SQUARED, nn.hinge, nn.binary_cross_entropy, nn.softmax_cross_entropy)
      for z in (None, "0.5", [[1], 2])),
]
# fmt: on


@pytest.mark.parametrize(("loss", "outputs", "target", "error", "message"), REFUSED)
def test_what_a_loss_cannot_use_is_refused_with_what_it_needs(loss, outputs, target, error, message):
    with pytest.raises(error, match=message):
        loss(outputs, target)


@pytest.mark.parametrize("strength", [-1, -1e-9, math.nan, math.inf])
def test_l2_penalty_refuses_a_strength_that_is_not_finite_from_0(strength):
    with pytest.raises(ValueError, match="strength of an L2 penalty is a finite number from 0, got "):
        nn.l2_penalty([1.0], strength)


@pytest.mark.parametrize(("loss", "output", "target", "right"), [
    (nn.hinge, 0.1, 1, True), (nn.hinge, 0.1, -1, False), (nn.hinge, -0.1, -1, True), (nn.hinge, -0.1, 1, False),
    (nn.hinge, 0.0, 1, False), (nn.hinge, 0.0, -1, True),
    (nn.binary_cross_entropy, 0.1, 1, True), (nn.binary_cross_entropy, -0.1, 1, False),
    (nn.binary_cross_entropy, -0.1, 0, True), (nn.binary_cross_entropy, 0.1, 0.4, False),
    (nn.softmax_cross_entropy, [0.1, 0.3, 0.2], 1, True), (nn.softmax_cross_entropy, [0.1, 0.3, 0.2], 2, False),
    (nn.softmax_cross_entropy, [0.1, 0.3, 0.2], 0, False),
    (nn.softmax_cross_entropy, [0.1, 0.3, 0.2], 1.0, True),
])  # fmt: skip
def test_which_predictions_are_right(loss, output, target, right):
    assert ACCURACY[loss](output, target) == right


def test_logits_that_tie_are_right_for_one_class_only():
    """All zero, as of a network of dead units: were each class right, it would look perfect."""
    right = [ACCURACY[nn.softmax_cross_entropy]([Value(0.0), Value(0.0), Value(0.0)], k) for k in range(3)]
    assert right == [True, False, False]


@pytest.mark.parametrize(("logits", "target", "i", "curvature"), [
    ([0.0, 40.0, 0.5], 0, 1, 1.1252700e-17),
    ([40.0, 0.0, 0.0], 1, 0, 8.4967e-18),
    ([0.0, 30.0, 0.1], 2, 1, 1.96994e-13),
])  # fmt: skip
def test_the_curvature_of_cross_entropy_keeps_its_digits_with_several_others(logits, target, i, curvature):
    found = ad.hessian(lambda z: nn.softmax_cross_entropy(z, target))(logits)[i][i]
    assert found == pytest.approx(curvature, rel=1e-4)


@pytest.mark.parametrize("loss", [nn.hinge, nn.binary_cross_entropy, nn.softmax_cross_entropy])
@pytest.mark.parametrize("like", [list, tuple, np.array])
def test_targets_of_another_shape_are_named_with_what_makes_numbers_of_them(loss, like):
    output = [0.5, 0.1, 0.2] if loss is nn.softmax_cross_entropy else 0.5
    with pytest.raises(ValueError, match=r"takes one number for a target, .* of shape \(m, 1\), take y\.ravel\(\)"):
        loss(output, like([1]))
    with pytest.raises(ValueError, match=r"of shape \(m, 4\), rows with a 1 for the class .* y\.argmax\(axis=1\)"):
        loss(output, like([0, 1, 0, 0]))


@pytest.mark.parametrize("like", [list, tuple, np.array])
def test_a_one_hot_row_is_its_class_and_shares_are_a_mean_over_classes(like):
    zs = [0.5, -1.0, 2.0]
    each = [nn.softmax_cross_entropy(zs, k) for k in range(3)]
    assert [nn.softmax_cross_entropy(zs, like([float(j == k) for j in range(3)])) for k in range(3)] == each
    mixed = nn.softmax_cross_entropy(zs, like([0.2, 0.5, 0.3]))
    assert mixed == pytest.approx(0.2 * each[0] + 0.5 * each[1] + 0.3 * each[2], rel=1e-15)
    right = ACCURACY[nn.softmax_cross_entropy]
    assert [right(zs, like([float(j == k) for j in range(3)])) for k in range(3)] == [0.0, 0.0, 1.0]


@pytest.mark.parametrize("weights", [{-1: 2.0, 1: 3.0}])
def test_weights_multiply_the_loss_of_their_class(weights):
    loss = nn.weighted(nn.hinge, weights)
    assert [loss(0.25, y) for y in (-1, 1)] == [2.0 * 1.25, 3.0 * 0.75]
    assert nn.weighted(nn.softmax_cross_entropy, [1.0, 4.0])([0.0, 0.0], 1) == pytest.approx(4 * math.log(2))


@pytest.mark.parametrize("loss", [nn.half_squared_error, nn.mean_squared_error])
def test_as_many_targets_as_outputs(loss):
    assert loss([1.0], [[2.0]][0]) == loss(1.0, 2.0)
    with pytest.raises(ValueError, match=r"1 outputs and 3 targets, \[0, 1, 0\]; give the last layer 3 neurons"):
        loss(0.5, [0, 1, 0])


@pytest.mark.parametrize(
    ("loss", "outputs", "targets"),
    [
        (nn.hinge, 0.3, [-1.0, 1.0]),
        (nn.binary_cross_entropy, 0.3, [0.0, 0.25, 1.0]),
        (nn.softmax_cross_entropy, [0.3, -1.2, 2.0, 0.3], [0.0, 1.0, 2.0, 3.0]),
        (nn.half_squared_error, [0.3, -1.2], [[1.0, 2.0]]),
        (nn.mean_squared_error, [0.3, -1.2], [[1.0, 2.0]]),
    ],
)
def test_a_loss_is_traced_in_its_target_too(loss, outputs, targets):
    derivative = ad.value_and_grad(loss)
    compiled = ad.compile(derivative)
    for target in targets:
        expected = derivative(outputs, target)
        assert ad.trace(derivative, outputs, target).evaluate(outputs, target) == expected
        value, gradient = compiled(outputs, target)
        assert value == pytest.approx(expected[0], rel=1e-14)
        assert gradient == pytest.approx(expected[1], rel=1e-13)


def test_a_class_that_there_is_not_costs_nan_where_it_cannot_be_checked():
    compiled = ad.compile(nn.softmax_cross_entropy)
    assert math.isnan(compiled([0.3, -1.2, 2.0], 3.0))
    assert math.isnan(compiled([0.3, -1.2, 2.0], 0.5))


def test_an_index_that_is_data_is_one_hot_times_a_table():
    table = [[0.1, 0.2], [1.1, 1.2], [2.1, 2.2]]

    def row(table, k):
        return [ad.dot(nn.one_hot(k, 3), column) for column in zip(*table, strict=True)]

    compiled = ad.compile(row, batch=(None, 0))
    assert [x.tolist() for x in compiled(table, [2.0, 0.0])] == [[2.1, 0.1], [2.2, 0.2]]
    assert row(table, 1.0) == [1.1, 1.2]
