"""Pictures of DOT text: by the dot executable where there is one, else by the Graphviz inside of pygraphviz's wheel."""

import re
import shutil
import subprocess
from threading import Lock

from autodiff.errors import MissingPackage
from autodiff.packages import require

FORMATS = ("svg", "png", "pdf")
OPTIONS = {"svg": "-Gbgcolor=transparent", "png": "-Gdpi=192"}  # a page has a ground of its own; screens are fine
NO_GRAPHVIZ = (
    "a picture needs Graphviz, and there is neither its executable `dot` nor pygraphviz, which has it inside: "
    "pip install 'autodiff[draw]', or install Graphviz (apt install graphviz, brew install graphviz, "
    "https://graphviz.org/download); .dot and .mermaid need neither"
)

ONE_AT_A_TIME = Lock()  # Graphviz, as a library, knows nothing of threads


def rendered(dot: str, kind: str) -> bytes:
    """DOT text as "svg", "png" or "pdf"."""
    option = OPTIONS.get(kind, "")
    executable = shutil.which("dot")
    if executable is None:
        return _by_library(dot, kind, option)
    command = [executable, f"-T{kind}", *filter(None, [option])]
    done = subprocess.run(command, input=dot.encode(), capture_output=True, check=False)  # noqa: S603 (no shell, own text)
    if done.returncode:
        raise RuntimeError(f"{executable} failed on this graph: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout


def svg_element(dot: str) -> str:
    """DOT text as an <svg> element to put into a page: no prolog, no comments, no titles, no id but those given."""
    text = rendered(dot, "svg").decode()
    text = text[text.index("<svg") :].replace("&#45;", "-")  # a spelling for comments, which go
    return re.sub(r'<!--.*?-->\n?|<title>.*?</title>\n?| id="(graph|node|edge|clust)\d+"', "", text)


def _by_library(dot: str, kind: str, option: str) -> bytes:
    try:
        pygraphviz = require("pygraphviz", "a picture", "pip install 'autodiff[draw]'")
    except MissingPackage as missing:
        raise MissingPackage(NO_GRAPHVIZ) from missing
    with ONE_AT_A_TIME:
        graph = pygraphviz.AGraph(string=dot)
        try:
            return graph.draw(format=kind, prog="dot", args=option)
        finally:
            graph.close()
