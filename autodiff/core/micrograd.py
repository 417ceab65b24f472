"""What programs written for micrograd read of a node: `_prev` and `_op`, as its lecture's `draw_dot` does.

`operands` and `op` say more: both operands of a + a, the constants, the row. `ad.draw` draws the graph.
"""

from typing import Any, NoReturn

from autodiff.core.graph import Node

WRITTEN = {"×": "*", "−": "-", "^": "**", "relu": "ReLU"}  # symbols of rows that are others there


def previous(node: Node) -> set[Any]:
    """The operands that are nodes. Constants, which micrograd makes nodes of, are none."""
    return {x for x in node.operands if type(x) is type(node)}


def written(node: Node) -> str:
    """The operation as micrograd writes it, the constant exponent of a power with it; "" on a leaf."""
    if node.op is None:
        return ""
    symbol: str = node.op.symbol
    if symbol == "^" and type(exponent := node.operands[1]) is not type(node):
        return f"**{exponent!r}".removesuffix(".0")
    return WRITTEN.get(symbol, symbol)


def no_rule(node: Node, *_: Any) -> NoReturn:
    """Refuse `_backward`: nodes keep no rules, and adjoints belong to a sweep."""
    raise AttributeError(
        f"{node!r} has no _backward, the rule stands in its row: .backward() sweeps the graph, ad.step shows the sweep "
        "a product at a time, and @ad.primitive makes a row of your own"
    )
