"""How weights begin: drawn evenly from −limit to limit, the biases at 0.

An even draw has the deviation limit / √3, and a layer of n_in inputs makes signals deviation · √n_in / gain times as
large, the gain being its activation's. "he" leaves them as they are; "glorot" does that for both sweeps together, with
f near the identity. "uniform" is micrograd's: √(n_in / 6) times through relu, for neurons of up to about 16 inputs.
"""

import math
import random
from collections.abc import Callable
from typing import Any, TypeAlias

from nn.data import plain

Rng: TypeAlias = random.Random | int | None
WIDE = 16  # inputs of a neuron, beyond which "uniform" is too large

# the limit for a layer of n_out neurons, each of n_in inputs
INITIALIZATIONS: dict[str, Callable[[int, int, float], float]] = {
    "uniform": lambda n_in, n_out, gain: 1.0,
    "glorot": lambda n_in, n_out, gain: math.sqrt(6.0 / (n_in + n_out)),  # Glorot and Bengio 2010, (16)
    "he": lambda n_in, n_out, gain: gain * math.sqrt(3.0 / n_in),  # He et al. 2015, (10), where relu has gain √2
}


def limit(initialization: str, n_in: int, n_out: int, gain: float) -> float:
    """How far from 0 a weight may begin."""
    if not isinstance(initialization, str) or initialization not in INITIALIZATIONS:  # pyright: ignore[reportUnnecessaryIsInstance]
        raise ValueError(f"no initialization {initialization!r}: choose among {', '.join(INITIALIZATIONS)}")
    return INITIALIZATIONS[initialization](n_in, n_out, gain)


def generator(rng: Any) -> Any:
    """Who draws: `random` itself for None, so that random.seed() makes a run repeatable, as in micrograd."""
    seed = plain(rng)
    if seed is None:
        return random
    if type(seed) is int:
        return random.Random(seed)
    if not hasattr(rng, "uniform"):
        raise TypeError(f"rng is a random.Random, a seed or None; got {type(rng).__name__} {rng!r}")
    return rng
