"""Every row of the table: a new row is tested here for free."""

import math

import pytest
from derivatives import bits, forward, reverse, same
from sampling import exact_partial, grid, operand_counts, points, reference, ulps

import autodiff as ad
from autodiff import Dual, Value
from autodiff.core.reverse import steps
from autodiff.core.rows import TABLE

ROWS = [pytest.param(row, count, id=f"{name}-{count}") for name, row in TABLE.items() for count in operand_counts(row)]
BY_SCIPY = {"lgamma", "digamma", "polygamma"}
COMPARISONS = {"less", "less_equal", "greater", "greater_equal", "equal", "not_equal"}
KINKED = {"absolute", "relu", "maximum", "minimum", "where", "modulo", "fmod"}
STEPS = KINKED | COMPARISONS | {"sign", "floor", "floor_divide", "detach"}


def outcome(function, *xs):
    """The bits of the result, or the type of the exception."""
    try:
        return bits(function(*xs))
    except (ArithmeticError, ValueError) as error:
        return type(error)


@pytest.mark.parametrize(("row", "count"), ROWS)
def test_value_is_the_float_functions_to_the_last_bit_and_so_are_its_errors(row, count):
    for xs in [*points(row, count), *grid(count)]:
        expected = outcome(row.function, *xs)
        assert outcome(row, *xs) == expected, xs
        assert outcome(lambda *vs: row(*vs).data, *map(Value, xs)) == expected, xs
        assert outcome(lambda *ds: row(*ds).data, *(Dual(x, 1.0) for x in xs)) == expected, xs


@pytest.mark.parametrize(("row", "count"), ROWS)
def test_forward_is_reverse_bit_for_bit_and_neither_raises_where_the_function_does_not(row, count):
    for xs in [*points(row, count), *grid(count)]:
        if not isinstance(outcome(row.function, *xs), type):
            assert same(forward(row, xs), reverse(row, xs)), xs


@pytest.mark.parametrize(("row", "count"), ROWS)
def test_partials_are_within_4_ulp_of_the_exact_ones(row, count):
    limit = 64 if row.name in BY_SCIPY else 4
    for xs in points(row, count):
        gradient = reverse(row, xs)
        for i, found in enumerate(gradient):
            if row.name != "detach" and not (row.name in {"polygamma", "where"} and i == 0):
                exact = exact_partial(reference(row), xs, i)
                assert ulps(found, exact) <= limit, (xs, i, found, exact)


@pytest.mark.parametrize(("row", "count"), [p for p in ROWS if p.values[0].name not in STEPS | BY_SCIPY])
def test_second_derivatives_agree_with_mpmath_in_every_nesting(row, count):
    for xs in points(row, count, 12):
        for i in range(count):
            first, exact = (float(exact_partial(reference(row), xs, i, order)) for order in (1, 2))
            close = pytest.approx(exact, rel=1e-9, abs=1e-13 * abs(first) + 1e-290)
            for second in (forward_over_forward, reverse_over_forward, forward_over_reverse, reverse_over_reverse):
                assert second(row, xs, i) == close, (second.__name__, xs, i)


def forward_over_forward(row, xs, i):
    outer = Dual(Dual(xs[i], 1.0, tag=1), 1.0, tag=2)
    tangent = row(*xs[:i], outer, *xs[i + 1 :]).tangent
    return tangent.tangent if isinstance(tangent, Dual) else 0.0


def reverse_over_forward(row, xs, i):
    x = Value(xs[i])
    tangent = row(*xs[:i], Dual(x, 1.0), *xs[i + 1 :]).tangent
    if isinstance(tangent, Value):
        tangent.backward()
    return x.grad


def forward_over_reverse(row, xs, i):
    row_partial = row.partials[i] if row.arity else list(zip(range(i + 1), row.partials, strict=False))[i][1]
    x = Dual(xs[i], 1.0)
    operands = (*xs[:i], x, *xs[i + 1 :])
    partial = row_partial(row(*operands), *operands) if callable(row_partial) else row_partial
    return partial.tangent if isinstance(partial, Dual) else 0.0


def reverse_over_reverse(row, xs, i):
    x = Value(xs[i])
    output = row(*xs[:i], x, *xs[i + 1 :])
    adjoints = {output: 1.0}
    for _ in steps(output, adjoints, on_values=True):
        pass
    first = adjoints.get(x, 0.0)
    if isinstance(first, Value):
        first.backward()
    return x.grad


@pytest.mark.parametrize("row", TABLE.values(), ids=TABLE)
def test_a_row_is_a_function_a_method_and_says_what_it_is(row):
    assert all(getattr(ad, name) is row for name in (row.name, *row.aliases))
    assert row.name in dir(ad)
    assert len(row.formulas) == (row.arity or 1)
    assert row.symbol
    assert len(row.domain) == row.arity
    for kind in (Value, Dual):
        for name in (row.name, *row.aliases):
            assert callable(getattr(kind, name))


def test_a_row_added_at_run_time_is_known_everywhere():
    from autodiff.core.rows import remove, unary

    row = unary("versine", lambda x: 1.0 - math.cos(x), lambda out, x: ad.sin(x), "sin x", (-3.0, 3.0), "np_versine")
    try:
        assert ad.versine(0.5) == 1.0 - math.cos(0.5)
        assert ad.versine is row
        assert "versine" in dir(ad)
        x = Value(0.5)
        y = x.versine()
        assert y.np_versine().op is row
        y.backward()
        assert x.grad == math.sin(0.5) == Dual(0.5, 1.0).versine().tangent
        assert "versine" in repr(y)
        for second in (forward_over_forward, reverse_over_forward, forward_over_reverse, reverse_over_reverse):
            assert second(row, (0.5,), 0) == math.cos(0.5)
        with pytest.raises(ValueError, match="'versine' is taken"):
            unary("versine", math.sin, 1.0, "1")
    finally:
        remove(row)
    with pytest.raises(AttributeError, match=r"no 'versine'; did you mean"):
        _ = ad.versine


def test_a_row_checks_how_many_operands_it_gets():
    with pytest.raises(TypeError, match="sin takes 1 operand, got 2"):
        ad.sin(1.0, 2.0)
    with pytest.raises(TypeError, match="maximum takes one or more operands, got 0"):
        ad.maximum()
    assert repr(ad.sin) == "<primitive sin>"


def test_scipy_missing_names_the_install_command(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "scipy.special", None)
    with pytest.raises(ImportError, match="pip install scipy"):
        ad.digamma(2.0)


def test_a_row_travels_by_its_name_and_stays_itself():
    import copy
    import pickle

    from autodiff.core.primitives import ieee_divide

    for row in (ad.sin, ieee_divide):
        assert pickle.loads(pickle.dumps(row)) is row
        assert copy.deepcopy(row) is row
    loose = ad.custom_derivative(partials=[1.0])(math.floor)
    with pytest.raises(TypeError, match="floor is not in the table: enter it with"):
        pickle.dumps(loose)


def test_numbers_of_a_row_are_made_floats_and_all_else_is_refused():
    from autodiff.core.rows import Primitive

    double = Primitive("double", lambda x: 2 * int(x), (2,))
    x = Value(3.0)
    y = double(x)
    y.backward()
    assert type(y.data) is float
    assert (y.data, x.grad) == (6.0, 2.0)
    with pytest.raises(TypeError, match="expected one real number, got str"):
        Primitive("wrong", math.sin, ("cos",))
    with pytest.raises(TypeError, match="expected one real number, got NoneType"):
        Primitive("wrong", lambda x: None, (1.0,))(1.0)
