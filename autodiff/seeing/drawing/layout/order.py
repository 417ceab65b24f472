"""Order: which nodes of a column stand above which, so that few lines cross, and else by their keys."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Sequence

Columns = list[list[int]]
Segment = tuple[int, int, float, float]  # from a node to one of the next column, and at which of their ports, 0 … 1
SWEEPS, PASSES = 12, 12


class Order:
    """The nodes of each column in their order, from above.

    keys      the order that they would have by themselves
    segments  lines between neighbouring columns
    """

    def __init__(self, columns: Columns, keys: Sequence[float], segments: Sequence[Segment]) -> None:
        self.keys = keys
        self.columns = [sorted(column, key=keys.__getitem__) for column in columns]
        self.rank = {node: i for i, column in enumerate(columns) for node in column}
        self.left: dict[int, list[tuple[int, float, float]]] = {node: [] for node in self.rank}
        self.right: dict[int, list[tuple[int, float, float]]] = {node: [] for node in self.rank}
        for u, v, out, into in segments:
            self.right[u].append((v, out, into))
            self.left[v].append((u, into, out))
        self.place: dict[int, int] = {}
        self._renumber()

    def settle(self) -> Columns:
        """Sweeps by barycentre, kept where crossings fall, then neighbours swapped where fewer lines cross."""
        best, least = [column.copy() for column in self.columns], self.crossings()
        for sweep in range(SWEEPS if least else 0):
            self._sweep(self.left if sweep % 2 == 0 else self.right, forward=sweep % 2 == 0)
            found = self.crossings()
            if found < least:
                best, least = [column.copy() for column in self.columns], found
        self.columns = best
        self._renumber()
        for _ in range(PASSES):
            changed = [self._swap(column) for column in self.columns]
            if not any(changed):
                break
        return self.columns

    def crossings(self) -> int:
        """How many pairs of lines cross."""
        total = 0
        for column in self.columns:
            ends = sorted((self.place[u] + out, self.place[v] + into) for u in column for v, out, into in self.right[u])
            seen = list[float]()
            for end in _grouped(ends):
                total += len(seen) * len(end) - sum(bisect_right(seen, y) for y in end)
                for y in end:
                    insort(seen, y)
        return total

    def _sweep(self, neighbours: dict[int, list[tuple[int, float, float]]], *, forward: bool) -> None:
        for column in self.columns if forward else reversed(self.columns):
            wanted = {
                node: sum(self.place[x] + there - here for x, here, there in found) / len(found)
                if (found := neighbours[node])
                else self.place[node]
                for node in column
            }
            column.sort(key=wanted.__getitem__)
            self.place.update({node: i for i, node in enumerate(column)})

    def _swap(self, column: list[int]) -> bool:
        """Neighbours swapped where fewer lines cross so, or as few and their keys say so."""
        changed = False
        for i in range(len(column) - 1):
            u, v = column[i : i + 2]
            gain = self._between(u, v) - self._between(v, u)
            if gain > 0 or (gain == 0 and self.keys[u] > self.keys[v]):
                column[i : i + 2] = v, u
                self.place[u], self.place[v] = i + 1, i
                changed = True
        return changed

    def _between(self, upper: int, lower: int) -> int:
        """How many lines of one cross lines of the other."""
        total = 0
        for neighbours in (self.left, self.right):
            below = sorted(self.place[x] + there for x, _, there in neighbours[lower])
            total += sum(bisect_left(below, self.place[x] + there) for x, _, there in neighbours[upper])
        return total

    def _renumber(self) -> None:
        self.place = {node: i for column in self.columns for i, node in enumerate(column)}


def _grouped(ends: Sequence[tuple[float, float]]) -> list[list[float]]:
    """The ends of lines by where they start: those of one start do not cross."""
    found: dict[float, list[float]] = {}
    for start, end in ends:
        found.setdefault(start, []).append(end)
    return list(found.values())
