"""The readings of a tape: ways to run one over rows of numbers, each answering to the rows' own float functions."""

from functools import partial

import numpy as np

from autodiff import Tape
from autodiff.compiling.forms import by_ieee
from autodiff.compiling.interpreter import Interpreter
from autodiff.compiling.source import Source
from autodiff.tape.instructions import Code, Instruction
from autodiff.transforms.structure import NUMBER, container, flatten


def tape_of(row, count):
    """The tape of one instruction."""
    inputs = container(tuple, range(count), [NUMBER] * count)
    return Tape(inputs, Code(count, [Instruction(row, tuple(range(count)))], (count,)), NUMBER, "f")


def by_reference(tape, rows):
    """By the rows' float functions, one number after the other: inf and nan where those raise."""
    results = []
    for row in rows:
        slots = list(row)
        for primitive, operands in tape:
            slots.append(by_ieee(primitive)(*(slots[x] if type(x) is int else x for x in operands)))
        results.append([slots[x] if type(x) is int else x for x in tape.results])
    return np.array(results, float).T


def by_source_on_floats(tape, rows):
    engine = Source(tape, [])
    return np.array([engine(list(row), engine.table([]), 1) for row in rows], float).T


def by_source_on_arrays(tape, rows):
    engine = Source(tape, list(range(tape.inputs.size)))
    return engine([], engine.table([np.array(rows, float)]), len(rows))


def by_interpreter(tape, rows, **options):
    engine = Interpreter(tape.code, list(range(tape.inputs.size)), **options)
    return engine([], engine.table([np.array(rows, float)]), len(rows))


READINGS = {
    "source on floats": by_source_on_floats,
    "source on arrays": by_source_on_arrays,
    "interpreter": by_interpreter,
    "interpreter, exact": partial(by_interpreter, exact=True),
}


def ulps(found, expected):
    """How many units in the last place two numbers are apart; infinite where one is nan or infinite alone."""
    with np.errstate(all="ignore"):
        same = (found == expected) | (np.isnan(found) & np.isnan(expected))
        apart = np.abs(found - expected) / np.spacing(np.abs(expected))
        return np.where(same, 0.0, np.where(np.isfinite(apart), apart, np.inf))


def flat(x):
    """The numbers of a result, in order."""
    return [float(number) for number in flatten(x)[0]]
