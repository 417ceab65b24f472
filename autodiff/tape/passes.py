"""Passes: each takes code and gives code that computes the same numbers, to the last bit."""

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
from autodiff.core.slots import Place
from autodiff.tape.instructions import Code, Flat, Instruction, read

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
    slots: list[Place] = list(range(code.inputs))
    kept: list[Instruction] = []
    known: dict[tuple[str, tuple[object, ...]], Place] = {}
    for primitive, operands in code.instructions:
        xs = tuple(read(slots, operands))
        slot = _folded(primitive, xs)
        if slot is None:
            key = (primitive.name, _key(primitive, xs))
            slot = known.get(key)
            if slot is None:
                slot = known[key] = code.inputs + len(kept)
                kept.append(Instruction(primitive, xs))
            if primitive is negate:
                known[(negate.name, (slot,))] = xs[0]  # twice negated is itself
        slots.append(slot)
    return Code(code.inputs, kept, tuple(read(slots, code.outputs)))


def without_dead_code(code: Code) -> Code:
    """Only the instructions that an output depends on, and those that may raise where it does not."""
    flat = Flat.of(code.instructions)
    ends, operands = [0, *flat.ends], flat.operands.tolist()
    alive = bytearray(code.inputs + len(flat))
    for x in code.outputs:
        if type(x) is int:
            alive[x] = True
    partial = [row in PARTIAL for row in flat.primitives]
    for i in range(len(flat) - 1, -1, -1):
        read_by = operands[ends[i] : ends[i + 1]]
        if partial[flat.codes[i]] and not alive[code.inputs + i]:
            last = read_by[-1]
            alive[code.inputs + i] = last >= 0 or _may_fail(flat.primitives[flat.codes[i]], flat.constants[-1 - last])
        if alive[code.inputs + i]:
            for x in read_by:
                if x >= 0:
                    alive[x] = True
    if all(alive[code.inputs :]):
        return Code(code.inputs, flat, code.outputs)
    renamed, free = list(range(code.inputs)), code.inputs
    for live in alive[code.inputs :]:
        renamed.append(free)
        free += live
    kept = [i for i in range(len(flat)) if alive[code.inputs + i]]
    rows, constants = [flat.primitives[flat.codes[i]] for i in kept], flat.constants
    places, stops = list[Place](), list[int]()
    for i in kept:
        places += [renamed[x] if x >= 0 else constants[-1 - x] for x in operands[ends[i] : ends[i + 1]]]
        stops.append(len(places))
    return Code(code.inputs, Flat.written(rows, stops, places), tuple(read(renamed, code.outputs)))


def _may_fail(row: Primitive, last: float) -> bool:
    """Whether a row may raise with a constant for its last operand: not x / 2 nor x³."""
    return not last if row in QUOTIENTS else not (last >= 0.0 and last.is_integer()) if row is power else True


def _folded(primitive: Primitive, xs: tuple[Place, ...]) -> Place | None:
    """What the instruction comes to without being executed, or None."""
    if all(type(x) is float for x in xs):
        try:
            return primitive.evaluate([float(x) for x in xs])
        except (ArithmeticError, ValueError):
            return None  # it raises when it is executed, as it should
    if primitive.base is identity:
        return xs[0]
    for i, x in enumerate(xs):
        neutral = NEUTRAL.get((primitive.base, i))
        if type(x) is float and neutral is not None and x.hex() == neutral.hex():
            return xs[1 - i]
    return None


def _key(primitive: Primitive, xs: tuple[Place, ...]) -> tuple[object, ...]:
    keys = [x if type(x) is int else float(x).hex() for x in xs]
    return tuple(sorted(keys, key=str) if primitive.base in COMMUTATIVE else keys)
