"""Models to PyTorch and back: the same outputs and gradients."""

import sys

import pytest
import torch

import nn
from autodiff.errors import MissingPackage
from nn.exchange.torch import ACTIVATIONS

ROWS = [[0.3, -1.2], [2.0, 0.7], [-25.0, 31.0], [0.0, 0.0]]


@pytest.mark.parametrize("activation", nn.ACTIVATIONS)
def test_an_mlp_gives_the_same_outputs_and_gradients_there(activation):
    model = nn.MLP(2, [5, 3, 1], activation, rng=1)
    there = nn.to_torch(model)
    outputs = there(torch.tensor(ROWS, dtype=torch.float64))
    assert outputs.ravel().tolist() == pytest.approx(model.predict(ROWS), rel=1e-12, abs=1e-12)
    loss = sum(nn.half_squared_error(model(row), 0.5) for row in ROWS)
    model.zero_grad()
    loss.backward()
    (0.5 * (outputs - 0.5) ** 2).sum().backward()
    ours = [[[w.grad for w in n.weights] for n in layer.neurons] for layer in model.layers]
    theirs = [part.weight.grad.tolist() for part in there if isinstance(part, torch.nn.Linear)]
    for a, b in zip(ours, theirs, strict=True):
        for row, other in zip(a, b, strict=True):
            assert row == pytest.approx(other, rel=1e-11, abs=1e-11)


@pytest.mark.parametrize("activation", nn.ACTIVATIONS)
def test_it_comes_back(activation):
    model = nn.MLP(3, [4, 2], activation, rng=2)
    back = nn.from_torch(nn.to_torch(model))
    assert repr(back) == repr(model)
    assert [p.data for p in back.parameters()] == [p.data for p in model.parameters()]


@pytest.mark.parametrize("model", [nn.Linear(3, 2, rng=0), nn.Embedding(4, 3, rng=0), nn.RMSNorm(3, 1e-6)])
def test_other_layers_go_both_ways(model):
    there, x = nn.to_torch(model), [0.5, -2.0, 1.5]
    given = torch.tensor(2) if isinstance(model, nn.Embedding) else torch.tensor(x, dtype=torch.float64)
    ours = model.on_floats()(2 if isinstance(model, nn.Embedding) else x)
    assert there(given).tolist() == pytest.approx(ours, rel=1e-12)
    back = nn.from_torch(there)
    assert type(back) is type(model)
    assert [p.data for p in back.parameters()] == [p.data for p in model.parameters()]


def test_a_layer_alone_is_a_sequential_and_one_of_single_precision_keeps_its_numbers():
    layer = nn.Layer(2, 3, "tanh", rng=0)
    x = torch.tensor([0.5, 1.0], dtype=torch.float64)
    assert nn.to_torch(layer)(x).tolist() == pytest.approx(layer.on_floats()([0.5, 1.0]), rel=1e-12)
    single = torch.nn.Sequential(torch.nn.Linear(2, 2), torch.nn.Sequential(torch.nn.ReLU(), torch.nn.Linear(2, 1)))
    found = nn.from_torch(single)
    assert repr(found) == "MLP(2 → 2 relu → 1 linear)"
    assert found.layers[0].neurons[0].weights[0].data == single[0].weight[0, 0].item()


T = torch.nn


@pytest.mark.parametrize(("module", "told"), [
    (T.Sequential(T.Linear(2, 2), T.ELU()), r"1 is a ELU that has no counterpart"),
    (T.Sequential(T.Linear(2, 2), T.Sequential(T.Conv1d(1, 1, 1))), r"1\.0 is a Conv1d"),
    (T.Sequential(T.Linear(2, 2), T.LeakyReLU(0.2)), "1 is a LeakyReLU"),
    (T.Sequential(T.Linear(2, 2), T.GELU(approximate="tanh")), "1 is a GELU"),
    (T.Sequential(T.ReLU(), T.Linear(2, 2)), "0 is a ReLU"),
    (T.Sequential(T.Linear(2, 2), T.ReLU(), T.Tanh()), "2 is a Tanh"),
    (T.Sequential(), "has no Linear"), (T.LSTM(2, 2), "LSTM is a LSTM"),
])  # fmt: skip
def test_a_module_that_has_no_counterpart_is_named_with_its_path(module, told):
    with pytest.raises(TypeError, match=told):
        nn.from_torch(module)


def test_a_model_that_has_no_counterpart_is_named():
    with pytest.raises(TypeError, match="AttentionHead has no counterpart in PyTorch"):
        nn.to_torch(nn.AttentionHead(2, 2))
    model = nn.MLP(2, [2, 1], rng=0)
    model.layers[0].neurons[0].activation = "tanh"
    with pytest.raises(TypeError, match=r"layers\.0 has neurons of several activations"):
        nn.to_torch(model)


def test_every_activation_is_there():
    assert set(ACTIVATIONS) == set(nn.ACTIVATIONS)


def test_without_the_package_the_command_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(MissingPackage, match=r"pip install 'autodiff-stepper\[torch\]'"):
        nn.to_torch(nn.MLP(2, [1], rng=0))
