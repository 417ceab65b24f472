"""Rendering DOT: by the dot executable where there is one, else by the Graphviz inside of pygraphviz's wheel."""

import html
import os
import re
import shutil
import subprocess
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from autodiff.core.packages import require
from autodiff.errors import MissingPackage
from autodiff.seeing.drawing.pictures import INSTALL
from autodiff.words.colours import LEVELS, NIGHT, PAGE
from autodiff.words.typeset import LONGEST, shortened

NO_GRAPHVIZ = (
    f"a picture needs Graphviz, and there is neither its executable `dot` nor pygraphviz, which has it inside: "
    f"{INSTALL}, or install Graphviz (apt install graphviz, brew install graphviz, https://graphviz.org/download); "
    ".dot and .mermaid need neither"
)
LARGE = 200  # lines of DOT from which a PNG of full sharpness would take longer than its layout
ONE_AT_A_TIME = Lock()  # Graphviz, as a library, knows nothing of threads


def rendered(dot: str, kind: str) -> bytes:
    """DOT text as "svg", "png" or "pdf"."""
    option = _option(dot, kind)
    executable = shutil.which("dot")
    if executable is None:
        return _by_library(dot, kind, option)
    command = [executable, f"-T{kind}", option]
    done = subprocess.run(command, input=dot.encode(), capture_output=True, check=False)  # noqa: S603 (no shell, own text)
    if done.returncode:
        raise RuntimeError(f"{executable} failed on this graph: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout


def _option(dot: str, kind: str) -> str:
    """A page has a ground of its own, paper has none; a screen is sharp."""
    if kind == "png":
        return "-Gdpi=192" if dot.count("\n") < LARGE else "-Gdpi=96"
    return "-Gbgcolor=transparent"


def _by_library(dot: str, kind: str, option: str) -> bytes:
    try:
        pygraphviz = require("pygraphviz", "a picture", INSTALL)
    except MissingPackage as missing:
        raise MissingPackage(NO_GRAPHVIZ) from missing
    with ONE_AT_A_TIME, _unheard():
        graph = pygraphviz.AGraph(string=dot)
        try:
            return graph.draw(format=kind, prog="dot", args=option)
        finally:
            graph.close()


@contextmanager
def _unheard() -> Generator[None, None, None]:
    """Nothing on stderr: the libraries inside of the wheel complain of font settings newer than they are."""
    heard, nothing = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nothing, 2)
        yield
    finally:
        os.dup2(heard, 2)
        os.close(heard)
        os.close(nothing)


def svg_element(dot: str, about: Sequence[str] = ()) -> str:
    """DOT text as an <svg> element to put into a page: no prolog, no comments, no id but those given.

    about  for each node, what a pointer resting on it is told
    """
    text = rendered(dot, "svg").decode()
    text = text[text.index("<svg") :].replace("&#45;", "-")  # a spelling for comments, which go
    text = re.sub(r'<!--.*?-->\n?| id="(graph|node|edge|clust)\d+"', "", text)

    def title(match: re.Match[str]) -> str:
        told = about[int(match[1])] if match[1].isdecimal() and about else ""
        visible = "\n".join(shortened(line, 10 * LONGEST) for line in told.splitlines())
        return f"<title>{html.escape(visible)}</title>\n" if told else ""

    return re.sub(r"<title>(.*?)</title>\n?", title, text)


def themed(svg: str, title: str = "") -> str:
    """An <svg> element on a ground of its own, that follows the page between day and night.

    title  what those are told who do not see it
    """
    opening, _, rest = svg.partition(">")
    opening = re.sub(r'(width|height)="([\d.]+)pt"', r'\1="\2"', opening)  # px: as large as the text of a notebook
    ground = f'<rect width="100%" height="100%" rx="8" fill="{PAGE}"/>'
    label = f' role="img" aria-label="{html.escape(shortened(title, 10 * LONGEST))}"' if title else ""
    return f'{opening} class="autodiff"{label}>\n<style>{stylesheet()}</style>\n{ground}{rest}'


def stylesheet() -> str:
    """Each colour by day replaced by night: old browsers, and paper, stay at day."""
    rules = (Path(__file__).parent / "drawing.css").read_text(encoding="utf-8")
    for day, night in NIGHT.items():
        for paint in ("fill", "stroke"):
            rules += f'.autodiff [{paint}="{day}"] {{ {paint}: light-dark({day}, {night}); }}\n'
    return rules


def level_styles() -> str:
    """The colours of levels as a page reads them: --card of the class level−4 … level4."""
    rules = [f".level{i - 4} {{ --card: light-dark({day}, {NIGHT[day]}); }}" for i, day in enumerate(LEVELS)]
    return "\n".join(rules)
