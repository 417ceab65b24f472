"""What happened while a model was trained."""

from dataclasses import dataclass, field
from typing import Any


@dataclass
class History:
    """What `fit` saw: before each step the loss, and the accuracy where the loss is a classifier's.

    validation_steps   after how many steps the validation data were looked at
    validation_loss    then, without the penalty of weights; validation_accuracy beside it
    metrics            by name what callbacks returned
    stopped            why training ended before its last step, if it did
    """

    loss: list[float] = field(default_factory=list[float])
    accuracy: list[float] = field(default_factory=list[float])
    validation_steps: list[int] = field(default_factory=list[int])
    validation_loss: list[float] = field(default_factory=list[float])
    validation_accuracy: list[float] = field(default_factory=list[float])
    metrics: dict[str, list[Any]] = field(default_factory=dict[str, list[Any]])
    stopped: str = ""

    def __str__(self) -> str:
        told = [f"loss {self.loss[0]:.4g} → {self.loss[-1]:.4g}" if self.loss else "no step"]
        told += [f"accuracy {self.accuracy[0]:.3f} → {self.accuracy[-1]:.3f}"] if self.accuracy else []
        told += [f"validation loss {self.validation_loss[-1]:.4g}"] if self.validation_loss else []
        return ", ".join([*told, *([self.stopped] if self.stopped else [])])

    def __repr__(self) -> str:
        return f"History({len(self.loss)} steps, {self})"


class Diverged(ArithmeticError):
    """The loss or a parameter turned non-finite; `history` holds the steps until then."""

    def __init__(self, message: str, history: History) -> None:
        super().__init__(message)
        self.history = history

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (str(self), self.history)  # a pool of processes sends it back
