"""Training end to end: `python benchmarks/training.py` prints the tables of README.md.

Every run is a process of its own that has imported everything; tracing and compiling count. Peers are in the venv of
compiled.py.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from statistics import median

from compiled import peers
from tables import machine, markdown, publish

HERE = Path(__file__).parent
ROUNDS = 5
STEPS = (10, 50, 100, 200, 400, 800)
DIGITS = {
    "nn.fit, compiled": "ours", "scikit-learn MLPClassifier": "sklearn", "PyTorch, eager": "torch",
    "jax.jit, step by step": "jax",
}  # fmt: skip


def run(system, task, *arguments):
    """What trained.py of one system says."""
    python = sys.executable if system in ("ours", "micrograd") else peers()
    command = [python, HERE / "trained.py", system, task, *map(str, arguments)]
    environment = os.environ | {"PYTHONPATH": str(HERE.parent), "OMP_NUM_THREADS": "1"}
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, env=environment).stdout)


def moons():
    """Milliseconds end to end over steps, and a step when all is warm."""
    runs = {
        system: {n: [run(system, "moons", n) for _ in range(ROUNDS)] for n in STEPS} for system in ("ours", "torch")
    }
    whole = {system: {n: median(each["seconds"] for each in runs[system][n]) for n in STEPS} for system in runs}
    step = {system: median(each["step"] for n in STEPS for each in runs[system][n]) for system in runs}
    theirs = run("micrograd", "moons", 5)["seconds"] / 5 * 100
    rows = [
        (system, *(f"{1e3 * whole[system][n]:,.0f}" for n in STEPS), f"{1e6 * step[system]:.0f}") for system in runs
    ]
    behind = whole["ours"][STEPS[0]] - whole["torch"][STEPS[0]]
    ahead = STEPS[0] + max(0.0, behind / (step["torch"] - step["ours"]))
    share, warm = theirs / whole["ours"][100], step["ours"] / step["torch"]
    told = (
        f"100 steps take micrograd {theirs:,.0f} s (five, times twenty), ours 1/{share:,.0f} of it (goal 1/200). A step"
        f" when all is warm takes {warm:.3f} of torch's (goal ≤ 0.1). Tracing and compiling included, ours is ahead of "
        f"torch's eager loop after {ahead:.0f} steps (goal 150)."
    )
    return markdown(("ms for so many steps", *map(str, STEPS), "µs a step, warm"), rows), told


def digits():
    """Test accuracy and seconds of 20 epochs."""
    rows = []
    for name, system in DIGITS.items():
        found = [run(system, "digits", 20) for _ in range(ROUNDS)]
        seconds = median([each["seconds"] for each in found])
        rows.append((name, f"{found[0]['accuracy']:.4f}", f"{seconds:.2f}"))
    return markdown(("digits, 64-32-10, Adam, batches of 64, 20 epochs", "test accuracy", "seconds"), rows)


def main():
    table, told = moons()
    publish("training", machine(f"medians of {ROUNDS} runs"), table, told, digits())


if __name__ == "__main__":
    main()
