"""Value: the graph it records, what backward leaves behind, and what it refuses."""

import copy
import gc
import math
import pickle
import threading
import tracemalloc
from fractions import Fraction

import numpy as np
import pytest

import autodiff as ad
from autodiff import Dual, Value
from autodiff.errors import DerivativeLost, NotALeaf, NotANumber

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


@pytest.mark.parametrize(
    "convert", [float, int, complex, round, math.trunc, math.exp, math.sin], ids=lambda f: f.__name__
)
@pytest.mark.parametrize("x", [Value(1.0), Dual(1.0, 1.0)], ids=["Value", "Dual"])
def test_a_plain_number_made_of_it_would_lose_its_derivative(convert, x):
    with pytest.raises(DerivativeLost, match=r"ad\.exp.*\.data"):
        convert(x)


# Bad input: what was found, why it is wrong, what to do

NUMBERS = [3, 3.0, True, Fraction(1, 2), np.float64(2.5), np.float32(0.5), np.int64(7), np.bool_(True), np.array(1.5)]
NOT_NUMBERS = [
    ("1.0", "got str '1.0': convert it with float"),
    (b"1", "got bytes b'1': convert it"),
    (None, "got NoneType None: did a function forget to return"),
    (1 + 2j, "only real numbers are differentiated"),
    ([1.0], "got list .*: take its elements one by one"),
    ((1.0,), "got tuple .*: take its elements one by one"),
    ({"x": 1.0}, "got dict .*: take its values one by one"),
    (np.ones(3), "got ndarray .*array of Values"),
    (object(), "got object .*pass an int, a float, a Value or a Dual"),
    ([0.0] * 100, r"got list .*\.\.\.: take"),
]


@pytest.mark.parametrize("x", NUMBERS, ids=lambda x: type(x).__name__)
def test_every_kind_of_real_number_is_taken(x):
    for result in (Value(x).data, Dual(x, x).primal, Dual(x, x).tangent, ad.identity(x), Value(0.0) + x):
        assert result == float(x)
    assert type(Value(x).data) is float


@pytest.mark.parametrize(("x", "message"), NOT_NUMBERS, ids=[type(x).__name__ for x, _ in NOT_NUMBERS])
def test_what_is_no_number_is_refused_with_the_remedy(x, message):
    for make in (Value, Dual, lambda x: Dual(1.0, x), ad.sin, lambda x: ad.maximum(1.0, x), Value(1.0).backward):
        with pytest.raises(NotANumber, match=message):
            make(x)


@pytest.mark.parametrize("x", ["1", None, [1.0], {}, (1.0,)], ids=lambda x: type(x).__name__)
@pytest.mark.parametrize("number", [Value(1.0), Dual(1.0, 1.0)], ids=["Value", "Dual"])
def test_operators_refuse_what_is_no_number_on_either_side(number, x):
    for operate in (lambda: number + x, lambda: number * x, lambda: number**x, lambda: number / x, lambda: number % x):
        with pytest.raises(NotANumber):
            operate()
    if not isinstance(x, str):
        for operate in (lambda: x + number, lambda: x * number, lambda: x**number, lambda: x / number):
            with pytest.raises(TypeError):
                operate()


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


# Graphs as large as memory, and their end

MILLION = 1_000_000


def test_a_chain_of_a_million_nodes_evaluates_differentiates_and_is_freed():
    x = y = Value(1.0)
    for _ in range(MILLION):
        y = y + 1.0
    y.backward()
    assert (y.data, x.grad) == (MILLION + 1.0, 1.0)
    y.zero_grad()
    del y
    assert x.grad == 0.0


def test_dropping_the_output_frees_every_node_without_the_collector():
    def build_and_drop():
        x = y = Value(1.0)
        for _ in range(20_000):
            y = ad.maximum(ad.sin(y) * x + 1.0, x, 0.5)
        y.backward()

    gc.collect()
    gc.disable()
    tracemalloc.start()
    try:
        build_and_drop()
        left, peak = tracemalloc.get_traced_memory()
        assert left < peak / 20  # the interpreter keeps a few thousand tuples to use again
        assert gc.collect() == 0
    finally:
        tracemalloc.stop()
        gc.enable()


def test_threads_that_differentiate_their_own_graphs_never_meet():
    found = {}

    def work(k):
        for _ in range(20):
            x = Value(float(k))
            y = x
            for _ in range(200):
                y = ad.sin(y) * x + Dual(x, 1.0).primal
            y.backward()
        found[k] = (y.data, x.grad)

    threads = [threading.Thread(target=work, args=(k % 4,)) for k in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    alone = dict(found)
    for k in range(4):
        work(k)
    assert found == alone


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
