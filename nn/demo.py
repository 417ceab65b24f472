"""The main job: the chain rule both ways, then two networks that learn. `make demo`."""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from autodiff import Dual, Value
from autodiff.core.packages import require
from autodiff.core.primitives import exp, sin, square
from autodiff.words.streams import printing
from nn.history import History
from nn.layers import MLP
from nn.losses import hinge, softmax_cross_entropy
from nn.optimizers import GradientDescent
from nn.plots import decision_boundary, loss_curves
from nn.training import fit

SEED = 1337
SKLEARN = "pip install scikit-learn"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the demo; --quick for a few steps only."""
    parser = argparse.ArgumentParser(prog="python -m nn.demo", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("out"), help="folder for the pictures (default: out)")
    parser.add_argument("--quick", action="store_true", help="a few steps of each training, to see that all works")
    chosen = parser.parse_args(arguments)

    with printing():
        print(chain_tables(x=0.7))
        iris_history, accuracy = iris(steps=5 if chosen.quick else 150)
        print(f"   held-out accuracy {accuracy:.3f}\n")
        moons_history, model, (inputs, targets) = moons(steps=2 if chosen.quick else 100)
        print(f"   {moons_history}\n")
        curves = {"Iris, MLP(4, [8, 3])": iris_history, "Two moons, MLP(2, [16, 16, 1])": moons_history}
        title = "Two moons: the score of MLP(2, [16, 16, 1])"
        print("4. Pictures")
        losses, boundary = chosen.out / "losses.png", chosen.out / "moons.png"
        loss_curves(curves, losses)
        decision_boundary(model, inputs, targets, boundary, title)
        print(f"   {losses}\n   {boundary}")


def chain_tables(x: float) -> str:
    """The notes' chain y = f(g(h(x))), here exp(sin(x²)): dwᵢ/dx inside out, dy/dwᵢ outside in."""
    chain: list[tuple[str, Callable[[Any], Any]]] = [("h = x²", square), ("g = sin", sin), ("f = exp", exp)]
    duals, values = [Dual(x, 1.0)], [Value(x, "w₀")]
    for _, function in chain:
        duals.append(function(duals[-1]))
        values.append(function(values[-1]))
    values[-1].backward()
    local = [function(Dual(w.data, 1.0)).tangent for (_, function), w in zip(chain, values, strict=False)]
    names = ["w₀ = x", *(f"w{i} = {name[0]}(w{j})" for (name, _), i, j in zip(chain, "₁₂₃", "₀₁₂", strict=True))]

    lines = [f"1. The chain rule y = f(g(h(x))) at x = {x:g}: {', '.join(name for name, _ in chain)}", ""]
    lines += ["   Forward accumulation, inside out     dwᵢ/dx = dwᵢ/dwᵢ₋₁ · dwᵢ₋₁/dx"]
    lines += [f"   {'i':<3}{'':<13}{'wᵢ':>10}{'dwᵢ/dwᵢ₋₁':>13}{'dwᵢ/dx':>12}"]
    for i, w in enumerate(duals):
        factor = f"{local[i - 1]:.6f}" if i else ""
        lines += [f"   {i:<3}{names[i]:<13}{w.data:>10.6f}{factor:>13}{w.tangent:>12.6f}"]
    lines += ["", "   Reverse accumulation, outside in     dy/dwᵢ = dy/dwᵢ₊₁ · dwᵢ₊₁/dwᵢ"]
    lines += [f"   {'i':<3}{'':<13}{'wᵢ':>10}{'dwᵢ₊₁/dwᵢ':>13}{'dy/dwᵢ':>12}"]
    for i, w in reversed(list(enumerate(values))):
        factor = f"{local[i]:.6f}" if i < len(local) else ""
        lines += [f"   {i:<3}{names[i]:<13}{w.data:>10.6f}{factor:>13}{w.grad:>12.6f}"]
    return "\n".join([*lines, ""])


def iris(steps: int) -> tuple[History, float]:
    """MLP(4, [8, 3]) on Fisher's iris measurements, a quarter held out: the history and the held-out accuracy."""
    sklearn = require("sklearn.datasets", "the iris data", SKLEARN)
    selection = require("sklearn.model_selection", "the iris data", SKLEARN)
    scaling = require("sklearn.preprocessing", "the iris data", SKLEARN)
    inputs, targets = sklearn.load_iris(return_X_y=True)
    train, test, train_targets, test_targets = selection.train_test_split(
        inputs, targets, test_size=0.25, random_state=SEED, stratify=targets
    )
    scaler = scaling.StandardScaler().fit(train)

    model = MLP(4, [8, 3], rng=SEED)
    print(f"2. Iris: {model}, {len(model.parameters())} parameters, {len(train)} flowers, softmax cross-entropy")
    history = fit(
        model, scaler.transform(train), train_targets,
        loss=softmax_cross_entropy, optimizer=GradientDescent(0.5), steps=steps,
    )  # fmt: skip
    outputs = model.predict(scaler.transform(test))
    right = [
        max(range(3), key=logits.__getitem__) == target for logits, target in zip(outputs, test_targets, strict=True)
    ]
    return history, sum(right) / len(right)


def moons(steps: int) -> tuple[History, MLP, tuple[Any, Any]]:
    """micrograd's own demo, its digits too: MLP(2, [16, 16, 1]), hinge loss and L2, 100 points, α from 1 to 0.1."""
    sklearn = require("sklearn.datasets", "the two moons", SKLEARN)
    inputs, classes = sklearn.make_moons(n_samples=100, noise=0.1, random_state=SEED)
    targets = 2 * classes - 1

    model = MLP(2, [16, 16, 1], rng=SEED)
    print(f"3. Two moons: {model}, {len(model.parameters())} parameters, {len(targets)} points, hinge loss and L2")
    history = fit(
        model, inputs, targets,
        loss=hinge, optimizer=GradientDescent(lambda step: 1.0 - 0.009 * step), steps=steps, l2=1e-4,
    )  # fmt: skip
    return history, model, (inputs, targets)


if __name__ == "__main__":
    main()
