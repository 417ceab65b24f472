"""Names: what the nodes of a graph are called, and how each is computed, in these names and in numbers.

A graph stands in slots, its inputs first. An operand that is an int is a slot, a float is a constant.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import count
from types import MappingProxyType
from typing import NamedTuple
from unicodedata import normalize

from autodiff.core.primitives import where
from autodiff.core.rows import Primitive
from autodiff.core.slots import Place
from autodiff.words.notation import COMPARISONS, SUBSCRIPTS, accented, applied, chain_term, slope, subscripted
from autodiff.words.typeset import shortened


def labelled(labels: Sequence[str], inputs: int) -> list[str]:
    """A label, or x₁, x₂ … for inputs and v₁, v₂ … for what is computed of them; each node has a name of its own."""
    given = distinct(list(map(subscripted, labels)))
    taken = set(map(_key, given))
    free = {letter: (name for name in _numbered(letter, count(1)) if _key(name) not in taken) for letter in "xv"}
    return [label or next(free["x" if slot < inputs else "v"]) for slot, label in enumerate(given)]


def traced(
    inputs: int, computed: int, labels: Sequence[str] = (), named: Mapping[int, str] = MappingProxyType({})
) -> list[str]:
    """As evaluation traces have it: … v₋₁, v₀ for the inputs, v₁, v₂ … for what is computed of them.

    What has a name, by its slot, keeps it. The letter is another where an argument, or another slot, is called v₁ or
    the like.
    """
    usual = list(_numbered("v", range(1 - inputs, 1 + computed)))
    given = {slot: subscripted(name) for slot, name in named.items()}
    other = [name for slot, name in given.items() if _key(name) != _key(usual[slot])]
    found = list(_numbered(_letter("vwutsr", [*labels, *other]), range(1 - inputs, 1 + computed)))
    slots, names = list(given), distinct([*map(subscripted, labels), *given.values()])[len(labels) :]
    for slot, name in zip(slots, names, strict=True):
        found[slot] = name
    return found


def arguments(labels: Sequence[str], inputs: int) -> list[str]:
    """The arguments of a function by their labels, x₁, x₂ … where there are none."""
    return distinct([subscripted(label) for label in labels]) or list(_numbered("x", range(1, inputs + 1)))


def results(outputs: int, labels: Sequence[str]) -> list[str]:
    """What a function gives: y, or y₁, y₂ …; f, or another letter, where one of the arguments is called y."""
    letter = _letter("yfghzq", labels)
    return [letter] if outputs == 1 else list(_numbered(letter, range(1, outputs + 1)))


def distinct(names: Sequence[str]) -> list[str]:
    """The names, where several are one, in whatever letters, numbered: x, x as x₁, x₂. An empty one stays."""
    keys = list(map(_key, names))
    several = {key for key, times in Counter(keys).items() if times > 1}
    taken, found = set(keys), list[str]()
    for name, key in zip(names, keys, strict=True):
        if name and key in several:
            tries = (name + "′" * i for i in count(1)) if key[-1].isdigit() else _numbered(name, count(1))
            name = next(again for again in tries if _key(again) not in taken)  # noqa: PLW2901
            taken.add(_key(name))
        found.append(name)
    return found


def _key(name: str) -> str:
    """What a reader takes two names for one by: x₁ and x1, ﬁt and fit."""
    return normalize("NFKC", name)


def _letter(letters: str, labels: Sequence[str]) -> str:
    """The first letter that no label is, with or without a number."""
    taken = {_key(label).rstrip("-−0123456789_") for label in labels}
    return next((letter for letter in letters if letter not in taken), f"{letters[0]}′")


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
