"""The formulas that students see are the derivatives; how they are read, and written with operands in them."""

import functools
import itertools
import math
import random
import re

import mpmath
import pytest
from sampling import WALKED, operand_counts, points, reference

import autodiff as ad
from autodiff.core.rows import TABLE, Primitive
from autodiff.errors import BadExpression
from autodiff.words.formulas import FUNCTIONS, evaluate, spelt
from autodiff.words.grammar import parsed
from autodiff.words.notation import grouped, slope

PROSE = {  # by row and operand
    ("maximum", 0): "1 if x is the largest else 0, shared at a tie",
    ("minimum", 0): "1 if x is the smallest else 0, shared at a tie",
    ("where", 1): "1 if the condition holds else 0",
    ("where", 2): "0 if the condition holds else 1",
    ("polygamma", 0): "none",
    ("ldexp", 1): "none",
    ("mills′", 0): "none",
    ("mills′", 1): "none",
    ("sinc_slope′", 0): "none",
    ("sinc_slope′", 1): "none",
    ("power_slope′", 0): "∂ᵐ⁺¹/∂xᵐ⁺¹ ∂ⁿ/∂yⁿ x^y",
    ("power_slope′", 1): "∂ᵐ/∂xᵐ ∂ⁿ⁺¹/∂yⁿ⁺¹ x^y",
    ("power_slope′", 2): "none",
    ("power_slope′", 3): "none",
    ("extreme_direction′", 0): "none",
}
FORMULAS = {(row.name, i): formula for row in WALKED.values() for i, formula in enumerate(row.formulas)}
READ = [(WALKED[name], i, formula) for (name, i), formula in FORMULAS.items() if (name, i) not in PROSE]
IDS = [f"{row.name}-{i}" for row, i, _ in READ]


class Exact(dict):
    """The functions that formulas are made of, in mpmath."""

    def __missing__(self, name):
        return reference(TABLE[name])


EXACT = Exact()


def number(formula, row, i, xs, functions=FUNCTIONS):
    """What a formula of a row says of ∂/∂xᵢ at a point."""
    letters = dict(zip("xyzw", xs, strict=False)) if row.arity else {"x": xs[i]}
    return evaluate(parsed(formula), letters, xs[:i] + xs[i + 1 :], functions)


def exact(formula, row, i, xs):
    """The same in mpmath, with enough digits for what textbook forms cancel; nan where it is no real number."""
    previous = mpmath.nan
    for digits in (50, 100, 800):
        with mpmath.workdps(digits):
            try:
                found = number(formula, row, i, tuple(map(mpmath.mpf, xs)), EXACT)
            except (ArithmeticError, ValueError):
                return math.nan
            if abs(found - previous) < abs(found) * mpmath.mpf(10) ** -30:
                break
            previous = found
    return math.nan if isinstance(found, mpmath.mpc) else float(found)


def amid(row, seed, amount=20):
    """Points in the midst of things, where textbook forms are well conditioned."""
    rng = random.Random(f"{row.name} {seed}")
    for _ in range(amount):
        inside = [(max(low, 0.2), min(high, max(low + 1.0, 0.9))) for low, high in row.domain or [(0.2, 0.9)] * 2]
        yield tuple(rng.uniform(low, high) for low, high in inside)


def samples(row, i):
    """Points of the row's domain, tails included, each with the operands that share formula i."""
    for xs in itertools.chain(amid(row, "sample"), *[points(row, count) for count in operand_counts(row)]):
        for position in (i,) if row.arity else range(len(xs)):
            yield position, xs


def disagreement(formula, row, i):
    """Where a formula first departs from the row's partial, if anywhere: the point and both numbers."""
    for position, xs in samples(row, i):
        found, partial = exact(formula, row, position, xs), row.partial(position, row(*xs), *xs)
        if found != pytest.approx(partial, rel=1e-12, abs=1e-322):  # e as a float shows in e^700
            return xs, found, partial
    return None


def readable(formula):
    try:
        return bool(parsed(formula))
    except BadExpression:
        return False


def test_what_is_prose_is_listed_here():
    assert {place: formula for place, formula in FORMULAS.items() if not readable(formula)} == PROSE


@pytest.mark.parametrize(("row", "i", "formula"), READ, ids=IDS)
def test_a_formula_is_the_partial_on_the_domain_of_its_row(row, i, formula):
    assert disagreement(formula, row, i) is None


@pytest.mark.parametrize(("row", "i", "formula"), READ, ids=IDS)
def test_floats_give_its_number(row, i, formula):
    for xs in amid(row, "floats"):
        assert number(formula, row, i, xs) == pytest.approx(row.partial(i, row(*xs), *xs), rel=1e-9), xs


SLIPS = {"+": "−", "−": "+", "×": "/", "/": "×", "2": "3", "1": "2", "²": "³", ">": "<", "√": "∛", "∛": "√"}


def wrong(formula, row):
    """The formula with a slip in it: another sign, x for y, a factor of 2, another operation or number."""
    yield f"−({formula})"
    yield f"2 × ({formula})"
    if row.arity == 2:
        yield spelt(parsed(formula), {"x": "y", "y": "x"})
    for column, sign in enumerate(formula):
        if sign in SLIPS:
            yield formula[:column] + SLIPS[sign] + formula[column + 1 :]


def differs(slip, formula, row, i):
    """Whether a slip makes it another function."""
    near = functools.partial(pytest.approx, rel=1e-9)
    return any(exact(slip, row, i, xs) != near(exact(formula, row, i, xs)) for xs in amid(row, "slip"))


@pytest.mark.parametrize(("row", "i", "formula"), READ, ids=IDS)
def test_a_slip_in_a_formula_is_found(row, i, formula):
    slips = list(filter(readable, wrong(formula, row)))
    others = [slip for slip in slips if differs(slip, formula, row, i)]
    assert formula == "0" or f"−({formula})" in others
    assert [slip for slip in others if not disagreement(slip, row, i)] == []


# What students see


def by_letters(primitive, position, names):
    """The text with names for letters, wherever they stand: how formulas were filled in before they had a grammar."""
    formula = primitive.formulas[min(position, len(primitive.formulas) - 1)]
    letters = dict(zip("xyzw", names, strict=False)) if primitive.arity else {"x": names[position]}
    return re.sub(r"(?<![A-Za-zψσ])[xyzw](?![A-Za-z])", lambda m: grouped(letters.get(m[0], m[0])), formula)


SHOWN = (
    "x₁", "v₋₁", "loss", "w₀₁⁽²⁾", "2", "0.5", "1e7", "−3", "∞", "nan", "a + b", "−x", "x × y", "sin x", "y", "2nd",
)  # fmt: skip


@pytest.mark.parametrize("row", TABLE.values(), ids=TABLE)
def test_every_formula_of_the_table_is_filled_in_letter_by_letter(row):
    for count in operand_counts(row):
        for names in itertools.product(SHOWN[::count], repeat=count):
            for position in range(count):
                expected = by_letters(row, position, names)
                assert slope(row, position, names) == ("" if expected == "none" else expected)


def filled(formula, *names):
    """A formula of one's own with names in it."""

    def own(*operands):
        return 0.0

    return slope(Primitive("own", own, [0.0] * len(names), [formula] * len(names)), 0, names)


@pytest.mark.parametrize(
    ("formula", "names", "text"),
    [
        ("2x", ["5"], "2 × 5"),
        ("2x", ["a"], "2a"),
        ("2x", ["−5"], "2(−5)"),
        ("2 x", ["5"], "2 × 5"),
        ("3x²", ["5"], "3 × 5²"),
        ("3x² + 2xy", ["5", "7"], "3 × 5² + 2 × 5 × 7"),
        ("3x² + 2x y", ["5", "7"], "3 × 5² + 2 × 5 × 7"),
        ("x y", ["a", "7"], "a × 7"),
        ("x ln y", ["5", "7"], "5 ln 7"),
        ("xy", ["5", "7"], "5 × 7"),
        ("xy", ["a", "b"], "a × b"),
        ("xy²", ["v₁", "v₂"], "v₁v₂²"),
        ("2x", ["loss"], "2 × loss"),
        ("2(x + 1)", ["5"], "2(5 + 1)"),
        ("about 2x", ["5"], "about 2 × 5"),
        ("2x, roughly", ["−5"], "2(−5), roughly"),
        ("1 / 2x", ["5"], "1 / (2 × 5)"),
        ("1 / 2x", ["a"], "1 / 2a"),
        ("sin 2x", ["5"], "sin (2 × 5)"),
        ("sin 2x cos y", ["5", "7"], "sin (2 × 5) cos 7"),
        ("sin(2x)", ["5"], "sin(2 × 5)"),
        ("tan² 2x", ["5"], "tan² (2 × 5)"),
        ("-2x*y", ["5", "7"], "-2 × 5*7"),
        ("1 if 2x > y else 0", ["5", "7"], "1 if 2 × 5 > 7 else 0"),
        ("whatever x is", ["5"], "whatever 5 is"),
        ("(" * 1000 + "x", ["5"], "(" * 1000 + "5"),
    ],
)
def test_a_number_does_not_run_into_the_one_it_stands_beside(formula, names, text):
    assert filled(formula, *names) == text


def test_a_formula_of_ones_own_is_told_with_numbers_in_it():
    @ad.custom_derivative(partials=[lambda out, x: 6.0 * x], formulas=["6x"])
    def tripled_square(x):
        return 3.0 * x * x

    assert "= 1 × 6 × 5 " in str(ad.trace(tripled_square, 5.0).table())


# The grammar


@pytest.mark.parametrize(
    ("formula", "found"),
    [
        ("1 − 2 − 3", -4.0),
        ("−2²", -4.0),
        ("2^3^2", 512.0),
        ("8 / 2 / 2", 2.0),
        ("8 / 2x", 2.0),
        ("x^−1", 0.5),
        ("2x³", 16.0),
        ("sin x cos y", math.sin(2.0) * math.cos(3.0)),
        ("sin x y", math.sin(6.0)),
        ("ln sin x", math.log(math.sin(2.0))),
        ("sin(x)²", math.sin(2.0) ** 2),
        ("sin² x", math.sin(2.0) ** 2),
        ("sin x²", math.sin(4.0)),
        ("√x y", math.sqrt(2.0) * 3.0),
        ("√(x + y)²", 5.0),
        ("∛y²", math.cbrt(9.0)),
        ("hypot(x, y, 6)", 7.0),
        ("e^(2 ln y)", 9.0),
        ("⌊y / x⌋ x", 2.0),
        ("arctan x + abs(−x) + maximum(x, y)", math.atan(2.0) + 5.0),
        ("1 if x > y else 2 if x = y else 3", 3.0),
        ("x² + …", 38.0),
        ("√(x² + …) − x", math.sqrt(38.0) - 2.0),
    ],
)
def test_what_a_formula_means(formula, found):
    assert evaluate(parsed(formula), {"x": 2.0, "y": 3.0}, (3.0, 5.0)) == pytest.approx(found, rel=1e-15)
    assert spelt(parsed(formula), {}) == formula


@pytest.mark.parametrize(
    ("formula", "message"),
    [
        ("", "column 1: the formula ends too early"),
        ("2 × (x + ", "column 10: the formula ends too early"),
        ("(x + 1", "column 7: the formula ends too early: ) is missing"),
        ("2 3", "column 3: '3' is not understood here\n    2 3\n      ^"),
        ("2 xq", "column 3: 'xq' is not understood here"),
        ("x1", "column 1: 'x1' is not understood here"),
        ("sin + 1", "column 5: '+' is not understood here"),
        ("1 if x else 0", "column 8: 'else' is not understood here: < or ≤ or > or ≥ or = or ≠ is missing"),
        ("1 if x > 0", "column 11: the formula ends too early: else is missing"),
        ("atan2(x) + 1", "column 10: '+' is not understood here: atan2 takes 2 operands, got 1"),
        ("ψ^x(y)", "column 3: 'x' is not understood here: ( is missing"),
    ],
)
def test_what_is_no_formula_says_where(formula, message):
    with pytest.raises(BadExpression) as error:
        parsed(formula)
    assert str(error.value).startswith(message)
