"""What local variables of a traced function hold: names for the instructions of its tape."""

import sys
from collections.abc import Iterator
from types import FrameType
from typing import Any, Self, cast

from autodiff.core.rows import Primitive
from autodiff.core.slots import Recorder, Slot
from autodiff.core.value import Value

OWN = frozenset(["autodiff", "nn", *sys.stdlib_module_names]) - {"__main__"}  # whose variables name nothing
MOST = 250  # instructions of which the frames are seen: of more nobody reads names


class Locals:
    """A context: what is written down inside of it, by the names of the user's local variables as they were in the end.

    The frames in which the first instructions are written are kept until its end, with all that their variables hold.
    """

    most = MOST

    def __init__(self, recorder: Recorder) -> None:
        self.recorder, self.names, self.users = recorder, dict[int, str](), dict[str, bool]()
        self.frames: dict[FrameType, int] = {}  # and how far in each is

    def __enter__(self) -> Self:
        self.opened = sys._getframe(1)  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
        self.recorder.rows = Watched(self)
        return self

    def __exit__(self, *_: object) -> None:
        for frame in sorted(self.frames, key=self.frames.__getitem__, reverse=True):  # the outer function's names last
            for name, x in variables(frame):
                found = x.primal if type(x) is Value else x
                if type(found) is Slot and found.recorder is self.recorder:
                    self.names[found.place] = name
        self.frames.clear()
        del self.opened

    def see(self, frame: FrameType) -> None:
        """Keep the frames of the user's that led here: from one that is kept already no further."""
        new, at = list[FrameType](), cast("FrameType | None", frame)
        while at is not None and at is not self.opened and at not in self.frames:
            if is_users_code(at, self.users):
                new.append(at)
            at = at.f_back
        depth = self.frames.get(at, 0) if at else 0
        self.frames.update((known, depth + i) for i, known in enumerate(reversed(new), 1))


class Watched(list[Primitive]):
    """The rows of a recorder while frames are seen."""

    def __init__(self, seen: Locals) -> None:
        super().__init__(seen.recorder.rows)
        self.seen = seen

    def append(self, row: Primitive) -> None:
        """Keep who writes it; after the last that is seen an ordinary list goes on."""
        super().append(row)
        self.seen.see(sys._getframe(1))  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
        if len(self) == self.seen.most:
            self.seen.recorder.rows = list(self)


def variables(frame: FrameType) -> Iterator[tuple[str, Any]]:
    """The local variables that a function made itself: the last first, so that of two names the first stays."""
    code = frame.f_code
    inputs = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    for name, x in reversed(frame.f_locals.items()):
        if name not in inputs and name[0] != "_":
            yield name, x


def is_users_code(frame: FrameType, known: dict[str, bool]) -> bool:
    """Whether a frame is of a function of the user's, with a name; whose a module is, is noted in `known`."""
    return of_users_module(frame, known) and not frame.f_code.co_name.startswith("<")


def of_users_module(frame: FrameType, known: dict[str, bool]) -> bool:
    """Whether a frame is of a module of the user's."""
    module = frame.f_globals.get("__name__", "")
    if module not in known:
        known[module] = module.partition(".")[0] not in OWN
    return known[module]
