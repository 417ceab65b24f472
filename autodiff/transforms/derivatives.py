"""Transforms: functions made of functions, for every derivative of every order.

    grad, value_and_grad, vjp      reverse accumulation
    jvp                            forward accumulation
    jacobian, hessian, hvp         either, or both
    taylor                         forward accumulation to any order

Arguments are numbers, or lists, tuples, dicts, NumPy arrays and modules of them; results keep their structure. Any
nesting is right, closures over outer variables included: a derivative is a number of the kind its inputs call for.
Floats give floats. Where arguments or closure hold Values, it is a Value, to be differentiated again.
"""

from collections.abc import Callable, Sequence
from functools import update_wrapper
from typing import Any, Generic, Literal, ParamSpec, TypeAlias

from autodiff.core.dual import Bundle
from autodiff.core.floats import ZERO, is_zero
from autodiff.core.functions import total
from autodiff.core.rows import Number
from autodiff.errors import NotScalar
from autodiff.transforms.calls import Argnums, Call
from autodiff.transforms.levels import Recording, Seeding, values_in
from autodiff.transforms.structure import NUMBER, Structure, flatten, shaped

Function: TypeAlias = Callable[..., Any]
P = ParamSpec("P")  # of the function that is differentiated
Mode: TypeAlias = Literal["auto", "forward", "reverse"]

BUNDLED = 32  # tangents in one forward evaluation: more gain nothing (benchmarks/transforms.py)
# What a forward evaluation costs, in reverse sweeps over the same nodes: measured there too.
FORWARD_SWEEPS, TANGENTS_PER_SWEEP = 4, 12


class value_and_grad(Generic[P]):  # noqa: N801 (called as a function)
    """Like `grad`, with the value: (f(x), ∇f(x)), at the cost of one evaluation and one reverse sweep."""

    def __init__(self, function: Callable[P, Any], argnums: Argnums = 0) -> None:
        self.function, self.argnums = _check_callable(function), argnums
        update_wrapper(self, function, updated=())

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Any:
        """The value and the gradient at these arguments."""
        call = Call(self.function, self.argnums, args, kwargs)
        with Recording(call.numbers) as recording:
            output = _one(call(recording.inputs), call.name, "grad")
            return recording.value(output), call.structure.rebuild(recording.gradient(output))


class grad(value_and_grad[P]):  # noqa: N801 (called as a function)
    """∇f: a function of the arguments of f that gives ∂f/∂x, x the argument that argnums names.

    argnums  a position or a keyword, or a tuple of them: the result is then a tuple
    """

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Any:
        """The gradient at these arguments."""
        return super().__call__(*args, **kwargs)[1]


def title(function: Any) -> str:
    """What a function is called: f where it has no name, grad(f) where it is the derivative of one."""
    name = getattr(function, "__name__", "")
    known = name if name.isidentifier() or name.endswith(")") else "f"
    return f"{type(function).__name__}({known})" if isinstance(function, value_and_grad) else known


def vjp(function: Function, *primals: Any) -> tuple[Any, Callable[[Any], Any]]:
    """(f(x), pullback), the pullback taking ȳ, structured as f(x), to ȳᵀ·DF(x), structured as x.

    For several primals the pullback gives a tuple. It may be called any number of times.
    """
    call = Call(_check_callable(function), range(len(primals)), primals, {})
    with Recording(call.numbers, reusable=True) as recording:
        outputs, structure = call(recording.inputs)
        value = structure.rebuild([recording.value(output) for output in outputs])
        recording.keep()

    def pullback(cotangents: Any) -> Any:
        seeds, given = flatten(cotangents, "the cotangents")
        structure.require(given, "the cotangents", f"what {call.name} returned")
        seeded = total(seed * output for seed, output in zip(seeds, outputs, strict=True) if not is_zero(seed))
        linked = any(True for seed in seeds for _ in values_in(seed))
        gradients = call.structure.rebuild(recording.gradient(seeded, linked=linked))
        return gradients[0] if len(primals) == 1 else gradients

    return value, pullback


def jvp(function: Function, primals: Sequence[Any], tangents: Sequence[Any]) -> tuple[Any, Any]:
    """(f(x), DF(x)·ẋ): the value and the derivative along ẋ, in one forward evaluation.

    primals, tangents  tuples: the arguments of f, and their tangents of the same structure
    """
    for given in (primals, tangents):
        if not isinstance(given, list | tuple):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise TypeError(f"jvp takes tuples, one entry for each argument, as in jvp(f, (x,), (dx,)); got {given!r}")
    call = Call(_check_callable(function), range(len(primals)), primals, {})
    directions, directed = flatten(tuple(tangents), "the tangents")
    call.structure.require(directed, "the tangents", "the primals")
    with Seeding() as seeding:
        outputs, structure = call(list(map(seeding.dual, call.numbers, directions)))
        parts = [seeding.parts(output) for output in outputs]
    return structure.rebuild([primal for primal, _ in parts]), structure.rebuild([tangent for _, tangent in parts])


class jacobian(Generic[P]):  # noqa: N801 (called as a function)
    """DF, m × n for F: ℝⁿ → ℝᵐ: structured as F's result, with the structure of x in the place of each number.

    mode   "forward" takes ⌈n / 32⌉ evaluations, 32 tangents in each; "reverse" one evaluation and m sweeps; "auto"
           records one evaluation, counts the nodes that either would go through, and takes the cheaper
    taken  the mode of the last call
    """

    def __init__(self, function: Callable[P, Any], mode: Mode = "auto", argnums: Argnums = 0) -> None:
        if mode not in ("auto", "forward", "reverse"):
            raise ValueError(f'mode is "auto", "forward" or "reverse", got {mode!r}')
        self.function, self.mode, self.argnums = _check_callable(function), mode, argnums
        self.taken: Mode | None = None
        update_wrapper(self, function, updated=())

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Any:
        """The Jacobian at these arguments."""
        call = Call(self.function, self.argnums, args, kwargs)
        rows = None if self.mode == "forward" else self._by_rows(call)
        self.taken = "reverse" if rows else "forward"
        rows, structure = rows or _by_columns(call)

        def block(row: slice, outer: tuple[int, ...]) -> Any:
            def part(column: slice, inner: tuple[int, ...]) -> Any:
                return shaped([x for numbers in rows[row] for x in numbers[column]], outer + inner)

            return call.structure.fill(part)

        return structure.fill(block)

    def _by_rows(self, call: Call) -> tuple[list[Any], Structure] | None:
        with Recording(call.numbers) as recording:
            outputs, structure = call(recording.inputs)
            forward_costs = FORWARD_SWEEPS + len(call.numbers) / TANGENTS_PER_SWEEP
            if self.mode == "auto" and recording.sweeps_exceed(forward_costs, outputs):
                return None
            return [recording.gradient(output) for output in outputs], structure


def hessian(function: Callable[P, Any], argnums: Argnums = 0) -> jacobian[P]:
    """∇²f, n × n: the Jacobian of the gradient, forward over reverse; f is evaluated ⌈n / 32⌉ times.

    At a kink it is made of the slopes that were chosen there: of |x|² at 0 it is 0, not 2, since abs has slope 0 there.
    """
    return jacobian(grad(function, argnums), "forward", argnums)


def hvp(function: Function, x: Any, v: Any) -> Any:
    """∇²f(x)·v, structured as x, without the Hessian: the derivative of the gradient along v.

    At a kink it is made of the slopes that were chosen there: of ½ norm(x)² at 0 it is 0, not v.
    """
    return jvp(grad(function), (x,), (v,))[1]


def taylor(function: Function, x: Any, order: int, direction: Any = None) -> list[Number]:
    """c₀ … cₙ of f(x + t·v) = Σ cₖ tᵏ, n = `order`: cₖ is the k-th derivative along v, over k!.

    direction  v, structured as x; 1 for a number x
    """
    if not isinstance(order, int) or order < 0:  # pyright: ignore[reportUnnecessaryIsInstance]
        raise ValueError(f"the order of a Taylor series is a whole number from 0, got {order!r}")
    call = Call(_check_callable(function), 0, (x,), {})
    if direction is None and call.structure is not NUMBER:
        raise NotScalar(f"a line through {call.structure.signature} needs a direction: pass direction=")
    speeds, directed = flatten(1.0 if direction is None else direction, "the direction")
    call.structure.require(directed, "the direction", "x")
    with Seeding() as seeding:
        line = [seeding.series(x, speed, order) for x, speed in zip(call.numbers, speeds, strict=True)]
        return seeding.coefficients(_one(call(line), call.name, "taylor"), order)


def _one(result: tuple[list[Number], Structure], name: str, transform: str) -> Number:
    outputs, structure = result
    if structure is not NUMBER:
        raise NotScalar(f"{transform} needs one output, {name} returned {structure.signature}; use jacobian")
    return outputs[0]


def _by_columns(call: Call) -> tuple[list[Any], Structure]:
    """The rows of the Jacobian from columns, several in one evaluation; for n = 0 there is one all the same."""
    n, columns, outputs, structure = len(call.numbers), list[tuple[Number, ...]](), list[Number](), NUMBER
    for start in range(0, max(n, 1), BUNDLED):
        chosen = range(start, min(start + BUNDLED, n))
        with Seeding() as seeding:
            inputs = [
                seeding.dual(x, Bundle([float(i == j) for i in chosen])) if j in chosen else x
                for j, x in enumerate(call.numbers)
            ]
            outputs, structure = call(inputs)
            tangents = [seeding.parts(output)[1] for output in outputs]
        zeros = Bundle([ZERO] * len(chosen))
        columns.extend(zip(*((zeros if is_zero(t) else t).tangents for t in tangents), strict=True))
    return [[column[i] for column in columns] for i in range(len(outputs))], structure


def _check_callable(function: Function) -> Function:
    if not callable(function):
        raise TypeError(f"a function is differentiated, got {type(function).__name__} {function!r}")
    return function
