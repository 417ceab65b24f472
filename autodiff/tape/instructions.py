"""The little language of tapes, and its checker.

    tape        ::= inputs; instruction*; outputs
    instruction ::= slot = primitive(slot | constant, …)

An operand that is an int is a slot: inputs come first, then instruction after instruction. A float is a constant.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple, TypeAlias

from autodiff.core.rows import ROWS, Primitive
from autodiff.errors import BadTape

Slot: TypeAlias = int | float


class Instruction(NamedTuple):
    """The next slot is the primitive of the operands."""

    primitive: Primitive
    operands: tuple[Slot, ...]


class Code(NamedTuple):
    """A program: what passes take and give."""

    inputs: int
    instructions: Sequence[Instruction]
    outputs: tuple[Slot, ...]


def read(slots: Sequence[Any], operands: Iterable[Slot]) -> list[Any]:
    """What stands in the slots of the operands; a constant is itself."""
    return [slots[x] if type(x) is int else x for x in operands]


def executed(instructions: Iterable[Instruction], slots: list[Any]) -> list[Any]:
    """The slots, which begin with the inputs, with the result of each instruction behind them."""
    for primitive, operands in instructions:
        slots.append(primitive(*read(slots, operands)))
    return slots


def unpacked(
    primitives: Sequence[Primitive],
    codes: Iterable[int],
    ends: Iterable[int],
    operands: Sequence[int],
    constants: Sequence[float],
) -> Iterator[Instruction]:
    """The instructions of flat lists: a code each, where its operands end, and −1 − k for the k-th constant."""
    start = 0
    for code, end in zip(codes, ends, strict=True):
        yield Instruction(primitives[code], tuple([x if x >= 0 else constants[-1 - x] for x in operands[start:end]]))
        start = end


def check(code: Code) -> Code:
    """The code, if each instruction is a row of the table, on as many operands as it takes, defined before."""
    for i, (primitive, operands) in enumerate(code.instructions):
        where = f"instruction {i}"
        if ROWS.get(primitive.name) is not primitive:
            raise BadTape(f"{where}: {primitive.name!r} is not in the table")
        if not primitive.takes(len(operands)):
            raise BadTape(
                f"{where}: {primitive.name} of {len(operands)} operands, it takes {primitive.arity or 'some'}"
            )
        _check_defined(operands, code.inputs + i, where)
    _check_defined(code.outputs, code.inputs + len(code.instructions), "outputs")
    return code


def levels(code: Code) -> list[int]:
    """How far each instruction is from the inputs: 1 where it reads nothing else."""
    found = [0] * code.inputs
    for _, operands in code.instructions:
        found.append(1 + max((found[x] for x in operands if type(x) is int), default=0))
    return found[code.inputs :]


def _check_defined(operands: Iterable[Slot], defined: int, where: str) -> None:
    for x in operands:
        if type(x) is int and not 0 <= x < defined:
            raise BadTape(f"{where}: slot {x} is not defined there, only 0 … {defined - 1} are")
        if type(x) not in (int, float):
            raise BadTape(f"{where}: an operand is a slot or a float, got {x!r}")
