"""fit: gradient descent over batches."""

import math
import random
import sys
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any

import autodiff as ad
from autodiff import Value
from autodiff.core.collector import held_back
from autodiff.core.packages import require
from nn.data import Example, count, examples, numbers, plain
from nn.initialization import WIDE
from nn.layers import Neuron
from nn.losses import ACCURACY, l2_penalty
from nn.module import Module, modules
from nn.optimizers import GradientDescent


@dataclass
class History:
    """What `fit` saw before each step: the loss, and the accuracy where the loss is a classifier's."""

    loss: list[float] = field(default_factory=list[float])
    accuracy: list[float] = field(default_factory=list[float])

    def __str__(self) -> str:
        loss = f"loss {self.loss[0]:.4g} → {self.loss[-1]:.4g}" if self.loss else "no step"
        return loss + (f", accuracy {self.accuracy[0]:.3f} → {self.accuracy[-1]:.3f}" if self.accuracy else "")

    def __repr__(self) -> str:
        return f"History({len(self.loss)} steps, {self})"


class Diverged(ArithmeticError):
    """The loss or a parameter turned non-finite; `history` holds the steps until then."""

    def __init__(self, message: str, history: History) -> None:
        super().__init__(message)
        self.history = history

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (str(self), self.history)  # a pool of processes sends it back


def fit(
    model: Module,
    inputs: Any,
    targets: Any,
    *,
    loss: Callable[[Any, Any], Any],
    optimizer: GradientDescent,
    steps: int = 100,
    batch: int | None = None,
    l2: float = 0.0,
    seed: int | None = 0,
    progress: bool = True,
) -> History:
    """Train `model` in place and return what happened.

    inputs, targets  m rows of numbers and a target for each
    loss             of one example, as in nn.losses; J is the mean over the batch, plus l2 · Σ p²
    batch            examples a step, drawn anew each step without replacement; None for all of them
    seed             of the batches: the same seed, the same run
    progress         a bar with step, loss and accuracy (needs tqdm)

    A loss or a parameter that turns non-finite raises Diverged, with the last good parameters put back.
    """
    data, steps, history = examples(inputs, targets), count(steps, "steps"), History()
    _check(model, loss, optimizer, steps)
    size = len(data) if batch is None else min(count(batch, "batch"), len(data))
    objectives = _objectives(model, data, loss, l2, size, steps, seed)
    shows = progress and sys.stderr is not None  # pyright: ignore[reportUnnecessaryComparison] (closed)
    bar = require("tqdm", "the progress bar", "pip install tqdm, or pass progress=False").tqdm if shows else None
    with bar(total=steps, desc="fit") if bar else nullcontext() as shown:
        try:
            for mean, accuracy in _descend(model, objectives, optimizer):
                history.loss.append(mean)
                history.accuracy += accuracy
                if shown is not None:
                    shown.set_postfix_str(str(history), refresh=False)
                    shown.update()
        except (ArithmeticError, ValueError) as error:
            if isinstance(error, ValueError) and not (history.loss and _of_the_engine(error)):
                raise  # the user's own; or nothing has moved: the loss itself, or its targets, are at fault
            raise Diverged(
                f"{error}, at step {len(history.loss)} of {steps}: the last good parameters are back in place; "
                f"{optimizer!r} may go too fast, or the inputs be too large{_drawn_too_large(model)}",
                history,
            ) from error
    return history


def _of_the_engine(error: Exception) -> bool:
    """Whether arithmetic of ours failed, and not a line of the user's loss or model."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    rooms = (__name__, "autodiff")
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
    if not isinstance(optimizer, GradientDescent):
        raise TypeError(f"an optimizer is needed, such as nn.GradientDescent(0.1); got {optimizer!r}")
    if not model.parameters():
        raise ValueError("the model has no parameters: keep Values in its attributes, or in lists, tuples, dicts there")
    for step in range(optimizer.steps, optimizer.steps + steps):
        optimizer.rate(step)


def _objectives(
    model: Any, data: list[Example], loss: Callable[[Any, Any], Any], l2: float, size: int, steps: int, seed: Any
) -> Iterator[tuple[Value, list[float]]]:
    """The objective of each step, on a batch of `size` examples."""
    rng = random.Random(plain(seed))
    if size < len(data):
        for output, (_, target) in zip(model.predict([row for row, _ in data]), data, strict=True):
            loss(output, target)  # a bad target turns up now, not in the batch of a later step
    for _ in range(steps):
        yield _objective(model, data if size == len(data) else rng.sample(data, size), loss, l2)


def _objective(
    model: Any, chosen: list[Example], loss: Callable[[Any, Any], Any], l2: float
) -> tuple[Value, list[float]]:
    """J, the mean loss over the batch plus the penalty; and the accuracy, if the loss has one."""
    predictions = [model(row) for row, _ in chosen]
    targets = [target for _, target in chosen]
    with ad.scope("loss"):
        mean = ad.mean(numbers([loss(p, t) for p, t in zip(predictions, targets, strict=True)]))
    right = ACCURACY.get(loss)
    accuracy = [sum(map(right, predictions, targets)) / len(targets)] if right else []
    return mean + l2_penalty(model.parameters(), l2) if l2 else mean, accuracy


def _descend(
    model: Module, objectives: Iterator[tuple[Value, list[float]]], optimizer: GradientDescent
) -> Iterator[tuple[float, list[float]]]:
    """A step down each objective; where arithmetic fails, the parameters of the last finite loss are put back."""
    parameters = model.parameters()
    good = [p.data for p in parameters]
    try:
        while True:
            with held_back:  # from the first node of a graph to its last: it is gone before the collector goes on
                objective, accuracy = next(objectives, (None, ()))
                if objective is None:
                    return
                found = ad.stop_gradient(objective)
                if not math.isfinite(found):
                    raise OverflowError(f"the loss became {found}{_where(objective)}")
                good = [p.data for p in parameters]
                model.zero_grad()
                ad.backward(objective)
                optimizer.step(parameters)
                if not all(math.isfinite(p.data) for p in parameters):
                    raise OverflowError(f"a parameter became non-finite{_where(objective)}")
                del objective
            yield found, list(accuracy)
    except (ArithmeticError, ValueError):
        for parameter, number in zip(parameters, good, strict=True):
            parameter.data = number
        raise


def _where(objective: Any) -> str:
    """The first number of the step that was not finite, in words."""
    first = ad.first_nonfinite(objective) if isinstance(objective, Value) else None
    return f", first in {first}" if first else ""
