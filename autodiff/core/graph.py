"""Walks over the graph, all iterative: a chain of a million nodes is a graph like any other."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol


class Node(Protocol):
    """What a walk sees of a `Value`. A leaf has no `op`.

    A node keeps its operands, Values or float constants, and the numbers they held when it was computed. One or
    two stand in the node itself (`left`, `right`; `x`, `y`), more in a tuple at `left` and at `x`: a tuple for
    every node would cost a third of the time of building and sweeping a graph.
    """

    primal: float
    adjoint: float
    op: Any
    left: Any
    right: Any
    scope: Any
    x: Any
    y: float

    @property
    def operands(self) -> tuple[Any, ...]: ...  # noqa: D102
    @property
    def numbers(self) -> tuple[float, ...]: ...  # noqa: D102


def topological_order(*outputs: Node) -> list[Node]:
    """The interior nodes that the outputs depend on, each after its operands: depth first, left to right."""
    order: list[Node] = []
    visited: set[Node] = set()
    kind: Any = type(outputs[0]) if outputs else None  # an operand of another kind is a constant
    stack: list[Any] = [output for output in outputs if output.op is not None]
    push, pop = stack.append, stack.pop
    node: Any
    while stack:
        node = pop()
        if node is None:  # all operands of the node below are in the order
            order.append(pop())
            continue
        while node not in visited:
            visited.add(node)
            push(node)
            push(None)
            left, right = node.left, node.right
            if type(left) is tuple:
                stack += [x for x in reversed(node.operands) if type(x) is kind and x.op is not None]
                break
            deeper = type(right) is kind and right.op is not None
            if type(left) is kind and left.op is not None:
                if deeper:
                    push(right)
                node = left  # straight on, without the stack
            elif deeper:
                node = right
            else:
                break
    return order


def leaves(order: Sequence[Node]) -> list[Node]:
    """The leaves that the nodes of a topological order read, each once, in order of first use."""
    found: dict[Node, None] = {}
    for node in order:
        left, right = node.left, node.right
        operands = node.operands if type(left) is tuple else (left, right)
        for operand in operands:
            if type(operand) is type(node) and operand.op is None:
                found[operand] = None
    return list(found)


def stale(node: Node, known: Callable[[Any], Any]) -> Iterator[tuple[Any, Any]]:
    """(operand, number) wherever a node was computed of another number than is known of the operand."""
    for operand, number in zip(node.operands, node.numbers, strict=True):
        if type(operand) is type(node):
            now = known(operand)
            if now is not number and type(now) is float and now != number:  # in a trace it may be a Slot for the time
                yield operand, number
