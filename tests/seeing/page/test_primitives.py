"""The page's table of functions, and the partials it computes by traced code, against Python's: in a real browser."""

import math
from pathlib import Path

import pytest
from browser import watched
from derivatives import same
from sampling import grid, operand_counts, points

import autodiff as ad
from autodiff.core import floats
from autodiff.core.rows import ROWS, Primitive
from autodiff.seeing.page.slopes import slopes

CASES = [pytest.param(row, count, id=f"{name}-{count}") for name, row in ROWS.items() for count in operand_counts(row)]
PAGE = Path(ad.__file__).parent / "seeing" / "page"
SCRIPTS = [PAGE / name for name in ("special.js", "waves.js", "primitives.js", "notation.js", "engine.js")]
EVALUATE = """([name, slopes, points]) => points.map((xs) => {
    const out = PRIMITIVES[name](...xs);
    return [out, ...partialsOf(slopes, out, xs)];
})"""

TO_THE_BIT = {  # what IEEE 754 rounds correctly; other functions of Math are each engine's own
    "add", "subtract", "ieee subtract", "multiply", "ieee multiply", "divide", "ieee divide", "negate", "floor_divide",
    "ieee floor_divide", "modulo", "fmod", "reciprocal", "square", "identity", "detach", "absolute", "sign", "floor",
    "ceil", "trunc", "round", "copysign", "ldexp", "ieee ldexp", "relu", "maximum", "minimum", "where", "less",
    "less_equal", "greater", "greater_equal", "equal", "not_equal", "sqrt", "part′", "complement′", "variance′",
}  # fmt: skip
LIMIT = 4  # units in the last place
LOOSER = {
    "atan": 8,  # divides twice by a hypot that V8 rounds oftener than Python does
    "atan2": 8,
    "atan2_slope′": 8,
    "direction′": 8,
    "erf": 8,  # a series of ours, within 4 of the true value
    "erfc": 8,
    "lgamma": 8,  # series of ours, against Python's and SciPy's, which are no closer
    "digamma": 8,
    "polygamma": 8,
    "sinc_slope′": 64,  # at high orders, whose terms cancel
    "erfinv_slope′": 8,
    "gamma": 16,  # a product of up to 170 factors
}
ROUGH_AT_ZEROS = {"lgamma", "digamma", "gamma"}  # there in units of 1: Python's lgamma loses its digits near 1 and 2


@pytest.fixture(scope="module")
def table(browser):
    with watched(browser) as (page, faults):
        yield loaded(page)
    assert not faults


def loaded(page):
    page.add_script_tag(content="\n".join(['"use strict";', *(path.read_text("utf-8") for path in SCRIPTS)]))
    return page


def outcome(function, *operands):
    """The result, or None where Python raises."""
    try:
        return float(function(*operands))
    except (ArithmeticError, ValueError):
        return None


def expected(row, xs):
    """The value and the partials; where Python raises, there is nothing to differentiate."""
    out = outcome(row.evaluate, xs)
    return [out] if out is None else [out, *(outcome(row.partial, i, out, *xs) for i in range(len(xs)))]


def agrees(row, found, exact):
    """Whether the page's number is Python's, nearly; where Python raises, whether it is nan or ±inf."""
    if exact is None:
        return not math.isfinite(found)
    if exact == 0.0 or not (math.isfinite(found) and math.isfinite(exact)):
        return same([found], [exact])
    limit = 0 if row.name in TO_THE_BIT else LOOSER.get(row.name, LIMIT)
    scale = max(1.0, abs(exact)) if row.name in ROUGH_AT_ZEROS else exact
    return abs(found - exact) <= limit * math.ulp(scale)


def disagreements(table, row, count, code=None):
    """(operands, which number, the page's, Python's) wherever they differ."""
    at = [*points(row, count), *grid(count)]
    pages = table.evaluate(EVALUATE, [row.name, code or slopes(row, count), [list(xs) for xs in at]])
    return [
        (xs, position - 1, found, exact)
        for xs, numbers in zip(at, pages, strict=True)
        for position, (found, exact) in enumerate(zip(numbers, expected(row, xs), strict=False))
        if not agrees(row, found, exact)
    ]


def test_the_page_has_the_rows_of_the_table_and_their_twins_and_no_others(table):
    assert table.evaluate("Object.keys(PRIMITIVES)") == list(ROWS)


def test_the_pages_table_is_of_values_alone(table):
    assert table.evaluate("Object.values(PRIMITIVES).every((row) => typeof row === 'function')")


@pytest.mark.parametrize(("row", "count"), CASES)
def test_values_and_partials_are_pythons(table, row, count):
    assert disagreements(table, row, count) == []


WRONG_VALUES = [
    ("a value wrong by 1e−14", "exp", "PRIMITIVES.exp = (x) => Math.exp(x) * (1 + 1e-14)"),
    ("the sign of a zero", "floor", "PRIMITIVES.floor = Math.floor"),
    ("a number where Python raises", "log", "PRIMITIVES.log = (x) => Math.log(x + 1e-300)"),
    ("JavaScript's remainder", "modulo", "PRIMITIVES.modulo = (x, y) => x % y"),
    ("0 · ∞ in a product of the chain rule", "ieee multiply", "PRIMITIVES['ieee multiply'] = (x, y) => x * y"),
]

WRONG_PARTIALS = [
    ("a partial of the wrong sign", "cos", [lambda out, x: ad.sin(x)]),
    ("partials exchanged", "divide", [lambda out, x, y: -(out / y), lambda out, x, y: 1.0 / y]),
    ("the textbook's form", "tanh", [lambda out, x: 1.0 - out * out]),
    ("a tie not shared", "maximum", [lambda out, *xs, i=i: ad.where(xs[i] == out, 1.0, 0.0) for i in range(2)]),
]


@pytest.mark.parametrize(("name", "script"), [w[1:] for w in WRONG_VALUES], ids=[w[0] for w in WRONG_VALUES])
def test_a_value_planted_wrong_is_caught(page, name, script):
    loaded(page).evaluate(f"{{ {script} }}")
    assert disagreements(page, ROWS[name], operand_counts(ROWS[name])[-1])


@pytest.mark.parametrize(("name", "partials"), [w[1:] for w in WRONG_PARTIALS], ids=[w[0] for w in WRONG_PARTIALS])
def test_a_partial_planted_wrong_is_caught(table, name, partials):
    wrong = Primitive(name, floats.identity, partials)
    assert disagreements(table, ROWS[name], operand_counts(ROWS[name])[-1], slopes(wrong, len(partials)))
