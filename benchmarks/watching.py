"""What training in a page costs: a step and a frame in Chromium, a step of `fit` on Values beside it, its size."""

import statistics
import sys
import tempfile
from pathlib import Path

from tables import machine, markdown, publish
from timing import once

import nn
from nn.watching.examples import EXAMPLES, example

sys.path.append(str(Path(__file__).parents[1] / "tests" / "support"))
from browser import executable, launched

STEPS, FRAMES, STEPS_OF_VALUES = 100, 60, 5
STEP = """(count) => {
    const start = performance.now();
    for (let i = 0; i < count; i++) step();
    return (performance.now() - start) / count;
}"""
FRAME = """(count) => {
    chosen.running = true;
    return Array.from({ length: count }, () => {
        const start = performance.now();
        step();
        redraw();
        document.body.getBoundingClientRect();
        return performance.now() - start;
    });
}"""


def eager(name):
    """Seconds of a step on Values."""
    own = example(name)
    options = {"loss": own.loss, "optimizer": own.optimizer, "progress": False, "compile": False}
    seconds, _ = once(lambda: nn.fit(own.model, own.inputs, own.targets, steps=STEPS_OF_VALUES, **options))
    return seconds / STEPS_OF_VALUES


def row(browser, name, folder):
    watching = nn.watch(name)
    page = browser.new_page(viewport={"width": 1280, "height": 1000})
    page.goto(watching.save(Path(folder) / "page.html").as_uri())
    step, frames = page.evaluate(STEP, STEPS), page.evaluate(FRAME, FRAMES)
    page.close()
    frame = statistics.median(frames)
    values = 1000.0 * eager(name)
    size = len(watching.html.encode()) / 1000
    return [name, repr(watching.model), f"{step:.2f} ms", f"{values:.0f} ms, {values / step:.0f} ×", f"{frame:.1f} ms",
            f"{max(frames):.0f} ms", f"{size:.0f} kB"]  # fmt: skip


def main():
    if executable() is None:
        sys.exit("training is watched in Chromium: apt-get install chromium")
    heads = ["example", "network", "a step", "on Values", "a frame with a step", "the slowest", "page"]
    with tempfile.TemporaryDirectory() as folder, launched(executable()) as browser:
        table = markdown(heads, [row(browser, name, folder) for name in EXAMPLES])
    publish("watching", machine(f"the mean of {STEPS} steps, the median of {FRAMES} frames"), table)


if __name__ == "__main__":
    main()
