"""Drawings of computation graphs, from one neuron to a whole network."""

import html
from typing import Any

from autodiff.listing import Listing
from autodiff.notation import BAR, DOT, written
from autodiff.packages import require
from autodiff.rendering import svg_element

DIGITS = 4  # decimals on a card
LONGEST = 40  # characters of a name or an expression on a card
WIDEST = "−1.2346e−100"  # no number on a card is wider
FONT = "Helvetica,Arial,sans-serif"


def live_svg(listing: Listing) -> str:
    """The <svg> element of a flat picture whose numbers a script fills in.

    Node i is the group `n{i}` of class node, with input or output: its card, then four texts, header, value, tangent
    and adjoint. The edge from the operand at a position of node i is the group `e{i}-{position}` of class edge.
    """
    graph = _digraph()
    for slot in range(len(listing.nodes)):
        kinds = ["input"] * (slot < listing.inputs) + ["output"] * (slot in listing.outputs)
        rows = [WIDEST, f"v{DOT} {WIDEST}", f"v{BAR} {WIDEST}"]
        card = _card([f"<B>{_markup(_header(listing, slot))}</B>", *rows])
        graph.node(str(slot), card, id=f"n{slot}", **{"class": " ".join(kinds)})
    for slot, operands in enumerate(listing.operands):
        for position, operand in enumerate(operands):
            if type(operand) is int:
                graph.edge(str(operand), str(slot), id=f"e{slot}-{position}")
    return svg_element(graph.source)


def _digraph() -> Any:
    """An empty graph, left to right."""
    graph = require("graphviz", "a drawing", "pip install 'autodiff[draw]'").Digraph("autodiff")
    graph.attr(rankdir="LR", fontname=FONT, nodesep="0.25", ranksep="0.4")
    graph.attr("node", shape="box", style="rounded,filled", fillcolor="#ffffff", fontname=FONT, fontsize="12")
    graph.attr("edge", fontname=FONT, fontsize="11", arrowsize="0.7")
    return graph


def _header(listing: Listing, slot: int) -> str:
    """name = expression; of a leaf, its name."""
    parts = [listing.names[slot], listing.expression(slot, lambda x: written(x, DIGITS))]
    return " = ".join(_shortened(part) for part in parts if part)


def _card(rows: list[str]) -> str:
    """An HTML-like label, a row below the other."""
    cells = "".join(f'<TR><TD ALIGN="LEFT">{row}</TD></TR>' for row in rows)
    return f'<<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="1">{cells}</TABLE>>'


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _markup(text: str) -> str:
    """Text as an HTML-like label spells it: only text, whatever is in it."""
    visible = "".join(c if c.isprintable() else " " for c in text)
    return html.escape(visible).replace("\\", "\\\\")  # Graphviz would put the node's name for \N
