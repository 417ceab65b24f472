"""What there is to watch without data of one's own: XOR, two moons, a sine, drawn by a generator of its own seed."""

import math
import random
from collections.abc import Callable
from typing import Any, NamedTuple

from nn.layers import MLP
from nn.losses import binary_cross_entropy, half_squared_error, hinge
from nn.objectives import Loss
from nn.optimizers import Adam, GradientDescent, Optimizer


class Example(NamedTuple):
    """A network, its data, and how it is trained."""

    model: MLP
    inputs: list[list[float]]
    targets: list[float]
    loss: Loss
    optimizer: Optimizer


def xor() -> Example:
    """The four corners of a square, which no line tells apart (Minsky and Papert 1969)."""
    corners = [[x, y] for x in (0.0, 1.0) for y in (0.0, 1.0)]
    targets = [float(x != y) for x, y in corners]
    return Example(MLP(2, [4, 1], "tanh", rng=3), corners, targets, binary_cross_entropy, GradientDescent(0.5))


def moons(count: int = 100, noise: float = 0.1) -> Example:
    """Two half circles, one in the other's mouth."""
    rng, rows, targets = random.Random(1), list[list[float]](), list[float]()
    for i in range(count):
        angle, side = math.pi * (i // 2) / (count // 2 - 1), i % 2
        x, y = (1.0 - math.cos(angle), 0.5 - math.sin(angle)) if side else (math.cos(angle), math.sin(angle))
        rows.append([x + rng.gauss(0.0, noise), y + rng.gauss(0.0, noise)])
        targets.append(2.0 * side - 1.0)
    return Example(MLP(2, [8, 8, 1], "relu", rng=1), rows, targets, hinge, GradientDescent(0.2, 0.9))


def sine(count: int = 40, noise: float = 0.05) -> Example:
    """A period of a sine, a little noisy."""
    rng = random.Random(2)
    xs = [2.0 * math.pi * i / (count - 1) - math.pi for i in range(count)]
    targets = [math.sin(x) + rng.gauss(0.0, noise) for x in xs]
    model = MLP(1, [8, 8, 1], "tanh", rng=2, initialization="glorot")
    return Example(model, [[x] for x in xs], targets, half_squared_error, Adam(0.02))


EXAMPLES: dict[str, Callable[[], Example]] = {"xor": xor, "moons": moons, "sine": sine}


def example(name: Any) -> Example:
    """The example of a name. ValueError for a name that there is not."""
    if name not in EXAMPLES:
        raise ValueError(f"the examples to watch are {', '.join(map(repr, EXAMPLES))}; got {name!r}")
    return EXAMPLES[name]()
