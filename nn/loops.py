"""What goes on between the steps of training: history, bar, looks at validation data, callbacks, and how it ends."""

import math
import random
import warnings
from collections.abc import Callable, Iterator, Sequence
from typing import Any, cast

from autodiff.core.packages import require
from nn.data import plain
from nn.history import History
from nn.objectives import Compiled, Eager, Found
from nn.optimizers import LBFGS
from nn.parts import WorkersLost

Callback = Callable[[int, Any, History], Any]
Batches = Iterator[tuple[Sequence[int] | None, range]]


class _Stop(Exception):
    """Training ends before its last step, and why."""


class Loop:
    """What goes on between steps: the history, the bar, looks at validation data, callbacks."""

    def __init__(
        self,
        objective: Any,  # Eager, or what has the parameters in an array and an `eager`
        optimizer: Any,
        history: History,
        callbacks: Sequence[Callback],
        every: int,
        patience: int | None,
    ) -> None:
        self.objective, self.optimizer, self.history = objective, optimizer, history
        self.callbacks, self.every, self.patience = callbacks, every, patience
        self.model = objective.model if isinstance(objective, Eager) else objective.eager.model
        self.validates = bool(objective.validation)
        self.good = objective.numbers  # of the last finite loss
        self.best: tuple[float, int, Any] = math.inf, 0, self.good
        self.bar: Any = None
        self.keep: Callable[[Loop], None] | None = None  # where it stands, in a file

    def run(self, batches: Batches, steps: int, begun: int = 0) -> None:
        """All steps but those `begun`. However they end, the model has the parameters of the last good one."""
        whole = isinstance(self.optimizer, LBFGS)
        try:
            if whole:
                self._minimize(next(batches)[1], steps)
            else:
                self._descend(batches, range(begun, steps))
        except (_Stop, KeyboardInterrupt) as stop:
            self.history.stopped = str(stop) or f"interrupted after {len(self.history.loss)} steps"
        except WorkersLost:  # nothing is wrong with the parameters
            raise
        except BaseException:
            self.objective.numbers = self.good
            raise
        finally:
            self.objective.written()
            self._show()
        if self.keep:
            self.keep(self)
        if self.patience and self.best[1]:
            self.objective.numbers = self.best[2]
            self.objective.written()

    def _descend(self, batches: Batches, steps: range) -> None:
        if steps.start:
            self._stop_if_patient(steps.start)
        for step in steps:
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
        if step % self.every:
            return
        if self.validates or self.callbacks:
            self._look(step, found)
        if self.keep:
            self.keep(self)

    def _look(self, step: int, found: Found) -> None:
        """Look at the validation data, and call whoever wants to see the model."""
        history = self.history
        self.objective.written()
        if not isinstance(self.objective, Eager):
            for p, g in zip(self.objective.eager.parameters, found.slopes.tolist(), strict=True):
                p.grad = g  # as after an eager step
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
            if not isinstance(told, dict | None):
                raise TypeError(f"a callback returns a dict of metrics by name, or None; got {told!r}")
            for name, x in cast("dict[str, Any]", told or {}).items():
                history.metrics.setdefault(name, []).append(x)
        if self.patience:
            self._be_patient(step)

    def _be_patient(self, step: int) -> None:
        losses = self.history.validation_loss
        if losses[-1] < self.best[0]:
            self.best = losses[-1], len(losses), self.objective.numbers
        else:
            self._stop_if_patient(step)

    def _stop_if_patient(self, step: int) -> None:
        if self.patience and len(self.history.validation_loss) - self.best[1] >= self.patience:
            at = self.history.validation_steps[self.best[1] - 1] if self.best[1] else 0
            raise _Stop(f"stopped early after {step} steps, with the parameters of step {at}")

    def _show(self) -> None:
        if self.bar is not None:
            self.bar.set_postfix_str(str(self.history), refresh=False)
            self.bar.update(len(self.history.loss) - self.bar.n)


def _now_and_then(step: int) -> bool:
    """0, 1, 2, 4, 8 … and every 1024."""
    return not step & (step - 1) or not step % 1024


def batches(m: int, size: int, seed: Any) -> Batches:
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
