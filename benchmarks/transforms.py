"""What transforms cost: modes of a Jacobian, tangents in one evaluation, traces of a Hessian, growth with size.

Ratios within one run, medians of alternating repeats. Prints Markdown; `--write` puts it into README.md.
"""

import tracemalloc
from itertools import product

from tables import machine, markdown, publish
from timing import medians

import autodiff as ad
from autodiff.transforms import derivatives as transforms


def shared(m, length=300):
    """F: ℝⁿ → ℝᵐ whose outputs all pass through one long chain: the theory's case."""

    def f(x):
        s = x[0]
        for i in range(length):
            s = ad.sin(s) * x[i % len(x)] + 0.1
        return [ad.sin(s * (k + 1.0)) for k in range(m)]

    return f


def dense(m):
    """A layer of a network: its outputs share only their inputs."""

    def f(x):
        return [ad.tanh(ad.total(xj * (k + j + 0.1) for j, xj in enumerate(x))) for k in range(m)]

    return f


def modes():
    rows = []
    for (name, make), (n, m) in product(
        {"chain": shared, "layer": dense}.items(), [(1, 1), (16, 1), (16, 4), (16, 16), (64, 8), (64, 64), (1, 64)]
    ):
        f, x = make(m), [0.1 + 0.01 * i for i in range(n)]
        automatic = ad.jacobian(f)
        forward, reverse, taken = medians(
            lambda f=f, x=x: ad.jacobian(f, "forward")(x),
            lambda f=f, x=x: ad.jacobian(f, "reverse")(x),
            lambda a=automatic, x=x: a(x),
            repeats=9,
        )
        rows.append((
            name, str(n), str(m), f"{forward / reverse:.2f}", str(automatic.taken),
            f"{taken / min(forward, reverse):.2f}",
        ))  # fmt: skip
    return rows


def rosenbrock(x):
    return ad.total(100 * (x[i + 1] - x[i] ** 2) ** 2 + (1 - x[i]) ** 2 for i in range(len(x) - 1))


def bundles():
    """The Hessian of Rosenbrock's function in 64 variables, by the number of tangents in one evaluation."""
    x, calls, rows, chosen = [0.1 * i for i in range(64)], [0], [], transforms.BUNDLED
    sizes = (1, 4, 16, 32, 64)

    def counted(x):
        calls[0] += 1
        return rosenbrock(x)

    seconds = []
    for size in sizes:
        transforms.BUNDLED = size
        calls[0] = 0
        ad.hessian(counted)(x)
        evaluations = calls[0]
        (taken,) = medians(lambda: ad.hessian(rosenbrock)(x), repeats=5)
        seconds.append(taken)
        rows.append((str(size), str(evaluations), f"{taken / seconds[0]:.2f}"))
    transforms.BUNDLED = chosen
    return rows


def chain(length):
    """`length` operations, a sine and a sum in turn."""

    def f(x):
        for _ in range(length // 2):
            x = ad.sin(x) + 0.1
        return x

    return f


def growth():
    """A gradient of n operations: time and memory for each, against those of 1,000."""
    rows, base = [], None
    for n in (1_000, 10_000, 100_000):
        gradient = ad.grad(chain(n))
        (seconds,) = medians(lambda g=gradient: g(0.3), repeats=5)
        tracemalloc.start()
        gradient(0.3)
        size = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        base = base or (seconds / n, size / n)
        rows.append((f"{n:,}", f"{seconds / n / base[0]:.2f}", f"{size / n / base[1]:.2f}", f"{size / n:.0f}"))
    return rows


def main():
    publish(
        "transforms",
        machine("medians of alternating repeats"),
        "The Jacobian, forward over reverse (time), what `auto` takes, and its time over the better of both:",
        markdown(("function", "n", "m", "forward / reverse", "auto takes", "auto / better"), modes()),
        "The Hessian of Rosenbrock's function, n = 64, by tangents in one evaluation:",
        markdown(("tangents", "evaluations of f", "time against 1 tangent"), bundles()),
        "A gradient through n operations, for each operation, against n = 1,000:",
        markdown(("n", "time", "memory", "bytes at the peak"), growth()),
    )


if __name__ == "__main__":
    main()
