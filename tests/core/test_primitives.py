"""Every row of the table, and those that only partials use: a new row is tested here for free."""

import pytest
from derivatives import bits, forward, reverse, same
from orders import NESTINGS
from sampling import BY_SCIPY, NO_SLOPE, ROWS, WALKED, exact_partial, grid, inside, points, reference, ulps

import autodiff as ad
from autodiff import Dual, Value
from autodiff.core.rows import TABLE

COMPARISONS = {"less", "less_equal", "greater", "greater_equal", "equal", "not_equal"}
KINKED = {"absolute", "relu", "maximum", "minimum", "where", "modulo", "fmod"}
ROUNDED = {"sign", "floor", "ceil", "trunc", "round", "floor_divide"}
STEPS = KINKED | COMPARISONS | ROUNDED | {"copysign", "detach"}


def outcome(function, *xs):
    """The bits of the result, or the type of the exception."""
    try:
        return bits(function(*xs))
    except (ArithmeticError, ValueError) as error:
        return type(error)


@pytest.mark.long(8)
@pytest.mark.parametrize(("row", "count"), ROWS)
def test_value_is_the_float_functions_to_the_last_bit_and_so_are_its_errors(row, count):
    for xs in [*points(row, count), *grid(count)]:
        expected = outcome(row.function, *xs)
        assert outcome(row, *xs) == expected, xs
        assert outcome(lambda *vs: row(*vs).data, *map(Value, xs)) == expected, xs
        assert outcome(lambda *ds: row(*ds).data, *(Dual(x, 1.0) for x in xs)) == expected, xs


@pytest.mark.long(8)
@pytest.mark.parametrize(("row", "count"), ROWS)
def test_forward_is_reverse_bit_for_bit_and_neither_raises_where_the_function_does_not(row, count):
    for xs in [*points(row, count), *grid(count)]:
        if not isinstance(outcome(row.function, *xs), type):
            assert same(forward(row, xs), reverse(row, xs)), xs


@pytest.mark.long(20)
@pytest.mark.parametrize(("row", "count"), ROWS)
def test_partials_are_within_4_ulp_of_the_exact_ones(row, count):
    limit = 64 if row.name in BY_SCIPY else 4 if row.name in TABLE else 8  # internal ones are second orders
    for xs in points(row, count):
        gradient = reverse(row, xs)
        for i, found in enumerate(gradient):
            if row.name != "detach" and (row.name, i) not in NO_SLOPE | {("where", 0)}:
                exact = exact_partial(reference(row), xs, i)
                assert ulps(found, exact) <= limit, (xs, i, found, exact)


ROUGH = {  # rows of so many operands that cancel: at far ratios; the internal ones are third orders of the table's
    ("hypot", 3), ("atan2_slope′", 2), ("share2′", 2), ("mills′", 2)
}  # fmt: skip
ROOTED = {
    "gaussian",
    "density′",
    "power",
    "power_slope′",
    "sinc",
    "sinc_slope′",
    "entropy",
}  # lose digits near roots of their second derivatives


def allowed(row, xs, i, exact):
    """How many ulps a second derivative may be off: 8; near such a root, what an ulp of x makes."""
    if row.name not in ROOTED:
        return 8.0
    return 8.0 + float(abs(xs[i] * exact_partial(reference(row), xs, i, 3) / exact))


@pytest.mark.long(10)
@pytest.mark.parametrize(("row", "count"), [p for p in ROWS if p.values[0].name not in STEPS | BY_SCIPY])
def test_second_derivatives_are_within_8_ulp_in_every_nesting(row, count):
    for xs in points(row, count, 12):
        for i in (i for i in range(count) if (row.name, i) not in NO_SLOPE):
            first, exact = (exact_partial(reference(row), xs, i, order) for order in (1, 2))
            for second in NESTINGS:
                found = second(row, xs, i)
                if (row.name, count) in ROUGH:
                    assert found == pytest.approx(float(exact), rel=1e-9, abs=float(1e-13 * abs(first) + 1e-290))
                elif abs(exact) > 1e-290:
                    off = ulps(found, exact)
                    assert off <= 8 or off <= allowed(row, xs, i, exact), (second.__name__, xs, i, found, exact)
                else:
                    assert abs(found) <= 1e-289


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


@pytest.mark.parametrize("row", [row for name, row in WALKED.items() if name not in TABLE], ids=str)
def test_an_internal_row_is_a_row_of_tapes_and_no_name_of_programs(row):
    assert not row.name.isidentifier()
    assert row.name not in dir(ad)
    assert not hasattr(Value, row.name)
    assert len(row.formulas) == (row.arity or 1)
    assert len(row.domain) == row.arity
    tape = ad.trace(row, *inside(row))
    assert ad.Tape.from_json(tape.to_json()).evaluate(*inside(row)) == row(*inside(row))
