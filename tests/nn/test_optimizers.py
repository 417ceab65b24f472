"""GradientDescent: the update, its schedule, and the rates that it refuses."""

import math

import pytest

import nn
from autodiff import Value
from autodiff.errors import NotANumber


def test_gradient_descent_subtracts_alpha_times_the_gradient():
    parameters = [Value(1.0), Value(-2.0), Value(3.0)]
    for p, gradient in zip(parameters, (0.5, -4.0, 0.0), strict=True):
        p.grad = gradient
    nn.GradientDescent(0.1).step(parameters)
    assert [p.data for p in parameters] == [1.0 - 0.1 * 0.5, -2.0 - 0.1 * -4.0, 3.0]
    assert [p.grad for p in parameters] == [0.5, -4.0, 0.0]


def test_a_schedule_gets_the_step_from_0_and_goes_on_where_it_was():
    optimizer, p = nn.GradientDescent(lambda step: 1.0 / (step + 1)), Value(10.0)
    p.grad = 6.0
    found = []
    for _ in range(3):
        optimizer.step([p])
        found.append(p.data)
    assert found == [4.0, 1.0, -1.0]
    assert (optimizer.steps, optimizer.rate(), optimizer.rate(0)) == (3, 0.25, 1.0)


@pytest.mark.parametrize("rate", [0, 0.0, -1, -1e-9, math.nan, math.inf, -math.inf])
def test_a_learning_rate_is_finite_and_above_0(rate):
    with pytest.raises(ValueError, match=r"the learning rate is a finite number above 0, got .* at step 0"):
        nn.GradientDescent(rate)
    p = Value(1.0)
    p.grad = 1.0
    with pytest.raises(ValueError, match=r"the learning rate is a finite number above 0, got .* at step 0"):
        nn.GradientDescent(lambda step: rate).step([p])
    assert p.data == 1.0


@pytest.mark.parametrize("rate", ["0.1", None, 1j, [0.1], Value(0.1)])
def test_a_learning_rate_is_one_number(rate):
    with pytest.raises(NotANumber, match=f"got {type(rate).__name__} "):
        nn.GradientDescent(rate)


def test_repr_of_the_optimizer_is_how_to_make_it():
    assert repr(nn.GradientDescent(0.1)) == "GradientDescent(0.1)"
