"""Passes: each takes code and gives code that computes the same numbers, to the last bit."""

from collections.abc import Iterable, Sequence
from itertools import accumulate

from autodiff.core.floats import NAN
from autodiff.core.primitives import (
    add,
    atanh,
    ceil,
    divide,
    entropy,
    erfinv,
    floor,
    floor_divide,
    fmod,
    identity,
    ldexp,
    lgamma,
    log,
    log1p,
    log2,
    log10,
    logit,
    modulo,
    multiply,
    negate,
    polygamma,
    power,
    round,  # noqa: A004 (as NumPy's)
    sinc,
    subtract,
    trunc,
    xlogy,
)
from autodiff.core.rows import Primitive
from autodiff.tape.instructions import Code, Flat, read

COMMUTATIVE = frozenset({add, multiply})

# An operand that leaves the other as it is, bit for bit: not 0 for a sum, since −0 + 0 is 0.
NEUTRAL: dict[tuple[Primitive, int], float] = {
    (add, 0): -0.0, (add, 1): -0.0, (subtract, 1): 0.0, (divide, 1): 1.0, (power, 1): 1.0,
    (multiply, 0): 1.0, (multiply, 1): 1.0,
}  # fmt: skip


# Rows that may raise where their partials do not: in an untaken branch of `where` a gradient raises as the value does.
PARTIAL = frozenset({
    divide, floor_divide, modulo, fmod, power, log, log2, log10, log1p, xlogy, entropy, ldexp, lgamma, polygamma, sinc,
    atanh, logit, erfinv, floor, ceil, trunc, round,
})  # fmt: skip
QUOTIENTS = frozenset({divide, floor_divide, modulo, fmod})


def simplified(code: Code) -> Code:
    """Constants folded, neutral operands dropped, common subexpressions shared, dead code removed."""
    return without_dead_code(shared(code))


def shared(code: Code) -> Code:
    """Each instruction once: folded where all is constant, skipped where it changes nothing."""
    flat, first = Flat.of(code.instructions), code.inputs
    numbered = Constants(flat.constants)
    # Where each place stands now: from 0, or −1 − k for the k-th constant, which as an index finds itself from the end.
    slots = [*range(first), *[0] * len(flat), *range(-len(flat.constants), 0)]
    codes, ends, operands = list[int](), list[int](), list[int]()
    known: dict[tuple[int, ...], int] = {}
    commute = {kind for kind, row in enumerate(flat.primitives) if row.base in COMMUTATIVE}
    idle = {kind for kind, row in enumerate(flat.primitives) if row.base is identity}
    negates = {kind for kind, row in enumerate(flat.primitives) if row is negate}
    begin, places = 0, flat.operands.tolist()
    for place, (kind, end) in enumerate(zip(flat.codes, flat.ends, strict=True), first):
        xs = [slots[x] for x in places[begin:end]]
        begin, slot = end, None
        if xs[0] < 0 or xs[-1] < 0 or kind in idle:
            slot = _folded(flat.primitives[kind], xs, numbered)
        if slot is None:
            key = (kind, xs[1], xs[0]) if kind in commute and xs[0] > xs[1] else (kind, *xs)
            fresh = first + len(codes)
            slot = known.setdefault(key, fresh)
            if slot == fresh:
                codes.append(kind)
                operands += xs
                ends.append(len(operands))
            if kind in negates:
                known[kind, slot] = xs[0]  # twice negated is itself
        slots[place] = slot
    outputs = [slots[x] if type(x) is int else x for x in code.outputs]
    outputs = [x if type(x) is float or x >= 0 else numbered.numbers[-1 - int(x)] for x in outputs]
    names = dict[int, str]()
    for x, name in code.names.items():
        if slots[x] >= first:
            names.setdefault(slots[x], name)
    return Code(first, Flat(flat.primitives, codes, ends, operands, numbered.numbers), tuple(outputs), names)


class Constants:
    """Constants, each once, to the bit: −1 − k stands for the k-th."""

    def __init__(self, numbers: Iterable[float]) -> None:
        self.numbers = list(numbers)
        self.places = {x.hex(): -1 - k for k, x in enumerate(self.numbers)}

    def place(self, x: float) -> int:
        """What stands for a number."""
        found = self.places.setdefault(x.hex(), -1 - len(self.numbers))
        if -1 - found == len(self.numbers):
            self.numbers.append(x)
        return found


def without_dead_code(code: Code) -> Code:
    """Only the instructions that an output depends on, and those of rows that may raise where it does not."""
    flat, first = Flat.of(code.instructions), code.inputs
    ends, operands = [0, *flat.ends], flat.operands.tolist()
    alive = bytearray(first + len(flat) + len(flat.constants))  # constants, being below 0, are marked at its end
    for x in code.outputs:
        if type(x) is int:
            alive[x] = True
    raises = [row in PARTIAL for row in flat.primitives]
    for i in range(len(flat) - 1, -1, -1):
        if not alive[first + i] and raises[flat.codes[i]]:
            last = operands[ends[i + 1] - 1]
            alive[first + i] = last >= 0 or _may_fail(flat.primitives[flat.codes[i]], flat.constants[-1 - last])
        if alive[first + i]:
            for x in operands[ends[i] : ends[i + 1]]:
                alive[x] = True
    if all(alive[first : first + len(flat)]):
        return code._replace(instructions=flat if all(alive[first:]) else flat.without_unused())
    renamed = [*range(first), *accumulate(alive[first : first + len(flat) - 1], initial=first)]
    kept = [i for i in range(len(flat)) if alive[first + i]]
    places = [x if x < 0 else renamed[x] for i in kept for x in operands[ends[i] : ends[i + 1]]]
    stops = accumulate(ends[i + 1] - ends[i] for i in kept)
    short = Flat(flat.primitives, [flat.codes[i] for i in kept], stops, places, flat.constants)
    names = {renamed[x]: name for x, name in code.names.items() if alive[x]}
    return Code(first, short.without_unused(), tuple(read(renamed, code.outputs)), names)


def _may_fail(row: Primitive, last: float) -> bool:
    """Whether a row may raise with a constant for its last operand: not x / 2 nor x³."""
    return not last if row in QUOTIENTS else not (last >= 0.0 and last.is_integer()) if row is power else True


def _folded(row: Primitive, xs: Sequence[int], numbered: Constants) -> int | None:
    """What an instruction comes to without being executed, or None."""
    if max(xs) < 0:
        try:
            return numbered.place(row.evaluate([numbered.numbers[-1 - x] for x in xs]))
        except (ArithmeticError, ValueError):
            return None  # it raises when it is executed, as it should
    if row.base is identity:
        return xs[0]
    for i, x in enumerate(xs):
        if x < 0:
            constant, neutral = numbered.numbers[-1 - x], NEUTRAL.get((row.base, i), NAN)
            if constant == neutral and constant.hex() == neutral.hex():  # 0 with its sign
                return xs[1 - i]
    return None
