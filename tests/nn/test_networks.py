"""micrograd's own programs, run on this library and on PyPI's micrograd with only the import changed."""

import random
from collections import Counter
from functools import partial
from types import SimpleNamespace

import micrograd.engine
import micrograd.nn
import numpy as np
import pytest
from sklearn.datasets import make_moons
from zoo import micrograds_readme

import autodiff
import nn

OURS, THEIRS = (autodiff.Value, nn), (micrograd.engine.Value, micrograd.nn)
XS = [[2.0, 3.0, -1.0], [3.0, -1.0, 0.5], [0.5, 1.0, 1.0], [1.0, 1.0, -1.0]]
YS = [1.0, -1.0, -1.0, 1.0]  # desired targets
# micrograd adds up the adjoints of a shared node in the order of a set, another one in every run
ROUNDING = 1e-13


def demo(Value, nn):  # noqa: N803
    """demo.ipynb: two moons, the max-margin loss and L2, the whole batch; its first three steps of 100."""
    np.random.seed(1337)  # noqa: NPY002
    random.seed(1337)
    X, y = make_moons(n_samples=100, noise=0.1)  # noqa: N806
    y = y * 2 - 1  # make y be -1 or 1
    model = nn.MLP(2, [16, 16, 1])  # 2-layer neural network

    def loss():
        inputs = [list(map(Value, xrow)) for xrow in X]
        # forward the model to get scores
        scores = list(map(model, inputs))
        # svm "max-margin" loss
        losses = [(1 + -yi * scorei).relu() for yi, scorei in zip(y, scores, strict=True)]
        data_loss = sum(losses) * (1.0 / len(losses))
        # L2 regularization
        alpha = 1e-4
        reg_loss = alpha * sum(p * p for p in model.parameters())
        total_loss = data_loss + reg_loss
        # also get accuracy
        accuracy = [(yi > 0) == (scorei.data > 0) for yi, scorei in zip(y, scores, strict=True)]
        return total_loss, sum(accuracy) / len(accuracy)

    losses, accuracies = [], []
    for k in range(3):
        # forward
        total_loss, acc = loss()
        # backward
        model.zero_grad()
        total_loss.backward()
        # update (sgd)
        learning_rate = 1.0 - 0.9 * k / 100
        for p in model.parameters():
            p.data -= learning_rate * p.grad
        losses.append(total_loss.data)
        accuracies.append(acc)
    return losses, accuracies, [p.data for p in model.parameters()]


@pytest.mark.long(8)
def test_the_demo_prints_micrograds_digits():
    """The first loss to the bit; of the later ones PyPI's, too, differ in the last digit from run to run."""
    (ours, accuracies, weights), (theirs, same, reached) = demo(*OURS), demo(*THEIRS)
    assert ours[0] == theirs[0] == 0.8958441028683222
    assert ours[1:] == pytest.approx([1.723590533697202, 0.7429006313851133], rel=ROUNDING)
    assert ours == pytest.approx(theirs, rel=ROUNDING)
    assert accuracies == same
    assert weights == pytest.approx(reached, rel=1e-11)  # the smallest of 337 are sums that nearly cancel


def lecture(Value, nn):  # noqa: N803
    """The loop of the lecture: four points, a squared loss, the update written out."""
    n = nn.MLP(3, [4, 4, 1])
    losses = []
    for _ in range(20):
        # forward pass
        ypred = [n(x) for x in XS]
        loss = sum((yout - ygt) ** 2 for ygt, yout in zip(YS, ypred, strict=True))
        # backward pass
        for p in n.parameters():
            p.grad = 0.0
        loss.backward()
        # update
        for p in n.parameters():
            p.data += -0.01 * p.grad
        losses.append(loss.data)
    return losses, [p.data for p in n.parameters()]


def neuron_by_hand(Value, nn):  # noqa: N803
    """A neuron read and written through w and b, and a linear one, in a network of one's own."""
    first, second = nn.Layer(2, 3), nn.Neuron(3, nonlin=False)
    linear = nn.Layer(3, 1, nonlin=False)
    linear.neurons[0] = second
    for i, wi in enumerate(second.w):
        wi.data = 0.5 * (i + 1)
    second.b.data += 0.25
    first.neurons[1].b = Value(-0.125)
    first.neurons[2].w[0] = Value(2.0)
    y = linear(first([1.5, -0.5]))
    y.backward()
    layers = [first, linear]
    parameters = [p for layer in layers for p in layer.parameters()]
    told = [neuron.nonlin for layer in layers for neuron in layer.neurons]
    return [y.data, *(p.data for p in parameters)], [*told, *(p.grad for p in parameters)]


def readme(Value, nn):  # noqa: N803
    """README.md, which is test_more_ops of its test file as well."""
    a, b, c, d, e, f, g = micrograds_readme(Value)
    return [g.data, a.grad, b.grad], [c.grad, d.grad, e.grad, f.grad]


def sanity_check(Value, nn):  # noqa: N803
    """test_sanity_check of its test file."""
    x = Value(-4.0)
    z = 2 * x + 2 + x
    q = z.relu() + z * x
    h = (z * z).relu()
    y = h + q + q * x
    y.backward()
    assert (y.data, x.grad) == (-20.0, 46.0)  # PyTorch's
    return [y.data, x.grad], [h.grad, q.grad, z.grad]


@pytest.mark.parametrize("program", [lecture, neuron_by_hand, readme, sanity_check])
@pytest.mark.parametrize("seed", [1337, 0])
def test_a_program_of_micrograds_runs_with_only_the_import_changed(program, seed):
    random.seed(seed)
    ours = program(*OURS)
    random.seed(seed)
    theirs = program(*THEIRS)
    assert ours[0][0] == pytest.approx(theirs[0][0], rel=1e-15)  # a / b is a·b⁻¹ there
    assert ours[0] == pytest.approx(theirs[0], rel=ROUNDING)
    assert ours[1] == pytest.approx(theirs[1], rel=1e-12)  # the steps carry roundings on


# trace_graph.ipynb


def trace(root):
    nodes, edges = set(), set()

    def build(v):
        if v not in nodes:
            nodes.add(v)
            for child in v._prev:
                edges.add((child, v))
                build(child)

    build(root)
    return nodes, edges


def draw_dot(root, format="svg", rankdir="LR"):  # noqa: A002
    """As in the notebook; the source of the picture, which Graphviz would render."""
    from graphviz import Digraph

    nodes, edges = trace(root)
    dot = Digraph(format=format, graph_attr={"rankdir": rankdir})
    for n in nodes:
        dot.node(name=str(id(n)), label=f"{{ data {n.data:.4f} | grad {n.grad:.4f} }}", shape="record")
        if n._op:
            dot.node(name=str(id(n)) + n._op, label=n._op)
            dot.edge(str(id(n)) + n._op, str(id(n)))
    for n1, n2 in edges:
        dot.edge(str(id(n1)), str(id(n2)) + n2._op)
    return dot.source


def two_inputs(Value, nn):  # noqa: N803
    """The notebook's neuron."""
    random.seed(1337)
    n = nn.Neuron(2)
    x = [Value(1.0), Value(-2.0)]
    y = n(x)
    y.backward()
    return y


def shown(y):
    """What a picture of the graph shows, whatever the names of its nodes."""
    nodes, edges = trace(y)
    card = {n: f"{n._op} {n.data:.12g} {n.grad:.12g}" for n in nodes}
    return Counter(card.values()), Counter((card[x], card[y]) for x, y in edges)


def test_the_lectures_drawing_of_a_neuron_shows_what_it_shows_of_micrograds():
    ours, theirs = two_inputs(*OURS), two_inputs(*THEIRS)
    assert shown(ours) == shown(theirs)
    assert len(trace(ours)[0]) == 10
    for sign in ("label=ReLU", 'label="+"', 'label="*"', "data -2.0000 | grad "):
        assert draw_dot(ours).count(sign) == draw_dot(theirs).count(sign) > 0


def test_the_lectures_drawing_leaves_constants_out():
    """They are no nodes here, and have no adjoint to show: micrograd draws two nodes more."""
    drawn = []
    for Value, _ in (OURS, THEIRS):  # noqa: N806
        x = Value(1.0)
        y = (x * 2 + 1).relu()
        y.backward()
        drawn.append(shown(y))
    (ours, edges), (theirs, all_edges) = drawn
    assert ours <= theirs
    assert edges <= all_edges
    assert (ours.total(), theirs.total()) == (4, 6)


# The same by other ways of this library


def test_the_lectures_network_learns_its_four_points():
    losses, _ = lecture(autodiff.Value, SimpleNamespace(MLP=partial(nn.MLP, rng=1, initialization="he")))
    assert losses[-1] < 0.05 * losses[0]


def test_fit_is_the_demo_loop_of_micrograd():
    """The same model by nn.fit: hinge, l2 and a schedule instead of what the program spells out."""
    X, y = make_moons(n_samples=40, noise=0.1, random_state=1)  # noqa: N806
    y = 2 * y - 1
    model, theirs = nn.MLP(2, [8, 1], rng=3), micrograd.nn.MLP(2, [8, 1])
    for p, q in zip(model.parameters(), theirs.parameters(), strict=True):
        q.data = p.data
    losses = []
    for k in range(4):
        scores = [theirs(row) for row in X.tolist()]
        loss = sum((1 + -yi * s).relu() for yi, s in zip(y.tolist(), scores, strict=True)) * (1.0 / len(scores))
        loss = loss + 1e-3 * sum(p * p for p in theirs.parameters())
        theirs.zero_grad()
        loss.backward()
        for p in theirs.parameters():
            p.data -= (1.0 - 0.1 * k) * p.grad
        losses.append(loss.data)
    optimizer = nn.GradientDescent(lambda step: 1.0 - 0.1 * step)
    history = nn.fit(model, X, y, loss=nn.hinge, optimizer=optimizer, steps=4, l2=1e-3, progress=False)
    assert history.loss == pytest.approx(losses, rel=1e-12)
    assert [p.data for p in model.parameters()] == pytest.approx([q.data for q in theirs.parameters()], rel=1e-9)
