"""What a row of the table is: a Primitive, how it is entered, and how it is applied to any kind of number."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial as bind
from itertools import count, islice
from typing import Any, TypeAlias

from autodiff.core.floats import INF, number
from autodiff.core.placeholders import Abstract
from autodiff.errors import BranchOnData, explained

Number: TypeAlias = Any  # a float, a Dual or a Value
Interval: TypeAlias = tuple[float, float]

next_tag = count(1000).__next__  # above any depth of Duals nested by hand


class Tag(int):
    """Which perturbation a Dual or a Series belongs to; it knows whether its transform has ended."""

    ended = False


def fresh_tag() -> Tag:
    """A tag later than all before it."""
    return Tag(next_tag())


class Operand:
    """Base of Value and Dual: a number that wants to know which rows it goes through.

    Every row of the table is a method here, under its name and NumPy's. `tag` tells who is outermost.
    """

    __slots__ = ()
    tag: int

    @property
    def data(self) -> float:
        """The number."""
        raise NotImplementedError

    @property
    def constant(self) -> Number:
        """The number without its derivative."""
        return self.data

    def apply(self, row: "Primitive", operands: tuple[Number, ...]) -> Number:
        """The row's result on these operands, of which this is the outermost."""
        raise NotImplementedError(row, operands)


class Jet:
    """A number made of parts, the first its value: what holds for each part holds for the whole."""

    __slots__ = ()

    @property
    def parts(self) -> Sequence[Any]:
        """The parts: primal and tangent, or coefficients."""
        raise NotImplementedError

    def of(self, parts: Sequence[Any]) -> Any:
        """The like of it, made of other parts."""
        raise NotImplementedError(parts)


def as_operand(x: Any) -> Number:
    """x where it is a Value, a Dual or a float already, else the float that it is; NotANumber for what is none."""
    return x if type(x) is float or isinstance(x, Operand) else number(x)


def vanish(x: Number, y: Number) -> bool:
    """Whether a product is 0 times ±inf, which contributes nothing: of numbers that hold these, as of plain floats."""
    if type(x) is type(y) is float:
        return False  # then the zero is known already
    try:
        a, b = (z if type(z) is float else z.data if isinstance(z, Operand) else 1.0 for z in (x, y))
    except BranchOnData:
        return False
    return (a == 0.0 and abs(b) == INF) or (b == 0.0 and abs(a) == INF)


def is_abstract(x: Number) -> bool:
    """Whether a number stands for any number, in a trace."""
    while isinstance(x, Jet):
        x = x.parts[0]
    return type(x) is not float and type(getattr(x, "primal", None)) is Abstract


class Primitive:
    """An elementary function: how to compute it, write it, differentiate it and sample it.

    partials  one for each operand: a number where it is constant, else a function of (output, *operands)
    formulas  the same for people, in x and y
    domain    one interval for each operand; tests sample it, its tails included
    arity     the number of operands, 0 for any
    symbol    as written on a node; an infix sign for the arithmetic operators
    """

    def __init__(
        self,
        name: str,
        function: Callable[..., float],
        partials: "Sequence[float | Callable[..., Number]] | EachPartial",
        formulas: Sequence[str] = (),
        domain: Sequence[Interval] = (),
        symbol: str | None = None,
        aliases: Sequence[str] = (),
    ) -> None:
        self.name, self.function = name, function
        each = isinstance(partials, EachPartial)
        self.partials: Any = partials if each else tuple([p if callable(p) else number(p) for p in partials])
        self.formulas, self.domain = tuple(formulas), tuple(domain)
        self.symbol, self.aliases = symbol or name, tuple(aliases)
        self.base = self  # of a quiet copy, the row it was made of
        self.arity = 0 if each else len(self.partials)
        letters = "xyzw" if self.arity else "x"
        slopes = ", ".join(f"∂/∂{x} = {formula}" for x, formula in zip(letters, self.formulas, strict=False))
        self.__doc__ = f"{name}({', '.join(letters[: self.arity or 1])}{'' if self.arity else ', …'}): {slopes}"

    def __repr__(self) -> str:
        return f"<primitive {self.name}>"

    def __reduce__(self) -> Any:
        if ROWS.get(self.name) is not self:
            raise TypeError(f"{self.name} is not in the table: enter it with ad.primitive, so that its name finds it")
        return _row, (self.name,)  # it travels by its name: there is one of it

    def __call__(self, *operands: Number) -> Number:
        """Whoever is outermost applies itself: the Dual of the latest tag, else a Value, else plain floats."""
        outermost: Operand | None = None
        operands = tuple([x if isinstance(x, Operand) else number(x) for x in operands])
        if not self.takes(len(operands)):
            wanted = {0: "one or more operands", 1: "1 operand"}.get(self.arity, f"{self.arity} operands")
            raise TypeError(f"{self.name} takes {wanted}, got {len(operands)}")
        for x in operands:
            if isinstance(x, Operand) and (outermost is None or x.tag > outermost.tag):
                outermost = x
        return self.evaluate(operands) if outermost is None else outermost.apply(self, operands)

    def takes(self, count: int) -> bool:
        """Whether the row is of so many operands."""
        return count == self.arity if self.arity else count > 0

    def evaluate(self, numbers: Sequence[float], operands: Sequence[Number] = ()) -> float:
        """The float function; its errors come out naming the operation and the operands."""
        try:
            result = self.function(*numbers)
        except (ArithmeticError, ValueError) as error:
            raise explained(error, self.name, operands or numbers) from None
        return result if type(result) is float else number(result)

    def partial(self, position: int, out: Number, *operands: Number) -> Number:
        """∂out/∂operand at a position."""
        rules: Iterator[Any] = islice(iter(self.partials), position, None)
        rule = next(rules)
        return rule(out, *operands) if callable(rule) else rule

    def quiet(self, function: Callable[..., float]) -> "Primitive":
        """The same row by IEEE 754: inf and nan where Python raises. For partials, which may be infinite."""
        copy = Primitive(f"ieee_{self.name}", function, self.partials, self.formulas, self.domain, self.symbol)
        copy.base = self
        ROWS[copy.name] = copy
        return copy


class EachPartial:
    """The partials of a row with any number of operands: the i-th is a function of (i, output, *operands)."""

    def __init__(self, rule: Callable[..., Number]) -> None:
        self.rule = rule

    def __iter__(self) -> Iterator[Callable[..., Number]]:
        return (bind(self.rule, i) for i in count())


TABLE: dict[str, Primitive] = {}
ROWS: dict[str, Primitive] = {}  # those of the table, and their quiet copies


def _row(name: str) -> Primitive:
    return ROWS[name]


def define(row: Primitive) -> Primitive:
    """Enter a row: from here on it is a function, a method of Value and Dual, a node, a test."""

    def method(self: Operand, *others: Number) -> Number:
        return row(self, *others)

    method.__doc__ = row.__doc__
    names = (row.name, *row.aliases)
    for name in names:
        if any(hasattr(kind, name) for kind in _kinds(Operand)):
            raise ValueError(f"{name!r} is taken: Value or Dual has an attribute of that name; choose another")
    for name in names:
        setattr(Operand, name, method)
    TABLE[row.name] = ROWS[row.name] = row
    return row


def remove(row: Primitive) -> None:
    """Take a row out of the table."""
    del TABLE[row.name], ROWS[row.name]
    for name in (row.name, *row.aliases):
        delattr(Operand, name)


def _kinds(base: type) -> Iterator[type]:
    yield base
    for kind in base.__subclasses__():
        yield from _kinds(kind)


Partial1: TypeAlias = float | Callable[[Number, Number], Number]
Partial2: TypeAlias = float | Callable[[Number, Number, Number], Number]


def unary(
    name: str,
    function: Callable[[float], float],
    partial: Partial1,
    formula: str,
    domain: Interval = (-1e9, 1e9),
    *aliases: str,
    symbol: str | None = None,
) -> Primitive:
    """Enter a row with one operand x."""
    return define(Primitive(name, function, (partial,), (formula,), (domain,), symbol, aliases))


def binary(
    name: str,
    function: Callable[[float, float], float],
    partials: tuple[Partial2, Partial2],
    formulas: tuple[str, str],
    domain: tuple[Interval, Interval] = ((-1e9, 1e9), (-1e9, 1e9)),
    *aliases: str,
    symbol: str | None = None,
) -> Primitive:
    """Enter a row with operands x and y."""
    return define(Primitive(name, function, partials, formulas, domain, symbol, aliases))


def variadic(name: str, function: Callable[..., float], rule: Callable[..., Number], formula: str) -> Primitive:
    """Enter a row with any number of operands."""
    return define(Primitive(name, function, EachPartial(rule), (formula,)))
