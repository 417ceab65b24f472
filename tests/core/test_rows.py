"""A row: what it takes, where it is known, how it travels."""

import math

import pytest
from orders import NESTINGS

import autodiff as ad
from autodiff import Dual, Value


def test_a_row_added_at_run_time_is_known_everywhere():
    from autodiff.core.custom import remove
    from autodiff.core.rows import unary

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
        for second in NESTINGS:
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
