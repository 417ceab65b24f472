"""Slopes: the partials of a row as code, traced from the table, so that the page computes them and knows none itself.

    slopes ::= {"code": [instruction, …], "partials": [operand, …]}
    instruction ::= [name of a row, operand, …]
    operand ::= slot | {"constant": number}

Place 0 is the output of the row, then come its operands, then the result of each instruction.
"""

import math
from collections.abc import Iterable
from functools import cache
from typing import Any

from autodiff.core import primitives
from autodiff.core.primitives import identity
from autodiff.core.rows import Number, Primitive
from autodiff.core.slots import Place
from autodiff.tape.tape import trace
from autodiff.transforms.levels import VARIABLE

OWN = frozenset(row for row in vars(primitives).values() if isinstance(row, Primitive))  # those of primitives.js


def page_row(op: Primitive | None) -> Primitive | None:
    """The row by which the page computes a node; None for a leaf, and for a row of the user's."""
    return identity if op is VARIABLE else op if op in OWN else None


def slopes_of(rows: Iterable[tuple[Primitive, int]]) -> dict[str, dict[int, Any]]:
    """The slopes of each row that is used, by its name and its number of operands."""
    found: dict[str, dict[int, Any]] = {}
    for row, count in rows:
        found.setdefault(row.name, {})[count] = slopes(row, count)
    return found


@cache
def slopes(row: Primitive, count: int) -> dict[str, Any]:
    """The partials of a row of `count` operands; of a row of any number of them, which are alike, that to the first."""

    def partials(out: Number, *xs: Number) -> list[Number]:
        return [row.partial(position, out, *xs) for position in range(row.arity or 1)]

    tape = trace(partials, *[1.0] * (1 + count)).simplify()
    code = [[primitive.name, *map(operand_data, xs)] for primitive, xs in tape]
    return {"code": code, "partials": list(map(operand_data, tape.results))}


def operand_data(x: Place) -> int | dict[str, float | str]:
    """A slot is a number in the page's data, a constant says that it is one."""
    return x if type(x) is int else {"constant": number_data(x)}


def number_data(x: float) -> float | str:
    """JSON has no nan and no infinity, JavaScript reads them from texts."""
    return x if math.isfinite(x) else "NaN" if math.isnan(x) else "Infinity" if x > 0 else "-Infinity"
