"""Neuron, Layer, MLP: z⁽ˡ⁺¹⁾ = W⁽ˡ⁾a⁽ˡ⁾ + b⁽ˡ⁾, a⁽ˡ⁾ = f(z⁽ˡ⁾), as in micrograd."""

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from operator import attrgetter
from typing import Any, NamedTuple

import autodiff as ad
from autodiff import Number, Value
from autodiff.core.primitives import relu, sigmoid, softplus, tanh
from autodiff.words.notation import SUBSCRIPTS, SUPERSCRIPTS
from nn.data import count, numbers, plain
from nn.initialization import Rng, generator, limit
from nn.module import Module


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


def _alias(name: str) -> Any:
    """Another name of an attribute, to read and to assign."""
    return property(attrgetter(name), lambda self, x: setattr(self, name, x), doc=f"micrograd's name of `{name}`.")


class Neuron(Module):
    """f(Σⱼ wⱼxⱼ + b), the weights drawn at random, the bias 0; `w` and `b` in micrograd.

    activation      a name in ACTIVATIONS, or micrograd's nonlin, which stands in this place
    rng             random.Random, a seed, or None for the global generator, seeded by random.seed
    position        (layer l, neuron i), both from 1: labels then read W¹₂,₃ and b¹₂
    nonlin          False for a linear neuron, whatever the activation
    initialization  "uniform" as in micrograd; for more than about 16 inputs "he" or "glorot" (`nn.initialization`)
    n_out           how many neurons the layer has, for "glorot"
    """

    def __init__(
        self,
        n_in: int,
        activation: str | bool = "relu",  # noqa: FBT001
        rng: Rng = None,
        position: tuple[int, int] | None = None,
        *,
        nonlin: bool = True,
        initialization: str = "uniform",
        n_out: int = 1,
    ) -> None:
        draw, n_in = generator(rng).uniform, count(n_in, "n_in")
        self.activation = _activation(activation, nonlin)
        far = limit(initialization, n_in, count(n_out, "n_out"), ACTIVATIONS[self.activation].gain)
        self.weights = [Value(draw(-far, far), _label("W", position, j)) for j in range(1, n_in + 1)]
        self.bias = Value(0.0, _label("b", position))
        self.initialization = initialization
        self.name = f"neuron {position[1]}" if position else "neuron"

    w, b = _alias("weights"), _alias("bias")

    @property
    def nonlin(self) -> bool:
        """Whether f bends: micrograd's neurons are relu or linear."""
        return self.activation != "linear"

    @nonlin.setter
    def nonlin(self, nonlin: bool) -> None:
        self.activation = _activation(self.activation if self.nonlin else "relu", nonlin)

    def __call__(self, inputs: Sequence[Any]) -> Number:
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

    def __init__(
        self,
        n_in: int,
        n_out: int,
        activation: str = "relu",
        rng: Rng = None,
        number: int = 1,
        *,
        nonlin: bool = True,
        initialization: str = "uniform",
    ) -> None:
        rng, n_out = generator(rng), count(n_out, "n_out")
        self.neurons = [
            Neuron(n_in, activation, rng, (number, i), nonlin=nonlin, initialization=initialization, n_out=n_out)
            for i in range(1, n_out + 1)
        ]
        self.name = f"layer {number}"

    def __call__(self, inputs: Any) -> Number | list[Number]:
        """The activations a⁽ˡ⁺¹⁾ of the inputs a⁽ˡ⁾."""
        inputs = numbers(inputs)
        with ad.scope(self.name):
            outputs = [neuron.fire(inputs) for neuron in self.neurons]
        return outputs[0] if len(outputs) == 1 else outputs

    def __repr__(self) -> str:
        return f"Layer({len(self.neurons[0].weights)}, {len(self.neurons)}, {self.neurons[0].activation!r})"


class MLP(Module):
    """A multi-layer perceptron: layers of n_outs neurons, the last one linear.

    MLP(2, [16, 16, 1]) takes 2 inputs through two hidden layers of 16 to 1 output. Weights are drawn as micrograd draws
    them, one after the other; a network with layers of more than about 16 inputs takes initialization="he" or "glorot".
    """

    def __init__(
        self,
        n_in: int,
        n_outs: Sequence[int],
        activation: str = "relu",
        rng: Rng = None,
        *,
        initialization: str = "uniform",
    ) -> None:
        outs: Any = plain(n_outs)
        if type(outs) not in (list, tuple, range) or not outs:
            raise ValueError(f"n_outs lists the size of each layer, at least one, as in [16, 16, 1]; got {n_outs!r}")
        rng = generator(rng)
        sizes = [n_in, *outs]
        self.layers = [
            Layer(n, m, activation, rng, number, nonlin=number < len(outs), initialization=initialization)
            for number, (n, m) in enumerate(pairwise(sizes), 1)
        ]

    def __call__(self, inputs: Any) -> Number | list[Number]:
        """The outputs: a number where the last layer has one neuron, else a list."""
        activations = inputs
        for layer in self.layers:
            activations = layer(activations)
        return activations

    def __repr__(self) -> str:
        shape = "".join(f" → {len(layer.neurons)} {layer.neurons[0].activation}" for layer in self.layers)
        return f"MLP({len(self.layers[0].neurons[0].weights)}{shape})"


def _activation(name: Any, nonlin: Any) -> str:
    """The name of f: "linear" where micrograd's `nonlin` is False, which there may stand in the second place."""
    if isinstance(name, bool):
        name, nonlin = "relu", name
    if not isinstance(name, str) or name not in ACTIVATIONS:
        raise ValueError(f"no activation {name!r}: choose among {', '.join(ACTIVATIONS)}")
    if plain(nonlin) not in (True, False):
        raise TypeError(f"nonlin is True or False, got {nonlin!r}; other activations go by activation=, as in 'tanh'")
    return name if nonlin else "linear"


def _label(letter: str, position: tuple[int, int] | None, j: int | None = None) -> str:
    if position is None:
        return letter.lower() + ("" if j is None else str(j).translate(SUBSCRIPTS))
    layer, i = (str(k) for k in position)
    comma_j = "" if j is None else "," + str(j).translate(SUBSCRIPTS)
    return letter + layer.translate(SUPERSCRIPTS) + i.translate(SUBSCRIPTS) + comma_j
