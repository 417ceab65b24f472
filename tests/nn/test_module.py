"""Module: which Values are parameters, in which order, under which names; and reading them as floats."""

import collections
import copy
import dataclasses
import functools
import gc
import logging
import pickle
import random
import types
import weakref
from typing import NamedTuple

import numpy as np
import pytest

import autodiff as ad
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


# Values where no parameter is looked for


class Plain:
    def __init__(self, value):
        self.gate = value

    def method(self):
        return self.gate


class Slotted:
    __slots__ = ("gate", "never_set")

    def __init__(self, value):
        self.gate = value


@dataclasses.dataclass(slots=True)
class Record:
    gate: Value


def closing(value):
    return lambda x: x * value


class Holding(nn.Module):
    def __init__(self, *held):
        self.w = Value(1.0)
        self.blocks = list(held)


@pytest.mark.parametrize("hide", [
    Plain, Slotted, Record, lambda v: types.SimpleNamespace(gate=v), lambda v: collections.deque([v]), lambda v: {v},
    lambda v: frozenset([v]), lambda v: np.array([v, 1.0]), lambda v: Plain({"a": [Slotted(v)]}), closing,
    lambda v: functools.partial(closing, v), lambda v: types.SimpleNamespace(model=nn.Neuron(1)),
    lambda v: Plain(v).method,
])  # fmt: skip
def test_a_value_that_would_not_be_trained_is_refused_by_its_path(hide):
    model = Holding(1.0, {"inner": hide(Value(2.0))})
    with pytest.raises(TypeError, match=r"^blocks\.1\.inner is a .* that holds Values, which would not be trained"):
        model.parameters()


@pytest.mark.parametrize("hide", [
    lambda v: (v for _ in range(2)), lambda v: map(Value, [1.0]), lambda v: Plain(filter(None, [v])),
])  # fmt: skip
def test_a_generator_in_a_module_is_refused(hide):
    with pytest.raises(TypeError, match="hides whether it gives Values: make it a list"):
        Holding(hide(Value(2.0))).parameters()


def test_other_objects_of_parameters_that_are_trained_and_of_results_are_no_matter():
    model = Holding(nn.Neuron(2))
    model.trainer, model.last, model.random = Plain(model), Plain(model.w * 2.0), random.Random(1)
    model.logger, model.frame, model.kind = logging.getLogger(), np.zeros(3), Slotted
    assert len(model.parameters()) == 4


class SlottedModule(nn.Module):
    __slots__ = ("scale", "unset")

    def __init__(self):
        self.scale, self.shift = Value(2.0), Value(1.0)

    def __call__(self, row):
        return row[0] * self.scale + self.shift


def test_parameters_in_slots_of_a_module_are_parameters():
    model = SlottedModule()
    assert [name for name, _ in model.named_parameters()] == ["scale", "shift"]
    assert model.predict([[3.0]]) == [7.0]
    assert ad.grad(lambda m, x: m([x]))(model, 3.0).scale == 3.0


@pytest.mark.parametrize("reach", [
    lambda child, parent: setattr(child, "parent", parent),
    lambda child, parent: setattr(child, "parents", [{"first": parent}]),
])  # fmt: skip
def test_a_circle_is_named_by_its_path(reach):
    child, parent = nn.Neuron(1), Holding()
    parent.blocks.append(child)
    reach(child, parent)
    for ask in (parent.parameters, lambda: list(parent.named_parameters()), parent.zero_grad):
        with pytest.raises(ValueError, match=r"^blocks\.0\.parents?.* leads back to the Holding"):
            ask()
    for ask in (parent.on_floats, lambda: parent.predict([[1.0]])):
        with pytest.raises(ValueError, match=r"leads back to the Holding .* hold it in a weakref"):
            ask()


def test_a_weak_reference_to_the_whole_is_no_circle():
    child, parent = nn.Neuron(1), Holding()
    parent.blocks.append(child)
    child.parent = weakref.ref(parent)
    assert len(parent.parameters()) == 3
    assert parent.on_floats().blocks[0].bias == 0.0


class Keyed(nn.Module):
    def __init__(self):
        self.by_name = collections.defaultdict(lambda: 5.0, a=Value(2.0))
        self.ordered = collections.OrderedDict(z=Value(1.0), a=Value(3.0))
        self.counted = collections.Counter(a=2)

    def __call__(self, row):
        first, _ = self.ordered.values()
        self.ordered.move_to_end("z")
        self.ordered.move_to_end("z", last=False)
        return self.by_name["a"] * row[0] + self.by_name["missing"] + first + self.counted["none"]


def test_dicts_of_other_kinds_stay_what_they_are():
    model = Keyed()
    assert [type(part) for part in vars(model.on_floats()).values()] == [
        collections.defaultdict, collections.OrderedDict, collections.Counter,
    ]  # fmt: skip
    assert model.predict([[10.0]]) == [26.0]
    assert ad.grad(lambda m: m([10.0]))(model).by_name["a"] == 10.0
