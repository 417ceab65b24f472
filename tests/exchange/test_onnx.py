"""An MLP as a file of ONNX's, run by onnxruntime."""

import sys

import numpy as np
import onnxruntime
import pytest

import nn
from autodiff.errors import MissingPackage
from nn.exchange.onnx import ACTIVATIONS

ROWS = [[0.3, -1.2], [2.0, 0.7], [-25.0, 31.0], [0.0, 0.0]]


@pytest.mark.parametrize("activation", nn.ACTIVATIONS)
def test_onnxruntime_gives_the_same_outputs(tmp_path, activation):
    model = nn.MLP(2, [5, 3, 2], activation, rng=1)
    path = nn.to_onnx(model, tmp_path / "new" / "model.onnx")
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    (found,) = session.run(None, {"x": np.array(ROWS)})
    assert found.dtype == np.float64
    for ours, theirs in zip(model.predict(ROWS), found.tolist(), strict=True):
        assert theirs == pytest.approx(ours, rel=1e-6 if activation == "gelu" else 1e-12, abs=1e-12)


def test_every_activation_is_there():
    assert set(ACTIVATIONS) == set(nn.ACTIVATIONS)


def test_what_is_no_mlp_is_refused(tmp_path):
    with pytest.raises(TypeError, match="an MLP is exported"):
        nn.to_onnx(nn.Linear(2, 1), tmp_path / "m.onnx")
    model = nn.MLP(2, [2, 1], rng=0)
    model.layers[0].neurons[0].activation = "tanh"
    with pytest.raises(TypeError, match="layer 1 has neurons of several activations"):
        nn.to_onnx(model, tmp_path / "m.onnx")


def test_without_the_package_the_command_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(MissingPackage, match=r"pip install 'autodiff-stepper\[onnx\]'"):
        nn.to_onnx(nn.MLP(2, [1], rng=0), "m.onnx")
