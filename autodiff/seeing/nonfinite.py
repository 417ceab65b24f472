"""Where a number first became infinite or nan: in the evaluation of a graph, or in the reverse sweep over it."""

from collections.abc import Iterator
from itertools import chain
from math import isfinite, nan
from typing import Any, NamedTuple

from autodiff.seeing.lines import Line
from autodiff.seeing.listing import listed
from autodiff.seeing.seeds import seeds_of
from autodiff.seeing.stepping import Step, Teller
from autodiff.words.notation import DIGITS


class Nonfinite(NamedTuple):
    """The first number that is not finite. Prints as a sentence.

    phase  "evaluate" or "reverse"
    node   whose number or adjoint it is; None where Python raised instead of computing it
    value  ±inf or nan
    told   how it came about: v₁ = ln x = ln 0 = −∞
    line   where the node was computed, as in "line 3 of model.py"; empty where that was not seen
    """

    phase: str
    node: Any
    value: float
    told: str
    line: str = ""

    def __str__(self) -> str:
        return f"{self.told} ({self.line})" if self.line else self.told


def first_nonfinite(target: Any, *args: Any) -> Nonfinite | None:
    """The first infinite number or nan of `ad.first_nonfinite(output)` or `ad.first_nonfinite(f, *args)`; None of none.

    The evaluation comes first, inputs included, then the reverse sweep from the first output. Of a function the lines
    are known too; an error of arithmetic in it is told as it is.
    """
    try:
        listing = listed(target, args, "first_nonfinite")
    except (ArithmeticError, ValueError) as error:
        return Nonfinite("evaluate", None, nan, str(error))
    teller = Teller(listing, DIGITS)
    steps: Iterator[Step] = chain(teller.evaluation(), teller.reverse(seeds_of(listing, None, None).adjoints))
    try:
        found = next((step for step in steps if not isfinite(step.after)), None)
    except (ArithmeticError, ValueError) as error:
        return Nonfinite("reverse", None, nan, str(error))
    if found is None:
        return None
    line = listing.lines.get(listing.slots[found.node])
    node = found.node if found.operand is None else found.operand
    return Nonfinite(found.phase, node, found.after, found.sentence, _told(line))


def _told(line: Line | None) -> str:
    return f"line {line.number} of {line.code.co_filename.replace(chr(92), '/').rpartition('/')[2]}" if line else ""
