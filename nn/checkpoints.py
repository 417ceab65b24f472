"""Checkpoints: a run of training in a file, from which it goes on to the same bits.

    file ::= tensors parameters, kept.0, kept.1 … of the optimizer, best; {"format": "nn run 1", "run": settings, …}

The orders of batches are not kept: a seed gives them anew, and those of the steps that are done are passed over.
"""

import hashlib
import json
import random
import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

from autodiff.core.packages import require
from nn.data import Example, numbers, plain
from nn.files import BadFile, Tensor, checked, read, written
from nn.history import History
from nn.loops import Batches, Loop
from nn.objectives import Compiled

FORMAT = "nn run 1"


def settings(
    model: Any, optimizer: Any, loss: Any, data: Sequence[Example], held: Sequence[Example], seed: Any, **others: Any
) -> dict[str, Any]:
    """What a run is of: another one cannot go on from where it stopped."""
    known = cast("dict[str, Any]", vars(optimizer))
    told = {name: x for name, x in known.items() if name not in ("kept", "steps") and not callable(x)}
    return {
        "model": repr(model), "parameters": len(model.parameters()), "loss": getattr(loss, "__name__", repr(loss)),
        "optimizer": json.loads(json.dumps({"class": type(optimizer).__name__, **told}, default=repr)),
        "rows": len(data), "data": _digest(data), "validation data": _digest(held), "seed": plain(seed), **others,
    }  # fmt: skip


def fresh_seed() -> int:
    """A seed for a run that was given none: with it the run can be repeated."""
    return random.SystemRandom().getrandbits(48)


class Checkpoint:
    """A file that `fit` goes on from. BadFile where it is damaged, or none of a run."""

    def __init__(self, path: str | Path) -> None:
        self.path = path
        self.tensors, self.about = read(path, FORMAT)

        def parse() -> tuple[Any, History, int, bool]:
            seed, history = self.about["run"]["seed"], History(**self.about["history"])
            return seed, history, int(self.about["optimizer steps"]), bool(self.about["compiled"])

        self.seed, self.history, self.optimizer_steps, self.compiled = checked(path, parse)

    def into(self, loop: Loop, run: dict[str, Any]) -> int:
        """Put it into a loop that has not begun; how many steps were done. BadFile where the run is another."""
        theirs = self.about["run"]
        for name in [*run, *theirs]:
            if theirs.get(name) != run.get(name):
                raise BadFile(
                    f"{self.path} is of another run: its {name} is {theirs.get(name)!r}, and here it is "
                    f"{run.get(name)!r}; leave resume out to begin anew"
                )

        def parse() -> tuple[Any, ...]:
            kept = [list(self.tensors[f"kept.{i}"].numbers) for i in range(int(self.about["kept"]))]
            least, looks = self.about["best"]
            found = self.tensors["parameters"].numbers, self.tensors["best"].numbers
            if any(len(each) != len(loop.good) for each in (*found, *kept)):
                raise BadFile("its parameters are others")
            return *(_like(loop.good, each) for each in found), kept, float(least), int(looks)

        there, best, kept, least, looks = checked(self.path, parse)
        loop.objective.numbers = loop.good = there
        loop.best = (least, looks, best)
        loop.optimizer.kept, loop.optimizer.steps = kept, self.optimizer_steps
        self.history.stopped = ""
        vars(loop.history).update(vars(self.history))
        return len(self.history.loss)


class Keeper:
    """Writes where a loop stands, the old file until the new one is whole."""

    def __init__(self, path: str | Path, loop: Loop, run: dict[str, Any]) -> None:
        self.path, self.run = path, run
        self.ahead = loop.optimizer.steps - len(loop.history.loss)

    def __call__(self, loop: Loop) -> None:
        """Write it; not in the middle of a step, where Ctrl-C may have come."""
        optimizer, history = loop.optimizer, loop.history
        if optimizer.steps - len(history.loss) != self.ahead:
            return
        least, looks, best = loop.best
        vectors = {"parameters": loop.objective.numbers, "best": best}
        vectors |= {f"kept.{i}": kept for i, kept in enumerate(optimizer.kept)}
        written(
            self.path,
            {name: Tensor((len(xs),), list(map(float, xs))) for name, xs in vectors.items()},
            {
                "format": FORMAT, "run": self.run, "history": vars(history), "optimizer steps": optimizer.steps,
                "kept": len(optimizer.kept), "best": [least, looks],
                "compiled": isinstance(loop.objective, Compiled),
            },
        )  # fmt: skip


def passed(batches: Batches, steps: int, loop: Loop) -> Batches:
    """The batches behind those of so many steps; the loop's data stand in the order of the last epoch."""
    order: Any = None
    for _ in range(steps):
        new, _rows = next(batches)
        order = order if new is None else new
    if order is not None:
        loop.objective.order = order
    return batches


def _like(ours: Any, xs: Sequence[float]) -> Any:
    """A list, or an array, as the loop has it."""
    return list(xs) if isinstance(ours, list) else require("numpy", "training", "pip install numpy").array(xs)


def _digest(data: Sequence[Example]) -> str:
    """What tells data from other data."""
    found = hashlib.blake2b(digest_size=8)
    for row, target in data:
        for xs in (row, cast("list[float]", numbers(target))):
            found.update(struct.pack(f"<{len(xs)}d", *xs))
    return f"{len(data)} rows, {found.hexdigest()}"
