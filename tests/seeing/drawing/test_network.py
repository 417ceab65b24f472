"""The classic picture of a network: circles in columns, its numbers those of the graph."""

import pytest

import autodiff as ad
import nn
from autodiff import Value
from autodiff.seeing.drawing.neurons import network_of
from autodiff.seeing.listing import listed
from autodiff.words.colours import shades
from autodiff.words.notation import BAR, DOT, written


def model(*sizes, seed=1):
    return nn.MLP(sizes[0], list(sizes[1:]), "tanh", rng=seed)


def circles(drawing):
    return [card for card in drawing.picture.cards if "circle" in card.kind]


def words(drawing):
    return [card.title for card in drawing.picture.cards if "words" in card.kind]


def test_a_circle_for_each_neuron_with_its_activation_and_its_adjoint():
    net, xs = model(2, 4, 4, 1), [Value(0.5, "x1"), Value(-1.0, "x2")]
    output = net(xs)
    output.backward()
    hidden = [neuron(xs) for neuron in net.layers[0].neurons]
    drawing = ad.draw(output, shape="network")
    shown = circles(drawing)
    assert [len(card.rows) for card in shown] == [2] * 11
    assert [card.rows[0] for card in shown[2:6]] == [written(a.data, 2) for a in hidden]
    assert [card.rows[1] for card in shown[:2]] == [f"v{BAR} {written(x.grad, 2)}" for x in xs]
    assert shown[-1].rows == [written(output.data, 2), f"v{BAR} 1"]
    assert [card.kind for card in shown].index("circle output") == 10
    assert words(drawing) == ["inputs", "layer 1", "layer 2", "layer 3", "x₁", "x₂"]


def test_a_line_for_each_weight_in_the_colour_of_its_sign_and_as_thick_as_it_is_large():
    net = model(2, 3, 1)
    drawing = ad.draw(net([0.5, -1.0]), shape="network")
    weights = {p.label: p.data for p in net.parameters() if p.label.startswith("W")}
    shown = {arrow.about.split(" = ")[0]: arrow for arrow in drawing.picture.arrows}
    assert {name: float(arrow.about.split(" = ")[1]) for name, arrow in shown.items()} == weights
    thick = sorted(weights, key=lambda name: abs(weights[name]))
    assert thick == sorted(shown, key=lambda name: shown[name].heavy)
    blues = {shades(-i / 128.0)[0] for i in range(1, 129)}
    assert {name for name, arrow in shown.items() if arrow.ink in blues} == {n for n, w in weights.items() if w < 0.0}


def test_inputs_that_are_floats_are_circles_too():
    listing = listed(model(2, 4, 4, 1)([0.5, -1.0]), (), "draw")
    network = network_of(listing)
    assert [(neuron.name, neuron.number) for neuron in network.columns[0]] == [("x₁", 0.5), ("x₂", -1.0)]
    assert list(map(len, network.columns)) == [2, 4, 4, 1]
    assert len(network.weights) == 2 * 4 + 4 * 4 + 4


def test_a_batch_shows_its_first_example_and_says_so():
    net = model(2, 3, 1)
    loss = sum((net(row) - 1.0) ** 2 for row in ([0.5, -1.0], [2.0, 3.0]))
    loss.backward()
    drawing = ad.draw(loss, shape="network")
    assert [card.rows[0] for card in circles(drawing)[:2]] == ["0.5", "−1"]
    assert ("the first of 2 examples",) in drawing.picture.legend
    assert len(circles(drawing)) == 6


def test_weight_decay_and_targets_add_no_neuron():
    net, target = model(2, 3, 1), Value(1.0, "y")
    with ad.scope("loss"), ad.scope("product"):
        loss = target * net([0.5, -1.0])
    with ad.scope("loss"), ad.scope("l2 penalty"):
        loss = loss + sum(p * p for p in net.parameters())
    assert list(map(len, network_of(listed(loss, (), "draw")).columns)) == [2, 3, 1]


def test_scopes_by_hand_are_neurons_as_well():
    x, w, v = Value(2.0, "x"), Value(3.0, "w"), Value(-1.0, "v")
    with ad.scope("layer 1"), ad.scope("neuron 1"):
        h = ad.tanh(w * x)
    with ad.scope("layer 2"), ad.scope("neuron 1"):
        y = v * (2.0 * h) + h
    network = network_of(listed(y, (), "draw"))
    assert [[neuron.number for neuron in column] for column in network.columns] == [[2.0], [h.data], [y.data]]


def test_what_stands_between_layers_is_seen_through():
    net = model(2, 2, 2)
    first, second = net.layers
    shifted = [h / 2.0 for h in first([0.5, -1.0])]
    network = network_of(listed(second(shifted), (), "draw"))
    assert {(w.tail, w.head) for w in network.weights if w.head[0] == 2} == {
        ((1, i), (2, j)) for i in range(2) for j in range(2)
    }


def test_past_twelve_a_row_says_how_many_more():
    drawing = ad.draw(model(2, 20, 1)([0.5, -1.0]), shape="network")
    assert "⋮ 9 more" in words(drawing)
    assert len(circles(drawing)) == 2 + 11 + 1


@pytest.mark.parametrize("rankdir", ["LR", "TB", "RL", "BT"])
def test_circles_and_words_stand_apart_and_inside(rankdir):
    drawing = ad.draw(model(3, 16, 5, 2)([0.5, -1.0, 1e-7]), shape="network", rankdir=rankdir)
    boxes = drawing.placed.cards
    for i, a in enumerate(boxes):
        assert min(a.left, a.top) >= 0.0
        assert a.left + a.width <= drawing.placed.width
        assert a.top + a.height <= drawing.placed.height
        for b in boxes[:i]:
            assert (
                a.left + a.width <= b.left or b.left + b.width <= a.left or a.top + a.height <= b.top
                or b.top + b.height <= a.top
            )  # fmt: skip


def test_tangents_where_there_are_no_adjoints():
    net = model(2, 3, 1)
    drawing = ad.draw(lambda x1, x2: net([x1, x2]), 0.5, -1.0, shape="network", tangents=[1.0, 0.0], adjoints=False)
    assert [card.rows[1] for card in circles(drawing)[:2]] == [f"v{DOT} 1", f"v{DOT} 0"]


@pytest.mark.parametrize("kind", ["svg", "png", "pdf", "dot", "mmd"])
def test_it_is_saved_as_any_kind(kind, tmp_path):
    assert ad.draw(model(2, 3, 1)([0.5, -1.0]), shape="network").save(tmp_path / f"net.{kind}").stat().st_size > 200


@pytest.mark.parametrize(("options", "message"), [
    ({"shape": "network"}, "this graph has none: a neuron is a scope inside of its layer's"),
    ({"shape": "circles"}, "shape is one of graph, network"),
    ({"shape": "network", "depth": 1}, "depth and partials are of shape='graph'"),
    ({"shape": "network", "partials": True}, "depth and partials are of shape='graph'"),
])  # fmt: skip
def test_what_is_no_network_is_refused(options, message):
    with pytest.raises(ValueError, match=message):
        ad.draw(lambda x: x * x, 2.0, **options)
