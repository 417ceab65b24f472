"""Models as trees of classes that are known: what a file says of one, and a model made of what it says.

tree ::= {"class": name, "parts": {name: tree}} | {"list": [tree]} | {"tuple": [tree]} | {"dict": [[key, tree]]}
       | {"parameter": path} | {"number": x} | {"text": x} | {"nothing": null} | {"other": name}
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, cast

from autodiff import Value
from nn.attention import AttentionHead, Embedding, Linear, RMSNorm
from nn.initialization import INITIALIZATIONS
from nn.layers import ACTIVATIONS, MLP, Layer, Neuron
from nn.module import Module, places_of
from nn.strangers import attributes

DEEPEST = 100  # trees inside of one another


class BadFile(ValueError):
    """A file that holds no model, or another one; what it was to be loaded into is as it was."""


def _is(*kinds: type) -> Callable[[Any], bool]:
    return lambda x: isinstance(x, kinds)


def _all(*kinds: type) -> Callable[[Any], bool]:
    return lambda x: type(x) is list and set[type]() < {type(each) for each in cast("list[Any]", x)} <= set(kinds)


def _matrix(x: Any) -> bool:
    rows = cast("list[Any]", x)
    return _all(list)(rows) and all(NUMBERS(row) and len(row) == len(rows[0]) for row in rows)


NUMBERS = _all(Value, float)  # floats of a part that was frozen by on_floats()


# What a file may say of a class: its parts, and what each must be.
CLASSES: dict[type[Module], dict[str, Callable[[Any], bool]]] = {
    MLP: {"layers": _all(Layer)},
    Layer: {"neurons": _all(Neuron), "name": _is(str)},
    Neuron: {
        "activation": lambda x: x in ACTIVATIONS, "weights": NUMBERS, "bias": _is(Value, float),
        "initialization": lambda x: x in INITIALIZATIONS, "name": _is(str),
    },
    Linear: {"weights": _matrix},
    Embedding: {"table": _matrix},
    RMSNorm: {"gains": NUMBERS, "epsilon": _is(float)},
    AttentionHead: {"queries": _is(Linear), "keys": _is(Linear), "values": _is(Linear)},
}  # fmt: skip


class Tensor(NamedTuple):
    """A rectangle of 64-bit floats, row after row."""

    shape: tuple[int, ...]
    numbers: Sequence[float]


def described(model: Module) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """The tensors of a model, and the rest as JSON knows it."""
    first, tied, labels = dict[Value, str](), dict[str, str](), dict[str, str]()
    for place, value in places_of(model):
        if value in first:
            tied[place] = first[value]
        else:
            first[value] = place
            if value.label:
                labels[place] = value.label
    tensors = dict[str, Tensor]()
    tree = _tree(model, "", tensors, 0)
    return tensors, {"model": tree, "labels": labels, "tied": tied}


def _tree(x: Any, path: str, tensors: dict[str, Tensor], depth: int) -> dict[str, Any]:
    if depth > DEEPEST:
        raise ValueError(f"a model of more than {DEEPEST} parts inside of one another is not saved: {path[:80]}…")

    def inner(name: Any, part: Any) -> dict[str, Any]:
        return _tree(part, f"{path}.{name}" if path else str(name), tensors, depth + 1)

    if (tensor := _rectangle(x)) is not None:
        tensors[path] = tensor
        return {"parameter": path}
    if isinstance(x, Module):
        parts, kind = {name: inner(name, part) for name, part in attributes(x).items()}, type(x)
        other = next((name for name, part in parts.items() if "other" in part and kind in CLASSES), None)
        if other is not None:
            held = attributes(x)[other]
            raise TypeError(
                f"{kind.__name__}.{other} is {held!r}, which no file holds: take it off the model to save it"
            )
        return {"class": kind.__name__ if kind in CLASSES else f"{kind.__module__}.{kind.__qualname__}", "parts": parts}
    if isinstance(x, list | tuple):
        found = [inner(i, part) for i, part in enumerate(cast("Sequence[Any]", x))]
        return {"list" if isinstance(x, list) else "tuple": found}
    if isinstance(x, dict):
        return {"dict": [[str(key), inner(key, part)] for key, part in cast("dict[Any, Any]", x).items()]}
    if isinstance(x, bool | int | float) and math.isfinite(x):
        return {"number": x}
    if x is None or isinstance(x, str):
        return {"nothing": None} if x is None else {"text": x}
    return {"other": type(x).__name__}  # which a class of the user's own makes itself


def _rectangle(x: Any) -> Tensor | None:
    """A parameter, or parameters in lists of one length, as a tensor."""
    if isinstance(x, Value):
        return Tensor((), [x.data])
    if type(x) is not list or not x:
        return None
    rows = [_rectangle(row) for row in cast("list[Any]", x)]
    if any(row is None or row.shape != rows[0].shape for row in rows if rows[0]) or rows[0] is None:
        return None
    known = cast("list[Tensor]", rows)
    return Tensor((len(known), *known[0].shape), [number for row in known for number in row.numbers])


def placed(name: str, tensor: Tensor) -> Iterator[tuple[str, float]]:
    """The numbers of a tensor by the paths of their parameters."""
    for i, x in enumerate(tensor.numbers):
        places, rest = list[str](), i
        for size in reversed(tensor.shape):
            places.insert(0, str(rest % size))
            rest //= size
        yield ".".join([*([name] if name else []), *places]), x


def grown(tensors: Mapping[str, Tensor], about: Mapping[str, Any]) -> Module:
    """The model of a file, of classes of ours only."""
    labels, tied = about["labels"], about["tied"]
    values = {
        place: Value(x, labels.get(place)) for name, tensor in tensors.items() for place, x in placed(name, tensor)
    }
    for place, other in tied.items():
        if values[place].data != values[other].data:
            raise BadFile(f"it holds two numbers for {place} and {other}, which are one parameter")
        values[place] = values[other]
    used = set[str]()
    model = _grown(about["model"], tensors, values, used)
    if not isinstance(model, Module) or used != set(tensors):
        raise BadFile("its parameters are not those of its model")
    return model


def _grown(tree: Any, tensors: Mapping[str, Tensor], values: Mapping[str, Value], used: set[str]) -> Any:
    if "parameter" in tree:
        used.add(tree["parameter"])
        return _folded(tree["parameter"], tensors[tree["parameter"]].shape, values)
    if "list" in tree or "tuple" in tree:
        found: list[Any] = [_grown(part, tensors, values, used) for part in tree.get("list", tree.get("tuple"))]
        return found if "list" in tree else tuple(found)
    if "dict" in tree:
        return {str(key): _grown(part, tensors, values, used) for key, part in tree["dict"]}
    if "class" in tree:
        return _of_class(
            tree["class"], {name: _grown(part, tensors, values, used) for name, part in tree["parts"].items()}
        )
    if type(tree.get("number")) is float and not math.isfinite(tree["number"]):
        raise BadFile(f"it holds a number that is not finite, {tree['number']}")
    return next(tree[kind] for kind in ("number", "text", "nothing") if kind in tree)


def _of_class(name: Any, parts: dict[str, Any]) -> Module:
    kind = next((kind for kind in CLASSES if kind.__name__ == name), None)
    if kind is None:
        raise BadFile(
            f"it holds a {str(name)[:80]}, which is no class of nn: make one, and pass it as load(path, into=…)"
        )
    for part, check in CLASSES[kind].items():
        if part not in parts or not check(parts[part]):
            raise BadFile(f"a {name} has a {part} that is none: {str(parts.get(part))[:80]}")
    for part in set(parts) - set(CLASSES[kind]):  # notes that somebody has made on it
        if part[:1] == "_" or hasattr(kind, part) or not isinstance(parts[part], str | int | float | None):
            raise BadFile(f"a {name} has no {part[:80]}")
    model = object.__new__(kind)
    for part, x in parts.items():
        setattr(model, part, x)
    return model


def _folded(path: str, shape: Sequence[int], values: Mapping[str, Value]) -> Any:
    if not shape:
        return values[path]
    return [_folded(f"{path}.{i}" if path else str(i), shape[1:], values) for i in range(shape[0])]
