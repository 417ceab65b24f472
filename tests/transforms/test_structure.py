"""Structures: taken apart and put together again, from whatever numbers are nested in."""

from typing import NamedTuple

import numpy as np
import pytest

import autodiff as ad
from autodiff import Value
from autodiff.errors import MissingPackage, NotANumber, StructureMismatch
from autodiff.transforms.structure import flatten


class Point(NamedTuple):
    x: float
    y: float


@pytest.mark.parametrize(
    ("x", "numbers", "signature", "names"),
    [
        (3, [3.0], "number", ["x"]),
        ([1, 2.0], [1.0, 2.0], "list of 2 numbers", ["x[0]", "x[1]"]),
        ((), [], "tuple of 0 numbers", []),
        ({"w": [1.0], "b": 2}, [2.0, 1.0], "dict {['b']: number, ['w']: list of 1 numbers}", ["x['b']", "x['w'][0]"]),
        (Point(1.0, 2.0), [1.0, 2.0], "Point of 2 numbers", ["x[0]", "x[1]"]),
        (np.eye(2), [1.0, 0.0, 0.0, 1.0], "array of shape (2, 2)", ["x[0, 0]", "x[0, 1]", "x[1, 0]", "x[1, 1]"]),
        (np.float32(0.5), [0.5], "number", ["x"]),
        (np.array(2.0), [2.0], "number", ["x"]),
    ],
)
def test_round_trip(x, numbers, signature, names):
    found, structure = flatten(x)
    assert found == numbers
    assert all(type(number) is float for number in found)
    assert structure.signature == signature
    assert structure.names("x") == names
    rebuilt = structure.rebuild(found)
    assert type(rebuilt) is (float if signature == "number" else type(x))
    assert np.array_equal(rebuilt, x) if isinstance(x, np.ndarray) else rebuilt == x


def test_an_array_of_values_stays_one():
    values = np.array([Value(1.0), Value(2.0)])
    found, structure = flatten(values)
    assert found[0] is values[0]
    assert structure.rebuild(found).dtype == object
    assert structure.rebuild([1.0, 2.0]).dtype == float


def test_a_class_of_ones_own_takes_part():
    class Line:
        def __init__(self, slope, offset):
            self.slope, self.offset = slope, offset

        def __structure__(self):
            return vars(self), lambda parts: Line(**parts)

    gradient = ad.grad(lambda line: line.slope * 3.0 + line.offset)(Line(2.0, 1.0))
    assert (type(gradient), gradient.slope, gradient.offset) == (Line, 3.0, 1.0)


def test_where_the_number_is_missing_is_named():
    with pytest.raises(NotANumber, match=r"^x\['w'\]\[1\]: expected one real number, got str 'a'"):
        flatten({"w": [1.0, "a"]})
    with pytest.raises(NotANumber, match=r"^x\[0, 1\]: "):
        flatten(np.array([[1.0, None]]))


def test_arrays_need_numpy(monkeypatch):
    _, structure = flatten(np.ones(2))
    monkeypatch.setitem(__import__("sys").modules, "numpy", None)
    with pytest.raises(MissingPackage, match="pip install numpy"):
        structure.rebuild([1.0, 2.0])


# Through transforms


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


def test_dicts_of_every_kind_and_order():
    from collections import OrderedDict, defaultdict

    for p in (OrderedDict(a=3.0), defaultdict(float, a=3.0)):
        assert ad.grad(lambda p: p["a"] ** 2)(p) == {"a": 6.0}
    f = ad.jvp(lambda p: p["a"] * p["b"], ({"a": 1.0, "b": 2.0},), ({"b": 1.0, "a": 0.0},))
    assert f == (2.0, 1.0)


def test_arrays_of_one_number_are_numbers():
    x = np.array([1.0, 2.0])
    assert ad.grad(lambda x: np.tensordot(x, x, 1))(x).tolist() == [2.0, 4.0]
    assert ad.grad(lambda x: np.squeeze(x * x))(3.0) == 6.0
    assert ad.grad(np.var)(x).tolist() == [-0.5, 0.5]
