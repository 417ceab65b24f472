"""Ink: a picture as a Mermaid flowchart, which Markdown is written with; Mermaid places it."""

import re

from autodiff.seeing.drawing.pictures import Picture
from autodiff.words.colours import INK, LINE, shades
from autodiff.words.typeset import LONGEST, shortened


def mermaid_text(picture: Picture) -> str:
    """The picture as a Mermaid flowchart."""
    lines = [f"flowchart {picture.rankdir}"]
    frames = picture.paths
    inside: dict[tuple[str, ...], list[str]] = {path: [] for path in [(), *frames]}
    for i, card in enumerate(picture.cards):
        if "words" in card.kind:
            continue
        header = f"{shortened(card.title)} = {card.expression}" if card.expression else card.title
        rows = "<br/>".join(_entities(row) for row in [header, *card.rows] if row)
        left, right = ("[[", "]]") if "box" in card.kind else ("((", "))") if "circle" in card.kind else ("(", ")")
        style = "" if card.level is None else f":::level{_class(card.level)}"
        inside[card.path].append(f'n{i}{left}"{rows}"{right}{style}')
    for i, path in reversed(list(enumerate(frames))):  # the innermost first
        title = _entities(picture.frames.get(path, path[-1]))
        inside[path[:-1]] += [f'subgraph s{i}["{title}"]', *(f"  {line}" for line in inside[path]), "end"]
    lines += [f"  {line}" for line in inside[()]]
    for arrow in picture.arrows:
        label = f'|"{_entities(arrow.label)}"|' if arrow.label else ""
        lines.append(f"  n{arrow.tail} {'---' if arrow.heavy else '-->'}{label} n{arrow.head}")
    used = {_class(card.level): shades(card.level)[0] for card in picture.cards if card.level is not None}
    lines += [f"  classDef level{name} fill:{fill},stroke:{LINE},color:{INK}" for name, fill in sorted(used.items())]
    return "\n".join([*lines, ""])


def _entities(text: str) -> str:
    """Text with what Mermaid or HTML would read spelled as character codes."""
    return re.sub(r"[\"#&<>`\\%{};]", lambda m: f"#{ord(m[0])};", shortened(text, 2 * LONGEST))


def _class(level: float) -> str:
    """A class for each colour."""
    return shades(level)[0][1:]
