"""nn.backpropagation: the δ recursion with its numbers, against the graph, and what it prints."""

import pytest

import autodiff as ad
import nn

X, Y = [0.05, 0.10], [0.01, 0.99]
LOSSES = {
    nn.half_squared_error: lambda n: [0.2 * i for i in range(n)],
    nn.mean_squared_error: lambda n: [0.2 * i for i in range(n)],
    nn.hinge: lambda n: 1,
    nn.binary_cross_entropy: lambda n: 1,
    nn.softmax_cross_entropy: lambda n: n - 1,
}


def mazur():
    layers = [nn.Layer(2, 2, "sigmoid"), nn.Layer(2, 2, "sigmoid", number=2)]
    numbers = [[0.15, 0.20, 0.35, 0.25, 0.30, 0.35], [0.40, 0.45, 0.60, 0.50, 0.55, 0.60]]
    for layer, row in zip(layers, numbers, strict=True):
        for parameter, number in zip(layer.parameters(), row, strict=True):
            parameter.data = number
    return layers


def test_mazurs_numbers():
    found = nn.backpropagation(mazur(), X, Y, nn.half_squared_error)
    assert found.loss == pytest.approx(0.298371109, abs=5e-10)
    assert found.samples[0].deltas[-1][0] == pytest.approx(0.138498562, abs=5e-10)
    assert found.weights[1][0][0] == pytest.approx(0.082167041, abs=5e-10)
    assert found.weights[0][0][0] == pytest.approx(0.000438568, abs=5e-10)
    assert found.check().agrees
    text = str(found)
    assert "J = 0.298371109" in text
    assert "δ⁽³⁾₁  = −(y₁ − a⁽³⁾₁) f′(z⁽³⁾₁)  = −(0.01 − 0.751365) × 0.186816  = 0.138499" in text
    assert "δ⁽²⁾₁  = (W⁽²⁾₁,₁ δ⁽³⁾₁ + W⁽²⁾₂,₁ δ⁽³⁾₂) f′(z⁽²⁾₁)" in text
    assert "∂J/∂W⁽²⁾₁,₁  = δ⁽³⁾₁ a⁽²⁾₁  = 0.138499 × 0.59327" in text


def moved(layers, weights, rate=0.5):
    return [[[w.data - rate * g for w, g in zip(neuron.weights, row, strict=True)]
             for neuron, row in zip(layer.neurons, matrix, strict=True)]
            for layer, matrix in zip(layers, weights, strict=True)]  # fmt: skip


def error(matrices):
    layers = mazur()
    for layer, matrix in zip(layers, matrices, strict=True):
        for neuron, row in zip(layer.neurons, matrix, strict=True):
            for weight, x in zip(neuron.weights, row, strict=True):
                weight.data = x
    return nn.backpropagation(layers, X, Y, nn.half_squared_error)


def test_mazurs_mistake_is_hidden_deltas_of_weights_that_have_moved():
    """The step of the whole gradient gives .291027774; deltas through moved output weights the quoted .291027924."""
    layers = mazur()
    found = nn.backpropagation(layers, X, Y, nn.half_squared_error)
    first, second = moved(layers, found.weights)
    assert error([first, second]).loss == pytest.approx(0.291027774, abs=5e-10)
    sample = found.samples[0]
    wrong = [sum(second[j][i] * d for j, d in enumerate(sample.deltas[1])) * sample.slopes[0][i] for i in range(2)]
    mistaken = moved(layers, [[[d * x for x in X] for d in wrong], found.weights[1]])
    assert error(mistaken).loss == pytest.approx(0.291027924, abs=5e-10)


@pytest.mark.parametrize("activation", nn.ACTIVATIONS)
@pytest.mark.parametrize("loss", LOSSES, ids=lambda loss: loss.__name__)
@pytest.mark.parametrize("hidden", [[], [3], [4, 3, 5]], ids=len)
def test_the_recursion_is_the_graph(activation, loss, hidden):
    outputs = 1 if loss in (nn.hinge, nn.binary_cross_entropy) else 3
    model = nn.MLP(2, [*hidden, outputs], activation, rng=3)
    x, y = [[0.3, -0.7], [1.1, 0.4], [-0.5, 0.2]], [LOSSES[loss](outputs)] * 3
    before = [p.grad for p in model.parameters()]
    for found in (nn.backpropagation(model, x, y, loss), nn.backpropagation(model, x[0], y[0], loss)):
        agreement = found.check()
        assert agreement.agrees
        assert "agree" in str(agreement)
        assert found._repr_html_().count("<table") >= 1
        assert found._repr_latex_().startswith("$$")
    assert [p.grad for p in model.parameters()] == before


def test_a_batch_is_the_mean_of_its_samples():
    model, x, y = nn.MLP(2, [3, 1], "tanh", rng=0), [[1.0, 2.0], [0.5, -1.0]], [1.0, -1.0]
    whole = nn.backpropagation(model, x, y, nn.half_squared_error)
    one, two = (nn.backpropagation(model, *pair, nn.half_squared_error) for pair in zip(x, y, strict=True))
    assert whole.loss == (one.loss + two.loss) / 2
    assert whole.weights[0][0][0] == (one.weights[0][0][0] + two.weights[0][0][0]) / 2
    assert "the mean over 2 samples" in str(whole)


@pytest.mark.parametrize(
    ("loss", "n", "y", "line"),
    [
        (nn.binary_cross_entropy, 1, 1, "δ⁽³⁾₁  = σ(z⁽³⁾₁) − y₁"),
        (nn.softmax_cross_entropy, 3, 2, "δ⁽³⁾₃  = softmax(z⁽³⁾)₃ − y₃"),
        (nn.softmax_cross_entropy, 3, [0.0, 0.0, 1.0], "δ⁽³⁾₃  = softmax(z⁽³⁾)₃ − y₃"),
        (lambda p, y: (p - y) ** 4, 1, 1, "δ⁽³⁾₁  = ∂J/∂a⁽³⁾₁ f′(z⁽³⁾₁)"),
    ],
)
def test_the_output_delta_is_told_as_the_loss_has_it(loss, n, y, line):
    model = nn.MLP(2, [2, n], "sigmoid", rng=1)
    found = nn.backpropagation(model, X, y, loss)
    assert line in str(found)
    if loss is nn.binary_cross_entropy:
        assert found.samples[0].deltas[-1][0] == pytest.approx(ad.sigmoid(model.predict([X])[0]) - 1, rel=1e-15)


def test_a_wide_layer_is_told_in_part():
    text = str(nn.backpropagation(nn.MLP(20, [30, 2], rng=0), [0.1] * 20, [0.0, 1.0], nn.half_squared_error))
    assert "81 more" in text
    assert "…" in text
    assert max(map(len, text.splitlines())) < 200


@pytest.mark.parametrize(
    ("model", "x", "y", "error", "words"),
    [
        (lambda x: x, X, Y, TypeError, "a model of dense layers is needed"),
        ([], X, Y, TypeError, "dense layers"),
        (nn.MLP(3, [2]), X, Y, ValueError, "takes 3 inputs, got 2"),
        (nn.MLP(2, [2]), [], Y, ValueError, "takes 2 inputs, got 0"),
        (nn.MLP(2, [2]), [[1.0, 2.0]], [Y, Y], ValueError, "one target for each row"),
        (nn.MLP(2, [3]), X, Y, ValueError, "one target for each output"),
        (nn.MLP(2, [2]), [float("nan"), 1.0], Y, ValueError, "not finite"),
    ],
)
def test_bad_input(model, x, y, error, words):
    with pytest.raises(error, match=words):
        nn.backpropagation(model, x, y, nn.half_squared_error)
