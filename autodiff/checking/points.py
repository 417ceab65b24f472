"""Points at which a row is tested: of its domain, tails included, in the midst of it, and special ones."""

import itertools
import math
import random
from collections.abc import Iterator

from autodiff.core.rows import WIDE, Primitive, Range

POINTS = 40
# fmt: off
GRID = (
    0.0, -0.0, 5e-324, -5e-324, 1e-200, -1e-200, 1e200, -1e200, 1.0, -1.0, 0.5, -0.5, 2.0, -2.0, 3.0, -3.0, 8.0,
    math.inf, -math.inf, math.nan,
)
# fmt: on


def operand_counts(row: Primitive) -> tuple[int, ...]:
    """With how many operands it is tested."""
    return (row.arity,) if row.arity else (1, 2, 3)


def points(row: Primitive, count: int, amount: int = POINTS) -> Iterator[tuple[float, ...]]:
    """Points of the domain, the same ones at each call."""
    rng = random.Random(f"{row.name} {count}")
    intervals = list(row.domain) or [WIDE] * count
    for _ in range(amount):
        yield tuple([low if low == high else _in_interval(rng, low, high) for low, high in intervals])


def amid(row: Primitive, count: int, amount: int = POINTS) -> Iterator[tuple[float, ...]]:
    """Points in the midst of things, about 1 where that is in the domain, where textbook forms are well conditioned."""
    rng = random.Random(f"{row.name} {count}")
    intervals = list(row.domain) or [WIDE] * count
    for _ in range(amount):
        yield tuple([rng.uniform(*_middle(low, high)) for low, high in intervals])


def _middle(low: float, high: float) -> Range:
    inner = max(low, 0.2), min(high, max(low + 1.0, 0.9))
    return inner if inner[0] < inner[1] else (low + (high - low) / 4, high - (high - low) / 4)


def grid(count: int) -> Iterator[tuple[float, ...]]:
    """Special operands in every combination: zeros, the smallest, small and large ones, whole numbers, inf, nan."""
    return itertools.product(GRID if count < 3 else GRID[::3], repeat=count)


def _in_interval(rng: random.Random, low: float, high: float) -> float:
    """Anywhere in [low, high]: evenly, near an end, near 0, by order of magnitude."""
    width = high - low
    kind = rng.randrange(5)
    if kind == 0:
        x = low + width * 10.0 ** rng.uniform(-17, -1)
    elif kind == 1:
        x = high - width * 10.0 ** rng.uniform(-17, -1)
    elif kind == 2:
        x = rng.choice((-1.0, 1.0)) * 10.0 ** rng.uniform(-20, 2)
    elif kind == 3 and max(abs(low), abs(high)) > 0:
        x = rng.choice((-1.0, 1.0)) * 10.0 ** rng.uniform(-20, math.log10(max(abs(low), abs(high))))
    else:
        x = rng.uniform(low, high)
    inside = low < x < high or low == high
    return x if inside else rng.uniform(low, high)
