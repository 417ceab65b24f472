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


def adjoints(tape: Any, point: Sequence[float]) -> dict[int, float]:
    """Our ∂y/∂v for each place of a tape, y its first output."""
    values = executed(tape, [Value(x) for x in point])
    output = tape.results[0]
    if type(output) is int and isinstance(values[output], Value):
        values[output].backward()
    return {place: value.grad for place, value in enumerate(values) if isinstance(value, Value)}


def difference(a: float, b: float) -> float:
    """How far apart two derivatives are, against the larger of them and 1."""
    if a != a or b != b:
        return 0.0 if a != a and b != b else float("inf")
    return 0.0 if a == b else abs(a - b) / max(1.0, abs(a), abs(b))


def differing(ours: Mapping[int, float], theirs: Mapping[int, float]) -> int | None:
    """The first place, in the order of the evaluation, whose two derivatives differ; None where all agree."""
    return next((place for place in sorted(theirs) if difference(ours.get(place, 0.0), theirs[place]) > DIFFERS), None)


def surviving(longer: Code, shorter: Code) -> dict[int, int]:
    """The places of a program in another that lacks some of its instructions, those on which no output hangs."""
    found, left = {i: i for i in range(longer.inputs)}, list(enumerate(Flat.of(shorter.instructions), shorter.inputs))
    for place, (row, operands) in enumerate(Flat.of(longer.instructions), longer.inputs):
        known = all(x in found for x in operands if type(x) is int)
        there = tuple(found[x] if type(x) is int else x for x in operands) if known else None
        if left and left[0][1].primitive is row and tuple(left[0][1].operands) == there:
            found[place] = left.pop(0)[0]
    return found
