"""The graph: its nodes in topological order, and its leaves."""

import autodiff as ad
from autodiff import Value
from autodiff.core.graph import leaves, topological_order


def test_topological_order_puts_each_node_after_its_operands():
    x = Value(0.5)
    a = ad.sin(x)
    b = a * x
    c = ad.maximum(a, b, x)
    order = topological_order(c)
    assert [node.op.name for node in order] == ["sin", "multiply", "maximum"]
    assert topological_order(x) == []
    assert leaves(order) == [x]
    assert topological_order(b, c)[-1] is c


def test_leaves_come_in_order_of_first_use_each_once():
    x, y = Value(1.0), Value(2.0)
    found = leaves(topological_order((y + x) * y))
    assert found[0] is y
    assert found[1] is x
    assert len(found) == 2
