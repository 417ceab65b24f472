"""The main job: the chain both ways, iris, two moons, pictures. `make demo` runs the same with more steps."""

import math
import re
import runpy
import sys

import pytest

import nn.demo
from autodiff.errors import MissingPackage

X = 0.7
W = [X, X * X, math.sin(X * X), math.exp(math.sin(X * X))]
LOCAL = [2 * X, math.cos(X * X), math.exp(math.sin(X * X))]  # dw₁/dw₀, dw₂/dw₁, dw₃/dw₂, by the rules of calculus


def table(text, heading):
    """The rows under a heading: i, wᵢ, the factor or None, the derivative."""
    lines = text[text.index(heading) :].splitlines()[2:6]
    found = []
    for line in lines:
        i, *numbers = [float(x) for x in re.findall(r"(?<![\w₀-₉])-?\d+(?:\.\d+)?", line)]
        found.append((int(i), numbers[0], numbers[1] if len(numbers) == 3 else None, numbers[-1]))
    return found


def printed(x):
    return None if x is None else pytest.approx(x, rel=0, abs=0.5e-6)  # six digits are printed


def test_the_forward_table_is_the_product_inside_out():
    rows = table(nn.demo.chain_tables(X), "Forward accumulation, inside out")
    assert [row[0] for row in rows] == [0, 1, 2, 3]
    for i, w, factor, derivative in rows:
        assert w == printed(W[i])
        assert factor == printed(LOCAL[i - 1] if i else None)
        assert derivative == printed(math.prod(LOCAL[:i]))


def test_the_reverse_table_is_the_product_outside_in():
    rows = table(nn.demo.chain_tables(X), "Reverse accumulation, outside in")
    assert [row[0] for row in rows] == [3, 2, 1, 0]
    for i, w, factor, derivative in rows:
        assert w == printed(W[i])
        assert factor == printed(LOCAL[i] if i < 3 else None)
        assert derivative == printed(math.prod(LOCAL[i:]))


def test_both_tables_end_in_the_same_derivative_and_name_their_nodes():
    text = nn.demo.chain_tables(X)
    forward, reverse = (table(text, f"{way} accumulation") for way in ("Forward", "Reverse"))
    assert forward[-1][-1] == reverse[-1][-1] == printed(math.prod(LOCAL))
    for name in ("w₀ = x", "w₁ = h(w₀)", "w₂ = g(w₁)", "w₃ = f(w₂)", "h = x², g = sin, f = exp", "at x = 0.7"):
        assert name in text


def test_the_demo_runs_in_few_steps_and_says_where_its_pictures_are(tmp_path, capsys):
    nn.demo.main(["--quick", "--out", str(tmp_path / "pictures")])
    shown = capsys.readouterr()
    pictures = [tmp_path / "pictures" / name for name in ("losses.png", "moons.png")]
    assert sorted((tmp_path / "pictures").iterdir()) == pictures
    for path in pictures:
        assert str(path) in shown.out
        assert path.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    assert nn.demo.chain_tables(X) in shown.out
    assert "MLP(4 → 8 relu → 3 linear), 67 parameters, 112 flowers, softmax cross-entropy" in shown.out
    assert "MLP(2 → 16 relu → 16 relu → 1 linear), 337 parameters, 100 points, hinge loss and L2" in shown.out
    assert re.search(r"held-out accuracy [01]\.\d{3}", shown.out)
    assert "5/5" in shown.err
    assert "2/2" in shown.err


@pytest.mark.long(3)
def test_iris_reaches_its_accuracy_on_flowers_it_has_not_seen():
    history, accuracy = nn.demo.iris(steps=40)  # make demo takes 150
    assert accuracy >= 0.93
    assert len(history.loss) == 40
    assert history.loss[-1] < 0.2 * history.loss[0]


@pytest.mark.long(3)
def test_two_moons_are_told_apart_after_a_dozen_steps():
    history, model, (inputs, targets) = nn.demo.moons(steps=12)  # make demo takes 100
    assert history.loss[:2] == pytest.approx([0.8958441028683222, 1.723590533697202], rel=1e-13)  # micrograd's
    assert history.accuracy[-1] >= 0.85 > history.accuracy[0]
    assert history.loss[-1] < 0.5 * history.loss[0]
    assert set(targets) == {-1, 1}
    right = [(score > 0) == (y > 0) for score, y in zip(model.predict(inputs), targets, strict=True)]
    assert sum(right) / len(right) >= 0.85


def test_the_demo_repeats_to_the_last_bit(capsys):
    assert nn.demo.iris(steps=2) == nn.demo.iris(steps=2)


@pytest.mark.parametrize("part", [nn.demo.iris, nn.demo.moons])
def test_without_scikit_learn_the_demo_says_what_to_install(monkeypatch, part):
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    with pytest.raises(MissingPackage, match=r"needs sklearn, which is not installed: pip install scikit-learn"):
        part(1)


def test_help_of_the_module_as_a_program_names_the_options(capsys, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["demo", "--help"])
    monkeypatch.delitem(sys.modules, "nn.demo")
    with pytest.raises(SystemExit, match="0"):
        runpy.run_module("nn.demo", run_name="__main__")
    assert "--quick" in capsys.readouterr().out
