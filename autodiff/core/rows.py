"""What a row of the table is: a Primitive, how it is entered, and how it is applied to any kind of number."""

from collections.abc import Callable, Sequence
from contextvars import ContextVar
from functools import partial as bind
from typing import Any, TypeAlias

from autodiff.core.floats import number
from autodiff.errors import BadTape, explained

Number: TypeAlias = Any  # a float, or a number of any kind below
Range: TypeAlias = tuple[float, float]


class Operand:
    """Base of every number that wants to know which rows it goes through; each row is a method, by NumPy's name too.

    tag  who is outermost: where kinds meet, the latest tag applies the row, and the others are constants to it. Below
         0 stands what Values and Duals may hold in the place of a float.
    """

    __slots__ = ()
    tag: int

    def apply(self, row: "Primitive", operands: tuple[Number, ...]) -> Number:
        """The row's result on these operands, of which this is the outermost."""
        raise NotImplementedError(row, operands)

    @property
    def data(self) -> float:
        """The float that it comes to."""
        raise TypeError(f"a {type(self).__name__} is compared and read by its `data`, which it lacks: define it")

    @property
    def constant(self) -> Number:
        """The number without its derivative: what comparisons compare. A float, or what stands for one, as a Slot."""
        return self.data


def as_operand(x: Any) -> Number:
    """x where it is a number of some kind already, else the float that it is; NotANumber for what is none."""
    if type(x) is float or isinstance(x, Operand):
        return x
    if type(x).__module__ == "numpy" and getattr(x, "shape", None) == ():
        x = x.item()  # an array of shape () may hold a number of ours
        return x if isinstance(x, Operand) else number(x)
    return number(x)


# Whether what is compared, and what stands still, is a node all the same: so in graphs that are recorded to be shown.
CONDITIONS: ContextVar[bool] = ContextVar("conditions", default=False)
conditions = CONDITIONS.get


# Where Values are noted whose numbers are read without their derivatives: in a trace, which would freeze them.
READ: "ContextVar[dict[Any, None] | None]" = ContextVar("read", default=None)
read_values = READ.get


def constant(x: Number) -> Number:
    """The number without its derivative."""
    return x.constant if isinstance(x, Operand) else x


class Primitive:
    """An elementary function: how to compute it, write it, differentiate it and sample it.

    partials  one for each operand: a number where it is constant, else a function of (output, *operands); for any
              number of operands, one function of (position, output, *operands)
    formulas  the same for people, in x and y
    domain    one interval for each operand; tests sample it, its tails included
    arity     the number of operands, 0 for any
    symbol    as written on a node; an infix sign for the arithmetic operators
    base      itself; of an IEEE twin, the row that it is the twin of
    """

    def __init__(
        self,
        name: str,
        function: Callable[..., float],
        partials: Sequence[float | Callable[..., Number]] | Callable[..., Number],
        formulas: Sequence[str] = (),
        domain: Sequence[Range] = (),
        symbol: str | None = None,
        aliases: Sequence[str] = (),
    ) -> None:
        self.name, self.__name__, self.function, self.rule = name, name, function, partials
        self.partials: Any = () if callable(partials) else tuple([p if callable(p) else number(p) for p in partials])
        self.formulas, self.domain = tuple(formulas), tuple(domain)
        self.symbol, self.aliases, self.base = symbol or name, tuple(aliases), self
        self.arity = len(self.partials)
        letters = "xyzw" if self.arity else "x"
        slopes = ", ".join(f"∂/∂{x} = {formula}" for x, formula in zip(letters, self.formulas, strict=False))
        self.__doc__ = f"{name}({', '.join(letters[: self.arity or 1])}{'' if self.arity else ', …'}): {slopes}"

    def __repr__(self) -> str:
        return f"<primitive {self.name}>"

    def __deepcopy__(self, _: Any) -> "Primitive":
        return self

    def __reduce__(self) -> Any:
        if ROWS.get(self.name) is not self:
            raise TypeError(f"{self.name} is not in the table: enter it with ad.primitive, so that its name finds it")
        return row_of, (self.name,)  # it travels by its name: there is one of it

    def __call__(self, *operands: Number) -> Number:
        """Whoever is outermost applies itself: the number of the latest tag, else plain floats."""
        outermost: Any = None
        for x in operands:
            if type(x) is not float:
                if not isinstance(x, Operand):
                    return self(*map(as_operand, operands))
                if outermost is None or x.tag > outermost.tag:
                    outermost = x
        if (len(operands) != self.arity or not operands) and not self.takes(len(operands)):
            wanted = {0: "one or more operands", 1: "1 operand"}.get(self.arity, f"{self.arity} operands")
            raise TypeError(f"{self.name} takes {wanted}, got {len(operands)}")
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

    def slopes(self, count: int) -> tuple[Any, ...]:
        """The partials of so many operands: each a float, or a function of (output, *operands)."""
        rule: Any = self.rule
        return self.partials or tuple([bind(rule, i) for i in range(count)])

    def partial(self, position: int, out: Number, *operands: Number) -> Number:
        """∂out/∂operand at a position."""
        slope = self.slopes(len(operands))[position]
        return slope(out, *operands) if callable(slope) else slope

    def twin(self, function: Callable[..., float]) -> "Primitive":
        """The same row with another float function, as by IEEE 754: inf and nan where Python raises, for partials.

        Its name is none of Python's, so that no row of the user's has it.
        """
        twin = Primitive(f"ieee {self.name}", function, self.rule, self.formulas, self.domain, self.symbol)
        twin.base = self
        ROWS[twin.name] = twin
        return twin


TABLE: dict[str, Primitive] = {}
NAMED: dict[str, Primitive] = {}  # those of the table by each of their names, aliases included
ROWS: dict[str, Primitive] = {}  # those of the table, their IEEE twins, and rows that only partials use


def row_of(name: str) -> Primitive:
    """The row of a name, as files and pickles have it; BadTape where this process lacks it."""
    if name not in ROWS:
        remedy = f"define row {name} first, by @ad.primitive" if name.isidentifier() else "a later autodiff has it"
        raise BadTape(f"the row {name[:60]!r} is needed, which is not in the table of this process: {remedy}")
    return ROWS[name]


def define(row: Primitive) -> Primitive:
    """Enter a row: from here on it is a function, a method of Value and Dual, a node, a test."""

    def method(self: Operand, *others: Number) -> Number:
        return row(self, *others) if others or row.arity != 1 else self.apply(row, (self,))  # alone it is outermost

    method.__doc__ = row.__doc__
    names = (row.name, *row.aliases)
    for name in (name for name in names for kind in _kinds(Operand) if hasattr(kind, name)):
        raise ValueError(f"{name!r} is taken: Value or Dual has an attribute of that name; choose another")
    for name in names:
        setattr(Operand, name, method)
        NAMED[name] = row
    TABLE[row.name] = ROWS[row.name] = row
    return row


def _kinds(base: type) -> list[type]:
    return [base, *(kind for inner in base.__subclasses__() for kind in _kinds(inner))]


WIDE: Range = (-1e9, 1e9)
Partial1: TypeAlias = float | Callable[[Number, Number], Number]
Partial2: TypeAlias = float | Callable[[Number, Number, Number], Number]
Pair: TypeAlias = tuple[Partial2, Partial2]


def unary(
    name: str, function: Any, partial: Partial1, formula: str, domain: Range = WIDE, *aliases: str, symbol: str = ""
) -> Primitive:
    """Enter a row with one operand x."""
    return define(Primitive(name, function, (partial,), (formula,), (domain,), symbol, aliases))


def binary(
    name: str, function: Any, partials: Pair, formulas: Any, domain: Any = (WIDE, WIDE), *aliases: str, symbol: str = ""
) -> Primitive:
    """Enter a row with operands x and y: a pair of each."""
    return define(Primitive(name, function, partials, formulas, domain, symbol, aliases))
