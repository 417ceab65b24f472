"""What a model is made of, as a table: its layers, and how many parameters each has."""

from collections.abc import Sequence
from typing import NamedTuple

from autodiff.words.typeset import STYLE, Column, Table


class Part(NamedTuple):
    """A layer of a model: where it stands, how it reads, and its parameters."""

    path: str
    told: str
    parameters: int


class Summary:
    """The parts of a model, and all of its parameters: what two parts share counts once in the total."""

    def __init__(self, name: str, parts: Sequence[Part], total: int) -> None:
        self.name, self.parts, self.total = name, list(parts), total

    def _table(self) -> Table:
        columns = [Column(self.name), Column("layer"), Column("parameters", ">")]
        rows = [(part.path, part.told, f"{part.parameters:,}") for part in self.parts]
        return Table(columns, [*rows, ("", "all", f"{self.total:,}")])

    def __str__(self) -> str:
        return "\n".join(line.rstrip() for line in self._table().lines())

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return f"{STYLE}{self._table().html()}"
