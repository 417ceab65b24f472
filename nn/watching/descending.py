"""descend: descent on a function of two numbers, optimizers raced over its contours."""

from collections.abc import Callable, Sequence
from importlib.resources import files
from typing import Any

import autodiff as ad
from autodiff.core.floats import number
from autodiff.seeing.drawing.graphs import draw
from autodiff.seeing.listing import listed
from autodiff.seeing.page.pages import FOLDER, Document
from autodiff.seeing.page.stepper import page_data
from autodiff.seeing.stepping import Teller
from autodiff.transforms.derivatives import title
from autodiff.words.notation import DIGITS
from nn.data import count
from nn.optimizers import LBFGS, Adam, GradientDescent, Optimizer
from nn.watching.tapes import rule_data, tape_data

RACERS = (GradientDescent(0.02), GradientDescent(0.02, 0.9), Adam(0.1))
MOST = 2_000  # steps of a race
MOST_RACERS = 4  # told apart by colour and dashes


class Descent(Document):
    """A page in which optimizers go down a function: a notebook shows it; `html` is the page, `save` makes a file."""

    template, kind = "descending.html", "descent to watch"
    styles = ("stepper.css", "watching.css")
    scripts = (
        "special.js", "waves.js", "primitives.js", "notation.js", "engine.js", "machine.js", "elements.js", "data.js",
        "curves.js", "race.js", "descending.js",
    )  # fmt: skip
    folders = (files("nn.watching") / "page", FOLDER)

    def __init__(self, name: str, graph: Any, data: dict[str, Any]) -> None:
        super().__init__(name, data)
        self.graph = graph

    def still(self) -> str:
        """The graph of the function where it begins."""
        return draw(self.graph).svg

    def __repr__(self) -> str:
        return f"<Descent on {self.title}; .save('descent.html') makes a page of it>"


def descend(
    function: Callable[..., Any],
    *start: float,
    optimizers: Sequence[Optimizer] = RACERS,
    steps: int = 100,
    region: Sequence[tuple[float, float]] | None = None,
) -> Descent:
    """A page in which optimizers go down f(x, y) from a start, or f(x): paths over contours, to run, stop and step.

    start       one number or two
    optimizers  up to four, raced; by default gradient descent, momentum and Adam; in the page α of each is chosen anew
    steps       how many they take at most
    region      (low, high) of each number, of what is drawn; by default what the first paths need

    A click on a step shows its reverse sweep, contribution by contribution, and where the rule goes from there.

    TypeError for L-BFGS; ValueError for a start of other than one or two numbers, and where f is not finite there.
    """
    if len(start) not in (1, 2):
        raise ValueError(f"descent is drawn for functions of one or two numbers, got a start of {len(start)}")
    point, racers = list(map(number, start)), list[Any](optimizers)
    if not racers or len(racers) > MOST_RACERS or not all(isinstance(each, Optimizer) for each in racers):
        told = "L-BFGS cannot be watched: SciPy keeps its state; " * any(isinstance(each, LBFGS) for each in racers)
        raise TypeError(
            f"{told}one to {MOST_RACERS} optimizers are raced, such as nn.GradientDescent(0.1); got {racers!r}"
        )
    if count(steps, "steps") > MOST:
        raise ValueError(f"a race is of at most {MOST:,} steps, got {steps!r}")
    tape = ad.trace(_with_slopes(function, len(point)), *point)
    found = tape.evaluate(*point)
    if not all(map(_finite, found)):
        raise ValueError(
            f"{title(function)} is {found[0]} at {tuple(point)}, its gradient {tuple(found[1:])}: begin elsewhere"
        )
    listing = listed(function, tuple(point), "descend")
    names = [listing.names[slot] for slot in range(len(point))]
    seeds = [1.0] + [0.0] * (len(point) - 1)
    data = {
        "graph": page_data(Teller(listing, DIGITS), seeds, [1.0]), "tape": tape_data(tape.simplify()), "start": point,
        "rules": [rule_data(each) for each in racers], "steps": steps, "names": names, "digits": DIGITS,
        "region": _region(region, len(point)),
    }  # fmt: skip
    return Descent(listing.heading, listing.nodes[listing.outputs[0]], data)


def _with_slopes(function: Callable[..., Any], size: int) -> Callable[..., Any]:
    def both(*xs: Any) -> list[Any]:
        value, slopes = ad.value_and_grad(function, tuple(range(size)))(*xs)
        return [value, *slopes]

    both.__name__ = getattr(function, "__name__", "f")
    return both


def _finite(x: float) -> bool:
    return abs(x) < float("inf")


def _region(region: Any, size: int) -> list[list[float]] | None:
    if region is None:
        return None
    found = [list(map(number, pair)) for pair in region]
    if len(found) != size or any(len(pair) != 2 or not pair[0] < pair[1] for pair in found):
        raise ValueError(f"region is a pair (low, high) for each of the {size} numbers, got {region!r}")
    return found
