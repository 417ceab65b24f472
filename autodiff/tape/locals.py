"""What local variables of a traced function hold: names for the instructions of its tape."""

import sys
from collections.abc import Iterator
from types import CodeType, FrameType
from typing import Any, Self

from autodiff.core.slots import Recorder, Slot
from autodiff.core.value import Value

OWN = frozenset(["autodiff", "nn", *sys.stdlib_module_names]) - {"__main__"}  # whose variables name nothing
MOST = 250  # instructions, from where on nobody reads names, and seeing them costs twice what tracing does


class Locals:
    """A context: what is written down inside of it, by the names of the user's local variables as they were in the end.

    Seen by Python's profiling hook, so that nothing is seen where a profiler has it.
    """

    def __init__(self, recorder: Recorder) -> None:
        self.recorder, self.names, self.users = recorder, dict[int, str](), dict[CodeType, bool]()

    def __enter__(self) -> Self:
        self.sees = sys.getprofile() is None
        if self.sees:
            sys.setprofile(self._see)
        return self

    def __exit__(self, *_: object) -> None:
        if self.sees:
            sys.setprofile(None)

    def _see(self, frame: FrameType, event: str, _: Any) -> None:
        if event != "return":
            return
        if len(self.recorder.rows) > MOST:
            sys.setprofile(None)
            return
        if is_users_code(frame, self.users):
            for name, x in variables(frame):
                found = x.primal if type(x) is Value else x
                if type(found) is Slot and found.recorder is self.recorder:
                    self.names[found.place] = name


def variables(frame: FrameType) -> Iterator[tuple[str, Any]]:
    """The local variables that a function made itself: the last first, so that of two names the first stays."""
    code = frame.f_code
    inputs = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    for name, x in reversed(frame.f_locals.items()):
        if name not in inputs and name[0] != "_":
            yield name, x


def is_users_code(frame: FrameType, known: dict[CodeType, bool]) -> bool:
    """Whether a frame is of a function of the user's, with a name, as is noted in `known`."""
    if frame.f_code not in known:
        room = frame.f_globals.get("__name__", "").partition(".")[0]
        known[frame.f_code] = room not in OWN and not frame.f_code.co_name.startswith("<")
    return known[frame.f_code]
