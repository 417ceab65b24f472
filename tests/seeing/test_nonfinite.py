"""Where a number first became infinite or nan."""

import math

import pytest

import autodiff as ad
import nn
from autodiff import Dual, Value


def overflowing(x):
    y = ad.exp(x) * 1e300
    return y * y + x


@pytest.mark.parametrize(
    ("target", "args", "phase", "value", "told"),
    [
        (
            overflowing,
            (5.0,),
            "evaluate",
            math.inf,
            r"= y × y = 1\.4841e302 × 1\.4841e302 = ∞ \(line 14 of test_nonf",
        ),
        (
            lambda x: ad.sqrt(x) * 2.0,
            (0.0,),
            "reverse",
            math.inf,
            r"^x̄ \+= v̄₁·∂v₁/∂x = 2 × ∞ = ∞ .*\(line \d+ of test_",
        ),
        (lambda x, y: x - y, (math.inf, 1.0), "evaluate", math.inf, "^x = ∞$"),
        (lambda x, y: x - y, (1.0, math.nan), "evaluate", math.nan, "^y = nan$"),
        (ad.log, (0.0,), "evaluate", math.nan, r"^log\(x₁ = 0\.0\): math domain error \(line"),
        (ad.exp, (1000.0,), "evaluate", math.nan, r"^exp\(x₁ = 1000\.0\): math range error"),
        (lambda x: [x, x * math.inf], (1.0,), "evaluate", math.inf, "= x × ∞ = 1 × ∞ = ∞"),
        (lambda x: x * x, (Dual(math.inf, 1.0),), "evaluate", math.inf, "^x = ∞$"),
        (Value(1.0, "w") * math.inf, (), "evaluate", math.inf, "^v₁ = w × ∞ = 1 × ∞ = ∞$"),
    ],
)
def test_the_first_number_that_is_not_finite_is_told_with_its_operands(target, args, phase, value, told):
    found = ad.first_nonfinite(target, *args)
    assert found.phase == phase
    assert found.value == value or (math.isnan(found.value) and math.isnan(value))
    assert __import__("re").search(told, str(found)), str(found)


@pytest.mark.parametrize("target", [lambda x: x * x, lambda x: ad.where(x > 0, x, 1.0), ad.relu])
def test_where_all_is_finite_there_is_none(target):
    assert ad.first_nonfinite(target, 2.0) is None


def test_the_node_is_the_one_of_the_graph():
    x = Value(1e200)
    square = x * x
    found = ad.first_nonfinite(square + 1.0)
    assert found.node is square
    root = ad.sqrt(Value(0.0, "s"))
    assert ad.first_nonfinite(root).node.label == "s"


def test_a_rule_that_raises_in_the_sweep_is_told_too():
    @ad.custom_derivative(partials=[lambda out, x: 1.0 / (x - x)])
    def flat(x):
        return x

    found = ad.first_nonfinite(flat, 2.0)
    assert (found.phase, found.node) == ("reverse", None)
    assert "divi" in found.told


def test_what_is_no_graph_is_refused_as_elsewhere():
    with pytest.raises(TypeError, match=r"ad\.first_nonfinite\(f, 2\.0\)"):
        ad.first_nonfinite(3.0)


def test_a_training_that_diverges_names_the_first():
    model = nn.MLP(2, [4, 1], rng=0)
    with pytest.raises(nn.Diverged, match=r"the loss became nan, first in v₆ = W²₁,₁ × v₅ = .* = −∞, at step 4 of 50"):
        nn.fit(
            model, [[1.0, 2.0], [3.0, 4.0]], [1.0, -1.0], loss=lambda p, y: p * p * p * p * y,
            optimizer=nn.GradientDescent(10.0), steps=50, progress=False,
        )  # fmt: skip
