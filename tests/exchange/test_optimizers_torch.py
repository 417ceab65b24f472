"""Trajectories of our optimizers against PyTorch's, on the same network, numbers and data."""

import random

import pytest
import torch

import nn

RNG = random.Random(1)
ROWS = [[RNG.gauss(0, 1) for _ in range(3)] for _ in range(40)]
TARGETS = [[x * y, y - z] for x, y, z in ROWS]
STEPS = 60
OURS = {
    "sgd": (lambda: nn.GradientDescent(0.05), lambda p: torch.optim.SGD(p, lr=0.05)),
    "momentum": (lambda: nn.GradientDescent(0.02, 0.9), lambda p: torch.optim.SGD(p, lr=0.02, momentum=0.9)),
    "nesterov": (
        lambda: nn.GradientDescent(0.02, 0.9, nesterov=True),
        lambda p: torch.optim.SGD(p, lr=0.02, momentum=0.9, nesterov=True),
    ),
    "adam": (lambda: nn.Adam(0.01), lambda p: torch.optim.Adam(p, lr=0.01)),
    "adamw": (lambda: nn.AdamW(0.01, decay=0.1), lambda p: torch.optim.AdamW(p, lr=0.01, weight_decay=0.1)),
    "rmsprop": (lambda: nn.RMSProp(0.005, 0.95), lambda p: torch.optim.RMSprop(p, lr=0.005, alpha=0.95)),
}


def network():
    """Ours, and the same in PyTorch."""
    torch.set_default_dtype(torch.float64)
    model = nn.MLP(3, [8, 2], "tanh", rng=4)
    layers = []
    for layer in model.layers:
        linear = torch.nn.Linear(len(layer.neurons[0].weights), len(layer.neurons))
        with torch.no_grad():
            linear.weight[:] = torch.tensor([[w.data for w in neuron.weights] for neuron in layer.neurons])
            linear.bias[:] = torch.tensor([neuron.bias.data for neuron in layer.neurons])
        layers.append(linear)
    return model, torch.nn.Sequential(layers[0], torch.nn.Tanh(), layers[1])


@pytest.mark.parametrize("way", [True, False], ids=["compiled", "eager"])
@pytest.mark.parametrize("name", OURS)
@pytest.mark.parametrize("clip", [None, 0.3])
def test_an_optimizer_goes_the_way_of_torchs(name, way, clip):
    model, theirs = network()
    ours, make = OURS[name]
    optimizer, other = ours(), make(theirs.parameters())
    optimizer.clip = clip
    history = nn.fit(model, ROWS, TARGETS, loss=nn.half_squared_error, optimizer=optimizer, steps=STEPS, compile=way,
                     progress=False)  # fmt: skip
    X, Y = torch.tensor(ROWS), torch.tensor(TARGETS)  # noqa: N806
    losses = []
    for _ in range(STEPS):
        loss = 0.5 * ((theirs(X) - Y) ** 2).sum(dim=1).mean()
        other.zero_grad()
        loss.backward()
        if clip is not None:
            norm = torch.cat([p.grad.ravel() for p in theirs.parameters()]).norm()
            for p in theirs.parameters():
                p.grad *= min(1.0, clip / norm)  # clip_grad_norm_ adds 1e-6 to the norm
        other.step()
        losses.append(loss.item())
    assert history.loss == pytest.approx(losses, rel=1e-9)
    found = [w for layer in model.layers for neuron in layer.neurons for w in [p.data for p in neuron.weights]]
    expected = [w for i in (0, 2) for w in theirs[i].weight.ravel().tolist()]
    assert found == pytest.approx(expected, rel=1e-8, abs=1e-12)


def test_a_loss_with_weights_of_classes_is_torchs_times_their_mean():
    weights, rng = [1.0, 2.5, 0.5], random.Random(0)
    zs = [[rng.gauss(0, 2) for _ in range(3)] for _ in range(9)]
    loss, classes = nn.weighted(nn.softmax_cross_entropy, weights), [0, 1, 2] * 3
    theirs = torch.nn.functional.cross_entropy(
        torch.tensor(zs), torch.tensor(classes), weight=torch.tensor(weights), reduction="sum"
    )
    assert sum(map(loss, zs, classes)) == pytest.approx(theirs.item(), rel=1e-14)
