"""Rasters: an SVG of ours as a PNG, drawn by resvg in the font that stands beside: DejaVu Sans, which is free."""

import re
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from importlib.resources import as_file, files
from importlib.util import find_spec
from typing import Any

from autodiff.core.packages import require

INSTALL = "pip install resvg-py pillow"
ZOOM, WIDEST = 2.0, 4_000.0  # pixels a point; how wide a PNG may be
WIDTH = re.compile(r'<svg [^>]*?width="([\d.]+)')
STYLE = re.compile("<style>.*?</style>", re.DOTALL)  # night, and what moves: resvg knows neither
FONTS = ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf")


def can_draw() -> bool:
    """Whether resvg is there."""
    try:
        return find_spec("resvg_py") is not None
    except ValueError:  # a module that has been set to None
        return False


def pngs(svgs: Iterable[str]) -> Iterator[bytes]:
    """Each <svg> as a PNG."""
    resvg: Any = require("resvg_py", "a PNG", INSTALL)
    with ExitStack() as stack:
        folder = files("autodiff.seeing") / "fonts"
        known = {
            "skip_system_fonts": True,
            "font_files": [str(stack.enter_context(as_file(folder / name))) for name in FONTS],
            "font_family": "DejaVu Sans",
            "sans_serif_family": "DejaVu Sans",
        }
        for svg in svgs:
            wide = WIDTH.match(svg)
            zoom = min(ZOOM, WIDEST / float(wide[1])) if wide else ZOOM
            yield bytes(resvg.svg_to_bytes(svg_string=STYLE.sub("", svg), zoom=zoom, **known))
