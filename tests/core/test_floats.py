"""What is taken as a number, and what is refused with the remedy; SciPy where it is missing."""

from fractions import Fraction

import numpy as np
import pytest

import autodiff as ad
from autodiff import Dual, Value
from autodiff.errors import NotANumber

NUMBERS = [3, 3.0, True, Fraction(1, 2), np.float64(2.5), np.float32(0.5), np.int64(7), np.bool_(True), np.array(1.5)]

NOT_NUMBERS = [
    ("1.0", "got str '1.0': convert it with float"),
    (b"1", "got bytes b'1': convert it"),
    (None, "got NoneType None: did a function forget to return"),
    (1 + 2j, "only real numbers are differentiated"),
    ([1.0], "got list .*: take its elements one by one"),
    ((1.0,), "got tuple .*: take its elements one by one"),
    ({"x": 1.0}, "got dict .*: take its values one by one"),
    (np.ones(3), "got ndarray .*array of Values"),
    (object(), "got object .*pass an int, a float, a Value or a Dual"),
    ([0.0] * 100, r"got list .*\.\.\.: take"),
]


@pytest.mark.parametrize("x", NUMBERS, ids=lambda x: type(x).__name__)
def test_every_kind_of_real_number_is_taken(x):
    for result in (Value(x).data, Dual(x, x).primal, Dual(x, x).tangent, ad.identity(x), Value(0.0) + x):
        assert result == float(x)
    assert type(Value(x).data) is float


@pytest.mark.parametrize(("x", "message"), NOT_NUMBERS, ids=[type(x).__name__ for x, _ in NOT_NUMBERS])
def test_what_is_no_number_is_refused_with_the_remedy(x, message):
    for make in (Value, Dual, lambda x: Dual(1.0, x), ad.sin, lambda x: ad.maximum(1.0, x), Value(1.0).backward):
        with pytest.raises(NotANumber, match=message):
            make(x)


@pytest.mark.parametrize("x", ["1", None, [1.0], {}, (1.0,)], ids=lambda x: type(x).__name__)
@pytest.mark.parametrize("number", [Value(1.0), Dual(1.0, 1.0)], ids=["Value", "Dual"])
def test_operators_refuse_what_is_no_number_on_either_side(number, x):
    for operate in (lambda: number + x, lambda: number * x, lambda: number**x, lambda: number / x, lambda: number % x):
        with pytest.raises(NotANumber):
            operate()
    if not isinstance(x, str):
        for operate in (lambda: x + number, lambda: x * number, lambda: x**number, lambda: x / number):
            with pytest.raises(TypeError):
                operate()


def test_scipy_missing_names_the_install_command(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "scipy.special", None)
    with pytest.raises(ImportError, match="pip install scipy"):
        ad.digamma(2.0)
