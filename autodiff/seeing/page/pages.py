"""Pages: one HTML document with data and scripts in it, and a drawing; a notebook shows it in a frame of its own."""

import html
import json
import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any

from autodiff.core.files import write
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


class Document:
    """A page: `html` is the document.

    template  the body of the document, with {{title}} … in it
    scripts   what it runs, in this order
    styles    its style sheets
    kind      what it is, for those who do not see it
    folders   where these files are, the first that has one
    pictures  what makes pictures, where something does
    """

    template: str
    scripts: Sequence[str]
    kind: str
    styles: Sequence[str] = ("stepper.css",)
    folders: Sequence[Any] = (FOLDER,)
    pictures = ""

    def __init__(self, title: str, data: Mapping[str, Any]) -> None:
        self.title, self.data = title, data

    @property
    def html(self) -> str:
        """The page: one HTML document with everything in it."""
        shell = self.text("page.html").replace("{{body}}", self.text(self.template))
        parts = self.parts()
        page = re.sub(r"\{\{(\w+)\}\}", lambda match: parts[match[1]], shell.replace("{{figure}}", self.figure()))
        return page.encode(errors="replace").decode()  # half a surrogate pair in a label has no encoding

    def parts(self) -> dict[str, str]:
        """What stands in the document, by its name."""
        return {
            "title": html.escape(self.title),
            "style": "\n".join([variables(), *(self.text(name) for name in self.styles)]),
            "data": json.dumps(self.data, ensure_ascii=False, allow_nan=False).replace("<", "\\u003c"),
            "script": "\n".join(['"use strict";', follower(), *(self.text(name) for name in self.scripts)]),
        }

    def figure(self) -> str:
        """The drawing in it, where there is one."""
        return ""

    def text(self, name: str) -> str:
        """A file of its folders."""
        return next(file for folder in self.folders if (file := folder / name).is_file()).read_text(encoding="utf-8")

    def still(self) -> str:
        """What stands in where scripts do not run, an SVG."""
        raise NotImplementedError

    def save(self, path: str | Path) -> Path:
        """The page in a file, its folder made where there is none."""
        path = Path(path)
        if path.suffix.lower() not in (".html", ".htm"):
            raise ValueError(f"{self.kind} is a page, saved as .html{self.pictures}; got {str(path)!r}")
        return write(path, self.html.encode())

    def widget(self) -> Any:
        """The page as an anywidget, for VS Code, Colab and marimo: `pip install anywidget`."""
        return widget(f"{self.title}, {self.kind}", self.html)

    def _repr_html_(self) -> str:
        return framed(f"{self.title}, {self.kind}", self.html, self.still(), UNTRUSTED)


class Page(Document):
    """A page about a graph as it was, with a drawing of it."""

    def __init__(self, title: str, picture: Picture, data: Mapping[str, Any], note: str) -> None:
        super().__init__(title, data)
        self.picture, self.note = picture, note

    @cached_property
    def placed(self) -> Placed:
        """Where its cards and arrows lie."""
        return placed(self.picture)

    def parts(self) -> dict[str, str]:
        """With the drawing, and what is said below it."""
        return super().parts() | {
            "drawing": svg_element(self.picture, self.placed),
            "note": html.escape(self.note),
        }

    def figure(self) -> str:
        """The drawing, with its buttons and its legend."""
        return self.text("figure.html")

    def still(self) -> str:
        """The drawing."""
        return themed(svg_element(self.picture, self.placed), self.title)
