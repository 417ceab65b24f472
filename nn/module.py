"""Module: a tree of parameters, whatever the classes that hold them."""

from collections.abc import Callable, Iterable, Iterator
from copy import copy
from typing import Any, Self, cast

from autodiff import Value
from autodiff.core.rows import Operand
from autodiff.transforms.levels import as_variable, is_variable
from nn.data import items
from nn.strangers import PLAIN, attributes, held
from nn.summary import Part, Summary


class Module:
    """Base of everything with parameters: leaf Values in its attributes, or in lists, tuples, dicts and Modules there.

    Parameters come in the order in which the attributes were set; one that stands in two places comes once. Values
    that stand elsewhere in an attribute, in a set or in an object of another class, would not be trained: TypeError.
    """

    def named_parameters(self) -> Iterator[tuple[str, Value]]:
        """(path, parameter) of each, as in `layers.0.neurons.2.weights.1`."""
        seen: set[Any] = set()
        strangers = list[tuple[str, Any]]()
        for path, part in _walk(self, "", ()):
            if not isinstance(part, Operand):
                strangers.append((path, part))
            elif part not in seen:
                seen.add(part)
                yield path, cast("Value", part)
        for path, stranger in strangers:
            if any(value not in seen and is_variable(value) for value in held(stranger)):
                raise TypeError(
                    f"{path} is a {type(stranger).__name__} that holds Values, which would not be trained: "
                    "keep parameters in Modules, lists, tuples or dicts"
                )

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

    def summary(self) -> Summary:
        """Its layers and their parameters, as a table to print or to look at in a notebook."""
        parts = [Part(path, repr(part), len(part.parameters())) for path, part in _layers(self, "")]
        return Summary(type(self).__name__, parts, len(self.parameters()))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({len(self.parameters())} parameters)"

    def predict(self, rows: Any) -> list[Any]:
        """The outputs on each row, as floats and without recording."""
        model = cast("Callable[[Any], Any]", self.on_floats())
        return [model(row) for row in items(rows, "rows")]


def _as_parameter(number: Any, old: Any) -> Any:
    if type(number) is float:
        return Value(number, getattr(old, "label", None))
    return as_variable(number) if isinstance(number, Operand) else number


def places_of(tree: Any) -> Iterator[tuple[str, Value]]:
    """(path, parameter) of each place where one stands: what stands in two comes twice."""
    for path, part in _walk(tree, "", ()):
        if isinstance(part, Operand):
            yield path, cast("Value", part)


def modules(tree: Any) -> Iterator[Module]:
    """Every Module of a tree: itself, those in its attributes, and those in lists, tuples and dicts there."""
    if isinstance(tree, Module):
        yield tree
    for part in (_parts(tree) or {}).values():
        yield from modules(part)


def _layers(tree: Any, path: str) -> Iterator[tuple[str, Module]]:
    """Modules that hold none, or only such as are all alike, like the neurons of a layer; and where they stand."""
    inside = [module for part in (_parts(tree) or {}).values() for module in modules(part)]
    if isinstance(tree, Module) and (len({repr(module) for module in inside}) < 2 or not inside):
        yield path or "·", tree
        return
    for name, part in (_parts(tree) or {}).items():
        if next(modules(part), None):
            yield from _layers(part, f"{path}.{name}" if path else str(name))


def replaced(tree: Any, change: Callable[[Any], Any], outer: tuple[Any, ...] = ()) -> Any:
    """A copy of the tree with `change(number)` in the place of every Value and Dual."""
    if isinstance(tree, Operand):
        return change(tree)
    parts = _parts(tree)
    if parts is None:
        return tree
    _check_no_circle(tree, "a part of the model", outer)
    made = {name: replaced(part, change, (*outer, tree)) for name, part in parts.items()}
    kind: Any = cast("Any", type(tree))
    if isinstance(tree, Module):
        like = object.__new__(kind)
        for name, part in made.items():
            object.__setattr__(like, name, part)  # of a frozen dataclass too
        return like
    if isinstance(tree, dict):
        like = copy(cast("dict[Any, Any]", tree))  # with what a defaultdict knows beside its items
        like.update(made)
        return like
    return kind(*made.values()) if hasattr(kind, "_fields") else kind(made.values())  # a named tuple takes its fields


def _walk(tree: Any, path: str, outer: tuple[Any, ...]) -> Iterator[tuple[str, Any]]:
    """The Values of a tree, and what is none of its parts but may hold some."""
    parts = _parts(tree)
    if isinstance(tree, Operand):
        if is_variable(tree):  # an output that the module remembers is no parameter
            yield path, tree
    elif parts is None:
        if not isinstance(tree, PLAIN):
            yield path, tree
    else:
        _check_no_circle(tree, path, outer)
        for name, part in parts.items():
            yield from _walk(part, f"{path}.{name}" if path else str(name), (*outer, tree))


def _check_no_circle(tree: Any, path: str, outer: tuple[Any, ...]) -> None:
    if any(tree is other for other in outer):
        raise ValueError(
            f"{path} leads back to the {type(tree).__name__} that it stands in: a Module is a tree, so let parts know "
            "nothing of the whole, or hold it in a weakref.ref"
        )


def _parts(tree: Any) -> dict[Any, Any] | None:
    """What a tree is made of, by name; None for what is no tree."""
    if isinstance(tree, Module):
        return attributes(tree)
    if isinstance(tree, dict):
        return cast("dict[Any, Any]", tree)
    return dict(enumerate(cast("Iterable[Any]", tree))) if isinstance(tree, list | tuple) else None
