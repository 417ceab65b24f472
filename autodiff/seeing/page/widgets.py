"""Widgets: a page as an anywidget, for notebooks that show widgets and take frames out: VS Code, Colab, marimo."""

from functools import cache
from typing import Any

from autodiff.core.packages import require

SCRIPT = """
export default {
  render({ model, el }) {
    const frame = document.createElement("iframe");
    frame.title = model.get("title");
    frame.srcdoc = model.get("page");
    frame.style = "width: 100%; height: 900px; border: 0";
    el.append(frame);
  },
};
"""


def widget(title: str, page: str) -> Any:
    """A widget with the page in a frame."""
    return _kind()(title=title, page=page)


@cache
def _kind() -> Any:
    """A class of anywidget's, whose traits go to the browser."""
    any_widget = require("anywidget", "a widget", "pip install anywidget").AnyWidget
    unicode = require("traitlets", "a widget", "pip install anywidget").Unicode
    traits = {name: unicode("").tag(sync=True) for name in ("title", "page")}
    return type("PageWidget", (any_widget,), {"_esm": SCRIPT, **traits})
