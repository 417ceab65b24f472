"""The arguments of a differentiated function: how they are chosen, and what is refused of them."""

import numpy as np
import pytest

import autodiff as ad
from autodiff.errors import ArgumentChanged, NotANumber, NotScalar


def test_argnums_by_position_by_keyword_and_several():
    def f(x, y, z=1.0):
        return x * y * y * z

    assert ad.grad(f, 1)(2.0, 3.0) == 12.0
    assert ad.grad(f, -1)(2.0, 3.0) == 12.0
    assert ad.grad(f, "z")(2.0, 3.0, z=5.0) == 18.0
    assert ad.grad(f, (0, "z"))(2.0, 3.0, z=5.0) == (45.0, 18.0)
    assert ad.value_and_grad(f, (1, 0))(2, 3) == (18.0, (12.0, 9.0))


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


def test_assigning_a_traced_argument_is_refused():
    def f(x):
        x.data = 5.0
        return x

    with pytest.raises(TypeError, match="assign the data of leaves"):
        ad.grad(f)(3.0)


@pytest.mark.parametrize("argnums", [(0, 0), (0, -2), ("z", "z")])
def test_an_argument_named_twice_is_refused(argnums):
    with pytest.raises(TypeError, match="names an argument of <lambda> twice"):
        ad.grad(lambda x, y, z: x * y * z, argnums)(2.0, 3.0, z=1.0)


def test_an_argument_is_named_by_any_whole_number():
    assert ad.grad(lambda x, y: x * y, np.int64(1))(2.0, 3.0) == 2.0
    with pytest.raises(TypeError):
        ad.grad(lambda x, y: x * y, 0.5)(2.0, 3.0)
