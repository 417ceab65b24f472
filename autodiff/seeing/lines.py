"""Which line of the user's made each node, seen by Python's own profiling hook: nodes pay nothing for it."""

import sys
from types import CodeType, FrameType
from typing import Any, NamedTuple, Self

from autodiff.core.value import record
from autodiff.errors import users_frame

RECORD = record.__code__


class Line(NamedTuple):
    """A line of a function's source."""

    code: CodeType
    number: int


class Lines:
    """A context: `made` holds each node recorded inside of it, in order, with its line, None where the line is ours.

    It sees this thread only, and nothing while a profiler written in C has the hook.
    """

    def __init__(self) -> None:
        self.made: dict[Any, Line | None] = {}

    def __enter__(self) -> Self:
        self.before, self.opened = sys.getprofile(), sys._getframe().f_back  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
        if self.before is None or callable(self.before):
            sys.setprofile(self._see)
        return self

    def __exit__(self, *_: object) -> None:
        if self.before is None or callable(self.before):  # cProfile's, until 3.11, cannot be put back
            sys.setprofile(self.before)
        self.before = self.opened = None  # a frame holds on to all of its variables

    def _see(self, frame: FrameType, event: str, result: Any) -> None:
        if event == "return" and frame.f_code is RECORD:
            user = users_frame(frame, self.opened)
            self.made[result] = None if user is self.opened else Line(user.f_code, user.f_lineno)
