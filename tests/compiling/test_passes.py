"""Passes of the compiler: after each the code is well formed, and says what it said."""

import math

import numpy as np
import pytest
from readings import flat
from zoo import TRACED

import autodiff as ad
import nn
from autodiff.compiling.lowering import lowered
from autodiff.compiling.passes import DOT, DOT_CHAIN, MASK, NOTHING, fused, masked, varying
from autodiff.core.rows import ROWS
from autodiff.tape.instructions import Code, executed, read


def checked(code):
    """The code, if every instruction is a row's, on as many operands as it takes, defined before; so its outputs."""
    for i, (row, operands) in enumerate(code.instructions):
        assert row in (DOT, DOT_CHAIN, MASK) or ROWS[row.name] is row
        assert row.takes(len(operands))
        assert all(type(x) is float or 0 <= x < code.inputs + i for x in operands)
    assert all(type(x) is float or 0 <= x < code.inputs + len(code.instructions) for x in code.outputs)
    return code


def values(code, numbers, sums=()):
    """The outputs, with the products that are summed over rows, of one row."""
    slots = executed(code.instructions, list(numbers))
    found = read(slots, code.outputs)
    for k, products in enumerate(sums):
        for row, x, y in products:
            found[k] += row(*read(slots, (x, y)))
    return found


def near(found, expected):
    scale = max((abs(x) for x in expected if math.isfinite(x)), default=1.0) or 1.0
    return all(
        abs(x - y) <= 1e-12 * scale or x == y or (x != x and y != y) for x, y in zip(found, expected, strict=True)
    )


@pytest.mark.parametrize(("function", "at"), TRACED)
def test_every_pass_keeps_what_the_code_says(function, at):
    for tape in (ad.trace(function, *at), ad.trace(function, *at).gradient().simplify()):
        expected = values(tape.code, at)
        chosen = checked(masked(tape.code))
        assert near(values(chosen, at), expected)
        for rows in ([], [0], list(range(len(at)))):
            varies = varying(chosen, rows)
            for reduced in (frozenset(), frozenset(range(len(chosen.outputs)))):
                code, moves, sums = fused(chosen, varies, reduced)
                assert near(values(checked(code), at, sums), expected)
                assert bytes(moves) == bytes(varying(code, rows))


def network():
    model = nn.MLP(3, [5, 4, 1], "relu", rng=2)
    compiled = ad.compile(
        ad.value_and_grad(lambda model, x, y: nn.hinge(model(x), y)), batch=(None, 0, 0), reduce="mean"
    )
    compiled(model, np.ones((2, 3)), np.ones(2))
    return compiled.tape


def test_a_layer_is_a_dot_product_for_each_neuron_and_its_slopes_are_products_in_sums():
    tape = network()
    rows = range(tape.inputs.size - 4, tape.inputs.size)
    code, _, sums = fused(masked(tape.code), varying(tape.code, rows), frozenset(range(len(tape.results))))
    counts = {}
    for row, _ in code.instructions:
        counts[row] = counts.get(row, 0) + 1
    assert counts[DOT] == 5 + 4 + 1 + 1  # a neuron each, and the margin of the loss
    assert counts[DOT_CHAIN] == 5  # δ of each neuron of the first layer, of four
    assert counts[MASK] == 5 + 4 + 1  # the slopes of relu, the loss's too
    assert sum(map(len, sums)) == tape.outputs.size


def test_a_product_that_somebody_else_reads_is_computed_once():
    tape = ad.trace(lambda x, y: (x * y + 1.0, x * y), 2.0, 3.0).simplify()
    code, _, _ = fused(tape.code, varying(tape.code, [0, 1]))
    assert [row.name for row, _ in code.instructions] == ["multiply", "add"]


def test_what_no_row_reaches_stays_one_term_of_a_sum_over_rows():
    tape = ad.trace(lambda w, x: w * x + w * w, 2.0, 3.0)
    code, moves, sums = fused(tape.code, varying(tape.code, [1]), frozenset([0]))
    assert [(row.name, x, y) for row, x, y in sums[0]] == [("multiply", 0, 1)]
    assert [row.name for row, _ in code.instructions] == ["multiply"]
    assert not moves[code.outputs[0]]
    tape = ad.trace(lambda w, x: w * x, 2.0, 3.0)
    assert fused(tape.code, varying(tape.code, [1]), frozenset([0])).code.outputs == (NOTHING,)


def test_slots_are_used_again():
    def f(x):
        for _ in range(100):
            x = ad.sin(x) * 0.5
        return x

    tape = ad.trace(f, 0.3)
    program = lowered(tape.code, varying(tape.code, [0]), [tape.results[0]])
    assert len(tape) == 200
    assert program.slots == 2  # the constant, and all that is computed


def test_no_exponential_of_time_where_everything_is_shared():
    def f(x):
        for _ in range(200):
            x = x + x * 0.5
        return x

    tape = ad.trace(ad.grad(f), 0.3).simplify()
    assert isinstance(fused(tape.code, varying(tape.code, [0])).code, Code)
    assert flat(ad.compile(ad.grad(f))(0.3)) == pytest.approx([1.5**200], rel=1e-12)
