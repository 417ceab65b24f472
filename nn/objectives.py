"""The mean loss of a model over rows, with its gradient: on Values that one can step through, or compiled.

Both hold the parameters as numbers that can be read and set, and the data in an order that can be changed.
"""

import math
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from typing import Any, NamedTuple

import autodiff as ad
from autodiff import Value
from autodiff.core.collector import held_back
from autodiff.core.packages import require
from nn.data import Example, numbers
from nn.losses import accuracy, l2_penalty

Loss = Callable[[Any, Any], Any]
WORTH = 200_000  # parameters · rows · steps, from which compiling takes less time than it saves
FEW = 3  # rows on which compiled losses are compared with eager ones
AGREE = 1e-9


class Found(NamedTuple):
    """J, ∂J/∂x for each parameter, and the share of right predictions as a list of one, or of none for a regression."""

    loss: float
    slopes: Any
    accuracy: list[float]


class Eager:
    """J as a graph, built and swept anew at each call: arithmetic that fails raises."""

    def __init__(
        self, model: Any, data: Sequence[Example], loss: Loss, l2: float, validation: Sequence[Example] = ()
    ) -> None:
        self.model, self.data, self.loss, self.l2, self.validation = model, data, loss, l2, validation
        self.parameters: list[Value] = model.parameters()
        self.order: Sequence[int] = range(len(data))

    @property
    def numbers(self) -> Any:
        """The parameters."""
        return [p.data for p in self.parameters]

    @numbers.setter
    def numbers(self, xs: Any) -> None:
        for p, x in zip(self.parameters, xs, strict=True):
            p.data = float(x)

    def __call__(self, rows: range) -> Found:
        """J of these rows of the order."""
        chosen = [self.data[self.order[i]] for i in rows]
        with held_back:  # from the first node of a graph to its last: it is gone before the collector goes on
            objective, right = self._graph(chosen)
            found = ad.stop_gradient(objective)
            if not math.isfinite(found):
                raise OverflowError(f"the loss became {found}{_where(objective)}")
            self.model.zero_grad()
            ad.backward(objective)
            slopes = [p.grad for p in self.parameters]
            if not all(map(math.isfinite, slopes)):
                raise OverflowError(f"a derivative became non-finite{_where(objective)}")
            del objective
        return Found(found, slopes, right)

    def _graph(self, chosen: Sequence[Example]) -> tuple[Any, list[float]]:
        """J, the mean loss plus the penalty; and the accuracy, if the loss has one."""
        predictions = [self.model(row) for row, _ in chosen]
        targets = [target for _, target in chosen]
        with ad.scope("loss"):
            mean = ad.mean(numbers([self.loss(p, t) for p, t in zip(predictions, targets, strict=True)]))
        right = accuracy(self.loss)
        share = [float(ad.mean(map(right, predictions, targets)))] if right else []
        return mean + l2_penalty(self.model.parameters(), self.l2) if self.l2 else mean, share

    def check(self, data: Sequence[Example]) -> None:
        """ValueError, of the loss, for a target that it does not take."""
        if data:
            output = self.model(data[0][0])
            for target in {str(target): target for _, target in data}.values():
                self.loss(output, target)

    def mean(self, data: Sequence[Example]) -> Found:
        """The loss without the penalty, and the accuracy."""
        right, pairs = accuracy(self.loss), [(self.model(row), target) for row, target in data]
        losses = [ad.stop_gradient(self.loss(*pair)) for pair in pairs]
        share = [float(ad.mean(right(*pair) for pair in pairs))] if right else []
        return Found(sum(losses) / len(losses), (), share)

    def validated(self) -> Found:
        """The loss of the validation data without the penalty, and the accuracy."""
        return self.mean(self.validation)

    def written(self) -> None:
        """The model has the parameters already."""


class Compiled:
    """J compiled: the parameters stand in one array, and in the model when they are `written`."""

    def __init__(self, eager: Eager, size: int) -> None:
        self.np: Any = require("numpy", "compiled training", "pip install 'autodiff-stepper[fast]'")
        self.eager, data = eager, eager.data
        eager.check(data)  # a trace cannot: targets are no numbers there
        step = ad.compile(_with_accuracy(eager.loss, eager.l2), batch=(None, 0, 0), reduce="mean")
        step(eager.model, *_columns(data[:size]))
        self.whole = self.bound = step.bind(None, *_columns(data))
        self.validation = step.bind(None, *_columns(eager.validation)) if eager.validation else None
        self.numbers: Any = self.bound.pack(eager.model)

    @property
    def order(self) -> Sequence[int]:
        """In which the data stand."""
        return self.eager.order

    @order.setter
    def order(self, order: Sequence[int]) -> None:
        self.eager.order = order
        self.bound = self.whole.reordered(self.np.array(order))

    def __call__(self, rows: range) -> Found:
        """J of these rows of the order. Where it is not finite, as eager evaluation has it, which tells why."""
        found = self.bound(self.numbers, None if len(rows) == self.bound.rows else rows)
        if not self.np.isfinite(found).all():
            self.written()
            return self.eager(rows)
        return self._apart(found)

    def validated(self) -> Found:
        """The loss of the validation data without the penalty, and the accuracy."""
        found = self._apart(self.validation(self.numbers)) if self.validation else Found(math.nan, (), [])
        return found._replace(loss=found.loss - self._penalty())

    def _apart(self, found: Any) -> Found:
        end = 1 + len(self.numbers)
        return Found(float(found[0]), found[1:end], found[end:].tolist())

    def _penalty(self) -> float:
        return self.eager.l2 * float(self.numbers @ self.numbers)

    def differs(self, rows: range) -> str:
        """What eager evaluation says otherwise of a few rows; empty where both agree."""
        self.written()
        few = [self.order[i] for i in rows[:FEW]]
        some = self.np.resize(few, len(rows))  # as many as in a step, for which the machine code is there
        compiled = float(self.whole.reordered(some)(self.numbers)[0]) - self._penalty()
        losses = [self.eager.mean([self.eager.data[i]]).loss for i in few]
        expected = float(self.np.resize(losses, len(rows)).mean())
        if abs(compiled - expected) <= AGREE * max(1.0, abs(expected)) or not math.isfinite(compiled):
            return ""
        return f"{compiled!r} compiled, {expected!r} eagerly"

    def written(self) -> None:
        """Put the parameters into the model."""
        self.eager.numbers = self.numbers.tolist()


def objective(eager: Eager, size: int, steps: int, *, compile: bool | None) -> "tuple[Eager | Compiled, str]":  # noqa: A002
    """The compiled objective, where it can be and pays; else the eager one, and why."""
    there = find_spec("llvmlite") is not None and find_spec("numpy") is not None
    if compile is False or (compile is None and not (there and len(eager.parameters) * size * steps >= WORTH)):
        return eager, ""
    try:
        return Compiled(eager, size), ""
    except Exception as error:  # whatever a trace cannot do
        if compile:
            raise
        return eager, f"{type(error).__name__}: {error}"


def _with_accuracy(loss: Loss, l2: float) -> Callable[..., Any]:
    """(J, its gradient, whether the prediction is right) of one row."""
    right = accuracy(loss)

    def of_row(model: Any, x: Any, y: Any) -> Any:
        predicted: list[Any] = []

        def whole(model: Any) -> Any:
            prediction = model(x)
            predicted[:] = [right(prediction, y)] if right else []
            found = loss(prediction, y)
            return found + l2_penalty(model.parameters(), l2) if l2 else found

        return *ad.value_and_grad(whole)(model), predicted

    of_row.__name__ = getattr(loss, "__name__", "loss")
    return of_row


def _columns(data: Sequence[Example]) -> tuple[list[Any], list[Any]]:
    return [row for row, _ in data], [target for _, target in data]


def _where(objective: Any) -> str:
    """The first number of the step that was not finite, in words."""
    first = ad.first_nonfinite(objective) if isinstance(objective, Value) else None
    return f", first in {first}" if first else ""
