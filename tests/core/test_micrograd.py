"""`_prev`, `_op` and `_backward`: what programs written for micrograd read of a node."""

import pytest

import autodiff as ad
from autodiff import Value


def test_prev_are_the_operands_that_are_nodes_each_once():
    a, b = Value(2.0), Value(3.0)
    assert a._prev == set()
    assert (a * b)._prev == {a, b}
    assert (a + a)._prev == a.relu()._prev == {a}
    assert {type(x) for x in (a * b)._prev} == {Value}
    assert ad.maximum(a, b, 1.0)._prev == ad.where(1.0, a, b)._prev == {a, b}


def test_prev_tells_operands_of_equal_numbers_apart():
    assert len((Value(2.0) * Value(2.0))._prev) == 2


@pytest.mark.parametrize("made", [lambda a: a * 2, lambda a: 2 * a, lambda a: a - 1.5, lambda a: a**3, lambda a: 3**a])
def test_a_constant_is_no_node_and_so_not_in_prev(made):
    a = Value(2.0)
    assert made(a)._prev == {a}
    assert len(made(a).operands) == 2


def test_prev_is_the_readers_own():
    """A program that empties the set it was given has not cut the graph."""
    y = Value(2.0) * Value(3.0)
    y._prev.clear()
    assert len(y._prev) == 2


@pytest.mark.parametrize(("made", "written"), [
    (lambda a, b: a, ""),
    (lambda a, b: a + b, "+"),
    (lambda a, b: 1 + a, "+"),
    (lambda a, b: a * b, "*"),
    (lambda a, b: a - b, "-"),
    (lambda a, b: -a, "-"),
    (lambda a, b: a / b, "/"),
    (lambda a, b: a**b, "**"),
    (lambda a, b: a**2, "**2"),
    (lambda a, b: a**-1, "**-1"),
    (lambda a, b: a**0.5, "**0.5"),
    (lambda a, b: 2**a, "**"),
    (lambda a, b: a.relu(), "ReLU"),
    (lambda a, b: a.tanh(), "tanh"),
    (lambda a, b: a.exp(), "exp"),
    (ad.maximum, "maximum"),
])  # fmt: skip
def test_op_is_written_as_in_micrograd(made, written):
    assert made(Value(2.0), Value(3.0))._op == written


def test_both_can_be_read_in_a_trace():
    seen = []

    def program(x):
        y = x * x + 1.0
        seen.append((y._op, [v._op for v in y._prev], (x**2)._op))
        return y

    ad.trace(ad.grad(program), 2.0)
    assert seen == [("+", ["*"], "**2")]


def test_a_topological_order_by_prev_is_one_of_the_graph():
    """The order that the lecture builds before its sweep."""
    a, b = Value(2.0), Value(-3.0)
    y = (a * b + a).tanh() * b
    order, visited = [], set()

    def build(v):
        if v not in visited:
            visited.add(v)
            for child in v._prev:
                build(child)
            order.append(v)

    build(y)
    assert len(order) == 6
    assert all(order.index(x) < i for i, v in enumerate(order) for x in v._prev)


def test_nodes_have_no_rule_of_their_own_and_the_message_says_where_it_is():
    y = Value(2.0) * Value(3.0)
    with pytest.raises(
        AttributeError, match=r"no _backward.* stands in its row: \.backward\(\) .* ad.step .*primitive"
    ):
        y._backward()
    with pytest.raises(AttributeError, match=r"no _backward.*@ad\.primitive makes a row of your own"):
        y._backward = lambda: None
    assert not hasattr(y, "_backward")
