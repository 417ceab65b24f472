"""Passes: a tape in, a shorter tape out, and not a bit of its numbers changed."""

import itertools
import math

import pytest
from derivatives import numbers_of, same
from zoo import TRACED

import autodiff as ad
from autodiff import Tape
from autodiff.core.rows import TABLE
from autodiff.tape.instructions import Code, Instruction, check
from autodiff.tape.passes import shared, simplified, without_dead_code


@pytest.mark.parametrize(("function", "at"), TRACED)
def test_passes_keep_every_bit_and_leave_code_that_checks(function, at):
    for tape in (ad.trace(function, *at), ad.trace(function, *at).gradient()):
        expected = numbers_of(tape.evaluate(*at))
        for run in (shared, without_dead_code, simplified):
            code = check(run(tape.code))
            assert len(code.instructions) <= len(tape)
            again = Tape(tape.inputs, code, tape.outputs)
            assert same(numbers_of(again.evaluate(*at)), expected), run
        assert tape.simplify().simplify() == tape.simplify()


def test_simplify_folds_shares_and_removes():
    def f(x):
        dead = ad.sin(x)  # noqa: F841
        return (ad.exp(x) + ad.exp(x)) * (2.0 * 3.0 + 1.0) - 0.0 + x * 1.0 + -(-x) + ad.identity(x)

    tape = ad.trace(f, 0.5)
    simple = tape.simplify()
    assert simple.counts == {"exp": 1, "add": 4, "multiply": 1}
    assert simple.evaluate(0.5) == f(0.5)
    assert ad.trace(lambda x: x * 1.0, 2.0).simplify().results == (0,)
    assert ad.trace(lambda x: (x + 1.0, 1.0 + x), 2.0).simplify().counts == {"add": 1}


def test_no_constant_stays_that_no_instruction_reads():
    assert ad.trace(lambda x: x + 1.5, 0.5).simplify().flat.constants.tolist() == [1.5]
    folded = simplified(Code(1, [Instruction(ad.add, (1.0, 2.0)), Instruction(ad.multiply, (0, 1))], (2,)))
    assert list(folded.instructions) == [(ad.multiply, (0, 3.0))]
    assert folded.instructions.constants.tolist() == [3.0]


def test_simplify_keeps_what_it_may_not_change():
    zero = ad.trace(lambda x: x + 0.0, -0.0)
    assert len(zero.simplify()) == 1  # −0 + 0 is 0
    stopped = ad.trace(lambda x: ad.stop_gradient(x) * x, 3.0).simplify()
    assert ad.grad(stopped)(3.0) == 3.0
    wrong = Tape(stopped.inputs, Code(1, [Instruction(ad.log, (-1.0,))], (1,)), stopped.outputs).simplify()
    with pytest.raises(ValueError, match=r"log\(-1\.0\)"):
        wrong.evaluate(1.0)


EDGES = [-1e300, -1e3, -2.5, -2.0, -1.0, -0.5, -0.0, 0.0, 0.5, 1.0, 2.0, 1e3, 1e300, math.inf, -math.inf]


@pytest.mark.parametrize("name", sorted(TABLE))
def test_where_a_value_raises_the_tape_of_its_gradient_raises_in_an_untaken_branch_too(name):
    row = TABLE[name]
    count = min(row.arity or 2, 2)
    if row.arity > 2:
        return

    def guarded(*xs):
        return ad.where(xs[0] != xs[0], row(*xs), 0.0)  # not taken, whatever x is

    tape = ad.trace(ad.grad(guarded, tuple(range(count))), *[0.5] * count)
    raised = 0
    for xs in itertools.product(EDGES, repeat=count):
        try:
            row(*xs)
        except (ArithmeticError, ValueError) as error:
            raised += 1
            with pytest.raises(type(error)):
                tape.evaluate(*xs)
            with pytest.raises(type(error)):
                tape.simplify().evaluate(*xs)
    assert raised or tape.evaluate(*[0.5] * count) == (0.0,) * count
