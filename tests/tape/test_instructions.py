"""Instructions: their order, and the checker."""

import pytest

import autodiff as ad
from autodiff.errors import BadTape
from autodiff.tape.instructions import Code, Instruction, check


def test_instructions_come_in_the_order_of_the_program():
    def f(x, y):
        b = ad.sin(y)
        a = ad.log(x)
        return a * b

    assert [primitive.name for primitive, _ in ad.trace(f, 2.0, 3.0)] == ["sin", "log", "multiply"]


def test_the_checker_tells_what_is_wrong():
    from autodiff.core.rows import Primitive

    stranger = Primitive("stranger", float, (1.0,))
    for instruction, message in [
        (Instruction(stranger, (0,)), "'stranger' is not in the table"),
        (Instruction(ad.add, (0,)), "add of 1 operands, it takes 2"),
        (Instruction(ad.maximum, ()), "maximum of 0 operands, it takes some"),
        (Instruction(ad.sin, (5,)), "slot 5 is not defined there"),
        (Instruction(ad.sin, ("x",)), "an operand is a slot or a float, got 'x'"),
    ]:
        with pytest.raises(BadTape, match=message):
            check(Code(1, [instruction], (1,)))
    with pytest.raises(BadTape, match="outputs: slot 1 is not defined"):
        check(Code(1, [], (1,)))
