"""What can go wrong, each with its remedy in the message."""

import linecache
import sys
from collections.abc import Iterable
from types import FrameType
from typing import Any


class NotANumber(TypeError):
    """Something other than one real number stands where a number belongs."""


class DerivativeLost(TypeError):
    """A conversion to a plain number would drop the derivative without a word."""


class NotALeaf(TypeError):
    """An interior node was treated as a variable: its number is the result of its operation."""


class StaleGraph(RuntimeError):
    """A derivative that is itself a graph was asked of nodes whose leaves have changed since."""


class NotScalar(TypeError):
    """A function of which the gradient is asked has more than one output, or none."""


class StructureMismatch(TypeError):
    """Tangents or cotangents are nested otherwise than the numbers they belong to."""


class ArgumentChanged(RuntimeError):
    """A function changed its argument in place."""


class Escaped(RuntimeError):
    """A traced number is used after the function that it belongs to has returned."""

    def __init__(
        self,
        message: str = "this number was traced by a transform that has ended: let the function return it, or keep its "
        "plain number while the function runs, as ad.stop_gradient(x)",
    ) -> None:
        super().__init__(message)


class WrongDerivative(ArithmeticError):
    """A derivative disagrees with the one that values alone give."""


BRANCHES = (
    "instead of a branch use ad.where(x > 0, a, b), ad.maximum, ad.minimum or ad.clip, instead of math.exp ad.exp; "
    "arrays that hold it have dtype=object; loops may run over floats"
)
PRINTS = "printed without a format, as in f'{x}', it is a question mark; print numbers outside of the traced function"


class BranchOnData(TypeError):
    """The number of a traced number is asked for: a trace holds for every input, and has none."""

    def __init__(self, remedy: str = BRANCHES) -> None:
        super().__init__(remedy)
        self.file, self.line, self.text = _users_line()

    def __str__(self) -> str:
        text = linecache.getline(self.file, self.line).strip() or self.text
        return (
            f"line {self.line} of {self.file}, `{text}`, asks for the number of a traced argument, which stands for "
            f"every input and has none; {self.args[0]}"
        )


class Unsteady(RuntimeError):
    """A function changes between calls."""


class NonFinite(ArithmeticError):
    """A result or a derivative is infinite or nan where a finite number is needed."""


class BadExpression(ValueError):
    """An expression that is not understood; the message points at the column."""


class BadTape(ValueError):
    """A tape, or a file of one, that is not well formed."""


class MissingPackage(ImportError):
    """An optional package is not installed."""


def describe(x: Any) -> str:
    """An operand as an error message shows it: `a = -1.0` where it has a label, else `-1.0`."""
    label = getattr(x, "label", None)
    number = getattr(x, "data", x)
    return f"{label} = {number!r}" if label else repr(number)


GUARD = "both branches of a where are computed: guard the operand of the one not taken, as sqrt(where(x > 0, x, 1.0))"


def explained(error: ArithmeticError | ValueError, name: str, operands: Iterable[Any]) -> Exception:
    """The same type of exception, its message naming the operation, its operands and the line of the user's.

    An error of another type is the user's own, and stays as it is.
    """
    if type(error) not in (ValueError, ArithmeticError, ZeroDivisionError, OverflowError, FloatingPointError):
        return error
    frame = users_frame(sys._getframe())  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
    code, line = frame.f_code, frame.f_lineno
    where = f"line {line} of {code.co_filename.replace(chr(92), '/').rpartition('/')[2]}"
    remedy = f"; {GUARD}" if "where" in code.co_names else ""
    problem = error.args[-1] if error.args else "it failed"
    return type(error)(f"{name}({', '.join(map(describe, operands))}): {problem} ({where}){remedy}")


def _users_line() -> tuple[str, int, str]:
    """The innermost line outside of this package: its file, its number and its function."""
    frame = users_frame(sys._getframe())  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] (inspect is slow to import)
    return frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_name


def users_frame(frame: FrameType, opened: FrameType | None = None) -> FrameType:
    """The innermost frame outside of this package that led to a frame, no further out than `opened`."""
    while frame.f_back and frame is not opened and frame.f_globals.get("__name__", "").partition(".")[0] == "autodiff":
        frame = frame.f_back
    return frame


REMEDIES = {
    "str": "convert it with float(...)",
    "bytes": "convert it with float(...)",
    "NoneType": "did a function forget to return?",
    "complex": "only real numbers are differentiated; take .real or .imag",
    "list": "take its elements one by one, [f(x) for x in …]",
    "tuple": "take its elements one by one, [f(x) for x in …]",
    "dict": "take its values one by one",
    "range": "make it a list",
    "set": "make it a list",
    "generator": "make it a list",
    "map": "make it a list",
    "Value": "take its number, .data",
    "Dual": "take its number, .data",
    "ndarray": "take its elements one by one, [f(x) for x in xs]; a function that is NumPy's too reaches each by "
    "itself there, also of an array of Values (where it is maximum or minimum, np.frompyfunc(ad.maximum, 2, 1))",
}


def not_a_number(x: Any) -> NotANumber:
    """The error for `x`, with the remedy for what `x` seems to be."""
    kind, found = type(x).__name__, repr(x)
    found = found if len(found) <= 60 else found[:57] + "..."
    remedy = REMEDIES.get(kind, "pass an int, a float, a Value or a Dual")
    return NotANumber(f"expected one real number, got {kind} {found}: {remedy}")
