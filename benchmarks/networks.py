"""The networks that all systems are timed on, and their losses as each writes them.

A program is named by the layers and, if it is not relu, the activation: "2-32-32-1 tanh".
"""

import random
from itertools import pairwise
from math import sqrt

POINTS = 104
CLASSES = "64-32-10"  # the network whose loss is the softmax cross-entropy


def named(program):
    """The sizes of the layers, and the activation."""
    sizes, _, activation = program.partition(" ")
    return list(map(int, sizes.split("-"))), activation or "relu"


def network(program):
    """Weights and biases of each layer."""
    (sizes, _), draw = named(program), random.Random(0).uniform
    return [
        ([[draw(-1, 1) / sqrt(n) for _ in range(n)] for _ in range(m)], [draw(-0.1, 0.1) for _ in range(m)])
        for n, m in pairwise(sizes)
    ]


def data(program, rows):
    """Rows, and targets of −1 or 1, or classes from 0 to 9."""
    (sizes, _), gauss = named(program), random.Random(1).gauss
    inputs = [[gauss(0, 1) for _ in range(sizes[0])] for _ in range(rows)]
    signs = [1.0 if gauss(0, 1) > 0 else -1.0 for _ in range(rows)]
    return inputs, [float(random.Random(i).randrange(10)) for i in range(rows)] if program == CLASSES else signs


def scalar_loss(program):
    """The loss of one example, in scalars."""
    import autodiff as ad
    import nn

    activation = getattr(ad, named(program)[1])

    def loss(layers, x, y):
        *hidden, last = layers
        for weights, biases in hidden:
            x = [activation(bias + ad.dot(row, x)) for row, bias in zip(weights, biases, strict=True)]
        outputs = [bias + ad.dot(row, x) for row, bias in zip(*last, strict=True)]
        return nn.softmax_cross_entropy(outputs, y) if program == CLASSES else ad.relu(1.0 + outputs[0] * -y)

    return loss


def jax_loss(program):
    """The mean loss of a batch, in jax.numpy."""
    import jax
    import jax.numpy as jnp

    activation = {"relu": jax.nn.relu, "tanh": jnp.tanh, "sigmoid": jax.nn.sigmoid}[named(program)[1]]

    def loss(layers, x, y):
        *hidden, (weights, biases) = layers
        for w, b in hidden:
            x = activation(x @ w.T + b)
        x = x @ weights.T + biases
        if program == CLASSES:
            return -jnp.mean(jnp.take_along_axis(jax.nn.log_softmax(x), y.astype(int)[:, None], axis=1))
        return jnp.mean(jax.nn.relu(1.0 - x[:, 0] * y))

    return loss


def torch_loss(program):
    """The mean loss of a batch, the parameters in one list."""
    import torch

    activation = getattr(torch, named(program)[1])

    def loss(parts, x, y):
        for i in range(0, len(parts), 2):
            x = torch.nn.functional.linear(x, parts[i], parts[i + 1])
            x = activation(x) if i < len(parts) - 2 else x
        if program == CLASSES:
            return torch.nn.functional.cross_entropy(x, y.long())
        return torch.relu(1.0 - x[:, 0] * y).mean()

    return loss


def casadi_loss(program):
    """The loss of one example as a graph: the parameters as one vector, the row, the target, the loss."""
    import casadi as ca

    sizes, activation = named(program)
    of = {"relu": lambda z: ca.fmax(z, 0), "tanh": ca.tanh, "sigmoid": lambda z: 1 / (1 + ca.exp(-z))}[activation]
    count = sum(m * n + m for n, m in pairwise(sizes))
    p, x, y = ca.SX.sym("p", count), ca.SX.sym("x", sizes[0]), ca.SX.sym("y")
    at, a = 0, x
    for i, (n, m) in enumerate(pairwise(sizes)):
        weights, at = ca.reshape(p[at : at + m * n], n, m).T, at + m * n
        z, at = ca.mtimes(weights, a) + p[at : at + m], at + m
        a = of(z) if i < len(sizes) - 2 else z
    return p, x, y, ca.fmax(1 - a * y, 0)
