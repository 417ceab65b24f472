"""Call: a function's call at its arguments, seen as a function of the numbers in them."""

from collections.abc import Callable, Sequence
from operator import index, is_not
from typing import Any, TypeAlias, cast

from autodiff.core.rows import Number
from autodiff.errors import ArgumentChanged
from autodiff.transforms.structure import Structure, flatten

Argnums: TypeAlias = int | str | Sequence[int | str]


class Call:
    """A call of a function, seen as a function of the numbers in the arguments that argnums names."""

    def __init__(
        self, function: Callable[..., Any], argnums: Argnums, args: Sequence[Any], kwargs: dict[str, Any]
    ) -> None:
        self.function, self.args, self.kwargs = function, args, kwargs
        self.name: str = getattr(function, "__name__", repr(function))
        self.single = isinstance(argnums, str) or not isinstance(argnums, Sequence)
        self.places = tuple(map(self._place, cast("Any", (argnums,) if self.single else argnums)))
        if len(set(self.places)) < len(self.places):
            raise TypeError(f"argnums = {argnums!r} names an argument of {self.name} twice")
        chosen = tuple(map(self._argument, self.places))
        name = f"argument {self.places[0]!r} of {self.name}" if self.single else f"the arguments of {self.name}, "
        self.numbers, self.structure = flatten(chosen[0] if self.single else chosen, name)

    def __call__(self, numbers: Sequence[Number]) -> tuple[list[Number], Structure]:
        """The numbers and the structure of the result with these numbers in the place of its own."""
        built = self.structure.rebuild(numbers)
        chosen = dict(zip(self.places, (built,) if self.single else built, strict=True))
        args = [chosen.get(i, arg) for i, arg in enumerate(self.args)]
        result = self.function(*args, **{key: chosen.get(key, arg) for key, arg in self.kwargs.items()})
        left, structure = flatten(built)
        if structure.signature != self.structure.signature or any(map(is_not, left, numbers)):
            raise ArgumentChanged(f"{self.name} changed its argument in place: let it make a new list or array")
        return flatten(result, f"what {self.name} returned")

    def labels(self) -> list[str]:
        """A name for each number: those of the parameters, or x1, x2 …; inside of containers, with the place."""
        import inspect  # slow to import, and only needed here

        try:
            parameters = inspect.signature(self.function).parameters.values()
            named = [p.name for p in parameters if p.kind is not p.VAR_POSITIONAL]
        except (TypeError, ValueError):
            named = []
        roots = [named[i] if i < len(named) else f"x{i + 1}" for i in range(len(self.args))]
        return [name for root, part in zip(roots, self.structure.parts, strict=True) for name in part.names(root)]

    def _place(self, place: Any) -> int | str:
        """A keyword, or a position from 0."""
        if isinstance(place, str):
            return place
        position = index(place)
        return position + len(self.args) if -len(self.args) <= position < 0 else position

    def _argument(self, place: int | str) -> Any:
        try:
            return self.kwargs[place] if isinstance(place, str) else self.args[place if place >= 0 else len(self.args)]
        except (KeyError, IndexError):
            given = ", ".join([*map(str, range(len(self.args))), *map(repr, self.kwargs)]) or "none"
            raise TypeError(f"{self.name} is called without the argument {place!r}; its arguments: {given}") from None
