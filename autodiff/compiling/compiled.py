"""ad.compile: a function traced once for each structure of arguments, then run without Python in between."""

import inspect
import sys
import warnings
from collections.abc import Callable, Sequence
from functools import update_wrapper
from importlib.util import find_spec
from math import inf, isfinite
from threading import RLock
from typing import Any, Literal, NamedTuple, TypeAlias

from autodiff.compiling.arguments import Argument, Unusual, fingerprint, gathered, layout, rows_of, taken_apart
from autodiff.compiling.bound import Bound
from autodiff.compiling.source import source
from autodiff.compiling.traces import Options, Stats, Trace, builder, each_row, outputs_of_rows
from autodiff.core.rows import constant
from autodiff.errors import StructureMismatch
from autodiff.tape.tape import Tape
from autodiff.transforms.structure import container, flatten

Backend: TypeAlias = Literal["auto", "interpreter", "source"]
Axis: TypeAlias = int | None  # 0


class Comparison(NamedTuple):
    """Compiled results against those of the function; `worst` is the largest difference over the largest result."""

    name: str
    compiled: list[float]
    eager: list[float]
    worst: float

    @property
    def agrees(self) -> bool:
        """Whether they differ by rounding alone."""
        return self.worst <= 1e-9

    def __str__(self) -> str:
        if self.agrees:
            return f"{self.name}: {len(self.eager)} results agree with eager evaluation to {self.worst:.1e}"
        i = max(range(len(self.eager)), key=lambda i: abs(self.compiled[i] - self.eager[i]))
        return (
            f"{self.name}: result {i} is {self.compiled[i]!r} compiled and {self.eager[i]!r} eager. What it closes "
            "over, plain numbers and random draws, was frozen when it was traced: make it an argument, or call retrace"
        )


class compile:  # noqa: A001, N801 (called as a function, as ad.compile)
    """A function compiled: the same numbers, at the speed of the machine.

    function  of numbers, or lists, tuples, dicts, arrays and modules of them; a transform such as ad.grad(f) too
    batch     for each argument 0, where it has rows first and f is of one row, or None, where all rows share it
    reduce    "mean" or "sum" of the results over the rows; None gives each row's
    backend   "interpreter" (needs the extra `fast`), "source" (readable Python), or "auto", the first that is there
    dtype     "float64" or "float32", of the numbers in between
    threads   at most; None for as many as there are processors. They change no bit of the results
    exact     rounds as eager evaluation does: no fused operations, sums in the order of rows
    check     an error names the first instruction, and row, whose result is not finite

    Operations follow IEEE 754: where Python raises, as at 1 / 0, there is inf or nan. The function is traced once for
    each structure of arguments. Values that it closes over are inputs too, read at each call; plain floats and random
    draws in it are frozen at the trace: make them arguments, or call `retrace`. On plain numbers, and models, which are
    their parameters, it gives plain numbers; on Values, Duals and Slots it evaluates its tape, to be differentiated.
    """

    def __init__(
        self,
        function: Callable[..., Any],
        batch: Axis | Sequence[Axis] = None,
        reduce: Literal["mean", "sum"] | None = None,
        backend: Backend = "auto",
        dtype: Literal["float64", "float32"] = "float64",
        threads: int | None = None,
        *,
        exact: bool = False,
        check: bool = False,
    ) -> None:
        if not callable(function):
            raise TypeError(f"a function is compiled, got {type(function).__name__} {function!r}")
        _one_of("reduce", reduce, ("mean", "sum", None))
        _one_of("backend", backend, ("auto", "interpreter", "source"))
        _one_of("dtype", dtype, ("float64", "float32"))
        for axis in batch if isinstance(batch, Sequence) else [batch]:
            _one_of("batch, or each entry of it,", axis, (0, None))
        if threads is not None and (not isinstance(threads, int) or threads < 1):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise ValueError(f"threads is a whole number from 1, or None for as many as there are; got {threads!r}")
        if reduce is not None and not (batch == 0 or (isinstance(batch, Sequence) and 0 in batch)):
            raise ValueError(f'reduce="{reduce}" is over rows, but batch={batch!r} names no argument that has rows')
        self.function = function
        self.options = Options(batch, reduce, backend, dtype, threads, exact, check)
        self.backend = _available(backend)
        self.traces: dict[Any, Trace] = {}  # by what tells structures apart
        self.known: dict[Any, Trace] = {}  # those by what is found out faster
        self.lock = RLock()
        update_wrapper(self, function, updated=())
        self.__name__: str = getattr(function, "__name__", repr(function))

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """The function at these arguments."""
        if kwargs:
            args = self._by_position(args, kwargs)
        axes, shared, matrices = self._axes(args), list[Any](), list[Any]()
        try:
            key = tuple([
                layout(x, shared) if axis is None else layout(x, matrices, rows=True)
                for x, axis in zip(args, axes, strict=True)
            ])  # fmt: skip
        except Unusual:
            key = None
        trace = self.known.get(key)
        rows = len(matrices[0]) if matrices else 1
        if trace and all(len(matrix) == rows for matrix in matrices):
            closed = trace.closed
            if all(type(x) is float for x in closed):
                return trace.run(gathered(shared + closed), matrices, rows, check=self.options.check)
        return self._at_length(args, axes, key)

    def _by_position(self, args: Sequence[Any], kwargs: dict[str, Any]) -> tuple[Any, ...]:
        bound = inspect.signature(self.function).bind(*args, **kwargs)
        if bound.kwargs:
            raise TypeError(
                f"{self.__name__} is compiled for arguments by position, and has {list(bound.kwargs)} by name only"
            )
        return bound.args

    def _at_length(self, args: Sequence[Any], axes: Sequence[Axis], key: Any) -> Any:
        """A call whose structure is new, or of a kind that takes longer to see."""
        arguments = self._taken_apart(args, axes)
        trace = self._trace(arguments)
        closed = trace.closed
        if not all(argument.plain for argument in arguments) or any(type(x) is not float for x in closed):
            return trace.by_tape(arguments)
        if key is not None:
            self.known[key] = trace
        shared = [x for argument in arguments if argument.rows is None for x in argument.numbers]
        matrices = [argument.numbers for argument in arguments if argument.rows is not None]
        return trace.run([*shared, *closed], matrices, len(matrices[0]) if matrices else 1, check=self.options.check)

    def _trace(self, arguments: Sequence[Argument]) -> Trace:
        key = tuple([(fingerprint(argument.structure), argument.rows is None) for argument in arguments])
        with self.lock:
            if key not in self.traces:
                self.traces[key] = Trace(self.function, arguments, self.backend, self.options)
            return self.traces[key]

    def _axes(self, args: Sequence[Any]) -> Sequence[Axis]:
        batch = self.options.batch
        if batch is None or batch == 0:
            return [batch] * len(args)
        if len(batch) != len(args):
            raise TypeError(f"{self.__name__} has batch={batch!r} for {len(batch)} arguments, got {len(args)}")
        return batch

    def _taken_apart(self, args: Sequence[Any], axes: Sequence[Axis]) -> list[Argument]:
        names = [f"argument {i} of {self.__name__}" for i in range(len(args))]
        found = [taken_apart(x, name, rows=axis == 0) for x, name, axis in zip(args, names, axes, strict=True)]
        if len({argument.rows for argument in found} - {None}) > 1:
            told = ", ".join(f"{name} {a.rows}" for name, a in zip(names, found, strict=True) if a.rows is not None)
            raise StructureMismatch(f"as many rows are needed in each batched argument, got {told}")
        return found

    # Fixed arguments

    def bind(self, *args: Any) -> Bound:
        """The function with arguments fixed and laid out once; of those that are None, as one flat vector.

        It is called once before, so that the structure of the free arguments is known. These have no rows.
        """
        axes = self._axes(args)
        for i, (x, axis) in enumerate(zip(args, axes, strict=True)):
            if x is None and axis == 0:
                raise StructureMismatch(f"argument {i} of {self.__name__} has rows: free are those that all rows share")
        held = [(x, axis) for x, axis in zip(args, axes, strict=True) if x is not None]
        fixed = iter(self._taken_apart([x for x, _ in held], [axis for _, axis in held]))
        parts = [None if x is None else next(fixed) for x in args]
        given = [None if part is None else (fingerprint(part.structure), part.rows is None) for part in parts]
        fitting = [
            trace
            for key, trace in self.traces.items()
            if len(key) == len(given) and all(a in (None, b) for a, b in zip(given, key, strict=True))
        ]
        if len(fitting) != 1:
            found = "several times, with other free arguments" if fitting else "not"
            raise StructureMismatch(
                f"{self.__name__} has {found} been called with arguments like these: "
                + ("retrace, then call it once, then bind" if fitting else "call it once, then bind")
            )
        return self._bound(fitting[0], parts)

    def _bound(self, trace: Trace, parts: Sequence[Argument | None]) -> Bound:
        free = [s for part, s in zip(parts, trace.arguments, strict=True) if part is None]
        shared: list[float | None] = []
        for part, structure in zip(parts, trace.arguments, strict=True):
            if part is None or part.rows is None:
                shared += [None] * structure.size if part is None else map(float, part.numbers)
        matrices = [part.numbers for part in parts if part and part.rows is not None]
        return Bound(trace, matrices, shared, container(tuple, range(len(free)), free), check=self.options.check)

    def train(
        self, start: Any, *data: Any, steps: int, rate: float, batch: int | None = None, seed: int | None = None
    ) -> tuple[Any, list[float]]:
        """Gradient descent by a compiled `ad.value_and_grad(loss)`, x ← x − α ∇J(x): the last x, and the losses.

        start  the first argument; data are the others
        batch  rows of each step, of all in an order drawn from `seed` for each epoch; None for all of them
        """
        arguments = self._taken_apart((start, *data), self._axes((start, *data)))
        bound = self._bound(self._trace(arguments), [None, *arguments[1:]])
        last, losses = bound.descend(bound.pack(start), steps, rate, batch, seed)
        return builder(bound.free.parts[0])(last), losses.tolist()

    # What it is made of

    def retrace(self) -> None:
        """Forget every trace: what the function closes over is read again at the next call."""
        with self.lock:
            self.traces.clear()
            self.known.clear()

    def compare_with_eager(self, *args: Any, **kwargs: Any) -> Comparison:
        """The results here against those of the function itself, called on the same floats, row by row."""
        args = self._by_position(args, kwargs) if kwargs else args
        found = [constant(x) for x in flatten(self(*args))[0]]
        arguments = self._taken_apart(args, self._axes(args))
        rows = rows_of(arguments)
        results = [[constant(x) for x in flatten(self.function(*row))[0]] for row in each_row(arguments, rows or 1)]
        outputs, reduce = self._trace(arguments).tape.outputs, self.options.reduce
        eager = results[0]
        if rows is not None:
            eager = [constant(x) for x in flatten(outputs_of_rows(outputs, results, reduce))[0]]
        largest = max((abs(x) for x in eager if isfinite(x)), default=0.0) or 1.0
        apart = [_apart(x, y) / largest for x, y in zip(found, eager, strict=True)]
        return Comparison(self.__name__, found, eager, max(apart))

    @property
    def tape(self) -> Tape:
        """The tape of the last trace, simplified. Values that the function closes over are an argument more, a list."""
        return self._last().tape

    @property
    def source(self) -> str:
        """The tape of the last trace as Python."""
        return source(self.tape)

    @property
    def stats(self) -> list[Stats]:
        """What each trace came to, the last one last."""
        return [trace.stats for trace in self.traces.values()]

    def _last(self) -> Trace:
        if not self.traces:
            raise ValueError(f"{self.__name__} has not been traced yet: call it once, and its structure is known")
        return next(reversed(self.traces.values()))

    def __repr__(self) -> str:
        return f"<compiled {self.__name__}: {self.backend}, {len(self.traces)} traces>"

    def __str__(self) -> str:
        asked = ", ".join(f"{name}={x!r}" for name, x in self.options._asdict().items() if x and name != "backend")
        traces = [
            f"  {', '.join(_short(structure.signature) for structure in trace.arguments)}\n    {trace.stats}"
            for trace in self.traces.values()
        ]
        heading = f"{self.__name__} compiled, by the {self.backend} backend ({asked})"
        return "\n".join([heading, *(traces or ["  not traced yet: it is at its first call"])])

    def __reduce__(self) -> Any:
        name = getattr(self, "__qualname__", "")
        if getattr(sys.modules.get(self.__module__), name, None) is self:
            return name  # it stands where the function that it decorates would
        return _made, (self.function, self.options)


def _made(function: Callable[..., Any], options: Options) -> compile:
    return compile(function, **options._asdict())


def _apart(x: float, y: float) -> float:
    """How far results differ; infinitely where one is nan or infinite alone."""
    if x == y or (x != x and y != y):
        return 0.0
    return abs(x - y) if isfinite(x - y) else inf


def _one_of(name: str, found: Any, known: Sequence[Any]) -> None:
    if not any(type(found) is type(x) and found == x for x in known):
        raise ValueError(f"{name} is one of {', '.join(map(repr, known))}; got {found!r}")


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "..."


SAID: list[str] = []  # warnings, each given once


def _available(backend: Backend) -> str:
    """The backend that is asked for, or the best that is there."""
    if backend != "auto":
        return backend
    if find_spec("llvmlite") and find_spec("numpy"):
        return "interpreter"
    if not SAID:
        SAID.append(
            "ad.compile writes Python, some hundred times slower than its interpreter, for which llvmlite and NumPy "
            "are missing: pip install 'autodiff-stepper[fast]'"
        )
        warnings.warn(SAID[0], stacklevel=3)
    return "source"
