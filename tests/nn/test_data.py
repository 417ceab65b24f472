"""Rows, targets and arguments as users bring them: what nn takes, and what it refuses before anything has moved."""

import math
import sys
from fractions import Fraction

import numpy as np
import pytest

import nn
from autodiff import Value
from autodiff.errors import DerivativeLost, MissingPackage, NotANumber


@pytest.mark.parametrize("row", [
    [1, 2], (1.0, 2.0), range(1, 3), np.array([1, 2]), np.array([1.0, 2.0], dtype=np.float32),
    [np.float64(1), np.int8(2)], [True, Fraction(2)], [Value(1.0), Value(2.0)], np.array([Value(1.0), Value(2.0)]),
    [np.array(1.0), 2],
])  # fmt: skip
def test_inputs_come_in_any_of_these_forms(row):
    expected = nn.Neuron(2, "tanh", rng=0)([1.0, 2.0]).data
    assert nn.Neuron(2, "tanh", rng=0)(row).data == expected
    assert nn.Layer(2, 1, "tanh", rng=0)(row).data == expected
    assert nn.MLP(2, [1, 1], "tanh", rng=0).layers[0](row).data == expected


def test_inputs_that_are_values_get_their_gradients():
    x = [Value(1.0), Value(2.0)]
    neuron = nn.Neuron(2, "linear", rng=0)
    neuron(x).backward()
    assert [v.grad for v in x] == [w.data for w in neuron.weights]


@pytest.mark.parametrize(("row", "error", "message"), [
    ([1.0], ValueError, "this neuron takes 2 inputs, got 1"),
    ([1.0, 2.0, 3.0], ValueError, "this neuron takes 2 inputs, got 3"),
    (3.0, ValueError, "this neuron takes 2 inputs, got 1"),
    ([], ValueError, "this neuron takes 2 inputs, got 0"),
    ("ab", NotANumber, r"got str 'ab': convert it with float\(\.\.\.\)"),
    (["a", 1.0], NotANumber, "got str 'a'"),
    (None, NotANumber, "got NoneType None"),
    ([None, 1.0], NotANumber, "got NoneType None"),
    ({1: 2.0, 3: 4.0}, NotANumber, "got dict"),
    ({1.0, 2.0}, NotANumber, "got set"),
    (iter([1.0, 2.0]), NotANumber, "got list_iterator"),
    (b"ab", NotANumber, "got bytes"),
    ([1j, 2.0], NotANumber, "only real numbers are differentiated"),
    (np.array([[1.0, 2.0]]), NotANumber, r"got list \[1.0, 2.0\]: take its elements one by one"),
])  # fmt: skip
def test_what_is_not_a_row_of_the_right_length_is_refused(row, error, message):
    """Sets and dicts too: their order, or their keys, would pass as numbers."""
    for model in (nn.Neuron(2, rng=0), nn.Layer(2, 2, rng=0), nn.MLP(2, [3, 1], rng=0)):
        with pytest.raises(error, match=message):
            model(row)


ROWS, TARGETS = [[0.0, 1.0], [1.0, 0.0], [2.0, 1.0], [1.0, 1.0]], [1, -1, 1, -1]


class Frame:
    """As pandas and polars: iterating gives the names of the columns, `to_numpy` the numbers."""

    def __init__(self, rows):
        self.rows = rows

    def __iter__(self):
        return iter(["height", "width"])

    def to_numpy(self):
        return np.array(self.rows)


def outcome(**arguments):
    """The losses and the parameters after two steps."""
    model = nn.MLP(2, [3, 1], rng=1)
    arguments = {
        "inputs": ROWS, "targets": TARGETS, "loss": nn.hinge, "optimizer": nn.GradientDescent(0.1), "steps": 2,
        "progress": False,
    } | arguments  # fmt: skip
    history = nn.fit(model, **arguments)
    return history.loss, [p.data for p in model.parameters()]


@pytest.mark.parametrize("inputs", [
    np.array(ROWS), np.array(ROWS, dtype=np.float32), np.array(ROWS, dtype=int), np.array(ROWS, dtype=object),
    [tuple(row) for row in ROWS], [np.array(row) for row in ROWS], tuple(ROWS), iter(ROWS), Frame(ROWS),
    [[Fraction(x) for x in row] for row in ROWS], zip([0, 1, 2, 1], [1, 0, 1, 1], strict=True),
])  # fmt: skip
def test_rows_come_in_any_of_these_forms(inputs):
    assert outcome(inputs=inputs) == outcome()


@pytest.mark.parametrize("targets", [
    np.array(TARGETS), np.array(TARGETS, dtype=float), np.array(TARGETS, dtype=object), tuple(TARGETS), iter(TARGETS),
    [float(y) for y in TARGETS], [np.int8(y) for y in TARGETS], [np.array(y) for y in TARGETS], Frame(TARGETS),
])  # fmt: skip
def test_targets_come_in_any_of_these_forms(targets):
    assert outcome(targets=targets) == outcome()


@pytest.mark.parametrize(
    "classes", [[0, 1, 1, 0], [0.0, 1.0, 1.0, 0.0], [False, True, True, False], np.array([0, 1, 1, 0])]
)
def test_class_targets_may_be_floats_or_bools(classes):
    model = nn.MLP(2, [2], rng=0)
    history = nn.fit(model, ROWS, classes, loss=nn.softmax_cross_entropy, optimizer=nn.GradientDescent(0.1), steps=1,
                     progress=False)  # fmt: skip
    logits = nn.MLP(2, [2], rng=0).predict(ROWS)
    by_hand = [math.log(sum(map(math.exp, z))) - z[k] for z, k in zip(logits, [0, 1, 1, 0], strict=True)]
    assert history.loss == pytest.approx([sum(by_hand) / 4], rel=1e-13)  # the formula rounds in another order


def test_a_column_of_targets_is_a_target_for_each_row_of_a_squared_loss():
    column = np.array(TARGETS, dtype=float)[:, None]
    assert outcome(targets=column, loss=nn.half_squared_error) == outcome(loss=nn.half_squared_error)


def test_a_model_of_one_input_takes_one_number_for_a_row():
    model, same = nn.MLP(1, [2, 1], rng=0), nn.MLP(1, [2, 1], rng=0)
    arguments = {"loss": nn.mean_squared_error, "optimizer": nn.GradientDescent(0.1), "steps": 3, "progress": False}
    first = nn.fit(model, [0.0, 0.5, 1.0], [1, 2, 3], **arguments)
    assert first.loss == nn.fit(same, [[0.0], [0.5], [1.0]], [1, 2, 3], **arguments).loss
    assert model.predict([0.5]) == model.predict([[0.5]])


X, Y, NAN, INF = "inputs", "targets", math.nan, math.inf
BAD = {
    "no inputs": ({X: None}, TypeError, "inputs come as a list or an array .*, got NoneType"),
    "inputs a number": ({X: 5}, TypeError, "inputs come as .*, got int"),
    "inputs a string": ({X: "abcd"}, TypeError, "inputs come as .*, got str"),
    "inputs a dict": ({X: dict(enumerate(ROWS))}, TypeError, "inputs come as .*, got dict"),
    "inputs a set": ({X: {0.0, 1.0, 2.0, 3.0}}, TypeError, "inputs come as .*, got set"),
    "inputs a 0-d array": ({X: np.array(3.0)}, TypeError, "inputs come as .*, got float"),
    "inputs of three dimensions": ({X: np.array([ROWS])}, NotANumber, r"row 0: .*got list \[0.0, 1.0\]"),
    "rows of strings": ({X: [["1", "2"]] * 4}, NotANumber, r"row 0: .*got str '1': convert it with float"),
    "a row that is None": ({X: [*ROWS[:3], None]}, NotANumber, "row 3: .*got NoneType"),
    "None in a row": ({X: [[0, 1], [1, None], [1, 2], [1, 2]]}, NotANumber, "row 1: .*got NoneType"),
    "complex": ({X: [[1j, 2]] * 4}, NotANumber, "row 0: .*only real numbers"),
    "Values": ({X: [[Value(0.0), 1.0]] * 4}, NotANumber, r"row 0: .*got Value Value\(0.0"),
    "a dict for a row": ({X: [{"a": 1, "b": 2}] * 4}, NotANumber, "row 0: .*got dict"),
    "nan in a row": ({X: [*ROWS[:2], [1.0, NAN], [0, 0]]}, ValueError, "row 2 is not finite, nan at position 1"),
    "inf in a row": ({X: [[-INF, 0], *ROWS[1:]]}, ValueError, "row 0 is not finite, -inf at position 0"),
    "ragged rows": ({X: [[1, 2], [1], [1, 2], [1, 2]]}, ValueError, r"rows of one length .* got lengths \[1, 2\]"),
    "rows too long": ({X: [[1, 2, 3]] * 4}, ValueError, "takes 2 inputs, got 3"),
    "empty rows": ({X: [[]] * 4}, ValueError, "takes 2 inputs, got 0"),
    "fewer rows": ({X: ROWS[:3]}, ValueError, "one target for each row: got 3 rows and 4 targets"),
    "fewer targets": ({Y: TARGETS[:2]}, ValueError, "one target for each row: got 4 rows and 2 targets"),
    "no data": ({X: [], Y: []}, ValueError, "no examples: the mean over an empty batch is undefined"),
    "no targets": ({Y: None}, TypeError, "targets come as .*, got NoneType"),
    "targets a string": ({Y: "1111"}, TypeError, "targets come as .*, got str"),
    "targets a dict": ({Y: dict(enumerate(TARGETS))}, TypeError, "targets come as .*, got dict"),
    "a target out of range": ({Y: [1, -1, 1, 0]}, ValueError, r"hinge needs targets of −1 or 1, got 0; .*2 \* y - 1"),
    "a target that is None": ({Y: [1, -1, 1, None]}, ValueError, "hinge needs targets of −1 or 1, got None"),
    "a target that is a string": ({Y: [1, -1, 1, "1"]}, ValueError, "hinge needs targets of −1 or 1, got '1'"),
    "targets that are Values": ({Y: [Value(1.0)] * 4}, ValueError, "hinge needs targets of −1 or 1, got Value"),
    "a target of nan": ({Y: [1, NAN, 1, 1], "loss": nn.half_squared_error}, ValueError, "target 1 is not finite, nan"),
    "nan in a target": ({Y: [[1.0, INF]] * 4, "loss": nn.half_squared_error}, ValueError, "target 0 .* inf at posi"),
    "targets of another length": (
        {Y: [[1, 2]] * 4, "loss": nn.half_squared_error}, ValueError, "one target for each output: got 1 outputs and 2",
    ),
    "a bad target that this seed would not draw": (
        {Y: [1, -1, 1, 7], "batch": 1, "steps": 1, "seed": 1}, ValueError, "hinge needs targets of −1 or 1, got 7",
    ),
    "steps of 0": ({"steps": 0}, ValueError, "steps is a whole number from 1, got 0"),
    "steps of 2.0": ({"steps": 2.0}, ValueError, "steps is a whole number from 1, got 2.0"),
    "steps of True": ({"steps": True}, ValueError, "steps is a whole number from 1, got True"),
    "batch of 0": ({"batch": 0}, ValueError, "batch is a whole number from 1, got 0"),
    "batch of a half": ({"batch": 0.5}, ValueError, "batch is a whole number from 1, got 0.5"),
    "l2 below 0": ({"l2": -1.0}, ValueError, "strength of an L2 penalty is a finite number from 0, got -1.0"),
    "l2 of nan": ({"l2": NAN}, ValueError, "strength of an L2 penalty is a finite number from 0, got nan"),
    "l2 of inf": ({"l2": INF}, ValueError, "strength of an L2 penalty is a finite number from 0, got inf"),
    "l2 a string": ({"l2": "0.1"}, NotANumber, "got str '0.1'"),
    "a seed that is a list": ({"seed": [1]}, TypeError, "supported seed types"),
    "no loss": ({"loss": None}, TypeError, "a loss is a function of a prediction and a target, .*; got None"),
    "a loss by name": ({"loss": "hinge"}, TypeError, "a loss is a function .*; got 'hinge'"),
    "a loss that returns nothing": ({"loss": lambda p, y: None}, NotANumber, "NoneType None: did a function"),
    "a loss that returns a list": ({"loss": lambda p, y: [p]}, NotANumber, "got list"),
    "a loss of floats": ({"loss": lambda p, y: p.data}, TypeError, "backward needs a Value, got float"),
    "a loss through math": ({"loss": lambda p, y: math.exp(p)}, DerivativeLost, "use ad.exp"),
    "no optimizer": ({"optimizer": None}, TypeError, r"such as nn.GradientDescent\(0.1\); got None"),
    "a rate for an optimizer": ({"optimizer": 0.1}, TypeError, "an optimizer is needed, .*; got 0.1"),
    "the class for an optimizer": ({"optimizer": nn.GradientDescent}, TypeError, "an optimizer is needed"),
    "a schedule that ends too soon": (
        {"optimizer": nn.GradientDescent(lambda step: 1.0 - step)}, ValueError, "number above 0, got 0.0 at step 1",
    ),
    "a schedule of strings": ({"optimizer": nn.GradientDescent(lambda step: "1")}, NotANumber, "got str '1'"),
}  # fmt: skip


@pytest.mark.parametrize(("arguments", "error", "message"), BAD.values(), ids=BAD)
def test_bad_input_is_named_and_nothing_has_changed(arguments, error, message):
    model, optimizer = nn.MLP(2, [3, 1], rng=1), nn.GradientDescent(0.1)
    before = [(p.data, p.grad) for p in model.parameters()]
    arguments = {"inputs": ROWS, "targets": TARGETS, "loss": nn.hinge, "optimizer": optimizer, "steps": 2,
                 "progress": False} | arguments  # fmt: skip
    with pytest.raises(error, match=message):
        nn.fit(model, **arguments)
    assert [(p.data, p.grad) for p in model.parameters()] == before
    assert optimizer.steps == 0


@pytest.mark.parametrize("model", [None, "MLP", nn.MLP, lambda row: row[0]])
def test_what_is_no_model_is_named(model):
    with pytest.raises(TypeError, match=r"a model is a Module, such as nn.MLP\(2, \[16, 1\]\); got "):
        nn.fit(model, ROWS, TARGETS, loss=nn.hinge, optimizer=nn.GradientDescent(0.1), steps=1, progress=False)


def test_without_tqdm_the_error_names_the_package_and_the_way_without_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "tqdm", None)
    model = nn.MLP(2, [3, 1], rng=1)
    before = [p.data for p in model.parameters()]
    arguments = {"loss": nn.hinge, "optimizer": nn.GradientDescent(0.1), "steps": 2}
    with pytest.raises(
        MissingPackage, match=r"the progress bar needs tqdm, .*: pip install tqdm, or pass progress=False"
    ):
        nn.fit(model, ROWS, TARGETS, **arguments)
    assert [p.data for p in model.parameters()] == before
    nn.fit(model, ROWS, TARGETS, **arguments, progress=False)
    assert [p.data for p in model.parameters()] != before


def test_data_are_read_once_and_left_as_they_were():
    inputs, targets = np.array(ROWS), np.array(TARGETS)
    outcome(inputs=inputs, targets=targets, steps=3, batch=2)
    assert (inputs == np.array(ROWS)).all()
    assert (targets == np.array(TARGETS)).all()
