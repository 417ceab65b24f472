"""Pages: one HTML document with a drawing, data and scripts in it; a notebook shows it in a frame of its own."""

import html
import json
import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from functools import cached_property
from importlib.resources import files
from typing import Any

from autodiff.seeing.drawing.layout.turning import placed
from autodiff.seeing.drawing.pictures import Picture, Placed
from autodiff.seeing.drawing.svg import svg_element
from autodiff.words.colours import variables

HEIGHT = 900  # pixels of its frame in a notebook, until the page says how high it is
FOLDER = files("autodiff.seeing.page")
DRAWING = ("elements.js", "data.js", "shades.js", "camera.js", "boxes.js", "search.js", "notebook.js")  # of any page
UNTRUSTED = (
    "Scripts do not run here, so that this is a picture only: run the cell, or trust the notebook (in JupyterLab by "
    "the command Trust Notebook), and it is a page."
)


class Page:
    """A page about a graph as it was: `html` is the document.

    template  the document, with {{title}}, {{drawing}}, {{data}} … in it
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
            "tools": _text("tools.html"),
            "drawing": svg_element(self.picture, self.placed),
            "note": html.escape(self.note),
            "data": json.dumps(self.data, ensure_ascii=False, allow_nan=False).replace("<", "\\u003c"),
            "script": "\n".join(['"use strict";', *(_text(name) for name in self.scripts)]),
        }
        page = re.sub(r"\{\{(\w+)\}\}", lambda match: parts[match[1]], _text(self.template))
        return page.encode(errors="replace").decode()  # half a surrogate pair in a label has no encoding

    def still(self) -> str:
        """What stands in where scripts do not run, an SVG."""
        return svg_element(self.picture, self.placed)

    def _repr_html_(self) -> str:
        # a frame keeps its styles and keys from the notebook's; what removes the style shows the sentence
        still = b64encode(self.still().encode(errors="replace")).decode()
        return (
            f"<style>.autodiff-untrusted {{ display: none }}</style><div class='autodiff-untrusted'><p>{UNTRUSTED}</p>"
            f'<img alt="{html.escape(self.title)}" src="data:image/svg+xml;base64,{still}"></div>'
            f'<iframe title="{html.escape(self.title)}, {self.kind}" srcdoc="{html.escape(self.html)}" '
            f'style="width: 100%; height: {HEIGHT}px; border: 0"></iframe>'
        )


def _text(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")
