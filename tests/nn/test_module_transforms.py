"""Modules as arguments of transforms."""

import pytest

import autodiff as ad
import nn


def loss(model):
    return ad.mean((model(x) - t) ** 2 for x, t in [([0.1, 0.2], 0.3), ([0.5, -0.4], -0.2)]) + nn.l2_penalty(
        model.parameters(), 0.1
    )


def test_gradient_of_a_module_is_a_module_of_gradients():
    model = nn.MLP(2, [3, 1], activation="tanh", rng=0)
    gradient = ad.grad(loss)(model)
    loss(model).backward()
    assert type(gradient) is nn.MLP
    assert [g.data for g in gradient.parameters()] == pytest.approx([p.grad for p in model.parameters()], rel=1e-13)


def test_derivative_of_a_module_along_a_module():
    model = nn.MLP(2, [3, 1], activation="tanh", rng=0)
    direction = nn.MLP(2, [3, 1], activation="tanh", rng=1)
    _, slope = ad.jvp(loss, (model,), (direction,))
    loss(model).backward()
    expected = sum(p.grad * d.data for p, d in zip(model.parameters(), direction.parameters(), strict=True))
    assert slope.data == pytest.approx(expected, rel=1e-13)


def test_gradient_of_a_module_is_differentiated_again():
    model = nn.MLP(2, [2, 1], activation="tanh", rng=0)

    def size_of_gradient(model):
        return ad.total(g * g for g in ad.grad(loss)(model).parameters())

    size = size_of_gradient(model)
    size.backward()
    again = ad.grad(size_of_gradient)(model)
    assert [g.data for g in again.parameters()] == pytest.approx([p.grad for p in model.parameters()], rel=1e-12)
    hessian_times_gradient = ad.hvp(loss, model, ad.grad(loss)(model))
    assert [2 * g.data for g in hessian_times_gradient.parameters()] == pytest.approx(
        [p.grad for p in model.parameters()], rel=1e-12
    )


def test_a_module_is_checked():
    model = nn.MLP(2, [2, 1], activation="tanh", rng=0)
    report = ad.check_grad(loss, model, order=1)
    assert report.ok
    assert report.rows[0].name == "∂f/∂x.layers.0.neurons.0.weights.0"


def test_parameters_that_a_loss_does_not_touch():
    model = nn.MLP(2, [2, 1], rng=0)
    product = ad.hvp(lambda m: m.parameters()[0] ** 2, model, model)
    assert product.parameters()[0].data == 2 * model.parameters()[0].data
    assert ad.check_grad(lambda m: m([1.0, 2.0]) ** 2, nn.MLP(2, [1], rng=0)).ok
