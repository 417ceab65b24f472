"""What passes and Jacobians cost: times of repeated runs, memory, operations counted on tapes."""

import time
import tracemalloc
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from autodiff.core.primitives import sin
from autodiff.tape.tape import recorded
from autodiff.transforms.derivatives import jacobian, jvp, vjp

SECONDS, FEWEST, MOST = 0.15, 5, 2_000  # of measuring one thing
LONG = 0.15  # seconds of one run, for which it is not repeated
REPEATS = 9  # of each Jacobian among many


class Timing(NamedTuple):
    """Median and quartiles of repeated runs, in seconds."""

    median: float
    low: float
    high: float

    def __str__(self) -> str:
        unit, factor = ("µs", 1e6) if self.median < 1e-3 else ("ms", 1e3)
        spread = 50.0 * (self.high - self.low) / self.median
        return f"{self.median * factor:.3g} {unit}" + (f" ±{spread:.0f}%" if spread else "")


def timed(call: Callable[[], Any], seconds: float = SECONDS, fewest: int = FEWEST) -> Timing:
    """How long a call takes: the median of repeated runs, after one to warm up; of a long one, that alone."""
    return measured(call, seconds, fewest)[1]


def measured(call: Callable[[], Any], seconds: float = SECONDS, fewest: int = FEWEST) -> tuple[Any, Timing]:
    """What a call gives, and how long it takes."""
    start = time.perf_counter()
    result = call()
    first = time.perf_counter() - start
    if first > LONG:
        return result, Timing(first, first, first)
    times: list[float] = []
    while len(times) < fewest or (sum(times) < seconds and len(times) < MOST):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    times.sort()
    return result, Timing(*(times[int(len(times) * q)] for q in (0.5, 0.25, 0.75)))


def peak(call: Callable[[], Any]) -> int:
    """The bytes that a call holds at its peak, by tracemalloc."""
    running = tracemalloc.is_tracing()
    if not running:
        tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        tracemalloc.reset_peak()
        call()
        return tracemalloc.get_traced_memory()[1] - before
    finally:
        if not running:
            tracemalloc.stop()


def forward_pass(f: Callable[[Any], Any], n: int) -> Callable[[Any], Any]:
    """(f(x), DF(x)·ẋ) for x a list of n numbers and ẋ all ones."""

    def run(x: Any) -> Any:
        return jvp(f, (x,), ([1.0] * n,))

    return run


def reverse_pass(f: Callable[[Any], Any], m: int) -> Callable[[Any], Any]:
    """(f(x), ȳᵀ·DF(x)) for f(x) a list of m numbers and ȳ all ones."""

    def run(x: Any) -> Any:
        value, pullback = vjp(f, x)
        return value, pullback([1.0] * m)

    return run


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
            pushed, pulled = (recorded(run, (x,), abstract=False) for run in (forward_pass(f, n), reverse_pass(f, m)))
            by_forward, by_reverse = (_seconds(jacobian(f, mode), x) for mode in ("forward", "reverse"))
            rows.append(Scaling(n, m, by_forward, by_reverse, n * len(pushed), m * len(pulled)))
    return rows


def _seconds(call: Callable[[Any], Any], x: Any) -> float:
    return timed(lambda: call(x), seconds=0.0, fewest=REPEATS).median
