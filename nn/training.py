"""fit: gradient descent over batches."""

import math
import random
from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any

import autodiff as ad
from autodiff import Value
from autodiff.packages import require
from nn.data import Example, count, examples
from nn.losses import ACCURACY, l2_penalty
from nn.module import Module
from nn.optimizers import GradientDescent


@dataclass
class History:
    """What `fit` saw before each step: the loss, and the accuracy where the loss is a classifier's."""

    loss: list[float] = field(default_factory=list[float])
    accuracy: list[float] = field(default_factory=list[float])

    def __str__(self) -> str:
        loss = f"loss {self.loss[0]:.4f} → {self.loss[-1]:.4f}" if self.loss else "no step"
        return loss + (f", accuracy {self.accuracy[0]:.3f} → {self.accuracy[-1]:.3f}" if self.accuracy else "")

    def __repr__(self) -> str:
        return f"History({len(self.loss)} steps, {self})"


class Diverged(ArithmeticError):
    """The loss or a parameter turned non-finite; `history` holds the steps until then."""

    def __init__(self, message: str, history: History) -> None:
        super().__init__(message)
        self.history = history


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
    size = len(data) if batch is None else min(count(batch, "batch"), len(data))
    objectives = (_objective(model, chosen, loss, l2) for chosen in _batches(data, size, steps, seed))
    bar = require("tqdm", "the progress bar", "pip install tqdm, or pass progress=False").tqdm if progress else None
    with bar(total=steps, desc="fit") if bar else nullcontext() as shown:
        try:
            for mean, accuracy in _descend(model, objectives, optimizer):
                history.loss.append(mean)
                history.accuracy += accuracy
                if shown is not None:
                    shown.set_postfix_str(str(history), refresh=False)
                    shown.update()
        except ArithmeticError as error:
            raise Diverged(
                f"{error}, at step {len(history.loss)} of {steps}: the last good parameters are back in place; "
                f"{optimizer!r} may go too fast",
                history,
            ) from error
    return history


def _batches(data: list[Example], size: int, steps: int, seed: int | None) -> Iterator[list[Example]]:
    rng = random.Random(seed)
    for _ in range(steps):
        yield data if size == len(data) else rng.sample(data, size)


def _objective(
    model: Any, chosen: list[Example], loss: Callable[[Any, Any], Any], l2: float
) -> tuple[Value, list[float]]:
    """J, the mean loss over the batch plus the penalty; and the accuracy, if the loss has one."""
    predictions = [model(row) for row, _ in chosen]
    targets = [target for _, target in chosen]
    mean = ad.mean(loss(p, t) for p, t in zip(predictions, targets, strict=True))
    right = ACCURACY.get(loss)
    accuracy = [sum(map(right, predictions, targets)) / len(targets)] if right else []
    return mean + l2_penalty(model.parameters(), l2) if l2 else mean, accuracy


def _descend(
    model: Module, objectives: Iterable[tuple[Value, list[float]]], optimizer: GradientDescent
) -> Iterator[tuple[float, list[float]]]:
    """A step down each objective; an ArithmeticError leaves the parameters of the last finite loss."""
    parameters = model.parameters()
    good = [p.data for p in parameters]
    try:
        for objective, accuracy in objectives:
            if not math.isfinite(objective.data):
                raise OverflowError(f"the loss became {objective.data}")
            good = [p.data for p in parameters]
            model.zero_grad()
            ad.backward(objective)
            optimizer.step(parameters)
            if not all(math.isfinite(p.data) for p in parameters):
                raise OverflowError("a parameter became non-finite")
            yield objective.data, accuracy
    except ArithmeticError:
        for parameter, number in zip(parameters, good, strict=True):
            parameter.data = number
        raise
