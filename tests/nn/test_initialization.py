"""How weights begin: micrograd's draws to the bit, and the three schemes by their formulas."""

import math
import random

import micrograd.nn
import numpy as np
import pytest

import nn
from nn.initialization import INITIALIZATIONS, WIDE

# the deviations, as the papers give them
GAINS = {
    "linear": 1, "relu": math.sqrt(2), "leaky_relu": math.sqrt(2), "gelu": math.sqrt(2), "silu": math.sqrt(2),
    "softplus": 1, "tanh": 5 / 3, "sigmoid": 1,
}  # fmt: skip
DEVIATIONS = {
    "uniform": lambda n_in, n_out, gain: 1 / math.sqrt(3),
    "glorot": lambda n_in, n_out, gain: math.sqrt(2 / (n_in + n_out)),
    "he": lambda n_in, n_out, gain: gain / math.sqrt(n_in),
}


def numbers(module):
    return [p.data for p in module.parameters()]


def deviates_by(weights, deviation):
    """Whether weights are drawn evenly with a deviation: estimated of n, it is off by about 1/√(5n); five of these."""
    assert 0.99 * math.sqrt(3) * deviation < max(map(abs, weights)) <= math.sqrt(3) * deviation
    found = math.sqrt(sum(w * w for w in weights) / len(weights))
    return found == pytest.approx(deviation, rel=5 / math.sqrt(5 * len(weights)))


def test_every_scheme_and_activation_has_a_deviation_here():
    assert set(nn.INITIALIZATIONS) == set(INITIALIZATIONS) == set(DEVIATIONS)
    assert set(GAINS) == set(nn.ACTIVATIONS)


@pytest.mark.parametrize("scheme", DEVIATIONS)
@pytest.mark.parametrize("name", GAINS)
def test_weights_are_uniform_with_the_deviation_of_the_scheme_and_biases_start_at_0(name, scheme):
    n = 4000
    neuron = nn.Neuron(n, name, rng=0, initialization=scheme)
    assert deviates_by([w.data for w in neuron.weights], DEVIATIONS[scheme](n, 1, GAINS[name]))
    assert neuron.bias.data == 0.0


@pytest.mark.parametrize("scheme", DEVIATIONS)
def test_a_layer_tells_its_neurons_how_many_they_are(scheme):
    layer = nn.Layer(50, 80, "tanh", rng=0, initialization=scheme)
    weights = [w.data for neuron in layer.neurons for w in neuron.weights]
    assert deviates_by(weights, DEVIATIONS[scheme](50, 80, 5 / 3))


@pytest.mark.parametrize("scheme", DEVIATIONS)
def test_a_network_draws_every_layer_by_the_scheme_the_last_one_as_linear(scheme):
    model = nn.MLP(60, [70, 50], "relu", rng=0, initialization=scheme)
    for layer, n_in, n_out, gain in zip(model.layers, (60, 70), (70, 50), (math.sqrt(2), 1), strict=True):
        weights = [w.data for neuron in layer.neurons for w in neuron.weights]
        assert deviates_by(weights, DEVIATIONS[scheme](n_in, n_out, gain))


@pytest.mark.parametrize("make", [
    lambda nn: nn.Neuron(5),
    lambda nn: nn.Layer(3, 4),
    lambda nn: nn.MLP(2, [16, 16, 1]),
    lambda nn: nn.MLP(40, [3]),
])  # fmt: skip
def test_the_default_draws_micrograds_numbers_in_micrograds_order(make):
    random.seed(1337)
    theirs, left = numbers(make(micrograd.nn)), random.getstate()
    random.seed(1337)
    assert numbers(make(nn)) == theirs
    assert random.getstate() == left  # so that what is drawn next is the same too


def test_a_seed_draws_what_micrograd_draws_after_random_seed():
    random.seed(7)
    assert numbers(nn.MLP(2, [4, 1], rng=7)) == numbers(micrograd.nn.MLP(2, [4, 1]))


@pytest.mark.parametrize("scheme", DEVIATIONS)
def test_every_scheme_draws_the_same_even_numbers_scaled(scheme):
    plain, scaled = nn.Neuron(12, rng=3), nn.Neuron(12, rng=3, initialization=scheme)
    far = math.sqrt(3) * DEVIATIONS[scheme](12, 1, math.sqrt(2))
    assert [w.data for w in scaled.weights] == pytest.approx([far * w.data for w in plain.weights], rel=1e-13)


def test_a_generator_of_numpy_draws_too():
    weights = nn.Neuron(5, rng=np.random.default_rng(0)).weights
    assert [w.data for w in weights] == np.random.default_rng(0).uniform(-1, 1, 5).tolist()


@pytest.mark.parametrize("initialization", ["Uniform", "xavier", "", None, math.sqrt, ["he"], {"he"}, 3, True])
def test_a_wrong_initialization_lists_the_right_ones(initialization):
    for make in (nn.Neuron, lambda n, **named: nn.Layer(n, 2, **named), lambda n, **named: nn.MLP(n, [1], **named)):
        with pytest.raises(ValueError, match=r"no initialization .*: choose among uniform, glorot, he"):
            make(2, initialization=initialization)


# A wide network that "uniform" makes diverge


def blamed(model, **arguments):
    """What fit says of a model when its loss turns non-finite."""
    arguments = {"loss": nn.half_squared_error, "optimizer": nn.GradientDescent(0.1), "steps": 12} | arguments
    rng, width = random.Random(0), len(model.layers[0].neurons[0].weights)
    rows = [[rng.gauss(0.0, 1.0) for _ in range(width)] for _ in range(6)]
    try:
        nn.fit(model, rows, [1.0 if row[0] > 0 else -1.0 for row in rows], progress=False, **arguments)
    except nn.Diverged as error:
        return str(error)
    return None


def test_what_diverges_as_drawn_by_uniform_and_not_by_the_others_says_so():
    told = blamed(nn.MLP(32, [16, 1], "leaky_relu", rng=2))
    assert told.endswith(
        'or the inputs be too large, or the weights: "uniform" suits neurons of up to about 16 inputs, and here are '
        'some of 32: begin with initialization="he" or "glorot"'
    )
    for scheme in ("he", "glorot"):
        assert blamed(nn.MLP(32, [16, 1], "leaky_relu", rng=2, initialization=scheme)) is None


@pytest.mark.parametrize(("model", "said"), [
    (lambda: nn.MLP(WIDE, [WIDE, 1], rng=0), False),
    (lambda: nn.MLP(WIDE + 1, [1], rng=0), True),
    (lambda: nn.MLP(2, [WIDE + 1, 1], rng=0), True),  # the second layer is the wide one
    (lambda: nn.MLP(40, [1], rng=0, initialization="he"), False),
    (lambda: nn.MLP(40, [1], rng=0, initialization="glorot"), False),
])  # fmt: skip
def test_only_a_wide_uniform_network_is_told_of_its_weights(model, said):
    told = blamed(model(), optimizer=nn.GradientDescent(1e300))
    assert "may go too fast, or the inputs be too large" in told
    assert ('"he" or "glorot"' in told) is said


def test_wide_neurons_are_found_where_parameters_are():
    class Pair(nn.Module):
        def __init__(self):
            self.parts = {"a": [nn.Neuron(2, rng=0)], "b": (nn.Neuron(30, rng=0),)}
            self.layers = [nn.Layer(3, 1, rng=0)]

        def __call__(self, row):
            return self.parts["b"][0](row * 10)

    assert "some of 30" in blamed(Pair(), optimizer=nn.GradientDescent(1e300), loss=lambda p, y: 1e9 * p * p)
