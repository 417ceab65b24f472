"""Transforms: that they agree, what they cost, their second order, and what they refuse."""

import numpy as np
import pytest
from derivatives import same
from zoo import ZOO

import autodiff as ad


def rosenbrock(x):
    return ad.total(100 * (x[i + 1] - x[i] ** 2) ** 2 + (1 - x[i]) ** 2 for i in range(len(x) - 1))


@pytest.mark.parametrize(("function", "at"), ZOO.values(), ids=ZOO)
def test_every_transform_agrees_on_the_zoo(function, at):
    def of_list(x):
        return function(*x)

    x = list(at)
    value, gradient = ad.value_and_grad(of_list)(x)
    assert same([value], [function(*at)])
    assert ad.grad(of_list)(x) == gradient
    assert same(gradient, ad.grad(function, tuple(range(len(at))))(*at))
    assert same(gradient, ad.vjp(of_list, x)[1](1.0))
    assert same(gradient, ad.jacobian(of_list, "reverse")(x))
    # another order of summation: a few units in the last place of the terms
    close = pytest.approx(gradient, rel=1e-13, abs=1e-13)
    assert ad.jacobian(of_list, "forward")(x) == close
    units = [[float(i == j) for j in range(len(x))] for i in range(len(x))]
    assert [ad.jvp(of_list, (x,), (unit,))[1] for unit in units] == close


def test_vjp_of_several_arguments_and_outputs():
    value, pullback = ad.vjp(lambda x, y: [x * y, x + y], 2.0, 3.0)
    assert value == [6.0, 5.0]
    assert pullback([1.0, 0.0]) == (3.0, 2.0)
    assert pullback([1.0, 10.0]) == (13.0, 12.0)
    assert pullback([0.0, 0.0]) == (0.0, 0.0)


def test_functions_keep_their_name_and_docstring():
    def f(x):
        """Squares."""
        return x * x

    for made in (ad.grad(f), ad.value_and_grad(f), ad.jacobian(f), ad.hessian(f)):
        assert (made.__name__, made.__doc__) == ("f", "Squares.")


# Second order


def test_hessian_and_hvp_agree_and_are_symmetric():
    x = [0.1 * i for i in range(6)]
    hessian, v = np.array(ad.hessian(rosenbrock)(x)), [1.0, -2.0, 0.5, 3.0, 0.0, 1.0]
    assert (hessian == hessian.T).all()
    assert ad.hvp(rosenbrock, x, v) == pytest.approx(hessian @ v, rel=1e-12)
    assert ad.jacobian(ad.grad(rosenbrock), "reverse")(x) == pytest.approx(hessian, rel=1e-12)


def test_hessian_is_symmetric_at_ties_and_at_zero_exponents():
    def f(x):
        return ad.maximum(x[0], x[1]) * x[1] + x[2] ** x[3] + ad.hypot(x[2], x[3]) * ad.minimum(x[0], x[1], x[2])

    for at in ([1.0, 1.0, 1.0, 0.0], [2.0, 2.0, 2.0, 1.0], [0.5, 1.0, 3.0, 0.0]):
        hessian = ad.hessian(f)(at)
        for i in range(4):
            for j in range(4):
                assert hessian[i][j] == pytest.approx(hessian[j][i], rel=1e-12), (at, i, j)
    mixed = ad.hessian(lambda x: x[0] ** x[1])([2.0, 0.0])
    assert mixed[0][1] == mixed[1][0] == 0.5


@pytest.mark.parametrize(("n", "evaluations"), [(1, 1), (30, 1), (32, 1), (33, 2), (90, 3)])
def test_hessian_evaluates_the_function_once_for_32_columns(n, evaluations):
    calls = []

    def counted(x):
        calls.append(1)
        return rosenbrock(x) if len(x) > 1 else x[0] ** 2

    ad.hessian(counted)([0.1] * n)
    assert len(calls) == evaluations


def test_hvp_evaluates_the_function_once():
    calls = []

    def counted(x):
        calls.append(1)
        return rosenbrock(x)

    ad.hvp(counted, [0.1] * 30, [1.0] * 30)
    assert len(calls) == 1


def test_jacobian_says_which_mode_it_took():
    def shared(m):
        def f(x):
            s = ad.total(x)
            for _ in range(50):
                s = ad.sin(s) + x[0]
            return [s * k for k in range(m)]

        return f

    tall, wide = ad.jacobian(shared(40)), ad.jacobian(shared(1))
    assert tall.taken is None
    tall([0.1, 0.2])
    wide([0.1, 0.2])
    assert (tall.taken, wide.taken) == ("forward", "reverse")


def test_derivative_of_a_hundred_thousand_operations():
    def chain(x):
        for _ in range(50_000):
            x = ad.sin(x) + 0.1
        return x

    assert ad.grad(chain)(0.3) == ad.jvp(chain, (0.3,), (1.0,))[1]


# SciPy


def test_scipy_takes_gradient_hessian_and_product_as_they_are():
    from scipy.optimize import minimize

    start = np.array([-1.2, 1.0, 0.7])
    value_and_gradient = ad.value_and_grad(rosenbrock)
    for method, more in [
        ("BFGS", {}),
        ("trust-exact", {"hess": ad.hessian(rosenbrock)}),
        ("Newton-CG", {"hessp": lambda x, v: ad.hvp(rosenbrock, x, v)}),
    ]:
        found = minimize(value_and_gradient, start, jac=True, method=method, **more)
        assert found.x == pytest.approx([1.0, 1.0, 1.0], abs=1e-4), method


# Bad input


@pytest.mark.parametrize("transform", [ad.grad, ad.value_and_grad, ad.jacobian, ad.hessian, lambda f: ad.vjp(f, 1.0)])
def test_only_a_function_is_differentiated(transform):
    with pytest.raises(TypeError, match="a function is differentiated, got float"):
        transform(3.0)


def test_mode_is_one_of_three():
    with pytest.raises(ValueError, match=r'mode is "auto", "forward" or "reverse", got \'backward\''):
        ad.jacobian(rosenbrock, "backward")
