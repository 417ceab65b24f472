"""Pages: one HTML document with a drawing, data and scripts in it; a notebook shows it in a frame of its own."""

import html
import json
import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from importlib.resources import files
from typing import Any

from autodiff.seeing.drawing.layout.turning import placed
from autodiff.seeing.drawing.pictures import Picture, Placed
from autodiff.seeing.drawing.svg import svg_element, themed
from autodiff.seeing.notebooks import follower, framed
from autodiff.seeing.page.widgets import widget
from autodiff.words.colours import variables

FOLDER = files("autodiff.seeing.page")
DRAWING = ("elements.js", "data.js", "shades.js", "camera.js", "boxes.js", "search.js")  # of any page
UNTRUSTED = (
    "Scripts do not run here, so that this is a picture only: run the cell, or trust the notebook (in JupyterLab by "
    "the command Trust Notebook), and it is a page."
)


class Page:
    """A page about a graph as it was: `html` is the document.

    template  the body of the document, with {{title}}, {{figure}} … in it
    scripts   what it runs, in this order
    kind      what it is, for those who do not see it
    """

    template: str
    scripts: Sequence[str]
    kind: str

    def __init__(self, title: str, picture: Picture, data: Mapping[str, Any], note: str) -> None:
        self.title, self.picture, self.data, self.note = title, picture, data, note

    @cached_property
    def placed(self) -> Placed:
        """Where its cards and arrows lie."""
        return placed(self.picture)

    @property
    def html(self) -> str:
        """The page: one HTML document with everything in it."""
        parts = {
            "title": html.escape(self.title),
            "style": f"{variables()}\n{_text('stepper.css')}",
            "drawing": svg_element(self.picture, self.placed),
            "note": html.escape(self.note),
            "data": json.dumps(self.data, ensure_ascii=False, allow_nan=False).replace("<", "\\u003c"),
            "script": "\n".join(['"use strict";', follower(), *(_text(name) for name in self.scripts)]),
        }
        shell = _text("page.html").replace("{{body}}", _text(self.template)).replace("{{figure}}", _text("figure.html"))
        page = re.sub(r"\{\{(\w+)\}\}", lambda match: parts[match[1]], shell)
        return page.encode(errors="replace").decode()  # half a surrogate pair in a label has no encoding

    def still(self) -> str:
        """What stands in where scripts do not run, an SVG."""
        return themed(svg_element(self.picture, self.placed), self.title)

    def widget(self) -> Any:
        """The page as an anywidget, for VS Code, Colab and marimo: `pip install anywidget`."""
        return widget(f"{self.title}, {self.kind}", self.html)

    def _repr_html_(self) -> str:
        return framed(f"{self.title}, {self.kind}", self.html, self.still(), UNTRUSTED)


def _text(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")
