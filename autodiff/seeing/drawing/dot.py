"""Ink: a picture in DOT, Graphviz's language; by itself, or with the places where it lies."""

from collections.abc import Mapping

from autodiff.seeing.drawing.labels import card_label, legend_label, markup
from autodiff.seeing.drawing.language import Digraph
from autodiff.seeing.drawing.pictures import Card, Picture, Placed
from autodiff.seeing.drawing.positions import NOWHERE, PAD, positions
from autodiff.words.colours import BOX, CARD, INK, LINE, MUTED, shades

FONT = "Helvetica,Arial,sans-serif"
PORTS = {"LR": "ew", "RL": "we", "TB": "sn", "BT": "ns"}  # the sides of a card where arrows leave and arrive


def dot_text(picture: Picture, placed: Placed | None = None) -> str:
    """The picture in DOT.

    placed  where it lies, for Graphviz's `nop2` that only draws; without it, or by `dot`, Graphviz finds places
    """
    graph, places = Digraph("autodiff"), positions(picture, placed) if placed else NOWHERE
    _style(graph, picture)
    graph.attr(**places.whole)
    frames = {path: Digraph(f"cluster_{i}") for i, path in enumerate(picture.paths)}
    for i, card in enumerate(picture.cards):
        (frames[card.path] if card.path else graph).node(
            str(i), card_label(card), **_look(card), **places.cards.get(i, {})
        )
    for path in sorted(frames, key=len, reverse=True):  # the innermost first: a frame is copied into the one around it
        label = f"<<B>{markup(picture.frames.get(path, path[-1]))}</B>>"
        frames[path].attr(label=label, labelloc="t", style="rounded", color=LINE, margin="12", **{"class": "scope"})
        frames[path].attr(**places.frames.get(path, {}))
        (frames[path[:-1]] if path[:-1] else graph).subgraph(frames[path])
    for i, arrow in enumerate(picture.arrows):
        known = {"label": arrow.label and f"<{markup(arrow.label)}>", "id": arrow.id, **places.arrows.get(i, {})}
        line = {"dir": "none", "penwidth": f"{arrow.heavy:.2f}", "color": arrow.ink} if arrow.heavy else {}
        graph.edge(str(arrow.tail), str(arrow.head), **_given(known | line))
    return graph.source


def _style(graph: Digraph, picture: Picture) -> None:
    """What holds for the whole picture, its legend included."""
    graph.attr(rankdir=picture.rankdir, nodesep="0.22", ranksep=str(picture.apart))
    graph.attr(fontname=FONT, fontsize="12", fontcolor=MUTED)
    legend = {"label": legend_label(picture.legend)} if picture.legend else {}
    graph.attr(pad=str(PAD), labelloc="b", labeljust="l", **legend)
    text = {"fontname": FONT, "fontcolor": INK}
    graph.attr("node", shape="box", style="rounded,filled", color=LINE, fontsize="12", **text)
    graph.attr("node", margin="0.12,0.06", width="0", height="0")  # as wide as its text, which stands at its left
    graph.attr("edge", color=LINE, arrowsize="0.6", fontname=FONT, fontsize="10.5", fontcolor=MUTED)
    if any("box" in card.kind for card in picture.cards):
        graph.attr("edge", **dict(zip(("tailport", "headport"), PORTS[picture.rankdir], strict=True)))


def _look(card: Card) -> dict[str, str]:
    fill = shades(card.level)[0] if card.level is not None else BOX if "box" in card.kind else CARD
    look = {"fillcolor": fill, "class": card.kind, "id": card.id}
    if "output" in card.kind:
        look |= {"color": INK, "penwidth": "1.8"}
    if "box" in card.kind:
        look |= {"peripheries": "2"}
    if "circle" in card.kind:
        look |= {"shape": "circle", "style": "filled"}
    if "words" in card.kind:
        look |= {"shape": "plain", "style": "solid", "fontcolor": MUTED}
    return _given(look)


def _given(attributes: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in attributes.items() if value}
