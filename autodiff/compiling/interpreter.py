"""The backend `interpreter`: code over blocks of rows, by machine code that is made once a process."""

from collections.abc import Sequence
from contextlib import nullcontext
from typing import Any, NamedTuple

from autodiff.compiling.arguments import INSTALL, check_memory
from autodiff.compiling.lowering import lowered
from autodiff.compiling.passes import Fused, fused, masked, varying
from autodiff.compiling.running import Run
from autodiff.core.packages import require
from autodiff.core.slots import Place
from autodiff.tape.instructions import Code


class Interpreter:
    """Code compiled, of numbers that each row has its own of, and of numbers that all rows share.

    rows     the places of the inputs that every row has its own number of
    batched  whether there are rows, which may be empty; by default where there are such places
    reduce   "mean" or "sum" of the outputs over rows, or None
    exact    whether everything rounds as in eager evaluation: nothing is fused, and sums go in the order of rows
    """

    def __init__(
        self,
        code: Code,
        rows: Sequence[int],
        *,
        batched: bool | None = None,
        reduce: str | None = None,
        dtype: str = "float64",
        threads: int | None = None,
        exact: bool = False,
    ) -> None:
        np = self.np = require("numpy", "the interpreter", INSTALL)
        self.rows, self.reduce, self.dtype, self.exact = list(rows), reduce, dtype, exact
        self.batched = bool(self.rows) if batched is None else batched
        made = _passed(code, rows, summed=reduce is not None and not exact, exact=exact)
        code, varies, outputs = made.code, made.varies, made.code.outputs
        self.count, self.counts = len(outputs), {"fused": len(code.instructions)}
        self.shared = [x for x in range(code.inputs) if not varies[x]]
        summed = [k for k, products in enumerate(made.sums) if products]
        if summed:
            self.counts["products summed"] = sum(map(len, made.sums))
        moving = [k for k, x in enumerate(outputs) if type(x) is int and varies[x]]
        fixed = {k: x for k, x in enumerate(outputs) if k not in set(moving)}
        stored, sums = [int(outputs[k]) for k in moving], [made.sums[k] for k in summed]
        each = lowered(code, varies, stored, sums, self.shared)
        read = (*each.uniforms, *fixed.values())
        computed = list(dict.fromkeys(x for x in read if type(x) is int and x >= code.inputs))
        once = lowered(code, [not v for v in varies], computed, (), self.shared)
        own = list(map(self.shared.index, once.columns))
        self.once = Run(once, self._numbers(once.uniforms), own, careful=exact, threads=1)
        mean = reduce == "mean"
        self.each = Run(each, self._numbers(each.uniforms), mean=mean, careful=exact, threads=threads)
        at = {x: i for i, x in enumerate(each.uniforms) if type(x) is int}
        self.computed = [(i, at[x]) for i, x in enumerate(computed) if x in at]
        places = {x: i for i, x in enumerate((*computed, *self.shared))}
        self.fixed_at = np.array([places[x] if type(x) is int else 0 for x in fixed.values()], np.intp)
        self.constants = {i: x for i, x in enumerate(fixed.values()) if type(x) is float}
        self.all_computed = all(type(x) is int and x >= code.inputs for x in fixed.values())
        self.nothing = np.zeros(0, dtype)
        zeros = [not x for x in self.constants.values()]
        self.only_sums = len(summed) == self.count == len(zeros) and all(zeros)
        self.summed, self.moving, self.fixed = (np.array(x, np.intp) for x in (summed, moving, list(fixed)))
        self.order = [self.rows.index(x) for x in each.columns]
        self.last: tuple[Any, Any] = None, None  # where matrices lay, and the places of their columns

    def _numbers(self, uniforms: Sequence[Place]) -> Any:
        return self.np.array([x if type(x) is float else 0.0 for x in uniforms], self.dtype)

    @property
    def nbytes(self) -> int:
        """The memory of the streams."""
        return int(self.once.stream.nbytes + self.each.stream.nbytes)

    def table(self, matrices: Sequence[Any], *, lay_out: bool = False) -> "Table":
        """The columns of matrices as they lie, or each laid out by itself."""
        np, order = self.np, "F" if lay_out else "K"
        flat = [matrix if matrix.ndim <= 2 else matrix.reshape(len(matrix), -1) for matrix in matrices]
        with self._quiet():
            numbers = [np.array(x, self.dtype, order=order, copy=True if lay_out else None) for x in flat]
        lie = [(x.ctypes.data, x.shape, x.strides) for x in numbers]
        if lie != self.last[0]:  # else the columns lie where those of the last call did
            self.last = lie, Table.of(np, numbers, self.order).places
        return Table(self.last[1], numbers, self.order)

    def __call__(self, shared: Any, table: "Table", rows: int) -> Any:
        """The outputs: a vector, or where they are not summed over rows a matrix, a row of it for each output.

        shared  the numbers that all rows share, in the order of their places
        table   the columns of the inputs that have rows
        """
        np = self.np
        with self._quiet():
            shared = np.asarray(shared, self.dtype)
        count = len(shared)

        def fill(uniforms: Any) -> None:
            uniforms[:count] = shared
            for i, place in self.computed:
                uniforms[place] = found[i]

        found = self.nothing
        if self.once.program.stored:
            found = self.once(lambda uniforms: uniforms.__setitem__(slice(count), shared), None, 1)[1][:, 0]
        if not self.batched:
            return self._fixed(shared, found)
        if len(self.moving):
            check_memory(self.count * rows * shared.itemsize, f"{self.count} results of {rows:,} rows")
        totals, stored = self.each(fill, table.places, rows)
        if self.only_sums:
            return totals
        fixed = self._fixed(shared, found)
        with np.errstate(all="ignore"):
            return self._joined(totals, stored, fixed, rows)

    def _joined(self, totals: Any, stored: Any, fixed: Any, rows: int) -> Any:
        """The outputs of what was summed, stored for each row, and is the same for all."""
        np = self.np
        if self.reduce is None:
            results = np.empty((self.count, rows), self.dtype)
            results[self.fixed] = fixed[:, None]
            if len(self.moving):
                results[self.moving] = stored
            return results
        results = np.zeros(self.count, self.dtype)
        results[self.summed] = totals
        if len(self.moving):
            results[self.moving] = np.add.accumulate(stored, axis=1)[:, -1] / (rows if self.reduce == "mean" else 1)
        if self.exact:
            fixed = np.add.accumulate(np.broadcast_to(fixed[:, None], (len(fixed), rows)), axis=1)[:, -1]
            results[self.fixed] = fixed / rows if self.reduce == "mean" else fixed
        else:
            results[self.fixed] += fixed if self.reduce == "mean" else fixed * rows
        return results

    def _quiet(self) -> Any:
        """What is too large for float32 becomes infinite without a warning."""
        return nullcontext() if self.dtype == "float64" else self.np.errstate(all="ignore")

    def _fixed(self, shared: Any, found: Any) -> Any:
        """The outputs, or what they have in their sums, that are the same for all rows."""
        if self.all_computed:
            return found[self.fixed_at]
        results = self.np.concatenate((found, shared, [0.0]))[self.fixed_at]
        for i, x in self.constants.items():
            results[i] = x
        return results


class Table(NamedTuple):
    """Columns of numbers.

    places    for each the address of its first number, and the bytes from row to row
    matrices  where they lie
    order     which of their columns each is
    """

    places: Any
    matrices: Sequence[Any]
    order: Sequence[int]

    @classmethod
    def of(cls, np: Any, matrices: Sequence[Any], order: Sequence[int]) -> "Table":
        """The columns of matrices; of a vector there is one."""
        columns = [
            (matrix.ctypes.data + j * matrix.strides[-1], matrix.strides[0])
            for matrix in matrices
            for j in range(matrix.shape[1] if matrix.ndim > 1 else 1)
        ]
        return cls(np.array([columns[i] for i in order], np.int64).reshape(-1, 2), matrices, order)

    def shuffled(self, np: Any, order: Any) -> "Table":
        """The rows in another order."""
        return Table.of(np, [np.asfortranarray(matrix[order]) for matrix in self.matrices], self.order)

    def starting_at(self, row: int) -> "Table":
        """The rows from one on."""
        places = self.places.copy()
        places[:, 0] += row * places[:, 1]
        return self._replace(places=places)


def _passed(code: Code, rows: Sequence[int], *, summed: bool, exact: bool) -> Fused:
    if exact:
        return Fused(code, varying(code, rows), [[] for _ in code.outputs])
    code = masked(code)
    return fused(code, varying(code, rows), frozenset(range(len(code.outputs)) if summed else ()))
