"""A program run over rows: in blocks, blocks in parts, parts in threads.

Rows are cut into parts by their number alone, and the sums of parts are added in their order: results do not depend on
the number of threads, to the bit.
"""

import os
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from threading import local
from typing import Any

from autodiff.compiling import machine
from autodiff.compiling.arguments import INSTALL
from autodiff.compiling.control import FIELD, FIELDS
from autodiff.compiling.lowering import Program
from autodiff.core.packages import require

REGISTERS = 8  # of a block of rows: so many sums of a dot product stay in the processor
PART = 1 << 18  # words of the stream, times blocks, for which a part of its own pays
PARTS = 32  # at most
SIZES = 8  # numbers of rows for which workspaces are kept
COLUMNS = FIELD["columns"]
WORKING = local()  # whether a thread is at work on a part


class Run:
    """A program, ready to be run on any number of rows.

    uniforms  what all rows share, as far as it is constant
    own       of a program of one row the uniforms that are its columns, by their number
    careful   a product of the chain rule is 0 where a factor is, as 0 · ∞. Else it is a plain product, and only if an
              operation was invalid, as the processor notes, everything is run again with care
    mean      whether sums are divided by the number of rows
    threads   at most; None for as many as there are processors
    """

    def __init__(
        self,
        program: Program,
        uniforms: Any,
        own: Sequence[int] = (),
        *,
        mean: bool = False,
        careful: bool,
        threads: int | None,
    ) -> None:
        np: Any = require("numpy", "the interpreter", INSTALL)
        self.np, self.dtype = np, uniforms.dtype
        self.program, self.uniforms, self.own, self.careful, self.threads = program, uniforms, own, careful, threads
        self.mean = mean
        self.width = machine.machine(self.dtype.name).width
        self.lanes = REGISTERS * self.width
        self.stream, self.splats = (np.array(words, np.int32) for words in (program.stream, program.splats))
        addresses = [machine.function(row, count, self.dtype.name) for row, count in program.functions]
        self.functions = np.array(addresses, np.int64)
        self.most = max((count for _, count in program.functions), default=1)
        self.free: dict[Any, list[list[Workspace]]] = defaultdict(list)  # those of all parts, where nobody uses them

    def __call__(self, fill: Callable[[Any], None], table: Any, rows: int, *, careful: bool = False) -> tuple[Any, Any]:
        """The sums or means over rows, and what is stored of each: a matrix, a row of it for each output.

        fill   writes what all rows share into an array
        table  of each column the address of its first number, and the bytes from row to row
        """
        careful = careful or self.careful
        if (rows, careful) not in self.free and len(self.free) == SIZES:
            self.free.pop(next(iter(self.free)), None)
        free = self.free[rows, careful]
        try:
            spaces = free.pop()
        except IndexError:
            spaces = self._spaces(rows, careful=careful)
        invalid = self._run(spaces, fill, table)
        totals = spaces[0].totals.copy()
        for space in spaces[1:]:
            totals += space.totals
        stored = self._stored(spaces) if self.program.stored else None
        errors = [machine.FAILED.pop(space.key, None) for space in spaces] if machine.FAILED else []
        free.append(spaces)
        for error in filter(None, errors):
            raise error
        if not careful and (invalid or self._has_nan(totals, stored)):
            return self(fill, table, rows, careful=True)
        return totals, stored

    def _has_nan(self, totals: Any, stored: Any) -> bool:
        """Whether there is a nan: a quiet one among the data, whose product with 0 is 0, is no invalid operation."""
        square = self.np.dot(totals, totals)  # the fastest look
        return square != square or (stored is not None and bool(self.np.isnan(stored).any()))

    def _stored(self, spaces: "list[Workspace]") -> Any:
        return spaces[0].stored.copy() if len(spaces) == 1 else self.np.hstack([space.stored for space in spaces])

    def _run(self, spaces: "list[Workspace]", fill: Callable[[Any], None], table: Any) -> int:
        """Run every part; whether an operation was invalid."""
        for space in spaces:
            fill(space.uniforms)
            if table is not space.table and table is not None:
                space.read(table)
        if len(spaces) == 1:
            return spaces[0].drive(spaces[0].address)
        if self.threads == 1:
            return max([space.run() for space in spaces])  # each runs, whatever the first says
        if getattr(WORKING, "inside", False):  # a function called back runs another: its parts would wait for this one
            return max([space.run() for space in spaces])
        workers = min(len(spaces), self.threads or processors())
        return max(executor(workers).map(_worked, spaces))

    def _spaces(self, rows: int, *, careful: bool) -> "list[Workspace]":
        blocks = -(-rows // self.lanes)
        parts = max(1, min(PARTS, blocks, blocks * len(self.stream) // PART))
        cuts = [self.lanes * (blocks * i // parts) for i in range(parts)] + [rows]
        return [Workspace(self, cuts[i], cuts[i + 1], rows if self.mean else 1, careful=careful) for i in range(parts)]


class Workspace:
    """What the run of one part needs for itself: uniforms, slots, sums, outputs and the block of its control."""

    def __init__(self, run: Run, start: int, end: int, divisor: int, *, careful: bool) -> None:
        np, program, width, dtype, size = run.np, run.program, run.width, run.dtype, run.dtype.itemsize
        whole, rest = divmod(end - start, run.lanes)
        last = -(-rest // width) * width  # lanes of the block that is not whole
        groups = -(-program.sums // width)
        masked = rest % width != 0 and program.sums > 0
        self.uniforms = run.uniforms.copy()
        self.slots = _aligned(np, program.slots * (run.lanes if whole else last), dtype)
        self.sums = _aligned(np, groups * width * width, dtype)
        self.sums[:] = 0.0
        outputs = np.zeros((program.stored, whole * run.lanes + last), dtype)
        lanes = np.zeros(groups * width, dtype)
        self.stored, self.totals = outputs[:, : end - start], lanes[: program.sums]
        self.arguments = np.zeros(run.most, np.int64)
        self.table = np.zeros((len(run.own), 2), np.int64)
        self.table[:, 0] = self.uniforms.ctypes.data + np.array(run.own, np.int64) * size
        self.kept = run, outputs, lanes
        name = dtype.name
        fields = {
            "code": run.stream.ctypes.data, "slots": self.slots.ctypes.data, "sums": self.sums.ctypes.data,
            "uniforms": self.uniforms.ctypes.data, "columns": self.table.ctypes.data,
            "column_count": len(program.columns), "row": start, "arguments": self.arguments.ctypes.data,
            "outputs": outputs.ctypes.data - start * size, "output_stride": outputs.strides[0], "last": end - 1,
            "functions": run.functions.ctypes.data, "live": rest - (last - width),
            "splats": run.splats.ctypes.data, "splat_count": len(program.splats), "full_blocks": whole,
            "full": machine.kernel(name, run.lanes, masked=False, careful=careful) if whole else 0,
            "tail": machine.kernel(name, last, masked=masked, careful=careful) if rest else 0,
            "tail_row": start + whole * run.lanes, "groups": groups, "totals": lanes.ctypes.data,
            "divisor": int(np.float64(divisor).view(np.int64)),
        }  # fmt: skip
        self.control = np.array([fields.get(name, 0) for name in FIELDS], np.int64)
        self.address = self.control.ctypes.data
        self.key = self.arguments.ctypes.data  # by which a function that is called back knows it
        self.drive: Callable[[int], int] = machine.drive(name)

    def read(self, table: Any) -> None:
        """Take columns from this table from now on."""
        self.table = table
        self.control[COLUMNS] = table.ctypes.data

    def run(self) -> int:
        """Run it; whether an operation was invalid."""
        return self.drive(self.address)


def _worked(space: Workspace) -> int:
    WORKING.inside = True
    try:
        return space.run()
    finally:
        WORKING.inside = False


def processors() -> int:
    """How many this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _aligned(np: Any, count: int, dtype: Any) -> Any:
    """An array that begins with a line of the cache, as registers are loaded."""
    raw = np.empty(count * dtype.itemsize + 64, np.uint8)
    start = -raw.ctypes.data % 64
    return raw[start : start + count * dtype.itemsize].view(dtype)


@cache
def executor(workers: int) -> ThreadPoolExecutor:
    """Threads that wait for parts."""
    return ThreadPoolExecutor(workers, "autodiff")


if hasattr(os, "register_at_fork"):  # a child of a fork has none of them
    os.register_at_fork(after_in_child=executor.cache_clear)
