"""Pictures of training, by Matplotlib: loss curves, decision boundaries."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from autodiff.core.packages import require
from autodiff.seeing.plotting import figure, matplotlib, open_frame, saved
from autodiff.words.colours import BLUE, GREEN, INK, MUTED, ORANGE, PALE_BLUE, PALE_ORANGE
from nn.data import examples
from nn.history import History
from nn.module import Module

CLASSES = ((BLUE, "o"), (ORANGE, "^"), (GREEN, "s"))  # the first where the score is below 0


def loss_curves(histories: Mapping[str, History], path: str | Path) -> Path:
    """The loss and, where there is one, the accuracy over steps, a panel for each run; saved to `path`."""
    if not isinstance(histories, Mapping) or not histories:  # pyright: ignore[reportUnnecessaryIsInstance]
        raise ValueError(f"loss_curves draws {{name: history}}, at least one; got {histories!r}")
    rows = 2 if any(history.accuracy for history in histories.values()) else 1
    drawn = figure(6.0 * len(histories), 1.2 + 2.2 * rows)
    panels = drawn.subplots(rows, len(histories), squeeze=False, sharex="col")
    for column, (name, history) in enumerate(histories.items()):
        upper, lower = panels[0, column], panels[-1, column]
        upper.set_title(name, loc="left")
        _curve(upper, history.loss, "loss", (min([0.0, *history.loss]), None), INK)
        if history.accuracy:
            _curve(lower, history.accuracy, "accuracy on the batch", (0, 1.02), MUTED)
        elif rows == 2:
            lower.set_axis_off()
        lower.set(xlabel="step", xlim=(0, len(history.loss) or 1))
    return saved(drawn, path)


def _curve(axes: Any, numbers: Sequence[float], label: str, limits: tuple[float, float | None], color: str) -> None:
    axes.plot(numbers, color=color)
    axes.set(ylabel=label, ylim=limits)
    open_frame(axes)
    axes.grid(axis="y", alpha=0.25)


def decision_boundary(
    model: Module, inputs: Any, targets: Any, path: str | Path, title: str = "", grid: int = 120
) -> Path:
    """The score of a two-input model over the plane of its data, its zero line, and the points; saved to `path`."""
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
    if scores.ndim != 1:
        raise ValueError(f"a decision boundary is drawn of one output, got {scores.shape[1]}")
    if not np.isfinite(scores).all():
        raise ValueError(f"a decision boundary is drawn of finite scores, got {scores[~np.isfinite(scores)][0]}")
    scores = scores.reshape(xs.shape)

    drawn, colors = figure(7.4, 4.2), matplotlib("colors")
    axes = drawn.subplots()
    reach = np.ceil(np.percentile(abs(scores), 98)) or 1.0
    hues = colors.LinearSegmentedColormap.from_list("classes", [PALE_BLUE, "white", PALE_ORANGE])  # as the points'
    filled = axes.contourf(xs, ys, scores, levels=np.linspace(-reach, reach, 21), cmap=hues, extend="both")
    if scores.min() < 0.0 < scores.max():
        axes.contour(xs, ys, scores, levels=[0.0], colors="black", linewidths=1.6)
    for label, (color, marker) in zip(sorted(set(labels)), CLASSES, strict=False):
        chosen, name = points[[target == label for target in labels]], f"y = {label}".replace("-", "−")
        axes.scatter(*chosen.T, s=34, c=color, marker=marker, edgecolors="white", linewidths=0.7, label=name)
    axes.set_title(title, loc="left")
    axes.set(xlabel="x₁", ylabel="x₂", aspect="equal")
    axes.legend(loc="upper right", framealpha=0.95)
    drawn.colorbar(filled, ax=axes, label="score (black line: 0)", shrink=0.9, ticks=np.linspace(-reach, reach, 5))
    return saved(drawn, path)
