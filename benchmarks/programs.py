"""The programs that are timed: one text for every library, only the classes differ."""

import random
from collections.abc import Callable
from importlib import import_module
from typing import Any, NamedTuple

from gpt import GPT, VOCABULARY

VALUES = {"autodiff": "autodiff", "micrograd": "micrograd.engine", "plain": "plain_value"}
NETWORKS = {"autodiff": "nn", "micrograd": "micrograd.nn"}


class Program(NamedTuple):
    """`step` computes an output and its gradient by the `variables`, in so many `operations`."""

    step: Callable[[], Any]
    variables: list[Any]
    operations: int


def dot_floats(library, terms):
    return _dot(library, float, terms)


def dot_values(library, terms):
    return _dot(library, _value(library), terms)


def _dot(library, kind, terms):
    """Σ wᵢ xᵢ, the xᵢ of this kind: a product and a sum for each term."""
    draw, value = random.Random(0).gauss, _value(library)
    weights = [value(draw(0.0, 1.0)) for _ in range(terms)]
    xs = [kind(draw(0.0, 1.0)) for _ in range(terms)]

    def step():
        output = sum(w * x for w, x in zip(weights, xs, strict=True))
        output.backward()
        return output

    return Program(step, weights if kind is float else weights + xs, 2 * terms)


def chain(library, nodes):
    """x ← wx + b over and over: as deep as it is long."""
    value = _value(library)
    w, b = value(1.0), value(1e-6)

    def step():
        x = w
        for _ in range(nodes // 2):
            x = x * w + b
        x.backward()
        return x

    return Program(step, [w, b], nodes)


def moons(library, points):
    """A step of micrograd's demo: MLP(2, [16, 16, 1]), hinge loss and L2 on the whole batch of two moons."""
    from sklearn.datasets import make_moons

    inputs, classes = make_moons(n_samples=points, noise=0.1, random_state=1337)
    targets = (2 * classes - 1).tolist()
    # micrograd's notebook makes Values of the rows; where floats do, rows are floats
    kind = _value(library) if library == "micrograd" else float
    model = import_module(NETWORKS[library]).MLP(2, [16, 16, 1])
    draw = random.Random(0).uniform
    for parameter in model.parameters():
        parameter.data = draw(-1.0, 1.0)

    def loss():
        scores = [model(list(map(kind, row))) for row in inputs.tolist()]
        losses = [(1 + -yi * scorei).relu() for yi, scorei in zip(targets, scores, strict=True)]
        data_loss = sum(losses) * (1.0 / len(losses))
        reg_loss = 1e-4 * sum(p * p for p in model.parameters())
        return data_loss + reg_loss

    return _descent(model, loss, learning_rate=1.0)


def fit(_, points):
    """A step of `nn.fit` on the same, of three in a call, which holds the collector of cycles back."""
    from sklearn.datasets import make_moons

    import nn

    inputs, classes = make_moons(n_samples=points, noise=0.1, random_state=1337)
    model, targets, optimizer = nn.MLP(2, [16, 16, 1], rng=0), 2 * classes - 1, nn.GradientDescent(0.1)

    def step():
        return nn.fit(model, inputs, targets, loss=nn.hinge, optimizer=optimizer, steps=3, l2=1e-4, progress=False)

    return Program(step, model.parameters(), 3)


def gpt(library, length):
    """A step of the GPT on one sequence."""
    model, draw = GPT(_value(library), seed=0), random.Random(0).randrange
    tokens = [draw(VOCABULARY) for _ in range(length + 1)]
    return _descent(model, lambda: model.loss(tokens), learning_rate=0.01)


def _descent(model, loss, learning_rate):
    def step():
        total_loss = loss()
        model.zero_grad()
        total_loss.backward()
        for p in model.parameters():
            p.data -= learning_rate * p.grad
        return total_loss

    return Program(step, model.parameters(), 1)


def _value(library):
    return import_module(VALUES[library]).Value


PROGRAMS = {program.__name__: program for program in (dot_floats, dot_values, chain, moons, fit, gpt)}
