"""Structures: what is left of nested lists, tuples, dicts, arrays and modules when their numbers are taken out.

    numbers, structure = flatten({"w": [1.0, 2.0], "b": 3.0})
    numbers                          [1.0, 2.0, 3.0]
    structure.rebuild([4, 5, 6])     {"w": [4, 5], "b": 6}

A class of your own takes part by a method `__structure__() -> (parts, rebuild)`: a dict of its parts by name, and a
function from such a dict to the like of it.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import product
from typing import Any, NamedTuple, cast

from autodiff.errors import NotANumber, StructureMismatch
from autodiff.floats import number
from autodiff.packages import require
from autodiff.rows import Number, Operand


class Structure(NamedTuple):
    """A tree of containers. Its leaves are numbers and arrays of numbers.

    signature  how it reads, as in `dict {['w']: list of 2 numbers, ['b']: number}`; equal for equal structures
    size       how many numbers it holds
    shape      of an array; () for a number, None for a container
    keys       what stands in the brackets behind the name of each part
    parts      the structures inside
    build      from a list of built parts to the container
    """

    signature: str
    size: int
    shape: tuple[int, ...] | None
    keys: tuple[str, ...] = ()
    parts: "tuple[Structure, ...]" = ()
    build: Callable[[list[Any]], Any] = list

    def fill(self, leaf: Callable[[slice, tuple[int, ...]], Any], start: int = 0) -> Any:
        """The like of it, with leaf(place among the numbers, shape) at each leaf."""
        if self.shape is not None:
            return leaf(slice(start, start + self.size), self.shape)
        built: list[Any] = []
        for part in self.parts:
            built.append(part.fill(leaf, start))
            start += part.size
        return self.build(built)

    def rebuild(self, numbers: Sequence[Any]) -> Any:
        """The like of it with other numbers."""
        return self.fill(lambda place, shape: shaped(numbers[place], shape))

    def names(self, root: str) -> Iterator[str]:
        """The name of each number, as in `x['w'][1]`."""
        if self.shape == ():
            yield root
        elif self.shape is not None:
            yield from (f"{root}[{', '.join(map(str, index))}]" for index in product(*map(range, self.shape)))
        for key, part in zip(self.keys, self.parts, strict=True):
            yield from part.names(root + key)

    def require(self, other: "Structure", what: str, like: str) -> None:
        """StructureMismatch unless `other` is the same."""
        if other.signature != self.signature:
            raise StructureMismatch(
                f"{what} must have the structure of {like}, {_short(self.signature)}; got {_short(other.signature)}"
            )


NUMBER = Structure("number", 1, ())


def flatten(x: Any, name: str = "x") -> tuple[list[Number], Structure]:
    """The numbers of `x` in order, and its structure; `name` says where in an error."""
    numbers: list[Number] = []
    return numbers, _take_apart(x, name, numbers)


def shaped(numbers: Sequence[Any], shape: tuple[int, ...]) -> Any:
    """A number for shape (), else an array: of float64 where all are floats, of objects else."""
    if shape == ():
        return numbers[0]
    numpy = require("numpy", "an array", "pip install numpy")
    if all(type(x) is float for x in numbers):
        return numpy.array(numbers, dtype=float).reshape(shape)
    array = numpy.empty(len(numbers), dtype=object)
    array[:] = numbers
    return array.reshape(shape)


def _take_apart(x: Any, name: str, numbers: list[Number]) -> Structure:
    kind = cast("Any", type(x))
    if kind is float or isinstance(x, Operand):
        numbers.append(x)
        return NUMBER
    if kind.__module__ == "numpy" and getattr(x, "shape", ()) != ():
        for place, element in zip(product(*map(range, x.shape)), x.ravel().tolist(), strict=True):
            numbers.append(_number(element, f"{name}[{', '.join(map(str, place))}]"))
        return Structure(f"array of shape {x.shape}", x.size, x.shape)
    if isinstance(x, list | tuple):
        items = ((f"[{i}]", part) for i, part in enumerate(cast("Iterable[Any]", x)))
        return _container(kind, items, getattr(kind, "_make", kind), name, numbers)
    if isinstance(x, dict):
        parts = cast("dict[Any, Any]", x)
        items = ((f"[{key!r}]", part) for key, part in parts.items())
        return _container(kind, items, lambda built: dict(zip(parts, built, strict=True)), name, numbers)
    if hasattr(x, "__structure__"):
        parts, rebuild = x.__structure__()
        items = ((f".{key}", part) for key, part in parts.items())
        return _container(kind, items, lambda built: rebuild(dict(zip(parts, built, strict=True))), name, numbers)
    numbers.append(_number(x, name))
    return NUMBER


def _container(
    kind: type, items: Iterable[tuple[str, Any]], build: Callable[[list[Any]], Any], name: str, numbers: list[Number]
) -> Structure:
    start, keys, parts = len(numbers), list[str](), list[Structure]()
    for key, part in items:
        keys.append(key)
        parts.append(_take_apart(part, name + key, numbers))
    if all(part is NUMBER for part in parts) and issubclass(kind, list | tuple):
        inside = f"of {len(parts)} numbers"
    else:
        inside = "{" + ", ".join(f"{key}: {part.signature}" for key, part in zip(keys, parts, strict=True)) + "}"
    return Structure(f"{kind.__name__} {inside}", len(numbers) - start, None, tuple(keys), tuple(parts), build)


def _number(x: Any, name: str) -> Number:
    try:
        return x if isinstance(x, Operand) else number(x)
    except NotANumber as error:
        raise NotANumber(f"{name}: {error}") from None


def _short(text: str) -> str:
    return text if len(text) <= 80 else text[:77] + "..."
