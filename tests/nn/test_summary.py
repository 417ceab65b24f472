"""Module.summary: layers and parameters as a table."""

from gpt import GPT

import nn


def test_an_mlp_is_told_by_its_layers():
    lines = str(nn.MLP(2, [16, 16, 1]).summary()).splitlines()
    assert [line.split() for line in lines] == [
        ["MLP", "layer", "parameters"],
        ["layers.0", "Layer(2,", "16,", "'relu')", "48"],
        ["layers.1", "Layer(16,", "16,", "'relu')", "272"],
        ["layers.2", "Layer(16,", "1,", "'linear')", "17"],
        ["all", "337"],
    ]
    assert "<table" in nn.MLP(2, [1]).summary()._repr_html_()


def test_a_gpt_is_told_by_what_it_is_made_of():
    summary = GPT(27, 16).summary()
    assert [part.path for part in summary.parts] == [
        "tokens", "places", "blocks.0.before", "blocks.0.between", "blocks.0.heads.0", "blocks.0.heads.1",
        "blocks.0.heads.2", "blocks.0.heads.3", "blocks.0.joined", "blocks.0.wide", "blocks.0.narrow", "last", "logits",
    ]  # fmt: skip
    assert sum(part.parameters for part in summary.parts) == summary.total
    assert "AttentionHead(16, 4)" in str(summary)


def test_shared_parameters_count_once():
    class Tied(nn.Module):
        def __init__(self):
            self.there, self.back = nn.Linear(2, 2), nn.Linear(2, 2)
            self.back.weights = self.there.weights

    assert Tied().summary().total == 4


def test_a_neuron_alone():
    assert [part.path for part in nn.Neuron(3).summary().parts] == ["·"]
    assert repr(type("Own", (nn.Module,), {})()) == "Own(0 parameters)"
