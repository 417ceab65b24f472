"""Lowering: code as the interpreter reads it, its slots and uniforms numbered, and each used again when it is free.

A program runs on columns, of which every row has a number, and on uniforms, which all rows share. What no row reaches
is a program of its own, of one row: it is run once a call.
"""

from array import array
from collections import Counter
from collections.abc import Sequence
from operator import itemgetter
from typing import NamedTuple

from autodiff.compiling.kernel import INLINE, OPCODES
from autodiff.compiling.passes import DOT, DOT_CHAIN, Product
from autodiff.core import primitives as table
from autodiff.core.rows import Primitive
from autodiff.core.slots import Place
from autodiff.tape.instructions import Code, key


class Program(NamedTuple):
    """A stream for the interpreter, and what it wants.

    stream     the instructions
    columns    the places that fill the first slots
    splats     uniforms that stand in the slots behind them, for every row, by their number
    slots      how many slots there are
    uniforms   what each uniform is: a place, or a constant
    functions  the rows that are called, each with the count of its operands
    stored     how many outputs are stored for each row
    sums       how many sums over rows there are
    """

    stream: "array[int]"
    columns: tuple[int, ...]
    splats: tuple[int, ...]
    slots: int
    uniforms: tuple[Place, ...]
    functions: tuple[tuple[Primitive, int], ...]
    stored: int
    sums: int


def lowered(
    code: Code,
    varies: Sequence[int],
    stored: Sequence[int],
    sums: Sequence[Sequence[Product]] = (),
    shared: Sequence[int] = (),
) -> Program:
    """The program of what varies in a code.

    stored  places that are stored for each row
    sums    products that are summed over rows, for each sum
    shared  the first uniforms, in this order
    """
    lines = [
        Line(code.inputs + i, *instruction)
        for i, instruction in enumerate(code.instructions)
        if varies[code.inputs + i]
    ]
    return _Lowering(code.inputs, varies, shared).program(_with_outers(lines, sums, varies), stored, len(sums))


class Line(NamedTuple):
    """An instruction, and the place of its result."""

    place: int
    row: Primitive
    operands: tuple[Place, ...]


class Outer(NamedTuple):
    """Products of one factor that are summed over rows.

    sums      the number of the sum that each goes to
    operands  the factor, then the other one of each
    """

    row: Primitive
    sums: list[int]
    operands: list[Place]


class _Lowering:
    def __init__(self, first: int, varies: Sequence[int], shared: Sequence[int]) -> None:
        self.first, self.varies = first, varies
        self.uniforms: dict[int | str, int] = {}
        self.meant: list[Place] = []
        self.functions: dict[tuple[Primitive, int], int] = {}
        self.slots: dict[int, int] = {}
        self.splats: dict[int, int] = {}  # of uniforms: the slots
        self.begun: set[int] = set()  # sums
        self.stream = array("i")
        for x in shared:
            self.uniform(x)

    def program(self, lines: "list[Line | Outer]", stored: Sequence[int], sums: int) -> Program:
        """The stream, instruction after instruction; a slot is free when what stood there has been read last."""
        last = {int(x): at for at, line in enumerate(lines) for x in line.operands if self.moves(x)}
        columns = sorted({x for x in (*last, *stored) if x < self.first})
        self.slots = {x: i for i, x in enumerate(columns)}
        for x in (x for line in lines for x in self._elementwise(line) if not self.moves(x)):
            self.splats.setdefault(self.uniform(x), len(columns) + len(self.splats))
        free, high = list[int](), len(columns) + len(self.splats)
        places: dict[int, list[int]] = {}
        for k, x in enumerate(stored):
            places.setdefault(x, []).append(k)
        for x in columns:
            self._store(x, places)
        for at, line in enumerate(lines):
            moving = dict.fromkeys(int(x) for x in line.operands if self.moves(x))
            free += [self.slots[x] for x in moving if last[x] == at]
            if isinstance(line, Outer):
                self._outer(line)
                continue
            if not free:
                free.append(high)
                high += 1
            target = free.pop()  # may be an operand's: each register is read before it is written
            self._instruction(line, target)
            self.slots[line.place] = target
            self._store(line.place, places)
            if line.place not in last:
                free.append(target)
        self.stream.append(OPCODES["END"])
        return Program(
            self.stream, tuple(columns), tuple(self.splats), high, tuple(self.meant), tuple(self.functions),
            len(stored), sums,
        )  # fmt: skip

    # Operands

    def moves(self, x: Place) -> bool:
        """Whether it differs from row to row."""
        return type(x) is int and bool(self.varies[x])

    def uniform(self, x: Place) -> int:
        """The number of a uniform."""
        found = self.uniforms.setdefault(key(x), len(self.meant))
        if found == len(self.meant):
            self.meant.append(x)
        return found

    def slot(self, x: Place) -> int:
        """Where a number stands for each row."""
        return self.slots[int(x)] if self.moves(x) else self.splats[self.uniform(x)]

    def _elementwise(self, line: "Line | Outer") -> Sequence[Place]:
        """The operands that are slots: in a dot product uniforms may stand at the start and left of each pair."""
        if line.row not in (DOT, DOT_CHAIN):
            return line.operands
        return line.operands[1:] if self.moves(line.operands[1]) else line.operands[2::2]

    # The stream

    def _instruction(self, line: Line, target: int) -> None:
        row, operands = line.row, line.operands
        if row in (DOT, DOT_CHAIN):
            start, slots = operands[0], self.moves(operands[1])
            name, left = ("DOTS", self.slot) if slots else ("DOT", self.uniform)
            begin = self.slot(start) if self.moves(start) else -1 - self.uniform(start)
            self.stream.extend((_twin(name, row is DOT_CHAIN), len(operands) // 2, target, begin))
            for x, y in zip(operands[1::2], operands[2::2], strict=True):
                self.stream.extend((left(x), self.slot(y)))
        elif row in INLINE:
            self.stream.extend((OPCODES[row], target, *map(self.slot, operands)))
        else:
            called = self.functions.setdefault((row, len(operands)), len(self.functions))
            self.stream.extend((OPCODES["CALL"], len(operands), target, called, *map(self.slot, operands)))

    def _outer(self, outer: Outer) -> None:
        factor, *others = map(self.slot, outer.operands)
        pairs: dict[str, list[int]] = {"OUTER": [], "OUTER_MORE": []}  # a sum is begun before more comes to it
        for k, other in zip(outer.sums, others, strict=True):
            pairs["OUTER_MORE" if k in self.begun else "OUTER"] += (k, other)
            self.begun.add(k)
        for name, words in filter(itemgetter(1), pairs.items()):
            self.stream.extend((_twin(name, outer.row is table.chain), len(words) // 2, factor, *words))

    def _store(self, x: int, places: dict[int, list[int]]) -> None:
        for k in places.get(x, ()):
            self.stream.extend((OPCODES["STORE"], 1, k, self.slots[x]))


def _twin(name: str, chain: bool) -> int:  # noqa: FBT001
    return OPCODES[f"{name} CHAIN" if chain else name]


def _with_outers(lines: list[Line], sums: Sequence[Sequence[Product]], varies: Sequence[int]) -> "list[Line | Outer]":
    """The instructions, and products summed over rows, those that share a factor together, as soon as they can be."""
    counts = Counter(factor for terms in sums for _, x, y in terms for factor in {key(x), key(y)})
    outers: dict[tuple[Primitive, int | str], Outer] = {}
    for k, terms in enumerate(sums):
        for row, x, y in terms:
            factor, other = (x, y) if counts[key(x)] >= counts[key(y)] else (y, x)
            outer = outers.setdefault((row, key(factor)), Outer(row, [], [factor]))
            outer.sums.append(k)
            outer.operands.append(other)
    at = {line.place: i for i, line in enumerate(lines)}
    due: dict[int, list[Outer]] = {}
    for outer in outers.values():
        reads = [at.get(int(x), -1) for x in outer.operands if type(x) is int and varies[x]]
        due.setdefault(max(reads, default=-1), []).append(outer)
    merged: list[Line | Outer] = list(due.get(-1, ()))
    for i, line in enumerate(lines):
        merged += (line, *due.get(i, ()))
    return merged
