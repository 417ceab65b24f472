"""Structures as plain data, for files: numbers, lists, tuples, dicts and arrays. Nothing in a file is executed."""

import math
from typing import Any, cast

from autodiff.errors import BadTape
from autodiff.transforms.structure import NUMBER, Structure, container

DEEPEST, LARGEST = 50, 10_000_000  # nesting, and numbers, that a file may ask for


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
    """The structure that the data stands for; BadTape for anything else. Nothing of its size is allocated."""
    if data == "number":
        return NUMBER
    if depth > DEEPEST or not isinstance(data, dict) or len(cast("dict[Any, Any]", data)) != 1:
        raise BadTape(f"no structure: {str(cast('Any', data))[:60]!r}")
    kind, parts = next(iter(cast("dict[Any, Any]", data).items()))
    if not isinstance(parts, list):
        raise BadTape(f"no structure: {kind!r} needs a list of parts")
    items = cast("list[Any]", parts)
    if kind == "array":
        return _array(items)
    if kind == "dict":
        if not all(map(_is_pair, items)) or len({key for key, _ in items}) < len(items):
            raise BadTape("no structure: a dict is a list of [key, structure], each key once")
        pairs = sorted(items, key=lambda pair: repr(pair[0]))
        return _bounded(container(dict, [key for key, _ in pairs], [decoded(part, depth + 1) for _, part in pairs]))
    if kind in ("list", "tuple"):
        built = [decoded(part, depth + 1) for part in items]
        return _bounded(container({"list": list, "tuple": tuple}[kind], range(len(built)), built))
    raise BadTape(f"no structure: {kind!r} is none of list, tuple, dict, array, number")


def _array(shape: list[Any]) -> Structure:
    if not 0 < len(shape) <= 32 or not all(type(n) is int and 0 <= n <= LARGEST for n in shape):
        raise BadTape(f"no shape of an array: {str(shape)[:60]}")
    return _bounded(Structure(f"array of shape {tuple(shape)}", math.prod(shape), tuple(shape)))


def _bounded(structure: Structure) -> Structure:
    if structure.size > LARGEST:
        raise BadTape(f"{structure.size} numbers are more than a tape may have, {LARGEST}")
    return structure


def _is_pair(item: Any) -> bool:
    return isinstance(item, list) and len(cast("list[Any]", item)) == 2 and type(cast("list[Any]", item)[0]) is str
