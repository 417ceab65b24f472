"""Neuron, Layer, MLP: sizes, labels, activations, who draws, micrograd's names, and what they refuse."""

import math
import random

import numpy as np
import pytest

import nn
from autodiff import Dual, Value
from nn.module import replaced

# f as the books write it, apart from the engine, and where it has no corner
FORMULAS = {
    "linear": lambda z: z,
    "relu": lambda z: max(0.0, z),
    "leaky_relu": lambda z: z if z > 0 else 0.01 * z,
    "gelu": lambda z: z * 0.5 * (1 + math.erf(z / math.sqrt(2))),
    "silu": lambda z: z / (1 + math.exp(-z)),
    "softplus": lambda z: math.log(1 + math.exp(z)),
    "tanh": math.tanh,
    "sigmoid": lambda z: 1 / (1 + math.exp(-z)),
}


def labels(module):
    return [p.label for p in module.parameters()]


def test_every_activation_has_a_formula_here():
    assert set(nn.ACTIVATIONS) == set(FORMULAS)


@pytest.mark.parametrize("name", FORMULAS)
def test_a_neuron_is_its_activation_of_the_weighted_sum(name):
    neuron = nn.Neuron(2, name, rng=0)
    neuron.bias.data = 0.25
    (w1, w2), b = (w.data for w in neuron.weights), neuron.bias.data
    for x1, x2 in [(0.5, -2.0), (3.0, 1.0), (-1.0, -1.0), (0.0, 0.0)]:
        # the formulas cancel or round once more than the engine: a few units in the last place
        assert neuron([x1, x2]).data == pytest.approx(FORMULAS[name](w1 * x1 + w2 * x2 + b), rel=1e-14)


@pytest.mark.parametrize("name", FORMULAS)
def test_backward_through_every_activation_agrees_with_forward_one_parameter_at_a_time(name):
    model, row = nn.MLP(2, [3, 2, 1], name, rng=5), [0.7, -0.4]
    model(row).backward()
    for parameter in model.parameters():
        seeded = replaced(model, lambda p, parameter=parameter: Dual(p.data, float(p is parameter)))
        # the same products summed in another order
        assert seeded(row).tangent == pytest.approx(parameter.grad, rel=1e-12, abs=1e-300), parameter.label


@pytest.mark.parametrize("name", FORMULAS)
def test_every_activation_learns_what_no_straight_line_can_and_linear_does_not(name):
    corners, different = [[-1, -1], [-1, 1], [1, -1], [1, 1]], [-1, 1, 1, -1]
    history = nn.fit(
        nn.MLP(2, [8, 1], name, rng=1), corners, different,
        loss=nn.half_squared_error, optimizer=nn.GradientDescent(0.2), steps=300, progress=False,
    )  # fmt: skip
    if name == "linear":
        assert history.loss[-1] == pytest.approx(0.5)  # the best line is 0 everywhere: ½ · 1²
    else:
        assert history.loss[-1] < 0.01


def test_the_last_layer_is_linear_and_the_others_are_not():
    model = nn.MLP(2, [4, 3, 1], "tanh", rng=0)
    assert [[n.activation for n in layer.neurons] for layer in model.layers] == [["tanh"] * 4, ["tanh"] * 3, ["linear"]]
    assert model([1.0, 2.0]).op.name == "add"
    assert model.layers[0]([1.0, 2.0])[0].op.name == "tanh"


def test_relu_is_the_default_as_in_micrograd():
    for module in (
        nn.Neuron(2, rng=0),
        nn.Layer(2, 1, rng=0).neurons[0],
        nn.MLP(2, [1, 1], rng=0).layers[0].neurons[0],
    ):
        assert module.activation == "relu"


def test_one_output_is_a_number_and_several_are_a_list():
    assert isinstance(nn.MLP(2, [3, 1], rng=0)([1.0, 2.0]), Value)
    assert [type(y) for y in nn.MLP(2, [3, 2], rng=0)([1.0, 2.0])] == [Value, Value]
    assert isinstance(nn.MLP(2, [1, 1, 1], rng=0)([1.0, 2.0]), Value)  # a hidden layer of one is a row of one


def test_layers_chain_as_written_in_full():
    model, row = nn.MLP(2, [2, 1], "sigmoid", rng=4), [0.5, -1.5]
    (w11, w12, b1, w21, w22, b2, v1, v2, c) = (p.data for p in model.parameters())
    f = FORMULAS["sigmoid"]
    hidden = f(w11 * row[0] + w12 * row[1] + b1), f(w21 * row[0] + w22 * row[1] + b2)
    assert model(row).data == pytest.approx(v1 * hidden[0] + v2 * hidden[1] + c, rel=1e-14)


def test_labels_name_layer_neuron_and_input():
    assert labels(nn.MLP(3, [2, 1], rng=0)) == [
        "W¹₁,₁", "W¹₁,₂", "W¹₁,₃", "b¹₁", "W¹₂,₁", "W¹₂,₂", "W¹₂,₃", "b¹₂", "W²₁,₁", "W²₁,₂", "b²₁",
    ]  # fmt: skip
    assert labels(nn.Layer(11, 12, rng=0, number=10))[-2:] == ["W¹⁰₁₂,₁₁", "b¹⁰₁₂"]
    assert labels(nn.Neuron(2, rng=0)) == ["w₁", "w₂", "b"]


@pytest.mark.parametrize(("module", "text"), [
    (nn.Neuron(2, "tanh"), "Neuron(2, 'tanh')"),
    (nn.Layer(2, 3), "Layer(2, 3, 'relu')"),
    (nn.MLP(2, [16, 16, 1]), "MLP(2 → 16 relu → 16 relu → 1 linear)"),
])  # fmt: skip
def test_repr_shows_the_shape(module, text):
    assert repr(module) == text


def numbers(module):
    return [p.data for p in module.parameters()]


def test_a_seed_repeats_and_another_one_does_not():
    assert numbers(nn.MLP(3, [4, 2], rng=7)) == numbers(nn.MLP(3, [4, 2], rng=7))
    assert numbers(nn.MLP(3, [4, 2], rng=7)) != numbers(nn.MLP(3, [4, 2], rng=8))
    assert numbers(nn.MLP(3, [4, 2], rng=7)) == numbers(nn.MLP(3, [4, 2], rng=random.Random(7)))
    assert numbers(nn.MLP(3, [4, 2], rng=7)) == numbers(nn.MLP(3, [4, 2], rng=np.int64(7)))
    assert numbers(nn.MLP(3, [4, 2])) != numbers(nn.MLP(3, [4, 2]))


def test_neurons_of_a_seeded_layer_are_not_all_alike():
    """A generator made anew from the seed for each neuron would draw the same weights again."""
    weights = [w.data for neuron in nn.Layer(3, 4, rng=0).neurons for w in neuron.weights]
    assert len(set(weights)) == 12


def test_a_generator_goes_on_from_where_it_was():
    rng = random.Random(0)
    assert numbers(nn.Neuron(3, rng=rng)) != numbers(nn.Neuron(3, rng=rng))


def test_a_seed_of_its_own_leaves_the_global_generator_alone_and_none_reads_it_as_in_micrograd():
    random.seed(1)
    state = random.getstate()
    nn.MLP(2, [3, 1], rng=0)
    assert random.getstate() == state
    first = nn.MLP(2, [3, 1])
    random.setstate(state)
    again = nn.MLP(2, [3, 1])
    assert [p.data for p in first.parameters()] == [p.data for p in again.parameters()]


# micrograd's names


@pytest.mark.parametrize("rng", [None, 0])
def test_nonlin_false_is_a_linear_neuron_and_true_is_relu(rng):
    bent, straight = nn.Neuron(2, nonlin=True, rng=rng), nn.Neuron(2, nonlin=False, rng=rng)
    assert (bent.nonlin, bent.activation) == (True, "relu")
    assert (straight.nonlin, straight.activation) == (False, "linear")
    assert straight([1.0, -2.0]).op.name == "add"
    assert bent([1.0, -2.0]).op.name == "relu"


def test_nonlin_goes_through_a_layer_and_may_stand_in_the_second_place_of_a_neuron():
    assert [n.nonlin for n in nn.Layer(2, 3, nonlin=False).neurons] == [False] * 3
    assert [n.nonlin for n in nn.Layer(2, 2, nonlin=True).neurons] == [True] * 2
    assert (nn.Neuron(2, False).activation, nn.Neuron(2, True).activation) == ("linear", "relu")
    assert [[n.nonlin for n in layer.neurons] for layer in nn.MLP(2, [2, 1, 1]).layers] == [[True] * 2, [True], [False]]


def test_nonlin_leaves_another_activation_or_takes_it_away():
    assert nn.Neuron(2, "tanh", nonlin=True).activation == "tanh"
    assert nn.Neuron(2, "tanh", nonlin=False).activation == "linear"
    assert nn.Layer(2, 1, "tanh", nonlin=False).neurons[0].activation == "linear"


def test_nonlin_can_be_assigned():
    neuron = nn.Neuron(2, "tanh", rng=0)
    neuron.nonlin = True
    assert neuron.activation == "tanh"
    neuron.nonlin = False
    assert neuron([1.0, 2.0]).op.name == "add"
    neuron.nonlin = True
    assert neuron.activation == "relu"


@pytest.mark.parametrize("nonlin", [np.bool_(False), 0, 0.0])
def test_whatever_equals_false_is_false(nonlin):
    assert nn.Neuron(2, nonlin=nonlin).activation == "linear"


@pytest.mark.parametrize("nonlin", ["tanh", "", None, 2, [], math.nan])
def test_nonlin_is_no_activation(nonlin):
    for make in (lambda: nn.Neuron(2, nonlin=nonlin), lambda: nn.Layer(2, 2, nonlin=nonlin)):
        with pytest.raises(TypeError, match=r"nonlin is True or False, got .*; other activations go by activation="):
            make()


def test_w_and_b_are_the_weights_and_the_bias_to_read_and_to_assign():
    neuron = nn.Neuron(2, nonlin=False, rng=0)
    assert neuron.w is neuron.weights
    assert neuron.b is neuron.bias
    neuron.w[0].data, neuron.w[1], neuron.b = 3.0, Value(5.0), Value(-1.0)
    assert neuron([10.0, 100.0]).data == 529.0
    assert neuron.parameters() == [*neuron.w, neuron.b]
    neuron.w = [Value(1.0), Value(2.0)]
    assert (neuron.weights[1].data, numbers(neuron)) == (2.0, [1.0, 2.0, -1.0])
    assert [name for name, _ in neuron.named_parameters()] == ["weights.0", "weights.1", "bias"]


def test_parameters_stand_in_micrograds_order():
    model = nn.MLP(2, [2, 1], rng=0)
    assert model.parameters() == [
        p for layer in model.layers for neuron in layer.neurons for p in [*neuron.w, neuron.b]
    ]  # fmt: skip


@pytest.mark.parametrize("size", [np.int64(3), np.int8(3), np.array(3), np.uint(3)])
def test_a_numpy_integer_is_a_size(size):
    assert repr(nn.MLP(size, [size, 1], rng=0)) == "MLP(3 → 3 relu → 1 linear)"


@pytest.mark.parametrize("sizes", [[4, 1], (4, 1), np.array([4, 1]), range(4, 0, -3)])
def test_the_sizes_of_layers_come_as_any_sequence(sizes):
    assert repr(nn.MLP(2, sizes, rng=0)) == "MLP(2 → 4 relu → 1 linear)"


@pytest.mark.parametrize(
    "size", [0, -1, 1.0, 2.5, True, "3", None, [3], 3 + 0j, np.float64(3.0), np.bool_(True), math.nan]
)
def test_a_size_is_a_whole_number_from_1(size):
    for make, name in [
        (lambda: nn.Neuron(size), "n_in"),
        (lambda: nn.Layer(size, 2), "n_in"),
        (lambda: nn.Layer(2, size), "n_out"),
        (lambda: nn.MLP(size, [2]), "n_in"),
        (lambda: nn.MLP(2, [size, 1]), "n_out"),
        (lambda: nn.MLP(2, [2, size]), "n_out"),
    ]:
        with pytest.raises(ValueError, match=f"{name} is a whole number from 1, got "):
            make()


@pytest.mark.parametrize(
    "sizes", [[], (), 3, None, "33", {4, 1}, {4: 1}, iter([4, 1]), np.int64(4), np.array(4), b"ab", True]
)
def test_the_sizes_of_layers_are_a_list_and_not_a_set_or_a_number(sizes):
    """A set would give the layers in any order."""
    with pytest.raises(
        ValueError, match=r"n_outs lists the size of each layer, at least one, as in \[16, 16, 1\]; got"
    ):
        nn.MLP(2, sizes)


@pytest.mark.parametrize("activation", ["Relu", "", None, math.tanh, ["relu"], {"relu"}, 3])
def test_a_wrong_activation_lists_the_right_ones_even_where_no_layer_would_use_it(activation):
    for make in (
        lambda: nn.Neuron(2, activation),
        lambda: nn.Layer(2, 2, activation),
        lambda: nn.MLP(2, [3, 1], activation),
        lambda: nn.MLP(2, [1], activation),
    ):
        with pytest.raises(ValueError, match=r"no activation .*: choose among linear, relu, leaky_relu, gelu, silu"):
            make()


@pytest.mark.parametrize("rng", [1.5, "seed", True, [1], np.array([1, 2]), object()])
def test_a_wrong_rng_is_named(rng):
    for make in (lambda: nn.Neuron(2, rng=rng), lambda: nn.Layer(2, 2, rng=rng), lambda: nn.MLP(2, [2], rng=rng)):
        with pytest.raises(TypeError, match=rf"rng is a random.Random, a seed or None; got {type(rng).__name__} "):
            make()
