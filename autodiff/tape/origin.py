"""Origin: the system that a tape came from, whose derivatives stand beside ours."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from autodiff.core.value import Value
from autodiff.tape.instructions import Code, Flat, executed

DIFFERS = 1e-9  # relative: what two systems' roundings stay below


class Origin(NamedTuple):
    """A system's name, and its ∂y/∂v at a point for the places of a tape that it knows, y the first output."""

    name: str
    adjoints: Callable[[Sequence[float]], Mapping[int, float]]


class Beside(NamedTuple):
    """The adjoints of the system that a tape came from, held against ours.

    adjoints  its ∂y/∂v, for the places that it knows
    apart     the largest difference from ours, relative to the larger and to 1
    first     the first place, in the order of the evaluation, where they differ; None where all agree
    told      the same in a sentence
    """

    name: str
    adjoints: Mapping[int, float]
    apart: float
    first: int | None
    told: str

    def __str__(self) -> str:
        return self.told


def beside(tape: Any, point: Sequence[float], names: Sequence[str]) -> Beside | None:
    """What the system that a tape came from says of its adjoints at a point; `names` what its places are called."""
    if tape.origin is None:
        return None
    theirs, ours = tape.origin.adjoints(point), _adjoints(tape, point)
    apart = {place: _difference(ours.get(place, 0.0), x) for place, x in sorted(theirs.items())}
    most = max(apart.values(), default=0.0)
    first = next((place for place, far in apart.items() if far > DIFFERS), None)
    told = f"{tape.origin.name} finds the same adjoints, {f'to {most:.0e} relatively' if most else 'to the bit'}."
    if first is not None:
        where = f"first at {names[first]}: {theirs[first]!r} there, {ours.get(first, 0.0)!r} here"
        told = f"{tape.origin.name} finds other adjoints, by up to {most:.0e} relatively, {where}."
    return Beside(tape.origin.name, theirs, most, first, told)


def _adjoints(tape: Any, point: Sequence[float]) -> dict[int, float]:
    """Our ∂y/∂v for each place of a tape, y its first output."""
    values = executed(tape, [Value(x) for x in point])
    output = tape.results[0]
    if type(output) is int and isinstance(values[output], Value):
        values[output].backward()
    return {place: value.grad for place, value in enumerate(values) if isinstance(value, Value)}


def _difference(a: float, b: float) -> float:
    """How far apart two derivatives are, against the larger of them and 1."""
    if a != a or b != b:
        return 0.0 if a != a and b != b else float("inf")
    return 0.0 if a == b else abs(a - b) / max(1.0, abs(a), abs(b))


def surviving(longer: Code, shorter: Code) -> dict[int, int]:
    """The places of a program in another that lacks some of its instructions, those on which no output hangs."""
    found, left = {i: i for i in range(longer.inputs)}, list(enumerate(Flat.of(shorter.instructions), shorter.inputs))
    for place, (row, operands) in enumerate(Flat.of(longer.instructions), longer.inputs):
        known = all(x in found for x in operands if type(x) is int)
        there = tuple(found[x] if type(x) is int else x for x in operands) if known else None
        if left and left[0][1].primitive is row and tuple(left[0][1].operands) == there:
            found[place] = left.pop(0)[0]
    return found
