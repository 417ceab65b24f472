"""fit compiled: the numbers of eager training, what ends it, and what a trace would freeze."""

import random
from copy import deepcopy

import numpy as np
import pandas as pd
import pytest

import autodiff as ad
import nn
from autodiff import Value
from autodiff.errors import BranchOnData

RNG = random.Random(5)
ROWS = [[RNG.gauss(0, 1), RNG.gauss(0, 1)] for _ in range(50)]
SIGNS = [1 if x * y > 0 else -1 for x, y in ROWS]
CLASSES = [(x > 0) + 2 * (y > 0) for x, y in ROWS]
OPTIMIZERS = (
    nn.GradientDescent(0.3), nn.GradientDescent(0.05, 0.9),
    nn.GradientDescent(lambda i: 0.1 / (i + 1), 0.9, nesterov=True),
    nn.Adam(0.02), nn.AdamW(0.02, decay=0.1, clip=0.2), nn.RMSProp(0.01),
)  # fmt: skip


def numbers(model):
    return [p.data for p in model.parameters()]


def train(outputs=1, targets=SIGNS, *, activation="tanh", **arguments):
    """A model and its history, the same at each call."""
    model = nn.MLP(2, [6, outputs], activation, rng=2)
    arguments = {"loss": nn.hinge, "optimizer": nn.GradientDescent(0.3), "steps": 12, "progress": False} | arguments
    return model, nn.fit(model, ROWS, targets, **arguments)


def both(*args, **arguments):
    """Compiled, and eagerly."""
    optimizer = arguments.pop("optimizer", nn.GradientDescent(0.3))
    return [train(*args, optimizer=deepcopy(optimizer), compile=way, **arguments) for way in (True, False)]


@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=lambda optimizer: type(optimizer).__name__)
@pytest.mark.parametrize("batch", [None, 16])
def test_the_history_is_that_of_eager_training(optimizer, batch):
    (model, history), (eager, expected) = both(optimizer=optimizer, batch=batch, l2=0.01, validation=0.2, every=4)
    assert history.loss == pytest.approx(expected.loss, rel=1e-9)
    assert history.accuracy == expected.accuracy
    assert history.validation_loss == pytest.approx(expected.validation_loss, rel=1e-9)
    assert history.validation_steps == expected.validation_steps == [4, 8, 12]
    assert numbers(model) == pytest.approx(numbers(eager), rel=1e-9)


@pytest.mark.parametrize(
    ("outputs", "targets", "loss"),
    [
        (1, SIGNS, nn.half_squared_error),
        (1, [(y + 1) // 2 for y in SIGNS], nn.binary_cross_entropy),
        (4, CLASSES, nn.softmax_cross_entropy),
        (4, [[float(j == k) for j in range(4)] for k in CLASSES], nn.softmax_cross_entropy),
        (4, CLASSES, nn.weighted(nn.softmax_cross_entropy, [1.0, 2.0, 0.5, 0.0])),
        (2, ROWS, nn.mean_squared_error),
        (1, SIGNS, lambda p, y: ad.softplus(-p * y)),
    ],
)
def test_every_loss_trains_compiled(outputs, targets, loss):
    (_, history), (_, expected) = both(outputs, targets, loss=loss, activation="relu")
    assert history.loss == pytest.approx(expected.loss, rel=1e-9)
    assert history.accuracy == expected.accuracy
    assert history.loss[-1] < history.loss[0]


def test_large_work_is_compiled_by_itself_and_small_work_is_not(monkeypatch):
    made = []
    monkeypatch.setattr("nn.objectives.Compiled", lambda *args: made.append(args) or args[0])
    train(steps=5)
    assert not made
    train(steps=300)
    assert len(made) == 1


def test_l_bfgs_takes_few_steps_and_says_why_it_ended():
    (_, history), (_, expected) = both(optimizer=nn.LBFGS(), loss=nn.half_squared_error, steps=15)
    assert history.loss == pytest.approx(expected.loss, rel=1e-6)
    assert history.loss[-1] < 0.5 * history.loss[0]
    assert sorted(history.loss, reverse=True) == history.loss
    first = nn.MLP(2, [6, 1], "tanh", rng=2)
    mean = np.mean([nn.half_squared_error(p, y) for p, y in zip(first.predict(ROWS), SIGNS, strict=True)])
    assert history.loss[0] == pytest.approx(mean)
    _, long = train(optimizer=nn.LBFGS(), loss=nn.half_squared_error, steps=5000, l2=0.1, compile=True)
    assert len(long.loss) < 5000
    assert long.stopped.startswith("L-BFGS ended: CONVERGENCE")
    with pytest.raises(ValueError, match="L-BFGS takes all 50 examples at each step, not a batch of 10"):
        train(optimizer=nn.LBFGS(), batch=10)


# What a trace would freeze


def test_a_loss_that_draws_is_noticed_and_trained_eagerly():
    draw = random.Random(0).gauss
    with pytest.warns(UserWarning, match="MLP is trained eagerly, .* freezes random draws"):
        _, history = train(loss=lambda p, y: nn.hinge(p + draw(0, 0.5), y), compile=True)
    assert len(history.loss) == 12


def test_a_loss_that_changes_from_step_to_step_is_noticed():
    strength = [1.0]

    def slower(step, *_):
        strength[0] = 0.5 if step >= 4 else 1.0

    loss = lambda p, y: strength[0] * nn.hinge(p, y)
    with pytest.warns(UserWarning, match="trained eagerly"):
        _, history = train(loss=loss, compile=True, callbacks=[slower])
    strength[0] = 1.0
    _, expected = train(loss=loss, compile=False, callbacks=[slower])
    assert history.loss[4:] == pytest.approx(expected.loss[4:])


def test_what_cannot_be_traced_is_trained_eagerly_with_the_reason():
    def loss(prediction, y):
        return nn.hinge(prediction, y) if prediction.data < 10 else prediction * 0.0

    with pytest.warns(UserWarning, match="cannot be compiled"):
        train(loss=loss, steps=300)
    with pytest.raises(BranchOnData):
        train(loss=loss, compile=True)
    train(loss=loss, compile=False)


@pytest.mark.parametrize("way", [True, False])
def test_what_is_likely_a_mistake_is_warned_of(way):
    rows = [[x, 3.0, y] for x, y in ROWS]
    arguments = {
        "loss": nn.softmax_cross_entropy,
        "optimizer": nn.GradientDescent(0.1),
        "steps": 1,
        "progress": False,
        "compile": way,
    }
    with pytest.warns(UserWarning, match="the same in every row tell a model nothing: 1; drop them"):
        nn.fit(nn.MLP(3, [4]), rows, CLASSES, **arguments)
    with pytest.warns(UserWarning, match="not trained on: 3$"):
        nn.fit(nn.MLP(2, [4]), ROWS[:9], [0, 1, 2] * 3, validation=(ROWS[9:11], [1, 3]), **arguments)


@pytest.mark.parametrize("way", [True, False])
def test_frames_and_masked_arrays(way):
    frame = pd.DataFrame(ROWS, columns=["a", "b"], index=range(5, 55))
    arguments = {"loss": nn.hinge, "optimizer": nn.GradientDescent(0.1), "steps": 3, "progress": False, "compile": way}
    histories = [nn.fit(nn.MLP(2, [1], rng=1), X, y, **arguments) for X, y in (
        (ROWS, SIGNS), (frame, pd.Series(SIGNS)), (frame.to_numpy(), np.array(SIGNS)),
        (np.ma.masked_invalid(ROWS), np.ma.array(SIGNS)),
    )]  # fmt: skip
    assert all(history == histories[0] for history in histories)
    with pytest.raises(ValueError, match="1 numbers of an array are masked"):
        nn.fit(nn.MLP(2, [1]), np.ma.masked_equal(np.array(ROWS), ROWS[3][1]), SIGNS, **arguments)
    frame.iloc[7, 1] = np.nan
    with pytest.raises(ValueError, match="row 7 is not finite, nan at position 1"):
        nn.fit(nn.MLP(2, [1]), frame, SIGNS, **arguments)


# How it ends


@pytest.mark.parametrize("way", [True, False])
def test_a_loss_that_is_not_finite_ends_it_with_the_instruction_named(way):
    model = nn.MLP(2, [6, 1], "relu", rng=2)
    with pytest.raises(nn.Diverged, match="the last good parameters are back") as caught:
        nn.fit(model, ROWS, SIGNS, loss=nn.half_squared_error, optimizer=nn.GradientDescent(30.0), steps=400,
               compile=way, progress=False)  # fmt: skip
    assert "at step" in str(caught.value)
    assert all(map(np.isfinite, numbers(model)))
    assert len(caught.value.history.loss) > 2


@pytest.mark.parametrize("way", [True, False])
def test_ctrl_c_keeps_parameters_and_history(way):
    def pressed(step, *_):
        if step == 7:
            raise KeyboardInterrupt

    model, history = train(callbacks=[pressed], compile=way)
    expected, _ = train(steps=7, compile=way)
    assert len(history.loss) == 7
    assert numbers(model) == numbers(expected)
    assert history.stopped == "interrupted after 7 steps"


@pytest.mark.parametrize("way", [True, False])
def test_patience_stops_early_and_puts_the_best_parameters_back(way):
    seen = {}

    def keep(step, model, history):
        seen[step] = (history.validation_loss[-1], numbers(model))

    targets = [1 if RNG.random() < 0.5 else -1 for _ in ROWS]  # nothing to learn
    arguments = {"optimizer": nn.Adam(0.1), "validation": 0.4, "patience": 20, "callbacks": [keep]}
    model, history = train(targets=targets, steps=3000, compile=way, **arguments)
    assert len(history.loss) < 3000
    best = min(seen, key=lambda step: seen[step][0])
    assert history.stopped == f"stopped early after {len(history.loss)} steps, with the parameters of step {best}"
    assert numbers(model) == seen[best][1]
    assert len(history.loss) == best + 20


def test_callbacks_see_the_model_as_it_is_and_add_metrics():
    def distance(step, model, history):
        assert len(history.loss) == step
        return {"distance": sum(x * x for x in numbers(model))}

    _, history = train(callbacks=[distance], every=5, compile=True)
    assert len(history.metrics["distance"]) == 2
    _, expected = train(callbacks=[distance], every=5, compile=False)
    assert history.metrics["distance"] == pytest.approx(expected.metrics["distance"])

    def enough(step, *_):
        if step == 4:
            raise StopIteration("enough")

    assert train(callbacks=[enough])[1].stopped == "enough"
    assert len(train(callbacks=[enough], compile=True)[1].loss) == 4


def test_epochs_are_passes_over_all_examples():
    assert len(train(steps=None, epochs=3, batch=20)[1].loss) == 9
    with pytest.raises(ValueError, match="steps or epochs"):
        train(epochs=3)


# Bad input


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"validation": 1.0}, "leaves none to train on"),
        ({"validation": 0.001}, "none to look at"),
        ({"validation": ([], [])}, "no examples"),
        ({"validation": ([[1.0]], [1])}, "as long as the others, 2"),
        ({"validation": ([[1.0, 2.0]],)}, r"validation is \(inputs, targets\)"),
        ({"validation": ([[1.0, 2.0]], [3])}, "hinge needs targets"),
        ({"patience": 3}, "patience is with the validation loss"),
        ({"patience": 0, "validation": 0.2}, "patience is a whole number from 1"),
        ({"every": 0}, "every is a whole number from 1"),
        ({"epochs": 1.5, "steps": None}, "epochs is a whole number"),
    ],
)
@pytest.mark.parametrize("way", [True, False])
def test_bad_arguments(arguments, words, way):
    with pytest.raises(ValueError, match=words):
        train(compile=way, **arguments)


@pytest.mark.parametrize("callbacks", [print, [3], [lambda *_: 5]])
def test_callbacks_are_functions_that_return_metrics(callbacks):
    with pytest.raises(TypeError, match=r"callbacks? (are|returns) a"):
        train(callbacks=callbacks)


def test_an_optimizer_goes_on_where_compiled_steps_have_left_it():
    optimizer, model = nn.Adam(0.02), nn.MLP(2, [6, 1], "tanh", rng=2)
    for way in (True, False, True):
        nn.fit(model, ROWS, SIGNS, loss=nn.hinge, optimizer=optimizer, steps=4, compile=way, progress=False)
    assert numbers(model) == pytest.approx(numbers(train(optimizer=nn.Adam(0.02), compile=False)[0]), rel=1e-9)
    assert {type(x) for x in numbers(model)} == {float}


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: nn.GradientDescent(0.1, 1.0), "momentum is a number from 0 and below 1"),
        (lambda: nn.GradientDescent(0.1, nesterov=True), "nesterov=True needs a momentum"),
        (lambda: nn.Adam(0.1, (0.9, 1.5)), "each of betas"),
        (lambda: nn.Adam(0.1, epsilon=0.0), "epsilon"),
        (lambda: nn.AdamW(decay=-1.0), "decay"),
        (lambda: nn.RMSProp(rho=1.0), "rho"),
        (lambda: nn.Adam(clip=0.0), "clip"),
        (lambda: nn.LBFGS(0), "memory of L-BFGS is a whole number from 1"),
        (lambda: nn.weighted(nn.hinge, {}), "weights are finite numbers"),
        (lambda: nn.weighted(nn.hinge, {1: -1.0}), "weights are finite numbers"),
        (lambda: nn.weighted(nn.hinge, {1: 1.0})(0.5, -1), "no weight for the target -1"),
        (lambda: nn.softmax_cross_entropy([1.0, 2.0], [0.5, 0.7]), "the shares of the classes"),
    ],
)
def test_bad_optimizers_and_weights(make, words):
    with pytest.raises(ValueError, match=words):
        make()


def test_an_optimizer_is_of_one_model():
    optimizer = nn.Adam(0.01)
    train(optimizer=optimizer)
    with pytest.raises(ValueError, match="has moved 25 parameters, and now there are 1"):
        optimizer.step([Value(1.0)])


def test_reprs_are_how_to_make_them():
    for optimizer in (nn.GradientDescent(0.1, momentum=0.9, nesterov=True), nn.AdamW(0.1, clip=1.0), nn.LBFGS(5)):
        assert repr(eval(f"nn.{optimizer!r}")) == repr(optimizer)
