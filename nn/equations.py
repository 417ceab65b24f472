"""The δ recursion in words: each equation in names and in numbers, as the notes write them."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import autodiff as ad
from autodiff.words.notation import SUBSCRIPTS, SUPERSCRIPTS, grouped, summed, writer
from nn.data import numbers
from nn.layers import Layer
from nn.losses import binary_cross_entropy, half_squared_error, softmax_cross_entropy
from nn.recursion import Matrix, Sample

SHOWN = 3  # neurons of a layer, and terms of a sum, that are printed


class Line(NamedTuple):
    """name = in names = in numbers = value."""

    name: str
    names: str
    numbers: str
    value: str


class Equations(NamedTuple):
    """What is told: of several samples the first, and the gradients, which are means.

    of      the loss
    digits  of the numbers
    """

    layers: Sequence[Layer]
    samples: Sequence[Sample]
    weights: Sequence[Matrix]
    biases: Matrix
    of: Callable[[Any, Any], Any]
    digits: int

    def told(self) -> list[tuple[str, list[Line]]]:
        """Headings, each with its lines: forward z, a and f′, backward δ, and the gradient."""
        one = len(self.samples) == 1
        steps = [*_forwards(self, self.digits), *_backwards(self, self.digits)] if one else []
        return [*steps, _gradients(self, self.digits)]


def _forwards(whole: Equations, digits: int) -> list[tuple[str, list[Line]]]:
    sample, write, told = whole.samples[0], writer(digits), list[tuple[str, list[Line]]]()
    for l, layer in enumerate(whole.layers):
        lines: list[Line] = []
        for i, neuron in enumerate(layer.neurons[:SHOWN]):
            terms = [
                (f"{_name('W', l + 1, i, j)} {_name('a', l + 1, j)}", _product(w.data, x, write))
                for j, (w, x) in enumerate(zip(neuron.weights, sample.a[l], strict=True))
            ]
            terms.append((_name("b", l + 1, i), write(neuron.bias.data)))
            z, a = _name("z", l + 2, i), _name("a", l + 2, i)
            lines += [
                Line(z, *_sum(terms), write(sample.z[l][i])),
                Line(
                    a,
                    z if neuron.activation == "linear" else f"{neuron.activation}({z})",
                    "",
                    write(sample.a[l + 1][i]),
                ),
                Line(f"f′({z})", "", "", write(sample.slopes[l][i])),
            ]
        told.append((f"Forward, layer {l + 2}", _cut(lines, 3 * len(layer.neurons))))
    return told


def _backwards(whole: Equations, digits: int) -> list[tuple[str, list[Line]]]:
    sample, write, last = whole.samples[0], writer(digits), len(whole.layers) + 1
    told = [(f"Backward, layer {last}", _cut([
        Line(_name("δ", last, i), *_output_delta(whole, i, write), write(delta))
        for i, delta in enumerate(sample.deltas[-1][:SHOWN])
    ], len(sample.deltas[-1])))]  # fmt: skip
    for l in range(last - 1, 1, -1):
        lines: list[Line] = []
        for i, delta in enumerate(sample.deltas[l - 2][:SHOWN]):
            terms = [
                (f"{_name('W', l, j, i)} {_name('δ', l + 1, j)}", _product(neuron.weights[i].data, d, write))
                for j, (neuron, d) in enumerate(zip(whole.layers[l - 1].neurons, sample.deltas[l - 1], strict=True))
            ]
            names, inside = _sum(terms)
            slope = grouped(write(sample.slopes[l - 2][i]))
            lines.append(
                Line(_name("δ", l, i), f"({names}) f′({_name('z', l, i)})", f"({inside}) × {slope}", write(delta))
            )
        told.append((f"Backward, layer {l}", _cut(lines, len(sample.deltas[l - 2]))))
    return told


def _gradients(whole: Equations, digits: int) -> tuple[str, list[Line]]:
    one, write, lines = whole.samples[0], writer(digits), list[Line]()
    several = len(whole.samples) > 1
    for l, (weights, biases) in enumerate(zip(whole.weights, whole.biases, strict=True)):
        found: list[Line] = []
        for i, (row, bias) in enumerate(zip(weights[:SHOWN], biases, strict=False)):
            delta = one.deltas[l][i]
            for j, value in enumerate(row[:SHOWN]):
                product = _product(delta, one.a[l][j], write)
                names = f"{_name('δ', l + 2, i)} {_name('a', l + 1, j)}"
                found.append(Line(f"∂J/∂{_name('W', l + 1, i, j)}", names, "" if several else product, write(value)))
            found.append(Line(f"∂J/∂{_name('b', l + 1, i)}", _name("δ", l + 2, i), "", write(bias)))
        lines += _cut(found, sum(len(row) + 1 for row in weights))
    return f"The gradient, the mean over {len(whole.samples)} samples" if several else "The gradient", lines


def _output_delta(whole: Equations, i: int, write: Callable[[float], str]) -> tuple[str, str]:
    """The output delta of a neuron as the notes have it for this loss, in names and in numbers."""
    sample, last = whole.samples[0], len(whole.layers) + 1
    y, z, slope = numbers(sample.target), _name("z", last, i), grouped(write(sample.slopes[-1][i]))
    linear = whole.layers[-1].neurons[i].activation == "linear"
    if whole.of is half_squared_error:
        a = sample.a[-1][i]
        told = f"−({_index('y', i)} − {_name('a', last, i)}) f′({z})"
        return told, f"−({write(float(y[i]))} − {grouped(write(a))}) × {slope}"
    if linear and whole.of is binary_cross_entropy:
        return f"σ({z}) − {_index('y', i)}", f"{write(ad.sigmoid(sample.z[-1][i]))} − {grouped(write(float(y[0])))}"
    if linear and whole.of is softmax_cross_entropy:
        share = ad.softmax(sample.z[-1])[i]
        wanted = float(y[i]) if len(y) > 1 else float(y[0] == i)
        return (
            f"softmax({_name('z', last)}){str(i + 1).translate(SUBSCRIPTS)} − {_index('y', i)}",
            f"{write(share)} − {write(wanted)}",
        )
    return f"∂J/∂{_name('a', last, i)} f′({z})", f"{grouped(write(sample.by_output[i]))} × {slope}"


def _sum(terms: Sequence[tuple[str, str]]) -> tuple[str, str]:
    """The sum of terms in names and in numbers, of many the first."""
    more = [] if len(terms) <= SHOWN + 1 else ["…"]
    kept = terms if not more else terms[:SHOWN]
    names, inside = (summed([*(term[k] for term in kept), *more]) for k in range(2))
    return names, inside


def _cut(lines: list[Line], count: int) -> list[Line]:
    """With a line that tells what is left out."""
    return lines if len(lines) == count else [*lines, Line("⋮", f"{count - len(lines)} more", "", "")]


def _name(letter: str, layer: int, i: int | None = None, j: int | None = None) -> str:
    """W⁽¹⁾₂,₃ for a weight; z⁽²⁾₁, or z⁽²⁾ for all of a layer."""
    place = "" if i is None else str(i + 1) if j is None else f"{i + 1},{j + 1}"
    return f"{letter}⁽{str(layer).translate(SUPERSCRIPTS)}⁾{place.translate(SUBSCRIPTS)}"


def _product(x: float, y: float, write: Callable[[float], str]) -> str:
    return f"{grouped(write(x))} × {grouped(write(y))}"


def _index(letter: str, i: int) -> str:
    return letter + str(i + 1).translate(SUBSCRIPTS)
