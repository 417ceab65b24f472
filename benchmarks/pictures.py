"""What looking costs: drawings of large graphs, pages of the stepper, a step in the browser."""

import statistics
import sys
import tempfile
from pathlib import Path

from tables import machine, markdown, publish
from timing import once

import autodiff as ad
import nn
from autodiff import Value
from autodiff.seeing.listing import listed

sys.path.append(str(Path(__file__).parents[1] / "tests" / "support"))
from browser import executable, launched
from drawings import neuron

# Each step is shown and laid out; what is painted later is not waited for.
STEPS = """(count) => Array.from({ length: count }, (_, i) => {
    const start = performance.now();
    show(Math.round((i + 1) * follows.steps.length / count));
    document.body.getBoundingClientRect();
    return performance.now() - start;
})"""
SHOWN = 200  # steps, from the first to the last


def mixing(x):
    """About 300 nodes of 13 inputs, each level reading all of the last."""
    for k in range(7):
        x = [ad.tanh(x[i] * x[(i + 1) % len(x)] + 0.1 * k) for i in range(len(x))]
    return ad.total(x)


def moons():
    """The loss of 100 two-moons points, as in the demo: 65,000 nodes."""
    from sklearn.datasets import make_moons

    inputs, classes = make_moons(n_samples=100, noise=0.1, random_state=1337)
    model = nn.MLP(2, [16, 16, 1], rng=1337)
    mean = ad.mean([nn.hinge(model(x), int(2 * y - 1)) for x, y in zip(inputs.tolist(), classes, strict=True)])
    loss = mean + nn.l2_penalty(model.parameters(), 1e-4)
    loss.backward()
    return loss


def chain(length=10**6):
    y = Value(1.0, "x")
    for _ in range(length):
        y = y + 1.0
    y.backward()
    return y


def drawings():
    rows = []
    for name, make, options in (
        ("moons", moons, {}), ("moons", moons, {"depth": 0}), ("moons", moons, {"depth": 1}), ("chain", chain, {}),
    ):  # fmt: skip
        graph = make()
        taken, picture = once(lambda graph=graph, options=options: ad.draw(graph, **options))
        rendered, svg = once(lambda picture=picture: picture.svg)
        nodes = len(listed(graph, (), "draw").nodes)
        depth = str(options.get("depth", "chosen"))
        row = name, f"{nodes:,}", depth, str(len(picture.picture.cards)), f"{taken:.2f} s", f"{rendered:.2f} s"
        rows.append((*row, f"{len(svg) / 1e3:.0f} kB"))
    return markdown(("graph", "nodes", "depth", "cards", "drawn", "rendered", "SVG"), rows)


def pages():
    rows = []
    graphs = {
        "neuron": lambda: ad.step(neuron()),
        "mixing": lambda: ad.step(mixing, [0.3 + 0.1 * i for i in range(13)]),
    }
    with tempfile.TemporaryDirectory() as folder, launched(executable()) as browser:
        page = browser.new_page(viewport={"width": 1200, "height": 900})
        for name, make in graphs.items():
            made, path = once(lambda make=make: make().save(Path(folder) / "steps.html"))
            opened, _ = once(lambda path=path: page.goto(path.as_uri()))
            nodes, steps = page.evaluate("[DATA.nodes.length, follows.steps.length]")
            times = sorted(page.evaluate(STEPS, SHOWN))
            middle, slowest = f"{statistics.median(times):.1f} ms", f"{times[-1]:.1f} ms"
            size = f"{path.stat().st_size / 1e3:.0f} kB"
            smooth = "yes" if times[-1] < 50 else "no"
            rows.append(
                (name, str(nodes), str(steps), size, f"{made:.2f} s", f"{opened:.2f} s", middle, slowest, smooth)
            )
    return markdown(("graph", "nodes", "steps", "page", "made", "opened", "a step", "slowest", "< 50 ms"), rows)


def main():
    if executable() is None:
        sys.exit("the pages are measured in Chromium: apt-get install chromium")
    publish("pictures", machine("one run; a step: the median of 200"), drawings(), pages())


if __name__ == "__main__":
    main()
