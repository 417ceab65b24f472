"""What can go wrong, each with its remedy in the message."""

from collections.abc import Iterable
from typing import Any


class NotANumber(TypeError):
    """Something other than one real number stands where a number belongs."""


class DerivativeLost(TypeError):
    """A conversion to a plain number would drop the derivative without a word."""


class NotALeaf(TypeError):
    """An interior node was treated as a variable: its number is the result of its operation."""


class StaleGraph(RuntimeError):
    """A derivative that is itself a graph was asked of nodes whose leaves have changed since."""


class MissingPackage(ImportError):
    """An optional package is not installed."""


def describe(x: Any) -> str:
    """An operand as an error message shows it: `a = -1.0` where it has a label, else `-1.0`."""
    label = getattr(x, "label", None)
    number = getattr(x, "data", x)
    return f"{label} = {number!r}" if label else repr(number)


def explained(error: ArithmeticError | ValueError, name: str, operands: Iterable[Any]) -> Exception:
    """The same type of exception, its message naming the operation and its operands."""
    return type(error)(f"{name}({', '.join(map(describe, operands))}): {error}")


REMEDIES = {
    "str": "convert it with float(...)",
    "bytes": "convert it with float(...)",
    "NoneType": "did a function forget to return?",
    "complex": "only real numbers are differentiated; take .real or .imag",
    "list": "apply the function to each element",
    "tuple": "apply the function to each element",
    "dict": "apply the function to each value",
    "ndarray": "apply a NumPy function to an array of Values: it reaches each element",
}


def not_a_number(x: Any) -> NotANumber:
    """The error for `x`, with the remedy for what `x` seems to be."""
    kind, found = type(x).__name__, repr(x)
    found = found if len(found) <= 60 else found[:57] + "..."
    remedy = REMEDIES.get(kind, "pass an int, a float, a Value or a Dual")
    return NotANumber(f"expected one real number, got {kind} {found}: {remedy}")
