"""Tapes as text, for files: JSON data. Nothing in a file is executed."""

import json
import math
from typing import Any, cast

from autodiff.core.rows import row_of
from autodiff.errors import BadTape
from autodiff.tape.instructions import Code, Flat, check
from autodiff.transforms.structure import NUMBER, Structure, container

FORMAT, VERSION = "autodiff tape", 2
CHANGED: dict[int, dict[str, str]] = {  # rows that a version calls otherwise than the next
    1: {
        f"ieee_{name}": f"ieee {name}"
        for name in ("subtract", "multiply", "divide", "power", "floor_divide", "log", "ldexp", "erfinv")
    }
}
DEEPEST, LARGEST = 50, 10_000_000  # nesting, and numbers, that a file may ask for
LONGEST = 100_000_000  # instructions


def json_text(tape: Any) -> str:
    """The text of a tape. Floats are written to the bit. BadTape for what `tape_parts` would not read again."""
    _check_printable("the name", tape.name)
    for row in tape.flat.primitives:
        if row_of(row.name) is not row:
            raise BadTape(f"row {row.name} was defined anew since the trace: trace again, then write the tape")
    codes, ends, operands, constants = tape.flat.parts
    return json.dumps({
        "format": FORMAT, "version": VERSION, "name": tape.name,
        "inputs": encoded(tape.inputs), "outputs": encoded(tape.outputs),
        "labels": list(tape.labels), "point": [x.hex() for x in tape.point],
        "primitives": [primitive.name for primitive in tape.flat.primitives],
        "codes": codes.tolist(), "ends": ends.tolist(), "operands": operands.tolist(),
        "constants": [x.hex() for x in constants],
        "results": [x if type(x) is int else float(x).hex() for x in tape.results],
    }, ensure_ascii=False)  # fmt: skip


def tape_parts(text: str | bytes) -> dict[str, Any]:
    """What a tape is made of, out of its text; BadTape for any other text."""
    try:
        data: Any = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadTape(f"this is no JSON text: {error}") from None
    fields = cast("dict[str, Any]", data) if isinstance(data, dict) else {}
    version = fields.get("version")
    if fields.get("format") != FORMAT or type(version) is not int or version < 1:
        raise BadTape(f'this is no tape: a text with "format": "{FORMAT}" and "version": {VERSION} is needed')
    if version > VERSION:
        raise BadTape(
            f"the tape is of version {version}, this autodiff reads up to {VERSION}: a later autodiff wrote it"
        )
    try:
        return _parts(fields)
    except BadTape:
        raise
    except (KeyError, TypeError, ValueError, OverflowError, IndexError, AttributeError) as error:
        raise BadTape(f"the tape is damaged: {type(error).__name__} {error}") from None


def _parts(data: dict[str, Any]) -> dict[str, Any]:
    def listed(field: str, *kinds: type) -> list[Any]:
        found = data[field]
        if not isinstance(found, list) or any(type(x) not in kinds for x in cast("list[Any]", found)):
            raise BadTape(f"{field} is a list of {' or '.join(kind.__name__ for kind in kinds)}")
        return cast("list[Any]", found)

    rows = [row_of(name) for name in _renamed(listed("primitives", str), data["version"])]
    constants: list[float] = [float.fromhex(x) for x in listed("constants", str)]
    codes, ends = listed("codes", int), listed("ends", int)
    operands: list[int] = listed("operands", int)
    if len(codes) != len(ends) or len(codes) > LONGEST:
        raise BadTape("codes and ends are lists of one length")
    if any(not 0 <= code < len(rows) for code in codes) or any(x < -len(constants) for x in operands):
        raise BadTape("a code or a constant is numbered that is not there")
    if sorted(ends) != ends or (ends and (ends[0] < 0 or ends[-1] != len(operands))):
        raise BadTape("the ends of the instructions do not follow one another to the end of the operands")
    results: list[Any] = [float.fromhex(x) if type(x) is str else x for x in listed("results", int, str)]
    inputs, outputs = decoded(data["inputs"]), decoded(data["outputs"])
    point, labels = [float.fromhex(x) for x in listed("point", str)], listed("labels", str)
    fitting = outputs.size == len(results) > 0 < inputs.size and inputs.kind is tuple
    if not fitting or len(point) not in (0, inputs.size) or len(labels) not in (0, inputs.size):
        raise BadTape("inputs, point, labels, outputs and results do not fit each other")
    for what, text in (("the name", data["name"]), *(("a label", label) for label in labels)):
        _check_printable(what, text)
    code = check(Code(inputs.size, Flat(rows, codes, ends, operands, constants), tuple(results)))
    return {
        "inputs": inputs, "code": code, "outputs": outputs, "name": data["name"], "point": point, "labels": labels
    }  # fmt: skip


def _renamed(names: list[str], version: int) -> list[str]:
    """The names of rows as this version has them."""
    for old in range(version, VERSION):
        names = [CHANGED[old].get(name, name) for name in names]
    return names


def _check_printable(what: str, text: Any) -> None:
    if type(text) is not str or not text or not text.isprintable():
        raise BadTape(f"{what} is a printable text that is not empty, got {text!r:.60}")


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
