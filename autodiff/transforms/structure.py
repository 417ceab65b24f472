"""Structures: what is left of nested lists, tuples, dicts, arrays and modules when their numbers are taken out.

    numbers, structure = flatten({"w": [1.0, 2.0], "b": 3.0})
    numbers                          [1.0, 2.0, 3.0]
    structure.rebuild([4, 5, 6])     {"w": [4, 5], "b": 6}

A class of your own takes part by a method `__structure__() -> (parts, rebuild)`: a dict of its parts by name, and a
function from such a dict to the like of it.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import product
from typing import Any, NamedTuple, cast

from autodiff.core.packages import require
from autodiff.core.rows import Number, Operand, as_operand
from autodiff.errors import Escaped, NotANumber, StructureMismatch


class Structure(NamedTuple):
    """A tree of containers. Its leaves are numbers and arrays of numbers.

    signature  how it reads, as in `dict {['w']: list of 2 numbers, ['b']: number}`; equal for equal structures
    size       how many numbers it holds
    shape      of an array; () for a number, None for a container
    kind       of a container: its type, or for a class of one's own the object itself, to make the like of
    keys       of the parts
    parts      the structures inside
    """

    signature: str
    size: int
    shape: tuple[int, ...] | None
    kind: Any = float
    keys: tuple[Any, ...] = ()
    parts: "tuple[Structure, ...]" = ()

    def fill(self, leaf: Callable[[slice, tuple[int, ...]], Any], start: int = 0) -> Any:
        """The like of it, with leaf(place among the numbers, shape) at each leaf."""
        if self.shape is not None:
            return leaf(slice(start, start + self.size), self.shape)
        built: list[Any] = []
        for part in self.parts:
            built.append(part.fill(leaf, start))
            start += part.size
        kind: Any = self.kind
        if not isinstance(kind, type):
            return kind.__structure__()[1](dict(zip(self.keys, built, strict=True)))
        return dict(zip(self.keys, built, strict=True)) if kind is dict else getattr(kind, "_make", kind)(built)

    def rebuild(self, numbers: Sequence[Any]) -> Any:
        """The like of it with other numbers."""
        return self.fill(lambda place, shape: shaped(numbers[place], shape))

    def names(self, root: str) -> list[str]:
        """The name of each number, as in `x['w'][1]`."""
        if self.shape == ():
            return [root]
        if self.shape is not None:
            return [f"{root}[{', '.join(map(str, index))}]" for index in product(*map(range, self.shape))]
        parts = zip(self.keys, self.parts, strict=True)
        return [name for key, part in parts for name in part.names(root + _spelt(self.kind, key))]

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
    try:
        return numbers, _take_apart(x, numbers)
    except NotANumber as error:
        raise NotANumber(f"{name}{error}") from None


def check_live(x: Number) -> None:
    """Escaped where a number belongs to a transform or a trace that has ended."""
    if getattr(x, "ended", False):
        raise Escaped


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


def _take_apart(x: Any, numbers: list[Number]) -> Structure:
    kind = cast("Any", type(x))
    if kind is float or isinstance(x, Operand):
        check_live(x)
        numbers.append(x)
        return NUMBER
    if kind.__module__ == "numpy" and getattr(x, "shape", None) == ():
        return _take_apart(x.item(), numbers)  # a NumPy scalar, or an array of one number
    if kind.__module__ == "numpy" and getattr(x, "shape", ()) != ():
        for place, element in zip(product(*map(range, x.shape)), x.ravel().tolist(), strict=True):
            numbers.append(_number(element, place))
        return Structure(f"array of shape {x.shape}", x.size, x.shape)
    if isinstance(x, list | tuple):
        return _container(kind, enumerate(cast("Iterable[Any]", x)), numbers)
    if isinstance(x, dict):
        items = sorted(cast("dict[Any, Any]", x).items(), key=lambda item: repr(item[0]))
        return _container(dict, items, numbers)  # two dicts are alike in whatever order
    if hasattr(x, "__structure__"):
        return _container(x, x.__structure__()[0].items(), numbers)
    numbers.append(_number(x))
    return NUMBER


def _container(kind: Any, items: Iterable[tuple[Any, Any]], numbers: list[Number]) -> Structure:
    keys, parts = list[Any](), list[Structure]()
    for key, part in items:
        keys.append(key)
        try:
            parts.append(_take_apart(part, numbers))
        except NotANumber as error:  # its name is put together on the way out
            raise NotANumber(f"{_spelt(kind, key)}{error}") from None
    return container(kind, keys, parts)


def container(kind: Any, keys: Sequence[Any], parts: Sequence[Structure]) -> Structure:
    """The structure of a container with these parts."""
    if isinstance(kind, type) and issubclass(kind, list | tuple) and all(part is NUMBER for part in parts):
        inside = f"of {len(parts)} numbers"
    else:
        described = (f"{_spelt(kind, key)}: {part.signature}" for key, part in zip(keys, parts, strict=True))
        inside = "{" + ", ".join(described) + "}"
    called = kind.__name__ if isinstance(kind, type) else type(kind).__name__
    return Structure(f"{called} {inside}", sum(part.size for part in parts), None, kind, tuple(keys), tuple(parts))


def _spelt(kind: Any, key: Any) -> str:
    """What stands behind a name for one of its parts."""
    return f"[{key!r}]" if isinstance(kind, type) else f".{key}"


def _number(x: Any, place: tuple[int, ...] = ()) -> Number:
    try:
        return as_operand(x)
    except NotANumber as error:
        raise NotANumber(f"{list(place) or ''}: {error}") from None


def _short(text: str) -> str:
    return text if len(text) <= 80 else text[:77] + "..."
