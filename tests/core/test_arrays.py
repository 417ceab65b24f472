"""Numbers of ours beside NumPy's arrays, in them, and written into them."""

import math
import operator

import numpy as np
import pytest

import autodiff as ad
from autodiff import Dual, Value
from autodiff.errors import DerivativeLost

KINDS = {"Value": Value, "Dual": lambda x: Dual(x, 1.0), "Dual of Value": lambda x: Dual(Value(x), 1.0)}
wraps = pytest.mark.parametrize("wrap", KINDS.values(), ids=KINDS)


# Arrays beside a number

SIGNS = [operator.add, operator.sub, operator.mul, operator.truediv, operator.floordiv, operator.mod, operator.pow]
LEFT = [
    np.array([1.0, 3.0]), np.array([[1], [3]]), np.array([1, 3], np.int8), np.array([1.0, 3.0], np.float32),
    np.array([True, True]), np.array([1.0, 3.0], np.longdouble), np.array([]), np.array([Value(1.0), 3.0], object),
]  # fmt: skip


@wraps
@pytest.mark.parametrize("sign", [*SIGNS, divmod], ids=lambda f: f.__name__)
@pytest.mark.parametrize("array", LEFT, ids=lambda a: f"{a.dtype}{a.shape}")
def test_every_operator_in_both_orders(sign, array, wrap):
    x, plain = wrap(2.0), [float(getattr(y, "data", y)) if isinstance(y, Value) else float(y) for y in array.flat]
    for found, expected in (
        (sign(x, array), [sign(2.0, y) for y in plain]),
        (sign(array, x), [sign(y, 2.0) for y in plain]),
    ):
        for part, numbers in zip(found, zip(*expected), strict=False) if sign is divmod else [(found, expected)]:
            assert (part.shape, part.dtype) == (array.shape, object)
            assert [y.data for y in part.flat] == list(numbers)


@wraps
@pytest.mark.parametrize("left", [np.float64(3), np.float32(3), np.longdouble(3), np.int64(3), np.uint8(3),
                                  np.bool_(True), np.array(3.0), np.array(3)], ids=lambda x: f"{x.dtype}")  # fmt: skip
def test_one_number_of_numpys_gives_a_number_of_ours(left, wrap):
    x = wrap(2.0)
    for sign in SIGNS:
        for found, expected in ((sign(left, x), sign(float(left), 2.0)), (sign(x, left), sign(2.0, float(left)))):
            assert type(found) is type(x)
            assert found.data == expected
    assert (left < x, left == x, x <= left) == (float(left) < 2, False, float(left) >= 2)


@wraps
def test_comparisons_give_conditions_that_index_and_negate(wrap):
    array, x = np.array([1.0, 2.0, 3.0]), wrap(2.0)
    for found in (array < x, x > array, np.less(array, x), np.greater(x, array)):
        assert found.dtype == bool
        assert found.tolist() == [True, False, False]
    assert array[array >= x].tolist() == [2.0, 3.0]
    assert (array == x).tolist() == [False, True, False]
    assert np.less(x, 3.0)
    assert not ~np.less(x, 3.0)
    assert (np.array([]) < x).dtype == bool
    assert (x + np.array([])).dtype == object
    assert np.isclose(x, 2.0)


def test_a_trace_takes_conditions_of_arrays_to_where():
    def f(x):
        return sum(ad.where(c, x * y, y) for c, y in zip(np.array([1.0, 3.0]) < x, (10.0, 100.0), strict=True))

    assert ad.trace(f, 2.0).gradient().evaluate(2.0) == 10.0


@wraps
def test_an_array_of_shape_nothing_is_the_number_in_it(wrap):
    x = wrap(2.0)
    held = np.asarray(x)
    for sign in (operator.add, operator.mul, operator.truediv, operator.pow):
        for found in (sign(x, held), sign(held, x), sign(held, held)):
            assert type(found) is type(x)
            assert found.data == sign(2.0, 2.0)
    assert (ad.exp(held).data, np.exp(held).data) == (math.exp(2.0),) * 2
    assert ad.total([held, 1.0]).data == 3.0
    assert x == held
    assert not x < held


def test_numpys_polynomials_are_differentiated():
    for f in (
        lambda x: np.polyval([1.0, 2.0, 3.0], x),
        np.poly1d([1.0, 2.0, 3.0]),
        np.polynomial.Polynomial([3, 2, 1]),
    ):
        assert ad.grad(f)(2.0) == 6.0
        assert ad.jvp(f, (2.0,), (1.0,)) == (11.0, 6.0)
        assert ad.trace(f, 2.0).gradient().evaluate(2.0) == 6.0
        assert ad.hessian(f)(2.0) == 2.0


@pytest.mark.parametrize(("function", "slope"), [
    (lambda x: np.where(x > 1, x * x, x), 4.0), (np.sum, 1.0), (np.mean, 1.0), (np.prod, 1.0), (np.max, 1.0),
    (lambda x: np.dot(x, x), 4.0), (lambda x: np.dot([x, 1.0], [x, x]), 5.0), (lambda x: np.linalg.norm([x, 0.0]), 1.0),
    (np.linalg.norm, 1.0), (lambda x: np.sum([x, x * x]), 5.0), (lambda x: np.prod([x, x]), 4.0),
    (lambda x: np.var([x, 0.0]), 1.0), (lambda x: np.std([x, 0.0]), 0.5),
    (lambda x: np.outer([1.0, 2.0], x).sum(), 3.0), (lambda x: np.absolute(-x), 1.0),
    (lambda x: np.multiply.outer([1.0, 2.0], x).sum(), 3.0), (lambda x: np.cumsum([x, x])[1], 2.0),
    (lambda x: np.full(3, x).sum(), 3.0), (lambda x: np.select([x > 1], [3 * x]), 3.0),
    (lambda x: np.einsum("i,i", [x, 1.0], [x, 1.0]), 4.0), (lambda x: np.linspace(0.0, x, 3).sum(), 1.5),
    (lambda x: np.trapezoid([0.0, x, 0.0]), 1.0), (lambda x: np.average([x, 0.0], weights=[1, 3]), 0.25),
])  # fmt: skip
def test_numpys_other_functions_of_a_number(function, slope):
    assert ad.grad(function)(2.0) == slope
    assert ad.jvp(function, (2.0,), (1.0,))[1] == slope


# What is written into


def test_out_and_where_are_refused():
    x, array = Value(2.0), np.ones(2)
    for call in (
        lambda: np.add(x, 1.0, out=np.empty((), object)), lambda: np.exp(x, out=np.empty((), object)),
        lambda: np.add(x, array, out=np.empty(2, object)), lambda: np.divmod(x, array, out=(None, np.empty(2, object))),
        lambda: np.sum(x, out=np.empty((), object)),
    ):  # fmt: skip
        with pytest.raises(TypeError, match="out= is refused"):
            call()
    for where in ([True, False], False, x):
        with pytest.raises(TypeError, match=r"where= leaves elements unset: choose by ad\.where"):
            np.add(x, array, where=where)
    assert [type(y) for y in np.add(x, array, dtype=object)] == [Value, Value]
    with pytest.raises(TypeError, match="Cannot cast"):
        np.add(x, array, dtype=float)


def test_an_array_is_added_to_in_place_where_it_can_hold_numbers():
    def f(x):
        array = np.zeros(3, dtype=object)
        same = array
        array += x
        array[1:] *= x
        np.add.at(array, [0, 0], x)
        assert array is same
        return array.sum()

    assert ad.grad(f)(2.0) == 11.0
    assert ad.trace(f, 2.0).gradient().evaluate(2.0) == 11.0


@pytest.mark.parametrize("write", [
    lambda x: np.zeros(2).__setitem__(0, x), lambda x: np.zeros(2).__setitem__(slice(None), [x, x]),
    lambda x: np.array([x], float), lambda x: np.array([x], int), lambda x: np.array([x]).astype(float),
    lambda x: np.zeros(2).fill(x), lambda x: np.full(2, x, float), lambda x: np.asarray(x, dtype=np.float32),
    lambda x: operator.iadd(np.zeros(2), x), lambda x: operator.imul(np.zeros(2, int), x),
    lambda x: np.add.at(np.zeros(2), [0], x), np.float64,
    lambda x: np.put(np.zeros(2), 0, x), lambda x: np.interp(x, [0.0, 3.0], [0.0, 1.0]),
])  # fmt: skip
def test_what_is_put_into_an_array_of_floats_says_dtype_object(write):
    for wrap in KINDS.values():
        with pytest.raises(DerivativeLost, match="dtype=object"):
            write(wrap(2.0))
    with pytest.raises(TypeError, match="dtype=object"):
        ad.trace(write, 2.0)
