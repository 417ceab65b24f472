"""Which rows a function meets at a kink or an infinite slope of their own: a number that watches, by values alone.

The true slope of relu(x) − relu(−x) at 0 is 1, and no difference sees a kink there; that relu is met at 0 tells it.
A partial may be what is wrong: so no partial is asked, but the row's float function, to both sides of its operands.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, NamedTuple, final

from autodiff.checking.differences import BESIDE, reach, sides, swing
from autodiff.core.floats import NAN
from autodiff.core.operators import Operators
from autodiff.core.rows import Primitive, constant
from autodiff.errors import NotANumber

LENGTHS = (1.0, 1e-8)  # of steps, relative to an operand: a kink may be near it, and yet not at it


class Meeting(NamedTuple):
    """A row, and its operands: to the left of the point, at it, and to the right."""

    row: Primitive
    operands: tuple[tuple[float, ...], ...]

    @property
    def at_a_kink(self) -> bool:
        """Whether the row has a kink at the point and not on both sides too, as maximum(x, x) has everywhere."""
        left, here, right = self.operands
        varying = [i for i, x in enumerate(here) if not left[i] == x == right[i]]
        return any(self._kinked(here, i) and not (self._kinked(left, i) and self._kinked(right, i)) for i in varying)

    def _kinked(self, operands: tuple[float, ...], i: int) -> bool:
        """Whether the row has no slope along operand i: two of them, an infinite one, a jump, or the domain's edge."""

        def along(x: float) -> float:
            return self.row.evaluate([*operands[:i], x, *operands[i + 1 :]])

        x = operands[i]
        try:
            return not any(
                _smooth(along, x, length) for length in (reach(x), *(share * (abs(x) or 1.0) for share in LENGTHS))
            )
        except (ArithmeticError, ValueError, NotANumber):
            return False  # beside the point it may leave the domain


def _smooth(function: Callable[[float], float], x: float, length: float) -> bool:
    found, value = sides(function, x, length), abs(function(x))
    return found.resolved(max(value / length, swing(function, x, length))) and not found.differ(1e-8 * value / reach(x))


@final
class Watched(Operators):
    """A number with those to its left and to its right, which writes down the rows that it goes through.

    compared  whether comparisons are written down too, as the rows that they are: those of the user's function, which
              choose its branches, not those of partials
    """

    __slots__ = ("compared", "met", "numbers")
    tag = -1  # a Dual or a Value may hold it: derivatives are watched too
    numbers: tuple[float, float, float]

    def __init__(self, numbers: tuple[float, float, float], met: list[Meeting], *, compared: bool) -> None:
        self.numbers, self.met, self.compared = numbers, met, compared

    @property
    def data(self) -> float:
        """The number at the point."""
        return self.numbers[1]

    @property
    def constant(self) -> Any:
        """What comparisons compare."""
        return self if self.compared else self.numbers[1]

    def apply(self, row: Primitive, operands: tuple[Any, ...]) -> "Watched":
        """The row at the point and on both sides, where it may leave its domain."""
        triples = [x.numbers if isinstance(x, Watched) else (constant(x),) * 3 for x in operands]
        left, here, right = zip(*triples, strict=True)
        self.met.append(Meeting(row, (left, here, right)))
        numbers = _beside(row, left), row.evaluate(here, operands), _beside(row, right)
        return Watched(numbers, self.met, compared=self.compared)

    def __repr__(self) -> str:
        return f"Watched({self.numbers[1]!r})"


def _beside(row: Primitive, numbers: Sequence[float]) -> float:
    try:
        return row.evaluate(numbers)
    except (ArithmeticError, ValueError, NotANumber):
        return NAN


def kinks_met(function: Callable[[list[Any]], list[Any]], point: Sequence[float], j: int, *, compared: bool) -> int:
    """How many rows f, of a list of numbers, meets at a kink or an infinite slope of their own as xⱼ varies."""
    met, x, h = list[Meeting](), point[j], BESIDE * reach(point[j])
    with suppress(ArithmeticError, ValueError, TypeError):  # up to there, what was met counts
        function([*point[:j], Watched((x - h, x, x + h), met, compared=compared), *point[j + 1 :]])
    return sum(meeting.at_a_kink for meeting in met)
