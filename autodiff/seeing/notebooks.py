"""Notebooks: a document in a frame of its own, and a picture that stands in where frames and scripts are taken out."""

import html
from base64 import b64encode
from importlib.resources import files

from autodiff.seeing.rasters import can_draw, pngs

HEIGHT = 900  # pixels of a frame, until the document says how high it is


def framed(title: str, document: str, still: str, sentence: str = "", height: float = HEIGHT) -> str:
    """A document in a frame, as HTML: a frame keeps its styles and keys from the notebook's.

    still     an SVG that stands in
    sentence  what is said above it there
    """
    told = f"<p>{html.escape(sentence)}</p>" if sentence else ""
    return (  # what removes the style shows the picture
        f"<style>.autodiff-untrusted {{ display: none }}</style><div class='autodiff-untrusted'>{told}"
        f'<img alt="{html.escape(title)}" src="{_address(still)}"></div>'
        f'<iframe title="{html.escape(title)}" srcdoc="{html.escape(document)}" '
        f'style="width: 100%; height: {height:.0f}px; border: 0"></iframe>'
    )


def follower() -> str:
    """The script that follows a notebook's theme, and makes the frame as high as the document."""
    return (files("autodiff.seeing") / "notebook.js").read_text(encoding="utf-8")


def _address(still: str) -> str:
    """The picture itself as an address: a PNG where it can be drawn, which more viewers let through."""
    if can_draw():
        return f"data:image/png;base64,{b64encode(next(pngs([still]))).decode()}"
    return f"data:image/svg+xml;base64,{b64encode(still.encode(errors='replace')).decode()}"
