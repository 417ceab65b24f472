"""Rendering DOT: by the Graphviz inside of pygraphviz's wheel, where that is missing by the dot executable."""

import os
import shutil
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from threading import Lock
from typing import Literal, TypeAlias

from autodiff.core.packages import require
from autodiff.errors import MissingPackage

Engine: TypeAlias = Literal["dot", "nop2"]
NO_GRAPHVIZ = (
    "a picture needs Graphviz, and there is neither pygraphviz, which has it inside, nor its executable `dot`: "
    "pip install pygraphviz, or install Graphviz (apt install graphviz, brew install graphviz, "
    "https://graphviz.org/download); .dot and .mermaid need neither"
)
LARGE = 200  # lines of DOT from which a PNG of full sharpness would take longer than its layout
ONE_AT_A_TIME = Lock()  # Graphviz, as a library, knows nothing of threads


def rendered(dot: str, kind: str, engine: Engine = "dot") -> bytes:
    """DOT text as "svg", "png" or "pdf"; as "json0", which is where everything lies.

    engine  dot finds places, nop2 draws where the text says
    """
    options = _options(dot, kind)
    try:
        pygraphviz = require("pygraphviz", "a picture", "pip install pygraphviz")
    except MissingPackage as missing:
        executable = shutil.which("dot")
        if executable is None:
            raise MissingPackage(NO_GRAPHVIZ) from missing
        return _by_executable(executable, dot, kind, engine, options)
    with ONE_AT_A_TIME, _unheard():
        graph = pygraphviz.AGraph(string=dot)
        try:
            return graph.draw(format=kind, prog=engine, args=" ".join(options))
        finally:
            graph.close()


def _by_executable(executable: str, dot: str, kind: str, engine: Engine, options: list[str]) -> bytes:
    command = [executable, *([] if engine == "dot" else [f"-K{engine}"]), f"-T{kind}", *options]
    done = subprocess.run(command, input=dot.encode(), capture_output=True, check=False)  # noqa: S603 (no shell, own text)
    if done.returncode:
        raise RuntimeError(f"{executable} failed on this graph: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout


def _options(dot: str, kind: str) -> list[str]:
    """A page has a ground of its own, paper has none; a screen is sharp."""
    if kind == "png":
        return ["-Gdpi=192" if dot.count("\n") < LARGE else "-Gdpi=96"]
    return [] if kind == "json0" else ["-Gbgcolor=transparent"]


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
