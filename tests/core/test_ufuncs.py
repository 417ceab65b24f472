"""NumPy's functions of a number are the rows of their names, or refused: a walk over all that NumPy has."""

import math
import warnings
from fractions import Fraction

import numpy as np
import pytest

import autodiff as ad
from autodiff import Dual, Value
from autodiff.core import arrays
from autodiff.core.operators import Operators
from autodiff.core.rows import NAMED, TABLE
from autodiff.errors import BranchOnData, NotANumber

UFUNCS = sorted({u for u in vars(np).values() if isinstance(u, np.ufunc)}, key=lambda u: u.__name__)
CLIP = np._core.umath.clip
KINDS = {"Value": Value, "Dual": lambda x: Dual(x, 1.0), "Dual of Value": lambda x: Dual(Value(x), 1.0)}
POINT = (1.5, 0.75, 2.0)  # all ufuncs but those of the next line are defined here
POINTS = {"arcsin": (0.25,), "arccos": (0.25,), "arctanh": (0.25,), "ldexp": (1.5, 3.0)}
NO_ROWS = {  # of those that are ours, what they are
    "float_power": ad.power, "negative": ad.negate, "positive": lambda x: x, "conjugate": lambda x: x, "clip": ad.clip,
    "divmod": divmod,
}  # fmt: skip
wraps = pytest.mark.parametrize("wrap", KINDS.values(), ids=KINDS)


def numbers(ufunc):
    return POINTS.get(ufunc.__name__, POINT)[: ufunc.nin]


def ours(name):
    return NO_ROWS.get(name) or NAMED.get(name)


def same(x, y):
    if isinstance(x, tuple):
        return all(map(same, x, y))
    return (type(x), x.data) == (type(y), y.data) if isinstance(x, Operators) else bool(x) is bool(y)


ROWS = [u for u in (*UFUNCS, CLIP) if ours(u.__name__)]
REFUSED = [u for u in UFUNCS if not ours(u.__name__)]
DIFFERENTIATED = [u for u in ROWS if u.nout == 1 and u.__name__ not in arrays.COMPARISONS]


def named(ufunc):
    return ufunc.__name__


def test_the_walk_is_over_all_of_numpy():
    assert len(ROWS) > 50
    assert {"fmax", "heaviside", "isnan", "matmul"} <= set(map(named, REFUSED))
    assert {np.maximum, np.logaddexp, np.hypot, np.arctan2, np.power, np.float_power, np.fabs, CLIP} <= set(ROWS)


@wraps
@pytest.mark.parametrize("ufunc", ROWS, ids=named)
def test_a_ufunc_is_the_row_of_its_name(ufunc, wrap):
    for place in range(ufunc.nin):
        xs = list(numbers(ufunc))
        xs[place] = wrap(xs[place])
        assert same(ufunc(*xs), ours(ufunc.__name__)(*xs))
    assert same(ufunc(*map(wrap, numbers(ufunc))), ours(ufunc.__name__)(*map(wrap, numbers(ufunc))))


@pytest.mark.parametrize("ufunc", DIFFERENTIATED, ids=named)
def test_its_derivatives_are_the_rows_in_every_mode(ufunc):
    xs, row = numbers(ufunc), ours(ufunc.__name__)
    for i in range(ufunc.nin):
        for derivative in (ad.grad, ad.hessian):
            assert repr(derivative(ufunc, i)(*xs)) == repr(derivative(row, i)(*xs))  # nan is nan, −0 is not 0
    tangents = (1.0, *(0.0 for _ in xs[1:]))
    assert ad.jvp(ufunc, xs, tangents) == ad.jvp(row, xs, tangents)
    assert ad.taylor(lambda x: ufunc(x, *xs[1:]), xs[0], 3) == ad.taylor(lambda x: row(x, *xs[1:]), xs[0], 3)


@pytest.mark.parametrize("ufunc", DIFFERENTIATED, ids=named)
def test_a_trace_writes_the_row_down(ufunc):
    xs, row = numbers(ufunc), ours(ufunc.__name__)
    tape, expected = ad.trace(ufunc, *xs), ad.trace(row, *xs)
    assert tape.evaluate(*xs) == expected.evaluate(*xs)
    assert repr(tape.gradient().evaluate(*xs)) == repr(expected.gradient().evaluate(*xs))


@pytest.mark.parametrize("ufunc", [u for u in DIFFERENTIATED if u.nin > 1], ids=named)
def test_beside_an_array_it_works_element_by_element(ufunc):
    xs, row = numbers(ufunc), ours(ufunc.__name__)
    column = np.array([[xs[1]], [xs[1] + 1.0]])
    found = ufunc(Value(xs[0]), column, *xs[2:])
    assert (found.shape, found.dtype) == ((2, 1), object)
    assert [x.data for x in found.flat] == [row(xs[0], float(y), *xs[2:]) for y in column.flat]
    assert ad.grad(lambda x: ufunc(x, column, *xs[2:]).sum())(xs[0]) == sum(
        ad.grad(row)(xs[0], float(y), *xs[2:]) for y in column.flat
    )


@pytest.mark.parametrize("ufunc", REFUSED, ids=named)
def test_a_ufunc_that_is_no_row_is_refused_and_says_what_to_use(ufunc):
    for wrap in KINDS.values():
        for other in (1.0, wrap(1.0), np.ones(2), np.array([Value(1.0)])):
            xs = (wrap(1.0), other)[: ufunc.nin]
            for operands in (xs, xs[::-1]):
                with pytest.raises(TypeError, match=rf"^{ufunc.__name__} is no row of the table, .*: \w+"):
                    ufunc(*operands)
    with pytest.raises(TypeError, match="is no row of the table"):
        ad.trace(lambda x: ufunc(x, *(1.0,) * (ufunc.nin - 1)), 1.0)
    with pytest.raises(TypeError, match="is no row of the table"):
        ad.grad(lambda x: ufunc(*(1.0,) * (ufunc.nin - 1), x))(1.0)


def test_the_names_are_those_of_numpy_and_of_rows():
    assert all(getattr(np._core.umath, name) in ROWS for name in arrays.OPERATORS)
    assert set(NAMED) == {name for row in TABLE.values() for name in (row.name, *row.aliases)}


def test_no_row_is_said_to_be_none():
    assert not [name for name in arrays.INSTEAD if name in NAMED]


# Kinks and edges: the table's, not those of Python's comparisons


def test_ties_and_bounds_are_the_tables():
    assert ad.grad(lambda x: np.maximum(x, 1.0))(1.0) == 0.5
    assert ad.grad(lambda x: np.minimum(1.0, x))(1.0) == 0.5
    assert ad.jvp(lambda x: np.maximum(1, x), (1.0,), (1.0,)) == (1.0, 0.5)
    assert ad.grad(lambda x: np.clip(x, 0, 1))(1.0) == 1.0
    assert ad.grad(lambda x: np.clip(x, 0, 1))(2.0) == 0.0
    assert math.isnan(np.maximum(Value(math.nan), 1.0).data)
    assert math.isnan(np.maximum(1.0, Value(math.nan)).data)
    assert ad.grad(lambda x: np.maximum(x, np.array([1.0, 0.0, 2.0])).sum())(1.0) == 1.5
    assert ad.grad(lambda xs: np.maximum(xs, xs[0]).sum())(np.array([1.0, 1.0])).tolist() == [1.5, 0.5]


def test_a_whole_object_array_does_not_ask_and_what_does_is_said():
    xs = np.array([1.0, 2.0])
    assert "np.frompyfunc(ad.maximum, 2, 1)(xs, 1.0)" in arrays.__doc__
    assert ad.grad(lambda xs: np.maximum(xs, 1.0).sum())(xs)[0] in (0.0, 1.0)
    assert ad.grad(lambda xs: np.frompyfunc(ad.maximum, 2, 1)(xs, 1.0).sum())(xs).tolist() == [0.5, 1.0]
    assert ad.grad(lambda xs: ad.maximum(*xs))(np.ones(2)).tolist() == [0.5, 0.5]
    with pytest.raises(BranchOnData):
        ad.trace(lambda xs: np.maximum(xs, 1.0).sum(), xs)


@wraps
def test_clip_takes_what_numpys_does(wrap):
    x = wrap(2.0)
    for found, number in [
        (np.clip(x, 0, 1), 1.0), (np.clip(x, None, 1), 1.0), (np.clip(x, 3, None), 3.0), (x.clip(0, 1), 1.0),
        (np.clip(x, min=0, max=1), 1.0), (np.clip(0.5, x, 3.0), 2.0), (np.clip(5.0, 0, x), 2.0),
    ]:  # fmt: skip
        assert type(found) is type(x)
        assert found.data == number
    assert [y.data for y in np.clip(x, [0.0, 3.0], 4)] == [2.0, 3.0]
    assert [y.data for y in np.clip(np.array([1.0, 3.0]), 0.0, x)] == [1.0, 2.0]
    with pytest.raises(ValueError, match="clip needs low ≤ high"):
        np.clip(x, 1, 0)


@pytest.mark.parametrize(
    "options", [{"out": np.empty((), object)}, {"dtype": object}, {"where": True}, {"casting": "unsafe"}]
)
def test_clip_never_goes_on_by_comparisons(options):
    with pytest.raises(ValueError, match=r"takes no \w+=: use what it returns"):
        np.clip(Value(2.0), 0, 1, **options)


# Ufuncs of others


def test_ufuncs_of_python_functions_take_numbers_as_they_are():
    twice = np.frompyfunc(lambda x: x + x, 1, 1)
    power = np.frompyfunc(lambda x, n: x**n, 2, 1)
    assert ad.grad(twice)(3.0) == 2.0
    assert ad.grad(lambda x: power(x, [1, 2]).sum())(3.0) == 7.0
    assert ad.grad(lambda x: np.vectorize(lambda y: x * y)(np.array([1.0, 2.0])).sum())(3.0) == 3.0


def test_ufuncs_of_scipy_are_rows_by_their_names():
    special = pytest.importorskip("scipy.special")
    assert ad.grad(special.erf)(0.5) == ad.grad(ad.erf)(0.5)
    assert ad.grad(special.log1p)(0.5) == ad.grad(ad.log1p)(0.5)
    with pytest.raises(TypeError, match=r"expit is no row .*: use ad\.sigmoid"):
        special.expit(Value(0.5))
    with pytest.raises(TypeError, match="j0 is no row of the table"):
        special.j0(Value(0.5))


def test_a_ufunc_of_anothers_that_has_a_rows_name_is_not_taken_for_it():
    class Ufunc:  # as numba makes them
        __name__, types, nin, nout = "square", ["d->d"], 1, 1

    with pytest.raises(TypeError, match="square is no row of the table"):
        Value(2.0).__array_ufunc__(type("Ufunc", (Ufunc,), {})(), "__call__", Value(2.0))


def test_a_class_that_answers_itself_is_left_to():
    class Table:
        shape = (2,)

        def __array_ufunc__(self, ufunc, method, *inputs, **options):
            return "the table's"

    assert np.multiply(Value(2.0), Table()) == "the table's"
    masked = np.ma.array([1.0, 2.0], mask=[False, True]) * Value(3.0)
    assert (masked[0].data, masked[1] is np.ma.masked) == (3.0, True)


def test_rows_of_ones_own_are_found_by_numpys_name():
    from autodiff.core.custom import remove

    @ad.primitive(partials=[0.0, 0.0])
    def heaviside(x, y):
        return 0.0 if x < 0 else 1.0 if x > 0 else y

    try:
        assert np.heaviside(Value(0.0), 0.5).op is heaviside
    finally:
        remove(heaviside)
    with pytest.raises(TypeError, match=r"heaviside is no row .*ad\.where"):
        np.heaviside(Value(0.0), 0.5)


def test_fractions_and_what_is_no_number():
    assert np.multiply(Value(2.0), Fraction(1, 2)).data == 1.0
    for other in ("a", 1j, np.complex128(1j), np.array([1j])):
        with pytest.raises(NotANumber):
            np.multiply(Value(2.0), other)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert np.str_("a") != Value(2.0)
        assert Value(2.0) != np.str_("a")
