"""Names: what the nodes of a graph are called, and how each is computed, in these names and in numbers.

A graph stands in slots, its inputs first. An operand that is an int is a slot, a float is a constant.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import count
from typing import NamedTuple

from autodiff.core.primitives import where
from autodiff.core.rows import Primitive
from autodiff.core.slots import Place
from autodiff.words.notation import COMPARISONS, SUBSCRIPTS, accented, applied, chain_term, slope, subscripted
from autodiff.words.typeset import shortened


def labelled(labels: Sequence[str], inputs: int) -> list[str]:
    """A label, or x₁, x₂ … for inputs and v₁, v₂ … for what is computed of them; no label's name is given again."""
    given = list(map(subscripted, labels))
    taken = set(given)
    free = {letter: (name for name in _numbered(letter, count(1)) if name not in taken) for letter in "xv"}
    return [label or next(free["x" if slot < inputs else "v"]) for slot, label in enumerate(given)]


def traced(inputs: int, computed: int) -> list[str]:
    """As evaluation traces have it: … v₋₁, v₀ for the inputs, v₁, v₂ … for what is computed of them."""
    return list(_numbered("v", range(1 - inputs, 1 + computed)))


def arguments(labels: Sequence[str], inputs: int) -> list[str]:
    """The arguments of a function by their labels, x₁, x₂ … where there are none."""
    return [subscripted(label) for label in labels] or list(_numbered("x", range(1, inputs + 1)))


def results(outputs: int, labels: Sequence[str]) -> list[str]:
    """What a function gives: y, or y₁, y₂ …; f where one of the arguments is called y."""
    letter = "f" if any(label.startswith("y") for label in labels) else "y"
    return [letter] if outputs == 1 else list(_numbered(letter, range(1, outputs + 1)))


def _numbered(letter: str, numbers: Iterable[int]) -> Iterator[str]:
    return (f"{letter}{i}".translate(SUBSCRIPTS) for i in numbers)


class Wording(NamedTuple):
    """How the slots of a graph are called, and how what is computed in them is written.

    names     of each slot
    rows      what each slot is computed by; None for an input
    operands  what each slot is computed of
    write     how a number is written
    longest   characters of a name, from which it is cut
    """

    names: Sequence[str]
    rows: Sequence[Primitive | None]
    operands: Sequence[Sequence[Place]]
    write: Callable[[float], str]
    longest: int | None = None

    def name(self, x: Place, accent: str = "") -> str:
        """A slot's name, with a dot or a bar where asked for; a constant is itself."""
        if type(x) is not int:
            return self.write(x)
        name = self.names[x] if self.longest is None else shortened(self.names[x], self.longest)
        return accented(name, accent) if accent else name

    def expression(self, slot: int) -> str:
        """How a slot is computed, in names: x₁ × x₂; empty for an input."""
        row = self.rows[slot]
        return applied(row, self._read(slot)) if row else ""

    def computation(self, slot: int, numbers: Iterable[float]) -> str:
        """How a slot is computed, in the numbers of its operands: 2 × 5; empty for an input."""
        row = self.rows[slot]
        return applied(row, list(map(self.write, numbers))) if row else ""

    def formula(self, slot: int, position: int) -> str:
        """The partial of a slot to one of its operands, in names: cos x₂; empty where the row has no formula."""
        row = self.rows[slot]
        return slope(row, position, self._operands(slot)) if row else ""

    def term(self, slot: int, position: int, rate: str) -> str:
        """A rate times the partial of a slot to one of its operands, in names: v̇₁ × cos v₀; empty for an input."""
        row, names = self.rows[slot], self._operands(slot)
        return chain_term(rate, row, position, names, f"∂{self.name(slot)}/∂{names[position]}") if row else ""

    def product(self, slot: int, position: int, rate: float, numbers: Iterable[float], partial: float) -> str:
        """The same in numbers: 0.5 × cos 2."""
        row, write = self.rows[slot], self.write
        return chain_term(write(rate), row, position, list(map(write, numbers)), write(partial)) if row else ""

    def _read(self, slot: int) -> list[str]:
        """The operands by name; what `where` decides by, as it is computed: x > y ? v₁ : v₂."""
        names, first = self._operands(slot), self.operands[slot][0]
        if self.rows[slot] is where and type(first) is int and (row := self.rows[first]) and row.symbol in COMPARISONS:
            names[0] = self.expression(first)
        return names

    def _operands(self, slot: int) -> list[str]:
        return [self.name(x) for x in self.operands[slot]]
