"""Backpropagation as the notes write it, step by step with its numbers, and held against the graph."""

import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, cast

import autodiff as ad
from autodiff.words.latex import latex
from autodiff.words.notation import writer
from autodiff.words.typeset import STYLE, Column, Table
from nn.data import examples, numbers, plain
from nn.equations import Equations, Line
from nn.layers import Layer
from nn.recursion import Sample, activation, as_output, recursion, weighed

FEW = 16.0  # units in the last place of the largest number of a layer


class Agreement(NamedTuple):
    """How far the recursion is from the graph, in units in the last place of the largest number of a layer."""

    units: float

    @property
    def agrees(self) -> bool:
        """Whether they differ by rounding alone."""
        return self.units <= FEW

    def __str__(self) -> str:
        if not self.agrees:
            return f"The recursion differs from the adjoints of the graph, by {self.units:.3g} units in the last place."
        return f"δ, ∂J/∂W and ∂J/∂b agree with the adjoints of the graph to {self.units:.2g} units in the last place."


class Backpropagation:
    """What `backpropagation` gives: the equations with their numbers; of a batch the mean over its samples.

    samples          a `Sample` for each example
    weights, biases  ∂J/∂W and ∂J/∂b by layer, the mean over the samples
    loss             J, the mean
    """

    def __init__(self, layers: Sequence[Layer], samples: Sequence[Sample], loss: Callable[[Any, Any], Any]) -> None:
        self.layers, self.samples, self.of = list(layers), list(samples), loss
        self.loss = _mean([sample.loss for sample in samples])
        self.weights = [[list(map(_mean, zip(*rows, strict=True))) for rows in zip(*matrices, strict=True)]
                        for matrices in zip(*(sample.weights for sample in samples), strict=True)]  # fmt: skip
        self.biases = [
            list(map(_mean, zip(*rows, strict=True))) for rows in zip(*(s.biases for s in samples), strict=True)
        ]

    def check(self) -> Agreement:
        """Compare with what the graph says: ∂J/∂z, by numbers added to each z, and ∂J/∂W, ∂J/∂b."""
        worst, floats = 0.0, [layer.on_floats() for layer in self.layers]
        for sample in self.samples:
            zeros = [[0.0] * len(z) for z in sample.z]

            def shifted(shifts: Any, sample: Sample = sample) -> Any:
                a: Any = sample.a[0]
                for layer, shift in zip(floats, shifts, strict=True):
                    a = [activation(n)(weighed(n, a) + s) for n, s in zip(layer.neurons, shift, strict=True)]
                return self.of(as_output(a), sample.target)

            for found, expected in zip(sample.deltas, ad.grad(shifted)(zeros), strict=True):
                worst = max(worst, _units(found, expected))

        def mean(layers: Any) -> Any:
            return ad.mean(self.of(as_output(_forward(layers, s.a[0])), s.target) for s in self.samples)

        for found, biases, layer in zip(self.weights, self.biases, ad.grad(mean)(self.layers), strict=True):
            expected = [x.data for neuron in layer.neurons for x in (*neuron.weights, neuron.bias)]
            worst = max(worst, _units([x for row, b in zip(found, biases, strict=True) for x in (*row, b)], expected))
        return Agreement(worst)

    def lines(self, digits: int = 6) -> list[tuple[str, list[Line]]]:
        """Headings, each with its equations: z, a and f′ forward, δ backward, and the gradient."""
        return Equations(self.layers, self.samples, self.weights, self.biases, self.of, digits).told()

    def __str__(self) -> str:
        text = [
            f"J = {writer(9)(self.loss)}"
            + ("" if len(self.samples) == 1 else f", the mean over {len(self.samples)} samples")
        ]
        columns = [Column("")] * 4
        for heading, lines in self.lines():
            rows = [(line.name, *(f"= {part}" if part else "" for part in line[1:])) for line in lines]
            text += ["", heading, *(line.rstrip() for line in Table(columns, rows).lines()[1:])]
        return "\n".join(text)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        columns = ("", "in names", "in numbers", "value")
        tables = [
            f"<h4>{heading}</h4>{Table([Column(c) for c in columns], lines).html()}" for heading, lines in self.lines()
        ]
        return "\n".join([STYLE, *tables])

    def _repr_latex_(self) -> str:
        rows = [
            " & ".join([latex(line.name), *(f"= {latex(part)}" if part else "" for part in line[1:])])
            for _, lines in self.lines()
            for line in lines
        ]
        return "$$\\begin{aligned}\n" + " \\\\\n".join(rows) + "\n\\end{aligned}$$"


def backpropagation(model: Any, x: Any, y: Any, loss: Callable[[Any, Any], Any]) -> Backpropagation:
    """The δ recursion of a network on one example, or on a batch.

    model  an nn.MLP, or a list of nn.Layer
    x, y   a row of numbers and its target; or rows, and a target for each
    loss   of one example, as in nn.losses. With ½‖y − a‖² the output delta is −(y − a)·f′(z), with the cross-entropies,
           which take logits, it is σ(z) − y or softmax(z) − y

    f′ is read from the table of elementary functions. `print` it, look at it in a notebook, or `check()` it.
    """
    given = getattr(model, "layers", model)
    layers = cast("list[Layer]", list(cast("list[Any]", given)) if isinstance(given, list | tuple) else [given])
    if not layers or not all(isinstance(layer, Layer) for layer in layers):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError(f"a model of dense layers is needed, an nn.MLP or a list of nn.Layer; got {model!r}")
    row = cast("list[Any]", plain(x))
    several = bool(row) and isinstance(plain(row[0]), list | tuple)
    data = examples(row, y) if several else examples([x], [y])
    return Backpropagation(layers, [recursion(layers, row, target, loss) for row, target in data], loss)


def _forward(layers: Sequence[Any], x: Any) -> Any:
    for layer in layers:
        x = numbers(layer(x))
    return x


def _mean(xs: Sequence[float]) -> float:
    return sum(xs) / len(xs)


def _units(found: Sequence[float], expected: Sequence[float]) -> float:
    largest = max(map(abs, (*found, *expected)))
    return max(abs(x - y) for x, y in zip(found, expected, strict=True)) / math.ulp(largest)
