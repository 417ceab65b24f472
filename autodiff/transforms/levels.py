"""Levels of nested transforms: the numbers of each are born here, kept apart from those of the others, and ended here.

    Recording   fresh variables for reverse accumulation, and the adjoints swept back to them
    Seeding     numbers of a fresh tag for forward accumulation: Duals, and Series to any order

Both are contexts, and the numbers that they made are refused after their end. (What was computed of these may still be
read; a transform that is given it refuses it.)
"""

from collections import deque
from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any, NoReturn, Self

from autodiff.core.collector import held_back
from autodiff.core.dual import LEVEL, Bundle, Dual, Parts, dual
from autodiff.core.floats import INF, ZERO
from autodiff.core.graph import Node, leaves, topological_order
from autodiff.core.primitives import identity
from autodiff.core.reverse import accumulate, steps
from autodiff.core.rows import Number, Primitive
from autodiff.core.slots import GONE
from autodiff.core.value import Value, record
from autodiff.errors import Escaped
from autodiff.transforms.series import Series, coefficients
from autodiff.transforms.structure import check_live

following = count(LEVEL, LEVEL).__next__  # a tag later than all before it


class Level(int):
    """A tag later than all before it, of one transform's run; it knows whether that has ended."""

    ended = False


class Recording:
    """Fresh variables for the numbers of a call, and the adjoints swept back to them.

    A variable is an identity node over the number that it stands for. Over a float, nothing below it is reached.
    Over a Value, the derivative is linked with what that Value was computed from: it is a Value too. In its field `y`,
    which an identity has no use for, a variable keeps its birth, a tag: an older variable belongs to an outer function.

    reusable  whether gradients are taken many times, and in several threads: of a pullback
    linked    whether other Values have been reached
    """

    def __init__(self, numbers: Sequence[Number], *, reusable: bool = False) -> None:
        self.birth, self.reusable, self.kept = following(), reusable, False
        self.inputs = [_variable(x, self.birth) for x in numbers]
        self.variables = [next(values_in(x)) for x in self.inputs]
        self.linked = any(type(variable.left) is Value for variable in self.variables)
        self.ordered: tuple[Value, list[Node], bool] | None = None

    def __enter__(self) -> Self:
        held_back.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        held_back.__exit__()
        for variable in () if self.linked or self.kept else self.variables:
            variable.primal = GONE
            variable.op, variable.left = CLOSED, NOWHERE

    def gradient(self, output: Number, *, linked: bool = False) -> list[Number]:
        """∂output/∂variable for each variable: a float, or a Value where other Values are reached too."""
        before, self.linked = self.linked, self.linked or linked
        gradient, linked = self._gradient(output), self.linked
        if self.reusable:
            self.linked = before  # each call of a pullback sees anew
        return [x if isinstance(x, Value | Parts) else _lifted(x) for x in gradient] if linked else gradient

    def _gradient(self, output: Number) -> list[Number]:
        if isinstance(output, Parts):
            return [output.of(parts) for parts in zip(*map(self._gradient, output.parts), strict=True)]
        if not isinstance(output, Value):
            return [ZERO] * len(self.variables)
        order, others = self._order(output)
        self.linked = self.linked or others
        if not (self.linked or self.reusable) and type(output.primal) is float:  # `accumulate` is of floats, one thread
            for variable in self.variables:
                variable.adjoint = ZERO
            accumulate(output, 1.0, order)
            gradient = [variable.adjoint for variable in self.variables]
            if all(x == x for x in gradient):
                return gradient
        adjoints: dict[Any, Any] = {output: 1.0}
        deque(steps(output, adjoints, on_values=self.linked, order=order), maxlen=0)
        return [adjoints.get(variable, ZERO) for variable in self.variables]

    def value(self, output: Number) -> Number:
        """The output as its inputs call for: a float, or a Value where other Values are reached too."""
        if isinstance(output, Parts):
            return output.of([self.value(part) for part in output.parts])
        if isinstance(output, Value):
            _, others = self._order(output)
            self.linked = self.linked or others
            return output if others else output.primal
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
        """The variables outlive the context: those over numbers are constants to everything but its pullback."""
        self.kept, self.ordered = True, None
        for variable in self.variables:
            if type(variable.left) is not Value:
                variable.y = INF

    def _order(self, output: Value) -> tuple[list[Node], bool]:
        """The topological order of an output, and whether it depends on leaves, or on variables of outer functions."""
        found = self.ordered  # the last, as value and gradient ask one after the other
        if found is None or found[0] is not output:
            order = topological_order(output)
            check_open(order)
            others = output.op is None or bool(leaves(order))
            others = others or any(node.op is VARIABLE and node.y < self.birth for node in order)
            found = self.ordered = output, order, others
        return found[1:]


class Seeding:
    """Numbers of a fresh tag for those of a call, and what comes out along it."""

    def __init__(self) -> None:
        self.tag = Level(following())
        self.inputs: list[Dual | Series] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.tag.ended = True
        for x in self.inputs:
            if isinstance(x, Dual):
                x.primal = GONE
            else:
                x.coefficients = [GONE]

    def dual(self, x: Number, tangent: Number | Bundle) -> Dual:
        """x + tangent·ε."""
        self.inputs.append(made := dual(x, tangent, self.tag))
        return made

    def series(self, x: Number, speed: Number, order: int) -> Series:
        """x + speed·t, to an order."""
        self.inputs.append(made := Series([x, speed, *[ZERO] * order][: order + 1], self.tag))
        return made

    def parts(self, output: Number) -> tuple[Number, Any]:
        """The primal and the tangent along this tag."""
        mine = isinstance(output, Dual) and output.tag == self.tag
        primal, tangent = (output.primal, output.tangent) if mine else (output, ZERO)
        check_live(primal)
        return primal, tangent

    def coefficients(self, output: Number, order: int) -> list[Number]:
        """The coefficients along this tag, to an order."""
        return coefficients(output, self.tag, order + 1)


def as_variable(x: Number) -> Number:
    """x where it is a variable already, a leaf or one that stands for one; else a fresh variable that stands for x."""
    return x if is_variable(x) else _variable(x, following())


def is_variable(x: Number) -> bool:
    """Whether a number is a leaf, stands for one inside a transform, or is no Value at all."""
    if isinstance(x, Parts):
        return is_variable(x.parts[0])
    return not isinstance(x, Value) or x.op is None or x.op is VARIABLE


def check_open(order: Sequence[Node]) -> None:
    """Escaped where nodes depend on a variable whose transform has ended."""
    if any(node.op is CLOSED for node in order):
        raise Escaped


def values_in(x: Any) -> Iterator[Value]:
    """The Values that a number is made of."""
    if isinstance(x, Value):
        yield x
    elif isinstance(x, Parts):
        for part in x.parts:
            yield from values_in(part)


def _variable(x: Number, birth: int) -> Number:
    """A fresh variable that stands for a number; of a Parts, for its value."""
    if isinstance(x, Parts):
        value, *derivatives = x.parts
        return x.of([_variable(value, birth), *derivatives])
    primal = x if type(x) is float or x.tag < 0 else x.primal
    return record(VARIABLE, primal, x, 0.0, primal, birth)


def _lifted(x: Number) -> Value:
    """A number as a Value that depends on nothing."""
    return record(identity, x, x, 0.0, x, 0.0)


def _escaped(*_: Any) -> NoReturn:
    raise Escaped


VARIABLE = Primitive("variable", float, (1.0,), ("1",), symbol="identity")  # known by identity
CLOSED = Primitive("escaped", float, (_escaped,), ("none",))
NOWHERE = Value(0.0)  # what a closed variable stands over, so that a sweep comes to its partial
