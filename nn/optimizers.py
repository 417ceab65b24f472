"""Optimizers: how parameters move along their gradients. An optimizer keeps its own state.

A rule is written for one parameter, and holds for arrays of them as it stands.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any, cast

from autodiff import Value
from autodiff.core.floats import number
from autodiff.core.packages import require
from nn.data import count

Rate = float | Callable[[int], float]


class Optimizer:
    """x ← x − α · something made of the gradients g = ∂J/∂x so far.

    learning_rate  α > 0, or a function of the step, from 0
    clip           the norm ‖g‖ of all gradients together, beyond which they are shortened to it; None for no bound
    """

    memory = 0  # numbers that are kept for each parameter

    def __init__(self, learning_rate: Rate, *, clip: float | None = None) -> None:
        self.learning_rate, self.clip, self.steps = learning_rate, clip, 0
        self.kept: Sequence[Any] = ()
        if not callable(learning_rate):
            self.rate()
        if clip is not None:
            _between("clip", clip, 0.0, math.inf)

    def rate(self, step: int | None = None) -> float:
        """α at a step, the present one by default."""
        step = self.steps if step is None else step
        rate = number(self.learning_rate(step) if callable(self.learning_rate) else self.learning_rate)
        if not (rate > 0 and math.isfinite(rate)):
            raise ValueError(
                f"the learning rate is a finite number above 0, got {rate!r} at step {step} of this optimizer"
            )
        return rate

    def rule(self, rate: float, x: Any, g: Any, *kept: Any) -> tuple[Any, ...]:
        """The parameter after the step, then what is kept of it: of numbers, or of arrays."""
        raise NotImplementedError

    def step(self, parameters: Iterable[Value]) -> None:
        """Move every parameter against its gradient."""
        moving = list(parameters)
        for p, x in zip(moving, self.moved([p.data for p in moving], [p.grad for p in moving]), strict=True):
            p.data = x

    def moved(self, xs: Any, gs: Any) -> Any:
        """Where parameters are after the step: of a list of numbers a list, of an array an array."""
        rate = self.rate()
        gs = gs if self.clip is None else _clipped(gs, self.clip)
        kept: list[Any] = list(self.kept) or [[0.0] * len(xs)] * self.memory
        if any(len(numbers) != len(xs) for numbers in kept):
            raise ValueError(
                f"this optimizer has moved {len(kept[0])} parameters, and now there are {len(xs)}: make another one"
            )
        if isinstance(xs, list):
            kept = [
                list(map(float, numbers)) for numbers in kept
            ]  # which were arrays, where steps before were compiled
            found = [self.rule(rate, *each) for each in zip(cast("list[float]", xs), gs, *kept, strict=True)]
            new, *kept = map(list, zip(*found, strict=True))
        else:
            np = require("numpy", "training on arrays", "pip install numpy")
            new, *kept = self.rule(rate, xs, gs, *map(np.asarray, kept))
        self.kept, self.steps = kept, self.steps + 1
        return new

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(self._told())})"

    def _told(self) -> list[str]:
        return [repr(self.learning_rate), *([f"clip={self.clip!r}"] if self.clip is not None else [])]


class GradientDescent(Optimizer):
    """W ← W − α ∂J/∂W, J the mean loss over the batch; with momentum μ, v ← μ v + ∂J/∂W and W ← W − α v.

    nesterov  W ← W − α (∂J/∂W + μ v), with the v after the step (Sutskever et al. 2013, as PyTorch has it)
    """

    def __init__(
        self, learning_rate: Rate, momentum: float = 0.0, *, nesterov: bool = False, clip: float | None = None
    ) -> None:
        super().__init__(learning_rate, clip=clip)
        self.momentum, self.nesterov = _between("momentum", momentum, 0.0, 1.0, first=True), nesterov
        if nesterov and not momentum:
            raise ValueError("nesterov=True needs a momentum, such as 0.9")
        self.memory = 1 if momentum else 0

    def rule(self, rate: float, x: Any, g: Any, *kept: Any) -> tuple[Any, ...]:
        """x − α g, or x − α v."""
        if not kept:
            return (x - rate * g,)
        v = self.momentum * kept[0] + g
        return x - rate * (g + self.momentum * v if self.nesterov else v), v

    def _told(self) -> list[str]:
        rest = [f"momentum={self.momentum!r}"] if self.momentum else []
        return [*super()._told(), *rest, *(["nesterov=True"] if self.nesterov else [])]


class Adam(Optimizer):
    """x ← x − α m̂ / (√v̂ + ε), with m̂ and v̂ means of g and g² that fade by β₁ and β₂, freed of their start at 0.

    Kingma and Ba 2015, algorithm 1.
    """

    memory = 2

    def __init__(
        self,
        learning_rate: Rate = 0.001,
        betas: tuple[float, float] = (0.9, 0.999),
        epsilon: float = 1e-8,
        *,
        clip: float | None = None,
    ) -> None:
        super().__init__(learning_rate, clip=clip)
        self.betas = tuple(_between("each of betas", beta, 0.0, 1.0, first=True) for beta in betas)
        self.epsilon = _between("epsilon", epsilon, 0.0, math.inf)

    def rule(self, rate: float, x: Any, g: Any, *kept: Any) -> tuple[Any, ...]:
        """x − α m̂ / (√v̂ + ε), m and v."""
        first, second = self.betas
        m, v = first * kept[0] + (1.0 - first) * g, second * kept[1] + (1.0 - second) * g * g
        to_one, to_two = (1.0 - beta ** (self.steps + 1) for beta in self.betas)
        return x - rate * (m / to_one) / ((v / to_two) ** 0.5 + self.epsilon), m, v


class AdamW(Adam):
    """Adam, after x ← x − α λ x, with the decay λ of weights (Loshchilov and Hutter 2019)."""

    def __init__(
        self,
        learning_rate: Rate = 0.001,
        betas: tuple[float, float] = (0.9, 0.999),
        epsilon: float = 1e-8,
        decay: float = 0.01,
        *,
        clip: float | None = None,
    ) -> None:
        super().__init__(learning_rate, betas, epsilon, clip=clip)
        self.decay = _between("decay", decay, 0.0, math.inf, first=True)

    def rule(self, rate: float, x: Any, g: Any, *kept: Any) -> tuple[Any, ...]:
        """Adam's of a parameter that has decayed."""
        return super().rule(rate, x - rate * self.decay * x, g, *kept)

    def _told(self) -> list[str]:
        return [*super()._told(), f"decay={self.decay!r}"]


class RMSProp(Optimizer):
    """x ← x − α g / (√v + ε), with v a mean of g² that fades by ρ (Hinton 2012, lecture 6e)."""

    memory = 1

    def __init__(
        self, learning_rate: Rate = 0.01, rho: float = 0.99, epsilon: float = 1e-8, *, clip: float | None = None
    ) -> None:
        super().__init__(learning_rate, clip=clip)
        self.rho = _between("rho", rho, 0.0, 1.0, first=True)
        self.epsilon = _between("epsilon", epsilon, 0.0, math.inf)

    def rule(self, rate: float, x: Any, g: Any, *kept: Any) -> tuple[Any, ...]:
        """x − α g / (√v + ε), and v."""
        v = self.rho * kept[0] + (1.0 - self.rho) * g * g
        return x - rate * g / (v**0.5 + self.epsilon), v


class LBFGS:
    """Quasi-Newton steps with line searches, on the whole batch, by SciPy's L-BFGS-B (Byrd et al. 1995).

    memory  how many steps back the curvature is known by
    """

    def __init__(self, memory: int = 10) -> None:
        self.memory = count(memory, "the memory of L-BFGS")

    def minimize(
        self, f: Callable[[Any], tuple[float, Any]], start: Any, steps: int, seen: Callable[[Any, float], None]
    ) -> str:
        """From `start` on, of a function that gives value and gradient; `seen` after each step. Why it ended."""
        optimize: Any = require("scipy.optimize", "L-BFGS", "pip install scipy")
        options = {"maxiter": steps, "maxcor": self.memory, "maxfun": 20 * steps + 100}

        def each(intermediate_result: Any) -> None:  # by this name SciPy knows what to pass
            seen(intermediate_result.x, float(intermediate_result.fun))

        found = optimize.minimize(f, start, jac=True, method="L-BFGS-B", callback=each, options=options)
        return str(found.message)

    def __repr__(self) -> str:
        return f"LBFGS({self.memory})"


def _clipped(gs: Any, longest: float) -> Any:
    """The gradients, shortened where their norm is larger."""
    norm = math.hypot(*gs)
    if not norm > longest:
        return gs
    short = longest / norm
    return [g * short for g in cast("list[float]", gs)] if isinstance(gs, list) else gs * short


def _between(name: str, x: float, low: float, high: float, *, first: bool = False) -> float:
    """A number between two, `first` if the lower one is allowed itself."""
    found = number(x)
    if not (low < found < high or (first and found == low)):
        raise ValueError(f"{name} is a number {'from' if first else 'above'} {low:g} and below {high:g}, got {x!r}")
    return found
