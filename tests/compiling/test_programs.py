"""Whole programs: the zoo and random ones, their values and gradients, through every backend and size of batch."""

import math
import random

import numpy as np
import pytest
from hypothesis import assume, given
from programs import numbers, programs
from readings import READINGS, flat
from zoo import TRACED

import autodiff as ad
import nn
from autodiff.errors import BranchOnData

SIZES = [1, 7, 8, 9, 63, 64, 65, 104, 1000]
EPS = 2.0**-52


def near(found, expected, tolerance=1e-12):
    found, expected = np.array(found, float), np.array(expected, float)
    scale = np.maximum(np.abs(expected), 1e-3 * np.max(np.abs(expected), initial=0.0))
    return bool(np.all((np.abs(found - expected) <= tolerance * scale) | (np.isnan(found) & np.isnan(expected))))


@pytest.mark.parametrize("reading", READINGS)
@pytest.mark.parametrize(("function", "at"), TRACED)
def test_the_zoo_and_its_gradients(function, at, reading):
    for tape in (ad.trace(function, *at), ad.trace(function, *at).gradient().simplify()):
        draw = random.Random(1)
        rows = [at, *(tuple(x + 0.01 * draw.random() for x in at) for _ in range(8))]
        found = READINGS[reading](tape, rows)
        expected = np.array([flat(tape.evaluate(*row)) for row in rows]).T
        assert near(found, expected), reading


@given(programs, numbers, numbers)
def test_random_programs_and_their_gradients(program, x, y):
    try:
        tape = ad.trace(ad.value_and_grad(program, (0, 1)), x, y).simplify()
    except BranchOnData:
        assume(False)
    rows = [(x, y), (y, x)]
    try:
        expected = np.array([flat(tape.evaluate(*row)) for row in rows]).T
    except (ArithmeticError, ValueError):
        assume(False)
    assume(np.all(np.isfinite(expected)))
    for name, read in READINGS.items():
        found = read(tape, rows)
        assert near(found, expected, 1e-8), name


def loss(w, x, y):
    hidden = [ad.tanh(ad.dot(row, x)) for row in w["hidden"]]
    return ad.relu(1.0 - y * ad.dot(w["out"], hidden)) + 0.01 * ad.total(v * v for v in w["out"])


W = {"hidden": [[0.3, -0.2], [0.5, 0.9], [-1.1, 0.4]], "out": [0.7, -0.4, 1.2]}


def batch(m):
    rng = np.random.default_rng(m)
    return rng.normal(size=(m, 2)), np.where(rng.random(m) < 0.5, -1.0, 1.0)


@pytest.mark.parametrize("m", SIZES)
@pytest.mark.parametrize("backend", ["interpreter", "source"])
def test_batches_of_every_size_mean_what_rows_mean_one_by_one(backend, m):
    X, y = batch(m)  # noqa: N806
    derivative = ad.value_and_grad(loss)
    each = [flat(derivative(W, list(x), t)) for x, t in zip(X.tolist(), y.tolist(), strict=True)]
    for reduce, expected in (("sum", np.sum(each, 0)), ("mean", np.mean(each, 0)), (None, np.array(each).T)):
        compiled = ad.compile(derivative, batch=(None, 0, 0), reduce=reduce, backend=backend)
        found = compiled(W, X, y)
        numbers_found = np.array(flat(found)) if reduce else np.array([found[0], *leaves(found[1])])
        assert near(numbers_found, expected)
        narrow = ad.compile(derivative, batch=(None, 0, 0), reduce=reduce, backend=backend, dtype="float32")(W, X, y)
        numbers_found = np.array(flat(narrow)) if reduce else np.array([narrow[0], *leaves(narrow[1])])
        assert near(numbers_found, expected, 2e-4)


def leaves(tree):
    if isinstance(tree, dict):
        return [leaf for key in sorted(tree) for leaf in leaves(tree[key])]
    return [leaf for part in tree for leaf in leaves(part)] if isinstance(tree, list) else [tree]


@pytest.mark.parametrize("m", SIZES)
def test_exact_is_eager_bit_for_bit_where_rows_are_of_arithmetic(m):
    def f(w, x):
        z = w[0] * x[0] + w[1] * x[1] - x[0] / (1.0 + x[1] * x[1])
        return ad.sqrt(z * z + 0.1) * ad.relu(z) - abs(z)

    X, _ = batch(m)  # noqa: N806
    w = [0.3, -0.7]
    derivative = ad.value_and_grad(f)
    each = [flat(derivative(w, list(x))) for x in X.tolist()]
    sums = [ad.mean(column) for column in zip(*each, strict=True)]
    assert flat(ad.compile(derivative, batch=(None, 0), reduce="mean", exact=True)(w, X)) == sums
    value, gradient = ad.compile(derivative, batch=(None, 0), exact=True)(w, X)
    assert np.array_equal(np.array([value, *gradient]).T, each)


def test_threads_do_not_change_a_bit():
    X, y = batch(30_000)  # noqa: N806
    results = [
        flat(ad.compile(ad.value_and_grad(loss), batch=(None, 0, 0), reduce="mean", threads=n)(W, X, y))
        for n in (1, 2, 3, 7, None)
    ]
    assert all(found == results[0] for found in results)


def test_zero_times_infinity_contributes_nothing_and_only_then_is_run_with_care():
    def f(x, y):
        return ad.where(x > 0.0, ad.sqrt(ad.maximum(x, 0.0)), 0.0) + ad.sqrt(y) * 0.0 + y * x

    rows = np.array([[0.0, 0.0], [1.0, 0.0], [4.0, 2.0]])
    compiled = ad.compile(ad.grad(f, (0, 1)), batch=(0, 0))
    expected = [ad.grad(f, (0, 1))(*row) for row in rows.tolist()]
    assert np.array_equal(np.array(compiled(rows[:, 0].copy(), rows[:, 1].copy())).T, expected, equal_nan=True)


def test_operations_follow_ieee_where_eager_ones_raise():
    for backend in ("interpreter", "source"):
        compiled = ad.compile(lambda x: (1.0 / x, ad.log(x), ad.exp(1e3 + x), ad.sqrt(x - 1.0)), backend=backend)
        assert compiled(0.0)[:3] == (math.inf, -math.inf, math.inf)
        assert math.isnan(compiled(0.0)[3])


def test_infinite_numbers_that_are_meant_are_not_run_again_with_care():
    derivative = ad.value_and_grad(nn.softmax_cross_entropy)  # the logit of the class itself is left out as −∞
    compiled = ad.compile(derivative, batch=(0, 0))
    rows, targets = np.random.default_rng(0).normal(size=(40, 5)), np.arange(40.0) % 5
    value, gradient = compiled(rows, targets)
    expected = [flat(derivative(list(row), target)) for row, target in zip(rows.tolist(), targets, strict=True)]
    assert near(np.column_stack([value, gradient]), expected)
    engine = next(iter(compiled.traces.values())).engine
    assert not any(careful for _, careful in engine.each.free)
