"""Parts of the data of a training: rows and targets that lie somewhere, read and checked where they are worked on."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from autodiff.core.packages import require
from autodiff.errors import MissingPackage

KINDS = (".npy", ".parquet")
INSTALL = "pip install 'autodiff-stepper[dask]'"


class BadPart(ValueError):
    """A part of the data that cannot be read, has other columns than the first, or holds what is not finite."""


class WorkersLost(RuntimeError):
    """An executor whose workers died; what training had found until then is in place."""


class Held(NamedTuple):
    """A part in memory: an array of rows, one of targets, and its name."""

    name: str
    rows: Any
    targets: Any

    def arrays(self) -> tuple[Any, Any]:
        """Rows (k, n) and targets (k,) or (k, t). BadPart for what is not finite."""
        np: Any = require("numpy", "training over parts", "pip install numpy")
        found = [np.ascontiguousarray(x, float) for x in (self.rows, self.targets)]
        for what, x in zip(("row", "target"), found, strict=True):
            bad = np.argwhere(~np.isfinite(x))
            if len(bad):
                place: list[int] = bad[0].tolist()
                column = f", column {place[1]}" if len(place) > 1 else ""
                raise BadPart(f"{self.name}: {what} {place[0]}{column} is {x[tuple(place)]}: drop it or fill it in")
        if len(found[0]) != len(found[1]):
            raise BadPart(f"{self.name} has {len(found[0])} rows and {len(found[1])} targets")
        return found[0], found[1]


class Stored(NamedTuple):
    """A part in a file, read by whoever works on it.

    columns  those of the first part: their names, or of .npy how many there are
    target   the column of the targets, by its name or place; the others are the rows
    """

    name: str
    path: str
    columns: tuple[Any, ...]
    target: Any

    def arrays(self) -> tuple[Any, Any]:
        """Rows and targets. BadPart for a file that cannot be read, or that has other columns."""
        columns, table = read(self.path)
        if columns != self.columns:
            raise BadPart(
                f"{self.name} has other columns than the first part: {_told(columns)}, not {_told(self.columns)}"
            )
        place = columns.index(self.target) if self.target in columns else int(self.target)
        rest = [i for i in range(len(columns)) if i != place % len(columns)]
        return Held(self.name, table[:, rest], table[:, place]).arrays()


def _told(columns: Sequence[Any]) -> str:
    return f"{len(columns)}: {', '.join(map(str, columns[:8]))}{', …' if len(columns) > 8 else ''}"


def read(path: str) -> tuple[tuple[Any, ...], Any]:
    """The columns of a file and its numbers as a table. BadPart where it cannot be read."""
    try:
        columns, table = _npy(path) if path.endswith(".npy") else _parquet(path)
    except MissingPackage:
        raise
    except Exception as error:  # noqa: BLE001 (whatever those who read files raise)
        raise BadPart(f"{path} cannot be read: {type(error).__name__} {str(error)[:120]}") from None
    if getattr(table, "ndim", 0) != 2 or table.dtype.kind not in "fiu":
        raise BadPart(f"{path} holds an array of {table.dtype} of shape {table.shape}, not a table of numbers")
    return columns, table


def _npy(path: str) -> tuple[tuple[Any, ...], Any]:
    table = require("numpy", "training over parts", "pip install numpy").load(path, allow_pickle=False)
    return tuple(range(table.shape[1] if table.ndim == 2 else 0)), table


def _parquet(path: str) -> tuple[tuple[Any, ...], Any]:
    frame = require("pandas", "a Parquet file", INSTALL).read_parquet(path)
    return tuple(frame.columns), frame.to_numpy(float)


def stored(folder: str | Path, target: Any) -> list[Stored]:
    """The parts in a folder, in the order of their names. ValueError where there are none."""
    paths = sorted(str(path) for path in Path(folder).iterdir() if path.suffix in KINDS)
    if not paths:
        raise ValueError(f"{folder} has no parts: files that end in {' or '.join(KINDS)}")
    columns, _ = read(paths[0])
    target = columns[-1] if target is None else target
    if target not in columns and not (type(target) is int and -len(columns) <= target < len(columns)):
        raise ValueError(f"targets is the name or the place of a column of the parts, {_told(columns)}; got {target!r}")
    return [Stored(Path(path).name, path, columns, target) for path in paths]
