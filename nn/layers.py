"""Neuron, Layer, MLP: z⁽ˡ⁺¹⁾ = W⁽ˡ⁾a⁽ˡ⁾ + b⁽ˡ⁾, a⁽ˡ⁾ = f(z⁽ˡ⁾), as in micrograd."""

import math
import random
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeAlias

import autodiff as ad
from autodiff import Value
from autodiff.core.primitives import relu, sigmoid, softplus, tanh
from autodiff.words.notation import SUBSCRIPTS, SUPERSCRIPTS
from nn.data import count, numbers, plain
from nn.module import Module

Rng: TypeAlias = random.Random | int | None


class Activation(NamedTuple):
    """f, and the gain that keeps a signal's size through it (He et al. 2015; Glorot and Bengio 2010)."""

    function: Callable[[Any], Any]
    gain: float


def _itself(z: Any) -> Any:
    return z  # no node: a linear layer is its pre-activation


ACTIVATIONS = {
    "linear": Activation(_itself, 1.0),
    "relu": Activation(relu, math.sqrt(2.0)),
    "leaky_relu": Activation(ad.leaky_relu, math.sqrt(2.0)),
    "gelu": Activation(ad.gelu, math.sqrt(2.0)),
    "silu": Activation(ad.silu, math.sqrt(2.0)),
    "softplus": Activation(softplus, 1.0),
    "tanh": Activation(tanh, 5.0 / 3.0),
    "sigmoid": Activation(sigmoid, 1.0),
}


class Neuron(Module):
    """f(Σⱼ wⱼxⱼ + b), the weights uniform with standard deviation gain / √n_in, the bias 0.

    activation  a name in ACTIVATIONS
    rng         random.Random, a seed, or None for the global generator, seeded by random.seed
    position    (layer l, neuron i), both from 1: labels then read W¹₂,₃ and b¹₂
    """

    def __init__(
        self, n_in: int, activation: str = "relu", rng: Rng = None, position: tuple[int, int] | None = None
    ) -> None:
        draw, n_in = _generator(rng).uniform, count(n_in, "n_in")
        limit = _activation(activation).gain * math.sqrt(3.0 / n_in)
        self.weights = [Value(draw(-limit, limit), _label("W", position, j)) for j in range(1, n_in + 1)]
        self.bias = Value(0.0, _label("b", position))
        self.activation = activation
        self.name = f"neuron {position[1]}" if position else "neuron"

    def __call__(self, inputs: Sequence[Any]) -> Any:
        """The activation of one neuron."""
        return self.fire(numbers(inputs))

    def fire(self, inputs: list[Any]) -> Any:
        """The activation on inputs that are known to be numbers: a Layer checks them once for all of its neurons."""
        if len(inputs) != len(self.weights):
            raise ValueError(
                f"this neuron takes {len(self.weights)} inputs, got {len(inputs)}: pass one row (to predict, many)"
            )
        bias: Any = self.bias
        if type(bias) is float:  # nothing is recorded
            return self._activation(inputs)
        with ad.scope(self.name):
            return self._activation(inputs)

    def _activation(self, inputs: list[Any]) -> Any:
        z: Any = self.bias
        for weight, x in zip(self.weights, inputs, strict=True):  # not `sum`: from 3.12 it rounds floats otherwise
            z = z + weight * x
        return ACTIVATIONS[self.activation].function(z)

    def __repr__(self) -> str:
        return f"Neuron({len(self.weights)}, {self.activation!r})"


class Layer(Module):
    """n_out neurons on the same inputs; one output comes as a number, several as a list."""

    def __init__(self, n_in: int, n_out: int, activation: str = "relu", rng: Rng = None, number: int = 1) -> None:
        rng = _generator(rng)
        positions = [(number, i) for i in range(1, count(n_out, "n_out") + 1)]
        self.neurons = [Neuron(n_in, activation, rng, position) for position in positions]
        self.name = f"layer {number}"

    def __call__(self, inputs: Any) -> Any:
        """The activations a⁽ˡ⁺¹⁾ of the inputs a⁽ˡ⁾."""
        inputs = numbers(inputs)
        with ad.scope(self.name):
            outputs = [neuron.fire(inputs) for neuron in self.neurons]
        return outputs[0] if len(outputs) == 1 else outputs

    def __repr__(self) -> str:
        return f"Layer({len(self.neurons[0].weights)}, {len(self.neurons)}, {self.neurons[0].activation!r})"


class MLP(Module):
    """A multi-layer perceptron: layers of n_outs neurons, the last one linear.

    MLP(2, [16, 16, 1]) takes 2 inputs through two hidden layers of 16 to 1 output.
    """

    def __init__(self, n_in: int, n_outs: Sequence[int], activation: str = "relu", rng: Rng = None) -> None:
        outs: Any = plain(n_outs)
        if type(outs) not in (list, tuple, range) or not outs:
            raise ValueError(f"n_outs lists the size of each layer, at least one, as in [16, 16, 1]; got {n_outs!r}")
        _activation(activation)  # a network of one layer does not use it
        rng = _generator(rng)
        sizes = [n_in, *outs]
        activations = [activation] * (len(outs) - 1) + ["linear"]
        self.layers = [
            Layer(n, m, f, rng, number)
            for number, (n, m, f) in enumerate(zip(sizes[:-1], sizes[1:], activations, strict=True), 1)
        ]

    def __call__(self, inputs: Any) -> Any:
        """The outputs: a number where the last layer has one neuron, else a list."""
        activations = inputs
        for layer in self.layers:
            activations = layer(activations)
        return activations

    def __repr__(self) -> str:
        shape = "".join(f" → {len(layer.neurons)} {layer.neurons[0].activation}" for layer in self.layers)
        return f"MLP({len(self.layers[0].neurons[0].weights)}{shape})"


def _activation(name: Any) -> Activation:
    if not isinstance(name, str) or name not in ACTIVATIONS:
        raise ValueError(f"no activation {name!r}: choose among {', '.join(ACTIVATIONS)}")
    return ACTIVATIONS[name]


def _generator(rng: Any) -> Any:
    seed = plain(rng)
    if seed is None:
        return random  # so that random.seed() makes a run repeatable, as in micrograd
    if type(seed) is int:
        return random.Random(seed)
    if not hasattr(rng, "uniform"):
        raise TypeError(f"rng is a random.Random, a seed or None; got {type(rng).__name__} {rng!r}")
    return rng


def _label(letter: str, position: tuple[int, int] | None, j: int | None = None) -> str:
    if position is None:
        return letter.lower() + ("" if j is None else str(j).translate(SUBSCRIPTS))
    layer, i = (str(k) for k in position)
    comma_j = "" if j is None else "," + str(j).translate(SUBSCRIPTS)
    return letter + layer.translate(SUPERSCRIPTS) + i.translate(SUBSCRIPTS) + comma_j
