"""Superscripts in running text: what stands behind ^ is raised where a medium can raise it, and ^ goes."""

import html
import re
from collections.abc import Iterator

RAISED = re.compile(r" ?\^ ?(?:\(((?:[^()]|\([^()]*\))*)\)|(−?[^\s()^,]+))")


def runs(text: str) -> Iterator[tuple[str, bool]]:
    """The parts of a text, each with whether it is raised: x ^ (−2) + 1 is x, −2 raised, + 1."""
    end = 0
    for match in RAISED.finditer(text):
        if match.start():  # a ^ with nothing before it is itself
            yield text[end : match.start()], False
            yield match[1] or match[2] or "", True
            end = match.end()
    yield text[end:], False


def raised(text: str, opening: str = "<sup>", closing: str = "</sup>") -> str:
    """A text as markup spells it, with tags around what is raised."""
    parts = [(html.escape(part), up) for part, up in runs(text) if part]
    return "".join(f"{opening}{part}{closing}" if up else part for part, up in parts)
