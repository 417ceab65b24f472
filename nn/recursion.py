"""The δ recursion of backpropagation, on the numbers of one example.

a⁽¹⁾ = x                      z⁽ˡ⁺¹⁾ = W⁽ˡ⁾ a⁽ˡ⁾ + b⁽ˡ⁾,  a⁽ˡ⁾ = f(z⁽ˡ⁾)
δ⁽ᴸ⁾ = ∂J/∂a⁽ᴸ⁾ · f′(z⁽ᴸ⁾)    δ⁽ˡ⁾ = (W⁽ˡ⁾ᵀ δ⁽ˡ⁺¹⁾) · f′(z⁽ˡ⁾)
∂J/∂W⁽ˡ⁾ = δ⁽ˡ⁺¹⁾ a⁽ˡ⁾ᵀ       ∂J/∂b⁽ˡ⁾ = δ⁽ˡ⁺¹⁾
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, cast

import autodiff as ad
from autodiff import Dual
from nn.layers import ACTIVATIONS, Layer

Vector = list[float]
Matrix = list[Vector]


class Sample(NamedTuple):
    """One example, by layer: a from a⁽¹⁾ = x on; z, slopes f′(z) and deltas from layer 2 on; gradients from W⁽¹⁾ on.

    by_output  ∂J/∂a⁽ᴸ⁾
    """

    a: Matrix
    z: Matrix
    slopes: Matrix
    deltas: Matrix
    weights: list[Matrix]
    biases: Matrix
    by_output: Vector
    target: Any
    loss: float


def recursion(layers: Sequence[Layer], x: Vector, y: Any, loss: Callable[[Any, Any], Any]) -> Sample:
    """All of it for one example, f′ read from the table of elementary functions."""
    floats: Any = [layer.on_floats() for layer in layers]
    a, z, slopes = [list(map(float, x))], list[Vector](), list[Vector]()
    for layer in floats:
        if len(layer.neurons[0].weights) != len(a[-1]):
            raise ValueError(f"{layer!r} takes {len(layer.neurons[0].weights)} inputs, got {len(a[-1])}")
        z.append([weighed(neuron, a[-1]) for neuron in layer.neurons])
        bent = [activation(n)(Dual(value, 1.0)) for n, value in zip(layer.neurons, z[-1], strict=True)]
        a.append([ad.stop_gradient(dual) for dual in bent])
        slopes.append([dual.tangent for dual in bent])

    def of_outputs(outputs: Sequence[Any]) -> Any:
        return loss(as_output(outputs), y)

    by_output = cast("Vector", ad.grad(of_outputs)(a[-1]))
    deltas = [[d * slope for d, slope in zip(by_output, slopes[-1], strict=True)]]
    for layer, slope in zip(floats[:0:-1], slopes[-2::-1], strict=True):
        back = [sum(n.weights[i] * d for n, d in zip(layer.neurons, deltas[0], strict=True)) for i in range(len(slope))]
        deltas.insert(0, [x * s for x, s in zip(back, slope, strict=True)])
    weights = [[[d * x for x in inputs] for d in delta] for delta, inputs in zip(deltas, a, strict=False)]
    biases = [list(delta) for delta in deltas]
    return Sample(a, z, slopes, deltas, weights, biases, by_output, y, float(loss(as_output(a[-1]), y)))


def as_output(outputs: Sequence[Any]) -> Any:
    """What a loss takes: one output as a number, several as a list."""
    return outputs[0] if len(outputs) == 1 else list(outputs)


def activation(neuron: Any) -> Callable[[Any], Any]:
    """f of a neuron."""
    return ACTIVATIONS[neuron.activation].function


def weighed(neuron: Any, inputs: Sequence[Any]) -> Any:
    """z, the terms in the order of the layer's."""
    z = neuron.bias
    for weight, x in zip(neuron.weights, inputs, strict=True):
        z = z + weight * x
    return z


def asas_output(outputs: Sequence[Any]) -> Any:
    """What a loss takes: one output as a number, several as a list."""
    return outputs[0] if len(outputs) == 1 else list(outputs)
