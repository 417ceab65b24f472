"""to_sympy, from_sympy: a tape as expressions of SymPy's, an expression of SymPy's as a tape."""

# pyright: reportUnknownLambdaType=false, reportUnknownArgumentType=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from typing import Any

from autodiff.core import primitives as table
from autodiff.core.floats import NAN
from autodiff.core.packages import require
from autodiff.core.rows import Primitive
from autodiff.core.slots import Slot
from autodiff.errors import BadTape
from autodiff.tape.origin import Origin, surviving
from autodiff.tape.tape import Tape, trace

INSTALL = "pip install 'autodiff-stepper[sympy]'"


def _sympy(what: str) -> Any:
    return require("sympy", what, INSTALL)


def _where(s: Any, condition: Any, x: Any, y: Any) -> Any:
    return s.Piecewise((x, s.Ne(condition, 0)), (y, True))


def _if(relation: str) -> Callable[..., Any]:
    return lambda s, x, y: s.Piecewise((1, getattr(s, relation)(x, y)), (0, True))


def _share(s: Any, x: Any, y: Any, base: Any = None) -> Any:
    e = s.exp if base is None else lambda t: base**t
    return 1 / (1 + e(y - x))


def _phi(s: Any, x: Any) -> Any:
    return s.exp(-(x**2) / 2) / s.sqrt(2 * s.pi)


def _cdf(s: Any, x: Any) -> Any:
    return s.erfc(-x / s.sqrt(2)) / 2


def _mills(s: Any, n: Any, x: Any) -> Any:
    before, found = _phi(s, x) / _cdf(s, x), s.Integer(1)
    for k in range(1, int(n) + 1):
        before, found = found, (x * found + before) / k
    return before if n < 0 else found


def _sinc(s: Any, x: Any) -> Any:
    return s.Piecewise((s.sin(s.pi * x) / (s.pi * x), s.Ne(x, 0)), (1, True))


def _sinc_slope(s: Any, n: Any, x: Any) -> Any:
    t = s.Dummy("t")
    far = s.diff(s.sin(s.pi * t) / (s.pi * t), t, int(n)).subs(t, x)
    at = 0 if int(n) % 2 else (-1) ** (int(n) // 2) * s.pi ** int(n) / (int(n) + 1)
    return s.Piecewise((far, s.Ne(x, 0)), (at, True))


def _power_slope(s: Any, x: Any, y: Any, m: Any, n: Any) -> Any:
    a, b = s.Dummy("a", positive=True), s.Dummy("b")
    return s.diff(a**b, *[a] * int(m), *[b] * int(n)).subs({a: x, b: y}) if m or n else x**y


def _length(s: Any, *xs: Any) -> Any:
    return s.sqrt(sum(x**2 for x in xs))


def _truncated(s: Any, x: Any) -> Any:
    return s.Piecewise((s.floor(x), x >= 0), (s.ceiling(x), True))


def _rounded(s: Any, x: Any) -> Any:
    """The whole number nearest, of two the even one."""
    down = s.floor(x)
    even = s.Eq(s.Mod(down, 2), 0)
    return s.Piecewise(
        (down, x - down < s.Rational(1, 2)), (down + 1, x - down > s.Rational(1, 2)), (down, even), (down + 1, True)
    )


# How each row is written; s is SymPy.
FORMS: dict[Primitive, Callable[..., Any]] = {
    table.add: lambda s, x, y: x + y,
    table.subtract: lambda s, x, y: x - y,
    table.gap: lambda s, x, y: x - y,
    table.multiply: lambda s, x, y: x * y,
    table.chain: lambda s, x, y: x * y,
    table.divide: lambda s, x, y: x / y,
    table.ieee_divide: lambda s, x, y: x / y,
    table.negate: lambda s, x: -x,
    table.power: lambda s, x, y: x**y,
    table.ieee_power: lambda s, x, y: x**y,
    table.power_slope: _power_slope,
    table.floor_divide: lambda s, x, y: s.floor(x / y),
    table.ieee_floor_divide: lambda s, x, y: s.floor(x / y),
    table.modulo: lambda s, x, y: x - y * s.floor(x / y),
    table.fmod: lambda s, x, y: x - y * _truncated(s, x / y),
    table.reciprocal: lambda s, x: 1 / x,
    table.square: lambda s, x: x**2,
    table.identity: lambda s, x: x,
    table.detach: lambda s, x: x,
    table.absolute: lambda s, x: s.Abs(x),
    table.sign: lambda s, x: s.sign(x),
    table.floor: lambda s, x: s.floor(x),
    table.ceil: lambda s, x: s.ceiling(x),
    table.trunc: _truncated,
    table.round: _rounded,
    table.copysign: lambda s, x, y: s.Piecewise((s.Abs(x), y >= 0), (-s.Abs(x), True)),
    table.relu: lambda s, x: s.Max(x, 0),
    table.maximum: lambda s, *xs: s.Max(*xs),
    table.minimum: lambda s, *xs: s.Min(*xs),
    table.where: _where,
    table.less: _if("Lt"),
    table.less_equal: _if("Le"),
    table.greater: _if("Gt"),
    table.greater_equal: _if("Ge"),
    table.equal: _if("Eq"),
    table.not_equal: _if("Ne"),
    table.exp2: lambda s, x: 2**x,
    table.expm1: lambda s, x: s.exp(x) - 1,
    table.ieee_log: lambda s, x: s.log(x),
    table.log2: lambda s, x: s.log(x) / s.log(2),
    table.log10: lambda s, x: s.log(x) / s.log(10),
    table.log1p: lambda s, x: s.log(1 + x),
    table.cbrt: lambda s, x: s.sign(x) * s.cbrt(s.Abs(x)),
    table.cbrt_slope: lambda s, x: 1 / (3 * s.cbrt(x**2)),
    table.xlogy: lambda s, x, y: s.Piecewise((x * s.log(y), s.Ne(x, 0)), (0, True)),
    table.entropy: lambda s, x: s.Piecewise((-x * s.log(x), s.Ne(x, 0)), (0, True)),
    table.ldexp: lambda s, x, n: x * 2**n,
    table.ieee_ldexp: lambda s, x, n: x * 2**n,
    table.atan2_slope: lambda s, x, y: y / (x**2 + y**2),
    table.complement: lambda s, x: 1 - x**2,
    table.sinpi: lambda s, x: s.sin(s.pi * x),
    table.cospi: lambda s, x: s.cos(s.pi * x),
    table.sinc: _sinc,
    table.sinc_slope: _sinc_slope,
    table.hypot: _length,
    table.direction: lambda s, x, *xs: x / _length(s, x, *xs),
    table.extreme_direction: lambda s, x, *xs: x / _length(s, x, *xs),
    table.sigmoid: lambda s, x: 1 / (1 + s.exp(-x)),
    table.softplus: lambda s, x: s.log(1 + s.exp(x)),
    table.logaddexp: lambda s, x, y: s.log(s.exp(x) + s.exp(y)),
    table.share: _share,
    table.spread: lambda s, x, y: _share(s, x, y) * _share(s, y, x),
    table.part: lambda s, x, y: x / (x + y),
    table.logit: lambda s, x: s.log(x / (1 - x)),
    table.variance: lambda s, x: x * (1 - x),
    table.logaddexp2: lambda s, x, y: s.log(2**x + 2**y) / s.log(2),
    table.share2: lambda s, x, y: _share(s, x, y, s.Integer(2)),
    table.ieee_erfinv: lambda s, x: s.erfinv(x),
    table.erfinv_slope: lambda s, x: s.sqrt(s.pi) / 2 * s.exp(s.erfinv(x) ** 2),
    table.gaussian: lambda s, x: s.exp(-(x**2)),
    table.cdf: _cdf,
    table.density: _phi,
    table.log_cdf: lambda s, x: s.log(_cdf(s, x)),
    table.mills: _mills,
    table.lgamma: lambda s, x: s.log(s.Abs(s.gamma(x))),
    table.digamma: lambda s, x: s.digamma(x),
    table.polygamma: lambda s, n, x: s.polygamma(n, x),
}
NAMED = (
    "exp", "log", "sqrt", "sin", "cos", "tan", "asin", "acos", "atan", "atan2", "sinh", "cosh", "tanh", "asinh",
    "acosh", "atanh", "erf", "erfc", "erfinv", "gamma",
)  # fmt: skip


def _named(name: str) -> Callable[..., Any]:
    return lambda s, *xs: getattr(s, name)(*xs)


FORMS.update({vars(table)[name]: _named(name) for name in NAMED})


def to_sympy(tape: Tape) -> Any:
    """The outputs of a tape as expressions of SymPy's in symbols of its labels: the structure is that of its output.

    Symbols are real. Rows that SymPy lacks are written by others, as softplus by log(1 + eˣ): what is exact for SymPy
    may round, or overflow, where the row does not. Whole constants are Integers, the others Floats.

    BadTape for a row of your own, with its name; MissingPackage without SymPy.
    """
    s = _sympy("an expression of SymPy's")
    labels = [tape.labels[i] if i < len(tape.labels) else "" for i in range(tape.inputs.size)]
    values: list[Any] = [s.Symbol(label or f"x{i + 1}", real=True) for i, label in enumerate(labels)]
    if len(set(values)) < len(values):
        raise BadTape(f"two inputs of {tape.name} have one name: {', '.join(map(str, values))}")

    def read(x: Any) -> Any:
        return values[x] if type(x) is int else _constant(s, x)

    for row, operands in tape:
        if row not in FORMS:
            raise BadTape(
                f"{row.name} is a function of your own, which SymPy does not know: write it with rows of ours"
            )
        values.append(FORMS[row](s, *map(read, operands)))
    return tape.outputs.rebuild([read(x) for x in tape.results])


def _constant(s: Any, x: float) -> Any:
    if x != x or abs(x) == float("inf"):
        return s.nan if x != x else s.oo if x > 0 else -s.oo
    return s.Integer(int(x)) if x == int(x) and abs(x) < 2**53 else s.Float(x)


# From SymPy

Reading = Callable[..., Any]


def _product(first: Any, *rest: Any) -> Any:
    """x · y · …, −x of −1 · x."""
    product = reduce(lambda x, y: x * y, rest)
    return -product if type(first) is float and first == -1.0 else first * product


def _power(x: Any, y: Any) -> Any:
    if type(y) is float:
        if y == -1.0:
            return table.reciprocal(x)
        if y in (0.5, -0.5):
            return table.sqrt(x) if y > 0.0 else table.reciprocal(table.sqrt(x))
    return x**y


OPERATIONS: dict[str, Reading] = {
    "Add": lambda *xs: reduce(lambda x, y: x + y, xs),
    "Mul": _product,
    "Pow": _power,
    "Abs": table.absolute,
    "Max": table.maximum,
    "Min": table.minimum,
    "ceiling": table.ceil,
    "loggamma": table.lgamma,
    "LessThan": table.less_equal, "StrictLessThan": table.less,
    "GreaterThan": table.greater_equal, "StrictGreaterThan": table.greater,
    "Equality": table.equal, "Unequality": table.not_equal,
    "And": lambda *xs: reduce(lambda x, y: x * y, xs),
    "Or": table.maximum,
    "Not": lambda x: 1.0 - x,
    "ExprCondPair": lambda x, condition: (x, condition),
    "Piecewise": lambda *pairs: reduce(lambda rest, pair: table.where(pair[1], pair[0], rest), reversed(pairs), NAN),
    "Mod": table.modulo,
    "polygamma": lambda n, x: table.polygamma(n, x) if n else table.digamma(x),
    "sinc": lambda x: table.where(table.equal(x, 0.0), 1.0, table.sin(x) / table.where(table.equal(x, 0.0), 1.0, x)),
}  # fmt: skip
OPERATIONS.update({
    name: vars(table)[name] for name in (
        "exp", "log", "sin", "cos", "tan", "asin", "acos", "atan", "atan2", "sinh", "cosh", "tanh", "asinh", "acosh",
        "atanh", "erf", "erfc", "erfinv", "gamma", "sign", "floor",
    )
})  # fmt: skip


def from_sympy(expression: Any, *symbols: Any, at: Sequence[float] | Mapping[Any, float] = ()) -> Tape:
    """An expression of SymPy's, or a list or Matrix of them, as a tape: to differentiate, draw, step through, compile.

    symbols  its inputs in this order; by default its free symbols by their names
    at       the point that tables and drawings show, a number for each, or by symbol; by default 1

    Its `origin` is SymPy: `ad.compare` holds its derivatives beside ours. What has no row is an error that names it and
    where it stands; MissingPackage without SymPy.
    """
    s = _sympy("an expression of SymPy's")
    outputs = [s.sympify(each) for each in expression] if isinstance(expression, list | tuple | s.MatrixBase) else None
    whole = outputs or [s.sympify(expression)]
    free = sorted(set().union(*(each.free_symbols for each in whole)), key=str)
    inputs = [s.Symbol(each) if isinstance(each, str) else each for each in symbols] or free
    named = {str(each): each for each in inputs}
    if missing := [str(each) for each in free if str(each) not in named]:
        raise ValueError(
            f"{', '.join(missing)} of the expression is none of the symbols {', '.join(named)}: name all of them"
        )
    if not inputs:
        raise ValueError(f"{whole[0]} has no symbol: there is nothing to differentiate by")
    point = (
        [float(at[each]) for each in inputs]
        if isinstance(at, Mapping)
        else [float(x) for x in at] or [1.0] * len(inputs)
    )
    if len(point) != len(inputs):
        raise ValueError(f"at has a number for each of the symbols {', '.join(named)}; got {len(point)}")

    slots = dict[Any, Slot]()

    def function(*xs: Any) -> Any:
        values = dict(zip(named, xs, strict=True))
        found = [_read(s, each, values, slots) for each in whole]
        return found if outputs else found[0]

    def all_parts(*xs: Any) -> Any:
        function(*xs)
        return list(slots.values())

    function.__name__ = _title(whole)
    traced = trace(function, *point)
    tape = Tape(traced.inputs, traced.code, traced.outputs, function.__name__, point, list(named))
    there = surviving(trace(all_parts, *point).code, tape.code)
    places = {there[slot.place]: part for part, slot in slots.items() if slot.place in there}
    return tape.of(Origin("SymPy", _adjoints(s, whole[0], inputs, places)))


def _title(whole: Sequence[Any]) -> str:
    return "f" if len(str(whole[0])) > 40 else str(whole[0])


def _read(s: Any, expression: Any, values: Mapping[str, Any], places: dict[Any, Slot]) -> Any:
    """The expression on numbers, each part once, its parts before it."""
    found = dict[Any, Any]()
    waiting = [expression]
    while waiting:
        part = waiting[-1]
        known = part.is_Atom or part in found
        open_parts = [] if known or not _check(part, expression) else [x for x in part.args if x not in found]
        if open_parts:
            waiting += open_parts
            continue
        waiting.pop()
        if part not in found:
            found[part] = _value(s, part, values, [found[x] for x in part.args] if not part.is_Atom else [], expression)
            if isinstance(found[part], Slot):
                places[part] = found[part]
    return found[expression]


def _value(s: Any, part: Any, values: Mapping[str, Any], args: Sequence[Any], whole: Any) -> Any:
    if part.is_Symbol:
        return values[str(part)]
    if part in (s.true, s.false):
        return float(part is s.true)
    if part.is_number and part.is_real is not False and not part.has(s.Function) and (part.is_Atom or part.is_Rational):
        return float(part)
    _check(part, whole)
    return OPERATIONS[type(part).__name__](*args)


def _check(part: Any, whole: Any) -> bool:
    """True where a part has an operation; BadTape where it has none."""
    name = type(part).__name__
    if name not in OPERATIONS:
        inside = f" in {whole}" if len(str(whole)) < 200 and part != whole else ""
        raise BadTape(f"SymPy's {name}, of {part}{inside}, has no row here: rewrite it, as by .rewrite or .doit()")
    return True


def _adjoints(s: Any, expression: Any, inputs: Sequence[Any], places: Mapping[int, Any]) -> Callable[..., Any]:
    """∂y/∂v by SymPy for each place that is a part of the expression: that part replaced by a symbol."""

    def adjoints(point: Sequence[float]) -> dict[int, float]:
        found, v = dict[int, float](), s.Dummy("v", real=True)
        real = {symbol: s.Dummy(str(symbol), real=True) for symbol in inputs}  # of a complex one |x| has no derivative
        numbers = dict(zip(real.values(), point, strict=True))
        whole = expression.xreplace(real)
        for place, part in [*enumerate(real.values()), *((at, each.xreplace(real)) for at, each in places.items())]:
            value = s.diff(whole.xreplace({part: v}), v).subs(v, part).subs(numbers).evalf()
            if value.is_number and value.is_real:
                found[place] = float(value)
        return found

    return adjoints
