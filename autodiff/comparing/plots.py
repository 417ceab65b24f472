"""Pictures of a comparison: costs of both modes over n and over m, and errors over the step size."""

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

from autodiff.checking.complex_step import Complex
from autodiff.comparing.measuring import Scaling
from autodiff.seeing import plotting
from autodiff.transforms.derivatives import grad
from autodiff.words.colours import FORWARD, GREY, INK, REVERSE


def crossing(rows: Sequence[Scaling], size: Callable[[Scaling], int]) -> float | None:
    """Where the two times are equal, between two sizes; None where one is always faster, or noise crosses often."""
    found: list[float] = []
    for a, b in pairwise(rows):
        low, high = (math.log(row.forward_seconds / row.reverse_seconds) for row in (a, b))
        if low * high <= 0 and low != high:
            found.append(float(size(a) * (size(b) / size(a)) ** (low / (low - high))))
    return found[0] if len(found) == 1 else None


def figure(
    over_n: Sequence[Scaling], over_m: Sequence[Scaling], fixed: int, of: str, name: str,
    function: Callable[[Any], Any], at: float,
) -> Any:  # fmt: skip
    """Three panels, as a Matplotlib figure.

    of    the functions of n numbers to m, in words
    name  the function whose error is drawn
    """
    drawn = plotting.figure(12.0, 3.9)
    panels = drawn.subplots(1, 3)
    _costs(panels[0], over_n, lambda row: row.n, f"inputs n (m = {fixed})", of)
    _costs(panels[1], over_m, lambda row: row.m, f"outputs m (n = {fixed})", of)
    _errors(panels[2], function, at, name)
    return drawn


def _costs(axes: Any, rows: Sequence[Scaling], size: Callable[[Scaling], int], label: str, of: str) -> None:
    sizes = [size(row) for row in rows]
    axes.loglog(sizes, [row.forward_seconds * 1e3 for row in rows], color=FORWARD, marker="o", label="forward")
    axes.loglog(sizes, [row.reverse_seconds * 1e3 for row in rows], color=REVERSE, marker="s", label="reverse")
    where = crossing(rows, size)
    if where is not None:
        axes.axvline(where, color=GREY, linestyle=":", label=f"equal at {where:.1f}")
    axes.set_xticks(sizes, [str(n) for n in sizes])
    axes.tick_params(axis="x", which="minor", bottom=False)
    ticker = plotting.matplotlib("ticker")
    axes.yaxis.set_major_formatter("{x:g}")
    axes.yaxis.set_minor_locator(ticker.LogLocator(subs=(2.0, 5.0)))
    axes.yaxis.set_minor_formatter("{x:g}")
    axes.set(xlabel=label, ylabel="the whole Jacobian, ms")
    axes.set_title(f"Cost over {label.partition(' (')[0]}\nof {of}", loc="left")
    axes.legend(frameon=False)
    plotting.open_frame(axes)


def _errors(axes: Any, function: Callable[[Any], Any], at: float, name: str) -> None:
    """The V of differences, the floor of the complex step, and both modes, which have no step at all."""
    slope = grad(function)(at)
    exact: float = getattr(slope, "data", slope)
    steps = [10.0 ** (-k / 2) for k in range(2, 33)]
    floor = 2.0**-53

    def error(slope: Callable[[float], float], h: float) -> float:
        try:
            return max(abs(slope(h) - exact) / (abs(exact) or 1.0), floor)
        except (ArithmeticError, ValueError, AttributeError):
            return math.nan  # outside of the domain, or a row without a complex form: a gap in the curve

    def one_sided(h: float) -> float:
        return (function(at + h) - function(at)) / h

    def two_sided(h: float) -> float:
        return (function(at + h) - function(at - h)) / (2 * h)

    def imaginary(h: float) -> float:
        return function(Complex(complex(at, h))).number.imag / h

    forward, central, complexes = ([error(by, h) for h in steps] for by in (one_sided, two_sided, imaginary))
    axes.loglog(steps, forward, color=GREY, label="one-sided difference")
    axes.loglog(steps, central, color=GREY, linestyle="--", label="central difference")
    axes.loglog(steps, complexes, color=INK, linestyle=":", label="complex step")
    axes.axhline(floor, color=FORWARD, label="forward: no step")
    axes.axhline(floor, color=REVERSE, linestyle=(0, (5, 5)), label="reverse: no step")
    axes.set(xlabel="step size h", ylabel="relative error of ∂f/∂x₁", ylim=(floor / 5, 1e4))
    axes.set_xticks([10.0**-k for k in range(16, 0, -4)])
    axes.set_title(f"Error over the step size\nof {name}", loc="left")
    axes.legend(frameon=False, fontsize=8, loc="upper right")
    plotting.open_frame(axes)
