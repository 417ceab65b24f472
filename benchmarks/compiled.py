"""Compiled code beside its peers: `python benchmarks/compiled.py` makes them a venv and prints the tables of README.md.

Each system is a process of its own, pinned to one core, called as its users would; rounds alternate between them, and a
figure is the median of nine. Before anything is timed all must agree on the value and every derivative.
"""

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path
from statistics import median

from tables import machine, markdown, publish

HERE = Path(__file__).parent
PEERS = HERE.parent / ".venv-peers"
ROUNDS = 9
NETWORKS = ("2-16-16-1", "2-32-32-1", "8-64-64-1")
SMOOTH = tuple(f"{name} {activation}" for activation in ("tanh", "sigmoid") for name in NETWORKS[1:])
RATIOS = (  # ours, theirs, and the most that the ratio may be on each network
    ("ours, bound", "jax.jit, bound", (0.15, 0.35, 0.9)),
    ("ours, arrays", "jax.jit, arrays", (0.3, 0.5, 1.1)),
    ("ours, bound", "torch", (0.05, 0.13, 0.4)),
    ("ours, bound", "CasADi", (0.15, 0.09, 0.1)),
    ("ours, float32", "jax.jit, float32", (None, None, None)),
    ("ours, exact", "ours, bound", (None, None, None)),
    ("ours, bound", "ours, the loss alone", (3.5, 3.5, 3.5)),
)


def peers():
    """The interpreter that has them."""
    python = PEERS / "bin" / "python"
    if not python.exists():
        venv.create(PEERS, with_pip=True)
        subprocess.run(
            [python, "-m", "pip", "install", "--quiet", "jax", "torch", "casadi", "scikit-learn"], check=True
        )
    return python


class Worker:
    """A system at work on a program."""

    def __init__(self, system, program, *, pinned):
        ours = system.startswith(("ours", "source"))
        pin = ["taskset", "-c", str(max(os.sched_getaffinity(0)))] if pinned and shutil.which("taskset") else []
        one_thread = {"XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false", "OMP_NUM_THREADS": "1"} if pinned else {}
        self.process = subprocess.Popen(
            [*pin, sys.executable if ours else peers(), HERE / "worker.py", system, program],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env=os.environ | {"PYTHONPATH": str(HERE.parent)} | one_thread,
        )  # fmt: skip
        self.answer = list(map(float, self.process.stdout.readline().split()))
        self.times = []
        self.ask()

    def ask(self):
        """The seconds of a call."""
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline())

    def close(self):
        """The median of what was asked."""
        self.process.stdin.close()
        self.process.wait()
        return median(self.times)


def times(systems, program, *, pinned=True):
    """The seconds of a call of each system, in alternating rounds."""
    workers = {system: Worker(system, program, pinned=pinned) for system in systems}
    reference = next(iter(workers.values())).answer
    for system, worker in workers.items():
        narrow = "float32" in system
        for x, y in zip(worker.answer, reference, strict=False):
            if abs(x - y) > (1e-4 if narrow else 1e-9) * max(1.0, abs(y)):
                raise ArithmeticError(f"{system} says {x} where the others say {y}, on {program}")
    for _ in range(ROUNDS):
        for worker in workers.values():
            worker.times.append(worker.ask())
    return {system: worker.close() for system, worker in workers.items()}


def networks():
    """The three networks: microseconds of each system, and ratios."""
    systems = list(dict.fromkeys(system for ours, theirs, _ in RATIOS for system in (ours, theirs)))
    taken = {name: times(systems, name) for name in NETWORKS}
    loose = {name: times(["ours, bound", "jax.jit, bound"], name, pinned=False) for name in NETWORKS}
    rows = [(system, *(f"{1e6 * taken[name][system]:.3g}" for name in NETWORKS)) for system in systems]
    rows += [
        (f"{system}, not pinned", *(f"{1e6 * loose[name][system]:.3g}" for name in NETWORKS))
        for system in ("ours, bound", "jax.jit, bound")
    ]
    ratios = []
    for ours, theirs, goals in RATIOS:
        found = [taken[name][ours] / taken[name][theirs] for name in NETWORKS]
        told = [
            f"{x:.3f}" + ("" if goal is None else f" (≤ {goal}: {'yes' if x <= goal else 'no'})")
            for x, goal in zip(found, goals, strict=True)
        ]
        ratios.append((f"{ours} / {theirs}", *told))
    return markdown(("µs a call", *NETWORKS), rows), markdown(("ratio", *NETWORKS), ratios)


def smooth():
    """Networks of other activations."""
    systems = ("ours, bound", "jax.jit, bound", "torch", "CasADi")
    taken = {name: times(systems, name) for name in SMOOTH}
    return markdown(
        ("µs a call", *SMOOTH),
        [(system, *(f"{1e6 * taken[name][system]:.3g}" for name in SMOOTH)) for system in systems],
    )


def scalars():
    """The gradient of ten numbers, one row."""
    taken = times(["ours, bound", "ours, arrays", "source", "jax.jit, arrays", "torch", "CasADi"], "rosenbrock")
    return markdown(("system", "µs a call"), [(system, f"{1e6 * x:.3g}") for system, x in taken.items()])


def training():
    """A step of gradient descent, of a hundred."""
    systems = ["ours, inside", "lax.scan", "jax.jit, step by step", "torch, step by step", "scikit-learn"]
    taken = {program: times(systems, program) for program in ("moons", "digits")}
    rows = [(system, *(f"{1e6 * taken[program][system]:.3g}" for program in taken)) for system in systems]
    return markdown(("µs a step", "moons, 128 rows", "digits 64-32-10, 64 rows"), rows)


def threads():
    """10⁵ rows in one thread and in two."""
    taken = times(["ours, one thread", "ours, two threads", "jax.jit, bound"], "rows", pinned=False)
    one, two, theirs = taken.values()
    return (
        f"10⁵ rows of 2-16-16-1, not pinned: one thread {1e3 * one:.3g} ms, two {1e3 * two:.3g} ms, {one / two:.2f} × "
        f"as fast (goal 1.7 ×); jax.jit {1e3 * theirs:.3g} ms."
    )


def main():
    taken, ratios = networks()
    publish(
        "compiled", machine(f"medians of {ROUNDS} alternating runs"),
        "One value and gradient of a hinge-loss MLP over 104 points, float64:", taken, ratios,
        "The same with other activations:", smooth(),
        "The gradient of Rosenbrock's function of ten numbers, one row:", scalars(), threads(),
        "A step of gradient descent, the loop inside where a system can:", training(),
    )  # fmt: skip


if __name__ == "__main__":
    main()
