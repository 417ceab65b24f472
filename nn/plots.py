"""Pictures of training, by Matplotlib: each is a figure, and a file where there is a path.

Blue and orange are classes, below 0 and above; ink is what training saw, orange with dashes what it was held against.
"""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from autodiff.core.packages import require
from autodiff.seeing.plotting import figure, matplotlib, open_frame, saved
from autodiff.words.colours import BLUE, GREEN, INK, MUTED, ORANGE, PALE_BLUE, PALE_GREEN, PALE_ORANGE
from nn.data import examples, items, numbers
from nn.history import History
from nn.layers import MLP, Layer
from nn.module import Module, modules

CLASSES = ((BLUE, "o"), (ORANGE, "^"), (GREEN, "s"))  # the first where the score is below 0
VANISHING, EXPLODING = 1e-6, 1e3  # mean |∂J/∂w|


def loss_curves(histories: Mapping[str, History], path: str | Path | None = None) -> Any:
    """The loss and, where there is one, the accuracy over steps, a panel for each run; of validation data beside it."""
    if not isinstance(histories, Mapping) or not histories:  # pyright: ignore[reportUnnecessaryIsInstance]
        raise ValueError(f"loss_curves draws {{name: history}}, at least one; got {histories!r}")
    rows = 2 if any(history.accuracy for history in histories.values()) else 1
    drawn = figure(6.0 * len(histories), 1.2 + 2.2 * rows)
    panels = drawn.subplots(rows, len(histories), squeeze=False, sharex="col")
    for column, (name, history) in enumerate(histories.items()):
        upper, lower = panels[0, column], panels[-1, column]
        upper.set_title(name, loc="left")
        lowest = min([0.0, *history.loss, *history.validation_loss])
        _curve(upper, history.loss, "loss", (lowest, None), INK)
        _beside(upper, history.validation_steps, history.validation_loss)
        if history.accuracy:
            _curve(lower, history.accuracy, "accuracy on the batch", (0, 1.02), MUTED)
            _beside(lower, history.validation_steps, history.validation_accuracy)
        elif rows == 2:
            lower.set_axis_off()
        lower.set(xlabel="step", xlim=(0, len(history.loss) or 1))
    return _finished(drawn, path)


def _finished(drawn: Any, path: str | Path | None) -> Any:
    if path is not None:
        saved(drawn, path)
    return drawn


def _beside(axes: Any, steps: Sequence[int], numbers: Sequence[float]) -> None:
    """The same of the validation data."""
    if numbers:
        axes.lines[0].set_label("training")
        axes.plot(steps, numbers, "--", color=ORANGE, label="validation")
        axes.legend(frameon=False)


def _curve(axes: Any, numbers: Sequence[float], label: str, limits: tuple[float, float | None], color: str) -> None:
    axes.plot(numbers, color=color)
    axes.set(ylabel=label, ylim=limits)
    open_frame(axes)
    axes.grid(axis="y", alpha=0.25)


def decision_boundary(
    model: Module, inputs: Any, targets: Any, path: str | Path | None = None, title: str = "", grid: int = 120
) -> Any:
    """What a two-input model says over the plane of its data, and the points.

    Of one output the score, with its zero line; of several, one for each class, the class with the largest.
    """
    np = require("numpy", "the decision boundary", "pip install numpy")
    data = examples(inputs, targets)
    labels = [target for _, target in data]
    if any(isinstance(label, list) for label in labels) or len(set(labels)) > len(CLASSES):
        raise ValueError(f"points are marked by class: targets are labels of at most {len(CLASSES)} classes")
    points = np.array([row for row, _ in data])
    if points.shape[1] != 2:
        raise ValueError(f"a decision boundary is drawn for two inputs, got {points.shape[1]}")
    low, high = points.min(axis=0) - 0.4, points.max(axis=0) + 0.4
    xs, ys = np.meshgrid(np.linspace(low[0], high[0], grid), np.linspace(low[1], high[1], grid))
    scores = np.array(model.predict(np.column_stack([xs.ravel(), ys.ravel()])))
    if scores.ndim != 1 and scores.shape[1] not in range(len(set(labels)), len(CLASSES) + 1):
        raise ValueError(
            f"a decision boundary is drawn of one output, or of one for each class, at most {len(CLASSES)}; got "
            f"{scores.shape[1]}"
        )
    if not np.isfinite(scores).all():
        raise ValueError(f"a decision boundary is drawn of finite scores, got {scores[~np.isfinite(scores)][0]}")
    drawn = figure(7.4, 4.2)
    axes = drawn.subplots()
    (_score if scores.ndim == 1 else _regions)(drawn, axes, xs, ys, scores)
    for label, (color, marker) in zip(sorted(set(labels)), CLASSES, strict=False):
        chosen, name = points[[target == label for target in labels]], f"y = {label}".replace("-", "−")
        axes.scatter(*chosen.T, s=34, c=color, marker=marker, edgecolors="white", linewidths=0.7, label=name)
    axes.set_title(title, loc="left")
    axes.set(xlabel="x₁", ylabel="x₂", aspect="equal")
    axes.legend(loc="upper right", framealpha=0.95)
    return _finished(drawn, path)


def _score(drawn: Any, axes: Any, xs: Any, ys: Any, scores: Any) -> None:
    np, colors = require("numpy", "the decision boundary", "pip install numpy"), matplotlib("colors")
    scores = scores.reshape(xs.shape)
    reach = np.ceil(np.percentile(abs(scores), 98)) or 1.0
    hues = colors.LinearSegmentedColormap.from_list("classes", [PALE_BLUE, "white", PALE_ORANGE])  # as the points'
    filled = axes.contourf(xs, ys, scores, levels=np.linspace(-reach, reach, 21), cmap=hues, extend="both")
    if scores.min() < 0.0 < scores.max():
        axes.contour(xs, ys, scores, levels=[0.0], colors="black", linewidths=1.6)
    drawn.colorbar(filled, ax=axes, label="score (black line: 0)", shrink=0.9, ticks=np.linspace(-reach, reach, 5))


def _regions(_: Any, axes: Any, xs: Any, ys: Any, scores: Any) -> None:
    largest, pale = scores.argmax(axis=1).reshape(xs.shape), [PALE_BLUE, PALE_ORANGE, PALE_GREEN]
    axes.contourf(xs, ys, largest, levels=[-0.5, 0.5, 1.5, 2.5], colors=pale, alpha=0.6)
    axes.contour(xs, ys, largest, levels=[0.5, 1.5], colors="black", linewidths=1.0)


class Watch:
    """A callback of `fit` that notes, for each layer and step, how large its weights and their gradients are.

    rows       on which units are tried: of each layer the share that is 0 for all of them, which is dead
    steps      after how many steps it looked
    weights    for each look mean |w| of each layer; gradients the mean |∂J/∂w|; dead the share of dead units
    """

    def __init__(self, rows: Any = ()) -> None:
        self.rows = [numbers(row) for row in items(rows, "rows")]
        self.names, self.steps = list[str](), list[int]()
        self.weights, self.gradients, self.dead = (list[list[float]]() for _ in range(3))

    def __call__(self, step: int, model: Module, _: History) -> None:
        """Look at the model."""
        layers = [module for module in modules(model) if isinstance(module, Layer)] or [model]
        self.names = [f"layer {i}" for i in range(1, len(layers) + 1)]
        parameters = [layer.parameters() for layer in layers]
        self.steps.append(step)
        self.weights.append([_mean([abs(p.data) for p in each]) for each in parameters])
        self.gradients.append([_mean([abs(p.grad) for p in each]) for each in parameters])
        if self.rows and isinstance(model, MLP):
            self.dead.append(_dead(model, self.rows))


def _mean(xs: Sequence[float]) -> float:
    return sum(xs) / len(xs)


def _dead(model: MLP, rows: Sequence[Any]) -> list[float]:
    found, floats = list[float](), model.on_floats()
    for layer in floats.layers:
        rows = [numbers(layer(row)) for row in rows]
        found.append(_mean([float(all(a == 0.0 for a in unit)) for unit in zip(*rows, strict=True)]))
    return found


def layer_curves(watch: Watch, path: str | Path | None = None) -> Any:
    """The weights and the gradients of each layer over steps, and dead units where rows were given.

    Gradients below 10⁻⁶ or above 10³ lie in bands: so small a layer hardly learns, so large a step jumps.
    """
    if not watch.steps:
        raise ValueError("this Watch has seen nothing: pass it to nn.fit in callbacks=[watch]")
    panels = [("mean |w|", watch.weights), ("mean |∂J/∂w|", watch.gradients)]
    panels += [("share of dead units", watch.dead)] if watch.dead else []
    drawn = figure(9.0, 1.0 + 2.0 * len(panels))
    shades = matplotlib("cm").cividis
    for axes, (label, looks) in zip(
        drawn.subplots(len(panels), 1, sharex=True, squeeze=False)[:, 0], panels, strict=True
    ):
        for i, (name, curve) in enumerate(zip(watch.names, zip(*looks, strict=True), strict=True)):
            axes.plot(watch.steps, curve, color=shades(i / max(1, len(watch.names) - 1) * 0.85), label=name)
        axes.set(ylabel=label, xlim=(watch.steps[0], max(watch.steps[-1], watch.steps[0] + 1)))
        open_frame(axes)
        if label.startswith("share"):
            axes.set_ylim(-0.02, 1.02)
            continue
        axes.set_yscale("log", nonpositive="clip")
        if looks is watch.gradients:
            _band(axes, 0.0, VANISHING, "vanishing")
            _band(axes, EXPLODING, math.inf, "exploding")
    drawn.axes[0].legend(frameon=False, ncols=6, loc="lower left", bbox_to_anchor=(0.0, 1.0))
    drawn.axes[-1].set_xlabel("step")
    return _finished(drawn, path)


def _band(axes: Any, low: float, high: float, name: str) -> None:
    """A band with its name, where curves are in it."""
    bottom, top = axes.get_ylim()
    if bottom < high and top > low:
        axes.axhspan(max(low, bottom), min(high, top), color=MUTED, alpha=0.15, linewidth=0)
        at = min(high, top) if name == "vanishing" else max(low, bottom)
        axes.text(0.995, at, name, transform=axes.get_yaxis_transform(), ha="right", color=MUTED,
                  va="top" if name == "vanishing" else "bottom")  # fmt: skip
        axes.set_ylim(bottom, top)


def predictions_against_targets(model: Module, inputs: Any, targets: Any, path: str | Path | None = None) -> Any:
    """Of a regression predictions over targets, with the line on which both are equal; of classes a table of counts.

    Of several outputs and one target for a row the target is a class, and the prediction the largest output.
    """
    data = examples(inputs, targets)
    predicted, wanted = model.predict([row for row, _ in data]), [target for _, target in data]
    classes = type(predicted[0]) is list and type(wanted[0]) is not list
    drawn = figure(5.2, 4.8)
    axes = drawn.subplots()
    if classes:
        _confusion(axes, list(map(_largest, predicted)), wanted, len(cast("list[float]", predicted[0])))
    else:
        pairs: list[tuple[Any, Any]] = []
        for p, y in zip(predicted, wanted, strict=True):
            pairs += zip(numbers(p), numbers(y), strict=True)
        flat = [float(x) for pair in pairs for x in pair]
        axes.plot([min(flat), max(flat)], [min(flat), max(flat)], color=MUTED, linewidth=1.0, zorder=0)
        axes.scatter(
            [y for _, y in pairs], [p for p, _ in pairs], s=22, c=INK, alpha=0.6, edgecolors="white", linewidths=0.5
        )
        axes.set(xlabel="target", ylabel="prediction", aspect="equal")
        open_frame(axes)
    return _finished(drawn, path)


def _largest(row: Any) -> int:
    return max(range(len(row)), key=row.__getitem__)


def _confusion(axes: Any, predicted: Sequence[int], wanted: Sequence[Any], count: int) -> None:
    table = [
        [sum(y == i and p == j for p, y in zip(predicted, wanted, strict=True)) for j in range(count)]
        for i in range(count)
    ]
    largest = max(map(max, table)) or 1
    axes.imshow(table, cmap=matplotlib("colors").LinearSegmentedColormap.from_list("counts", ["white", BLUE]))
    for i, row in enumerate(table):
        for j, times in enumerate(row):
            axes.text(j, i, str(times), ha="center", va="center", color="white" if times > 0.6 * largest else INK)
    axes.set(xlabel="predicted class", ylabel="class", xticks=range(count), yticks=range(count))
