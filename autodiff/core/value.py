"""Value: a number that remembers how it was computed."""

import os
from collections.abc import Callable
from threading import RLock
from typing import Any, Self, final

from autodiff.core.floats import number
from autodiff.core.graph import leaves, topological_order
from autodiff.core.micrograd import no_rule, previous, written
from autodiff.core.operators import Operators, foreign
from autodiff.core.primitives import add, divide, multiply, power, subtract
from autodiff.core.reverse import accumulate
from autodiff.core.rows import Operand, Primitive, conditions, read_values
from autodiff.core.scopes import Scope, current
from autodiff.errors import NotALeaf, NotScalar

new = object.__new__
FLOATS = {float}
one_at_a_time = RLock()  # sweeps that write `grad`: a graph that two threads share has one for each node
if hasattr(os, "register_at_fork"):  # a child of a fork would wait for a thread that it has not
    os.register_at_fork(
        before=one_at_a_time.acquire,
        after_in_parent=one_at_a_time.release,
        after_in_child=one_at_a_time.release,
    )


def fast(row: Primitive) -> tuple[Callable[[Any, Any], Any], Callable[[Any, Any], Any]]:
    """The operator of a row and its reflection, fast for Values, floats and ints; other operands go through the row.

    So do those at which the float function raises: the row's error names them.
    """
    function: Callable[[Any, Any], Any] = row.function

    def operation(self: "Value", other: Any) -> Any:
        if type(other) is Value:
            y = other.primal
        elif type(other) is float:
            y = other
        elif type(other) is int:
            other = y = float(other)
        else:
            return NotImplemented if foreign(other) else row(self, other)
        x = self.primal
        try:
            primal = function(x, y)
        except (ArithmeticError, ValueError):
            return row(self, other)
        return record(row, primal, self, other, x, y)

    def reflected(self: "Value", other: Any) -> Any:
        if type(other) is int:  # as `sum` begins
            other = float(other)
        elif type(other) is not float:
            return NotImplemented if foreign(other) else row(other, self)
        y = self.primal
        try:
            primal = function(other, y)
        except (ArithmeticError, ValueError):
            return row(other, self)
        return record(row, primal, other, self, other, y)

    return operation, reflected


@final
class Value(Operators):
    """A node of the computation graph: `data` is `op` of `operands`; a leaf has neither.

    data      the number, always a float; on a leaf it may be assigned
    grad      its adjoint ∂output/∂self: on a leaf the sum over all calls of `backward`, inside the graph the last
    label     a name for drawings and messages
    op        the Primitive that made this node, None on a leaf
    operands  Values, and floats for constants, which need no node
    scope     the innermost `ad.scope` that it was made in, None outside of any

    A node keeps the numbers that it was computed from: assigning a leaf later leaves its derivatives right.
    """

    __slots__ = ("adjoint", "called", "left", "op", "primal", "right", "within", "x", "y")
    tag = 0
    primal: Any  # a float; in a trace a Slot
    adjoint: float  # where `grad` is kept, `label` in `called` and `scope` in `within`: these are checked when assigned
    called: str | None
    op: Primitive | None
    left: Any
    right: Any
    within: Scope | None
    x: Any
    y: float

    def __init__(self, data: float, label: str | None = None) -> None:
        if isinstance(data, Operand):
            raise TypeError(f"Value of {data!r}: it is a number already; ad.identity(v) makes a node, v.data a float")
        self.primal = number(data)
        self.label = label
        self.adjoint = 0.0
        self.op = None
        self.within = current()

    # + and × written out, since every graph is made of them: `fast` without the error that floats do not raise here.

    def __add__(self, other: Any) -> Self:
        if type(other) is Value:
            y = other.primal
        elif type(other) is float:
            y = other
        elif type(other) is int:
            other = y = float(other)
        else:
            return super().__add__(other)
        x = self.primal
        return record(add, x + y, self, other, x, y)

    def __mul__(self, other: Any) -> Self:
        if type(other) is Value:
            y = other.primal
        elif type(other) is float:
            y = other
        elif type(other) is int:
            other = y = float(other)
        else:
            return super().__mul__(other)
        x = self.primal
        return record(multiply, x * y, self, other, x, y)

    __radd__, __rmul__ = fast(add)[1], fast(multiply)[1]
    __sub__, __rsub__ = fast(subtract)
    __truediv__, __rtruediv__ = fast(divide)
    __pow__, __rpow__ = fast(power)

    def apply(self, row: Primitive, operands: tuple[Any, ...]) -> "Value":
        """Record the row: compute it on the operands' numbers and keep both."""
        if row.arity == 1:
            x = self.primal
            return record(row, row.evaluate((x,), operands) if type(x) is float else row(x), self, 0.0, x, 0.0)
        numbers = tuple([x.primal if type(x) is Value else x for x in operands])
        primal = row.evaluate(numbers, operands) if set(map(type, numbers)) == FLOATS else row(*numbers)
        if row.arity == 2:
            return record(row, primal, *operands, *numbers)
        return record(row, primal, operands, 0.0, numbers, 0.0)

    @property
    def constant(self) -> Any:
        """The number without its derivative: in a trace a Slot, and itself where conditions are to be nodes."""
        if (noted := read_values()) is not None:
            noted[self] = None
        if type(self.primal) is not float:
            return self.primal.constant
        return self if conditions() else self.primal

    @property
    def data(self) -> float:
        """The number."""
        if (noted := read_values()) is not None:
            noted[self] = None
        return self.primal if type(self.primal) is float else self.primal.data

    @data.setter
    def data(self, data: float) -> None:
        if self.op is not None:
            raise NotALeaf(f"{self!r} is the result of {self.op.name}: assign the data of leaves, and compute it again")
        self.primal = number(data)

    @property
    def grad(self) -> float:
        """Its adjoint ∂output/∂self."""
        return self.adjoint

    @grad.setter
    def grad(self, grad: float | None) -> None:
        self.adjoint = 0.0 if grad is None else number(grad)  # None as PyTorch's zero_grad leaves it

    @property
    def label(self) -> str | None:
        """A name for drawings and messages."""
        return self.called

    @label.setter
    def label(self, label: str | None) -> None:
        if label is not None and not isinstance(label, str):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise TypeError(f"a label is a str, got {type(label).__name__} {label!r}")
        self.called = label

    @property
    def scope(self) -> Scope | None:
        """The innermost `ad.scope` that it was made in."""
        return self.within

    @scope.setter
    def scope(self, scope: Scope | None) -> None:
        if scope is not None and not isinstance(scope, Scope):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise TypeError(f'a scope is what `with ad.scope("layer 1"):` opens, got {type(scope).__name__} {scope!r}')
        self.within = scope

    @property
    def operands(self) -> tuple[Any, ...]:
        """What `op` was applied to."""
        if self.op is None:
            return ()
        return (self.left, self.right)[: self.op.arity] if self.op.arity in (1, 2) else self.left

    @property
    def numbers(self) -> tuple[float, ...]:
        """The floats that the operands held when this node was computed."""
        if self.op is None:
            return ()
        return (self.x, self.y)[: self.op.arity] if self.op.arity in (1, 2) else self.x

    # what programs written for micrograd read
    _prev, _op, _backward = property(previous), property(written), property(no_rule, no_rule)

    def backward(self, seed: float = 1.0) -> None:
        """Reverse accumulation from here: adds ∂self/∂leaf · seed to the `grad` of every leaf.

        Calls accumulate on leaves, as in PyTorch; each interior node's `grad` is set to this sweep's adjoint. If a
        partial raises, no leaf has changed. Sweeps of several threads go one after the other.
        """
        with one_at_a_time:
            for leaf, adjoint in accumulate(self, number(seed), topological_order(self)).items():
                leaf.adjoint += adjoint

    def zero_grad(self) -> None:
        """Set the `grad` of every node that this one depends on to 0."""
        order = topological_order(self)
        for node in (*order, *leaves(order), self):
            node.adjoint = 0.0

    def __repr__(self) -> str:
        label = f", {self.label!r}" if self.label else ""
        made = f", {self.op.name}" if self.op else ""
        return f"Value({self.primal!r}{label}{made}, grad={self.grad!r})"

    def __reduce__(self) -> tuple[Any, ...]:
        if self.op is not None:
            raise NotALeaf(
                f"{self!r} stands on a graph, and a copy would not: use the Value itself. Leaves are copied and "
                "pickled, graphs travel as tapes"
            )
        return _restore, (self.primal, self.adjoint, self.called)


def record(op: Primitive, primal: float, left: Any, right: Any, x: Any, y: float) -> Any:
    """A new interior node."""
    node = new(Value)
    node.primal = primal
    node.adjoint = 0.0
    node.called = None
    node.op = op
    node.left = left
    node.right = right
    node.within = current()
    node.x = x
    node.y = y
    return node


def _restore(primal: float, grad: float, label: str | None) -> Value:
    leaf = Value(primal, label)
    leaf.adjoint = grad
    return leaf


def backward(output: Any, seed: float = 1.0) -> None:
    """`output.backward(seed)`, with an error that says what to do where `output` records no graph."""
    if not isinstance(output, Value):
        found = f"{type(output).__name__} {repr(output)[:60]}"
        if isinstance(output, list | tuple | dict) or getattr(output, "shape", ()) != ():
            raise NotScalar(
                f"backward starts at one number, got {found}: call it on one of them, or on what they come to, as "
                "ad.mean(outputs) or ad.total(outputs)"
            )
        raise TypeError(
            f"backward needs a Value, got {found}: no Value entered its computation; "
            "make the variables Values, as in x = Value(2.0). (A Dual carries its derivative in .tangent.)"
        )
    output.backward(seed)
