"""Rendering: any text is only text, in every language; what is missing is named with its remedies."""

import os
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from drawings import SVG

from autodiff.errors import MissingPackage
from autodiff.seeing.drawing.dot import dot_text
from autodiff.seeing.drawing.layout.turning import placed
from autodiff.seeing.drawing.mermaid import mermaid_text
from autodiff.seeing.drawing.pictures import Arrow, Card, Picture
from autodiff.seeing.drawing.rendering import rendered
from autodiff.seeing.drawing.svg import svg_element, themed
from autodiff.words import colours
from autodiff.words.typeset import shortened

NASTY = [
    "<script>alert(1)</script>", '"];x -> y', "a&b &lt; &#0;", "\\N \\l \\G \\", "two\nlines\ttab", "]]> -->",
    "%%{init}%%", "</TABLE>>", "\x00\x1b\u202e\ud800", "`x` *y*", "ключ 数 🙂", "   ", "{rec|ord}", "-->|x|",
]  # fmt: skip


def picture(*titles, rankdir="LR"):
    cards = [Card(title, title, [title], 4, "input", (title,), about=title) for title in titles]
    return Picture(cards, [Arrow(0, 0, titles[0])], {}, [(titles[0],), (titles[0], "−1", "1")], rankdir)


def drawn(picture):
    return ET.fromstring(themed(svg_element(picture, placed(picture))))


@pytest.mark.parametrize("text", NASTY)
def test_a_label_is_only_text_in_svg(text):
    root = drawn(picture(text))
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {
        "svg", "style", "rect", "g", "title", "path", "polygon", "text", "tspan",
    }  # fmt: skip
    shown = shortened(text)
    texts = [" ".join((element.text or "").split()) for element in root.iter(f"{SVG}text")]
    assert texts.count(" ".join(shown.split())) >= 4  # title, row, frame, edge, legend
    assert len(root.findall(f".//{SVG}g[@class='node input']")) == 1


@pytest.mark.parametrize("text", NASTY)
def test_a_label_is_only_text_in_mermaid(text):
    lines = mermaid_text(picture(text)).splitlines()
    assert lines[0] == "flowchart LR"
    assert [line.split("(")[0].split("[")[0].split("-")[0].strip() for line in lines[1:5]] == [
        "subgraph s0", "n0", "end", "n0",
    ]  # fmt: skip
    for line in lines[1:]:
        assert not set("<>&`\\%") & set(line.replace("<br/>", "").replace("-->", "")), line
        assert line.count('"') in (0, 2), line


def test_long_labels_end_in_an_ellipsis():
    assert shortened("w" * 41) == "w" * 39 + "…"
    assert shortened("w" * 40) == "w" * 40


@pytest.mark.parametrize(("kind", "magic"), [("svg", b"<?xml"), ("png", b"\x89PNG\r\n\x1a\n"), ("pdf", b"%PDF-")])
def test_what_pip_installs_renders_every_kind(monkeypatch, kind, magic):
    monkeypatch.setattr(shutil, "which", lambda _: None)
    assert rendered("digraph { a -> b }", kind).startswith(magic)


def test_what_libraries_mumble_is_not_heard(monkeypatch, capfd):
    class Graph:
        def __init__(self, string):
            self.close = lambda: None

        def draw(self, **_):
            os.write(2, b"Fontconfig warning")
            return b"picture"

    monkeypatch.setattr(shutil, "which", lambda _: None)
    monkeypatch.setitem(sys.modules, "pygraphviz", SimpleNamespace(AGraph=Graph))
    assert rendered("digraph {}", "svg") == b"picture"
    os.write(2, b"after")
    assert capfd.readouterr().err == "after"


def test_the_executable_draws_where_the_library_is_missing(monkeypatch):
    called = []

    def run(command, **options):
        called.append((command, options["input"]))
        return subprocess.CompletedProcess(command, 0, b"picture", b"")

    monkeypatch.setitem(sys.modules, "pygraphviz", None)
    monkeypatch.setattr(shutil, "which", lambda name: f"/opt/bin/{name}")
    monkeypatch.setattr(subprocess, "run", run)
    assert rendered("digraph { ü }", "png") == b"picture"
    assert called == [(["/opt/bin/dot", "-Tpng", "-Gdpi=192"], "digraph { ü }".encode())]


def test_an_executable_that_fails_says_why(monkeypatch):
    monkeypatch.setitem(sys.modules, "pygraphviz", None)
    monkeypatch.setattr(shutil, "which", lambda name: f"/opt/bin/{name}")
    monkeypatch.setattr(
        subprocess, "run", lambda command, **_: subprocess.CompletedProcess(command, 1, b"", b"no fonts")
    )
    with pytest.raises(RuntimeError, match="/opt/bin/dot failed on this graph: no fonts"):
        rendered("digraph {}", "svg")


def test_without_graphviz_both_remedies_are_named(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda _: None)
    monkeypatch.setitem(sys.modules, "pygraphviz", None)
    with pytest.raises(MissingPackage, match=r"pip install pygraphviz, or install Graphviz .*\.dot and \.mermaid"):
        rendered("digraph {}", "svg")
    assert placed(picture("x")).width
    assert "<svg" in svg_element(picture("x"), placed(picture("x")))
    assert "digraph" in dot_text(picture("x"))
    assert "flowchart" in mermaid_text(picture("x"))


def test_dot_is_written_as_the_package_of_that_name_writes_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "graphviz", None)
    text = dot_text(picture('a "b" \\'))
    assert text.startswith('digraph autodiff {\n\trankdir="LR"\n')
    assert rendered(text, "svg").startswith(b"<?xml")


@pytest.mark.skipif(not shutil.which("dot"), reason="needs Graphviz's executable as well as pygraphviz")
def test_the_executable_draws_what_the_library_draws(monkeypatch):
    def texts():
        return sorted("".join(text.itertext()) for text in drawn(picture("x", "y = 2")).iter(f"{SVG}text"))

    by_library = texts()
    monkeypatch.setitem(sys.modules, "pygraphviz", None)
    assert [" ".join(text.split()) for text in texts()] == [" ".join(text.split()) for text in by_library]


def test_threads_may_render_at_once():
    dots = [f"digraph {{ {' '.join(f'n{i} -> n{i + k}' for i in range(20))} }}" for k in range(1, 9)]
    alone = [rendered(dot, "svg") for dot in dots]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda dot: rendered(dot, "svg"), dots)) == alone


def test_every_colour_of_a_picture_has_a_night():
    frame = Picture([Card("a", level=i / 20, path=("f",)) for i in range(-20, 21)] + [Card("b", kind="box output")],
                    [Arrow(0, 1, "1")], {}, [("v̄", "−1", "1")])  # fmt: skip
    root = drawn(frame)
    found = {element.get(paint) for element in root.iter() for paint in ("fill", "stroke")} - {
        None,
        "none",
        "transparent",
    }
    assert found <= set(colours.NIGHT), found - set(colours.NIGHT)
    assert set(colours.LEVELS) <= found


def test_frames_nest():
    cards = [Card("a", path=("outer", "inner")), Card("b", path=("outer",)), Card("c")]
    nested = Picture(cards, [], {("outer", "inner"): "inner ×3"})
    root = drawn(nested)
    assert [g.find(f"{SVG}text").text for g in root.iter(f"{SVG}g") if "cluster" in g.get("class")] == [
        "outer",
        "inner ×3",
    ]
    lines = [line.strip() for line in mermaid_text(nested).splitlines()]
    assert lines[1:] == [
        'n2("c")',
        'subgraph s0["outer"]',
        'n1("b")',
        'subgraph s1["inner ×3"]',
        'n0("a")',
        "end",
        "end",
    ]
