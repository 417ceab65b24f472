"""Where compiled code first became infinite or nan: traced again with the line of each instruction, run one by one."""

import linecache
from collections.abc import Callable, Sequence
from types import FrameType
from typing import Any

from autodiff.compiling.arguments import INSTALL
from autodiff.compiling.lifting import lifted
from autodiff.compiling.source import on_arrays
from autodiff.core.packages import require
from autodiff.core.slots import Recorder
from autodiff.errors import NonFinite, users_frame
from autodiff.tape.instructions import read
from autodiff.tape.locals import Locals


class Lines(Locals):
    """The line of the user's that wrote each instruction, in the place of names."""

    most = -1  # all of them

    def __init__(self, recorder: Recorder) -> None:
        super().__init__(recorder)
        self.lines = list[tuple[str, int]]()

    def see(self, frame: FrameType) -> None:
        """Note the file and the line."""
        found = users_frame(frame)
        self.lines.append((found.f_code.co_filename, found.f_lineno))


def nonfinite(
    function: Callable[..., Any], args: Sequence[Any], numbers: Sequence[Any], dtype: str = "float64"
) -> NonFinite | None:
    """The first instruction with a result that is not finite, of all rows; None where an input is none already.

    args     in the structure that is traced
    numbers  of each input, or of each row of it
    """
    numpy: Any = require("numpy", "a check", INSTALL)
    tape, _, seen = lifted(function, args, Lines)
    slots = [numpy.atleast_1d(numpy.asarray(x, dtype)) for x in numbers]
    for label, x in zip(tape.labels, slots, strict=True):
        if not numpy.isfinite(x).all():
            row = int(numpy.argmin(numpy.isfinite(x)))
            return NonFinite(f"{tape.name}: the input {label} is {x[row]}{_of_row(row, x)}")
    instructions = list(tape)
    with numpy.errstate(all="ignore"):
        for primitive, operands in instructions:
            slots.append(numpy.atleast_1d(numpy.asarray(on_arrays(primitive)(*read(slots, operands)), dtype)))
    results = {x: ~numpy.isfinite(slots[x]) for x in tape.results if type(x) is int}
    reached = {x for x, bad in results.items() if bad.any()}  # and what these are computed of
    rows = numpy.any(numpy.broadcast_arrays(*results.values()), axis=0) if results else numpy.zeros(1, bool)
    for place in range(len(slots) - 1, tape.inputs.size - 1, -1):
        if place in reached:
            reached.update(x for x in instructions[place - tape.inputs.size].operands if type(x) is int)
    for i, ((primitive, operands), (file, line)) in enumerate(zip(instructions, seen.lines, strict=True)):
        found = slots[tape.inputs.size + i]
        bad = ~numpy.isfinite(found) & (rows if len(found) > 1 else rows.any())
        if tape.inputs.size + i in reached and bad.any():
            row = int(numpy.argmax(bad))
            at = [float(x if type(x) is float else x[row if len(x) > 1 else 0]) for x in read(slots, operands)]
            text = f"{primitive.name}({', '.join(f'{x:.6g}' for x in at)}) is {found[row]}{_of_row(row, found)}"
            where = f"line {line} of {file}: `{linecache.getline(file, line).strip()}`"
            return NonFinite(f"{tape.name}: {text}, {where}")
    return None


def _of_row(row: int, x: Sequence[float]) -> str:
    return f" in row {row}" if len(x) > 1 else ""
