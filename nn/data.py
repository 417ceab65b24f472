"""Data as the engine reads it: rows of floats and their targets, checked once."""

import math
import random
import warnings
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from numbers import Integral
from typing import Any, TypeAlias, cast

from autodiff.core.floats import number
from autodiff.core.rows import Number, as_operand
from autodiff.errors import NotANumber

Row: TypeAlias = list[float]
Example: TypeAlias = tuple[Row, Any]


def examples(inputs: Any, targets: Any) -> list[Example]:
    """(row, target) pairs of two sequences of the same length: lists, tuples, arrays, frames; one number for a row.

    inputs   m × n
    targets  m, each a number, a class index or a sequence of numbers
    """
    rows = [_row(i, row) for i, row in enumerate(items(inputs, "inputs"))]
    answers = [_finite(f"target {i}", plain(target)) for i, target in enumerate(items(targets, "targets"))]
    if len(rows) != len(answers):
        raise ValueError(f"one target for each row: got {len(rows)} rows and {len(answers)} targets")
    if not rows:
        raise ValueError("no examples: the mean over an empty batch is undefined, pass at least one row")
    widths = {len(row) for row in rows}
    if len(widths) > 1:
        raise ValueError(f"rows of one length are needed, got lengths {sorted(widths)}")
    return list(zip(rows, answers, strict=True))


def items(x: Any, name: str) -> list[Any]:
    """What there is for each example. A dict or a set would give its keys, or any order: they are refused."""
    x = plain(x)
    if isinstance(x, str | bytes | Mapping | AbstractSet) or not isinstance(x, Iterable):
        kind = type(cast("Any", x)).__name__
        raise TypeError(f"{name} come as a list or an array with an item for each example, got {kind}")
    return list(cast("Iterable[Any]", x))


def count(n: Any, name: str) -> int:
    """A whole number from 1."""
    whole = plain(n)
    if isinstance(whole, bool) or not isinstance(whole, Integral) or int(whole) < 1:
        raise ValueError(f"{name} is a whole number from 1, got {n!r}")
    return int(whole)


def plain(x: Any) -> Any:
    """A NumPy array or scalar, or a data frame, as Python lists and numbers; anything else as it is."""
    x = x.to_numpy() if hasattr(x, "to_numpy") else x
    hidden = getattr(x, "mask", None)
    if hidden is not None and hasattr(x, "filled") and hidden.any():
        raise ValueError(f"{hidden.sum()} numbers of an array are masked: fill them in, or drop their rows")
    return x.tolist() if hasattr(x, "tolist") else x


def numbers(x: Any) -> list[Number]:
    """A row as a list of floats, Values and Duals; one number is a row of one. NotANumber for all else."""
    x = plain(x)
    parts = cast("Iterable[Any]", x if isinstance(x, list | tuple | range) else [x])
    return list(map(as_operand, parts))


def _row(i: int, row: Any) -> Row:
    try:
        return _finite(f"row {i}", [number(x) for x in numbers(row)])
    except NotANumber as error:
        raise NotANumber(f"row {i}: {error}") from None


def _finite(name: str, x: Any) -> Any:
    parts = x if type(x) in (list, tuple) else [x]
    for position, part in enumerate(parts):
        if isinstance(part, float) and not math.isfinite(part):
            raise ValueError(f"{name} is not finite, {part} at position {position}: drop it or fill it in")
    return x


def warn_of(data: list[Example], held: list[Example], *, labels: bool) -> None:
    """Say what is likely a mistake: columns that tell nothing, and classes that are only looked at."""
    columns = zip(*(row for row, _ in data), strict=True)
    constant = [j for j, column in enumerate(columns) if len(data) > 1 and min(column) == max(column)]
    if constant:
        told = ", ".join(map(str, constant[:8])) + (" …" if len(constant) > 8 else "")
        warnings.warn(f"columns that are the same in every row tell a model nothing: {told}; drop them", stacklevel=3)
    if labels:
        unseen = {str(target) for _, target in held} - {str(target) for _, target in data}
        if unseen:
            warnings.warn(f"classes to look at that are not trained on: {', '.join(sorted(unseen))}", stacklevel=3)


def split(data: list[Example], validation: Any, seed: Any) -> tuple[list[Example], list[Example]]:
    """The examples to train on, and those to look at: other ones, (inputs, targets), or a share drawn by the seed."""
    if isinstance(validation, tuple | list):
        pair = cast("Any", validation)
        if len(pair) != 2:
            raise ValueError(f"validation is (inputs, targets), or a share of the examples; got {len(pair)} parts")
        held = examples(*pair)
        if len(held[0][0]) != len(data[0][0]):
            raise ValueError(f"validation rows are as long as the others, {len(data[0][0])}; got {len(held[0][0])}")
        return data, held
    share = number(plain(validation))
    kept = round(len(data) * (1.0 - share)) if 0.0 < share < 1.0 else 0
    if not 0 < kept < len(data):
        raise ValueError(
            f"validation={validation!r} of {len(data)} examples leaves none to train on, or none to look at: it is a "
            "share between 0 and 1, or (inputs, targets)"
        )
    order = random.Random(plain(seed)).sample(range(len(data)), len(data))
    return [data[i] for i in sorted(order[:kept])], [data[i] for i in sorted(order[kept:])]
