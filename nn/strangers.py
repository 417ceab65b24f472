"""Values in objects that a Module does not look for parameters in: found, so that none is left untrained in silence."""

from collections import deque
from collections.abc import Iterable, Iterator
from functools import partial
from types import FunctionType, GeneratorType, MethodType, ModuleType
from typing import Any, cast

from autodiff.core.rows import Operand, Primitive

PLAIN = (str, bytes, int, float, complex, type(None), type, ModuleType, Primitive)
ITERATORS = (GeneratorType, map, filter, zip)


def attributes(x: Any) -> dict[str, Any]:
    """Its attributes by name, those in slots included."""
    slots = (name for kind in type(x).__mro__ for name in _listed(vars(kind).get("__slots__", ())))
    found = {name: getattr(x, name) for name in slots if name not in ("__dict__", "__weakref__") and hasattr(x, name)}
    return found | getattr(x, "__dict__", {})


def held(stranger: Any) -> Iterator[Any]:
    """The Values and Duals in an object of any class, however deep.

    TypeError for a generator, which cannot be looked into.
    """
    seen, waiting = set[int](), deque([stranger])
    while waiting:
        x = waiting.popleft()
        if isinstance(x, Operand):
            yield x
        elif not isinstance(x, PLAIN) and id(x) not in seen:
            seen.add(id(x))
            waiting += _inside(x)


def _inside(x: Any) -> Iterable[Any]:
    if isinstance(x, ITERATORS):
        raise TypeError(f"a {type(cast('Any', x)).__name__} in a Module hides whether it gives Values: make it a list")
    if isinstance(x, dict):
        return [*cast("dict[Any, Any]", x), *cast("dict[Any, Any]", x).values()]
    if isinstance(x, list | tuple | set | frozenset | deque):
        return cast("Iterable[Any]", x)
    if isinstance(x, MethodType):
        return [x.__self__]
    if isinstance(x, FunctionType):
        return [cell.cell_contents for cell in x.__closure__ or () if _is_full(cell)]
    if isinstance(x, partial):
        found = cast("partial[Any]", x)
        return [found.func, *found.args, *found.keywords.values()]
    if hasattr(x, "dtype"):
        return x.ravel().tolist() if getattr(x.dtype, "hasobject", False) else ()
    return attributes(x).values()


def _is_full(cell: Any) -> bool:
    try:
        cell.cell_contents  # noqa: B018
    except ValueError:
        return False
    return True


def _listed(slots: Any) -> Iterable[str]:
    return [slots] if isinstance(slots, str) else slots
