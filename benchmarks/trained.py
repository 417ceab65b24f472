"""One training by one system: `python trained.py ours moons 100` prints seconds, and accuracy, as JSON."""

import json
import random
import sys
from itertools import pairwise
from time import perf_counter

from sklearn.datasets import load_digits, make_moons
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

WARM = 1_000  # steps


def moons_data():
    inputs, classes = make_moons(n_samples=100, noise=0.1, random_state=1337)
    return inputs, 2 * classes - 1


def digits_data():
    """Rows and classes to train on, and to test on, a quarter."""
    inputs, classes = load_digits(return_X_y=True)
    train, test, train_classes, test_classes = train_test_split(
        inputs, classes, test_size=0.25, random_state=0, stratify=classes
    )
    scaler = StandardScaler().fit(train)
    return scaler.transform(train), train_classes, scaler.transform(test), test_classes


def rate(step):
    """micrograd's, of its hundred steps."""
    return max(1.0 - 0.009 * step, 0.1)


def ours_moons():
    import llvmlite.binding  # noqa: F401

    import autodiff.compiling.compiled  # noqa: F401
    import nn

    inputs, targets = moons_data()

    def fit(steps):
        model, optimizer = nn.MLP(2, [16, 16, 1], rng=1337), nn.GradientDescent(rate)
        nn.fit(
            model,
            inputs,
            targets,
            loss=nn.hinge,
            optimizer=optimizer,
            steps=steps,
            l2=1e-4,
            compile=True,
            progress=False,
        )

    return fit


def micrograd_moons():
    from micrograd.engine import Value
    from micrograd.nn import MLP

    inputs, targets = moons_data()

    def fit(steps):
        random.seed(1337)
        model = MLP(2, [16, 16, 1])
        for step in range(steps):
            scores = [model([Value(float(x)) for x in row]) for row in inputs]
            losses = [(1 + -float(y) * s).relu() for s, y in zip(scores, targets, strict=True)]
            loss = sum(losses) * (1.0 / len(losses)) + 1e-4 * sum(p * p for p in model.parameters())
            model.zero_grad()
            loss.backward()
            for p in model.parameters():
                p.data -= rate(step) * p.grad

    return fit


def torch_moons():
    import torch

    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)
    torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0).step()  # it imports what it needs at its first step
    X, y = map(torch.tensor, moons_data())  # noqa: N806

    def fit(steps):
        torch.manual_seed(0)
        layers = [torch.nn.Linear(n, m) for n, m in pairwise((2, 16, 16, 1))]
        model = torch.nn.Sequential(layers[0], torch.nn.ReLU(), layers[1], torch.nn.ReLU(), layers[2])
        optimizer = torch.optim.SGD(model.parameters(), lr=1.0)
        for step in range(steps):
            optimizer.param_groups[0]["lr"] = rate(step)
            loss = torch.relu(1.0 - y * model(X)[:, 0]).mean() + 1e-4 * sum((p * p).sum() for p in model.parameters())
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()

    return fit


def ours_digits(epochs):
    import llvmlite.binding  # noqa: F401

    import autodiff.compiling.compiled  # noqa: F401
    import nn

    X, y, test, answers = digits_data()  # noqa: N806
    model = nn.MLP(64, [32, 10], rng=0, initialization="he")

    def fit():
        nn.fit(
            model,
            X,
            y,
            loss=nn.softmax_cross_entropy,
            optimizer=nn.Adam(0.003),
            epochs=epochs,
            batch=64,
            progress=False,
        )

    def accuracy():
        logits = model.predict(test)
        right = [max(range(10), key=row.__getitem__) == k for row, k in zip(logits, answers, strict=True)]
        return sum(right) / len(right)

    return fit, accuracy


def sklearn_digits(epochs):
    import warnings

    from sklearn.neural_network import MLPClassifier

    warnings.simplefilter("ignore")
    X, y, test, answers = digits_data()  # noqa: N806
    model = MLPClassifier((32,), learning_rate_init=0.003, alpha=0.0, batch_size=64, max_iter=epochs, random_state=0)
    return lambda: model.fit(X, y), lambda: model.score(test, answers)


def torch_digits(epochs):
    import torch

    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)
    torch.optim.Adam([torch.zeros(1, requires_grad=True)]).step()
    X, y, test, answers = map(torch.tensor, digits_data())  # noqa: N806
    torch.manual_seed(0)
    model = torch.nn.Sequential(torch.nn.Linear(64, 32), torch.nn.ReLU(), torch.nn.Linear(32, 10))

    def fit():
        optimizer = torch.optim.Adam(model.parameters(), lr=0.003)
        for _ in range(epochs):
            order = torch.randperm(len(X))
            for rows in order.split(64):
                loss = torch.nn.functional.cross_entropy(model(X[rows]), y[rows])
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()

    return fit, lambda: (model(test).argmax(dim=1) == answers).double().mean().item()


def jax_digits(epochs):
    import jax
    import jax.numpy as jnp
    import numpy as np

    jax.config.update("jax_enable_x64", True)  # noqa: FBT003
    X, y, test, answers = digits_data()  # noqa: N806
    draw = np.random.default_rng(0)
    layers = [(draw.normal(0, (2 / n) ** 0.5, (n, m)), np.zeros(m)) for n, m in ((64, 32), (32, 10))]
    state = jax.tree.map(jnp.array, layers)

    def forward(layers, x):
        (w1, b1), (w2, b2) = layers
        return jax.nn.relu(x @ w1 + b1) @ w2 + b2

    def loss(layers, x, k):
        return -jnp.mean(jnp.take_along_axis(jax.nn.log_softmax(forward(layers, x)), k[:, None], axis=1))

    @jax.jit
    def step(layers, m, v, t, x, k):
        slopes = jax.grad(loss)(layers, x, k)
        m = jax.tree.map(lambda a, g: 0.9 * a + 0.1 * g, m, slopes)
        v = jax.tree.map(lambda a, g: 0.999 * a + 0.001 * g * g, v, slopes)
        moved = jax.tree.map(
            lambda p, a, b: p - 0.003 * (a / (1 - 0.9**t)) / (jnp.sqrt(b / (1 - 0.999**t)) + 1e-8), layers, m, v
        )
        return moved, m, v

    def fit():
        nonlocal state
        zeros, t = jax.tree.map(jnp.zeros_like, state), 0
        m, v = zeros, zeros
        for _ in range(epochs):
            order = draw.permutation(len(X))
            for first in range(0, len(X), 64):
                rows, t = order[first : first + 64], t + 1
                state, m, v = step(state, m, v, float(t), X[rows], y[rows])
        jax.block_until_ready(state)

    return fit, lambda: float((forward(state, test).argmax(axis=1) == answers).mean())


def timed(call):
    start = perf_counter()
    call()
    return perf_counter() - start


def main():
    system, task, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
    if task == "digits":
        fit, accuracy = globals()[f"{system}_{task}"](count)
        told = {"seconds": timed(fit), "accuracy": accuracy()}
    else:
        fit = globals()[f"{system}_{task}"]()
        told = {"seconds": timed(lambda: fit(count))}
        if system != "micrograd":  # a step, when all is warm
            long, short = (min(timed(lambda n=n: fit(n)) for _ in range(3)) for n in (3 * WARM, WARM))
            told["step"] = (long - short) / (2 * WARM)
    print(json.dumps(told))


if __name__ == "__main__":
    main()
