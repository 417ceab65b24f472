"""Training over parts of the data: each worker finds the gradients of its parts, and only these and parameters travel.

A tape of the loss travels once to each worker, and is compiled there. The parts, the rows of a step in each of them,
and the order in which their gradients are added, are of the data and the seed: the same bits for any number of workers.
"""

import hashlib
import random
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor
from itertools import pairwise
from pathlib import Path
from typing import Any

import autodiff as ad
from autodiff import Tape
from autodiff.core.packages import require
from nn.data import Example, plain
from nn.losses import accuracy
from nn.module import replaced
from nn.objectives import Eager, Found, Loss
from nn.parts import Held, WorkersLost, stored

PARTS = 16  # of data in memory
MISSING = "no tape"  # what a worker says that has not got it
_compiled = dict[str, Any]()  # of this process, by the tape's key
_bound = dict[tuple[str, str], Any]()  # of the last run, by the run and the part
_lock = threading.Lock()


# On a worker


def gradient_of(
    key: str, text: str | None, run: str, part: Any, numbers: Any, drawn: tuple[Any, ...] | None, rows: tuple[int, int]
) -> Any:
    """(rows, the mean of J, ∂J/∂p … over them, seconds of that) of a part; MISSING without the tape.

    drawn  (seed, epoch) of the order that its rows stand in; None for the order that they came in
    rows   from where to where in that order; (0, −1) for all
    """
    with _lock:
        if key not in _compiled and text is None:
            return MISSING
        if key not in _compiled:
            _compiled[key] = ad.compile(_of_arrays(Tape.from_json(text or "")), batch=(None, 0, 0), reduce="mean")
        if (run, part.name) not in _bound:
            for old in [each for each in _bound if each[0] != run]:  # their data would stay in memory
                del _bound[old]
            arrays = part.arrays()
            _compiled[key](numbers.tolist(), *arrays)  # a first call is what traces
            _bound[run, part.name] = _compiled[key].bind(None, *arrays), {}
        bound, orders = _bound[run, part.name]
    if drawn is not None and drawn not in orders:
        np: Any = require("numpy", "training over parts", "pip install numpy")
        order = random.Random(f"{drawn}, {part.name}").sample(range(bound.rows), bound.rows)
        orders.clear()
        orders[drawn] = bound.reordered(np.array(order))
    of = bound if drawn is None else orders[drawn]
    begun = time.perf_counter()
    span = None if rows[1] < 0 or rows == (0, bound.rows) else range(*rows)
    found = of(numbers, span)
    return (bound.rows if span is None else len(span)), found.copy(), time.perf_counter() - begun


def _of_arrays(tape: Tape) -> Callable[..., Any]:
    """A tape of lists as a function of a row and a target that are arrays."""

    def of_row(numbers: Any, x: Any, y: Any) -> Any:
        return tape.evaluate(list(numbers), list(x), list(y) if getattr(y, "shape", ()) else y)

    return of_row


def rows_of(part: Any) -> int:
    """How many rows a part has, all of them read and checked."""
    return len(part.arrays()[0])


# Where training goes on


class Scattered:
    """J over parts by an executor: the parameters stand in one array, and in the model when they are `written`."""

    def __init__(self, executor: Any, parts: Sequence[Any], eager: Eager, sample: Example, seed: Any) -> None:
        np: Any = require("numpy", "training over parts", "pip install numpy")
        self.executor, self.parts, self.eager, self.seed = executor, parts, eager, plain(seed)
        self.model, self.validation = eager.model, eager.validation
        self.text = tape_of(eager.model, eager.loss, sample).to_json()
        self.key, self.run = hashlib.sha256(self.text.encode()).hexdigest(), secrets.token_hex(8)
        self.numbers: Any = np.array(eager.numbers)
        self.sizes: list[int] = self._all([(rows_of, (_where_it_lies(part),)) for part in parts])
        self.total, self.batch, self.kernel = sum(self.sizes), sum(self.sizes), 0.0

    order: Sequence[int] = ()  # of rows, which each part has its own of

    def __call__(self, rows: range) -> Found:
        """J of a step, of which `rows` says the number."""
        drawn, spans = self._spans(rows.start)
        told = [(part, span) for part, span in zip(self.parts, spans, strict=True) if span[0] != span[1]]
        with_key = [
            (gradient_of, (self.key, None, self.run, _where_it_lies(part), self.numbers, drawn, span))
            for part, span in told
        ]
        found = self._all(with_key)
        missing = [i for i, each in enumerate(found) if isinstance(each, str)]
        again = [(gradient_of, (self.key, self.text, *with_key[i][1][2:])) for i in missing]
        for i, each in zip(missing, self._all(again), strict=True):
            found[i] = each
        self.kernel += sum(seconds for *_, seconds in found)
        total: Any = 0.0
        for count, mean, _ in found:  # in the order of the parts, whoever was first
            total = total + count * mean
        return self._apart(total / sum(count for count, *_ in found))

    def _apart(self, mean: Any) -> Found:
        end, l2 = 1 + len(self.numbers), self.eager.l2
        loss = float(mean[0]) + l2 * float(self.numbers @ self.numbers)
        slopes = mean[1:end] + 2.0 * l2 * self.numbers
        if not (abs(loss) < float("inf") and bool((abs(slopes) < float("inf")).all())):
            raise OverflowError(f"the loss became {loss}, or a derivative non-finite")
        return Found(loss, slopes, mean[end:].tolist())

    def _spans(self, step: int) -> tuple[tuple[Any, ...] | None, list[tuple[int, int]]]:
        """Of each part the rows of a step: its share of the batch, in an order of the epoch's own."""
        if self.batch >= self.total:
            return None, [(0, -1)] * len(self.parts)
        steps = -(-self.total // self.batch)
        epoch, at = divmod(step, steps)
        return (self.seed, epoch), [(size * at // steps, size * (at + 1) // steps) for size in self.sizes]

    def _all(self, calls: Sequence[tuple[Callable[..., Any], tuple[Any, ...]]]) -> list[Any]:
        """The results of calls, in their order. WorkersLost where an executor has none any more."""
        options = (
            {} if isinstance(self.executor, Executor) else {"pure": False}
        )  # Dask would know a call by its arguments
        try:
            waiting = [self.executor.submit(call, *args, **options) for call, args in calls]
            return [each.result() for each in waiting]
        except BrokenExecutor as error:
            raise WorkersLost(
                f"the {type(self.executor).__name__} is broken, a worker of it died: {error}; the last good parameters "
                "are in place: make another executor, and go on from a checkpoint (each process runs the script that "
                "starts it: put what it does under if __name__ == '__main__')"
            ) from error

    def validated(self) -> Found:
        """The loss of the validation data without the penalty, and the accuracy, here."""
        self.written()
        return self.eager.validated()

    def written(self) -> None:
        """Put the parameters into the model."""
        self.eager.numbers = self.numbers.tolist()


def tape_of(model: Any, loss: Loss, sample: Example) -> Tape:
    """The tape of (parameters, row, target) to J, its gradient, and whether the prediction is right."""
    parameters, right = model.parameters(), accuracy(loss)

    def of_row(numbers: Any, x: Any, y: Any) -> list[Any]:
        predicted = list[Any]()

        def objective(given: Any) -> Any:
            placed = dict(zip(parameters, given, strict=True))
            prediction = replaced(model, lambda p: placed.get(p, p))(x)
            predicted[:] = [right(prediction, y)] if right else []
            return loss(prediction, y)

        value, gradient = ad.value_and_grad(objective)(numbers)
        return [value, *gradient, *predicted]

    row, target = sample
    return ad.trace(of_row, [p.data for p in parameters], list(row), target).simplify()


def lies_elsewhere(inputs: Any) -> bool:
    """Whether data are a folder, or arrays of Dask's."""
    return isinstance(inputs, str | Path) or hasattr(inputs, "to_delayed")


def over_parts(executor: Any, inputs: Any, targets: Any, eager: Eager, seed: Any) -> Scattered:
    """J over the parts of data by an executor; the loss checked on a row of them."""
    parts, sample = parts_of(executor, inputs, targets)
    eager.check([sample])
    return Scattered(executor, parts, eager, sample, seed)


def parts_of(executor: Any, inputs: Any, targets: Any) -> tuple[list[Any], Example]:
    """The parts of data for an executor, and a row with its target to trace the loss with.

    inputs  Dask's array, whose blocks of rows are the parts; a folder of .npy or .parquet files, of which targets is a
            column; or examples in memory, as a list, in 16 parts
    """
    if not (isinstance(executor, Executor) or (hasattr(executor, "submit") and hasattr(executor, "scheduler"))):
        raise TypeError(f"an executor is one of concurrent.futures', or Dask's Client; got {executor!r}")
    if hasattr(inputs, "to_delayed"):
        return _blocks(executor, inputs, targets)
    if isinstance(inputs, str | Path):
        parts = stored(inputs, targets)
        rows, answers = parts[0].arrays()
        return list(parts), (rows[0].tolist(), float(answers[0]))
    cuts = [len(inputs) * i // PARTS for i in range(PARTS + 1)]
    whole = [inputs[a:b] for a, b in pairwise(cuts) if a < b]
    held = [Held(f"part {i}", [row for row, _ in part], [y for _, y in part]) for i, part in enumerate(whole)]
    if isinstance(executor, Executor):
        return list(held), inputs[0]
    return [Named(part.name, executor.submit(_itself, part, pure=False)) for part in held], inputs[0]


class Named:
    """A part that lies with a worker of Dask's: a future of it, and its name."""

    def __init__(self, name: str, future: Any) -> None:
        self.name, self.future = name, future


def _where_it_lies(part: Any) -> Any:
    return part.future if isinstance(part, Named) else part


def _itself(part: Any) -> Any:
    return part


def _held(name: str, rows: Any, targets: Any) -> Held:
    return Held(name, rows, targets)


def _blocks(client: Any, inputs: Any, targets: Any) -> tuple[list[Any], Example]:
    """The blocks of Dask's arrays, as futures that lie where they were computed."""
    if isinstance(client, Executor):
        raise TypeError("Dask's arrays need Dask's Client: pass executor=Client(…)")
    if targets is None or not hasattr(targets, "to_delayed") or len(targets) != len(inputs):
        raise ValueError("targets are an array of Dask's with as many rows as inputs")
    inputs = inputs.rechunk({1: -1})
    targets = targets.rechunk({0: inputs.chunks[0]})
    sample = inputs[0].compute().tolist(), targets[0].compute().tolist()
    rows, answers = (client.compute(list(x.to_delayed().ravel())) for x in (inputs, targets))
    pairs = zip(rows, answers, strict=True)
    return [
        Named(f"block {i}", client.submit(_held, f"block {i}", *pair, pure=False)) for i, pair in enumerate(pairs)
    ], sample


def steps_in_order() -> Iterator[tuple[None, range]]:
    """The number of each step as a range of one: which rows those are, each part knows."""
    step = 0
    while True:
        yield None, range(step, step + 1)
        step += 1
