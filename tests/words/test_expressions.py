"""Expressions as people type them: what they mean, and that nothing else gets through."""

import pytest

import autodiff as ad
from autodiff.errors import BadExpression
from autodiff.words.expressions import parsed, variables_of


def test_an_expression_is_a_function_of_its_names():
    f = parsed("ln(x1) + x1*x2 − sin(x2)^2 + max(x1, pi) % 2 + clip(x1, 0, 1) // 1 - -abs(+x2)", {"x1": 2.0, "x2": 5.0})
    x1, x2 = 2.0, 5.0
    import math

    expected = math.log(x1) + x1 * x2 - math.sin(x2) ** 2 + max(x1, math.pi) % 2 + 1.0 + abs(x2)
    assert f(x1, x2) == expected
    assert ad.check_grad(lambda x: f(x[0], x[1]), [2.0, 5.0], order=1).ok


HOSTILE = [
    ("__import__('os').system('ls')", "only numbers, names"),
    ("x.real", "column 1: only numbers"),
    ("x.__class__", "column 1: only numbers"),
    ("(lambda: 1)()", "only numbers"),
    ("[x for x in (1,)]", "only numbers"),
    ("exp(*x)", "column 5: only numbers"),
    ("exp(x=1)", "only numbers"),
    ("eval(x)", "there is no function 'eval'"),
    ("sine(x)", "column 1: there is no function 'sine'; did you mean sin"),
    ("1 + qqqqqq(x)", "column 5: there is no function 'qqqqqq'; known: add, subtract"),
    ("y + 1", "column 1: 'y' has no value: write y=…"),
    ("x + 'a'", "column 5: 'a' is no real number"),
    ("x + 1j", "column 5: 1j is no real number"),
    ("True", "True is no real number"),
    ("x @ x", "only numbers"),
    ("x if x else 1", "only numbers"),
    ("ln(x", r"column 3: '\(' was never closed"),
    ("", "column 1: there is no expression"),
    ("x + ", "column 4: it ends too early"),
    ("  x^", "column 5: it ends too early"),
    ("2x", r"column 1: invalid decimal literal: write 2\*x"),
    ("x + 12.5exp(x)", r"column 8: invalid decimal literal: write 12.5\*exp"),
    ("1_x", r"column 2: invalid decimal literal\n"),
    ("exp * 2", r"'exp' has no value: write exp=… behind the expression, or exp\(…\) for the function\n"),
    ("ln(x, 2)", "ln takes 1 number, got 2"),
    ("max()", "max takes one or more numbers, got 0"),
    ("1e999", "too large"),
    ("1" * 400, "too large"),
    ("x" * 200_000, "at most 100000 characters"),
    ("(" * 300 + "x" + ")" * 300, "at most 100 nested parentheses"),
    ("-" * 500 + "x", "more than 100 operations inside of one another"),
    ("9**9**9**9", None),
]


@pytest.mark.parametrize(("text", "message"), HOSTILE)
def test_nothing_beyond_the_whitelist_gets_through(text, message):
    if message is None:
        with pytest.raises(OverflowError):
            parsed(text, {"x": 1.0})(1.0)
        return
    with pytest.raises(BadExpression, match=message):
        parsed(text, {"x": 1.0})


def test_near_names_are_offered_for_names_and_near_functions_for_calls():
    with pytest.raises(BadExpression, match="'x2' has no value: write x2=… behind the expression\n"):
        parsed("x1*x2", {"x1": 2.0})  # exp2 is near, and no name
    with pytest.raises(BadExpression, match=r"'lenght' has no value: .*; did you mean length\?"):
        parsed("lenght * 2", {"length": 2.0})
    with pytest.raises(BadExpression, match="there is no function 'coss'; did you mean cos"):
        parsed("coss(cost)", {"cost": 2.0})


def test_names_of_an_expression_are_told_in_their_order():
    assert variables_of("max(pi, b) − a×b + sin(max)", ("b", "a", "max")) == ["b", "a", "max"]
    assert variables_of("e*x", ("e", "x")) == ["e", "x"]
    assert variables_of("e*x", ("x",)) == ["x"]


def test_columns_are_those_of_what_was_typed():
    for text, column in (("x^2 + foo", 7), ("  x + foo", 7), ("x × x − foo", 9)):
        with pytest.raises(BadExpression, match=f"column {column}: 'foo' has no value"):
            parsed(text, {"x": 1.0})
    assert parsed("+".join(["x"] * 500), {"x": 1.0})(1.0) == 500.0


@pytest.mark.parametrize("sign", ["+", "-", "*", "/", " - 0*"])
@pytest.mark.parametrize("terms", [1000, 2500])
def test_a_chain_of_many_operations_is_no_nesting(sign, terms):
    function = parsed(sign.join(["x"] * terms), ["x"])
    expected = 1.0
    for _ in range(terms - 1):
        expected = {"+": expected + 1.0, "-": expected - 1.0}.get(sign, expected)
    assert function(1.0) == expected


def test_what_is_longer_than_python_reads_says_so():
    with pytest.raises(BadExpression, match=r"longer than Python reads, some 2,000 .* ad\.total"):
        parsed("+".join(["x"] * 4000), ["x"])
    with pytest.raises(BadExpression, match="'q' has no value"):
        parsed("+".join(["x"] * 1500 + ["q"]), ["x"])
    with pytest.raises(BadExpression, match="only numbers, names"):
        parsed("x @ x + x + x", ["x"])
