"""Transforms: what they give, in which structure, at what cost; and their bad inputs."""

import numpy as np
import pytest
from derivatives import same
from zoo import ZOO

import autodiff as ad
from autodiff import Value
from autodiff.errors import ArgumentChanged, Escaped, NotANumber, NotScalar, StructureMismatch


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


# Structures


def test_results_keep_the_structure_of_the_arguments():
    def f(p):
        return p["w"][0] * p["w"][1] + p["b"] * p["b"]

    assert ad.grad(f)({"w": (2.0, 3.0), "b": 4}) == {"w": (3.0, 2.0), "b": 8.0}


def test_numpy_in_gives_numpy_out():
    x = np.array([[1.0, 2.0], [3.0, 4.0]])
    gradient = ad.grad(lambda x: (x * x).sum())(x)
    assert gradient.dtype == float
    assert (gradient == 2 * x).all()
    jacobian = ad.jacobian(lambda x: x @ np.array([1.0, 2.0]))(x)
    assert jacobian.shape == (2, 2, 2)
    assert jacobian[0].tolist() == [[1.0, 2.0], [0.0, 0.0]]
    assert ad.hessian(lambda x: (x**3).sum())(np.array([1.0, 2.0])).tolist() == [[6.0, 0.0], [0.0, 12.0]]
    assert (x == [[1.0, 2.0], [3.0, 4.0]]).all()


def test_numpy_functions_reach_each_element():
    x = np.array([0.3, 0.4])
    assert ad.grad(np.linalg.norm)(x) == pytest.approx(x / 0.5)
    assert ad.grad(lambda x: np.dot(np.exp(x), np.sin(x)))(x) == pytest.approx(np.exp(x) * (np.sin(x) + np.cos(x)))
    assert ad.jvp(lambda x: np.sum(np.tanh(x)), (x,), (np.ones(2),))[1] == pytest.approx(sum(1 - np.tanh(x) ** 2))


def test_argnums_by_position_by_keyword_and_several():
    def f(x, y, z=1.0):
        return x * y * y * z

    assert ad.grad(f, 1)(2.0, 3.0) == 12.0
    assert ad.grad(f, -1)(2.0, 3.0) == 12.0
    assert ad.grad(f, "z")(2.0, 3.0, z=5.0) == 18.0
    assert ad.grad(f, (0, "z"))(2.0, 3.0, z=5.0) == (45.0, 18.0)
    assert ad.value_and_grad(f, (1, 0))(2, 3) == (18.0, (12.0, 9.0))


def test_results_of_a_jacobian_have_the_structure_of_the_output_and_inside_it_that_of_the_input():
    def f(p):
        return {"s": p[0] * p[1], "t": (p[0], 3.0)}

    for mode in ("forward", "reverse", "auto"):
        assert ad.jacobian(f, mode)([2.0, 5.0]) == {"s": [5.0, 2.0], "t": ([1.0, 0.0], [0.0, 0.0])}


def test_nothing_in_or_nothing_out():
    for mode in ("forward", "reverse", "auto"):
        assert ad.jacobian(lambda x: [1.0, 2.0], mode)([]) == [[], []]
        assert ad.jacobian(lambda x: [], mode)([1.0]) == []
    assert ad.grad(lambda x: 3.0)([]) == []
    assert ad.grad(lambda x: 3)(2.0) == 0.0


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


# A derivative of Values is a Value


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


@pytest.mark.parametrize(
    ("function", "x", "error", "message"),
    [
        (lambda x: [x, x], 1.0, NotScalar, "returned list of 2 numbers; use jacobian"),
        (lambda x: {"a": x}, 1.0, NotScalar, r"dict \{\['a'\]: number\}; use jacobian"),
        (lambda x: np.array([x, x]), 1.0, NotScalar, r"array of shape \(2,\); use jacobian"),
        (lambda x: None, 1.0, NotANumber, "what <lambda> returned: .*did a function forget to return"),
        (lambda x: "y", 1.0, NotANumber, "what <lambda> returned: .*got str"),
        (lambda x: 1j, 1.0, NotANumber, r"only real numbers.*\.real or \.imag"),
        (lambda x: x[0], [1.0, "a"], NotANumber, r"argument 0 of <lambda>\[1\]: .*got str 'a'"),
        (lambda x: x, {"w": [1.0, None]}, NotANumber, r"argument 0 of <lambda>\['w'\]\[1\]: .*NoneType"),
        (lambda x: x, np.array(["a"]), NotANumber, r"argument 0 of <lambda>\[0\]"),
        (lambda x: x, 1j, NotANumber, "only real numbers"),
    ],
)
def test_what_is_no_number_is_named_where_it_stands(function, x, error, message):
    with pytest.raises(error, match=message):
        ad.grad(function)(x)


@pytest.mark.parametrize("argnums", [2, -3, "z", (0, 5)])
def test_an_argument_that_is_not_there_is_named(argnums):
    with pytest.raises(TypeError, match=r"<lambda> is called without the argument .*; its arguments: 0, 1"):
        ad.grad(lambda x, y: x, argnums)(1.0, 2.0)


@pytest.mark.parametrize("transform", [ad.grad, ad.value_and_grad, ad.jacobian, ad.hessian, lambda f: ad.vjp(f, 1.0)])
def test_only_a_function_is_differentiated(transform):
    with pytest.raises(TypeError, match="a function is differentiated, got float"):
        transform(3.0)


def test_tangents_and_cotangents_have_the_structure_of_their_numbers():
    with pytest.raises(StructureMismatch, match=r"tangents must have the structure of the primals"):
        ad.jvp(lambda x: x[0], ([1.0, 2.0],), ([1.0],))
    with pytest.raises(
        StructureMismatch, match="cotangents must have the structure of what <lambda> returned, list of 2"
    ):
        ad.vjp(lambda x: [x, x], 1.0)[1](1.0)
    with pytest.raises(StructureMismatch):
        ad.jvp(lambda x: x[0], ((1.0, 2.0),), (np.ones(2),))
    with pytest.raises(TypeError, match=r"jvp takes tuples.*jvp\(f, \(x,\), \(dx,\)\)"):
        ad.jvp(lambda x: x, 1.0, 1.0)


def test_mode_is_one_of_three():
    with pytest.raises(ValueError, match=r'mode is "auto", "forward" or "reverse", got \'backward\''):
        ad.jacobian(rosenbrock, "backward")


@pytest.mark.parametrize("x", [[1.0, 2.0], np.array([1.0, 2.0])], ids=["list", "array"])
def test_an_argument_changed_in_place_is_an_error_and_the_callers_is_untouched(x):
    def f(x):
        x[0] = x[1] * 2
        return x[0]

    for transform in (ad.grad, lambda f: ad.jacobian(f, "forward"), lambda f: lambda x: ad.jvp(f, (x,), (x,))):
        with pytest.raises(ArgumentChanged, match="f changed its argument in place"):
            transform(f)(x)
    assert list(x) == [1.0, 2.0]


def test_an_argument_appended_to_is_an_error():
    def f(x):
        x.append(1.0)
        return x[0]

    with pytest.raises(ArgumentChanged):
        ad.grad(f)([1.0])


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


def test_assigning_a_traced_argument_is_refused():
    def f(x):
        x.data = 5.0
        return x

    with pytest.raises(TypeError, match="assign the data of leaves"):
        ad.grad(f)(3.0)


def test_dicts_of_every_kind_and_order():
    from collections import OrderedDict, defaultdict

    for p in (OrderedDict(a=3.0), defaultdict(float, a=3.0)):
        assert ad.grad(lambda p: p["a"] ** 2)(p) == {"a": 6.0}
    f = ad.jvp(lambda p: p["a"] * p["b"], ({"a": 1.0, "b": 2.0},), ({"b": 1.0, "a": 0.0},))
    assert f == (2.0, 1.0)


@pytest.mark.parametrize("argnums", [(0, 0), (0, -2), ("z", "z")])
def test_an_argument_named_twice_is_refused(argnums):
    with pytest.raises(TypeError, match="names an argument of <lambda> twice"):
        ad.grad(lambda x, y, z: x * y * z, argnums)(2.0, 3.0, z=1.0)


def test_an_argument_is_named_by_any_whole_number():
    assert ad.grad(lambda x, y: x * y, np.int64(1))(2.0, 3.0) == 2.0
    with pytest.raises(TypeError):
        ad.grad(lambda x, y: x * y, 0.5)(2.0, 3.0)


def test_arrays_of_one_number_are_numbers():
    x = np.array([1.0, 2.0])
    assert ad.grad(lambda x: np.tensordot(x, x, 1))(x).tolist() == [2.0, 4.0]
    assert ad.grad(lambda x: np.squeeze(x * x))(3.0) == 6.0
    assert ad.grad(np.var)(x).tolist() == [-0.5, 0.5]


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
