"""Eager evaluation side by side with its peers: `python benchmarks/eager.py` prints the table of README.md.

Each side runs in processes of its own, in turn, with the garbage collector on: two libraries in one process would
pay for each other's garbage. The machine may be noisy, so a ratio is the median of the ratios of the rounds.
"""

import json
import math
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import NamedTuple

from tables import machine, markdown, publish

HERE = Path(__file__).parent
ROUNDS = 7
HEADER = ("question", "ours", "theirs", "ratio (min – max)", "goal", "met")
MICROGRAD = ("autodiff", "micrograd")
UNITS = {"µs": 1e6, "ms": 1e3, "bytes": 1.0}


class Question(NamedTuple):
    """A run of measures.py with our side and the other in the place of {}, and the most that ratio or figure may be."""

    asks: str
    run: str
    ours: str
    theirs: str
    unit: str
    ratio: float = math.inf
    most: float = math.inf


QUESTIONS = (
    Question("dot product, 2,000 Values · floats: an operation", "time dot_floats {} 2000", *MICROGRAD, "µs", 0.36),
    Question("dot product, 2,000 Values · Values: an operation", "time dot_values {} 2000", *MICROGRAD, "µs", 0.36),
    Question("micrograd's demo: a step over 100 moons", "time moons {} 100", *MICROGRAD, "ms", 1 / 6),
    Question(
        "nn.fit on the demo: a step against that loop, by hand", "time {} autodiff 100", "fit", "moons", "ms", 0.5
    ),
    Question("GPT, 16 wide, 16 long: a step against a plain Value", "time gpt {} 16", "autodiff", "plain", "ms", 0.5),
    Question("a node of 10⁶ in a chain against one of 10⁴", "time chain autodiff {}", "1000000", "10000", "µs", 2.0),
    Question("memory a node, gradients included", "memory dot_values {} 2000", *MICROGRAD, "bytes", most=152.0),
    Question("import", "importing {}", "autodiff", "micrograd.engine", "ms", most=50.0),
)


def figure(question, side):
    """What measures.py says of one side, in a fresh process."""
    command = [sys.executable, HERE / "measures.py", *question.run.format(side).split()]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)


def check(question):
    """Both libraries compute one and the same output and gradient, to 10⁻¹², before they are timed."""
    answer = question._replace(run=question.run.replace("time", "answer"))
    pairs = zip(figure(answer, question.ours), figure(answer, question.theirs), strict=True)
    if not all(math.isclose(x, y, rel_tol=1e-12, abs_tol=1e-12) for x, y in pairs):
        raise ArithmeticError(f"{question.run} differs between {question.ours} and {question.theirs}")


def measured(question):
    """The row of the table."""
    rounds = [(figure(question, question.ours), figure(question, question.theirs)) for _ in range(ROUNDS)]
    ours, theirs = (median(figures) * UNITS[question.unit] for figures in zip(*rounds, strict=True))
    ratios = sorted(x / y for x, y in rounds)
    ratio = median(ratios)
    goal = f"≤ {question.most:g} {question.unit}" if question.most < math.inf else f"≤ {digits(question.ratio)} ×"
    met = "yes" if ratio <= question.ratio and ours <= question.most else "no"
    spread = f"{digits(ratio)} ({digits(ratios[0])} – {digits(ratios[-1])})"
    return question.asks, f"{digits(ours)} {question.unit}", f"{digits(theirs)} {question.unit}", spread, goal, met


def digits(x):
    """Three of them."""
    return f"{float(f'{x:.3g}'):,g}"


def main():
    rows = []
    for question in QUESTIONS:
        if question.run.startswith("time") and question.ours == "autodiff":
            check(question)
        rows.append(measured(question))
        print("…", *rows[-1], file=sys.stderr)
    note = f"micrograd {version('micrograd')}; medians of {ROUNDS} rounds"
    publish("eager", machine(note), markdown(HEADER, rows))


if __name__ == "__main__":
    main()
