"""+ − × ÷ ** % // and comparisons, for Value and Dual: an operator is a row, a comparison compares data."""

import operator
from collections.abc import Callable
from numbers import Real
from typing import TYPE_CHECKING, Any, NoReturn, Self

from autodiff.core import primitives as rows
from autodiff.core.rows import Operand, Primitive
from autodiff.errors import BranchOnData, DerivativeLost


def _apply(row: Primitive, x: Any, y: Any) -> Any:
    return NotImplemented if _foreign(x) or _foreign(y) else row(x, y)


def _foreign(x: Any) -> bool:
    """Whether an operator should leave it to `x` (an array, a class of the user's) to say what happens."""
    if isinstance(x, Operand) or type(x).__module__ == "builtins":
        return False
    return not isinstance(x, Real) and getattr(x, "shape", None) != ()


def _plain(x: Any) -> Any:
    """The number of a Value, a Dual or a NumPy scalar, for comparisons; anything else as it is."""
    if isinstance(x, Operand):
        return x.data
    return x.item() if getattr(x, "shape", None) == () else x  # a float32 would round ours to compare it


def _compare(function: Callable[[Any, Any], Any], row: Primitive, x: Operand, y: Any) -> Any:
    try:
        return function(x.data, _plain(y))
    except BranchOnData:
        return row(x, y)  # traced: a condition for `where`, which holds for every input


class Operators(Operand):
    """What lets an ordinary Python expression run on Values and Duals."""

    __slots__ = ()
    if TYPE_CHECKING:

        def __getattr__(self, row: str) -> Callable[..., Self]: ...  # every row of the table is a method

    def __add__(self, other: Any) -> Self:
        return _apply(rows.add, self, other)

    def __radd__(self, other: Any) -> Self:
        return _apply(rows.add, other, self)

    def __sub__(self, other: Any) -> Self:
        return _apply(rows.subtract, self, other)

    def __rsub__(self, other: Any) -> Self:
        return _apply(rows.subtract, other, self)

    def __mul__(self, other: Any) -> Self:
        return _apply(rows.multiply, self, other)

    def __rmul__(self, other: Any) -> Self:
        return _apply(rows.multiply, other, self)

    def __truediv__(self, other: Any) -> Self:
        return _apply(rows.divide, self, other)

    def __rtruediv__(self, other: Any) -> Self:
        return _apply(rows.divide, other, self)

    def __floordiv__(self, other: Any) -> Self:
        return _apply(rows.floor_divide, self, other)

    def __rfloordiv__(self, other: Any) -> Self:
        return _apply(rows.floor_divide, other, self)

    def __mod__(self, other: Any) -> Self:
        return _apply(rows.modulo, self, other)

    def __rmod__(self, other: Any) -> Self:
        return _apply(rows.modulo, other, self)

    def __divmod__(self, other: Any) -> tuple[Self, Self]:
        return self // other, self % other

    def __rdivmod__(self, other: Any) -> tuple[Self, Self]:
        return other // self, other % self

    def __pow__(self, other: Any) -> Self:
        return _apply(rows.power, self, other)

    def __rpow__(self, other: Any) -> Self:
        return _apply(rows.power, other, self)

    def __neg__(self) -> Self:
        return rows.negate(self)

    def __pos__(self) -> Self:
        return self

    conjugate = __pos__  # as NumPy calls it

    def __abs__(self) -> Self:
        return rows.absolute(self)

    def __floor__(self) -> Self:
        return rows.floor(self)

    def __ceil__(self) -> Self:
        return -rows.floor(-self)

    # == is by value, so that a program of floats runs unchanged; the hash is by identity, so that a node is a key.

    __hash__ = object.__hash__

    def __eq__(self, other: object) -> bool:
        return _compare(operator.eq, rows.equal, self, other)

    def __ne__(self, other: object) -> bool:
        return _compare(operator.ne, rows.not_equal, self, other)

    def __lt__(self, other: Any) -> bool:
        return _compare(operator.lt, rows.less, self, other)

    def __le__(self, other: Any) -> bool:
        return _compare(operator.le, rows.less_equal, self, other)

    def __gt__(self, other: Any) -> bool:
        return _compare(operator.gt, rows.greater, self, other)

    def __ge__(self, other: Any) -> bool:
        return _compare(operator.ge, rows.greater_equal, self, other)

    def __bool__(self) -> bool:
        return bool(self.data)

    def __format__(self, spec: str) -> str:
        return format(self.data, spec) if spec else str(self)

    def _lost(self, *_: Any) -> NoReturn:
        raise DerivativeLost(
            f"a plain number made of {self!r} would lose its derivative: "
            "use ad.exp, ad.sin, … instead of math's, or .data if the number is all you want"
        )

    __float__ = __int__ = __complex__ = __round__ = __trunc__ = _lost
