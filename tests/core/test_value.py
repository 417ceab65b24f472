"""Value: the graph it records, what backward leaves behind, and what it refuses."""

import copy
import math
import pickle

import numpy as np
import pytest

import autodiff as ad
from autodiff import Dual, Value
from autodiff.errors import DerivativeLost, NotALeaf, NotANumber, NotScalar

# What a node shows


def test_a_node_shows_its_number_operation_and_operands():
    a, b = Value(2, "a"), Value(-3.0, "b")
    c = a * b
    assert (c.data, c.grad, c.label, c.op, c.operands) == (-6.0, 0.0, None, ad.multiply, (a, b))
    assert (a.data, a.label, a.op, a.operands, a.numbers) == (2.0, "a", None, (), ())
    assert type(a.data) is float
    assert (-a).operands == (a,)
    assert ad.maximum(a, b, 1.0).operands == (a, b, 1.0)
    assert ad.where(1.0, a, b).numbers == (1.0, 2.0, -3.0)


def test_a_constant_needs_no_node():
    a = Value(2.0)
    operand = (3 * a).operands[0]
    assert operand == 3.0
    assert type(operand) is float


def test_repr_reads_well():
    a = Value(2.0, "a")
    b = a * 3
    b.backward()
    assert repr(a) == "Value(2.0, 'a', grad=3.0)"
    assert repr(b) == "Value(6.0, multiply, grad=1.0)"
    assert repr(Dual(2.0, 1.0)) == "Dual(2.0, tangent=1.0)"
    assert f"{b:.2f}" == "6.00"
    assert f"{b}" == repr(b)


def test_equal_by_value_and_hashed_by_identity():
    a, b = Value(2.0), Value(2.0)
    assert a == b == 2.0
    assert a != 3.0
    assert a != "2"
    assert len({a, b}) == 2
    assert a <= b < 3 < a + 2
    assert a >= 2 > a - 1
    assert not Value(0.0)
    assert bool(a)


# backward


def test_backward_takes_a_seed():
    x = Value(3.0)
    (x * x).backward(2.0)
    assert x.grad == 12.0


def test_backward_from_a_leaf_is_its_seed():
    x = Value(3.0)
    x.backward()
    x.backward()
    assert x.grad == 2.0


def test_an_interior_node_shows_the_adjoint_of_the_last_sweep():
    x = Value(3.0)
    y = x * x
    z = 2 * y
    z.backward()
    assert (z.grad, y.grad) == (1.0, 2.0)
    y.backward()
    assert (y.grad, x.grad) == (1.0, 18.0)


def test_zero_grad_clears_the_whole_graph():
    x = Value(3.0)
    y = x * x
    z = y + x
    z.backward()
    z.zero_grad()
    assert [node.grad for node in (x, y, z)] == [0.0, 0.0, 0.0]
    x.backward()
    x.zero_grad()
    assert x.grad == 0.0


def test_a_partial_that_raises_leaves_every_leaf_as_it_was(monkeypatch):
    x, y = Value(1.0), Value(2.0)
    output = ad.digamma(x) + y
    monkeypatch.setitem(__import__("sys").modules, "scipy.special", None)
    with pytest.raises(ImportError, match="pip install scipy"):
        output.backward()
    assert (x.grad, y.grad) == (0.0, 0.0)


def test_stop_gradient_is_a_constant():
    x = Value(3.0)
    (x * ad.stop_gradient(x)).backward()
    assert x.grad == 3.0
    assert ad.stop_gradient(Dual(3.0, 1.0)) == ad.stop_gradient(3.0) == 3.0
    assert type(ad.stop_gradient(x)) is float


# Assigning


def test_a_leaf_is_assigned_and_an_interior_node_is_not():
    x = Value(3.0)
    x.data = 4
    assert x.data == 4.0
    assert type(x.data) is float
    y = x * x
    with pytest.raises(NotALeaf, match="result of multiply: assign the data of leaves"):
        y.data = 1.0
    with pytest.raises(NotANumber):
        x.data = "5"
    assert (x.data, y.data) == (4.0, 16.0)


# Conversions that would lose the derivative


@pytest.mark.parametrize("convert", [float, int, complex, math.exp, math.sin], ids=lambda f: f.__name__)
@pytest.mark.parametrize("x", [Value(1.0), Dual(1.0, 1.0)], ids=["Value", "Dual"])
def test_a_plain_number_made_of_it_would_lose_its_derivative(convert, x):
    with pytest.raises(DerivativeLost, match=r"ad\.exp.*\.data"):
        convert(x)


def test_value_of_value_is_refused():
    with pytest.raises(TypeError, match=r"Value of Value\(1.0, grad=0.0\).*ad\.identity"):
        Value(Value(1.0))
    with pytest.raises(TypeError, match="Value of Dual"):
        Value(Dual(1.0))


@pytest.mark.parametrize("label", [3, math.nan, ["a"]])
def test_a_label_is_a_string(label):
    with pytest.raises(TypeError, match="a label is a str, got"):
        Value(1.0, label)


@pytest.mark.parametrize("x", [1.0, Dual(1.0, 1.0), None], ids=lambda x: type(x).__name__)
def test_backward_of_what_is_no_value_says_what_to_do(x):
    with pytest.raises(TypeError, match=r"backward needs a Value, got .*make the variables Values"):
        ad.backward(x)


def test_backward_as_a_function():
    x = Value(3.0)
    ad.backward(x * x, 2.0)
    assert x.grad == 12.0


# Copies


@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy, lambda v: pickle.loads(pickle.dumps(v))])
def test_a_leaf_travels_with_number_gradient_and_label(duplicate):
    a = Value(2.0, "a")
    (a * a).backward()
    b = duplicate(a)
    assert (b.data, b.grad, b.label, b.op) == (2.0, 4.0, "a", None)
    b.grad = 0.0
    assert a.grad == 4.0


@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy, pickle.dumps])
def test_an_interior_node_does_not_travel(duplicate):
    with pytest.raises(NotALeaf, match="graphs travel as tapes"):
        duplicate(Value(2.0) * 3)


def test_a_kind_of_value_of_ones_own_is_refused_with_a_way_out():
    with pytest.raises(TypeError, match=r"V cannot be a kind of Value.*keep a Value in an attribute"):

        class V(Value):
            pass


@pytest.mark.parametrize(("attribute", "given", "error", "told"), [
    ("grad", "1", NotANumber, "float"), ("grad", [1.0], NotANumber, "one by one"),
    ("grad", Value(1.0), NotANumber, r"\.data"), ("label", 7, TypeError, "a label is a str, got int 7"),
    ("label", b"x", TypeError, "a label is a str"), ("scope", "layer", TypeError, r"with ad\.scope"),
])  # fmt: skip
def test_what_is_none_of_an_attributes_kind_is_refused_when_assigned(attribute, given, error, told):
    x = Value(2.0, "x")
    with pytest.raises(error, match=told):
        setattr(x, attribute, given)
    assert (x.grad, x.label, x.scope) == (0.0, "x", None)


def test_a_gradient_that_is_none_is_zero():
    x, y = Value(2.0), Value(3.0)
    x.grad = None
    (x * y).backward()
    assert (x.grad, y.grad) == (3.0, 2.0)


@pytest.mark.parametrize("outputs", [
    lambda x: [x], lambda x: (x, x), lambda x: {"loss": x}, lambda x: np.array([x, x]), lambda x: [[x]] * 1000,
])  # fmt: skip
def test_backward_of_several_outputs_says_what_makes_one_of_them(outputs):
    with pytest.raises(NotScalar, match=r"ad\.mean\(outputs\) or ad\.total") as raised:
        ad.backward(outputs(Value(2.0)))
    assert "no Value entered" not in str(raised.value)
    assert len(str(raised.value)) < 400


@pytest.mark.parametrize("given", [np.array([2.0]), np.array([[1.0, 2.0]]), np.array([])])
def test_a_value_of_an_array_says_how_to_make_one_for_each(given):
    with pytest.raises(NotANumber, match=r"\[f\(x\) for x in xs\]"):
        Value(given)
