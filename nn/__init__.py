"""Networks on the engine: modules, losses, gradient descent.

import nn
model = nn.MLP(2, [16, 16, 1], activation="relu")
history = nn.fit(model, X, y, loss=nn.hinge, optimizer=nn.GradientDescent(0.1), steps=100)
model.predict(X)

    data            rows and targets, checked once
    parts           data in parts, in memory or in files
    strangers       Values that stand where no parameter is looked for
    summary         what a model is made of, as a table
    module          Module: a tree of parameters
    initialization  how weights begin
    layers          Neuron, Layer, MLP
    losses          of one example
    attention       Linear, Embedding, RMSNorm, AttentionHead: what a GPT is made of
    trees           models as trees of classes that are known
    files           save and load: models in safetensors
    optimizers      how parameters move along their gradients
    recursion       backpropagation, the δ recursion on numbers
    equations       the same in words
    deltas          what `backpropagation` gives
    history         what happened in training
    objectives      the mean loss and its gradient, on Values or compiled
    loops           what goes on between steps
    scattering      J over parts, by an executor
    checkpoints     a run in a file, to go on from
    training        fit: gradient descent over batches
    estimators      MLPClassifier and MLPRegressor, for scikit-learn
    plots           loss curves, decision boundary
    exchange        to_torch, from_torch, to_onnx
    watching        watch and descend: pages in which training runs
    demo            `make demo`
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from autodiff.core.packages import require
from nn.attention import AttentionHead, Embedding, Linear, RMSNorm
from nn.deltas import backpropagation
from nn.files import BadFile, load, save
from nn.history import Diverged, History
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
    weighted,
)
from nn.module import Module
from nn.optimizers import LBFGS, Adam, AdamW, GradientDescent, RMSProp
from nn.parts import BadPart, WorkersLost
from nn.plots import Watch, decision_boundary, layer_curves, loss_curves, predictions_against_targets
from nn.training import fit

if TYPE_CHECKING:
    from nn.estimators import MLPClassifier as MLPClassifier
    from nn.estimators import MLPRegressor as MLPRegressor
    from nn.exchange.onnx import to_onnx as to_onnx
    from nn.exchange.torch import from_torch as from_torch
    from nn.exchange.torch import to_torch as to_torch
    from nn.watching.descending import descend as descend
    from nn.watching.training import watch as watch

# imported when first asked for: `import nn` stays quick, and needs no scikit-learn
LATER = {
    "MLPClassifier": "estimators", "MLPRegressor": "estimators",
    "descend": "watching.descending", "watch": "watching.training",
    "from_torch": "exchange.torch", "to_torch": "exchange.torch", "to_onnx": "exchange.onnx",
}  # fmt: skip

if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        if name not in LATER:
            raise AttributeError(f"nn has no {name!r}; see dir(nn)")
        if LATER[name] == "estimators":
            require("sklearn", f"nn.{name}", "pip install 'autodiff-stepper[train]'")
        return getattr(import_module(f"nn.{LATER[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*__all__, *LATER})


__all__ = [
    "ACTIVATIONS",
    "INITIALIZATIONS",
    "LBFGS",
    "MLP",
    "Adam",
    "AdamW",
    "AttentionHead",
    "BadFile",
    "BadPart",
    "Diverged",
    "Embedding",
    "GradientDescent",
    "History",
    "Layer",
    "Linear",
    "Module",
    "Neuron",
    "RMSNorm",
    "RMSProp",
    "Watch",
    "WorkersLost",
    "backpropagation",
    "binary_cross_entropy",
    "decision_boundary",
    "fit",
    "half_squared_error",
    "hinge",
    "l2_penalty",
    "layer_curves",
    "load",
    "loss_curves",
    "mean_squared_error",
    "one_hot",
    "predictions_against_targets",
    "save",
    "softmax_cross_entropy",
    "weighted",
]
