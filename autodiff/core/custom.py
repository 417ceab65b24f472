"""Functions of your own in the table, and derivatives of your own for a composite."""

import sys
from collections.abc import Callable, Sequence
from numbers import Real
from typing import Any, TypeAlias

from autodiff.core.floats import number
from autodiff.core.rows import NAMED, ROWS, TABLE, WIDE, Number, Operand, Primitive, Range, define
from autodiff.errors import DerivativeLost, NotANumber

Partial: TypeAlias = float | Callable[..., Number]
Decorator: TypeAlias = Callable[[Callable[..., Any]], Primitive]


def primitive(
    partials: Sequence[Partial],
    formulas: Sequence[str] = (),
    domain: Sequence[Range] = (),
    symbol: str | None = None,
) -> Decorator:
    """Enter a function of floats into the table under its own name: a row like every other, a method too.

    partials  ∂f/∂xᵢ for each operand: a float, or a function of (output, *operands) written with rows of the table
    formulas  the same for people, by the grammar of autodiff.words.grammar where they can be
    domain    an interval for each operand, where tests sample it
    symbol    as written on a node, else the name

    Defined again, as when a notebook's cell is run again, the new row takes the place of the old one.

        @ad.primitive(partials=[lambda out, x: ad.sin(x)], formulas=["sin x"])
        def versine(x):
            return 1 - math.cos(x)
    """
    _check_lists("primitive", partials, formulas)

    def decorate(function: Callable[..., Any]) -> Primitive:
        row = _made(function, partials, formulas, domain, symbol)
        if row.name in sys.modules[__name__.partition(".")[0]].__all__:
            raise ValueError(f"{row.name!r} is taken: ad.{row.name} is another function; choose another name")
        old = TABLE.get(row.name)
        if old is None or old.function.__module__ != __name__:  # only of `_numeric` below: those are the user's
            return define(row)
        remove(old)
        try:
            return define(row)
        except ValueError:
            define(old)
            raise

    return decorate


def remove(row: Primitive) -> None:
    """Take a row out of the table again."""
    del TABLE[row.name], ROWS[row.name]
    for name in (row.name, *row.aliases):
        delattr(Operand, name)
        del NAMED[name]


def custom_derivative(partials: Sequence[Partial], formulas: Sequence[str] = ()) -> Decorator:
    """Give a composite partials of its own: it is computed on floats and recorded as one node.

    For a form that is more accurate or more stable than the chain rule's, or that is not the derivative at all:

        @ad.custom_derivative(partials=[1.0])
        def straight_through(x):
            return ad.floor(x)
    """
    _check_lists("custom_derivative", partials, formulas)

    def decorate(function: Callable[..., Any]) -> Primitive:
        return _made(function, partials, formulas)

    return decorate


def _check_lists(decorator: str, partials: Any, formulas: Any) -> None:
    """TypeError at once for `@ad.primitive` alone, `partials=None` and the like, showing the form that is right."""
    form = f"@ad.{decorator}(partials=[lambda out, x: …], formulas=[…])"
    for what, given in (("partials", partials), ("formulas", formulas)):
        if not isinstance(given, list | tuple):
            raise TypeError(f"{what} are a list with one for each operand, as in {form}; got {given!r:.60}")
    for partial in partials:
        if not callable(partial) and not isinstance(partial, Real):
            raise TypeError(f"a partial is a number or a function, as in {form}; got {partial!r:.60}")
    for formula in formulas:
        if not isinstance(formula, str):
            raise TypeError(f"a formula is a text in x and y, as in {form}; got {formula!r:.60}")


def _made(
    function: Callable[..., Any],
    partials: Sequence[Partial],
    formulas: Sequence[str],
    domain: Sequence[Range] = (),
    symbol: str | None = None,
) -> Primitive:
    name = getattr(function, "__name__", repr(function))
    if not name.isidentifier():
        raise ValueError(f"a row of the table needs a name: define {name} with def")
    arity = _arity(function, name, len(partials))
    if not arity:
        raise TypeError(f"{name} takes no operand: a row has one or more")
    for what, given in (("partials", partials), ("formulas", formulas), ("intervals in its domain", domain)):
        if len(given) != arity and (given or what == "partials"):
            raise TypeError(f"{name} takes {arity} operands and needs as many {what}, got {len(given)}")
    names = [f"partial {i} of {name}" for i in range(arity)]
    for partial, called in zip(partials, names, strict=True):
        if callable(partial) and _arity(partial, called, arity + 1) != arity + 1:
            raise TypeError(f"{called} takes the output and the {arity} operands of {name}, as in lambda out, x: …")
    row = Primitive(
        name,
        _numeric(function, name),
        [_numeric(p, called) if callable(p) else number(p) for p, called in zip(partials, names, strict=True)],
        formulas or ["?"] * arity,
        domain or [WIDE] * arity,
        symbol,
    )
    row.__doc__ = function.__doc__ or row.__doc__
    return row


def _numeric(function: Callable[..., Any], name: str) -> Callable[..., Any]:
    """The function, its result checked to be a number, or a Value or Dual where an operand is one."""

    def checked(*operands: Number) -> Number:
        result = function(*operands)
        if isinstance(result, Operand) and not any(isinstance(x, Operand) for x in operands):
            raise DerivativeLost(
                f"{name} gave {result!r} of plain numbers: it closes over a {type(result).__name__}, to which it would "
                "have no derivative; pass it as an operand"
            )
        try:
            return result if isinstance(result, Operand) else number(result)
        except NotANumber as error:
            raise NotANumber(f"{name}: {error}") from None

    return checked


def _arity(function: Callable[..., Any], name: str, unknown: int) -> int:
    """How many operands a function takes, all by position; `unknown` for a builtin that does not say."""
    import inspect  # slow to import, and only needed here

    try:
        taken = inspect.signature(function).parameters.values()
    except ValueError:
        return unknown
    if any(p.kind not in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD) for p in taken):
        raise TypeError(f"{name} must take a fixed number of operands, got ({', '.join(map(str, taken))})")
    return len(taken)
