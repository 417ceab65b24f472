"""Loops found again in a tape: instructions that repeat, their operands a fixed step further each time.

v = [*numbers]
for i in range(16):
    v.append(v[2 * i] * v[32])        # every result is the next of v
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias

from autodiff.core.rows import Primitive
from autodiff.core.slots import Place
from autodiff.tape.instructions import Instruction

LONGEST = (4, 16, 64)  # lines of a loop, at most: inner ones are found first
FEWEST = 3  # times that one goes round, at least
LETTERS = "ijk"  # of loops inside of one another


class Operand(NamedTuple):
    """A constant, or the place `start` + Σ step · index, with a step for each loop around it, the innermost first."""

    start: Place
    steps: tuple[int, ...] = ()


class Line(NamedTuple):
    """An instruction, or one for each time that the loops around it go round."""

    row: Primitive
    operands: tuple[Operand, ...]


class Loop(NamedTuple):
    """Lines that go round, so many times."""

    times: int
    body: "tuple[Line | Loop, ...]"


Lines: TypeAlias = "Sequence[Line | Loop]"


def rolled(instructions: Sequence[Instruction]) -> list[Line | Loop]:
    """The instructions, those that repeat in loops."""
    lines: list[Line | Loop] = [Line(row, tuple(map(Operand, operands))) for row, operands in instructions]
    for longest in LONGEST:
        lines = _once(lines, longest)
    return lines


def written(lines: Lines, spelt: Callable[[Line, list[str]], str], depth: int = 0) -> list[str]:
    """Python that appends each result to v; `spelt` writes an instruction with its operands."""
    indent, text = "    " * depth, list[str]()
    for line in lines:
        if isinstance(line, Loop):
            text.append(f"{indent}for {LETTERS[depth]} in range({line.times}):")
            text += written(line.body, spelt, depth + 1)
        else:
            letters = LETTERS[:depth][::-1]
            operands = [repr(x.start) if type(x.start) is float else f"v[{_index(x, letters)}]" for x in line.operands]
            text.append(f"{indent}v.append({spelt(line, operands)})")
    return text


def _index(x: Operand, letters: str) -> str:
    text = str(x.start)
    for letter, step in reversed(list(zip(letters, x.steps, strict=True))):
        if step:
            text += f" {'-' if step < 0 else '+'} {letter if abs(step) == 1 else f'{abs(step)} * {letter}'}"
    return text.removeprefix("0 + ")


def _once(lines: Lines, longest: int) -> list[Line | Loop]:
    """One level of loops, of so many lines at most: at each place the period that saves most."""
    numbered: dict[object, int] = {}
    shapes = [numbered.setdefault(_shape(line), len(numbered)) for line in lines]
    starts = [_starts(line) for line in lines]
    found: list[Line | Loop] = []
    at = 0
    while at < len(lines):
        best, best_period, best_count = 0, 0, 0
        for period in range(1, min(longest, (len(lines) - at) // FEWEST) + 1):
            if shapes[at] == shapes[at + period] and shapes[at + period - 1] == shapes[at + 2 * period - 1]:
                count = _count(shapes, starts, at, period)
                saved = period * (count - 1) - 1
                if count >= FEWEST and saved > best:
                    best, best_period, best_count = saved, period, count
        if best:
            steps = _steps(starts, at, best_period)
            found.append(Loop(best_count, tuple(map(_moving, lines[at : at + best_period], steps))))
            at += best_period * best_count
        else:
            found.append(lines[at])
            at += 1
    return found


def _count(shapes: Sequence[int], starts: Sequence[tuple[int, ...]], at: int, period: int) -> int:
    """How often a block repeats with the same steps."""
    if shapes[at : at + period] != shapes[at + period : at + 2 * period]:
        return 1
    steps, count, begin = _steps(starts, at, period), 2, at + period
    while begin + 2 * period <= len(shapes) and shapes[at : at + period] == shapes[begin + period : begin + 2 * period]:
        if _steps(starts, begin, period) != steps:
            break
        count, begin = count + 1, begin + period
    return count


def _steps(starts: Sequence[tuple[int, ...]], at: int, period: int) -> list[tuple[int, ...]]:
    """How much further each operand of a block stands in the next."""
    return [tuple([b - a for a, b in zip(starts[i], starts[i + period], strict=True)]) for i in range(at, at + period)]


def _shape(line: Line | Loop) -> object:
    """What lines that can be one in a loop have in common: all but where their operands start."""
    if isinstance(line, Loop):
        return line.times, *map(_shape, line.body)
    places = [x.steps if type(x.start) is int else float(x.start).hex() for x in line.operands]
    return line.row.name, *places


def _starts(line: Line | Loop) -> tuple[int, ...]:
    if isinstance(line, Loop):
        return tuple([start for inner in line.body for start in _starts(inner)])
    return tuple([x.start for x in line.operands if isinstance(x.start, int)])


def _moving(line: Line | Loop, steps: Sequence[int]) -> Line | Loop:
    """The line with a step more for each of its places."""
    if isinstance(line, Loop):
        body, at = list[Line | Loop](), 0
        for inner in line.body:
            count = len(_starts(inner))
            body.append(_moving(inner, steps[at : at + count]))
            at += count
        return Loop(line.times, tuple(body))
    left = iter(steps)
    return Line(
        line.row,
        tuple([Operand(x.start, (*x.steps, next(left))) if isinstance(x.start, int) else x for x in line.operands]),
    )
