"""The notes' backpropagation and Mazur's example, against the adjoints of the graph."""

import itertools
import math
import random

import numpy as np
import pytest

import autodiff as ad
import nn
from autodiff import Value

# f′ as the notes write it, in the activation a where they do
SLOPES = {
    "sigmoid": lambda z: (1 / (1 + np.exp(-z))) * (1 - 1 / (1 + np.exp(-z))),
    "tanh": lambda z: 1 - np.tanh(z) ** 2,
    "relu": lambda z: (z > 0) * 1.0,
    "softplus": lambda z: 1 / (1 + np.exp(-z)),
    "linear": np.ones_like,
}


class Network(nn.Module):
    """Layers that all have the activation, the last one too, and remember their activations a⁽ˡ⁾."""

    def __init__(self, sizes, activation, seed):
        rng = random.Random(seed)
        pairs = itertools.pairwise(sizes)
        self.layers = [nn.Layer(n, m, activation, rng, number) for number, (n, m) in enumerate(pairs, 1)]
        for layer in self.layers:
            for neuron in layer.neurons:
                neuron.bias.data = rng.uniform(-0.5, 0.5)

    def __call__(self, row):
        self.activations = [row]
        for layer in self.layers:
            self.activations.append(layer(self.activations[-1]))
        return self.activations[-1]

    def weights(self, number):
        return np.array([[w.data for w in neuron.weights] for neuron in self.layers[number].neurons])

    def gradients(self, number):
        """∂J/∂W⁽ˡ⁾ and ∂J/∂b⁽ˡ⁾."""
        neurons = self.layers[number].neurons
        return np.array([[w.grad for w in neuron.weights] for neuron in neurons]), [n.bias.grad for n in neurons]


def by_the_notes(network, row, target, slope):
    """δ⁽ᴸ⁾ = −(y − a⁽ᴸ⁾)·f′(z⁽ᴸ⁾), δ⁽ˡ⁾ = (W⁽ˡ⁾ᵀ δ⁽ˡ⁺¹⁾)·f′(z⁽ˡ⁾), in matrices; with the activations."""
    activations, zs = [np.array(row)], []
    for number, layer in enumerate(network.layers):
        bias = np.array([neuron.bias.data for neuron in layer.neurons])
        zs.append(network.weights(number) @ activations[-1] + bias)
        activations.append(np.array([nn.ACTIVATIONS[layer.neurons[0].activation].function(float(z)) for z in zs[-1]]))
    deltas = [-(np.array(target) - activations[-1]) * slope(zs[-1])]
    for number in range(len(zs) - 1, 0, -1):
        deltas.insert(0, (network.weights(number).T @ deltas[0]) * slope(zs[number - 1]))
    return activations, deltas


@pytest.mark.parametrize("activation", SLOPES)
@pytest.mark.parametrize("sizes", [[3, 2], [2, 4, 3], [3, 5, 4, 3, 2]])
def test_the_recursion_of_the_notes_gives_the_adjoints_of_the_graph(sizes, activation):
    network, rng = Network(sizes, activation, seed=1), random.Random(2)
    row, target = [rng.uniform(-2, 2) for _ in range(sizes[0])], [rng.uniform(0, 1) for _ in range(sizes[-1])]
    nn.half_squared_error(network(row), target).backward()
    activations, deltas = by_the_notes(network, row, target, SLOPES[activation])
    # sums of a few products in another order, f′ by a formula that cancels: some units in the last place of 1
    close = {"rel": 1e-12, "abs": 1e-15}
    for number, delta in enumerate(deltas):
        if activation != "linear":  # a linear layer makes no node of its own: a⁽ˡ⁾ is z⁽ˡ⁾
            zs = [a.operands[0] for a in network.activations[number + 1]]
            assert [z.grad for z in zs] == pytest.approx(delta, **close)
        by_weight, by_bias = network.gradients(number)
        assert by_weight == pytest.approx(np.outer(delta, activations[number]), **close)
        assert by_bias == pytest.approx(delta, **close)


def test_the_gradient_of_a_batch_is_the_mean_over_its_samples():
    rng = random.Random(0)
    rows, targets = [[rng.uniform(-1, 1) for _ in range(3)] for _ in range(7)], [rng.choice((0, 1)) for _ in range(7)]
    model, single = nn.MLP(3, [4, 1], "tanh", rng=0), nn.MLP(3, [4, 1], "tanh", rng=0)
    nn.fit(
        model, rows, targets, loss=nn.binary_cross_entropy, optimizer=nn.GradientDescent(0.5), steps=1, progress=False
    )
    sums = [0.0] * len(single.parameters())
    for row, target in zip(rows, targets, strict=True):
        single.zero_grad()
        nn.binary_cross_entropy(single(row), target).backward()
        sums = [s + p.grad for s, p in zip(sums, single.parameters(), strict=True)]
    # (Σ g)/n against Σ (g/n)
    assert [p.grad for p in model.parameters()] == pytest.approx([s / 7 for s in sums], rel=1e-12, abs=1e-16)
    moved = [p.data - 0.5 * g.grad for p, g in zip(single.parameters(), model.parameters(), strict=True)]
    assert [p.data for p in model.parameters()] == moved


@pytest.mark.parametrize("target", [0.0, 1.0])
@pytest.mark.parametrize("z", [-6.0, -0.5, 0.0, 2.0, 6.0])
def test_a_minus_y_is_the_delta_of_cross_entropy_and_half_squared_error_has_f_prime_besides(z, target):
    squared, entropy = Value(z), Value(z)
    nn.half_squared_error(ad.sigmoid(squared), target).backward()
    nn.binary_cross_entropy(entropy, target).backward()
    a = 1 / (1 + math.exp(-z))
    # the formulas cancel where a is near y: absolute, in units in the last place of 1
    assert squared.grad == pytest.approx(-(target - a) * a * (1 - a), rel=0, abs=1e-15)
    assert entropy.grad == pytest.approx(a - target, rel=0, abs=1e-15)


def test_a_saturated_neuron_learns_slower_with_f_prime_than_without():
    """x = 1, y = 0 from w = b = 2, where σ(4) = .98 and f′ = .018: the notes' remark, with both losses as they are."""
    outputs = {}
    for loss in (
        lambda z, y: nn.half_squared_error(ad.sigmoid(z), y),
        nn.binary_cross_entropy,
    ):
        neuron = nn.Neuron(1, "linear", rng=0)
        neuron.weights[0].data = neuron.bias.data = 2.0
        nn.fit(neuron, [[1.0]], [0.0], loss=loss, optimizer=nn.GradientDescent(0.15), steps=100, progress=False)
        outputs[loss is nn.binary_cross_entropy] = ad.sigmoid(neuron.predict([[1.0]])[0])
    assert outputs[True] < 0.05 < 0.5 < outputs[False]


class Mazur(nn.Module):
    """Two inputs, two hidden sigmoid neurons, two outputs. Its biases are plain numbers: they are not trained."""

    WEIGHTS = ([0.15, 0.20], [0.25, 0.30], [0.40, 0.45], [0.50, 0.55])
    BIASES = (0.35, 0.35, 0.60, 0.60)

    def __init__(self):
        self.layers = [nn.Layer(2, 2, "sigmoid"), nn.Layer(2, 2, "sigmoid", number=2)]
        neurons = [neuron for layer in self.layers for neuron in layer.neurons]
        for neuron, weights, bias in zip(neurons, self.WEIGHTS, self.BIASES, strict=True):
            for weight, number in zip(neuron.weights, weights, strict=True):
                weight.data = number
            neuron.bias = bias

    def __call__(self, row):
        for layer in self.layers:
            row = layer(row)
        return row

    def train(self, steps):
        return nn.fit(self, [[0.05, 0.10]], [[0.01, 0.99]], loss=nn.half_squared_error,
                      optimizer=nn.GradientDescent(0.5), steps=steps, progress=False)  # fmt: skip


def printed(*numbers, digits=9):
    """Equal to as many digits as are printed."""
    return [pytest.approx(x, rel=0, abs=0.5 * 10.0**-digits) for x in numbers]


def test_mazurs_error_delta_and_gradients():
    network = Mazur()
    outputs = network([0.05, 0.10])
    error = nn.half_squared_error(outputs, [0.01, 0.99])
    error.backward()
    w = network.parameters()
    found = [error.data, outputs[0].operands[0].grad, w[4].grad, w[0].grad]
    assert found == printed(0.298371109, 0.138498562, 0.082167041, 0.000438568)


def test_mazurs_weights_and_error_after_one_step():
    """0.291027924, as often quoted, comes of hidden deltas formed with output weights that have already moved."""
    network = Mazur()
    history = network.train(2)
    assert len(network.parameters()) == 8
    assert history.loss == printed(0.298371109, 0.291027774)
    once = Mazur()
    once.train(1)
    assert [p.data for p in once.parameters()] == printed(  # some are given with eight digits
        0.149780716, 0.199561430, 0.249751140, 0.299502290, 0.358916480, 0.408666186, 0.511301270, 0.561370121, digits=8
    )


@pytest.mark.long(2)
def test_mazurs_outputs_after_ten_thousand_steps():
    """0.015912196 and 0.984065734 in the text, of the same mistake."""
    network = Mazur()
    network.train(10_000)
    assert network.predict([[0.05, 0.10]])[0] == printed(0.015913620, 0.984064274)
