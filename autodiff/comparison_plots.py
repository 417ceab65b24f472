"""Pictures of a comparison: costs of both modes over n and over m, and errors over the step size."""

import math
import time
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from autodiff.complex_step import Complex
from autodiff.packages import require
from autodiff.primitives import sin
from autodiff.tape import recorded
from autodiff.transforms import grad, jacobian, jvp, vjp

# Okabe and Ito's palette: told apart by every kind of colour vision; markers tell the curves apart without colour.
BLUE, ORANGE, GREEN, GREY = "#0072B2", "#D55E00", "#009E73", "#666666"
REPEATS = 9
INSTALL = "pip install matplotlib"


class Scaling(NamedTuple):
    """Jacobians of F: ℝⁿ → ℝᵐ: median seconds, and operations counted on tapes, n forward passes against m sweeps."""

    n: int
    m: int
    forward_seconds: float
    reverse_seconds: float
    forward_operations: int
    reverse_operations: int


def chain(n: int, m: int) -> Callable[[list[Any]], list[Any]]:
    """A function of n numbers to m that all pass through one chain of 100 operations."""

    def shared(x: list[Any]) -> list[Any]:
        y = x[0]
        for i in range(50):
            y = sin(y) * x[i % n]
        return [y * (k + 1.0) for k in range(m)]

    return shared


def scaling(make_f: Callable[[int, int], Any] | None, ns: Sequence[int], ms: Sequence[int]) -> list[Scaling]:
    """Both Jacobians for every n in ns and m in ms, at xᵢ = 0.5 + i / 2n."""
    rows: list[Scaling] = []
    for n in ns:
        for m in ms:
            f, x = (make_f or chain)(n, m), [0.5 + 0.5 * i / n for i in range(n)]
            pushed, pulled = (recorded(run, (x,), abstract=False) for run in (_forward(f, n), _reverse(f, m)))
            seconds = [_seconds(jacobian(f, mode), x) for mode in ("forward", "reverse")]
            rows.append(Scaling(n, m, seconds[0], seconds[1], n * len(pushed), m * len(pulled)))
    return rows


def crossing(rows: Sequence[Scaling], size: Callable[[Scaling], int]) -> float | None:
    """Where the two times are equal, between two sizes; None where one is always faster, or noise crosses often."""
    found: list[float] = []
    for a, b in pairwise(rows):
        low, high = (math.log(row.forward_seconds / row.reverse_seconds) for row in (a, b))
        if low * high <= 0 and low != high:
            found.append(float(size(a) * (size(b) / size(a)) ** (low / (low - high))))
    return found[0] if len(found) == 1 else None


def figure(
    over_n: Sequence[Scaling], over_m: Sequence[Scaling], fixed: int, function: Callable[[Any], Any], at: float
) -> Any:
    """Three panels, as a Matplotlib figure."""
    figures = require("matplotlib.figure", "a plot", INSTALL)
    drawn = figures.Figure(figsize=(13.5, 4.2), dpi=150, layout="constrained")
    panels = drawn.subplots(1, 3)
    _costs(panels[0], over_n, lambda row: row.n, f"inputs n (m = {fixed})")
    _costs(panels[1], over_m, lambda row: row.m, f"outputs m (n = {fixed})")
    _errors(panels[2], function, at)
    return drawn


def saved(drawn: Any, path: str | Path) -> Path:
    """The figure in a file, its folder made where there is none."""
    path = Path(path) if Path(path).suffix else Path(path).with_suffix(".png")
    path.parent.mkdir(parents=True, exist_ok=True)
    drawn.savefig(path)
    return path


def _costs(axes: Any, rows: Sequence[Scaling], size: Callable[[Scaling], int], label: str) -> None:
    sizes = [size(row) for row in rows]
    axes.loglog(sizes, [row.forward_seconds * 1e3 for row in rows], color=BLUE, marker="o", label="forward")
    axes.loglog(sizes, [row.reverse_seconds * 1e3 for row in rows], color=ORANGE, marker="s", label="reverse")
    where = crossing(rows, size)
    if where is not None:
        axes.axvline(where, color=GREY, linestyle=":", label=f"equal at {where:.1f}")
    axes.set_xticks(sizes, [str(n) for n in sizes])
    axes.tick_params(axis="x", which="minor", bottom=False)
    axes.yaxis.set_major_formatter("{x:g}")
    axes.yaxis.set_minor_formatter(
        require("matplotlib.ticker", "a plot", INSTALL).LogFormatter(minor_thresholds=(2, 0.5))
    )
    axes.set(xlabel=label, ylabel="the whole Jacobian, ms")
    axes.set_title("Cost of both modes", loc="left")
    axes.legend(frameon=False)
    axes.spines[["top", "right"]].set_visible(False)


def _errors(axes: Any, function: Callable[[Any], Any], at: float) -> None:
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
    axes.loglog(steps, central, color=GREEN, linestyle="--", label="central difference")
    axes.loglog(steps, complexes, color=ORANGE, linestyle="-.", label="complex step")
    axes.axhline(floor, color=BLUE, label="forward and reverse: no step")
    axes.set(xlabel="step size h", ylabel="relative error of ∂f/∂x₁", ylim=(floor / 5, 1e4))
    axes.set_title("Error over the step size", loc="left")
    axes.legend(frameon=False, fontsize=8, loc="upper right")
    axes.spines[["top", "right"]].set_visible(False)


def _forward(f: Callable[[Any], Any], n: int) -> Callable[[Any], Any]:
    def run(x: Any) -> Any:
        return jvp(f, (x,), ([1.0] * n,))

    return run


def _reverse(f: Callable[[Any], Any], m: int) -> Callable[[Any], Any]:
    def run(x: Any) -> Any:
        value, pullback = vjp(f, x)
        return value, pullback([1.0] * m)

    return run


def _seconds(call: Callable[[Any], Any], x: Any) -> float:
    call(x)  # to warm up
    times: list[float] = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        call(x)
        times.append(time.perf_counter() - start)
    return median(times)
