"""What stands in the place of a number that is not there, and says so when it is used as one."""

from itertools import count
from numbers import Real
from typing import Any, NoReturn

from autodiff.errors import BranchOnData, Escaped


@Real.register
class Placeholder:
    """Any use as a number raises."""

    __slots__ = ()
    error: type[Exception]

    def refuse(self, *_: Any) -> NoReturn:
        """Raise what this placeholder raises."""
        raise self.error

    __hash__ = object.__hash__
    __float__ = __bool__ = __len__ = __getitem__ = __eq__ = __lt__ = __le__ = __gt__ = __ge__ = refuse
    __neg__ = __abs__ = __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = refuse
    __truediv__ = __rtruediv__ = __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = __pow__ = __rpow__ = refuse


class Gone(Placeholder):
    """The number of a variable whose transform has ended."""

    __slots__ = ()
    error = Escaped
    data = primal = property(Placeholder.refuse)

    def __repr__(self) -> str:
        return "<escaped from its transform>"


class Abstract(Placeholder):
    """The number of a traced Value. Sums and products, which Value forms itself, are abstract; `serial` orders them."""

    __slots__ = ("serial",)
    error = BranchOnData
    next_serial = count().__next__

    def __init__(self) -> None:
        self.serial = Abstract.next_serial()

    def _another(self, _: Any) -> "Abstract":
        return Abstract()

    __add__ = __radd__ = __mul__ = __rmul__ = _another

    def __repr__(self) -> str:
        return "?"


GONE: Any = Gone()
