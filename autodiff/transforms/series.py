"""Series: forward accumulation carried beyond the first order, by truncated power series.

The series of + − × ÷ are known in closed form. Every other row follows from its partials: y = f(x) has
y′ = Σ ∂f/∂xᵢ · xᵢ′, so that k·yₖ takes only earlier coefficients of y. Order n costs n³ at most, where nesting first
derivatives costs 2ⁿ. After Griewank and Walther, Evaluating Derivatives (2008), chapter 13.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias, final

from autodiff.core.dual import Parts
from autodiff.core.floats import ZERO, is_zero
from autodiff.core.functions import total
from autodiff.core.operators import Operators
from autodiff.core.primitives import add, divide, multiply, negate, product, subtract
from autodiff.core.rows import Number, Primitive, constant

Coefficients: TypeAlias = Sequence[Number]


class Memory:
    """The series met while one row is worked out: its partials ask for the same ones again, cut at every length.

    Each has a name, a number for the row and the operands' names that it came of, whatever its length.
    """

    def __init__(self) -> None:
        self.names: dict[Any, int] = {}
        self.series: dict[tuple[int, int], Series] = {}

    def name(self, *key: Any) -> int:
        """The name of a series that came of a row and operands."""
        return self.names.setdefault(key, len(self.names))


@final
class Series(Operators, Parts):
    """c₀ + c₁t + … + cₙtⁿ: a number on a line, each coefficient a float, a Value or a number of an earlier tag."""

    __slots__ = ("coefficients", "memory", "name", "tag")

    def __init__(self, coefficients: list[Any], tag: int, memory: Memory | None = None, name: int = 0) -> None:
        self.coefficients, self.tag, self.memory, self.name = coefficients, tag, memory, name

    @property
    def data(self) -> float:
        """The number at t = 0."""
        start = self.coefficients[0]
        return start if type(start) is float else start.data

    @property
    def constant(self) -> Any:
        """The same, in a trace a Slot."""
        return constant(self.coefficients[0])

    def apply(self, row: Primitive, operands: tuple[Any, ...]) -> "Series":
        """The row on series."""
        memory, size = self.memory or Memory(), len(self.coefficients)
        name = memory.name(row, *(_key(x, memory) for x in operands))
        if (name, size) not in memory.series:
            self._fill(row, operands, memory, Series([], self.tag, memory, name))
        found = memory.series[name, size]
        if self.memory is None:
            found = Series(found.coefficients, self.tag)
            memory.series.clear()
        return found

    def _fill(self, row: Primitive, operands: tuple[Any, ...], memory: Memory, y: "Series") -> None:
        """The coefficients of y = row(operands), and y into the memory at every length on the way."""
        size, tag = len(self.coefficients), self.tag
        xs = [coefficients(x, tag, size) for x in operands]
        if row.base in RING:
            y.coefficients = RING[row.base](row, *xs)
        else:
            y.coefficients = [row(*(x[0] for x in xs))]
            slopes = zip(xs, row.slopes(len(xs)), strict=True)
            moving = [(x, slope) for x, slope in slopes if not all(map(is_zero, x[1:]))]
            for k in range(1, size):
                out, *earlier = (x.cut(k, memory) if _is_series(x, tag) else x for x in (y, *operands))
                y.coefficients.append(total(_term(x, slope, out, earlier, k) for x, slope in moving))
        memory.series[y.name, size] = y

    def cut(self, size: int, memory: Memory) -> "Series":
        """The first coefficients, always the same object for the same size."""
        name = self.name if self.memory else memory.name(self)
        return memory.series.setdefault((name, size), Series(self.coefficients[:size], self.tag, memory, name))

    @property
    def parts(self) -> Sequence[Any]:
        """The coefficients."""
        return self.coefficients

    def of(self, parts: Sequence[Any]) -> "Series":
        """A series of the same tag."""
        return Series(list(parts), self.tag)

    def __repr__(self) -> str:
        return f"Series({self.coefficients!r})"


def _term(x: Coefficients, partial: Any, out: Series, operands: Sequence[Any], k: int) -> Number:
    """What an operand contributes to yₖ: Σ (j/k) xⱼ sₖ₋ⱼ, s the series of the partial."""
    slope = partial if type(partial) is float else partial(out, *operands)
    weighted = [c if is_zero(c) else c * (j / k) for j, c in enumerate(x[: k + 1])]
    return convolved(weighted[1:], coefficients(slope, out.tag, k), k - 1)


def coefficients(x: Number, tag: int, size: int) -> list[Number]:
    """The coefficients of a series of this tag; anything else is constant along the line."""
    return x.coefficients if _is_series(x, tag) else [x, *[ZERO] * (size - 1)]


def convolved(x: Coefficients, y: Coefficients, k: int) -> Number:
    """Σ xⱼ yₖ₋ⱼ, j = 0 … k, by the product of the chain rule: what is zero contributes nothing."""
    pairs = ((x[j], y[k - j]) for j in range(k + 1))
    return total(product(a, b) for a, b in pairs if not (is_zero(a) or is_zero(b)))


def _linear(row: Primitive, *xs: Coefficients) -> list[Number]:
    return [row(*terms) for terms in zip(*xs, strict=True)]


def _product(row: Primitive, x: Coefficients, y: Coefficients) -> list[Number]:
    return [row(x[0], y[0]), *(convolved(x, y, k) for k in range(1, len(x)))]


def _quotient(row: Primitive, x: Coefficients, y: Coefficients) -> list[Number]:
    """q = x / y by x = q·y: qₖ = (xₖ − Σ qⱼ yₖ₋ⱼ) / y₀, j < k."""
    q = list[Number]()
    for k, c in enumerate(x):
        q.append(row(c - convolved(q, y[1:], k - 1), y[0]))
    return q


RING: dict[Primitive, Callable[..., list[Number]]] = {
    add: _linear, subtract: _linear, negate: _linear, multiply: _product, divide: _quotient
}  # fmt: skip


def _is_series(x: Any, tag: int) -> bool:
    return isinstance(x, Series) and x.tag == tag


def _key(x: Number, memory: Memory) -> Any:
    """What stands for an operand in a name."""
    if isinstance(x, Series):
        return x.name if x.memory is memory else memory.name(x)
    return x.hex() if type(x) is float else x
