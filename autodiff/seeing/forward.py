"""Forward accumulation over a recorded graph: its nodes in order, one multiplication of the chain rule at a time.

What `reverse.steps` is for the other sweep. Each factor is that of a Dual: nothing here differentiates.
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, cast

from autodiff.core.dual import Dual
from autodiff.core.floats import ZERO, is_zero


class Step(NamedTuple):
    """v̇ᵢ += v̇ⱼ · ∂vᵢ/∂vⱼ, from the operand j at a position to node i."""

    node: Any
    position: int
    partial: float
    contribution: float
    before: float
    after: float


def steps(tangents: dict[Any, float], order: Sequence[Any]) -> Iterator[Step]:
    """The sweep over a topological order; `tangents` starts as {input: seed} and fills with v̇ of each node.

    What does not move is not visited. A partial of 0 has a step, that contributes 0.
    """
    for node in order:
        for i, operand in enumerate(node.operands):
            rate = ZERO if type(operand) is float else tangents.get(operand, ZERO)
            if is_zero(rate):
                continue
            partial, contribution = node.op.partial(i, node.primal, *node.numbers), _contribution(node, i, rate)
            before = tangents.get(node, ZERO)
            after = contribution if before is ZERO else before + contribution
            if contribution is not ZERO:
                tangents[node] = after
            yield Step(node, i, partial, contribution, before, after)


def _contribution(node: Any, position: int, rate: float) -> float:
    """The tangent of a node of which one operand alone moves."""
    numbers = [Dual(x, rate) if i == position else x for i, x in enumerate(node.numbers)]
    return cast("float", node.op(*numbers).tangent)
