"""What every plot shares: its figure, its frame, its file. Matplotlib is imported here only."""

from io import BytesIO
from pathlib import Path
from typing import Any

from autodiff.core.files import write
from autodiff.core.packages import require


def matplotlib(part: str) -> Any:
    """A module of Matplotlib."""
    return require(f"matplotlib.{part}", "a plot", "pip install matplotlib")


def figure(width: float, height: float) -> Any:
    """An empty figure, in inches. A notebook shows it, whatever backend there is."""
    plain = matplotlib("figure").Figure
    shown = type("Figure", (plain,), {"_repr_png_": _png})
    return shown(figsize=(width, height), dpi=150, layout="constrained")


def _png(drawn: Any) -> bytes:
    return _content(drawn, "png")


def _content(drawn: Any, kind: str) -> bytes:
    content = BytesIO()
    drawn.savefig(content, format=kind)
    return content.getvalue()


def open_frame(axes: Any) -> None:
    """Only the axes that carry numbers."""
    axes.spines[["top", "right"]].set_visible(False)


def saved(drawn: Any, path: str | Path) -> Path:
    """The figure in a file, its folder made where there is none; a PNG where the path does not say."""
    path = Path(path) if Path(path).suffix else Path(path).with_suffix(".png")
    return write(path, _content(drawn, path.suffix[1:]))
