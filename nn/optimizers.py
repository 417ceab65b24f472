"""Optimizers: how parameters move along their gradients. An optimizer keeps its own state."""

import math
from collections.abc import Callable, Iterable

from autodiff import Value
from autodiff.core.floats import number


class GradientDescent:
    """W ← W − α ∂J/∂W, J the mean loss over the batch.

    learning_rate  α > 0, or a function of the step, from 0
    """

    def __init__(self, learning_rate: float | Callable[[int], float]) -> None:
        self.learning_rate = learning_rate
        self.steps = 0
        if not callable(learning_rate):
            self.rate()

    def rate(self, step: int | None = None) -> float:
        """α at a step, the present one by default."""
        step = self.steps if step is None else step
        rate = number(self.learning_rate(step) if callable(self.learning_rate) else self.learning_rate)
        if not (rate > 0 and math.isfinite(rate)):
            raise ValueError(
                f"the learning rate is a finite number above 0, got {rate!r} at step {step} of this optimizer"
            )
        return rate

    def step(self, parameters: Iterable[Value]) -> None:
        """Move every parameter against its gradient."""
        rate = self.rate()
        for parameter in parameters:
            parameter.data = parameter.data - rate * parameter.grad
        self.steps += 1

    def __repr__(self) -> str:
        return f"GradientDescent({self.learning_rate!r})"
