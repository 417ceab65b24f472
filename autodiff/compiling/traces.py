"""A function traced for one structure of arguments, and the engine that runs its tape."""

from collections.abc import Callable, Sequence
from math import isfinite
from operator import itemgetter
from time import perf_counter
from typing import Any, NamedTuple, cast

from autodiff.compiling.arguments import Argument, rows_of
from autodiff.compiling.finite import nonfinite
from autodiff.compiling.interpreter import Interpreter
from autodiff.compiling.lifting import lifted, numbers_of
from autodiff.compiling.source import Source
from autodiff.core.collector import held_back
from autodiff.core.functions import total
from autodiff.errors import NonFinite
from autodiff.transforms.structure import NUMBER, Structure, flatten, shaped


class Options(NamedTuple):
    """What `ad.compile` was asked for."""

    batch: Any
    reduce: str | None
    backend: str
    dtype: str
    threads: int | None
    exact: bool
    check: bool


class Stats(NamedTuple):
    """What one trace came to.

    instructions  of the tape: as traced, simplified, and as the backend runs it, where sums of products are one each
    seconds       to trace, to simplify and to make ready
    nbytes        of the simplified tape and of what the backend reads
    """

    instructions: dict[str, int]
    seconds: dict[str, float]
    nbytes: int

    def __str__(self) -> str:
        counts = " → ".join(f"{count:,} {name}" for name, count in self.instructions.items())
        times = ", ".join(f"{name} {1e3 * seconds:.3g} ms" for name, seconds in self.seconds.items())
        return f"{counts} instructions; {times}; {self.nbytes / 1e3:,.0f} kB"


class Trace:
    """A function traced for one structure of arguments.

    tape       simplified; Values that the function closes over are an argument more, a list
    values     those
    arguments  the structures that were traced
    engine     what runs the tape
    """

    def __init__(
        self, function: Callable[..., Any], arguments: Sequence[Argument], backend: str, options: Options
    ) -> None:
        self.function, self.reduce, self.dtype = function, options.reduce, options.dtype
        self.arguments = [argument.structure for argument in arguments]
        with held_back:
            begin = perf_counter()
            traced, self.values, _ = lifted(function, self._like(lambda size: [0.0] * size))
            middle = perf_counter()
            self.tape = traced.simplify()
            end = perf_counter()
            self.engine = self._engine(arguments, backend, options)
        self.each = options.reduce is None and rows_of(arguments) is not None  # whether each row has results
        self.rebuilt = builder(self.tape.outputs, each=self.each)
        counts = {"traced": len(traced), "simplified": len(self.tape)} | self.engine.counts
        times = {"tracing": middle - begin, "simplifying": end - middle, backend: perf_counter() - end}
        self.stats = Stats(counts, times, self.tape.nbytes + self.engine.nbytes)

    def _engine(self, arguments: Sequence[Argument], backend: str, options: Options) -> Any:
        rows, start = list[int](), 0
        for argument in arguments:
            if argument.rows is not None:
                rows += range(start, start + argument.structure.size)
            start += argument.structure.size
        batched = rows_of(arguments) is not None
        if backend == "source":
            return Source(self.tape, rows, batched=batched, reduce=options.reduce, dtype=options.dtype)
        threads, exact = options.threads, options.exact
        return Interpreter(
            self.tape.code,
            rows,
            batched=batched,
            reduce=options.reduce,
            dtype=options.dtype,
            threads=threads,
            exact=exact,
        )

    def _like(self, numbers: Callable[[int], list[float]]) -> list[Any]:
        return [structure.rebuild(numbers(structure.size)) for structure in self.arguments]

    @property
    def closed(self) -> list[Any]:
        """The numbers of the Values that the function closes over, as they are now."""
        return numbers_of(self.values)

    def run(self, shared: Sequence[float], matrices: Sequence[Any], rows: int, *, check: bool) -> Any:
        """The results on plain numbers: those that all rows share, and a matrix for each argument with rows."""
        found = self.engine(shared, self.engine.table(matrices), rows)
        if check and not self.is_finite(found):
            raise self.nonfinite(shared, matrices)
        return self.rebuilt(found)

    def by_tape(self, arguments: Sequence[Argument]) -> Any:
        """The results by the tape itself, on numbers of any kind."""
        rows = rows_of(arguments)
        closed = [list(self.values)] if self.values else []
        results = [flatten(self.tape.evaluate(*row, *closed))[0] for row in each_row(arguments, rows or 1)]
        outputs = self.tape.outputs
        return outputs.rebuild(results[0]) if rows is None else outputs_of_rows(outputs, results, self.reduce)

    @staticmethod
    def is_finite(found: Any) -> bool:
        """Whether all results are."""
        numbers: list[float] = cast("Any", found) if isinstance(found, list) else found.ravel().tolist()
        return all(map(isfinite, numbers))

    def nonfinite(self, shared: Sequence[float], matrices: Sequence[Any]) -> NonFinite:
        """The first instruction, in words, whose result was not finite and came into those of f."""
        numbers: list[Any] = list(shared)
        columns = [column for matrix in matrices for column in matrix.reshape(len(matrix), -1).T]
        for place, column in zip(self.engine.rows, columns, strict=True):
            numbers.insert(place, column)
        found = nonfinite(self.function, self._like(lambda size: [0.0] * size), numbers, self.dtype)
        what = "a sum over the rows is not finite, though each of them is" if self.reduce else "a result is not finite"
        return found or NonFinite(f"{self.tape.name}: {what}")


def builder(structure: Structure, start: int = 0, *, each: bool = False) -> Callable[[Any], Any]:
    """What makes the like of a structure of the numbers of it, or of a matrix of those of `each` row, rows first."""
    shape, end = structure.shape, start + structure.size
    if shape == ():
        return itemgetter(start) if each else lambda found: float(found[start])
    if shape is not None:
        if each:
            return lambda found: found[start:end].T.reshape(-1, *shape)
        return lambda found: shaped(found[start:end], shape) if type(found) is list else found[start:end].reshape(shape)  # pyright: ignore[reportUnknownArgumentType]
    builders = list[Callable[[Any], Any]]()
    for part in structure.parts:
        builders.append(builder(part, start, each=each))
        start += part.size
    kind: Any = structure.kind
    if kind is list:
        return lambda found: [build(found) for build in builders]
    if kind is tuple:
        return lambda found: tuple([build(found) for build in builders])
    empty = structure._replace(parts=(NUMBER,) * len(builders), size=len(builders))
    return lambda found: empty.rebuild([build(found) for build in builders])


def each_row(arguments: Sequence[Argument], rows: int) -> list[list[Any]]:
    """The arguments of the function for each row, in their structure."""
    return [
        [a.structure.rebuild(list(a.numbers if a.rows is None else a.numbers[i])) for a in arguments]
        for i in range(rows)
    ]


def outputs_of_rows(outputs: Structure, results: Sequence[Sequence[Any]], reduce: str | None) -> Any:
    """The results of rows reduced, or each leaf as the list of its rows."""
    if reduce is None:
        return outputs.fill(lambda place, shape: [shaped(row[place], shape) for row in results])
    sums = [total(column) for column in zip(*results, strict=True)]
    return outputs.rebuild([x / len(results) for x in sums] if reduce == "mean" else sums)
