"""The page's table of functions against Python's: the same rows, values and partials, in a real browser."""

import math
from pathlib import Path

import pytest
from browser import watched
from derivatives import same
from sampling import grid, operand_counts, points

import autodiff
from autodiff.core.rows import TABLE

ROWS = [pytest.param(row, count, id=f"{name}-{count}") for name, row in TABLE.items() for count in operand_counts(row)]
SCRIPTS = [Path(autodiff.__file__).parent / "seeing" / "page" / name for name in ("special.js", "primitives.js")]
EVALUATE = """([name, points]) => points.map((xs) => {
    const out = evaluatePrimitive(name, xs);
    return [out, ...xs.map((_, position) => partialOf(name, position, out, xs))];
})"""

LIMIT = 4  # units in the last place
LOOSER = {
    "atan": 8,  # divides twice by a hypot that V8 rounds oftener than Python does
    "atan2": 8,
    "erf": 8,  # a series of ours, within 4 of the true value
    "erfc": 8,
    "lgamma": 8,  # series of ours, against Python's and SciPy's, which are no closer
    "digamma": 8,
    "polygamma": 8,
}
ROUGH_AT_ZEROS = {"lgamma", "digamma"}  # there in units of 1: Python's lgamma loses its digits near 1 and 2


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
    scale = max(1.0, abs(exact)) if row.name in ROUGH_AT_ZEROS else exact
    return abs(found - exact) <= LOOSER.get(row.name, LIMIT) * math.ulp(scale)


def disagreements(table, row, count):
    """(operands, which number, the page's, Python's) wherever they differ."""
    at = [*points(row, count), *grid(count)]
    return [
        (xs, position - 1, found, exact)
        for xs, numbers in zip(at, table.evaluate(EVALUATE, [row.name, [list(xs) for xs in at]]), strict=True)
        for position, (found, exact) in enumerate(zip(numbers, expected(row, xs), strict=False))
        if not agrees(row, found, exact)
    ]


def test_the_page_has_the_rows_of_the_table_and_no_others(table):
    assert table.evaluate("Object.keys(PRIMITIVES)") == list(TABLE)


@pytest.mark.parametrize(("row", "count"), ROWS)
def test_values_and_partials_are_pythons(table, row, count):
    assert disagreements(table, row, count) == []


WRONG = [
    ("a value wrong by 1e−14", "exp", "PRIMITIVES.exp[0] = (x) => Math.exp(x) * (1 + 1e-14)"),
    ("a partial of the wrong sign", "cos", "PRIMITIVES.cos[1] = [(out, x) => Math.sin(x)]"),
    ("partials exchanged", "divide", "PRIMITIVES.divide[1].reverse()"),
    ("the textbook's form", "tanh", "PRIMITIVES.tanh[1] = [(out, x) => 1 - out * out]"),
    ("a tie not shared", "maximum", "PRIMITIVES.maximum[1] = (i, out, ...xs) => oneIf(xs[i] === out)"),
    ("the sign of a zero", "floor", "PRIMITIVES.floor[0] = Math.floor"),
    ("a number where Python raises", "log", "PRIMITIVES.log[0] = (x) => Math.log(x + 1e-300)"),
    ("JavaScript's remainder", "modulo", "PRIMITIVES.modulo[0] = (x, y) => x % y"),
]


@pytest.mark.parametrize(("name", "script"), [w[1:] for w in WRONG], ids=[w[0] for w in WRONG])
def test_a_row_planted_wrong_is_caught(page, name, script):
    loaded(page).evaluate(f"{{ {script} }}")
    assert disagreements(page, TABLE[name], operand_counts(TABLE[name])[-1])
