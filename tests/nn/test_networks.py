"""micrograd's own network programs, run on this library and on PyPI's micrograd with only the import changed."""

import random

import micrograd.engine
import micrograd.nn
import pytest
from sklearn.datasets import make_moons

import autodiff
import nn

XS = [[2.0, 3.0, -1.0], [3.0, -1.0, 0.5], [0.5, 1.0, 1.0], [1.0, 1.0, -1.0]]
YS = [1.0, -1.0, -1.0, 1.0]  # desired targets


def lecture(MLP, Value, weights):  # noqa: N803
    """The loop of the micrograd lecture: four points, a squared loss, the update written out."""
    n = MLP(3, [4, 4, 1])
    for p, weight in zip(n.parameters(), weights, strict=True):
        p.data = weight
    losses = []
    for _ in range(20):
        # forward pass
        ypred = [n(x) for x in XS]
        loss = sum((yout - ygt) ** 2 for ygt, yout in zip(YS, ypred, strict=True))
        # backward pass
        for p in n.parameters():
            p.grad = 0.0
        loss.backward()
        # update
        for p in n.parameters():
            p.data += -0.01 * p.grad
        losses.append(loss.data)
    return losses, [p.data for p in n.parameters()]


def demo(MLP, Value, weights):  # noqa: N803
    """micrograd's demo.ipynb: two moons, the max-margin loss and L2, here in minibatches and five steps."""
    X, y = make_moons(n_samples=100, noise=0.1, random_state=1)  # noqa: N806
    y = y * 2 - 1
    model = MLP(2, [16, 16, 1])
    for p, weight in zip(model.parameters(), weights, strict=True):
        p.data = weight
    steps = []
    for k in range(5):
        Xb, yb = X[20 * k : 20 * k + 20], y[20 * k : 20 * k + 20]  # noqa: N806
        inputs = [list(map(Value, xrow)) for xrow in Xb]
        # forward the model to get scores
        scores = list(map(model, inputs))
        # svm "max-margin" loss
        losses = [(1 + -yi * scorei).relu() for yi, scorei in zip(yb, scores, strict=True)]
        data_loss = sum(losses) * (1.0 / len(losses))
        # L2 regularization
        alpha = 1e-4
        reg_loss = alpha * sum(p * p for p in model.parameters())
        total_loss = data_loss + reg_loss
        # also get accuracy
        accuracy = [(yi > 0) == (scorei.data > 0) for yi, scorei in zip(yb, scores, strict=True)]
        # backward
        model.zero_grad()
        total_loss.backward()
        # update (sgd)
        learning_rate = 1.0 - 0.9 * k / 100
        for p in model.parameters():
            p.data -= learning_rate * p.grad
        steps += [total_loss.data, sum(accuracy) / len(accuracy)]
    return steps, [p.data for p in model.parameters()]


@pytest.mark.parametrize(("program", "parameters"), [(lecture, 41), (demo, 337)])
def test_a_program_of_micrograds_runs_with_only_the_import_changed(program, parameters):
    rng = random.Random(0)
    weights = [rng.uniform(-1, 1) for _ in range(parameters)]
    ours = program(nn.MLP, autodiff.Value, weights)
    theirs = program(micrograd.nn.MLP, micrograd.engine.Value, weights)
    # the same sums, but adjoints of a shared node are added up in another order: roundings that the steps carry on
    assert ours[0] == pytest.approx(theirs[0], rel=1e-9)
    assert ours[1] == pytest.approx(theirs[1], rel=1e-9)


def test_the_lectures_network_learns_its_four_points():
    losses, _ = lecture(nn.MLP, autodiff.Value, [p.data for p in nn.MLP(3, [4, 4, 1], rng=1).parameters()])
    assert losses[-1] < 0.05 * losses[0]


def test_fit_is_the_demo_loop_of_micrograd():
    """The same model by nn.fit: hinge, l2 and a schedule instead of what the program spells out."""
    X, y = make_moons(n_samples=40, noise=0.1, random_state=1)  # noqa: N806
    y = 2 * y - 1
    model, theirs = nn.MLP(2, [8, 1], rng=3), micrograd.nn.MLP(2, [8, 1])
    for p, q in zip(model.parameters(), theirs.parameters(), strict=True):
        q.data = p.data
    losses = []
    for k in range(4):
        scores = [theirs(row) for row in X.tolist()]
        loss = sum((1 + -yi * s).relu() for yi, s in zip(y.tolist(), scores, strict=True)) * (1.0 / len(scores))
        loss = loss + 1e-3 * sum(p * p for p in theirs.parameters())
        theirs.zero_grad()
        loss.backward()
        for p in theirs.parameters():
            p.data -= (1.0 - 0.1 * k) * p.grad
        losses.append(loss.data)
    optimizer = nn.GradientDescent(lambda step: 1.0 - 0.1 * step)
    history = nn.fit(model, X, y, loss=nn.hinge, optimizer=optimizer, steps=4, l2=1e-3, progress=False)
    assert history.loss == pytest.approx(losses, rel=1e-12)
    assert [p.data for p in model.parameters()] == pytest.approx([q.data for q in theirs.parameters()], rel=1e-9)
