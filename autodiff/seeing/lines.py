"""Which line of the user's made each node or read it, and what the user calls it: seen by Python's profiling hook.

Lines of the library's, a layer's say, are no user's: the line that called it is.
"""

import sys
from types import CodeType, FrameType
from typing import Any, NamedTuple, Self

from autodiff.core.dual import Dual
from autodiff.core.operators import Operators
from autodiff.core.value import Value, record
from autodiff.errors import users_frame
from autodiff.tape.locals import is_users_code, of_users_module, variables

RECORD = record.__code__
READERS = frozenset([Operators.__bool__.__code__, *(kind.data.fget.__code__ for kind in (Value, Dual))])  # type: ignore[attr-defined]


class Span(NamedTuple):
    """Where an expression stands: from a column of a line to a column of a later one, columns in bytes of UTF-8."""

    start: int
    end: int
    column: int
    stop: int


class Line(NamedTuple):
    """A line of a function's source, and the expression in it, where Python knows that."""

    code: CodeType
    number: int
    span: Span | None = None


class Taken(NamedTuple):
    """A number that left the graph, as `if x > 0`, `while`, `max` and `.data` take it: what followed hangs on it.

    node   whose number it is
    found  the number, or the bool that it came to
    line   the line of the user's
    made   how many nodes there were before
    """

    node: Any
    found: float
    line: Line
    made: int


class Lines:
    """A context: what is recorded and what is read inside of it.

    made   each node, in order, with its line, None where the line is ours
    taken  what the user's lines took out, in order
    named  what nodes are called by local variables of the user's, as those had them in the end
    sees   whether it saw anything: this thread only, and nothing while a profiler written in C has the hook
    """

    def __init__(self) -> None:
        self.made: dict[Any, Line | None] = {}
        self.taken: list[Taken] = []
        self.named: dict[Any, str] = {}
        self.users: dict[str, bool] = {}
        self.spans: dict[CodeType, list[Any]] = {}

    def __enter__(self) -> Self:
        self.before, self.opened = sys.getprofile(), sys._getframe().f_back  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
        self.sees = self.before is None or callable(self.before)
        if self.sees:
            sys.setprofile(self._see)
        return self

    def __exit__(self, *_: object) -> None:
        if self.sees:  # cProfile's, until 3.11, cannot be put back
            sys.setprofile(self.before)
        self.before = self.opened = None  # a frame holds on to all of its variables

    def _see(self, frame: FrameType, event: str, result: Any) -> None:
        if event != "return":
            return
        code = frame.f_code
        if code is RECORD:
            self.made[result] = self._line(self._user(frame))
        elif code in READERS:
            self._read(frame, result)
        elif is_users_code(frame, self.users):
            for name, x in variables(frame):
                if type(x) is Value and x in self.made:
                    self.named[x] = name

    def _read(self, frame: FrameType, result: Any) -> None:
        user = frame.f_back
        if user is None or user is self.opened or user is not users_frame(user):
            return
        node = frame.f_locals["self"]
        while type(node) is Dual:
            node = node.primal
        if type(node) is Value and result is not None:  # None where it raised
            self.taken.append(Taken(node, result, Line(user.f_code, user.f_lineno), len(self.made)))

    def _user(self, frame: FrameType) -> FrameType:
        """The innermost frame of the user's; without one, the innermost that is not the engine's."""
        inner = users_frame(frame, self.opened)
        found: FrameType | None = inner
        while found is not None and found is not self.opened:
            if of_users_module(found, self.users):
                return found
            found = found.f_back
        return inner

    def _line(self, frame: FrameType) -> Line | None:
        if frame is self.opened:
            return None
        code = frame.f_code
        if code not in self.spans:
            self.spans[code] = list(code.co_positions())
        start, end, column, stop = self.spans[code][frame.f_lasti // 2]
        known = None not in (start, end, column, stop)
        return Line(code, frame.f_lineno, Span(start, end, column, stop) if known else None)
