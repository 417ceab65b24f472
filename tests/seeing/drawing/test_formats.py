"""What a drawing is made into: SVG, PNG, PDF, DOT, Mermaid, and the picture that a stepper moves."""

import re
import xml.etree.ElementTree as ET

import pytest
from drawings import SVG, B, D, baydin, neuron, texts

import autodiff as ad
from autodiff import Value
from autodiff.__main__ import main
from autodiff.errors import MissingPackage
from autodiff.seeing.drawing.layout.turning import placed
from autodiff.seeing.drawing.svg import svg_element
from autodiff.seeing.listing import listed
from autodiff.seeing.page.live import live
from autodiff.words.colours import shades


@pytest.mark.parametrize(("rankdir", "place"), [("LR", (1, 0)), ("RL", (-1, 0)), ("TB", (0, 1)), ("BT", (0, -1))])
def test_a_drawing_runs_where_it_is_told(rankdir, place):
    root = ET.fromstring(ad.draw(lambda x: x.sin(), 1.0, rankdir=rankdir).svg)
    first, last = [g.find(f"{SVG}text") for g in root.iter(f"{SVG}g") if g.get("class", "").startswith("node")]
    moved = [float(last.get(axis)) - float(first.get(axis)) for axis in "xy"]
    assert [(d > 30) - (d < -30) for d in moved] == list(place)


@pytest.mark.parametrize("label", ["<script>", '"];x', "a&b", "\\N\\l", "a\nb", "\x00", "%%{init}"])
def test_labels_of_users_are_only_text(label):
    x = Value(1.0, label)
    with ad.scope(label):
        y = x * x
    y.label = label
    y.backward()
    for drawing in (ad.draw(y, partials=True, tangents=[1.0]), ad.draw(y, depth=0)):
        root = ET.fromstring(drawing._repr_svg_())
        assert not [e for e in root.iter() if e.tag in (f"{SVG}script", f"{SVG}b", f"{SVG}a")]
        assert len([e for e in root.iter(f"{SVG}g") if e.get("class", "").startswith("node")]) == 2


@pytest.mark.parametrize(("suffix", "magic"), [
    (".svg", b"<svg "), (".png", b"\x89PNG\r\n\x1a\n"), (".pdf", b"%PDF-"), (".dot", b"digraph"),
    (".mmd", b"flowchart LR"), (".SVG", b"<svg "), (".Png", b"\x89PNG\r\n\x1a\n"),
])  # fmt: skip
def test_a_file_is_what_its_suffix_says(tmp_path, suffix, magic):
    path = ad.draw(baydin, 2.0, 5.0).save(tmp_path / "new" / f"graph{suffix}")
    assert path.read_bytes().startswith(magic)


@pytest.mark.parametrize("name", ["graph", "graph.jpg", "graph.SVGZ"])
def test_a_file_of_no_known_kind_is_not_made(tmp_path, name):
    with pytest.raises(ValueError, match=r"a drawing is saved as \.svg, \.png, \.pdf, \.dot, \.mmd; got '.*graph"):
        ad.draw(baydin, 2.0, 5.0).save(tmp_path / "new" / name)
    assert not list(tmp_path.iterdir())


def test_without_graphviz_only_png_and_pdf_are_missing(monkeypatch, tmp_path):
    monkeypatch.setattr("shutil.which", lambda _: None)
    monkeypatch.setitem(__import__("sys").modules, "pygraphviz", None)
    drawing = ad.draw(baydin, 2.0, 5.0)
    for suffix in ("png", "pdf"):
        with pytest.raises(MissingPackage, match="pip install pygraphviz, or install Graphviz"):
            drawing.save(tmp_path / f"f.{suffix}")
    assert drawing._repr_svg_().startswith("<svg")
    assert drawing.dot.startswith("digraph")
    assert drawing.mermaid.startswith("flowchart LR")
    assert ad.step(baydin, 2.0, 5.0).html.startswith("<!doctype html>")


def test_texts_stand_at_the_left_of_each_card():
    root = ET.fromstring(ad.draw(neuron()).svg)
    for group in root.iter(f"{SVG}g"):
        if group.get("class", "").startswith("node"):
            corners = [float(x) for x in re.findall(r"(-?[\d.]+),", group.find(f"{SVG}path").get("d"))]
            begins = {}
            for text in group.iter(f"{SVG}text"):  # a line is several texts, bold and not
                begins[text.get("y")] = min(begins.get(text.get("y"), 1e9), float(text.get("x")))
            assert all(begin - min(corners) < 10.0 for begin in begins.values())


def test_a_drawing_tells_those_who_do_not_see_it():
    drawing = ad.draw(baydin, 2.0, 5.0)
    root = ET.fromstring(drawing.svg)
    assert (root.get("role"), root.get("aria-label")) == ("img", "graph of baydin(x₁, x₂)")
    assert repr(drawing).startswith("<drawing of baydin(x₁, x₂), 7 cards: ")
    assert repr(ad.draw(Value(1.0, "x"))).startswith("<drawing of x, 1 card: ")


def test_mermaid_has_every_node_and_edge():
    text = ad.draw(lambda x, y: x * y, 2.0, 5.0, partials=True, rankdir="TB").mermaid
    second, third = (shades(share)[0][1:] for share in (0.4, 0.2))
    assert text.splitlines() == [
        "flowchart TB",
        f'  n0("x<br/>2<br/>{B}5"):::levele28e4d',
        f'  n1("y<br/>5<br/>{B}2"):::level' + second,
        f'  n2("v₁ = x × y<br/>10<br/>{B}1"):::level' + third,
        '  n0 -->|"y = 5"| n2',
        '  n1 -->|"x = 2"| n2',
        "  classDef levele28e4d fill:#e28e4d,stroke:#8d94a0,color:#1b1d22",
        f"  classDef level{second} fill:#{second},stroke:#8d94a0,color:#1b1d22",
        f"  classDef level{third} fill:#{third},stroke:#8d94a0,color:#1b1d22",
    ]


def test_a_pointer_is_told_exact_numbers_and_the_line():
    def function(x):
        return x / 3.0

    title = ET.fromstring(ad.draw(function, 1.0).svg).findall(f".//{SVG}title")[-1].text
    assert title.startswith(f"v₁ = x / 3 = 0.3333333333333333\n{B}= 1.0\nline ")
    assert title.endswith(": return x / 3.0")


def test_a_live_picture_has_a_group_for_each_node_and_edge():
    listing = listed(lambda x, y: (x * x).sin() + 2.0 * y, (2.0, 5.0), "step")
    picture = live(listing, repr).picture
    svg = svg_element(picture, placed(picture))
    root = ET.fromstring(svg)
    groups = {g.get("id"): g for g in root.iter(f"{SVG}g") if g.get("id")}
    assert set(groups) == {"n0", "n1", "n2", "n3", "n4", "n5", "e2-0", "e2-1", "e3-0", "e4-1", "e5-0", "e5-1"}
    assert [groups[f"n{i}"].get("class") for i in range(6)] == ["node input"] * 2 + ["node"] * 3 + ["node output"]
    assert {groups[name].get("class") for name in groups if name[0] == "e"} == {"edge"}
    for slot, name in enumerate(listing.names):
        found = list(groups[f"n{slot}"].iter(f"{SVG}text"))
        assert len({text.get("x") for text in found}) == 1
        assert "".join(found[0].itertext()).split(" = ")[0] == name
        assert [text.text for text in found[1:]] == ["−1.2346e−100", D + "−1.2346e−100", B + "−1.2346e−100"]
    assert svg.startswith("<svg ")
    assert not {"style", "title", "rect"} & {element.tag.removeprefix(SVG) for element in root.iter()}


def test_the_command_line_draws(tmp_path, capsys, monkeypatch):
    expression = ["ln(x1) + x1*x2 - sin(x2)", "x1=2", "x2=5"]
    assert main(["draw", *expression, "-o", str(tmp_path / "new" / "out.dot"), "--partials", "--digits", "2"]) == 0
    assert capsys.readouterr().out == f"{tmp_path / 'new' / 'out.dot'}\n"
    assert "cos x₂ = 0.28" in (tmp_path / "new" / "out.dot").read_text(encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert main(["draw", "-x", "x=2"]) == 0
    assert capsys.readouterr().out == "drawing.svg\n"
    assert {"x", "v₁ = −x", B + "−1"} <= set(texts((tmp_path / "drawing.svg").read_text(encoding="utf-8")))


@pytest.mark.parametrize(("arguments", "message"), [
    (["x^2", "x=3", "-o", "out.jpg"], "a drawing is saved as .svg"),
    (["1 + 2"], "1 + 2 has no variable"),
    (["x^2", "x=3", "-o", "/dev/null/out.svg"], "/dev/null"),
])  # fmt: skip
def test_the_command_line_says_what_is_wrong(arguments, message, capsys):
    assert main(["draw", *arguments]) == 2
    assert message in capsys.readouterr().err
