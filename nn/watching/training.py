"""watch: gradient descent in a page, with everything in it that moves."""

import json
from importlib.resources import files
from itertools import islice
from typing import Any, cast

from autodiff.seeing.drawing.graphs import draw
from autodiff.seeing.page.pages import FOLDER, Document
from autodiff.seeing.page.slopes import number_data
from autodiff.words.notation import DIGITS
from nn.data import Example as Pair
from nn.data import count, examples
from nn.layers import MLP
from nn.loops import batches
from nn.losses import accuracy, binary_cross_entropy, hinge, softmax_cross_entropy
from nn.objectives import Eager, Loss
from nn.optimizers import LBFGS, Adam, GradientDescent, Optimizer
from nn.training import check
from nn.watching.examples import example
from nn.watching.tapes import activated, activations_of, network_tapes, rule_data

PAGE = files("nn.watching") / "page"
ROOM = 240_000  # bytes of tapes in a page, which is below 400 kB with them
MOST_ROWS = 2_000
ORDERED = 400  # steps of which the page has the batches of `fit`
MACHINE = (
    "special.js",
    "waves.js",
    "primitives.js",
    "notation.js",
    "machine.js",
    "elements.js",
    "data.js",
    "shades.js",
)
OTHERS = (GradientDescent(0.1), GradientDescent(0.05, 0.9), Adam(0.02))  # to choose beside one's own


class Watching(Document):
    """A page in which a network is trained: a notebook shows it; `html` is the page, `save` makes a file."""

    template, kind = "training.html", "training to watch"
    styles = ("stepper.css", "watching.css")
    scripts = (
        *MACHINE, "trainer.js", "inside.js", "plane.js", "curves.js", "network.js", "points.js", "training.js",
    )  # fmt: skip
    folders = (PAGE, FOLDER)

    def __init__(self, model: MLP, row: Any, data: dict[str, Any]) -> None:
        super().__init__(repr(model), data)
        self.model, self.row = model, row

    def still(self) -> str:
        """The network on its first example."""
        return draw(self.model(self.row), shape="network").svg

    def __repr__(self) -> str:
        return f"<Watching {self.title}, {len(self.data['rows'])} examples; .save('training.html') makes a page of it>"


def watch(
    model: MLP | str,
    inputs: Any = None,
    targets: Any = None,
    *,
    loss: Loss | None = None,
    optimizer: Optimizer | None = None,
    batch: int | None = None,
    l2: float = 0.0,
    seed: int | None = 0,
) -> Watching:
    """A page in which gradient descent trains `model`, step by step, down to one `+=`; the model stays as it is.

    model            an MLP; or the name of an example, "xor", "moons" or "sine", which brings the rest
    inputs, targets  m rows of numbers and a target for each: of two inputs the page draws the plane, of one the curve
    loss, optimizer  as in `fit`; L-BFGS, whose state SciPy keeps, cannot be watched
    batch, l2, seed  as in `fit`: the page takes the steps that `fit` takes, with the same batches for 400 steps

    In the page α, activation, optimizer and batch are chosen anew, and points are moved, added and taken out.

    TypeError for a model that is no MLP; ValueError for more than 2,000 rows, for a network whose tapes are larger than
    a page should be, and for data that `fit` refuses.
    """
    if isinstance(model, str):
        own = example(model)
        given = own.inputs if inputs is None else inputs, own.targets if targets is None else targets
        return watch(own.model, *given, loss=loss or own.loss, optimizer=optimizer or own.optimizer, batch=batch, l2=l2,
                     seed=seed)  # fmt: skip
    if isinstance(optimizer, LBFGS):
        raise TypeError("L-BFGS cannot be watched: SciPy keeps its state; watch GradientDescent, Adam or RMSProp")
    check(model, loss, optimizer, 1)
    if type(model) is not MLP:
        raise TypeError(f"an MLP is watched, whose layers the page draws; got {model!r}")
    pairs = examples(inputs, targets)
    if len(pairs) > MOST_ROWS:
        raise ValueError(f"a page trains on at most {MOST_ROWS:,} rows, got {len(pairs):,}: pass a part of them")
    assert loss is not None
    assert optimizer is not None
    Eager(model, pairs, loss, l2).check(pairs)
    size = len(pairs) if batch is None else min(count(batch, "batch"), len(pairs))
    tapes, left = _tapes(model, loss, pairs[0])
    return Watching(model, pairs[0][0], {
        "layers": _layers(model), "parameters": [p.data for p in model.parameters()],
        "rows": [row for row, _ in pairs], "targets": [_flat(target) for _, target in pairs],
        "tapes": tapes, "left": left, "rules": [rule_data(each) for each in (optimizer, *OTHERS)],
        "batch": size, "batches": _batches(len(pairs), size, seed), "l2": l2, "digits": DIGITS,
        "loss": getattr(loss, "__name__", "loss").replace("_", " "), "kind": _kind(loss),
    })  # fmt: skip


def _tapes(model: MLP, loss: Loss, pair: Pair) -> tuple[dict[str, Any], list[str]]:
    """The tapes of each activation for which there is room, and the activations for which there is none."""
    found, left, room = dict[str, Any](), list[str](), ROOM
    for name in activations_of(model):
        tapes = network_tapes(activated(model, name), loss, *pair)
        size = len(json.dumps(tapes))
        if size > room and not found:
            raise ValueError(
                f"{model!r} has {len(model.parameters()):,} parameters, whose tapes take {size:,} bytes: a page holds "
                f"{ROOM:,}, which is about 1,000 parameters; watch a smaller network, and train this one by nn.fit"
            )
        if size > room:
            left.append(name)
            continue
        found[name], room = tapes, room - size
    return found, left


def _layers(model: MLP) -> list[dict[str, Any]]:
    """Names and places of the parameters of each layer."""
    places = {p: i for i, p in enumerate(model.parameters())}
    return [
        {
            "weights": [[places[w] for w in neuron.weights] for neuron in layer.neurons],
            "biases": [places[neuron.bias] for neuron in layer.neurons],
            "activation": layer.neurons[0].activation,
        }
        for layer in model.layers
    ]


def _batches(m: int, size: int, seed: int | None) -> list[list[int]]:
    """The rows of the first steps of `fit`, where a step does not take all of them."""
    found, order = list[list[int]](), list(range(m))
    if size == m:
        return found
    for new, rows in islice(batches(m, size, seed), ORDERED):
        order = order if new is None else list(new)
        found.append([order[i] for i in rows])
    return found


def _flat(target: Any) -> Any:
    return list(map(float, cast("list[Any]", target))) if isinstance(target, list) else number_data(float(target))


def _kind(loss: Any) -> dict[str, Any]:
    """What targets are: numbers, or classes with the border between their scores."""
    known = getattr(loss, "loss", loss)
    if accuracy(loss) is None:
        return {"classes": None}
    named: dict[Any, list[float]] = {hinge: [-1.0, 1.0], binary_cross_entropy: [0.0, 1.0], softmax_cross_entropy: []}
    return {"classes": named[known]}
