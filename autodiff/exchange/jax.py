"""to_jax, from_jax: a tape as a function of JAX's, a scalar function of JAX's as a tape.

JAX computes in single precision until jax.config.update("jax_enable_x64", True): then numbers are these.
"""

# pyright: reportUnknownLambdaType=false, reportUnknownArgumentType=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false

import math
import warnings
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import reduce
from inspect import signature
from typing import Any

from autodiff.compiling.forms import FORMS as FORMS_OF_ROWS
from autodiff.core import primitives as table
from autodiff.core.floats import SMALL
from autodiff.core.packages import require
from autodiff.core.rows import Primitive
from autodiff.core.slots import Slot
from autodiff.errors import BadTape
from autodiff.tape.origin import Origin, surviving
from autodiff.tape.tape import Tape, trace

INSTALL = "pip install 'autodiff-stepper[jax]'"
SINGLE = (
    "JAX computes in single precision here, to seven digits: jax.config.update('jax_enable_x64', True) before anything "
    "else makes numbers those of the tape"
)


def _jax(what: str) -> Any:
    return require("jax", what, INSTALL)


NUMPYS = {"absolute": "abs", "atan2": "arctan2"} | {
    f"a{name}": f"arc{name}" for name in ("sin", "cos", "tan", "sinh", "cosh", "tanh")
}


class Reader:
    """What forms are written with, by JAX: f.exp and the like."""

    small, far = SMALL, 2.0**600

    def __init__(self, jax: Any) -> None:
        self.jax, self.np, self.special = jax, jax.numpy, require("jax.scipy.special", "a function of JAX's", INSTALL)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.np, NUMPYS.get(name, name), None) or getattr(self.special, name)

    def where(self, condition: Any, x: Any, y: Any) -> Any:
        """x where the condition holds."""
        return self.np.where(condition, x, y)


def _mills(f: Any, n: Any, x: Any) -> Any:
    """φ/Φ by the difference of their logarithms, the others by their recurrence."""
    ratio = f.exp(-0.5 * x * x - 0.5 * math.log(2.0 * math.pi) - f.special.log_ndtr(x))
    before, found = ratio, 1.0
    for k in range(1, int(n) + 1):
        before, found = found, (x * found + before) / k
    return before if n < 0 else found


def _derivative(f: Any, function: Callable[[Any], Any], n: Any, x: Any) -> Any:
    """The n-th derivative, by JAX."""
    for _ in range(int(n)):
        function = f.jax.grad(function)
    return f.np.vectorize(function)(f.np.asarray(x, float))


def _length(f: Any, *xs: Any) -> Any:
    return reduce(f.np.hypot, [f.np.abs(f.np.asarray(xs[0])), *xs[1:]])


def _power_slope(f: Any, x: Any, y: Any, m: Any, n: Any) -> Any:
    """By JAX's own derivatives of a power."""

    def of_x(a: Any, b: Any) -> Any:
        return f.np.power(a, b)

    function = of_x
    for place, times in ((0, int(m)), (1, int(n))):
        for _ in range(times):
            function = f.jax.grad(function, place)
    return f.np.vectorize(function)(f.np.asarray(x, float), f.np.asarray(y, float))


def _unless_lost(f: Any, x: Any, y: Any) -> Any:
    """x · y, 0 where that is 0 · ∞; elsewhere it has the slopes of a product."""
    product = x * y
    return f.where(f.np.isnan(product) & ((x == 0.0) | (y == 0.0)), 0.0, product)


# Rows that have no form, that JAX has better, or whose forms choose a constant, which has no slope, at a tie.
OWN: dict[Primitive, Callable[..., Any]] = {
    table.gap: lambda f, x, y: f.where((x == y) & (f.np.abs(x) == math.inf), 0.0, x - y),
    table.chain: _unless_lost,
    table.share: lambda f, x, y: f.jax.nn.sigmoid(x - y),
    table.share2: lambda f, x, y: f.jax.nn.sigmoid((x - y) * math.log(2.0)),
    table.spread: lambda f, x, y: f.jax.nn.sigmoid(x - y) * f.jax.nn.sigmoid(y - x),
    table.xlogy: lambda f, x, y: f.special.xlogy(x, y),
    table.entropy: lambda f, x: f.special.entr(x),
    table.power: lambda f, x, y: f.np.power(x, y),
    table.power_slope: _power_slope,
    table.ldexp: lambda f, x, n: x * f.np.exp2(n),
    table.ieee_ldexp: lambda f, x, n: x * f.np.exp2(n),
    table.hypot: _length,
    table.direction: lambda f, x, *xs: x / _length(f, x, *xs),
    table.extreme_direction: lambda f, x, *xs: x / _length(f, x, *xs),
    table.sigmoid: lambda f, x: f.jax.nn.sigmoid(x),
    table.softplus: lambda f, x: f.jax.nn.softplus(x),
    table.relu: lambda f, x: f.jax.nn.relu(x),
    table.logaddexp: lambda f, x, y: f.np.logaddexp(x, y),
    table.logaddexp2: lambda f, x, y: f.np.logaddexp2(x, y),
    table.sinc_slope: lambda f, n, x: _derivative(f, f.np.sinc, n, x),
    table.detach: lambda f, x: f.jax.lax.stop_gradient(x),
    table.erfinv: lambda f, x: f.special.erfinv(x),
    table.ieee_erfinv: lambda f, x: f.special.erfinv(x),
    table.erfinv_slope: lambda f, x: 0.5 * math.sqrt(math.pi) * f.exp(f.special.erfinv(x) ** 2),
    table.gamma: lambda f, x: f.special.gamma(x),
    table.lgamma: lambda f, x: f.special.gammaln(x),
    table.digamma: lambda f, x: f.special.digamma(x),
    table.polygamma: lambda f, n, x: f.special.polygamma(int(n), x),
    table.log_cdf: lambda f, x: f.special.log_ndtr(x),
    table.mills: _mills,
    table.sign: lambda f, x: f.np.sign(x),
    table.maximum: lambda f, *xs: reduce(f.np.maximum, xs),
    table.minimum: lambda f, *xs: reduce(f.np.minimum, xs),
}
FORMS: dict[Primitive, Callable[..., Any]] = FORMS_OF_ROWS | OWN


def to_jax(tape: Tape) -> Callable[..., Any]:
    """The tape as a function of JAX's, of arguments in its structure: to jit, vmap, shard and differentiate there.

    A number may be an array, of one shape for all: rows of a batch. The derivatives that JAX finds are its own: at a
    tie or a kink they may be others of the possible ones than ours.

    BadTape for a row of your own, with its name; MissingPackage without JAX. A warning where JAX computes in single
    precision.
    """
    jax = _jax("a function of JAX's")
    if not jax.config.jax_enable_x64:
        warnings.warn(SINGLE, stacklevel=2)
    code, reader = [(FORMS.get(row) or _unknown(row), operands) for row, operands in tape], Reader(jax)

    def function(*args: Any) -> Any:
        leaves = jax.tree_util.tree_leaves(args)
        if len(leaves) != tape.inputs.size:
            raise ValueError(
                f"{tape.name} takes {tape.inputs.size} numbers, in the structure of its trace; got {len(leaves)}"
            )
        values = [jax.numpy.asarray(leaf, float) for leaf in leaves]

        def read(x: Any) -> Any:
            return values[x] if type(x) is int else x

        for value, operands in code:
            values.append(value(reader, *map(read, operands)))
        return tape.outputs.rebuild([jax.numpy.asarray(read(x), float) for x in tape.results])

    function.__name__ = tape.name
    return function


def _unknown(row: Primitive) -> Any:
    raise BadTape(f"{row.name} is a function of your own, which JAX does not know: write it with rows of the table")


# From JAX


def _integer_power(x: Any, *, y: int, **_: Any) -> Any:
    return x * x if y == 2 else table.reciprocal(x) if y == -1 else x ** float(y)


def _select(which: Any, *cases: Any, **_: Any) -> Any:
    """The case whose number is `which`, false being 0."""
    found = cases[0]
    if len(cases) == 2:
        return table.where(which, cases[1], found)
    for i, case in enumerate(cases[1:], 1):
        found = table.where(table.equal(which, float(i)), case, found)
    return found


def _plain(function: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *xs, **_: function(*xs)


def _clamp(low: Any, x: Any, high: Any, **_: Any) -> Any:
    return table.minimum(table.maximum(x, low), high)


def _rounded(x: Any, *, rounding_method: Any = 0, **_: Any) -> Any:
    """To the even one of two, or away from 0, as it is asked."""
    return table.round(x) if int(rounding_method) == 1 else table.sign(x) * table.floor(table.absolute(x) + 0.5)


SAME = (
    "copy",
    "copy_p",
    "reshape",
    "squeeze",
    "broadcast_in_dim",
    "reduce_sum",
    "reduce_max",
    "reduce_min",
    "pvary",
    "optimization_barrier",
    "reduce_precision",
)  # fmt: skip  (of a scalar)
OPERATIONS: dict[str, Callable[..., Any]] = {
    "add": _plain(lambda x, y: x + y), "add_any": _plain(lambda x, y: x + y), "sub": _plain(lambda x, y: x - y),
    "mul": _plain(lambda x, y: x * y), "div": _plain(lambda x, y: x / y), "neg": _plain(lambda x: -x),
    "pow": _plain(lambda x, y: x**y), "integer_pow": _integer_power, "rem": _plain(table.fmod),
    "square": _plain(table.square), "rsqrt": _plain(lambda x: table.reciprocal(table.sqrt(x))),
    "max": _plain(table.maximum), "min": _plain(table.minimum), "abs": _plain(table.absolute), "round": _rounded,
    "logistic": _plain(table.sigmoid), "erf_inv": _plain(table.erfinv), "select_n": _select, "clamp": _clamp,
    "lt": _plain(table.less), "le": _plain(table.less_equal),
    "gt": _plain(table.greater), "ge": _plain(table.greater_equal),
    "eq": _plain(table.equal), "ne": _plain(table.not_equal),
    "and": _plain(lambda x, y: x * y), "or": _plain(table.maximum),
    "not": _plain(lambda x: 1.0 - x), "stop_gradient": _plain(table.detach),
    "is_finite": _plain(lambda x: table.less(table.absolute(x), math.inf)), "convert_element_type": _plain(lambda x: x),
    **{name: _plain(lambda x, *_: x) for name in SAME},
}  # fmt: skip
OPERATIONS.update({
    name: _plain(vars(table)[name]) for name in (
        "exp", "exp2", "expm1", "log", "log1p", "sqrt", "cbrt", "sin", "cos", "tan", "asin", "acos", "atan", "atan2",
        "sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "erf", "erfc", "lgamma", "digamma", "polygamma", "sign",
        "floor", "ceil", "copysign",
    )
})  # fmt: skip
CALLS = frozenset([
    "pjit", "jit", "closed_call", "core_call", "remat", "remat2", "checkpoint", "custom_jvp_call", "custom_vjp_call",
    "custom_vjp_call_jaxpr",
])  # fmt: skip
INNER = ("jaxpr", "call_jaxpr", "fun_jaxpr")  # what a call has inside


def from_jax(function: Callable[..., Any], *args: float) -> Tape:
    """A function of JAX's, of numbers to a number or several, as a tape: to draw, step through, compile.

    args  the point that it is traced at, and that tables and drawings show

    Its `origin` is JAX: `ad.compare` holds its derivatives beside ours. An operation that has no row, or is of arrays,
    is an error that names it and its line; MissingPackage without JAX.
    """
    jax = _jax("a function of JAX's")
    if not jax.config.jax_enable_x64:
        warnings.warn(SINGLE, stacklevel=2)
    point = [float(x) for x in args]
    if not point:
        raise ValueError("from_jax(f, 2.0, 5.0) traces f at a point: pass a number for each argument")
    closed = jax.make_jaxpr(function)(*point)
    structure = jax.tree_util.tree_structure(jax.eval_shape(function, *point))
    places = dict[int, Any]()

    def traced(*xs: Any) -> Any:
        places.clear()
        found = _run(closed.jaxpr, closed.consts, list(xs), _row, places)
        return found[0] if structure.num_leaves == 1 else list(found)

    def whole(*xs: Any) -> Any:
        traced(*xs)
        return [x for x in places.values() if isinstance(x, Slot)]

    traced.__name__ = getattr(function, "__name__", "f")
    traced_tape = trace(traced, *point)
    tape = Tape(
        traced_tape.inputs, traced_tape.code, traced_tape.outputs, traced_tape.name, point, _labels(function, point)
    )
    there = surviving(trace(whole, *point).code, tape.code)
    slots = {at: x for at, x in reversed(places.items()) if isinstance(x, Slot)}  # of copies the first stays
    known = {there[x.place]: at for at, x in slots.items() if x.place in there}
    return tape.of(Origin("JAX", _adjoints(jax, closed, known, len(point))))


def _labels(function: Callable[..., Any], point: Sequence[float]) -> Sequence[str]:
    """What the function calls its arguments, where it has a name for each."""
    with suppress(TypeError, ValueError):
        parameters = signature(function).parameters.values()
        names = [each.name for each in parameters if each.kind in (each.POSITIONAL_ONLY, each.POSITIONAL_OR_KEYWORD)]
        return names[: len(point)] if len(names) >= len(point) else ()
    return ()


def _run(
    jaxpr: Any, consts: Sequence[Any], args: Sequence[Any], apply: Callable[..., Any], seen: dict[int, Any]
) -> list[Any]:
    """The outputs of a jaxpr, each equation by `apply`, calls from inside; `seen` gets each result by its number."""
    values = dict[Any, Any](zip([*jaxpr.constvars, *jaxpr.invars], [*map(_number, consts), *args], strict=True))

    def read(x: Any) -> Any:
        return _number(x.val) if hasattr(x, "val") else values[x]

    for eqn in jaxpr.eqns:
        given = [read(x) for x in eqn.invars]
        inner = _inside(eqn)
        if inner is not None:
            consts_inside, body = getattr(inner, "consts", ()), getattr(inner, "jaxpr", inner)
            found = _run(body, consts_inside, given[len(given) - len(body.invars) :], apply, seen)
        else:
            found = [apply(eqn, given)]
            seen[len(seen)] = found[0]
        values.update(zip(eqn.outvars, found, strict=True))
    return [read(x) for x in jaxpr.outvars]


def _inside(eqn: Any) -> Any:
    """What a call calls; None for an operation, a loop among them."""
    return (
        next((eqn.params[name] for name in INNER if name in eqn.params), None) if str(eqn.primitive) in CALLS else None
    )


def _number(x: Any) -> Any:
    """A constant as a number; BadTape for an array."""
    if getattr(x, "shape", ()) not in ((), None):
        raise BadTape(f"a constant of shape {x.shape}: only functions of single numbers become tapes")
    return float(x) if hasattr(x, "dtype") or isinstance(x, bool | int | float) else x


def _row(eqn: Any, args: Sequence[Any]) -> Any:
    """The rows of an operation."""
    for x in (*eqn.invars, *eqn.outvars):
        if getattr(x.aval, "shape", ()):
            raise BadTape(f"{eqn.primitive} is of an array of shape {x.aval.shape}{_place(eqn)}: write it with numbers")
    operation = OPERATIONS.get(str(eqn.primitive))
    if operation is None:
        raise BadTape(f"JAX's {eqn.primitive} has no row here{_place(eqn)}: write it with functions that have")
    parameters = {name: x for name, x in eqn.params.items() if name in ("y", "rounding_method")}
    return operation(*args, **parameters)


def _place(eqn: Any) -> str:
    """Where an equation stands in the source."""
    util = require("jax._src.source_info_util", "a line", INSTALL)
    with suppress(AttributeError, TypeError):  # a part of JAX that is its own
        place = util.summarize(eqn.source_info)
        return f", at {place}" if place else ""
    return ""


def _adjoints(
    jax: Any, closed: Any, known: Mapping[int, int], inputs: int
) -> Callable[[Sequence[float]], dict[int, float]]:
    """∂y/∂v by JAX for each result of an equation: the slope by a shift of it."""

    def adjoints(point: Sequence[float]) -> dict[int, float]:
        def shifted(shifts: Sequence[Any], *xs: Any) -> Any:
            waiting = iter(shifts)

            def apply(eqn: Any, args: Sequence[Any]) -> Any:
                found = eqn.primitive.bind(*args, **eqn.params)
                shift = next(waiting)
                return found + shift if jax.numpy.issubdtype(found.dtype, jax.numpy.floating) else found

            return _run(closed.jaxpr, closed.consts, xs, apply, {})[0]

        by_shift, *by_input = jax.grad(shifted, tuple(range(inputs + 1)))(
            [0.0] * len(_equations(closed.jaxpr)), *map(float, point)
        )
        found = {i: float(x) for i, x in enumerate(by_input)}
        return found | {place: float(by_shift[at]) for place, at in known.items() if place >= inputs}

    return adjoints


def _equations(jaxpr: Any) -> list[Any]:
    """Those that compute, from inside of calls too."""
    found = list[Any]()
    for eqn in jaxpr.eqns:
        inner = _inside(eqn)
        found += [eqn] if inner is None else _equations(getattr(inner, "jaxpr", inner))
    return found
