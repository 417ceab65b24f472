"""Compiled functions with some arguments fixed: laid out once, then called on flat vectors; and descent by them."""

from collections.abc import Iterator, Sequence
from copy import copy
from typing import Any

from autodiff.compiling.arguments import INSTALL
from autodiff.compiling.lifting import numbers_of
from autodiff.compiling.traces import Trace
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

    def __init__(
        self,
        trace: Trace,
        matrices: Sequence[Any],
        shared: Sequence[float | None],
        free: Structure,
        *,
        check: bool = False,
    ) -> None:
        self.numpy: Any = require("numpy", "a bound function", INSTALL)
        self.engine, self.closed, self.outputs, self.free = trace.engine, trace.values, trace.tape.outputs, free
        self.trace, self.check = trace, check
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
            vector = self.numpy.append(vector, numbers_of(self.closed))
        table = self.table if rows is None else self.table.starting_at(rows.start)
        found = self.numpy.asarray(self.engine(vector, table, self.rows if rows is None else len(rows)))
        if self.check and not self.trace.is_finite(found):
            these = slice(None) if rows is None else slice(rows.start, rows.stop)
            raise self.trace.nonfinite(list(map(float, vector)), [matrix[these] for matrix in self.table.matrices])
        return found

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
        return self.trace.rebuilt(vector)

    def descend(
        self, start: Any, steps: int, rate: float, batch: int | None = None, seed: int | None = None
    ) -> tuple[Any, Any]:
        """x ← x − α ∇f(x), `steps` times: the last x, and f before each step. For a bound `value_and_grad`.

        batch  rows of each step, of all in an order drawn from `seed` for each epoch; None for all of them
        """
        parts, free = self.outputs.parts, self.free.parts[0] if len(self.free.parts) == 1 else self.free
        if self.trace.each or len(parts) < 2 or parts[0].size != 1 or parts[1].signature != free.signature:
            raise StructureMismatch(
                f"descent needs a value and a gradient of {self.free.size} numbers: compile ad.value_and_grad(f); "
                f"this gives {self.outputs.signature[:80]}{' for each row' if self.trace.each else ''}"
            )
        if batch is not None and not 1 <= batch <= self.rows:
            raise ValueError(f"a batch has from 1 row to all {self.rows}, got {batch!r}")
        x, losses = self.numpy.array(start, float), self.numpy.empty(steps)
        batches = self._batches(batch, seed)
        for i in range(steps):
            bound, rows = next(batches)
            found = bound(x, rows)
            losses[i] = found[0]
            x -= rate * found[1 : 1 + len(x)]
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
