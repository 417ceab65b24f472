"""Arguments as the compiler takes them: their numbers apart from their structure, arrays as they lie."""

import os
import pickle
import sys
from collections.abc import Sequence
from io import BytesIO
from types import FunctionType
from typing import Any, NamedTuple, cast

from autodiff.core.packages import require
from autodiff.core.rows import Operand
from autodiff.core.value import Value
from autodiff.errors import StructureMismatch
from autodiff.transforms.structure import NUMBER, Structure, container, flatten

INSTALL = "pip install 'autodiff-stepper[fast]'"


ARRAYS: set[type] = set()  # NumPy's, once one has been seen


class Argument(NamedTuple):
    """An argument taken apart.

    structure  of one row, where it has rows
    numbers    a sequence of them, or with rows a matrix, an array or a list of lists
    rows       how many, None where every row shares it
    plain      whether all are floats, and not numbers of other kinds
    """

    structure: Structure
    numbers: Any
    rows: int | None
    plain: bool = True


def taken_apart(x: Any, name: str, *, rows: bool) -> Argument:
    """An argument, whose leaves have rows first where `rows` says so. Of a list, the items are the rows."""
    x = x.to_numpy() if hasattr(x, "to_numpy") else x
    if rows and getattr(getattr(x, "dtype", None), "char", "") == "O":
        x = list(x)
    if _is_array(x):
        return _array(x, name, rows=rows)
    if not rows:
        numbers, structure = flatten(x, name)
        _read_models(structure, numbers)
        return Argument(structure, numbers, None, plain=_plain(numbers))
    if isinstance(x, dict) or hasattr(x, "__structure__"):
        return _container_of_rows(x, name)
    if not isinstance(x, list | tuple):
        raise StructureMismatch(f"{name} has no rows: it is {x!r}, where batch asks for an item for each row")
    if not x:
        raise StructureMismatch(f"{name} has no rows: it is empty")
    found = [flatten(row, f"{name}[{i}]") for i, row in enumerate(cast("Sequence[Any]", x))]
    first = found[0][1]
    made = fingerprint(first) if _has_objects(first) else None
    for i, (row, structure) in enumerate(found):
        first.require(structure, f"{name}[{i}]", f"{name}[0]")
        if made is not None and fingerprint(structure) != made:
            raise StructureMismatch(f"{name}[{i}] is made otherwise than {name}[0]: rows differ in their numbers only")
        _read_models(structure, row)
    return _matrix([row for row, _ in found], found[0][1])


def rows_of(arguments: Sequence[Argument]) -> int | None:
    """How many rows those have that have some; None where none has."""
    return next((argument.rows for argument in arguments if argument.rows is not None), None)


def _read_models(structure: Structure, numbers: list[Any], start: int = 0) -> None:
    """A model is its parameters: leaf Values in an object come as the numbers they hold."""
    if not isinstance(structure.kind, type):
        for i in range(start, start + structure.size):
            x = numbers[i]
            numbers[i] = x.primal if type(x) is Value and x.op is None else x
        return
    for part in structure.parts:
        _read_models(part, numbers, start)
        start += part.size


def _has_objects(structure: Structure) -> bool:
    return not isinstance(structure.kind, type) or any(map(_has_objects, structure.parts))


class Unusual(Exception):
    """What `layout` does not know."""


def layout(x: Any, leaves: list[Any], *, rows: bool = False) -> Any:
    """What tells structures of floats and float64 arrays apart, found fast, and their leaves in order."""
    kind = cast("Any", type(x))
    if kind is float and not rows:
        leaves.append(x)
        return float
    if kind in ARRAYS and x.dtype.char == "d" and (x.size or not rows):
        leaves.append(x)
        return x.shape[1:] if rows else x.shape
    if (kind is list or kind is tuple) and not rows:
        return kind, *[layout(part, leaves) for part in x]
    if kind is dict and not rows:
        return kind, *[(key, layout(x[key], leaves)) for key in sorted(x, key=repr)]
    raise Unusual


def gathered(leaves: Sequence[Any]) -> Any:
    """Floats and arrays as one sequence of numbers."""
    if all(type(x) is float for x in leaves):
        return leaves
    if len(leaves) == 1:
        return leaves[0].ravel()
    numpy: Any = sys.modules["numpy"]  # which is there, as one of them is an array
    return numpy.concatenate([[x] if type(x) is float else x.ravel() for x in leaves])


def _array(x: Any, name: str, *, rows: bool) -> Argument:
    if getattr(x, "mask", None) is not None and x.mask.any():
        raise TypeError(
            f"{name} is an array of which {x.mask.sum()} numbers are masked: fill them in, or drop their rows"
        )
    if x.dtype.kind not in "fiub":
        raise TypeError(f"{name} is an array of {x.dtype}: an array of float64 is needed, as by .astype(float)")
    if rows and not x.shape:
        raise StructureMismatch(f"{name} has no rows: it is one number, where batch asks for an item for each row")
    if rows and not len(x):
        raise StructureMismatch(f"{name} has no rows: it is empty")
    shape = x.shape[1:] if rows else x.shape
    size = 1
    for length in shape:
        size *= length
    structure = Structure(f"array of shape {shape}", size, shape) if shape else NUMBER
    return Argument(structure, x.reshape(len(x), size), len(x)) if rows else Argument(structure, x.reshape(-1), None)


def _container_of_rows(x: Any, name: str) -> Argument:
    parts = cast("dict[Any, Any]", x if isinstance(x, dict) else x.__structure__()[0])
    keys: list[Any] = sorted(parts, key=repr) if isinstance(x, dict) else list(parts)
    taken = [taken_apart(parts[key], f"{name}[{key!r}]", rows=True) for key in keys]
    counts = sorted({argument.rows or 0 for argument in taken})
    if len(counts) != 1:
        raise StructureMismatch(f"{name} needs as many rows in each of its parts, got {counts}")
    structure = container(dict if isinstance(x, dict) else x, keys, [argument.structure for argument in taken])
    matrices = [argument.numbers for argument in taken]
    if all(map(_is_array, matrices)):
        return Argument(structure, require("numpy", "an array", INSTALL).hstack(matrices), counts[0])
    return _matrix([[x for matrix in matrices for x in matrix[i]] for i in range(counts[0])], structure)


def _matrix(rows: list[list[Any]], structure: Structure) -> Argument:
    if all(map(_plain, rows)):
        numpy = require("numpy", "a batch", INSTALL)
        return Argument(structure, numpy.array(rows, dtype=float).reshape(len(rows), structure.size), len(rows))
    return Argument(structure, rows, len(rows), plain=False)


def _is_array(x: Any) -> bool:
    numpy = sys.modules.get("numpy")
    if numpy is None or not isinstance(x, numpy.ndarray):
        return False
    ARRAYS.add(numpy.ndarray)
    return x.dtype != object


def check_memory(nbytes: int, what: str) -> None:
    """MemoryError, with the figures, for what this machine has not."""
    there = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else nbytes
    if nbytes > there:
        raise MemoryError(
            f"{what} take {nbytes / 1e9:,.1f} GB, and this machine has {there / 1e9:,.1f}: reduce over rows, or take "
            "fewer at a time"
        )


def _plain(numbers: Sequence[Any]) -> bool:
    return not any(isinstance(x, Operand) for x in numbers)


def fingerprint(structure: Structure) -> Any:
    """What tells structures apart: their signature, and of objects how they are made, as an MLP's activation."""
    objects, stack = list[Any](), [structure]
    while stack:
        found = stack.pop()
        stack += found.parts
        if isinstance(found.kind, type):
            objects.append(found.kind)
            continue
        text = BytesIO()
        made = _Made(text)
        try:
            made.dump(found.rebuild([0.0] * found.size))
            objects += (text.getvalue(), *made.functions)
        except Exception:  # noqa: BLE001 (what cannot be pickled is known by identity)
            objects.append(found.kind)
    return structure.signature, *objects


class _Made(pickle.Pickler):
    """How an object is made: functions in it, which need not pickle, are known by identity."""

    def __init__(self, file: BytesIO) -> None:
        super().__init__(file)
        self.functions: list[Any] = []

    def persistent_id(self, obj: Any) -> Any:
        """The number of a function among those that were found."""
        if not isinstance(obj, FunctionType):
            return None
        self.functions.append(obj)
        return len(self.functions)
