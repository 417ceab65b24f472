"""Placing: what is drawn lies where `Placed` says, whoever placed it, and looks as if Graphviz had drawn it at once."""

import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET

import pytest

import autodiff as ad
import nn
from autodiff import Value
from autodiff.seeing.drawing.dot import dot_text
from autodiff.seeing.drawing.pictures import Arrow, Card, Picture, Placed, Rectangle
from autodiff.seeing.drawing.placing import placed
from autodiff.seeing.drawing.rendering import rendered
from autodiff.seeing.drawing.svg import svg_element

SVG = "{http://www.w3.org/2000/svg}"
NUMBER = r"-?\d+(?:\.\d+)?"
PAD = 14.4


def f(x1, x2):
    return ad.log(x1) + x1 * x2 - ad.sin(x2)


def network():
    output = nn.MLP(2, [2, 1], rng=0)([1.0, 2.0])
    output.backward()
    return output


def circle():
    """Boxes that read each other."""
    x = Value(1.0, "x")
    for i in range(4):
        with ad.scope(f"scope {i % 2}"):
            x = x * 2.0
    return x


PICTURES = {
    "partials, legend": lambda: ad.draw(f, 2.0, 5.0, partials=True),
    "down": lambda: ad.draw(f, 2.0, 5.0, partials=True, rankdir="TB"),
    "up": lambda: ad.draw(f, 2.0, 5.0, rankdir="BT"),
    "to the left": lambda: ad.draw(f, 2.0, 5.0, rankdir="RL"),
    "frames": lambda: ad.draw(network(), depth=2, partials=True),
    "boxes": lambda: ad.draw(network(), depth=0),
    "boxes in frames": lambda: ad.draw(network(), depth=1, rankdir="TB"),
    "boxes in a circle": lambda: ad.draw(circle(), depth=0),
    "one card": lambda: ad.draw(Value(2.0, "x")),
    "arrows side by side": lambda: ad.draw(lambda x, y: ad.atan2(x, x) * y, 1.0, 2.0, partials=True),
}


@pytest.fixture(params=PICTURES)
def picture(request):
    return PICTURES[request.param]().picture


def numbers(text):
    return list(map(float, re.findall(NUMBER, text)))


def test_a_placed_picture_looks_as_drawn_at_once(picture):
    drawn = svg_element(picture, placed(picture))
    at_once = rendered(dot_text(picture), "svg").decode()
    marks = [re.findall(r"<(?:path|polygon|text|polyline)\b[^>]*?(?:/>|>[^<]*)", text) for text in (drawn, at_once)]
    assert [re.sub(NUMBER, "#", mark) for mark in marks[0]] == [re.sub(NUMBER, "#", mark) for mark in marks[1]]
    for mine, theirs in zip(*marks, strict=True):
        assert numbers(mine) == pytest.approx(numbers(theirs), abs=0.1)
    sizes = [re.search(r'width="(\d+)pt" height="(\d+)pt"', text).groups() for text in (drawn, at_once)]
    assert sizes[0] == sizes[1]


def inside(inner, outer, slack=0.1):
    return (
        outer.left - slack <= inner.left
        and outer.top - slack <= inner.top
        and inner.left + inner.width <= outer.left + outer.width + slack
        and inner.top + inner.height <= outer.top + outer.height + slack
    )


def test_cards_lie_in_their_frames_and_arrows_between_cards(picture):
    where = placed(picture)
    whole = Rectangle(0.0, 0.0, where.width, where.height)
    assert len(where.cards) == len(picture.cards)
    for card, box in zip(picture.cards, where.cards, strict=True):
        for around in [whole, *(where.frames[card.path[: i + 1]] for i in range(len(card.path)))]:
            assert inside(box, around)
    for arrow, (start, *_, tip) in zip(picture.arrows, where.arrows, strict=True):
        for (x, y), box in ((start, where.cards[arrow.tail]), (tip, where.cards[arrow.head])):
            assert inside(Rectangle(x, y, 0.0, 0.0), box, 1.5)
    for line in where.arrows:
        assert len(line) % 3 == 2  # 3n + 1 of the curve, and the tip
    assert set(where.labels) == {i for i, arrow in enumerate(picture.arrows) if arrow.label}
    assert set(where.titles) == set(where.frames) == set(picture.paths)
    assert (where.legend is None) == (not picture.legend)


def test_ink_asks_for_places_and_not_for_who_found_them():
    cards = [Card("a"), Card("b", kind="box", path=("frame",))]
    where = Placed(
        400.0,
        300.0,
        [Rectangle(10.0, 20.0, 80.0, 40.0), Rectangle(250.0, 200.0, 100.0, 60.0)],
        {("frame",): Rectangle(230.0, 170.0, 160.0, 120.0)},
        {("frame",): (280.0, 180.0)},
        [[(90.0, 40.0), (150.0, 40.0), (180.0, 230.0), (244.0, 230.0), (250.0, 230.0)]],
        {0: (170.0, 100.0)},
        (200.0, 290.0),
    )
    svg = svg_element(Picture(cards, [Arrow(0, 1, "slope")], {}, [("legend",)]), where)
    root = ET.fromstring(svg)
    assert (root.get("width"), root.get("height")) == ("429pt", "329pt")
    assert numbers(root.find(f"{SVG}g").get("transform"))[-2:] == pytest.approx([PAD, PAD + 300.0], abs=0.1)

    def box(element):
        points = numbers(element.get("d"))
        return min(points[::2]), min(points[1::2]) + 300.0, max(points[::2]), max(points[1::2]) + 300.0

    groups = {g.get("class"): g for g in root.iter(f"{SVG}g")}
    assert box(groups["node"].find(f"{SVG}path")) == pytest.approx((10.0, 20.0, 90.0, 60.0), abs=0.1)
    inner, outer = map(box, groups["node box"].findall(f"{SVG}path"))
    assert outer == pytest.approx((250.0, 200.0, 350.0, 260.0), abs=0.1)
    assert inner == pytest.approx((254.0, 204.0, 346.0, 256.0), abs=0.1)
    assert box(groups["cluster scope"].find(f"{SVG}path")) == pytest.approx((230.0, 170.0, 390.0, 290.0), abs=0.1)
    curve = numbers(groups["edge"].find(f"{SVG}path").get("d"))
    assert curve == pytest.approx([90.0, -260.0, 150.0, -260.0, 180.0, -70.0, 244.0, -70.0], abs=0.1)
    texts = {"".join(text.itertext()): text for text in root.iter(f"{SVG}text")}
    assert {"a", "b", "frame", "slope", "legend"} == set(texts)
    assert float(texts["slope"].get("y")) + 300.0 == pytest.approx(100.0, abs=8.0)


def test_the_executable_that_draws_finds_no_places(monkeypatch):
    called = []

    def run(command, **_):
        called.append(command)
        return subprocess.CompletedProcess(command, 0, b"picture", b"")

    monkeypatch.setitem(sys.modules, "pygraphviz", None)
    monkeypatch.setattr(shutil, "which", lambda name: f"/opt/bin/{name}")
    monkeypatch.setattr(subprocess, "run", run)
    rendered("digraph {}", "json0")
    rendered("digraph {}", "pdf", "nop2")
    assert called == [["/opt/bin/dot", "-Tjson0"], ["/opt/bin/dot", "-Knop2", "-Tpdf", "-Gbgcolor=transparent"]]


def test_one_layout_serves_every_kind_of_file(monkeypatch, tmp_path):
    from autodiff.seeing.drawing import graphs

    layouts = []

    def counted(picture):
        layouts.append(picture)
        return placed(picture)

    monkeypatch.setattr(graphs, "placed", counted)
    drawing = ad.draw(f, 2.0, 5.0)
    for suffix in ("svg", "png", "pdf", "dot", "mmd"):
        drawing.save(tmp_path / f"graph.{suffix}")
    assert len(layouts) == 1
