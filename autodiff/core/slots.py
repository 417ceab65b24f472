"""Slot: a number that writes itself down.

    recorder = Recorder(2)
    x, y = recorder.inputs()
    z = x * y + 1.0           # recorder.rows: multiply, add

It holds no number: every row that is applied to it is written down, and gives the next Slot. What is written holds for
every input; `autodiff.tape` makes a tape of it.
"""

from collections.abc import Sequence
from typing import Any, TypeAlias, final

from autodiff.core.operators import Operators
from autodiff.core.rows import Primitive, constant
from autodiff.errors import BadTape, BranchOnData, Escaped

Place: TypeAlias = int | float  # on a tape: where an operand stands, or the constant that it is

new = object.__new__


class Recorder:
    """What Slots write to.

    first     how many inputs there are: their places come first, then one for each instruction
    rows      of the instructions
    operands  of all of them, end to end: places (int) and constants (float)
    ends      where those of each instruction end
    point     the numbers of the inputs, where Slots are to carry numbers along: then they branch as floats do
    ended     whether the trace is over, and nothing may be written any more
    """

    def __init__(self, first: int, point: Sequence[float] | None = None) -> None:
        self.first, self.point, self.ended = first, point, False
        self.rows: list[Primitive] = []
        self.operands: list[Place] = []
        self.ends: list[int] = []

    def inputs(self) -> list["Slot"]:
        """The Slots that all others are computed of."""
        return [_slot(self, i, self.point[i] if self.point else None) for i in range(self.first)]


@final
class Slot(Operators):
    """A place on a tape that is being written. To Values and Duals, which may hold it, it is a constant like a float.

    number  what stands there at the recorder's point; None where the tape is to hold for every input
    """

    __slots__ = ("number", "place", "recorder")
    tag = -1
    recorder: Recorder
    place: int
    number: float | None

    def apply(self, row: Primitive, operands: tuple[Any, ...]) -> "Slot":
        """Write the row down."""
        recorder, number = self.recorder, self.number
        if recorder.ended:
            raise Escaped
        places: list[Place] = []  # (`list[Place]()` takes as long as all the rest)
        for x in operands:
            if type(x) is Slot:
                if x.recorder is not recorder:
                    raise BadTape(
                        "a number of one trace stands in another, which would freeze it: pass it as an argument"
                    )
                places.append(x.place)
            else:
                places.append(x)
        if number is not None:
            number = row.evaluate([constant(x) for x in operands])
        rows, written = recorder.rows, recorder.operands
        made = _slot(recorder, recorder.first + len(rows), number)
        rows.append(row)
        written += places
        recorder.ends.append(len(written))
        return made

    def __deepcopy__(self, _: Any) -> "Slot":
        return self  # a place is not copied: what is written to it holds for the copy too

    @property
    def ended(self) -> bool:
        """Whether the trace that it belongs to is over."""
        return self.recorder.ended

    @property
    def constant(self) -> Any:
        """Its number, where it carries one."""
        return self if self.number is None else self.number

    @property
    def data(self) -> float:
        """Its number; BranchOnData where it has none."""
        if self.number is None:
            raise Escaped if self.recorder.ended else BranchOnData
        return self.number

    def __repr__(self) -> str:
        return (
            "<escaped from its transform>"
            if self.recorder.ended
            else "?"
            if self.number is None
            else f"{self.number!r}"
        )


def _slot(recorder: Recorder, place: int, number: float | None) -> Slot:
    made = new(Slot)
    made.recorder = recorder
    made.place = place
    made.number = number
    return made


ENDED = Recorder(1)
ENDED.ended = True
GONE: Any = ENDED.inputs()[0]  # the number of a variable whose transform has ended: any use of it says so
