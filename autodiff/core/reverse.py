"""Reverse accumulation: one sweep over the topologically sorted graph, outputs first, gives every adjoint."""

from collections.abc import Iterator, Sequence
from math import isfinite
from typing import Any, NamedTuple

from autodiff.core.floats import ZERO, is_zero
from autodiff.core.graph import stale, topological_order
from autodiff.core.primitives import product
from autodiff.errors import StaleGraph, describe


class Step(NamedTuple):
    """One multiplication of the chain rule: v̄ⱼ += v̄ᵢ · ∂vᵢ/∂vⱼ, from node i to its operand j."""

    node: Any
    position: int
    partial: Any
    contribution: Any
    before: Any
    after: Any


def steps(
    output: Any, adjoints: dict[Any, Any], *, on_values: bool = False, order: Sequence[Any] | None = None
) -> Iterator[Step]:
    """The sweep, a step at a time; `adjoints` starts as {output: seed} and fills with v̄ᵢ = ∂output/∂vᵢ · seed.

    order      a topological order, where there is one already
    on_values  False: partials are computed of the numbers that nodes hold, and adjoints are numbers (in a trace Slots);
               True: of the nodes themselves, and adjoints are graphs, to be differentiated again

    A node whose adjoint is a float 0 hands on nothing, even where its partial is infinite. Where a partial is 0 there
    is a step all the same, which adds nothing. Where an adjoint is ±∞ or nan, the partials by an operand that stands
    twice are added first, as in √(x − x): ∞ · (1 − 1) is 0, ∞ − ∞ would be nan.
    """
    waiting: dict[Any, Any] = {}
    for node in reversed(topological_order(output) if order is None else order):
        adjoint = adjoints.setdefault(node, ZERO)
        if is_zero(adjoint):
            continue
        if on_values:
            _check_fresh(node)
        op, operands = node.op, node.operands
        kind: object = type(node)  # pyright: ignore[reportUnknownVariableType]
        out, numbers = (node, operands) if on_values else (node.primal, node.numbers)
        singular = type(node.primal) is float and _repeats(operands) and _singular(adjoint)  # unknown in a trace
        partials = op.partials or op.slopes(len(operands))
        for position, operand in enumerate(operands):
            if type(operand) is not kind:  # a constant
                continue
            partial = partials[position]
            slope = partial if type(partial) is float else partial(out, *numbers)
            if singular:
                slope = waiting.pop(operand) + slope if operand in waiting else slope
                if any(other is operand for other in operands[position + 1 :]):
                    waiting[operand], slope = slope, ZERO
            before = adjoints.get(operand, ZERO)
            if is_zero(slope):
                yield Step(node, position, slope, ZERO, before, before)
                continue
            contribution = adjoint if type(slope) is float and slope == 1.0 else product(adjoint, slope)
            after = adjoints[operand] = contribution if before is ZERO else before + contribution
            yield Step(node, position, slope, contribution, before, after)


def accumulate(output: Any, seed: float, order: Sequence[Any]) -> dict[Any, float]:
    """`steps` on floats, drained: sets the `grad` of interior nodes and returns the adjoints of leaves.

    `order` is the topological order of the output. Interior adjoints are summed in `grad` itself, and arities are
    written out, because every training step goes through here: draining the generator takes half as long again.
    """
    leaves: dict[Any, float] = {}
    get = leaves.get
    kind: object = type(output)  # pyright: ignore[reportUnknownVariableType]
    for node in order:
        node.adjoint = 0.0
    if output.op is None:
        return {output: seed}
    output.adjoint = seed
    for node in reversed(order):
        adjoint = node.adjoint
        if adjoint == 0.0:
            continue
        op = node.op
        if op.arity == 2:
            first, second = op.partials
            left, right = node.left, node.right
            if type(left) is kind:
                slope = first if type(first) is float else first(node.primal, node.x, node.y)
                if slope != 0.0:
                    if left.op is None:
                        leaves[left] = get(left, 0.0) + adjoint * slope
                    else:
                        left.adjoint += adjoint * slope
            if type(right) is kind:
                slope = second if type(second) is float else second(node.primal, node.x, node.y)
                if slope != 0.0:
                    if right.op is None:
                        leaves[right] = get(right, 0.0) + adjoint * slope
                    else:
                        right.adjoint += adjoint * slope
        else:
            for operand, partial in zip(node.operands, op.slopes(len(node.operands)), strict=True):
                if type(operand) is kind:
                    slope = partial if type(partial) is float else partial(node.primal, *node.numbers)
                    if slope != 0.0:
                        if operand.op is None:
                            leaves[operand] = get(operand, 0.0) + adjoint * slope
                        else:
                            operand.adjoint += adjoint * slope
    return _drained(output, seed, order) if any(adjoint != adjoint for adjoint in leaves.values()) else leaves


def _drained(output: Any, seed: float, order: Sequence[Any]) -> dict[Any, float]:
    """The same by `steps`, which knows more of infinite adjoints."""
    adjoints = {output: seed}
    for _ in steps(output, adjoints, order=order):
        pass
    for node in order:
        node.adjoint = adjoints.pop(node)
    return adjoints


def _repeats(operands: Sequence[Any]) -> bool:
    """Whether an operand stands twice."""
    count = len(operands)
    return operands[0] is operands[1] if count == 2 else count > 2 and len(set(map(id, operands))) < count


def _singular(adjoint: Any) -> bool:
    """Whether it is known to be ±∞ or nan: not in a trace."""
    while hasattr(adjoint, "primal"):
        adjoint = adjoint.primal
    return type(adjoint) is float and not isfinite(adjoint)


def _check_fresh(node: Any) -> None:
    for operand, number in stale(node, lambda operand: operand.primal):
        raise StaleGraph(
            f"{describe(operand)} was {number} when {node.op.name} read it: a derivative that is itself a graph "
            "needs the leaves as they were; compute the expression again, then differentiate it"
        )
