"""A derivative beside what values alone say of it, and the verdict on it."""

import math
from typing import NamedTuple

from autodiff.checking.references import Reference

VERDICTS = ("ok", "wrong", "kink", "edge", "cannot tell")
PASSING = ("ok", "kink", "edge")
UNDERFLOW = 1e-318  # below it a float has lost its digits


class Component(NamedTuple):
    """One derivative, of one order, along one way of nesting the modes.

    verdict  "ok"; "wrong"; "kink", where left and right derivatives differ, or a row of the function is at a kink or
             an infinite slope of its own; "edge", where one side has no values; "cannot tell", where the function is
             too ill-conditioned: no reference is certain enough
    """

    name: str
    modes: tuple[str, ...]
    analytic: float
    numeric: float
    error: float
    method: str
    verdict: str

    def cells(self) -> tuple[str, ...]:
        """What stands in the table."""
        verdict = self.verdict if self.verdict == "ok" else f"{self.verdict} ({self.method})"
        numbers = f"{self.analytic:.16g}", f"{self.numeric:.16g}", f"{self.error:.1e}"
        return self.name, " over ".join(self.modes), *numbers, verdict


def judged(name: str, modes: tuple[str, ...], analytic: float, reference: Reference, tolerance: float) -> Component:
    """The component of a derivative, with its verdict."""
    scale, gap = max(abs(analytic), abs(reference.derivative)), abs(analytic - reference.derivative)
    error = gap / scale if scale and math.isfinite(scale) else gap
    verdict = _verdict(analytic, reference, tolerance)
    return Component(name, modes, analytic, reference.derivative, error, reference.method, verdict)


def _verdict(analytic: float, reference: Reference, tolerance: float) -> str:
    if not math.isfinite(analytic):
        return reference.special or _unless_kinked(reference)
    scale, gap = max(abs(analytic), abs(reference.derivative)), abs(analytic - reference.derivative)
    within = tolerance * scale + reference.rounding + UNDERFLOW
    agree = gap <= within + reference.uncertain if reference.certain else reference.close and gap <= within
    if agree and (reference.method == "complex step" or not reference.special):
        chosen = reference.method == "complex step" and reference.denied_by_sides(analytic) and reference.kinks()
        return "kink" if chosen else "ok"
    if reference.special == "kink":
        low, high = reference.sides.range
        slack = 1e-6 * max(abs(low), abs(high)) + reference.natural
        if analytic < low - slack or analytic > high + slack:
            # one chosen slope keeps between the sides: relu(x) − 2 relu(−x) and second orders are made of several
            return "kink" if reference.kinks() > 1 else "wrong"
        # coarse steps take a kink nearby for one here: the complex step, certain within some ulp, does not
        return _unless_kinked(reference) if reference.method == "complex step" and reference.certain else "kink"
    return reference.special or _unless_kinked(reference)


def _unless_kinked(reference: Reference) -> str:
    """Of what disagrees: where no row was met at its own kink, a certain reference has the last word."""
    if reference.kinks():
        return "kink"
    return "wrong" if reference.certain else "cannot tell"
