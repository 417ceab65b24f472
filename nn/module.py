"""Module: a tree of parameters, whatever the classes that hold them."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Self, cast

from autodiff import Value
from nn.data import items


class Module:
    """Base of everything with parameters: leaf Values in its attributes, or in lists, tuples, dicts and Modules there.

    Parameters come in the order in which the attributes were set; one that stands in two places comes once.
    """

    def named_parameters(self) -> Iterator[tuple[str, Value]]:
        """(path, parameter) of each, as in `layers.0.neurons.2.weights.1`."""
        seen: set[Value] = set()
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

    def predict(self, rows: Any) -> list[Any]:
        """The outputs on each row, as floats and without recording."""
        model = cast("Callable[[Any], Any]", self.on_floats())
        return [model(row) for row in items(rows, "rows")]


def replaced(tree: Any, change: Callable[[Value], Any]) -> Any:
    """A copy of the tree with `change(value)` in the place of every Value."""
    match tree:
        case Value():
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


def _walk(tree: Any, path: str) -> Iterator[tuple[str, Value]]:
    match tree:
        case Value():
            if tree.op is None:  # an output that the module remembers is no parameter
                yield path, tree
        case Module():
            yield from _walk(vars(tree), path)
        case dict():
            for key, part in cast("dict[Any, Any]", tree).items():
                yield from _walk(part, f"{path}.{key}" if path else str(key))
        case list() | tuple():
            yield from _walk(dict(enumerate(cast("Iterable[Any]", tree))), path)
        case _:
            pass
