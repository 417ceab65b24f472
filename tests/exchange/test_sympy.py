"""Tapes as expressions of SymPy's and back: the same numbers, SymPy's derivatives beside ours."""

import contextlib
import sys

import pytest
import sympy
from sampling import WALKED, operand_counts, points
from zoo import ZOO

import autodiff as ad
from autodiff.core.custom import remove
from autodiff.errors import BadTape, BranchOnData, MissingPackage
from autodiff.exchange.sympy import FORMS
from autodiff.seeing.page.slopes import OWN

x, y = sympy.symbols("x y", real=True)


def test_every_row_of_the_table_is_written_and_no_other():
    assert set(FORMS) == set(OWN)


CASES = [(row, count) for row in WALKED.values() for count in operand_counts(row)]


@pytest.mark.parametrize(("row", "count"), CASES, ids=[f"{row.name}-{count}" for row, count in CASES])
def test_every_row_is_its_expression(row, count):
    for xs in list(points(row, count))[:: max(1, len(list(points(row, count))) // 4)]:
        with contextlib.suppress(OverflowError):
            numbers = [sympy.Integer(int(x)) if x == int(x) and abs(x) < 20 else sympy.Float(x, 60) for x in xs]
            found = FORMS[row](sympy, *numbers)
            exact = sympy.N(sympy.sympify(found), 25, maxn=2000)
            assert float(exact) == pytest.approx(row.evaluate(xs), rel=1e-12, abs=1e-300), xs


@pytest.mark.parametrize("name", ZOO)
def test_the_zoo_has_its_values_and_gradients(name):
    function, point = ZOO[name]
    with contextlib.suppress(BranchOnData):
        tape = ad.trace(function, *point)
        expression = ad.to_sympy(tape)
        if tape.outputs.size != 1 or name in ("kinks", "remainders"):
            return
        (expression,) = [expression] if not isinstance(expression, list | tuple) else expression
        symbols = [sympy.Symbol(label, real=True) for label in tape.labels]
        at = dict(zip(symbols, map(sympy.Float, tape.point), strict=True))
        assert float(expression.subs(at)) == pytest.approx(ad.trace(function, *point).evaluate(*point), rel=1e-12)
        ours = tape.gradient().evaluate(*point)
        for symbol, slope in zip(symbols, ours if isinstance(ours, tuple) else [ours], strict=True):
            assert float(sympy.diff(expression, symbol).subs(at)) == pytest.approx(slope, rel=1e-10, abs=1e-12)


EXPRESSIONS = {
    "survey": sympy.log(x) + x * y - sympy.sin(y),
    "powers": x**3 + x**-1 + sympy.sqrt(x) + 1 / sympy.sqrt(y) + x**y + 2**x + x ** sympy.Rational(2, 3),
    "special": sympy.erf(x) + sympy.gamma(y) + sympy.loggamma(x) + sympy.polygamma(0, y) + sympy.polygamma(2, x),
    "hyperbolic": sympy.tanh(x) * sympy.cosh(y) + sympy.asinh(x * y) + sympy.atan2(x, y) + sympy.acos(x / 9),
    "pieces": sympy.Piecewise((x**2, x > 1), (y, sympy.And(x > 0, y < 9)), (0, True)) + sympy.Max(x, y) + sympy.Abs(-y),
    "constants": sympy.pi * x + sympy.E**y + sympy.Rational(1, 3) + sympy.sqrt(2) * x + sympy.GoldenRatio,
    "whole": sympy.floor(x) * x + sympy.ceiling(y) + sympy.sign(x) * y + sympy.Mod(x, 2),
}  # fmt: skip


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_an_expression_is_a_tape_with_its_origin(name):
    expression = EXPRESSIONS[name]
    tape = ad.from_sympy(expression, at={x: 0.75, y: 2.5})
    at = {x: 0.75, y: 2.5}
    assert tape.evaluate(0.75, 2.5) == pytest.approx(float(expression.subs(at)), rel=1e-13)
    slopes = [sympy.diff(expression, s).subs(at) for s in (x, y)] if name != "whole" else []  # a floor has none there
    assert ad.grad(tape, (0, 1))(0.75, 2.5)[: len(slopes)] == pytest.approx(tuple(map(float, slopes)), rel=1e-12)
    beside = ad.compare(tape, 0.75, 2.5).origin
    assert (beside.name, beside.first) == ("SymPy", None)
    assert beside.apart < 1e-12


def test_a_derivative_planted_wrong_there_is_named_at_its_first_node():
    tape = ad.from_sympy(EXPRESSIONS["survey"], at=[2.0, 5.0])
    right = tape.origin.adjoints
    planted = tape.of(tape.origin._replace(adjoints=lambda at: right(at) | {1: right(at)[1] + 1e-6}))
    told = str(ad.compare(planted, 2.0, 5.0))
    assert "SymPy finds other adjoints, by up to 6e-07 relatively" in told.replace("\n", " ")
    assert "first at v₀ = y: 1.716338" in told.replace("\n", " ")
    drawing = ad.draw(planted, 2.0, 5.0)
    assert [card.title for card in drawing.picture.cards if card.outline] == ["y"]
    assert "SymPy finds another, lit" in drawing.svg
    page = ad.step(planted, 2.0, 5.0)
    assert page.data["origin"]["first"] == 1
    assert "SymPy finds other adjoints" in str(planted.table())
    assert "SymPy finds other adjoints" in planted.table()._repr_html_()


def test_inputs_are_the_symbols_that_are_named_or_all_by_name():
    assert ad.from_sympy(y - x).labels == ("x", "y")
    tape = ad.from_sympy(y - x, y, "x", "z")
    assert tape.labels == ("y", "x", "z")
    assert tape.evaluate(5.0, 2.0, 0.0) == 3.0
    assert ad.from_sympy(sympy.Matrix([x + y, x * y])).evaluate(2.0, 3.0) == [5.0, 6.0]
    assert ad.from_sympy("x**2 + 1").evaluate(3.0) == 10.0


def test_it_goes_there_and_back():
    expression = sympy.log(x) + x * y - sympy.sin(y)
    back = ad.to_sympy(ad.from_sympy(expression))
    assert str(back) == str(expression)
    tape = ad.trace(lambda a, b: {"p": a * b, "q": [a - 2.5]}, 2.0, 3.0)
    a, b = sympy.symbols("a b", real=True)
    assert ad.to_sympy(tape) == {"p": a * b, "q": [a - 2.5]}


def test_drawings_steps_and_tables_take_it(tmp_path):
    tape = ad.from_sympy(EXPRESSIONS["survey"], at=[2.0, 5.0])
    assert "SymPy finds the same adjoints" in str(tape.table())
    assert not [card for card in ad.draw(tape, 2.0, 5.0).picture.cards if card.outline]
    assert ad.draw(tape, 2.0, 5.0).save(tmp_path / "f.svg").stat().st_size > 1000
    assert ad.step(tape, 2.0, 5.0).data["origin"]["name"] == "SymPy"


@pytest.mark.parametrize(("args", "error", "told"), [
    ((sympy.besselj(0, x) + 1,), BadTape, r"SymPy's besselj, of besselj\(0, x\) in besselj\(0, x\) \+ 1, has"),
    ((sympy.Integral(sympy.exp(-(x**2)), (x, 0, y)),), BadTape, "SymPy's Integral"),
    ((sympy.I * x,), BadTape, "SymPy's ImaginaryUnit"),
    ((x + y, x), ValueError, "y of the expression is none of the symbols x"),
    ((sympy.Integer(3),), ValueError, "has no symbol"),
])  # fmt: skip
def test_what_has_no_row_is_named_with_its_place(args, error, told):
    with pytest.raises(error, match=told):
        ad.from_sympy(*args)


def test_bad_input_is_told():
    with pytest.raises(ValueError, match="at has a number for each of the symbols x, y; got 1"):
        ad.from_sympy(x * y, at=[1.0])

    @ad.primitive(partials=[lambda out, x: 3.0 * x * x])
    def cubed(x):
        return x**3

    try:
        with pytest.raises(BadTape, match="cubed is a function of your own, which SymPy does not know"):
            ad.to_sympy(ad.trace(cubed, 2.0))
    finally:
        remove(cubed)
    tape = ad.trace(lambda a, b: a * b, 2.0, 3.0)
    same = ad.Tape(tape.inputs, tape.code, tape.outputs, "f", tape.point, ["a", "a"])
    with pytest.raises(BadTape, match="two inputs of f have one name"):
        ad.to_sympy(same)


def test_without_the_package_the_command_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "sympy", None)
    with pytest.raises(MissingPackage, match=r"pip install 'autodiff-stepper\[sympy\]'"):
        ad.to_sympy(ad.trace(ad.sin, 1.0))
