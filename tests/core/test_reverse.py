"""The sweep as steps, and the hand-tightened loop that must be the same sweep."""

import pytest
from derivatives import same
from zoo import ZOO

import autodiff as ad
from autodiff import Value
from autodiff.core.graph import topological_order
from autodiff.core.reverse import Step, accumulate, steps
from autodiff.errors import StaleGraph


def swept(function, at, **reading):
    values = [Value(x) for x in at]
    output = function(*values)
    adjoints = {output: 1.0}
    taken = list(steps(output, adjoints, **reading))
    return values, output, adjoints, taken


@pytest.mark.parametrize(("function", "at"), ZOO.values(), ids=ZOO)
def test_loop_and_generator_give_the_same_bits(function, at):
    values, output, adjoints, _ = swept(function, at)
    order = topological_order(output)
    from_loop = accumulate(output, 1.0, order)
    assert same([from_loop.get(v, 0.0) for v in values], [adjoints.get(v, 0.0) for v in values])
    assert same([node.grad for node in order], [adjoints[node] for node in order])


@pytest.mark.parametrize(("function", "at"), ZOO.values(), ids=ZOO)
def test_adjoints_read_as_values_are_the_same_numbers(function, at):
    values, _, numbers, _ = swept(function, at)
    graph_values, _, graphs, _ = swept(function, at, on_values=True)
    for v, g in zip(values, graph_values, strict=True):
        adjoint = graphs.get(g, 0.0)
        assert same([getattr(adjoint, "data", adjoint)], [numbers.get(v, 0.0)])


def test_steps_of_a_product():
    x, y = Value(2.0), Value(3.0)
    output = x * y + x
    product = output.operands[0]
    adjoints = {output: 1.0}
    assert list(steps(output, adjoints)) == [
        Step(output, 0, 1.0, 1.0, 0.0, 1.0),
        Step(output, 1, 1.0, 1.0, 0.0, 1.0),
        Step(product, 0, 3.0, 3.0, 1.0, 4.0),
        Step(product, 1, 2.0, 2.0, 0.0, 2.0),
    ]
    assert adjoints[x] == 4.0
    assert x.grad == 0.0  # adjoints of a sweep live in that sweep


def test_what_a_zero_adjoint_reaches_is_not_visited():
    x = Value(0.0)
    output = 0.0 * ad.sqrt(x) + x
    told = list(steps(output, {output: 1.0}))
    assert [step.node.op for step in told] == [ad.add, ad.add, ad.multiply]
    assert (told[-1].partial, told[-1].contribution, told[-1].after) == (0.0, 0.0, 0.0)  # told; √ is not gone through


def test_a_graph_whose_leaf_has_changed_is_not_swept_into_a_new_graph():
    x = Value(2.0, "x")
    output = x * x
    x.data = 10.0
    with pytest.raises(StaleGraph, match=r"x = 10\.0 was 2\.0 when multiply read it.*compute the expression again"):
        list(steps(output, {output: 1.0}, on_values=True))
