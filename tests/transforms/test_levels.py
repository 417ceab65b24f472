"""Levels of differentiation: a derivative of Values is a Value, and no number outlives its transform."""

import pytest

import autodiff as ad
from autodiff import Dual, Value
from autodiff.errors import Escaped


def test_a_derivative_at_a_value_is_a_value_to_be_differentiated_again():
    x = Value(3.0)
    slope = ad.grad(lambda x: x**3)(x)
    assert isinstance(slope, Value)
    slope.backward()
    assert (slope.data, x.grad) == (27.0, 18.0)


def test_a_derivative_whose_closure_holds_a_value_is_linked_to_it():
    c = Value(5.0)
    slope = ad.grad(lambda x: c * x * x)(3.0)
    slope.backward()
    assert (slope.data, c.grad) == (30.0, 6.0)


def test_a_constant_derivative_at_a_value_is_a_value_too():
    x = Value(3.0)
    for slope in (ad.grad(lambda x: 2 * x)(x), ad.grad(lambda x: 7.0)(x)):
        slope.backward()
    assert x.grad == 0.0


def test_a_value_made_inside_the_function_does_no_harm():
    assert ad.grad(lambda x: x * Value(2.0) + Value(1.0))(3.0) == 2.0


def test_backward_inside_a_differentiated_function():
    def f(x):
        w = Value(2.0)
        loss = (w * 3.0) ** 2
        loss.backward()
        return x * w.grad

    assert ad.grad(f)(5.0) == 36.0


@pytest.mark.parametrize(
    "transform",
    [ad.grad, ad.jacobian, lambda f: lambda x: ad.jvp(f, (x,), (1.0,)), lambda f: lambda x: ad.taylor(f, x, 3)],
    ids=["grad", "jacobian", "jvp", "taylor"],
)
def test_a_number_that_escapes_its_transform_says_so_when_it_is_used(transform):
    leaked = []

    def f(x):
        leaked.append(x)
        return x * x

    transform(f)(3.0)
    with pytest.raises(Escaped, match="traced by a transform that has ended"):
        _ = leaked[0] + 1.0
    with pytest.raises(Escaped):
        ad.exp(leaked[0])
    with pytest.raises(Escaped):
        _ = leaked[0] > 1.0
    assert "escaped" in repr(leaked[0])


def test_what_an_escaped_number_went_into_cannot_be_differentiated():
    leaked = []

    def f(x):
        leaked.append(ad.sin(x))
        return leaked[-1] * x

    ad.grad(f)(3.0)
    with pytest.raises(Escaped):
        ad.grad(lambda y: y * leaked[0])(2.0)
    with pytest.raises(Escaped):
        (leaked[0] * 2.0).backward()
    ad.jvp(f, (3.0,), (1.0,))
    with pytest.raises(Escaped):
        ad.jvp(lambda y: y * leaked[1], (2.0,), (1.0,))


@pytest.mark.parametrize(
    "transform",
    [lambda f: ad.jvp(f, (3.0,), (1.0,)), lambda f: ad.taylor(f, 3.0, 2), lambda f: ad.jacobian(f, "forward")(3.0)],
)
def test_what_escapes_forward_is_refused_by_the_next_transform(transform):
    leaked = []

    def f(x):
        leaked.extend([ad.sin(x), x])
        return x * x

    transform(f)
    with pytest.raises(Escaped):
        ad.grad(lambda y: y * leaked[0])(2.0)
    with pytest.raises(Escaped):
        ad.grad(lambda y: y * y)(leaked[1])


def test_a_dual_made_by_hand_of_a_transforms_number_is_not_the_next_transforms():
    def f(x):
        z = Dual(x, 1.0)
        return (z * ad.jvp(lambda y: y * z, (2.0,), (1.0,))[1]).tangent  # 2x

    assert (f(3.0), ad.jvp(f, (3.0,), (1.0,)), ad.taylor(f, 3.0, 2)) == (6.0, (6.0, 2.0), [6.0, 2.0, 0.0])


def test_an_escaped_graph_is_refused_by_a_trace_too():
    leaked = []
    ad.grad(lambda x: leaked.append(x * 2.0) or x)(1.0)
    with pytest.raises(Escaped):
        ad.trace(lambda y: y * leaked[0], 2.0)
