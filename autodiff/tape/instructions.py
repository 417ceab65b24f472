"""The little language of tapes, and its checker.

    tape        ::= inputs; instruction*; outputs
    instruction ::= place = primitive(place | constant, …)

An operand that is an int is a place: inputs come first, then instruction after instruction. A float is a constant.
"""

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple, Self

from autodiff.core.rows import ROWS, Primitive
from autodiff.core.slots import Place
from autodiff.errors import BadTape


class Instruction(NamedTuple):
    """The next place is the primitive of the operands."""

    primitive: Primitive
    operands: tuple[Place, ...]


class Code(NamedTuple):
    """A program: what passes take and give.

    names  of places, as local variables had them
    """

    inputs: int
    instructions: "Sequence[Instruction] | Flat"
    outputs: tuple[Place, ...]
    names: Mapping[int, str] = MappingProxyType({})


class Flat:
    """Instructions end to end, so that a tape of millions takes few bytes.

    primitives  those that there are
    codes       for each instruction the number of its primitive
    ends        for each instruction where its operands end
    operands    places from 0, and −1 − k for the k-th constant
    constants   each once, to the bit
    """

    def __init__(
        self,
        primitives: Sequence[Primitive],
        codes: Iterable[int],
        ends: Iterable[int],
        operands: Iterable[int],
        constants: Iterable[float],
    ) -> None:
        self.primitives = tuple(primitives)
        self.codes, self.ends, self.operands = array("H", codes), array("I", ends), array("i", operands)
        self.constants = array("d", constants)

    @classmethod
    def of(cls, instructions: "Iterable[Instruction] | Flat") -> "Flat":
        """Any instructions, made flat."""
        if isinstance(instructions, Flat):
            return instructions
        rows, ends, operands = list[Primitive](), list[int](), list[Place]()
        for primitive, xs in instructions:
            rows.append(primitive)
            operands += xs
            ends.append(len(operands))
        return cls.written(rows, ends, operands)

    @classmethod
    def written(cls, rows: Sequence[Primitive], ends: Iterable[int], operands: Iterable[Place]) -> Self:
        """What stands in lists, as Slots write it."""
        numbered = {row: i for i, row in enumerate(dict.fromkeys(rows))}
        constants: dict[str, int] = {}
        places = [x if type(x) is int else -1 - constants.setdefault(float(x).hex(), len(constants)) for x in operands]
        return cls(tuple(numbered), map(numbered.__getitem__, rows), ends, places, map(float.fromhex, constants))

    def without_unused(self) -> "Flat":
        """The same, with those primitives and constants that instructions use, in the order of their first use."""
        rows = {code: i for i, code in enumerate(dict.fromkeys(self.codes))}
        constants = {x: -1 - i for i, x in enumerate(dict.fromkeys(x for x in self.operands if x < 0))}
        places = [x if x >= 0 else constants[x] for x in self.operands]
        numbers = [self.constants[-1 - x] for x in constants]
        return Flat(
            [self.primitives[code] for code in rows], map(rows.__getitem__, self.codes), self.ends, places, numbers
        )

    @property
    def parts(self) -> "tuple[array[Any], ...]":
        """The arrays."""
        return self.codes, self.ends, self.operands, self.constants

    def __len__(self) -> int:
        return len(self.codes)

    def __iter__(self) -> Iterator[Instruction]:
        start, primitives, constants, operands = 0, self.primitives, self.constants, self.operands
        for code, end in zip(self.codes, self.ends, strict=True):
            places = operands[start:end]
            yield Instruction(primitives[code], tuple([x if x >= 0 else constants[-1 - x] for x in places]))
            start = end


def key(x: Place) -> int | str:
    """What tells operands apart: the place 1 is not the constant 1.0, nor is 0 the same as −0."""
    return x if type(x) is int else float(x).hex()


def read(slots: Sequence[Any], operands: Iterable[Place]) -> list[Any]:
    """What stands in the places of the operands; a constant is itself."""
    return [slots[x] if type(x) is int else x for x in operands]


def executed(instructions: Iterable[Instruction], slots: list[Any]) -> list[Any]:
    """The slots, which begin with the inputs, with the result of each instruction behind them."""
    for primitive, operands in instructions:
        slots.append(primitive(*read(slots, operands)))
    return slots


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


def _check_defined(operands: Iterable[Place], defined: int, where: str) -> None:
    for x in operands:
        if type(x) is int and not 0 <= x < defined:
            raise BadTape(f"{where}: slot {x} is not defined there, only 0 … {defined - 1} are")
        if type(x) not in (int, float):
            raise BadTape(f"{where}: an operand is a slot or a float, got {x!r}")
