"""How a transform calls a function: on fresh variables for reverse accumulation, on fresh Duals for forward.

These two, `Recording` and `Seeding`, are where levels of nested transforms are kept apart; nothing else knows of them.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from operator import index
from typing import Any, NoReturn, Self, TypeAlias, cast

from autodiff.core.dual import Bundle, Dual, dual
from autodiff.core.floats import INF, ZERO
from autodiff.core.graph import Node, leaves, topological_order
from autodiff.core.placeholders import GONE
from autodiff.core.primitives import identity
from autodiff.core.reverse import accumulate, steps
from autodiff.core.rows import Jet, Number, Primitive, fresh_tag
from autodiff.core.value import Value, record
from autodiff.errors import ArgumentChanged, Escaped
from autodiff.transforms.structure import Structure, check_live, flatten

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
        if structure.signature != self.structure.signature or any(map(_differ, left, numbers)):
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


class Recording:
    """Fresh variables for the numbers of a call, and the adjoints swept back to them.

    A variable is an identity node over the number that it stands for. Over a float, nothing below it is reached.
    Over a Value, the derivative is linked with what that Value was computed from. In the place of a second number it
    keeps when its recording began: what is older belongs to an outer function.
    """

    def __init__(self, numbers: Sequence[Number], *, reusable: bool = False) -> None:
        self.birth, self.reusable = fresh_tag(), reusable
        self.inputs = [variable(x, self.birth) for x in numbers]
        self.variables = [next(values_in(x)) for x in self.inputs]
        self.linked = any(type(variable.left) is not float for variable in self.variables)

    def gradient(self, output: Number, *, linked: bool = False) -> list[Number]:
        """∂output/∂variable for each variable: a float, or a Value where other Values are reached too."""
        before, self.linked = self.linked, self.linked or linked
        gradient, linked = self._gradient(output), self.linked
        if self.reusable:
            self.linked = before  # what one call was linked with is nothing to the next
        return [constant(x) if type(x) is float else x for x in gradient] if linked else gradient

    def _gradient(self, output: Number) -> list[Number]:
        if isinstance(output, Jet):
            return [output.of(parts) for parts in zip(*map(self._gradient, output.parts), strict=True)]
        if not isinstance(output, Value):
            return [ZERO] * len(self.variables)
        order = topological_order(output)
        linked = self._reaches_others(output, order) or self.linked
        if linked or self.reusable:  # a pullback may run in several threads: its adjoints are its own
            adjoints: dict[Any, Any] = {output: 1.0}
            deque(steps(output, adjoints, on_values=linked, order=order), maxlen=0)
            return [adjoints.get(variable, ZERO) for variable in self.variables]
        for variable in self.variables:
            variable.grad = ZERO
        accumulate(output, 1.0, order)
        return [variable.grad for variable in self.variables]

    def value(self, output: Number) -> Number:
        """The output as its inputs call for: a float, or a Value where other Values are reached too."""
        if isinstance(output, Jet):
            return output.of([self.value(part) for part in output.parts])
        if isinstance(output, Value) and not self._reaches_others(output, topological_order(output)):
            return output.data
        return output

    def sweeps_exceed(self, limit: float, outputs: Sequence[Number]) -> bool:
        """Whether sweeping back from every output goes through a node more than `limit` times, on average."""
        nodes = [part for output in outputs for part in values_in(output)]
        left = limit * len(topological_order(*nodes))
        for node in nodes:  # no further than needed: counting them all costs a third of sweeping
            left -= len(topological_order(node))
            if left < 0:
                return True
        return False

    def keep(self) -> None:
        """The variables outlive the call: those over floats are constants to everything but its pullback."""
        for variable in self.variables:
            if type(variable.left) is float:
                variable.y = INF

    def close(self) -> None:
        """Nothing needs the variables any more: from here on their use is an error that says so."""
        if not self.linked:
            for variable in self.variables:
                retire(variable)

    def _reaches_others(self, output: Value, order: Sequence[Node]) -> bool:
        if any(node.op is CLOSED for node in order):
            raise Escaped
        others = output.op is None or leaves(order) or any(n.op is VARIABLE and n.y < self.birth for n in order)
        self.linked = self.linked or bool(others)
        return bool(others)


class Seeding:
    """Duals of a fresh tag for the numbers of a call, and the tangents that come out. A context: its end is theirs."""

    def __init__(self) -> None:
        self.tag = fresh_tag()
        self.inputs: list[Dual] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.tag.ended = True
        for x in self.inputs:
            x.primal = GONE

    def enter(self, x: Number, tangent: Number | Bundle) -> Dual:
        """A Dual of this tag."""
        self.inputs.append(dual(x, tangent, self.tag))
        return self.inputs[-1]

    def parts(self, output: Number) -> tuple[Number, Any]:
        """The primal and the tangent along this tag."""
        mine = isinstance(output, Dual) and output.tag == self.tag
        primal, tangent = (output.primal, output.tangent) if mine else (output, ZERO)
        check_live(primal)
        return primal, tangent


def variable(x: Number, birth: int) -> Number:
    """A fresh variable that stands for a number; of a Jet, for its value."""
    if isinstance(x, Jet):
        value, *derivatives = x.parts
        return x.of([variable(value, birth), *derivatives])
    primal = x if type(x) is float else x.primal
    return record(VARIABLE, primal, x, 0.0, primal, birth)


def retire(variable: Value) -> None:
    """Nothing needs a variable any more: from here on its use is an error that says so."""
    variable.primal = GONE
    variable.op, variable.left = CLOSED, NOWHERE


def is_variable(x: Number) -> bool:
    """Whether a number is a leaf, or stands for one inside a transform."""
    if isinstance(x, Jet):
        return is_variable(x.parts[0])
    return not isinstance(x, Value) or x.op is None or x.op is VARIABLE


def values_in(x: Any) -> Iterator[Value]:
    """The Values that a number is made of."""
    if isinstance(x, Value):
        yield x
    elif isinstance(x, Jet):
        for part in x.parts:
            yield from values_in(part)


def constant(x: float) -> Value:
    """A float as a Value that depends on nothing."""
    return record(identity, x, x, 0.0, x, 0.0)


def _differ(a: Any, b: Any) -> bool:
    return a is not b


def _escaped(*_: Any) -> NoReturn:
    raise Escaped


VARIABLE = Primitive("variable", float, (1.0,), ("1",), symbol="identity")  # known by identity
CLOSED = Primitive("escaped", float, (_escaped,), ("none",))
NOWHERE = Value(0.0)  # what a closed variable stands over, so that a sweep comes to its partial
