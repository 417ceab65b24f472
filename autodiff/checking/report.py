"""check_grad: derivatives against what values alone say, by the complex step or by extrapolated differences."""

from collections.abc import Callable, Iterator, Sequence
from itertools import product
from typing import Any, NamedTuple

from autodiff.checking.differences import BESIDE, reach
from autodiff.checking.references import Numbers, Reference, references
from autodiff.checking.verdicts import PASSING, VERDICTS, Component, judged
from autodiff.core.value import Value
from autodiff.errors import NotANumber, WrongDerivative
from autodiff.transforms.calls import Call
from autodiff.transforms.derivatives import Mode, jacobian
from autodiff.transforms.structure import flatten
from autodiff.words.notation import power
from autodiff.words.typeset import Column, Table

TOLERANCE = 1e-10  # relative; what a rule may be off before it is called wrong, where the reference is as good
ROWS_SHOWN = 40
GOLDEN = (5**0.5 - 1) / 2
COLUMNS = (
    Column("derivative", gap=0),
    Column("modes", width=20),
    Column("analytic", ">", width=23, gap=1),
    Column("numeric", ">", width=23, gap=1),
    Column("rel. error", ">", width=10, gap=1),
    Column("verdict", width=0),
)


class GradientReport(NamedTuple):
    """What `check_grad` found, a row for each component; prints as a table, those that are not ok first."""

    rows: list[Component]

    @property
    def ok(self) -> bool:
        """Whether every component is ok, or at a kink or an edge; what cannot be told is not ok."""
        return all(row.verdict in PASSING for row in self.rows)

    def raise_if_wrong(self) -> "GradientReport":
        """Raise WrongDerivative with the table, unless it is ok; then return the report."""
        if not self.ok:
            raise WrongDerivative(str(self))
        return self

    def __str__(self) -> str:
        verdicts = [row.verdict for row in self.rows]
        counts = ", ".join(f"{verdicts.count(v)} {v}" for v in VERDICTS if v in verdicts)
        rows = sorted(self.rows, key=lambda row: row.verdict == "ok")
        lines = Table(COLUMNS, [row.cells() for row in rows[:ROWS_SHOWN]]).lines()
        more = [f"… and {len(rows) - ROWS_SHOWN} more"] if len(rows) > ROWS_SHOWN else []
        return "\n".join([*lines, *more, counts or "no derivatives"])


def check_grad(
    function: Callable[..., Any],
    *args: Any,
    order: int = 2,
    modes: Sequence[Mode] = ("forward", "reverse"),
    tolerance: float = TOLERANCE,
    **kwargs: Any,
) -> GradientReport:
    """Every derivative of f(*args, **kwargs) by args up to `order`, in every nesting of `modes`, against values alone.

    args       as f takes them: numbers, lists, dicts, arrays … of numbers; f may have any number of outputs
    tolerance  relative; a reference that is less certain is compared as far as it goes
    kwargs     of f, which stay as they are

    The k-th derivative is compared with the complex step, where the rows in f have a complex form, of the (k − 1)-th
    taken forward; else with Richardson's extrapolation of central differences. Where it is zero, at a kink or at an
    edge, it is compared at points beside x too: there a wrong rule shows that is right, or has an excuse, at x.
    """
    if not isinstance(order, int) or order < 1 or isinstance(modes, str):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise ValueError(f'order is a whole number from 1, modes a list as in ["forward"]; got {order!r}, {modes!r}')
    derivatives = Derivatives(function, args, kwargs)
    checks = (checked(derivatives, k, list(modes), tolerance) for k in range(1, order + 1))
    return GradientReport([component for components in checks for component in components])


class Derivatives:
    """A function's call, and its derivatives, as functions of a list of numbers to a list."""

    def __init__(
        self, function: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any], labels: Sequence[str] = ()
    ) -> None:
        _require(function, args, kwargs)
        self.call = Call(function, range(len(args)), args, kwargs)
        self.point: list[float] = [x if type(x) is float else x.data for x in self.call.numbers]
        alone = len(args) == 1  # then, as in a textbook, it is x
        self.labels = labels or (self.call.structure.parts[0].names("x") if alone else self.call.labels())

    def nested(self, modes: Sequence[Mode]) -> Numbers:
        """The derivative of f by these modes, the first innermost."""
        call, structure = self.call, self.call.structure

        def function(numbers: Sequence[Any]) -> Any:
            return flatten(call.function(*structure.rebuild(numbers), **call.kwargs))[0]

        for mode in modes:  # of a list to a list: arrays would be taken apart block by block
            function = jacobian(function, mode)

        def of_list(numbers: Sequence[Any]) -> list[Any]:
            outputs = flatten(function(list(numbers)))[0]
            return [y.data if isinstance(y, Value) else y for y in outputs]  # of a module, whose parameters are Values

        return of_list

    def names(self, order: int) -> Iterator[str]:
        """∂²f[0]/∂x∂y, in the order in which `nested` gives them."""
        outputs = flatten(self.call.function(*self.call.structure.rebuild(self.point), **self.call.kwargs))[1]
        for output, *inputs in product(outputs.names("f"), *[self.labels] * order):
            yield f"∂{power(order)}{output}/{''.join('∂' + name for name in inputs)}"

    def beside(self) -> Iterator[list[float]]:
        """Points on both sides of the point, no two coordinates moved alike: what is equal at it is not there."""
        for side in (1.0, -1.0):
            shares = (0.5 + (1 + j) * GOLDEN % 1 for j in range(len(self.point)))
            yield [x + side * share * BESIDE * reach(x) for x, share in zip(self.point, shares, strict=True)]


def _require(function: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any]) -> None:
    """TypeError where f does not take these arguments, with what to do where one of them is meant for the check."""
    import inspect  # slow to import, and only needed here

    try:
        inspect.signature(function).bind(*args, **kwargs)
    except ValueError:  # a builtin that does not say
        return
    except TypeError as error:
        name = getattr(function, "__name__", repr(function))
        raise TypeError(
            f"{name} is checked at the arguments that it takes: {error}; order, modes and tolerance go by keyword, as "
            "in check_grad(f, x, order=1)"
        ) from None


def checked(derivatives: Derivatives, order: int, modes: list[Mode], tolerance: float) -> list[Component]:
    """The components of one order; each that zero, a kink or an edge speaks for must be right beside the point too."""
    nests = list(product(modes, repeat=order))
    below = [derivatives.nested(("forward",) * k) for k in range(order)]
    analytic = {nest: derivatives.nested(nest) for nest in nests}
    names, size = list(derivatives.names(order)), len(derivatives.point)

    def at(point: list[float], chosen: set[int]) -> Iterator[tuple[Reference, Component]]:
        expected = {j: references(below, point, j) for j in {i % size for i in chosen}}
        for nest in nests:
            found = analytic[nest](point)
            for i in sorted(chosen):
                reference = expected[i % size][i // size]
                yield reference, judged(names[i], nest[::-1], found[i], reference, tolerance)

    first = list(at(derivatives.point, set(range(len(names)))))
    components = [component for _, component in first]
    open_still = {
        i % len(names)
        for i, (reference, component) in enumerate(first)
        if component.verdict in ("kink", "edge") or (component.verdict == "ok" and reference.vanishes)
    }
    if not open_still:
        return components
    for point in derivatives.beside():
        try:
            found = [component for _, component in at(point, open_still)]
        except (ArithmeticError, ValueError, NotANumber):  # outside of the domain
            continue
        wrong = {(c.name, c.modes): c._replace(method=f"{c.method} beside x") for c in found if c.verdict == "wrong"}
        components = [wrong.get((c.name, c.modes), c) for c in components]
    return components
