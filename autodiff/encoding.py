"""Structures as plain data, for files: numbers, lists, tuples, dicts and arrays. Nothing in a file is executed."""

from collections.abc import Sequence
from typing import Any, cast

from autodiff.errors import BadTape
from autodiff.structure import NUMBER, Structure, flatten

DEEPEST, LARGEST = 50, 10_000_000  # nesting, and numbers of an array, that a file may ask for


def encoded(structure: Structure) -> Any:
    """JSON data for a structure. A class of one's own has none: pass its parameters as a list or a dict."""
    if structure.shape == ():
        return "number"
    if structure.shape is not None:
        return {"array": list(structure.shape)}
    parts = [encoded(part) for part in structure.parts]
    if structure.kind in (list, tuple):
        return {structure.kind.__name__: parts}
    if structure.kind is dict and all(isinstance(key, str) for key in structure.keys):
        return {"dict": [list(pair) for pair in zip(structure.keys, parts, strict=True)]}
    raise BadTape(
        f"{structure.signature[:60]} cannot be written to a file: use lists, tuples, dicts with str keys, arrays"
    )


def decoded(data: Any, depth: int = 0) -> Structure:
    """The structure that the data stands for; BadTape for anything else."""
    if data == "number":
        return NUMBER
    if depth > DEEPEST or not isinstance(data, dict) or len(cast("dict[Any, Any]", data)) != 1:
        raise BadTape(f"no structure: {str(cast('Any', data))[:60]!r}")
    kind, parts = next(iter(cast("dict[Any, Any]", data).items()))
    if not isinstance(parts, list):
        raise BadTape(f"no structure: {kind!r} needs a list of parts")
    items = cast("list[Any]", parts)
    if kind == "array":
        if not all(type(n) is int and 0 <= n < 2**31 for n in items) or not items:
            raise BadTape(f"no shape of an array: {items!r}")
        size = 1
        for n in items:
            size *= n
        if size > LARGEST:
            raise BadTape(f"an array of {size} numbers is larger than a tape may have, {LARGEST}")
        return Structure(f"array of shape {tuple(items)}", size, tuple(items))
    if kind == "dict":
        if not all(_is_pair(item) for item in items):
            raise BadTape("no structure: a dict is a list of [key, structure]")
        return _container(dict, [key for key, _ in items], [decoded(part, depth + 1) for _, part in items])
    if kind in ("list", "tuple"):
        built = [decoded(part, depth + 1) for part in items]
        return _container({"list": list, "tuple": tuple}[kind], list(range(len(built))), built)
    raise BadTape(f"no structure: {kind!r} is none of list, tuple, dict, array, number")


def _is_pair(item: Any) -> bool:
    return isinstance(item, list) and len(cast("list[Any]", item)) == 2 and type(cast("list[Any]", item)[0]) is str


def _container(kind: type, keys: Sequence[Any], parts: Sequence[Structure]) -> Structure:
    """A container of parts: built once of zeros, so that its signature is spelt in one place only."""
    empty = [_zeros(part) for part in parts]
    structure = flatten(dict(zip(keys, empty, strict=True)) if kind is dict else kind(empty))[1]
    return structure._replace(parts=tuple(parts))


def _zeros(structure: Structure) -> Any:
    return structure.rebuild([0.0] * structure.size)
