"""fit: gradient descent over batches."""

import math
import random
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from typing import Any, cast

from autodiff.core.packages import require
from nn.data import count, examples, plain, split
from nn.history import Diverged, History
from nn.initialization import WIDE
from nn.layers import Neuron
from nn.module import Module, modules
from nn.objectives import Compiled, Eager, Found, Loss, objective
from nn.optimizers import LBFGS, Optimizer

Callback = Callable[[int, Any, History], Any]


def fit(
    model: Module,
    inputs: Any,
    targets: Any,
    *,
    loss: Loss,
    optimizer: Optimizer | LBFGS,
    steps: int | None = None,
    epochs: int | None = None,
    batch: int | None = None,
    l2: float = 0.0,
    validation: Any = None,
    patience: int | None = None,
    callbacks: Sequence[Callback] = (),
    every: int | None = None,
    seed: int | None = 0,
    compile: bool | None = None,  # noqa: A002 (what it does)
    progress: bool = True,
) -> History:
    """Train `model` in place and return what happened.

    inputs, targets  m rows of numbers and a target for each
    loss             of one example, as in nn.losses; J is the mean over the batch, plus l2 · Σ p²
    steps, epochs    how long: steps (100 by default), or passes over all examples
    batch            examples a step, of all in an order drawn anew for each epoch; None for all of them
    validation       (inputs, targets) to look at between steps, or the share of the examples to set aside for it
    patience         looks at the validation data without a better loss, after which training stops; the best
                     parameters are put back
    callbacks        functions of (steps done, model, history); a dict that one returns goes into history.metrics, and
                     StopIteration ends training
    every            steps from one look, and call, to the next; by default those of an epoch
    seed             of the order and the validation split: the same seed, the same run
    compile          True or False; by default where the extra `fast` is there and it pays. Not compiled, each step is a
                     graph to be stepped through; the numbers are the same up to rounding
    progress         a bar with step, loss and accuracy (needs tqdm)

    A loss or a parameter that turns non-finite raises Diverged, with the last good parameters put back. Ctrl-C ends
    training: parameters and history are those of the steps that were done.
    """
    data, held = examples(inputs, targets), list[Any]()
    if validation is not None:
        data, held = split(data, validation, seed)
    size = len(data) if batch is None else min(count(batch, "batch"), len(data))
    an_epoch = -(-len(data) // size)
    if steps is not None and epochs is not None:
        raise ValueError(f"steps or epochs say how long to train, got both: {steps!r} and {epochs!r}")
    steps = count(100 if steps is None else steps, "steps") if epochs is None else count(epochs, "epochs") * an_epoch
    every = an_epoch if every is None else count(every, "every")
    _check(model, loss, optimizer, steps)
    if isinstance(optimizer, LBFGS) and size < len(data):
        raise ValueError(f"L-BFGS takes all {len(data)} examples at each step, not a batch of {size}: leave batch out")
    if patience is not None and not held:
        raise ValueError("patience is with the validation loss: pass validation=(inputs, targets), or a share of them")
    patience = None if patience is None else count(patience, "patience")
    eager = Eager(model, data, loss, l2, held)
    found, refused = objective(eager, size, steps, compile=compile)
    training = _Training(found, optimizer, History(), tuple(callbacks), every, patience)
    if refused:
        training.warn(f"it cannot be compiled ({refused})")
    shows = progress and sys.stderr is not None  # pyright: ignore[reportUnnecessaryComparison] (closed)
    bar = require("tqdm", "the progress bar", "pip install tqdm, or pass progress=False").tqdm if shows else None
    with bar(total=steps, desc="fit") if bar else nullcontext() as training.bar:
        try:
            for seen in (data if size < len(data) else [], held):
                eager.check(seen)  # a bad target turns up now, not in the batch of a later step
            training.run(_batches(len(data), size, seed), steps)
        except (ArithmeticError, ValueError) as error:
            history = training.history
            if isinstance(error, ValueError) and not (history.loss and _of_the_engine(error)):
                raise  # the user's own; or nothing has moved: the loss itself, or its targets, are at fault
            raise Diverged(
                f"{error}, at step {len(history.loss)} of {steps}: the last good parameters are back in place; "
                f"{optimizer!r} may go too fast, or the inputs be too large{_drawn_too_large(model)}",
                history,
            ) from error
    return training.history


class _Stop(Exception):
    """Training ends before its last step, and why."""


class _Training:
    """What goes on between steps: the history, the bar, looks at validation data, callbacks."""

    def __init__(
        self,
        objective: Eager | Compiled,
        optimizer: Any,
        history: History,
        callbacks: Sequence[Callback],
        every: int,
        patience: int | None,
    ) -> None:
        self.objective, self.optimizer, self.history = objective, optimizer, history
        self.callbacks, self.every, self.patience = callbacks, every, patience
        self.model = objective.eager.model if isinstance(objective, Compiled) else objective.model
        self.validates = bool(objective.validation)
        self.good = objective.numbers  # of the last finite loss
        self.best: tuple[float, int, Any] = math.inf, 0, self.good
        self.bar: Any = None

    def run(self, batches: Iterator[tuple[Sequence[int] | None, range]], steps: int) -> None:
        """All steps. However they end, the model has the parameters of the last good one."""
        whole = isinstance(self.optimizer, LBFGS)
        try:
            if whole:
                self._minimize(next(batches)[1], steps)
            else:
                self._descend(batches, steps)
        except (_Stop, KeyboardInterrupt) as stop:
            self.history.stopped = str(stop) or f"interrupted after {len(self.history.loss)} steps"
        except BaseException:
            self.objective.numbers = self.good
            raise
        finally:
            self.objective.written()
            self._show()
        if self.patience and self.best[1]:
            self.objective.numbers = self.best[2]
            self.objective.written()

    def _descend(self, batches: Iterator[tuple[Sequence[int] | None, range]], steps: int) -> None:
        for step in range(steps):
            order, rows = next(batches)
            if order is not None:
                self.objective.order = order
            if isinstance(self.objective, Compiled) and _now_and_then(step):
                self._compare(self.objective, rows)
            found = self.objective(rows)
            self.good = self.objective.numbers
            moved = self.optimizer.moved(self.good, found.slopes)
            if not _all_finite(moved):
                raise OverflowError("a parameter became non-finite")
            self.objective.numbers = moved
            self._done(step + 1, found)

    def _minimize(self, rows: range, steps: int) -> None:
        """By an optimizer that calls for values and gradients as it likes."""
        np: Any = require("numpy", "L-BFGS", "pip install scipy")
        known, last = dict[bytes, Found](), list[Found]()

        def f(x: Any) -> tuple[float, Any]:
            self.objective.numbers = np.array(x)
            try:
                found = self.objective(rows)
            except ArithmeticError:
                if not known and not last:
                    raise
                return math.inf, np.zeros(len(x))  # the line search takes a shorter step
            known[x.tobytes()] = found
            return found.loss, np.array(found.slopes)

        def seen(x: Any, _: float) -> None:
            before = last.pop() if last else next(iter(known.values()))
            last.append(known[x.tobytes()])
            self.objective.numbers = self.good = np.array(x)
            known.clear()
            self._done(len(self.history.loss) + 1, before)

        told = self.optimizer.minimize(f, np.array(self.good), steps, seen)
        self.objective.numbers = self.good
        if len(self.history.loss) < steps:
            self.history.stopped = f"L-BFGS ended: {told}"

    def _compare(self, compiled: Compiled, rows: range) -> None:
        """Go on eagerly where a trace has frozen what it should not have."""
        told = compiled.differs(rows)
        if told:
            self.objective = compiled.eager
            self.warn(
                f"its loss is another one from call to call, or keeps what changes outside of the model: {told}; a "
                "trace freezes random draws and plain numbers. compile=False says so beforehand"
            )

    def warn(self, reason: str) -> None:
        """Say why training goes on eagerly."""
        warnings.warn(
            f"{type(self.model).__name__} is trained eagerly, some hundred times slower: {reason}", stacklevel=3
        )

    def _done(self, step: int, found: Found) -> None:
        """After a step: what was found before it is noted, and now and then the model looked at."""
        history = self.history
        history.loss.append(found.loss)
        history.accuracy += found.accuracy
        if self.bar is not None and (_now_and_then(step) or isinstance(self.objective, Eager)):
            self._show()
        if step % self.every or not (self.validates or self.callbacks):
            return
        self.objective.written()
        if self.validates:
            seen = self.objective.validated()
            history.validation_steps.append(step)
            history.validation_loss.append(seen.loss)
            history.validation_accuracy += seen.accuracy
        for callback in self.callbacks:
            try:
                told = callback(step, self.model, history)
            except StopIteration as stop:
                raise _Stop(str(stop) or f"stopped by a callback after {step} steps") from None
            for name, x in cast("dict[str, Any]", told or {}).items():
                history.metrics.setdefault(name, []).append(x)
        if self.patience:
            self._be_patient(step)

    def _be_patient(self, step: int) -> None:
        losses = self.history.validation_loss
        if losses[-1] < self.best[0]:
            self.best = losses[-1], len(losses), self.objective.numbers
        elif self.patience and len(losses) - self.best[1] >= self.patience:
            at = self.history.validation_steps[self.best[1] - 1] if self.best[1] else 0
            raise _Stop(f"stopped early after {step} steps, with the parameters of step {at}")

    def _show(self) -> None:
        if self.bar is not None:
            self.bar.set_postfix_str(str(self.history), refresh=False)
            self.bar.update(len(self.history.loss) - self.bar.n)


def _now_and_then(step: int) -> bool:
    """0, 1, 2, 4, 8 … and every 256."""
    return not step & (step - 1) or not step % 256


def _batches(m: int, size: int, seed: Any) -> Iterator[tuple[Sequence[int] | None, range]]:
    """The rows of each step, and at the beginning of each epoch the order that they are counted in."""
    rng = random.Random(plain(seed))
    while True:
        order = None if size == m else rng.sample(range(m), m)
        for first in range(0, m, size):
            yield (order if not first else None), range(first, min(first + size, m))


def _all_finite(xs: Any) -> bool:
    return (
        all(map(math.isfinite, cast("list[float]", xs))) if isinstance(xs, list) else bool((abs(xs) < math.inf).all())
    )


def _of_the_engine(error: Exception) -> bool:
    """Whether arithmetic of ours failed, and not a line of the user's loss or model."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    rooms = ("nn.training", "nn.objectives", "autodiff")
    return trace is not None and trace.tb_frame.f_globals.get("__name__", "").startswith(rooms)


def _drawn_too_large(model: Module) -> str:
    """What to say of a model that has neurons too wide for their initialization."""
    neurons = [module for module in modules(model) if isinstance(module, Neuron)]
    widths = [len(neuron.weights) for neuron in neurons if getattr(neuron, "initialization", "") == "uniform"]
    if max(widths, default=0) <= WIDE:
        return ""
    return (
        f', or the weights: "uniform" suits neurons of up to about {WIDE} inputs, and here are some of {max(widths)}: '
        'begin with initialization="he" or "glorot"'
    )


def _check(model: Any, loss: Any, optimizer: Any, steps: int) -> None:
    """What can be known to be wrong before anything moves."""
    if not isinstance(model, Module):
        raise TypeError(f"a model is a Module, such as nn.MLP(2, [16, 1]); got {model!r}")
    if not callable(loss):
        raise TypeError(f"a loss is a function of a prediction and a target, such as nn.hinge; got {loss!r}")
    if not isinstance(optimizer, Optimizer | LBFGS):
        raise TypeError(f"an optimizer is needed, such as nn.GradientDescent(0.1); got {optimizer!r}")
    if not model.parameters():
        raise ValueError("the model has no parameters: keep Values in its attributes, or in lists, tuples, dicts there")
    if isinstance(optimizer, Optimizer):
        for step in range(optimizer.steps, optimizer.steps + steps):
            optimizer.rate(step)
