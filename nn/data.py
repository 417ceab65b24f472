"""Data as the engine reads it: rows of floats and their targets, checked once."""

import math
from collections.abc import Iterable
from typing import Any, TypeAlias, cast

from autodiff.floats import number

Row: TypeAlias = list[float]
Example: TypeAlias = tuple[Row, Any]


def examples(inputs: Any, targets: Any) -> list[Example]:
    """(row, target) pairs of two sequences of the same length; NumPy arrays, lists, tuples, one number for a row.

    inputs   m × n
    targets  m, each a number, a class index or a sequence of numbers
    """
    rows = [_row(i, row) for i, row in enumerate(plain(inputs))]
    answers = [plain(target) for target in plain(targets)]
    if len(rows) != len(answers):
        raise ValueError(f"one target for each row: got {len(rows)} rows and {len(answers)} targets")
    if not rows:
        raise ValueError("no examples: the mean loss of an empty batch is undefined")
    widths = {len(row) for row in rows}
    if len(widths) > 1:
        raise ValueError(f"rows of one length are needed, got lengths {sorted(widths)}")
    return list(zip(rows, answers, strict=True))


def count(n: Any, name: str) -> int:
    """A whole number from 1."""
    if not isinstance(n, int) or isinstance(n, bool) or n < 1:
        raise ValueError(f"{name} is a whole number from 1, got {n!r}")
    return n


def plain(x: Any) -> Any:
    """A NumPy array or scalar as Python lists and floats; anything else as it is."""
    return x.tolist() if hasattr(x, "tolist") else x


def sequence(x: Any) -> list[Any]:
    """A row as a list; one number is a row of one."""
    x = plain(x)
    return list(cast("Iterable[Any]", x)) if isinstance(x, list | tuple) else [x]


def _row(i: int, row: Any) -> Row:
    numbers = [number(x) for x in sequence(row)]
    if not all(map(math.isfinite, numbers)):
        raise ValueError(f"row {i} is not finite: {numbers}; drop it or fill it in")
    return numbers
