"""What a GPT is made of beside dense layers: Linear, Embedding, RMSNorm and a head of attention."""

import math
from collections.abc import Sequence
from typing import Any, cast

import autodiff as ad
from autodiff import Number, Value
from autodiff.core.floats import number
from autodiff.core.rows import constant
from nn.data import count, numbers
from nn.initialization import Rng, generator
from nn.losses import one_hot
from nn.module import Module

Vector = list[Number]


class Linear(Module):
    """W x, without a bias: n_out × n_in weights, drawn evenly with variance 1 / n_in."""

    def __init__(self, n_in: int, n_out: int, rng: Rng = None) -> None:
        self.weights = _drawn(count(n_out, "n_out"), count(n_in, "n_in"), n_in, rng)

    def __call__(self, inputs: Any) -> Vector:
        """The n_out numbers for n_in."""
        xs = _vector(inputs, len(self.weights[0]), "Linear")
        with ad.scope("linear"):
            return [ad.dot(row, xs) for row in self.weights]

    def __repr__(self) -> str:
        return f"Linear({len(self.weights[0])}, {len(self.weights)})"


class Embedding(Module):
    """A row of a table for each index from 0, as a list of `width` numbers.

    An index that is traced is one-hot times the table, and not checked: out of range it gives zeros.
    """

    def __init__(self, count_: int, width: int, rng: Rng = None) -> None:
        self.table = _drawn(count(count_, "the count of an Embedding"), count(width, "width"), width, rng)

    def __call__(self, index: Any) -> Vector:
        """The row of an index."""
        (k,) = numbers(index)
        with ad.scope("embedding"):
            if type(constant(k)) is not float:
                chosen = one_hot(k, len(self.table))
                return [ad.dot(chosen, column) for column in zip(*self.table, strict=True)]
            place = number(constant(k))
            if place not in range(len(self.table)):
                raise ValueError(
                    f"an Embedding of {len(self.table)} rows takes 0 … {len(self.table) - 1}, got {index!r}"
                )
            return list(self.table[int(place)])

    def __repr__(self) -> str:
        return f"Embedding({len(self.table)}, {len(self.table[0])})"


class RMSNorm(Module):
    """g · x / √(mean x² + ε), the gains g learned, from 1 on (Zhang and Sennrich 2019)."""

    def __init__(self, width: int, epsilon: float = 1e-5) -> None:
        self.gains = [Value(1.0, f"g{j}") for j in range(1, count(width, "width") + 1)]
        self.epsilon = number(epsilon)

    def __call__(self, inputs: Any) -> Vector:
        """The vector at the size of its gains."""
        xs = _vector(inputs, len(self.gains), "RMSNorm")
        with ad.scope("rms norm"):
            squares: list[Any] = [x * x for x in xs]
            size = cast("Any", ad.sqrt(ad.mean(squares) + self.epsilon))
            return [gain * (x / size) for gain, x in zip(self.gains, xs, strict=True)]

    def __repr__(self) -> str:
        return f"RMSNorm({len(self.gains)})"


class AttentionHead(Module):
    """Causal attention: Σₛ softmax(qₜ · kₛ / √size)ₛ vₛ over s ≤ t, for each vector of a list of them.

    queries, keys, values  Linear(width, size) each (Vaswani et al. 2017, (1))
    """

    def __init__(self, width: int, size: int, rng: Rng = None) -> None:
        draw = generator(rng)
        self.queries, self.keys, self.values = (Linear(width, size, draw) for _ in range(3))

    def __call__(self, vectors: Sequence[Any]) -> list[Vector]:
        """Vectors of `size` numbers, as many as there are."""
        with ad.scope("attention"):
            ks, vs = [self.keys(x) for x in vectors], [self.values(x) for x in vectors]
            return [self._at(self.queries(x), ks[: t + 1], vs[: t + 1]) for t, x in enumerate(vectors)]

    @staticmethod
    def _at(q: Vector, ks: Sequence[Vector], vs: Sequence[Vector]) -> Vector:
        shares = ad.softmax([ad.dot(q, k) / math.sqrt(len(q)) for k in ks])
        return [ad.dot(shares, column) for column in zip(*vs, strict=True)]

    def __repr__(self) -> str:
        return f"AttentionHead({len(self.keys.weights[0])}, {len(self.keys.weights)})"


def _drawn(rows: int, columns: int, n_in: int, rng: Rng) -> list[list[Value]]:
    far = math.sqrt(3.0 / n_in)
    draw = generator(rng).uniform
    return [[Value(draw(-far, far)) for _ in range(columns)] for _ in range(rows)]


def _vector(inputs: Any, width: int, name: str) -> Vector:
    xs = numbers(inputs)
    if len(xs) != width:
        raise ValueError(f"this {name} takes {width} numbers, got {len(xs)}")
    return xs
