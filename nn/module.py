"""Module: a tree of parameters, whatever the classes that hold them."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Self, cast

from autodiff import Value
from autodiff.core.rows import Operand
from autodiff.transforms.levels import as_variable, is_variable
from nn.data import items


class Module:
    """Base of everything with parameters: leaf Values in its attributes, or in lists, tuples, dicts and Modules there.

    Parameters come in the order in which the attributes were set; one that stands in two places comes once.
    """

    def named_parameters(self) -> Iterator[tuple[str, Value]]:
        """(path, parameter) of each, as in `layers.0.neurons.2.weights.1`."""
        seen: set[Any] = set()
        for path, parameter in _walk(self, ""):
            if parameter not in seen:
                seen.add(parameter)
                yield path, parameter

    def parameters(self) -> list[Value]:
        """Every parameter, always in the same order."""
        return [parameter for _, parameter in self.named_parameters()]

    def zero_grad(self) -> None:
        """Set the gradient of every parameter to 0, before the next `backward`."""
        for parameter in self.parameters():
            parameter.grad = 0.0

    def on_floats(self) -> Self:
        """The same module with its parameters read as floats: calls record nothing."""
        return replaced(self, lambda parameter: parameter.data)

    def __structure__(self) -> tuple[dict[str, Any], Callable[[dict[str, Any]], Self]]:
        """Its parameters by name, for transforms such as `ad.grad`, and how to make the like of it with others."""
        named = dict(self.named_parameters())

        def rebuild(numbers: dict[str, Any]) -> Self:
            placed = {parameter: numbers[path] for path, parameter in named.items()}
            return replaced(self, lambda x: _as_parameter(placed.get(x, x), x))

        return named, rebuild

    def predict(self, rows: Any) -> list[Any]:
        """The outputs on each row, as floats and without recording."""
        model = cast("Callable[[Any], Any]", self.on_floats())
        return [model(row) for row in items(rows, "rows")]


def _as_parameter(number: Any, old: Any) -> Any:
    if type(number) is float:
        return Value(number, getattr(old, "label", None))
    return as_variable(number) if isinstance(number, Operand) else number


def modules(tree: Any) -> Iterator[Module]:
    """Every Module of a tree: itself, those in its attributes, and those in lists, tuples and dicts there."""
    match tree:
        case Module():
            yield tree
            yield from modules(vars(tree))
        case dict():
            yield from modules(list(cast("dict[Any, Any]", tree).values()))
        case list() | tuple():
            for part in cast("Iterable[Any]", tree):
                yield from modules(part)
        case _:
            pass


def replaced(tree: Any, change: Callable[[Any], Any]) -> Any:
    """A copy of the tree with `change(number)` in the place of every Value and Dual."""
    match tree:
        case Operand():
            return change(tree)
        case Module():
            copy = object.__new__(type(tree))
            vars(copy).update({name: replaced(part, change) for name, part in vars(tree).items()})
            return copy
        case list() | tuple():
            parts = [replaced(part, change) for part in cast("Iterable[Any]", tree)]
            kind = cast("Any", type(cast("Any", tree)))
            return kind(*parts) if hasattr(kind, "_fields") else kind(parts)  # a named tuple takes its fields
        case dict():
            return {key: replaced(part, change) for key, part in cast("dict[Any, Any]", tree).items()}
        case _:
            return tree


def _walk(tree: Any, path: str) -> Iterator[tuple[str, Any]]:
    match tree:
        case Operand():
            if is_variable(tree):  # an output that the module remembers is no parameter
                yield path, tree
        case Module():
            yield from _walk(vars(tree), path)
        case dict():
            for key, part in cast("dict[Any, Any]", tree).items():
                yield from _walk(part, f"{path}.{key}" if path else str(key))
        case list() | tuple():
            yield from _walk(dict(enumerate(cast("Iterable[Any]", tree))), path)
        case _:
            if any(isinstance(part, Operand) for part in _hidden(tree)):
                raise TypeError(
                    f"{path} is a {type(tree).__name__} that holds Values, which would not be trained: "
                    "keep parameters in lists, tuples or dicts"
                )


def _hidden(tree: Any) -> Iterable[Any]:
    """What is inside of a container that parameters are not looked for in."""
    if isinstance(tree, set | frozenset):
        return cast("Iterable[Any]", tree)
    return tree.ravel().tolist() if getattr(getattr(tree, "dtype", None), "hasobject", False) else ()
