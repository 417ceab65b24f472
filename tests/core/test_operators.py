"""Operators on mixed types: the same as on floats, bit for bit, whichever side the Value or Dual stands on."""

import math
import operator
from fractions import Fraction

import numpy as np
import pytest
from derivatives import bits
from hypothesis import given
from hypothesis import strategies as st

import autodiff as ad
from autodiff import Dual, Value
from autodiff.errors import BranchOnData, DerivativeLost

BINARY = [
    operator.add, operator.sub, operator.mul, operator.truediv, operator.floordiv, operator.mod, operator.pow,
]  # fmt: skip
COMPARISONS = [operator.lt, operator.le, operator.gt, operator.ge, operator.eq, operator.ne]
UNARY = [operator.neg, operator.pos, abs, math.floor, math.ceil]

floats = st.floats(-1e6, 1e6) | st.sampled_from([0.0, -0.0, 1.0, -1.0, 0.5, 2.0, math.inf, -math.inf, math.nan])
others = (
    floats
    | st.integers(-50, 50)
    | st.booleans()
    | st.fractions(-50, 50, max_denominator=9)
    | floats.map(np.float64)
    | st.floats(-1e3, 1e3, width=32).map(np.float32)
    | st.integers(-50, 50).map(np.int64)
)


def outcome(operate, x, y):
    """The bits, or the type of what is raised; a complex power of a float is a ValueError of ours."""
    try:
        result = operate(x, y)
    except (ArithmeticError, ValueError) as error:
        return type(error)
    if isinstance(result, complex):
        return ValueError
    return bits(result.data if isinstance(result, Value | Dual) else float(result))


@pytest.mark.parametrize("operate", BINARY, ids=lambda f: f.__name__)
@given(x=floats, y=others)
def test_mixed_operands_give_what_floats_give(operate, x, y):
    for wrap in (Value, lambda x: Dual(x, 1.0)):
        expected = outcome(operate, x, float(y))
        assert outcome(operate, wrap(x), y) == expected
        assert outcome(operate, wrap(x), wrap(float(y))) == expected
        assert outcome(operate, y, wrap(x)) == outcome(operate, float(y), x)


@pytest.mark.parametrize("compare", COMPARISONS, ids=lambda f: f.__name__)
@given(x=floats, y=others)
def test_comparisons_compare_data(compare, x, y):
    for wrap in (Value, lambda x: Dual(x, 1.0)):
        assert compare(wrap(x), y) is compare(x, float(y))
        assert compare(wrap(x), wrap(float(y))) is compare(x, float(y))
        assert compare(y, wrap(x)) == compare(float(y), x)


@pytest.mark.parametrize("operate", UNARY, ids=lambda f: f.__name__)
@given(x=st.floats(-1e6, 1e6))
def test_unary_operators(operate, x):
    assert operate(Value(x)).data == operate(Dual(x, 1.0)).data == operate(x)


@pytest.mark.parametrize(("operate", "left", "right"), [
    (operator.add, lambda x, y: 1.0, lambda x, y: 1.0),
    (operator.sub, lambda x, y: 1.0, lambda x, y: -1.0),
    (operator.mul, lambda x, y: y, lambda x, y: y),
    (operator.truediv, lambda x, y: 1.0 / y, lambda x, y: -(y / x) / x),
], ids=["add", "sub", "mul", "truediv"])  # fmt: skip
@given(x=st.floats(0.1, 50), y=others.filter(lambda y: math.isfinite(y) and abs(y) > 0.01))
def test_derivatives_of_both_forms_on_mixed_types(operate, left, right, x, y):
    for form, slope in ((lambda v: operate(v, y), left), (lambda v: operate(y, v), right)):
        v = Value(x)
        form(v).backward()
        assert v.grad == form(Dual(x, 1.0)).tangent == slope(x, float(y))


def test_three_argument_pow_is_refused():
    with pytest.raises(TypeError):
        pow(Value(2.0), 2, 3)


def test_pow_builtin_and_sum_and_max():
    xs = [Value(1.0), Value(3.0), Value(2.0)]
    assert pow(xs[1], 2).data == 9.0
    assert sum(xs).data == 6.0
    assert max(xs) is xs[1]
    assert sorted(xs) == [1.0, 2.0, 3.0]
    assert [part.data for part in divmod(Value(7.0), 2)] == [3.0, 1.0]
    assert [part.data for part in divmod(7, Value(2.0))] == [3.0, 1.0]


def test_a_dual_meets_a_value():
    x = Value(2.0)
    for result in (x * Dual(3.0, 1.0), Dual(3.0, 1.0) * x, ad.multiply(x, Dual(3.0, 1.0))):
        assert isinstance(result, Dual)
        assert isinstance(result.primal, Value)
        assert result.data == 6.0
        assert result.tangent == 2.0


# NumPy: object arrays of Values and Duals


@pytest.mark.parametrize("wrap", [Value, lambda x: Dual(x, 1.0)], ids=["Value", "Dual"])
def test_ufuncs_reach_each_element_of_an_object_array(wrap):
    xs = np.array([wrap(0.1), wrap(0.5)], dtype=object)
    for name in ("exp", "sin", "arcsin", "arctan", "arctanh", "sqrt", "log1p", "cbrt", "tanh", "square", "fabs"):
        function = getattr(np, name)
        results = function(xs)
        # NumPy's own float functions may round otherwise by a unit
        assert [r.data for r in results] == pytest.approx(list(function(np.array([0.1, 0.5]))), rel=3e-16), name
    assert (xs @ xs).data == pytest.approx(0.26)
    assert np.sum(xs).data == pytest.approx(0.6)


@pytest.mark.parametrize("wrap", [Value, lambda x: Dual(x, 1.0)], ids=["Value", "Dual"])
def test_an_array_beside_a_number_is_operated_on_elementwise(wrap):
    x, array = wrap(2.0), np.array([1.0, 3.0])
    for results in (x * array, array * x):
        assert results.shape == (2,)
        assert [r.data for r in results] == [2.0, 6.0]
    assert [r.data for r in array - x] == [-1.0, 1.0]


def test_a_numpy_scalar_on_the_left_gives_a_value():
    x = Value(2.0)
    for left in (np.float64(3.0), np.float32(3.0), np.int64(3), np.bool_(True)):
        for operate in (operator.add, operator.sub, operator.mul, operator.truediv, operator.pow):
            result = operate(left, x)
            assert type(result) is Value, (type(left), operate)
            assert result.data == operate(float(left), 2.0)


def test_a_class_of_the_users_own_may_answer():
    class Unit:
        def __radd__(self, other):
            return "a unit"

    assert Value(1.0) + Unit() == "a unit"
    with pytest.raises(TypeError, match="unsupported operand"):
        Value(1.0) * Unit()


def test_fractions_are_read_exactly_once():
    assert (Value(1.0) + Fraction(1, 3)).data == 1.0 + 1 / 3


@pytest.mark.parametrize(("rounded", "row"), [
    (round, ad.round), (math.trunc, ad.trunc), (math.floor, ad.floor), (math.ceil, ad.ceil),
])  # fmt: skip
@pytest.mark.parametrize("x", [2.5, -2.5, 3.5, -0.2, 7.0])
def test_pythons_roundings_are_rows(rounded, row, x):
    a = Value(x)
    assert (rounded(a).data, rounded(a).op, rounded(Dual(x, 1.0)).tangent) == (rounded(x), row, 0.0)
    assert ad.trace(rounded, x).evaluate(x + 1.0) == rounded(x + 1.0)


def test_a_rounding_to_digits_would_lose_the_derivative():
    with pytest.raises(DerivativeLost):
        round(Value(2.345), 2)


@pytest.mark.parametrize("printed", ["{:.2f}".format, "{:>8}".format, lambda x: f"{Value(1.0) * x:e}"])
def test_in_a_trace_a_format_has_a_remedy_of_its_own(printed):
    with pytest.raises(BranchOnData, match=r"printed without a format.* a question mark") as raised:
        ad.trace(lambda x: printed(x) and x, 2.0)
    assert "where" not in str(raised.value)
    assert ad.trace(lambda x: f"{x}" and x, 2.0).evaluate(3.0) == 3.0


def test_a_number_of_ours_in_an_array_without_dimensions_is_taken_out_on_either_side():
    a = Value(2.0)
    for b in (np.asarray(a), np.array(a, dtype=object)):
        for f in (operator.add, operator.mul, operator.sub, operator.truediv, operator.pow):
            assert (f(a, b).data, f(b, a).data) == (f(2.0, 2.0), f(2.0, 2.0))
        assert (a == b, bool(b <= a), ad.maximum(a, b).data) == (True, True, 2.0)


@pytest.mark.parametrize("f", [
    lambda x: np.polyval([1.0, 2.0, 3.0], x), np.poly1d([1.0, 2.0, 3.0]),
    lambda x: x * np.asarray(x) + 2.0 * np.asarray(x) + 3.0,
])  # fmt: skip
def test_polynomials_of_numpys_are_differentiated(f):
    assert ad.grad(f)(2.0) == ad.jvp(f, (2.0,), (1.0,))[1] == ad.grad(ad.trace(f, 1.0).evaluate)(2.0) == 6.0
    assert ad.hessian(f)(2.0) == 2.0
