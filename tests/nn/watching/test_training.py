"""Training in a page takes the steps that `fit` takes, and refuses what it refuses."""

import copy
import math
import random

import pytest

import nn
from nn.watching.examples import EXAMPLES, example

RNG = random.Random(5)
ROWS = [[RNG.gauss(0, 1), RNG.gauss(0, 1)] for _ in range(20)]
REAL = [math.sin(x) * y for x, y in ROWS]
SIGNS = [1.0 if x * y > 0 else -1.0 for x, y in ROWS]
CLASSES = [int(x > 0) + int(y > 0) for x, y in ROWS]


def trained(page, steps=100):
    """The parameters in the page after so many steps."""
    return page.evaluate(
        f"() => {{ for (let i = 0; i < {steps}; i++) step(); redraw(); return [...trainer.parameters]; }}"
    )


def fitted(model, *args, steps=100, **options):
    like = copy.deepcopy(model)
    history = nn.fit(like, *args, steps=steps, progress=False, compile=False, **options)
    return [p.data for p in like.parameters()], history


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_examples_train_as_in_python(opened, name):
    own = example(name)
    page = opened(nn.watch(name))
    expected, history = fitted(own.model, own.inputs, own.targets, loss=own.loss, optimizer=own.optimizer)
    assert trained(page) == pytest.approx(expected, rel=1e-9, abs=1e-9)
    assert page.evaluate("trainer.losses") == pytest.approx(history.loss, rel=1e-9, abs=1e-12)
    assert page.locator("#status").text_content().startswith("Step 100, J was ")


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_examples_are_learnt_within_a_few_hundred_steps(opened, name):
    page = opened(nn.watch(name))
    first = page.evaluate("(step(), trainer.losses[0])")
    trained(page, 400)
    assert page.evaluate("trainer.losses.at(-1)") < 0.1 * first


@pytest.mark.parametrize("optimizer", [
    lambda: nn.GradientDescent(0.1), lambda: nn.GradientDescent(0.05, 0.9, nesterov=True), lambda: nn.Adam(0.02),
    lambda: nn.AdamW(0.02, decay=0.1), lambda: nn.RMSProp(0.01), lambda: nn.GradientDescent(0.5, clip=0.2),
    lambda: nn.GradientDescent(lambda step: 0.3 / (1 + step)),
], ids=["descent", "nesterov", "adam", "adamw", "rmsprop", "clipped", "schedule"])  # fmt: skip
@pytest.mark.parametrize("batch", [None, 6])
def test_every_optimizer_and_batch_goes_the_way_of_fit(opened, optimizer, batch):
    model = nn.MLP(2, [5, 1], "tanh", rng=2)
    options = {"loss": nn.half_squared_error, "batch": batch, "l2": 1e-3, "seed": 3}
    page = opened(nn.watch(model, ROWS, REAL, optimizer=optimizer(), **options))
    before = [p.data for p in model.parameters()]
    expected, _ = fitted(model, ROWS, REAL, optimizer=optimizer(), **options)
    assert trained(page) == pytest.approx(expected, rel=1e-9, abs=1e-9)
    assert [p.data for p in model.parameters()] == before  # the model stays as it is


@pytest.mark.parametrize("activation", nn.ACTIVATIONS)
def test_another_activation_is_a_tape_of_its_own(opened, activation):
    page = opened(
        nn.watch(nn.MLP(2, [4, 3, 1], "tanh", rng=2), ROWS, SIGNS, loss=nn.hinge, optimizer=nn.GradientDescent(0.1))
    )
    page.locator("#activation").select_option(activation)
    expected, _ = fitted(
        nn.MLP(2, [4, 3, 1], activation, rng=2), ROWS, SIGNS, loss=nn.hinge, optimizer=nn.GradientDescent(0.1)
    )
    assert trained(page) == pytest.approx(expected, rel=1e-9, abs=1e-9)


def test_several_classes_and_vectors_are_trained_too(opened):
    for loss, targets in ((nn.softmax_cross_entropy, CLASSES), (nn.half_squared_error, [[x, y, 1.0] for x, y in ROWS])):
        model = nn.MLP(2, [6, 3], "gelu", rng=1)
        options = {"loss": loss, "optimizer": nn.Adam(0.05)}
        page = opened(nn.watch(model, ROWS, targets, **options))
        expected, _ = fitted(model, ROWS, targets, loss=loss, optimizer=nn.Adam(0.05))
        assert trained(page) == pytest.approx(expected, rel=1e-9, abs=1e-9)


def test_an_optimizer_that_has_gone_some_way_goes_on_from_there(opened):
    model, optimizer = nn.MLP(2, [4, 1], "tanh", rng=2), nn.Adam(0.02)
    nn.fit(model, ROWS, REAL, loss=nn.half_squared_error, optimizer=optimizer, steps=7, progress=False)
    page = opened(nn.watch(model, ROWS, REAL, loss=nn.half_squared_error, optimizer=copy.deepcopy(optimizer)))
    expected, _ = fitted(model, ROWS, REAL, loss=nn.half_squared_error, optimizer=optimizer, steps=20)
    assert trained(page, 20) == pytest.approx(expected, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize(("options", "error", "told"), [
    ({"loss": nn.hinge, "targets": [0.0] * 20}, ValueError, "hinge needs targets of −1 or 1"),
    ({"targets": [math.nan] * 20}, ValueError, "target 0 is not finite"),
    ({"inputs": [[math.inf, 0.0]] * 20}, ValueError, "row 0 is not finite"),
    ({"optimizer": nn.LBFGS()}, TypeError, "L-BFGS cannot be watched"),
    ({"optimizer": None}, TypeError, "an optimizer is needed"),
    ({"loss": None}, TypeError, "a loss is a function"),
    ({"model": nn.Linear(2, 1)}, TypeError, "an MLP is watched"),
    ({"model": "spirals"}, ValueError, "the examples to watch are 'xor', 'moons', 'sine'; got 'spirals'"),
    ({"model": nn.MLP(2, [64, 64, 1], rng=0)}, ValueError, "watch a smaller network"),
    ({"inputs": [[0.0, 1.0]] * 2001, "targets": [0.0] * 2001}, ValueError, "at most 2,000 rows, got 2,001"),
    ({"batch": 0}, ValueError, "batch is a whole number from 1"),
    ({"inputs": [[1.0]] * 20}, ValueError, "takes 2 inputs, got 1"),
])  # fmt: skip
def test_what_cannot_be_watched_is_refused(options, error, told):
    given = {"model": nn.MLP(2, [3, 1], rng=0), "inputs": ROWS, "targets": REAL, "loss": nn.half_squared_error,
             "optimizer": nn.GradientDescent(0.1)} | options  # fmt: skip
    with pytest.raises(error, match=told.replace("(", r"\(")):
        nn.watch(given.pop("model"), given.pop("inputs"), given.pop("targets"), **given)


def test_activations_for_which_there_is_no_room_are_left_out_and_named(opened):
    watching = nn.watch(nn.MLP(2, [16, 16, 1], rng=0), ROWS, SIGNS, loss=nn.hinge, optimizer=nn.GradientDescent(0.1))
    assert len(watching.html.encode()) < 400_000
    page = opened(watching)
    left = watching.data["left"]
    assert (", ".join(left) in page.locator("#left").text_content()) if left else True
    assert page.locator("#activation option").count() == len(nn.ACTIVATIONS) - len(left)


def test_of_wide_layers_the_first_neurons_are_drawn_and_all_trained(opened):
    model = nn.MLP(2, [20, 1], "tanh", rng=0)
    page = opened(nn.watch(model, ROWS, SIGNS, loss=nn.hinge, optimizer=nn.GradientDescent(0.1)))
    assert page.locator(".neuron").count() == 2 + 12 + 1
    assert "the first 12 are drawn; all of them are trained" in page.locator("#cut").text_content()
    assert "8 more" in page.locator("#network").text_content()
    expected, _ = fitted(model, ROWS, SIGNS, loss=nn.hinge, optimizer=nn.GradientDescent(0.1), steps=20)
    assert trained(page, 20) == pytest.approx(expected, rel=1e-9, abs=1e-9)
