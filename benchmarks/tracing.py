"""What a tape costs: microseconds an instruction to trace, simplify and lower, from 10³ to 10⁶; bytes; evaluation.

With `--largest` a tape of 10⁷ instructions is traced, compiled and run, and its bytes told.
"""

import resource
import sys

from networks import data, network, scalar_loss
from tables import machine, markdown, publish
from timing import medians, once
from transforms import chain

import autodiff as ad
from autodiff.compiling.interpreter import Interpreter

REPEATS = 5
NETWORKS = ("2-16-16-1", "2-32-32-1", "8-64-64-1")


def layer(length):
    """About `length` operations: products and sums as a layer has them."""
    width = max(1, int((length / 2) ** 0.5))

    def f(x):
        return ad.total(ad.tanh(ad.total(a * (0.1 * k) for k in range(width))) for a in [x * i for i in range(width)])

    return f


def row(name, function, args, limit):
    """Tracing, simplifying, lowering and evaluating one function."""
    tape = ad.trace(function, *args)
    n, short = len(tape), tape.simplify()
    repeats = REPEATS if n < 200_000 else 1
    rows = [] if len(args) == 1 else range(short.inputs.size - len(args[1]) - 1, short.inputs.size)
    traced, simplified, lowered = medians(
        lambda: ad.trace(function, *args), tape.simplify,
        lambda: Interpreter(short.code, rows, reduce="mean" if rows else None), repeats=repeats,
    )  # fmt: skip
    evaluated, direct = medians(lambda: tape.evaluate(*args), lambda: function(*args), repeats=repeats)
    both = (traced + simplified) / n * 1e6
    figures = [f"{seconds / n * 1e6:.2f}" for seconds in (traced, simplified, lowered)]
    met = f"{both:.1f} (≤ {limit}: {'yes' if both <= limit else 'no'})"
    return name, f"{n:,}", *figures, met, f"{tape.nbytes / n:.1f}", f"{evaluated / direct:.2f}"


def largest():
    """A tape of ten million instructions."""
    tracing, tape = once(lambda: ad.trace(chain(10_000_000), 0.3))
    compiling, engine = once(lambda: Interpreter(tape.code, [0], reduce="mean"))
    import numpy as np

    inputs = np.linspace(0.1, 0.5, 8)[:, None]
    running, found = once(lambda: engine([], engine.table([inputs]), 8))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    return (
        f"{len(tape):,} instructions: traced in {tracing:.0f} s, {tape.nbytes / 1e6:.0f} MB; made ready in "
        f"{compiling:.0f} s, a stream of {engine.nbytes / 1e6:.0f} MB; run on 8 rows in {1e3 * running:.0f} ms (mean "
        f"{found[0]:.6f}); the process took {peak:.1f} GB."
    )


def main():
    if "--largest" in sys.argv:
        publish("largest", machine("once"), largest())
        return
    rows = [
        row(name, make(length), (0.3,), limit)
        for name, make, limit in (("chain", chain, 4), ("layer", layer, 6))
        for length in (1_000, 10_000, 100_000, 1_000_000)
    ]
    for name in NETWORKS:
        inputs, targets = data(name, 1)
        args = (network(name), inputs[0], targets[0])
        rows.append(row(f"gradient of {name}", ad.value_and_grad(scalar_loss(name)), args, 6))
    header = (
        "function", "instructions", "trace, µs each", "simplify", "lower", "trace + simplify", "bytes each",
        "evaluation / function",
    )  # fmt: skip
    publish("tracing", machine(f"medians of {REPEATS}, from 10⁶ on once"), markdown(header, rows))


if __name__ == "__main__":
    main()
