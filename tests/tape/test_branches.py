"""Branches on numbers, and whatever else cannot be traced; conditions, which can."""

import numpy as np
import pytest

import autodiff as ad
from autodiff import Dual, Value
from autodiff.errors import BadTape, BranchOnData, Escaped
from autodiff.tape.tape import recorded


def test_a_branch_on_data_names_the_line_and_the_remedy():
    def branching(x):
        if x > 0:
            return x
        return -x

    with pytest.raises(BranchOnData, match=r"line \d+ of .*test_branches.py, `if x > 0:`, asks .*use ad\.where"):
        ad.trace(branching, 1.0)
    assert recorded(branching, (-2.0,), abstract=False).evaluate(5.0) == -5.0  # frozen, for a picture at a point


@pytest.mark.parametrize("read", [lambda x: x * x.data, lambda x: f"{x:.2f}", lambda x: max(x, 1.0), bool, [1.0].index])
def test_reading_the_number_of_a_traced_value_is_refused(read):
    with pytest.raises(BranchOnData):
        ad.trace(read, 1.0)


def test_conditions_are_traced():
    tape = ad.trace(lambda x: ad.where(x > 1, ad.clip(x, 0.0, 2.0), ad.leaky_relu(x)), 0.5)
    for x in (-1.0, 0.5, 1.5, 3.0):
        assert tape.evaluate(x) == (min(x, 2.0) if x > 1 else x if x > 0 else 0.01 * x)
    tape = ad.trace(lambda x, y: [x < y, x <= y, x >= y, x == y, x != y], 1.0, 2.0)
    assert tape.evaluate(2.0, 2.0) == [0.0, 1.0, 1.0, 1.0, 0.0]


@pytest.mark.parametrize(
    ("function", "args", "message"),
    [
        (lambda: 1.0, (), "has 0 inputs and 1 outputs: a tape needs some of both"),
        (lambda x: [], (1.0,), "has 1 inputs and 0 outputs"),
        (lambda x, c=Value(2.0, "c"): x * c, (1.0,), r"closes over Value\(2.0, 'c'.*pass it as an argument"),
        (lambda x: Dual(1.0, 1.0) * x, (1.0,), "take Duals through the tape"),
    ],
)
def test_what_a_tape_cannot_hold(function, args, message):
    with pytest.raises(BadTape, match=message):
        ad.trace(function, *args)


def test_only_a_function_is_traced():
    with pytest.raises(TypeError, match="a function is traced, got float"):
        ad.trace(1.0)


def test_a_tape_traced_inside_a_transform_does_not_freeze_the_outer_variable():
    for transform in (ad.grad, lambda f: ad.jacobian(f, "reverse"), lambda f: lambda x: ad.jvp(f, (x,), (1.0,))):
        with pytest.raises(BadTape, match=r"closes over|take Duals through"):
            transform(lambda x: ad.trace(lambda y: y * x, 2.0)(3.0))(5.0)


def test_rows_that_ignore_their_operand_or_refuse_placeholders_are_traced():
    @ad.custom_derivative(partials=[0.0])
    def five(x):
        return 5.0

    @ad.custom_derivative(partials=[lambda out, x: 0.5 / out])
    def safe(x):
        try:
            return float(np.sqrt(x))
        except TypeError:
            return 0.0

    assert ad.trace(lambda x: five(ad.sin(x)), 1.0).evaluate(2.0) == 5.0
    assert ad.trace(lambda x: safe(ad.exp(x)) + 1.0, 4.0).evaluate(0.0) == 2.0


def test_a_traced_value_that_escapes_is_refused():
    leaked = []
    ad.trace(lambda x: leaked.append(x) or x * x, 1.0)
    with pytest.raises(Escaped):
        _ = leaked[0] + 1.0
