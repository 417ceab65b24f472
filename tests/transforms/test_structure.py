"""Structures: taken apart and put together again, from whatever numbers are nested in."""

from typing import NamedTuple

import numpy as np
import pytest

import autodiff as ad
from autodiff import Value
from autodiff.errors import MissingPackage, NotANumber
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
    assert list(structure.names("x")) == names
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
