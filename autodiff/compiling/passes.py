"""Passes of the interpreter, from code to code: fewer instructions for the machine, equal up to rounding.

    masked    sign(relu x) · a, as the chain rule makes it, is one choice
    fused     a sum of products that nobody else reads is a dot product, and a sum over rows a list of products

Rows stand here that the table lacks. They have values only: what they are made of was differentiated before.
"""

from collections.abc import Sequence
from typing import NamedTuple

from autodiff.core import primitives as table
from autodiff.core.floats import NAN, chained
from autodiff.core.rows import Primitive
from autodiff.core.slots import Place
from autodiff.tape.instructions import Code, Instruction, read

NOTHING = -0.0  # what a sum begins with: −0 + x is x, −0 too


def _masked(c: float, a: float) -> float:
    """a where c > 0, 0 where c = 0; nan for nan."""
    return a if c > 0.0 else c * 0.0


def _dotted(start: float, *pairs: float) -> float:
    """start + Σ x · y."""
    for x, y in zip(pairs[::2], pairs[1::2], strict=True):
        start += x * y
    return start


def _chain_dotted(start: float, *pairs: float) -> float:
    """The same, a product 0 where a factor is."""
    for x, y in zip(pairs[::2], pairs[1::2], strict=True):
        start += chained(x, y)
    return start


MASK = Primitive("mask", _masked, (NAN, NAN), ("none", "none"))
DOT = Primitive("dot", _dotted, (), ("none",))
DOT_CHAIN = Primitive("dot of the chain rule", _chain_dotted, (), ("none",))
DOTS = {table.multiply: DOT, table.chain: DOT_CHAIN}  # of products
SUMMED = frozenset({table.add, *DOTS})  # what sums are seen through, or made of


def varying(code: Code, rows: Sequence[int]) -> bytearray:
    """For each place whether it depends on inputs that differ from row to row."""
    varies = bytearray(code.inputs)
    for place in rows:
        varies[place] = True
    for _, operands in code.instructions:
        varies.append(any(type(x) is int and varies[x] for x in operands))
    return varies


def readers(code: Code) -> list[int]:
    """How often each place is read, by instructions and outputs."""
    count = [0] * (code.inputs + len(code.instructions))
    for _, operands in code.instructions:
        for x in operands:
            if type(x) is int:
                count[x] += 1
    for x in code.outputs:
        if type(x) is int:
            count[x] += 1
    return count


def masked(code: Code) -> Code:
    """The slope of relu times an adjoint as one choice."""
    found: list[Instruction] = list(code.instructions)
    first = code.inputs

    def is_step(x: Place) -> bool:
        if isinstance(x, float) or x < first or found[x - first].primitive is not table.sign:
            return False
        (of,) = found[x - first].operands
        return isinstance(of, int) and of >= first and found[of - first].primitive is table.relu

    for i, (row, operands) in enumerate(found):
        if row is table.chain:
            adjoint, step = operands if is_step(operands[1]) else operands[::-1]
            if isinstance(step, int) and is_step(step):
                found[i] = Instruction(MASK, (found[step - first].operands[0], adjoint))
    return Code(first, found, code.outputs)


class Product(NamedTuple):
    """A term of a sum: x · y, as `row` has it. If only one of them is the same for all rows, that is x."""

    row: Primitive
    x: Place
    y: Place


class Fused(NamedTuple):
    """What `fused` gives.

    code    its outputs that are summed over rows are what their sums have that is the same for all rows, or −0
    varies  for each place whether it differs from row to row
    sums    for each output the products that are summed over rows, too
    """

    code: Code
    varies: bytearray
    sums: list[list[Product]]


class Sums:
    """What the sums of a code add up, seen through the additions in them that nobody else reads."""

    def __init__(self, code: Code, varies: Sequence[int]) -> None:
        self.first, self.instructions, self.varies = code.inputs, list(code.instructions), varies
        self.count = readers(code)

    def made_by(self, x: Place, rows: frozenset[Primitive]) -> Instruction | None:
        """The instruction that x is the result of, if it is of these rows and x is read once."""
        if isinstance(x, float) or x < self.first or self.count[x] != 1:
            return None
        found = self.instructions[x - self.first]
        return found if found.primitive in rows else None

    def terms(self, operands: Sequence[Place], *, vary: int) -> list[Place | Instruction]:
        """Of the sum of these operands: its products as instructions, all else as places."""
        found: list[Place | Instruction] = []
        stack = list(reversed(operands))
        while stack:
            x = stack.pop()
            made = self.made_by(x, SUMMED) if type(x) is int and self.varies[x] == vary else None
            if made is None:
                found.append(x)
            elif made.primitive is table.add:
                stack += reversed(made.operands)
            else:
                found.append(made)
        return found

    def dot(self, place: int) -> list[Place | Instruction] | None:
        """The terms of a place that is a sum with products in it."""
        row, operands = self.instructions[place - self.first]
        terms = self.terms(operands, vary=self.varies[place]) if row is table.add else []
        return terms if any(isinstance(term, Instruction) for term in terms) else None


def fused(code: Code, varies: Sequence[int], reduced: frozenset[int] = frozenset()) -> Fused:
    """Sums of products as dot products, and outputs that are summed over rows (`reduced`, by number) as products."""
    sums, first = Sums(code, varies), code.inputs
    needed, roots = _needed(sums, code, reduced)
    places: list[Place] = list(range(first))  # where each place stands now
    made: list[Instruction] = []
    moves = bytearray(varies[:first])

    def emit(row: Primitive, operands: Sequence[Place]) -> int:
        made.append(Instruction(row, tuple(operands)))
        moves.append(any(type(x) is int and moves[x] for x in operands))
        return first + len(made) - 1

    def in_slot(x: Place, vary: int) -> bool:
        """Whether what is computed for each row, or once, finds x in a slot, and not among uniforms."""
        return type(x) is int and (bool(moves[x]) or not vary)

    def split(terms: Sequence[Place | Instruction], *, vary: int) -> tuple[Place, list[Product]]:
        """What is the same for all rows, as one place, and products; where nothing varies the first term for that."""
        still, products = list[Place](), list[Product]()
        for term in terms:
            if isinstance(term, Instruction):
                x, y = read(places, term.operands)
                swap = in_slot(x, vary) and not in_slot(y, vary)
                products.append(Product(term.primitive, *((y, x) if swap else (x, y))))
                continue
            (x,) = read(places, (term,))
            if in_slot(x, vary) and (vary or still):
                products.append(Product(table.multiply, 1.0, x))
            else:
                still.append(emit(table.add, (still.pop(), x)) if still else x)
        return still[0] if still else NOTHING, products

    for i, (row, operands) in enumerate(sums.instructions):
        terms = roots.get(first + i)
        if not needed[first + i]:
            places.append(NOTHING)
        elif terms is None:
            places.append(emit(row, read(places, operands)))
        else:
            total, products = split(terms, vary=varies[first + i])
            groups: dict[tuple[Primitive, bool], list[Place]] = {}
            for kind, x, y in products:
                groups.setdefault((kind, in_slot(x, varies[first + i])), []).extend((x, y))
            for (kind, _), pairs in groups.items():
                total = emit(DOTS[kind], (total, *pairs))
            places.append(total)
    outputs, over_rows = list[Place](), list[list[Product]]()
    for k, x in enumerate(code.outputs):
        if k in reduced and type(x) is int and varies[x]:
            total, products = split(sums.terms((x,), vary=True), vary=True)
        else:
            (total,), products = read(places, (x,)), []
        outputs.append(total)
        over_rows.append(products)
    return Fused(Code(first, made, tuple(outputs)), moves, over_rows)


def _needed(sums: Sums, code: Code, reduced: frozenset[int]) -> tuple[bytearray, dict[int, list[Place | Instruction]]]:
    """The places that are computed, and those among them that are dot products, with their terms."""
    needed, roots = bytearray(len(sums.count)), dict[int, list[Place | Instruction]]()

    def mark(terms: Sequence[Place | Instruction]) -> None:
        for term in terms:
            for x in term.operands if isinstance(term, Instruction) else (term,):
                if type(x) is int:
                    needed[x] = True

    for k, x in enumerate(code.outputs):
        mark(sums.terms((x,), vary=True) if k in reduced and type(x) is int and sums.varies[x] else (x,))
    for place in range(len(needed) - 1, sums.first - 1, -1):
        if needed[place]:
            terms = sums.dot(place)
            if terms:
                roots[place] = terms
            mark(terms or sums.instructions[place - sums.first].operands)
    return needed, roots
