"""Rows and derivatives of the user's own: what they bring with them, and what is refused when they are defined."""

import math

import pytest

import autodiff as ad
from autodiff import Dual, Value
from autodiff.core import custom
from autodiff.core.custom import remove
from autodiff.core.rows import ROWS, TABLE
from autodiff.errors import DerivativeLost, NotANumber


@pytest.fixture
def versine():
    @ad.primitive(partials=[lambda out, x: ad.sin(x)], formulas=["sin x"], domain=[(-3.0, 3.0)], symbol="vers")
    def versine(x):
        """1 − cos x"""
        return 1 - math.cos(x)

    yield versine
    remove(versine)


def test_a_primitive_is_a_row_like_every_other(versine):
    assert ad.versine is versine is TABLE["versine"]
    assert (versine.symbol, versine.formulas, versine.domain) == ("vers", ("sin x",), ((-3.0, 3.0),))
    assert versine.__doc__ == "1 − cos x"
    assert Value(0.5).versine().op is versine
    assert ad.grad(versine)(0.5) == Dual(0.5, 1.0).versine().tangent == math.sin(0.5)
    assert ad.grad(ad.grad(ad.grad(versine)))(0.5) == -math.sin(0.5)
    assert ad.taylor(versine, 0.0, 4) == pytest.approx([0.0, 0.0, 0.5, 0.0, -1 / 24])
    assert ad.check_grad(versine, 0.5).ok


def test_a_cell_that_is_run_again_replaces_the_row():
    for slope in (1.0, 2.0):

        @ad.primitive(partials=[slope])
        def run_again(x):
            return x

        assert ad.grad(ad.run_again)(1.0) == Value(1.0).run_again().op.partials[0] == slope
    remove(run_again)


@pytest.mark.parametrize(
    "name", ["sin", "grad", "mean", "primal", "backward", "tangent", "jvp", "trace", "Value", "arcsin"]
)
def test_a_name_that_means_something_already_is_refused(name):
    def function(x):
        return x

    function.__name__ = name
    with pytest.raises(ValueError, match=f"'{name}' is taken"):
        ad.primitive(partials=[1.0])(function)


def test_a_composite_is_recorded_as_one_node_with_its_own_derivative():
    @ad.custom_derivative(partials=[1.0])
    def straight_through(x):
        return ad.floor(x)

    x = Value(2.7)
    y = straight_through(x)
    y.backward()
    assert (y.data, x.grad, y.op.name) == (2.0, 1.0, "straight_through")
    assert "straight_through" not in TABLE
    assert ad.jvp(straight_through, (2.7,), (3.0,)) == (2.0, 3.0)


def test_several_operands():
    @ad.custom_derivative(partials=[lambda out, x, y: y, lambda out, x, y: x * 10], formulas=["y", "10x"])
    def product(x, y):
        return x * y

    assert ad.grad(product, (0, 1))(2.0, 3.0) == (3.0, 20.0)


@pytest.mark.parametrize(
    ("partials", "more", "message"),
    [
        ([1.0, 2.0], {}, "f takes 1 operands and needs as many partials, got 2"),
        ([], {}, "f takes 1 operands and needs as many partials, got 0"),
        ([1.0], {"formulas": ["1", "2"]}, "as many formulas, got 2"),
        ([1.0], {"domain": [(0, 1), (0, 1)]}, "as many intervals in its domain, got 2"),
        ([lambda x: 1.0], {}, r"partial 0 of f takes the output and the 1 operands of f, as in lambda out, x"),
        ([lambda *xs: 1.0], {}, "must take a fixed number of operands"),
        ([1.0], {"formulas": [2]}, "a formula is a text in x and y"),
        ([None], {}, r"a partial is a number or a function, as in @ad\.primitive"),
        (["1"], {}, "a partial is a number or a function"),
        ("1", {}, "partials are a list with one for each operand"),
        (None, {}, "partials are a list"),
        ([1.0], {"formulas": "2x"}, r"formulas are a list .* got '2x'"),
    ],
)
def test_a_wrong_definition_is_an_error_at_once(partials, more, message):
    def f(x):
        return x

    with pytest.raises(TypeError, match=message):
        ad.primitive(partials=partials, **more)(f)
    assert "f" not in TABLE


def test_a_row_needs_a_name_of_its_own():
    with pytest.raises(ValueError, match="needs a name: define <lambda> with def"):
        ad.primitive(partials=[1.0])(lambda x: x)

    def tanh(x):
        return x

    with pytest.raises(ValueError, match="'tanh' is taken"):
        ad.primitive(partials=[1.0])(tanh)


def test_a_row_takes_a_fixed_number_of_operands():
    def f(*xs):
        return xs

    with pytest.raises(TypeError, match="f must take a fixed number of operands, got"):
        ad.custom_derivative(partials=[1.0])(f)


def test_a_row_may_have_the_name_of_another_and_keeps_its_own_rules():
    @ad.custom_derivative(partials=[lambda out, x: 3 * x * x])
    def square(x):
        return x**3

    assert ad.taylor(square, 1.0, 3) == [1.0, 3.0, 3.0, 1.0]
    assert ad.check_grad(square, 1.5).ok


def test_a_result_that_is_no_number_is_an_error_at_the_first_call():
    @ad.custom_derivative(partials=[lambda out, x: None])
    def f(x):
        return x if x > 0 else "negative"

    with pytest.raises(NotANumber, match=r"^f: expected one real number, got str"):
        f(-1.0)
    with pytest.raises(NotANumber, match=r"^partial 0 of f: .*NoneType"):
        ad.grad(f)(1.0)


def test_an_error_of_the_users_own_stays_as_it_is():
    import json

    @ad.custom_derivative(partials=[1.0])
    def decoded(x):
        return json.loads("{")

    @ad.custom_derivative(partials=[1.0])
    def silent(x):
        raise ValueError

    with pytest.raises(json.JSONDecodeError):
        decoded(1.0)
    with pytest.raises(ValueError, match=r"silent\(1.0\): it failed"):
        silent(1.0)


def test_a_name_that_the_composites_only_import_is_free():
    import copy

    @ad.primitive(partials=[1.0])
    def math(x):
        return x

    try:
        assert ad.math(2.0) == 2.0
        assert copy.deepcopy([math]) == [math]
    finally:
        remove(math)


@pytest.mark.parametrize("decorator", [ad.primitive, ad.custom_derivative])
def test_a_decorator_without_its_list_shows_the_form_at_once(decorator):
    with pytest.raises(TypeError, match=rf"as in @ad\.{decorator.__name__}\(partials=\[lambda out, x: …\]"):

        @decorator
        def f(x):
            return x


def test_a_function_of_nothing_is_no_row():
    def one():
        return 1.0

    with pytest.raises(TypeError, match="takes no operand"):
        ad.custom_derivative(partials=[])(one)


@pytest.mark.parametrize("outer", [Value(3.0, "w"), Dual(3.0, 1.0)], ids=["Value", "Dual"])
def test_a_rule_that_closes_over_a_number_of_ours_says_that_it_is_an_operand(outer):
    @ad.custom_derivative(partials=[lambda out, x: 2.0])
    def scaled(x):
        return x * outer

    @ad.custom_derivative(partials=[lambda out, x: outer])
    def sloped(x):
        return x

    with pytest.raises(DerivativeLost, match=r"scaled gave .* pass it as an operand"):
        scaled(Value(2.0))
    with pytest.raises(DerivativeLost, match=r"partial 0 of sloped gave .* pass it as an operand"):
        ad.grad(sloped)(2.0)


def test_a_definition_that_is_refused_leaves_the_row_that_was_there(versine, monkeypatch):
    def again(x):
        return x

    again.__name__ = "versine"
    define, failed = custom.define, []

    def failing(row):
        if not failed:
            failed.append(row)
            raise ValueError("no")
        return define(row)

    monkeypatch.setattr(custom, "define", failing)
    with pytest.raises(ValueError, match="no"):
        ad.primitive(partials=[1.0])(again)
    assert ad.versine is TABLE["versine"] is versine
    assert Value(0.5).versine().op is versine


@pytest.mark.parametrize("name", ["ieee_log", "ieee_multiply", "log_", "part"])
def test_internal_rows_reserve_no_name(name):
    def cube(x):
        return x * x * x

    cube.__name__ = name
    row = ad.primitive(partials=[lambda out, x: 3.0 * x * x])(cube)
    try:
        tape = ad.trace(ad.grad(lambda x: row(x) * ad.log(x) + x**x), 2.0)
        assert ad.Tape.from_json(tape.to_json()).evaluate(1.5) == tape.evaluate(1.5)
        assert ad.grad(row)(2.0) == 12.0
    finally:
        remove(row)


def test_no_internal_row_has_a_name_that_a_function_can_have():
    assert not [name for name in ROWS if name not in TABLE and name.isidentifier()]
