"""Loss curves and decision boundaries: what is drawn, where it is saved, and what they refuse."""

import math
import struct
import sys

import numpy as np
import pytest
from matplotlib.figure import Figure

import nn
from autodiff.errors import MissingPackage

POINTS, LABELS = [[0.0, 1.0], [1.0, 0.0], [2.0, 1.0], [1.0, 1.5]], [1, -1, 1, -1]


def linear(w1, w2, b):
    """A model whose boundary is the line w₁x₁ + w₂x₂ + b = 0."""
    model = nn.MLP(2, [1], rng=0)
    for p, number in zip(model.parameters(), (w1, w2, b), strict=True):
        p.data = number
    return model


def png_size(path):
    header = path.read_bytes()[:24]
    assert header[:8] == b"\x89PNG\r\n\x1a\n"
    return struct.unpack(">II", header[16:24])


@pytest.fixture
def drawn(monkeypatch):
    """The figures that were saved."""
    figures, save = [], Figure.savefig
    monkeypatch.setattr(Figure, "savefig", lambda self, *to, **how: figures.append(self) or save(self, *to, **how))
    return figures


def test_loss_curves_are_the_histories_a_panel_each(drawn, tmp_path):
    histories = {"first": nn.History([3.0, 1.0, 0.5], [0.2, 0.6, 1.0]), "second": nn.History([2.0, 4.0])}
    path = tmp_path / "new" / "folder" / "losses.png"
    assert nn.loss_curves(histories, path) is drawn[0]
    assert png_size(path) == (1800, 840)  # two columns of 6 inches, loss above accuracy, at 150 dots an inch
    first, second, accuracy, empty = drawn[0].axes
    assert [axes.get_title(loc="left") for axes in (first, second)] == ["first", "second"]
    assert list(first.lines[0].get_ydata()) == [3.0, 1.0, 0.5]
    assert list(second.lines[0].get_ydata()) == [2.0, 4.0]
    assert list(accuracy.lines[0].get_ydata()) == [0.2, 0.6, 1.0]
    assert [axes.get_ylabel() for axes in drawn[0].axes[:3]] == ["loss", "loss", "accuracy on the batch"]
    assert not empty.axison


@pytest.mark.parametrize(("losses", "bottom"), [([2.0, 1.0], 0.0), ([1.0, -3.0], -3.0), ([1.0], 0.0), ([], 0.0)])
def test_the_whole_curve_is_in_sight_below_zero_too(drawn, tmp_path, losses, bottom):
    nn.loss_curves({"run": nn.History(losses)}, tmp_path / "losses.png")
    assert drawn[0].axes[0].get_ylim()[0] == bottom


def test_a_path_without_a_suffix_is_where_the_picture_really_is(tmp_path):
    nn.loss_curves({"run": nn.History([2.0, 1.0])}, str(tmp_path / "losses"))
    assert png_size(tmp_path / "losses.png") == (900, 510)


@pytest.mark.parametrize("histories", [{}, None, nn.History([1.0]), [nn.History([1.0])]])
def test_loss_curves_ask_for_named_histories(histories, tmp_path):
    with pytest.raises(ValueError, match=r"loss_curves draws \{name: history\}, at least one; got "):
        nn.loss_curves(histories, tmp_path / "losses.png")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("targets", [LABELS, np.array(LABELS), [float(y) for y in LABELS], ["a", "b", "a", "b"]])
def test_the_boundary_is_where_the_score_is_zero(drawn, tmp_path, targets):
    nn.decision_boundary(linear(1.0, -2.0, 0.5), np.array(POINTS), targets, tmp_path / "moons.png", "a line", 41)
    assert png_size(tmp_path / "moons.png") == (1110, 630)
    axes = drawn[0].axes[0]
    line = np.concatenate([p.vertices for p in axes.collections[1].get_paths()])
    # Matplotlib interpolates between points of the grid: exact for a plane up to roundings of numbers below 4
    assert len(line) > 10
    assert line @ [1.0, -2.0] + 0.5 == pytest.approx(np.zeros(len(line)), abs=1e-12)
    assert (*axes.get_xlim(), *axes.get_ylim()) == pytest.approx((-0.4, 2.4, -0.4, 1.9))  # the points and 0.4 around
    assert axes.get_title(loc="left") == "a line"
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("x₁", "x₂")


def test_every_point_is_drawn_by_its_class(drawn, tmp_path):
    nn.decision_boundary(linear(1.0, -2.0, 0.5), POINTS, [0, 1, 2, 1], tmp_path / "moons.png", grid=11)
    scattered = drawn[0].axes[0].collections[2:]
    assert [c.get_offsets().tolist() for c in scattered] == [[[0.0, 1.0]], [[1.0, 0.0], [1.0, 1.5]], [[2.0, 1.0]]]
    assert [text.get_text() for text in drawn[0].axes[0].get_legend().get_texts()] == ["y = 0", "y = 1", "y = 2"]


@pytest.mark.parametrize("bias", [0.0, 5.0, -5.0])
def test_a_score_that_is_never_zero_has_no_line_and_no_warning(drawn, tmp_path, bias):
    """A network of dead units: constant, its levels all alike; warnings are errors here."""
    nn.decision_boundary(linear(0.0, 0.0, bias), POINTS, LABELS, tmp_path / "flat.png", grid=11)
    filled, *scattered = drawn[0].axes[0].collections
    assert len(scattered) == 2
    assert filled.levels[0] < 0.0 < filled.levels[-1]


@pytest.mark.parametrize(("model", "points", "targets", "message"), [
    (nn.MLP(1, [1], rng=0), [[1.0], [2.0]], [0, 1], "drawn for two inputs, got 1"),
    (nn.MLP(3, [1], rng=0), [[1.0, 2.0, 3.0]], [0], "drawn for two inputs, got 3"),
    (nn.MLP(2, [4], rng=0), POINTS, LABELS, "drawn of one output, or of one for each class, at most 3; got 4"),
    (linear(1.0, 1.0, math.nan), POINTS, LABELS, "drawn of finite scores, got nan"),
    (linear(1.0, 1.0, 0.0), POINTS, [0, 1, 2, 3], "targets are labels of at most 3 classes"),
    (linear(1.0, 1.0, 0.0), POINTS, [[y] for y in LABELS], "targets are labels of at most 3 classes"),
    (linear(1.0, 1.0, 0.0), POINTS[:2], LABELS, "one target for each row: got 2 rows and 4 targets"),
    (linear(1.0, 1.0, 0.0), [], [], "no examples"),
])  # fmt: skip
def test_what_has_no_boundary_in_the_plane_is_refused_before_a_file_is_made(model, points, targets, message, tmp_path):
    with pytest.raises(ValueError, match=message):
        nn.decision_boundary(model, points, targets, tmp_path / "moons.png", grid=5)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("module", "draw", "message"), [
    ("matplotlib.figure", lambda path: nn.loss_curves({"run": nn.History([1.0])}, path),
     r"a plot needs matplotlib, which is not installed: pip install matplotlib"),
    ("matplotlib.figure", lambda path: nn.decision_boundary(linear(1, 1, 0), POINTS, LABELS, path, grid=5),
     r"a plot needs matplotlib"),
    ("numpy", lambda path: nn.decision_boundary(linear(1, 1, 0), POINTS, LABELS, path, grid=5),
     r"the decision boundary needs numpy, which is not installed: pip install numpy"),
])  # fmt: skip
def test_without_its_package_a_plot_says_what_to_install(monkeypatch, tmp_path, module, draw, message):
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingPackage, match=message):
        draw(tmp_path / "plot.png")
    assert not list(tmp_path.iterdir())


# Of layers, and of predictions


def test_a_watch_sees_each_layer_and_its_curves_are_drawn():
    model = nn.MLP(2, [5, 3, 1], rng=0)
    for neuron in model.layers[0].neurons[:2]:
        neuron.bias.data = -100.0  # dead
    watch, rows = nn.Watch(POINTS), [[1.0, 2.0], [-0.5, 1.0]]
    for way in (True, False):
        nn.fit(model, rows, [1, -1], loss=nn.half_squared_error, optimizer=nn.GradientDescent(0.01), steps=4, every=2,
               callbacks=[watch], compile=way, progress=False)  # fmt: skip
    assert watch.steps == [2, 4, 2, 4]
    assert [len(look) for look in (*watch.weights, *watch.gradients, *watch.dead)] == [3] * 12
    assert all(look[0] >= 0.4 for look in watch.dead)
    assert watch.gradients[0][2] > 0.0
    weights, gradients, dead = nn.layer_curves(watch).axes
    assert [line.get_label() for line in weights.lines] == ["layer 1", "layer 2", "layer 3"]
    assert list(gradients.lines[1].get_ydata()) == [look[1] for look in watch.gradients]
    assert list(dead.lines[0].get_ydata()) == [look[0] for look in watch.dead]


def test_vanishing_and_exploding_gradients_lie_in_bands():
    watch = nn.Watch()
    watch.names, watch.steps, watch.weights = ["layer 1", "layer 2"], [1, 2, 3], [[1.0, 1.0]] * 3
    watch.gradients = [[1e-2, 1.0], [1e-5, 1e2], [1e-9, 1e5]]
    assert [text.get_text() for text in nn.layer_curves(watch).axes[1].texts] == ["vanishing", "exploding"]
    watch.gradients = [[1e-2, 1.0]] * 3
    assert not nn.layer_curves(watch).axes[1].texts
    with pytest.raises(ValueError, match="this Watch has seen nothing"):
        nn.layer_curves(nn.Watch())


def test_predictions_over_targets_and_classes_as_a_table():
    axes = nn.predictions_against_targets(linear(1.0, -2.0, 0.5), POINTS, [0.0, 1.0, 2.0, 3.0]).axes[0]
    predicted = linear(1.0, -2.0, 0.5).predict(POINTS)
    assert axes.collections[0].get_offsets().tolist() == [[float(i), p] for i, p in enumerate(predicted)]
    model = nn.MLP(2, [3], rng=0)
    classes = [max(range(3), key=row.__getitem__) for row in model.predict(POINTS)]
    table = nn.predictions_against_targets(model, POINTS, classes).axes[0]
    assert sorted(int(text.get_text()) for text in table.texts)[-3:] == sorted(map(classes.count, range(3)))


def test_regions_of_classes_are_drawn_for_an_output_each():
    axes = nn.decision_boundary(nn.MLP(2, [3], rng=0), POINTS, [0, 1, 2, 1], grid=11).axes[0]
    assert len(axes.get_legend().get_texts()) == 3


def test_validation_is_a_dashed_curve_beside():
    history = nn.History([3.0, 2.0, 1.0], validation_steps=[1, 3], validation_loss=[2.5, 2.0])
    axes = nn.loss_curves({"run": history}).axes[0]
    assert [line.get_linestyle() for line in axes.lines] == ["-", "--"]
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["training", "validation"]
