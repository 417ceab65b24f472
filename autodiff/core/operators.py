"""+ − × ÷ ** % // and comparisons, for every kind of number: an operator is a row, a comparison compares numbers."""

import operator
from collections.abc import Callable
from numbers import Real
from typing import TYPE_CHECKING, Any, NoReturn, Self, TypeAlias, TypeVar

from autodiff.core import arrays
from autodiff.core import primitives as table
from autodiff.core.rows import Operand, Primitive, constant
from autodiff.errors import PRINTS, BranchOnData, DerivativeLost, NotANumber

Kind = TypeVar("Kind")
Binary: TypeAlias = tuple[Callable[[Kind, Any], Kind], Callable[[Kind, Any], Kind]]


def _binary(row: Primitive) -> Binary[Any]:
    """x + other and other + x, of a row."""

    def operation(self: Any, other: Any) -> Any:
        if type(other) is float or (self.tag < 0 and type(other) is type(self)):  # then nobody else can be outermost
            return self.apply(row, (self, other))
        return NotImplemented if foreign(other) else row(self, other)

    def reflected(self: Any, other: Any) -> Any:
        if type(other) is float:
            return self.apply(row, (other, self))
        return NotImplemented if foreign(other) else row(other, self)

    return operation, reflected


def foreign(x: Any) -> bool:
    """Whether an operator should leave it to `x` (an array, a class of the user's) to say what happens."""
    if isinstance(x, Operand) or type(x).__module__ == "builtins":
        return False
    return not isinstance(x, Real) and getattr(x, "shape", None) != ()


def _comparison(compare: Callable[[Any, Any], Any], row: Primitive) -> Callable[[Any, Any], Any]:
    def comparison(self: Operand, other: Any) -> Any:
        x: Any = self.constant
        y: Any = other if type(other) is float else constant(other)
        if type(x) is type(y) is float:
            return compare(x, y)
        if isinstance(x, Operand) or isinstance(y, Operand):
            try:  # what stands for a number gives a condition for `where`, which holds for every input
                return NotImplemented if foreign(y) else row(x, y)
            except NotANumber:
                return NotImplemented
        return compare(x, y.item() if getattr(y, "shape", None) == () else y)  # a float32 would round ours

    return comparison


if TYPE_CHECKING:
    from autodiff.core.typed import Rows  # each row as a method, which `define` makes
else:
    Rows = Operand


class Operators(Rows):
    """What lets an ordinary Python expression run on any kind of number."""

    __slots__ = ()

    def __init_subclass__(cls) -> None:
        for base in cls.__bases__:
            if getattr(base, "__final__", False):
                raise TypeError(
                    f"{cls.__name__} cannot be a kind of {base.__name__}, which is known by its type: keep a "
                    f"{base.__name__} in an attribute, or make a number of your own, as help('autodiff.core') shows"
                )

    __add__, __radd__ = _binary(table.add)
    __sub__, __rsub__ = _binary(table.subtract)
    __mul__, __rmul__ = _binary(table.multiply)
    __truediv__, __rtruediv__ = _binary(table.divide)
    __floordiv__, __rfloordiv__ = _binary(table.floor_divide)
    __mod__, __rmod__ = _binary(table.modulo)
    __pow__, __rpow__ = _binary(table.power)

    def __divmod__(self, other: Any) -> tuple[Self, Self]:
        return self // other, self % other

    def __rdivmod__(self, other: Any) -> tuple[Self, Self]:
        return other // self, other % self

    def __neg__(self) -> Self:
        return table.negate(self)

    def __pos__(self) -> Self:
        return self

    __array_ufunc__ = arrays.array_ufunc  # NumPy's functions are rows, and ask for these two by their names
    clip = arrays.clip
    conjugate = __pos__

    def __abs__(self) -> Self:
        return table.absolute(self)

    def __floor__(self) -> Self:
        return table.floor(self)

    def __ceil__(self) -> Self:
        return table.ceil(self)

    # == is by value, so that a program of floats runs unchanged; the hash is by identity, so that a node is a key.

    __hash__ = object.__hash__
    __eq__ = _comparison(operator.eq, table.equal)
    __ne__ = _comparison(operator.ne, table.not_equal)
    __lt__ = _comparison(operator.lt, table.less)
    __le__ = _comparison(operator.le, table.less_equal)
    __gt__ = _comparison(operator.gt, table.greater)
    __ge__ = _comparison(operator.ge, table.greater_equal)

    def __trunc__(self) -> Self:
        return table.trunc(self)

    def __round__(self, digits: int | None = None) -> Self:
        return table.round(self) if digits is None else self._lost()

    def __bool__(self) -> bool:
        return bool(self.data)

    def __format__(self, spec: str) -> str:
        try:
            return format(self.data, spec) if spec else str(self)
        except BranchOnData:
            raise BranchOnData(PRINTS) from None

    def _lost(self, *_: Any) -> NoReturn:
        bool(self.data)  # in a trace there is none, which is an error of its own
        raise DerivativeLost(
            f"a plain number made of {self!r} would lose its derivative: "
            "use ad.exp, ad.sin, … instead of math's, arrays of dtype=object, or .data if the number is all you want"
        )

    __float__ = __int__ = __complex__ = _lost
