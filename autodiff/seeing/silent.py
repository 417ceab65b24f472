"""Silent nodes: what multiplies by 1 or adds 0, as derivatives do: where a graph is shown, it is passed over."""

from collections.abc import Collection, Iterable
from typing import Any

from autodiff.core.value import Value, record

NEUTRAL: dict[str, tuple[tuple[int, float], ...]] = {  # where a row has an operand that leaves the other as it is
    "add": ((0, 0.0), (1, 0.0)),
    "subtract": ((1, 0.0),),
    "multiply": ((0, 1.0), (1, 1.0)),
    "divide": ((1, 1.0),),
    "power": ((1, 1.0),),
}


def heard(order: Iterable[Any], kept: Collection[Any]) -> tuple[dict[Any, Any], dict[Any, Any]]:
    """What each silent node passes on; and of what reads one, a copy that reads past it.

    order  the nodes, each after its operands
    kept   nodes that are shown in any case
    """
    passed, copies = dict[Any, Any](), dict[Any, Any]()
    for node in order:
        operands = [x if type(x) is float else passed.get(x, copies.get(x, x)) for x in node.operands]
        position = None if node in kept or node.label else _passed(node)
        if position is not None:
            passed[node] = operands[position]
        elif any(a is not b for a, b in zip(operands, node.operands, strict=True)):
            copies[node] = _copy(node, operands)
    return passed, copies


def _passed(node: Any) -> int | None:
    """The operand that a silent node passes on."""
    if node.op.symbol == "identity":
        return 0
    for position, neutral in NEUTRAL.get(node.op.base.name, ()):
        constant, other = node.operands[position], node.operands[1 - position]
        if type(constant) is float and constant == neutral and type(other) is Value and other.op:  # not a weight × 1
            return 1 - position
    return None


def _copy(node: Any, operands: list[Any]) -> Any:
    """A node of other operands, of the same numbers."""
    if node.op.arity in (1, 2):
        left, right = [*operands, 0.0][:2]
        copy = record(node.op, node.primal, left, right, node.x, node.y)
    else:
        copy = record(node.op, node.primal, tuple(operands), 0.0, node.x, node.y)
    copy.within, copy.called, copy.adjoint = node.within, node.called, node.adjoint
    return copy
