"""Compiled functions with some arguments fixed: laid out once, then called on flat vectors; and descent by them."""

from collections.abc import Iterator, Sequence
from copy import copy
from typing import Any

from autodiff.compiling.arguments import INSTALL
from autodiff.compiling.traces import Trace, builder
from autodiff.core.packages import require
from autodiff.core.value import Value
from autodiff.errors import StructureMismatch
from autodiff.transforms.structure import Structure, flatten


class Bound:
    """What `compiled.bind(None, X, y)` gives: a function of the numbers of the free arguments, as one flat vector.

    bound(bound.pack(model))      the results as a flat vector, the gradient among them
    bound.unpack(vector)          in the structure of what f returns
    free, outputs                 the structures of both
    """

    def __init__(self, trace: Trace, matrices: Sequence[Any], shared: Sequence[float | None], free: Structure) -> None:
        self.numpy: Any = require("numpy", "a bound function", INSTALL)
        self.engine, self.closed, self.outputs, self.free = trace.engine, trace.values, trace.tape.outputs, free
        self.table = self.engine.table(matrices, lay_out=True)
        self.rows = len(matrices[0]) if matrices else 1
        self.fixed: Any = None  # what is shared and not free
        if any(x is not None for x in shared):
            self.fixed = self.numpy.array([0.0 if x is None else x for x in shared])
            self.open = self.numpy.array([i for i, x in enumerate(shared) if x is None], int)

    def __call__(self, vector: Any, rows: range | None = None) -> Any:
        """The results at these numbers, over all rows or those of a range."""
        if len(vector) != self.free.size:
            raise StructureMismatch(
                f"{self.free.size} numbers are needed, those of {self.free.signature[:80]}, got {len(vector)}"
            )
        if self.fixed is not None:
            numbers = self.fixed.copy()
            numbers[self.open] = vector
            vector = numbers
        if self.closed:
            vector = self.numpy.append(vector, [value.data for value in self.closed])
        if rows is None:
            return self.engine(vector, self.table, self.rows)
        return self.engine(vector, self.table.starting_at(rows.start), len(rows))

    def reordered(self, order: Any) -> "Bound":
        """The same with those rows that `order` numbers, in its order."""
        found = copy(self)
        found.table, found.rows = self.table.shuffled(self.numpy, order), len(order)
        return found

    def pack(self, *args: Any) -> Any:
        """The free arguments as one flat vector."""
        numbers, given = flatten(args, "the free arguments")
        self.free.require(given, "the free arguments", "those that were traced")
        return self.numpy.array([x.data if isinstance(x, Value) else x for x in numbers], float)

    def unpack(self, vector: Any) -> Any:
        """A flat vector of results in the structure of what f returns."""
        return builder(self.outputs)(vector)

    def descend(
        self, start: Any, steps: int, rate: float, batch: int | None = None, seed: int | None = None
    ) -> tuple[Any, Any]:
        """x ← x − α ∇f(x), `steps` times: the last x, and f before each step. For a bound `value_and_grad`.

        batch  rows of each step, of all in an order drawn from `seed` for each epoch; None for all of them
        """
        if self.outputs.size != self.free.size + 1:
            raise StructureMismatch(
                f"descent needs a value and a gradient of {self.free.size} numbers: compile ad.value_and_grad(f); "
                f"this gives {self.outputs.signature[:80]}"
            )
        if batch is not None and not 1 <= batch <= self.rows:
            raise ValueError(f"a batch has from 1 row to all {self.rows}, got {batch!r}")
        x, losses = self.numpy.array(start, float), self.numpy.empty(steps)
        batches = self._batches(batch, seed)
        for i in range(steps):
            bound, rows = next(batches)
            found = bound(x, rows)
            losses[i] = found[0]
            x -= rate * found[1:]
        return x, losses

    def _batches(self, batch: int | None, seed: int | None) -> "Iterator[tuple[Bound, range | None]]":
        """The rows of each step, and in what order they stand."""
        rng = self.numpy.random.default_rng(seed)
        while True:
            if batch is None:
                yield self, None
                continue
            epoch = self.reordered(rng.permutation(self.rows))
            for first in range(0, self.rows, batch):
                yield epoch, range(first, min(first + batch, self.rows))
