"""Module: which Values are parameters, in which order, under which names; and reading them as floats."""

import copy
import gc
import pickle
from typing import NamedTuple

import numpy as np
import pytest

import nn
from autodiff import Dual, Value


class Pair(NamedTuple):
    slope: Value
    offset: Value


class Everything(nn.Module):
    """A parameter in every place where one may stand, and much that is none."""

    def __init__(self):
        self.late = "not a parameter"
        self.scale = Value(1.0, "scale")
        self.listed = [Value(2.0), (Value(3.0), 7)]
        self.by_name = {"a": Value(4.0), 5: Value(5.0)}
        self.inner = nn.Neuron(2, "tanh", rng=0)
        self.pair = Pair(Value(6.0), Value(7.0))
        self.frozen = 8.0
        self.remembered = self.scale * 2.0

    def __call__(self, row):
        pair, (x, y) = self.pair, row
        a = self.scale * x + self.listed[0] * y + self.listed[1][0]
        return a + self.by_name["a"] * self.inner([x, y]) + pair.slope * x + pair.offset * self.frozen

    NAMES = (
        "scale", "listed.0", "listed.1.0", "by_name.a", "by_name.5", "inner.weights.0", "inner.weights.1", "inner.bias",
        "pair.0", "pair.1",
    )  # fmt: skip


def test_parameters_are_named_by_their_path_in_the_order_they_were_set():
    named = list(Everything().named_parameters())
    assert tuple(name for name, _ in named) == Everything.NAMES
    assert all(type(p) is Value and p.op is None for _, p in named)


def test_parameters_come_in_the_same_order_every_time_and_as_the_same_objects():
    model = nn.MLP(3, [4, 2], rng=0)
    first, again = model.parameters(), model.parameters()
    assert len(first) == (3 + 1) * 4 + (4 + 1) * 2
    assert [id(p) for p in first] == [id(p) for p in again] == [id(p) for _, p in model.named_parameters()]
    assert [name for name, _ in model.named_parameters()][:5] == [
        "layers.0.neurons.0.weights.0", "layers.0.neurons.0.weights.1", "layers.0.neurons.0.weights.2",
        "layers.0.neurons.0.bias", "layers.0.neurons.1.weights.0",
    ]  # fmt: skip


def test_parameters_shared_by_two_layers_come_once():
    first, second = nn.Layer(2, 2, "tanh", rng=0), nn.Layer(2, 2, "tanh", rng=1)
    second.neurons[1] = first.neurons[0]

    class Tied(nn.Module):
        def __init__(self):
            self.first, self.second = first, second

        def __call__(self, row):
            return sum(self.second(self.first(row)))

    model = Tied()
    assert len(model.parameters()) == 6 + 3
    assert len({id(p) for p in model.parameters()}) == 9
    shared = first.neurons[0].weights[0]
    assert [name for name, p in model.named_parameters() if p is shared] == ["first.neurons.0.weights.0"]
    # a shared parameter moves once a step, along the sum of its gradients
    model([0.5, -1.0]).backward()
    before, gradient = shared.data, shared.grad
    nn.GradientDescent(0.1).step(model.parameters())
    assert shared.data == before - 0.1 * gradient


def test_equal_parameters_are_not_shared_ones():
    """Values compare by their number: a set of them by value would lose the second."""
    model = nn.Neuron(2, rng=0)
    for p in model.parameters():
        p.data = 1.0
    assert len(model.parameters()) == 3


def test_an_output_that_a_module_remembers_is_no_parameter():
    """Parameters are leaves: moving an interior node would be an error in the middle of a step."""

    class Remembers(nn.Module):
        def __init__(self):
            self.w, self.out = Value(1.0), None

        def __call__(self, row):
            self.out = self.w * row[0]
            return self.out

    model = Remembers()
    nn.fit(model, [[1.0], [2.0]], [2.0, 4.0], loss=nn.half_squared_error, optimizer=nn.GradientDescent(0.2), steps=30,
           progress=False)  # fmt: skip
    assert model.parameters() == [model.w]
    # the error shrinks by 1 − 0.2 · mean(1, 4) = ½ a step: 2⁻³⁰ is left after thirty
    assert model.w.data == pytest.approx(2.0, abs=2.0**-29)


def test_zero_grad_reaches_every_parameter():
    model = Everything()
    model([0.3, -0.2]).backward()
    assert all(p.grad for name, p in model.named_parameters() if name != "by_name.5")
    model.zero_grad()
    assert [p.grad for p in model.parameters()] == [0.0] * len(Everything.NAMES)


def test_without_zero_grad_gradients_add_up():
    model = Everything()
    model([0.3, -0.2]).backward()
    once = [p.grad for p in model.parameters()]
    model([0.3, -0.2]).backward()
    assert [p.grad for p in model.parameters()] == [2.0 * g for g in once]


@pytest.mark.parametrize("model", [Everything(), nn.MLP(2, [5, 3], "gelu", rng=3), nn.MLP(2, [1, 1], "tanh", rng=3)])
def test_on_floats_gives_the_same_bits_and_no_node(model):
    """Also where the builtin `sum` compensates its rounding, from Python 3.12: a sum of floats would differ."""
    rows = [[0.1 * i - 0.7, 1.0 / (i + 1)] for i in range(12)]
    recorded = [model(row) for row in rows]
    plain = model.predict(rows)
    numbers = [[v.data for v in out] if isinstance(out, list) else out.data for out in recorded]
    assert plain == numbers
    assert not any(isinstance(x, Value) for out in plain for x in (out if isinstance(out, list) else [out]))


def test_predict_leaves_no_value_behind():
    model, rows = nn.MLP(2, [8, 1], rng=0), [[0.5, -0.5]] * 20
    gc.collect()
    before = sum(type(x) is Value for x in gc.get_objects())
    outputs = model.predict(rows)
    assert sum(type(x) is Value for x in gc.get_objects()) == before
    assert all(type(y) is float for y in outputs)


def test_on_floats_is_a_copy_that_later_training_does_not_move():
    model = nn.Neuron(1, "linear", rng=0)
    frozen = model.on_floats()
    before = frozen([1.0])
    model.weights[0].data = 5.0
    assert frozen([1.0]) == before
    assert model.predict([[1.0]]) == [5.0]
    assert frozen.parameters() == []


def test_on_floats_keeps_the_type_of_what_holds_the_parameters():
    """A named tuple read as a plain one would lose its names."""
    floats = Everything().on_floats()
    assert type(floats) is Everything
    assert floats.pair == Pair(6.0, 7.0)
    assert floats.pair.slope == 6.0
    assert floats.listed == [2.0, (3.0, 7)]
    assert floats.by_name == {"a": 4.0, 5: 5.0}
    assert floats.remembered == 2.0


def test_on_floats_lets_duals_through_for_the_derivative_along_an_input():
    model, x = nn.MLP(2, [4, 1], "tanh", rng=1), [Value(0.3), Value(-0.8)]
    model(x).backward()
    forward = [model.on_floats()([Dual(0.3, float(i == 0)), Dual(-0.8, float(i == 1))]).tangent for i in range(2)]
    # the same products summed in another order: a few roundings apart
    assert forward == pytest.approx([v.grad for v in x], rel=1e-13)


@pytest.mark.parametrize("rows", [[[1.0, 2.0], [3.0, 4.0]], ((1, 2), (3, 4)), np.array([[1, 2], [3, 4]]),
                                  iter([[1.0, 2.0], np.array([3.0, 4.0])])])  # fmt: skip
def test_predict_takes_lists_tuples_arrays_and_iterators(rows):
    model = nn.Neuron(2, "linear", rng=0)
    model.weights[0].data, model.weights[1].data = 10.0, 1.0
    assert model.predict(rows) == [12.0, 34.0]


@pytest.mark.parametrize(("rows", "error", "message"), [
    (None, TypeError, "rows come as a list or an array with an item for each example, got NoneType"),
    (3, TypeError, "got int"),
    ("ab", TypeError, "got str"),
    ({0: [1, 2]}, TypeError, "got dict"),
    (np.array(3.0), TypeError, "got float"),
    ([1.0, 2.0], ValueError, "takes 2 inputs, got 1"),
    ([[1.0, 2.0, 3.0]], ValueError, "takes 2 inputs, got 3"),
    ([["1", 2.0]], TypeError, r"got str '1': convert it with float\(\.\.\.\)"),
    ([[1j, 2.0]], TypeError, "only real numbers"),
    ([None], TypeError, "NoneType"),
])  # fmt: skip
def test_predict_says_what_is_wrong_with_its_rows(rows, error, message):
    with pytest.raises(error, match=message):
        nn.MLP(2, [3, 1], rng=0).predict(rows)


@pytest.mark.parametrize("duplicate", [copy.deepcopy, lambda model: pickle.loads(pickle.dumps(model))])
def test_a_model_copies_and_pickles_with_its_parameters(duplicate):
    model = nn.MLP(2, [3, 1], rng=0)
    model.layers[1].neurons.append(model.layers[1].neurons[0])  # shared stays shared
    other = duplicate(model)
    assert [(p.data, p.label) for p in other.parameters()] == [(p.data, p.label) for p in model.parameters()]
    assert not {id(p) for p in other.parameters()} & {id(p) for p in model.parameters()}
    assert other.predict([[1.0, 2.0]]) == model.predict([[1.0, 2.0]])
    other.parameters()[0].data = 9.0
    assert model.parameters()[0].data != 9.0


def test_a_module_without_parameters_has_none():
    assert nn.Module().parameters() == []
