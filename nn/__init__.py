"""Networks on the engine: modules, losses, gradient descent.

import nn
model = nn.MLP(2, [16, 16, 1], activation="relu")
history = nn.fit(model, X, y, loss=nn.hinge, optimizer=nn.GradientDescent(0.1), steps=100)
model.predict(X)

    data            rows and targets, checked once
    strangers       Values that stand where no parameter is looked for
    module          Module: a tree of parameters
    initialization  how weights begin
    layers          Neuron, Layer, MLP
    losses          of one example
    optimizers      how parameters move along their gradients
    training        fit: gradient descent over batches
    plots           loss curves, decision boundary
    demo            `make demo`
"""

from nn.initialization import INITIALIZATIONS
from nn.layers import ACTIVATIONS, MLP, Layer, Neuron
from nn.losses import (
    binary_cross_entropy,
    half_squared_error,
    hinge,
    l2_penalty,
    mean_squared_error,
    one_hot,
    softmax_cross_entropy,
)
from nn.module import Module
from nn.optimizers import GradientDescent
from nn.plots import decision_boundary, loss_curves
from nn.training import Diverged, History, fit

__all__ = [
    "ACTIVATIONS",
    "INITIALIZATIONS",
    "MLP",
    "Diverged",
    "GradientDescent",
    "History",
    "Layer",
    "Module",
    "Neuron",
    "binary_cross_entropy",
    "decision_boundary",
    "fit",
    "half_squared_error",
    "hinge",
    "l2_penalty",
    "loss_curves",
    "mean_squared_error",
    "one_hot",
    "softmax_cross_entropy",
]
