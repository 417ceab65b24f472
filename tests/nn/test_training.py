"""fit: the loop, batches, history, the bar, and how training stops."""

import math
import pickle
import random

import pytest

import autodiff as ad
import nn
from autodiff import Value

RNG = random.Random(3)
ROWS = [[RNG.uniform(-1, 1), RNG.uniform(-1, 1)] for _ in range(12)]
CLASSES = [1 if x * y > 0 else -1 for x, y in ROWS]


def numbers(model):
    return [p.data for p in model.parameters()]


def train(model=None, rows=ROWS, targets=CLASSES, **arguments):
    """The model, by default always the same one, and its history."""
    model = model or nn.MLP(2, [4, 1], "tanh", rng=0)
    arguments = {"loss": nn.hinge, "optimizer": nn.GradientDescent(0.5), "steps": 5, "progress": False} | arguments
    return model, nn.fit(model, rows, targets, **arguments)


# What fit does


@pytest.mark.parametrize("l2", [0.0, 0.01])
def test_fit_is_the_loop_written_by_hand_bit_for_bit(l2):
    model, losses = nn.MLP(2, [4, 1], "tanh", rng=0), []
    for _ in range(5):
        loss = ad.mean(nn.hinge(model(row), y) for row, y in zip(ROWS, CLASSES, strict=True))
        if l2:
            loss = loss + nn.l2_penalty(model.parameters(), l2)
        losses.append(loss.data)
        model.zero_grad()
        loss.backward()
        for p in model.parameters():
            p.data = p.data - 0.5 * p.grad
    fitted, history = train(l2=l2)
    assert history.loss == losses
    assert numbers(fitted) == numbers(model)


def test_a_schedule_in_fit_is_the_same_steps_by_hand():
    seen = []
    train(optimizer=nn.GradientDescent(lambda step: seen.append(step) or 0.1), steps=3)
    assert seen[-3:] == [0, 1, 2]
    assert numbers(train(optimizer=nn.GradientDescent(lambda step: 0.5), steps=3)[0]) == numbers(train(steps=3)[0])
    falling = numbers(train(optimizer=nn.GradientDescent(lambda step: 0.5 - 0.1 * step), steps=3)[0])
    assert falling != numbers(train(steps=3)[0])


def test_l2_adds_its_penalty_to_the_loss_and_shrinks_the_weights():
    plain, penalized = train(steps=1), train(steps=1, l2=0.25)
    start = nn.MLP(2, [4, 1], "tanh", rng=0)
    penalty = 0.25 * sum(p * p for p in numbers(start))
    assert penalized[1].loss[0] == pytest.approx(plain[1].loss[0] + penalty, rel=1e-14)
    # −α · 2λp on top of the step of the loss, rounded differently
    moved = [a - 0.5 * 2 * 0.25 * p for a, p in zip(numbers(plain[0]), numbers(start), strict=True)]
    assert numbers(penalized[0]) == pytest.approx(moved, rel=1e-12, abs=1e-15)


def test_history_holds_the_loss_and_the_accuracy_before_each_step():
    start = nn.MLP(2, [4, 1], "tanh", rng=0)
    scores = start.predict(ROWS)
    model, history = train(steps=3)
    assert len(history.loss) == len(history.accuracy) == 3
    mean = sum(nn.hinge(s, y) for s, y in zip(scores, CLASSES, strict=True)) / len(ROWS)
    assert history.loss[0] == pytest.approx(mean, rel=1e-15)
    assert history.accuracy[0] == sum((s > 0) == (y > 0) for s, y in zip(scores, CLASSES, strict=True)) / len(ROWS)
    assert train(model, steps=1)[1].loss[0] < history.loss[0]


def test_accuracy_is_kept_for_classifiers_only():
    assert len(train(loss=nn.binary_cross_entropy, targets=[(y + 1) // 2 for y in CLASSES])[1].accuracy) == 5
    assert train(loss=nn.half_squared_error)[1].accuracy == []
    assert train(loss=lambda score, y: nn.hinge(score, y) * 1.0)[1].accuracy == []


def test_history_says_from_what_to_what():
    """Four digits: of a loss that explodes, and of one that vanishes, too."""
    assert str(nn.History([2.0, 0.5], [0.25, 1.0])) == "loss 2 → 0.5, accuracy 0.250 → 1.000"
    assert repr(nn.History([1.0 / 3.0, 1e200, 1e-9])) == "History(3 steps, loss 0.3333 → 1e-09)"
    assert repr(nn.History()) == "History(0 steps, no step)"


def test_a_run_repeats_by_its_seed_and_not_by_another():
    first, again, other = (train(batch=4, steps=8, seed=seed) for seed in (1, 1, 2))
    assert first[1] == again[1]
    assert numbers(first[0]) == numbers(again[0])
    assert first[1].loss != other[1].loss


def test_a_run_repeats_without_naming_a_seed_but_not_with_none():
    assert train(batch=4, steps=8)[1] == train(batch=4, steps=8)[1] == train(batch=4, steps=8, seed=0)[1]
    # eight batches of 4 of 12 at random: equal once in 495⁸ runs
    assert train(batch=4, steps=8, seed=None)[1] != train(batch=4, steps=8, seed=None)[1]


class Listener(nn.Module):
    """A model that notes which rows it is called on."""

    def __init__(self):
        self.bias, self.heard = Value(0.5), []

    def __call__(self, row):
        self.heard.append(row[0])
        return self.bias * row[0]


def batches(steps, **arguments):
    model, _ = train(Listener(), rows=range(12), targets=[1] * 12, steps=steps, **arguments)
    size = min(arguments.get("batch") or 12, 12)
    epochs = -(-steps // -(-12 // size))
    heard = model.heard[-min(epochs * 12, steps * size) :]
    return [
        epoch[i : i + size]
        for at in range(0, len(heard), 12)
        for epoch in [heard[at : at + 12]]
        for i in range(0, 12, size)
    ]


def test_an_epoch_has_every_example_once_in_an_order_of_its_own():
    drawn = batches(21, batch=5)
    assert [len(batch) for batch in drawn] == [5, 5, 2] * 7
    epochs = [[x for batch in drawn[at : at + 3] for x in batch] for at in range(0, 21, 3)]
    assert all(sorted(epoch) == list(map(float, range(12))) for epoch in epochs)
    assert len(set(map(tuple, epochs))) == 7
    epoch = [x for batch in batches(3, batch=5) for x in batch]
    assert epoch == epochs[0]


@pytest.mark.parametrize("batch", [None, 12, 1000])
def test_a_full_batch_is_all_examples_in_their_order(batch):
    assert batches(2, batch=batch) == [list(map(float, range(12)))] * 2


def test_training_goes_on_from_where_it_was():
    optimizer = nn.GradientDescent(lambda step: 0.5 / (step + 1))
    model, first = train(optimizer=optimizer, steps=3)
    _, second = train(model, optimizer=optimizer, steps=2)
    whole, history = train(optimizer=nn.GradientDescent(lambda step: 0.5 / (step + 1)), steps=5)
    assert first.loss + second.loss == history.loss
    assert numbers(model) == numbers(whole)


# The bar


def test_the_bar_shows_step_loss_and_accuracy_on_stderr(capsys):
    _, history = train(progress=True)
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "5/5" in shown.err
    assert f"{history}]" in shown.err
    assert "accuracy" in shown.err
    train(progress=True, loss=nn.half_squared_error)
    shown = capsys.readouterr()
    assert "loss" in shown.err
    assert "accuracy" not in shown.err


def test_no_bar_is_silent(capsys):
    train(progress=False)
    assert capsys.readouterr() == ("", "")


# How it stops


def mean_loss(model):
    return sum(nn.half_squared_error(p, y) for p, y in zip(model.predict(ROWS), CLASSES, strict=True)) / len(ROWS)


def test_a_loss_that_explodes_stops_with_the_last_good_parameters_and_the_history(capsys):
    model, optimizer = nn.MLP(2, [4, 1], "relu", rng=0), nn.GradientDescent(10.0)
    with pytest.raises(nn.Diverged, match=r"at step .* of 500: the last good parameters are back in place") as stopped:
        train(model, loss=nn.half_squared_error, optimizer=optimizer, steps=500, progress=True)
    history = stopped.value.history
    assert 3 < len(history.loss) < 500
    assert all(map(math.isfinite, history.loss))
    assert history.loss[-1] > 1e6 > history.loss[0]
    assert all(map(math.isfinite, numbers(model)))
    assert mean_loss(model) == pytest.approx(history.loss[-1], rel=1e-12)  # the mean summed in another order
    assert f"at step {len(history.loss)} of" in str(stopped.value)
    assert "GradientDescent(10.0) may go too fast" in str(stopped.value)
    assert isinstance(stopped.value, ArithmeticError)
    assert f"{len(history.loss)}/500" in capsys.readouterr().err


def test_a_parameter_that_overflows_stops_before_the_loss_does():
    model = nn.MLP(2, [4, 1], "tanh", rng=0)
    before = numbers(model)
    with pytest.raises(nn.Diverged, match="a parameter became non-finite, at step 0 of 5") as stopped:
        train(model, loss=lambda p, y: 1e9 * p, optimizer=nn.GradientDescent(1e305))
    assert numbers(model) == before
    assert stopped.value.history == nn.History()


@pytest.mark.parametrize(("loss", "message"), [
    (lambda p, y: ad.exp(1e4 * (1.0 + p * p)), "exp.*: math range error .*, at step 0 of 5"),
    (lambda p, y: p / 0.0, "float division by zero.*, at step 0 of 5"),
    (lambda p, y: p * math.inf, "the loss became (inf|nan|-inf), first in .* = .*(∞|nan), at step 0 of 5"),
    (lambda p, y: p * math.nan, "the loss became nan, first in .* = nan, at step 0 of 5"),
])  # fmt: skip
@pytest.mark.parametrize("batch", [None, 3])
def test_arithmetic_that_fails_at_the_first_step_leaves_the_model_as_it_was(loss, message, batch):
    model = nn.MLP(2, [4, 1], "tanh", rng=0)
    before = numbers(model)
    with pytest.raises(nn.Diverged, match=message):
        train(model, loss=loss, batch=batch)
    assert numbers(model) == before


def test_diverged_travels_between_processes_with_its_history():
    """An error of two arguments that pickles by one would break a pool of workers instead of reporting itself."""
    error = pickle.loads(pickle.dumps(nn.Diverged("too fast", nn.History([1.0, 2.0]))))
    assert (str(error), error.history) == ("too fast", nn.History([1.0, 2.0]))


def test_an_interrupt_leaves_the_parameters_of_the_steps_that_were_done():
    calls = []

    def interrupted(score, y):
        calls.append(y)
        if len(calls) > 3 * len(ROWS):
            raise KeyboardInterrupt
        return nn.hinge(score, y)

    model = nn.MLP(2, [4, 1], "tanh", rng=0)
    _, history = train(model, loss=interrupted, steps=100)
    assert numbers(model) == numbers(train(steps=3)[0])
    assert history.loss == train(steps=3)[1].loss
    assert history.stopped == "interrupted after 3 steps"


def test_a_domain_error_after_the_first_step_puts_the_last_good_parameters_back():
    class Weight(nn.Module):
        def __init__(self):
            self.w = Value(1.0)

        def __call__(self, row):
            return self.w * row[0]

    model = Weight()
    with pytest.raises(nn.Diverged, match=r"log\(.*math domain error.*last good parameters") as caught:
        nn.fit(model, [[1.0]], [0.0], loss=lambda p, _: ad.log(p), optimizer=nn.GradientDescent(0.6), steps=9,
               progress=False)  # fmt: skip
    assert model.w.data == pytest.approx(0.4)
    assert len(caught.value.history.loss) == 2
    with pytest.raises(ValueError, match=r"^log\(-1\.0\)"):
        nn.fit(model, [[1.0]], [0.0], loss=lambda p, _: ad.log(p * 0.0 - 1.0), optimizer=nn.GradientDescent(0.6),
               progress=False)  # fmt: skip


def test_a_model_without_parameters_is_refused():
    class Nothing(nn.Module):
        def __call__(self, row):
            return row[0]

    with pytest.raises(ValueError, match="the model has no parameters: keep Values in its attributes"):
        nn.fit(Nothing(), [[1.0]], [0.0], loss=nn.half_squared_error, optimizer=nn.GradientDescent(0.1), progress=False)


@pytest.mark.parametrize("hide", [lambda v: {v}, lambda v: __import__("numpy").array([v])], ids=["set", "array"])
def test_parameters_that_would_not_be_trained_are_named(hide):
    class Hides(nn.Module):
        def __init__(self):
            self.hidden = hide(Value(1.0))

    with pytest.raises(TypeError, match=r"hidden is a .* that holds Values, which would not be trained"):
        Hides().parameters()


@pytest.mark.parametrize(
    "fault",
    [ValueError("no such class: 7"), UnicodeDecodeError("utf-8", b"x", 0, 1, "why")],
    ids=lambda fault: type(fault).__name__,
)
@pytest.mark.parametrize("when", [0, 2])
def test_an_error_of_the_users_own_loss_is_passed_on_as_it_is(fault, when):
    model, called = nn.MLP(2, [1], rng=0), []

    def loss(prediction, target):
        called.append(numbers(model))
        if len(called) > when * len(ROWS):
            raise fault
        return nn.half_squared_error(prediction, target)

    with pytest.raises(type(fault)) as raised:
        train(model, loss=loss)
    assert raised.value is fault
    assert numbers(model) in called  # the last good ones


def test_a_domain_error_in_a_loss_that_has_moved_is_a_divergence():
    model = nn.MLP(1, [1], rng=0)
    model.layers[0].neurons[0].bias.data = 1.0

    def loss(prediction, _):
        return ad.log(1.0 + prediction)

    with pytest.raises(nn.Diverged, match=r"log\(.*, at step [1-9]"):
        nn.fit(model, [[0.0]], [0.0], loss=loss, optimizer=nn.GradientDescent(1.0), steps=50, progress=False)
