"""What tracing costs: microseconds and bytes an instruction, for tapes of 10³ to 10⁵ operations; evaluating them."""

from tables import machine, markdown, publish
from timing import medians
from transforms import chain

import autodiff as ad

REPEATS = 7


def network(length):
    """About `length` operations: products and sums as a layer has them."""
    width = max(1, int((length / 2) ** 0.5))

    def f(x):
        return ad.total(ad.tanh(ad.total(a * (0.1 * k) for k in range(width))) for a in [x * i for i in range(width)])

    return f


def row(name, make, length):
    """Tracing and evaluating one function."""
    f = make(length)
    tape = ad.trace(f, 0.3)
    (traced,) = medians(lambda: ad.trace(f, 0.3), repeats=REPEATS)
    evaluated, direct = medians(lambda: tape.evaluate(0.3), lambda: f(0.3), repeats=REPEATS)
    n = len(tape)
    return (
        name, f"{n:,}", f"{traced / n * 1e6:.2f}", "yes" if traced / n < 5e-6 else "no", f"{tape.nbytes / n:.1f}",
        "yes" if tape.nbytes / n < 60 else "no", f"{evaluated / direct:.2f}",
    )  # fmt: skip


def main():
    rows = [
        row(name, make, length)
        for name, make in (("chain", chain), ("layer", network))
        for length in (1_000, 10_000, 100_000)
    ]
    header = ("function", "instructions", "µs each", "< 5", "bytes each", "< 60", "evaluation / function on floats")
    publish("tracing", machine(f"medians of {REPEATS}"), markdown(header, rows))


if __name__ == "__main__":
    main()
