"""What layouts are like: crossings and inversions, ours beside those of Graphviz's dot, of the same cards.

crossings   pairs of arrows that cross, counted on the drawn curves
inversions  pairs of cards in one column against the order of arguments and creation
"""

import json
import random
import statistics
import sys
from itertools import combinations, pairwise
from pathlib import Path

from tables import machine, markdown, publish
from timing import once

import autodiff as ad
import nn
from autodiff import Value
from autodiff.seeing.drawing.dot import dot_text
from autodiff.seeing.drawing.layout.items import keys_of
from autodiff.seeing.drawing.layout.turning import placed
from autodiff.seeing.drawing.rendering import rendered

sys.path.append(str(Path(__file__).parents[1] / "tests" / "support"))
from drawings import baydin, neuron
from zoo import ZOO

REPEATS, DIRECTIONS = 5, ("LR", "RL", "TB", "BT")


def network(n_in, outs, *, depth, rankdir="LR"):
    inputs = [Value(0.5 * i - 0.7, f"x{i}") for i in range(1, n_in + 1)]
    return ad.draw(nn.MLP(n_in, outs, "tanh", rng=0)(inputs), depth=depth, rankdir=rankdir)


def chance(seed, count=30):
    """A graph of so many operations on whatever came before."""
    rng, values = random.Random(seed), [Value(1.0, "x"), Value(2.0, "y"), Value(0.5, "z")]
    for _ in range(count):
        values.append(ad.hypot(rng.choice(values[-12:]), rng.choice(values)))
    return ad.draw(values[-1])


def three(rankdir="LR"):
    x, y = Value(2.0, "x"), Value(3.0, "y")
    return ad.draw([x * y, ad.sin(x), x + y], rankdir=rankdir)


def zoo(name):
    function, point = ZOO[name]
    return ad.draw(function, *point)


PICTURES = {
    "f": lambda: ad.draw(baydin, 2.0, 5.0),
    "neuron": lambda: ad.draw(neuron()),
    "[x·y, sin x, x + y]": three,
    "Griewank's": lambda: zoo("griewank"),
    "softmax of 3": lambda: ad.draw(lambda x, y, z: ad.softmax([x, y, z]), 1.0, 2.0, 3.0),
    "MLP(2, [4, 4, 1]) by neurons": lambda: network(2, [4, 4, 1], depth=1),
    "the same in full": lambda: network(2, [4, 4, 1], depth=2),
    "MLP(3, [8, 8, 8, 2]) by neurons": lambda: network(3, [8, 8, 8, 2], depth=1),
}


def curves(where):
    """Each arrow as a polyline."""
    for line in where["arrows"]:
        points = [line[0]]
        for k in range(0, len(line) - 3, 3):
            for t in (0.25, 0.5, 0.75, 1.0):
                weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
                points.append(
                    tuple(sum(w * p[i] for w, p in zip(weights, line[k : k + 4], strict=True)) for i in (0, 1))
                )
        yield points


def crosses(a, b, c, d):
    def side(p, q, r):
        return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])

    return side(a, b, c) * side(a, b, d) < -1e-6 and side(c, d, a) * side(c, d, b) < -1e-6


def judged(picture, where):
    """Crossings and inversions."""
    lines = list(curves(where))
    boxes = [(min(x for x, _ in p), max(x for x, _ in p), min(y for _, y in p), max(y for _, y in p)) for p in lines]
    found = 0
    for i, j in combinations(range(len(lines)), 2):
        (a, b, c, d), (e, f, g, h) = boxes[i], boxes[j]
        if picture.arrows[i].tail == picture.arrows[j].tail or b < e or f < a or d < g or h < c:
            continue
        found += any(crosses(*one, *two) for one in pairwise(lines[i]) for two in pairwise(lines[j]))
    keys, turned, inverted = keys_of(picture), picture.rankdir in ("TB", "BT"), 0
    for i, j in combinations(range(len(picture.cards)), 2):
        (x, y), (u, v) = where["cards"][i], where["cards"][j]
        along, across = (abs(y - v), x - u) if turned else (abs(x - u), y - v)
        same = picture.cards[i].path == picture.cards[j].path and along < 3.0
        inverted += same and across * (keys[i] - keys[j]) < 0
    return found, inverted


def ours(picture):
    where = placed(picture)
    middles = [(box.left + box.width / 2, box.top + box.height / 2) for box in where.cards]
    return {"cards": middles, "arrows": [line[:-1] for line in where.arrows]}


def dots(picture):
    """Where Graphviz's dot places the same cards."""
    found = json.loads(rendered(dot_text(picture), "json0"))
    height = float(found["bb"].split(",")[3])

    def at(text):
        x, y = map(float, text.split(",")[:2])
        return x, height - y

    named = {thing["name"]: thing for thing in found["objects"]}
    ids = {thing["_gvid"]: thing["name"] for thing in found["objects"]}
    waiting = {}
    for edge in found.get("edges", ()):
        line = [at(p) for p in edge["pos"].split(" ")[1:]]
        waiting.setdefault((ids[edge["tail"]], ids[edge["head"]]), []).append(line)
    arrows = [waiting[str(arrow.tail), str(arrow.head)].pop(0) for arrow in picture.arrows]
    return {"cards": [at(named[str(i)]["pos"]) for i in range(len(picture.cards))], "arrows": arrows}


def row(name, pictures):
    cells, cards = [name, str(sum(len(picture.cards) for picture in pictures))], []
    for layout in (dots, ours):
        times = [
            statistics.median(once(lambda p=p, layout=layout: layout(p))[0] for _ in range(REPEATS)) for p in pictures
        ]
        verdicts = [judged(picture, layout(picture)) for picture in pictures]
        crossings, inversions = (sum(verdict[k] for verdict in verdicts) for k in (0, 1))
        cards += [f"{crossings} / {inversions}", f"{1e3 * sum(times):.0f} ms"]
    return [*cells, *cards]


def main():
    rows = [row(name, [make().picture]) for name, make in PICTURES.items()]
    rows.append(row("the three above it, RL, TB and BT", [
        network(2, [4, 4, 1], depth=1, rankdir=rankdir).picture for rankdir in DIRECTIONS[1:]
    ]))  # fmt: skip
    rows.append(row("twelve random graphs of 30", [chance(seed).picture for seed in range(12)]))
    heading = ["picture", "cards", "dot: crossings / inversions", "time", "ours", "time"]
    publish("layout", machine(f"medians of {REPEATS} layouts"), markdown(heading, rows))


if __name__ == "__main__":
    main()
