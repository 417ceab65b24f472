"""Layout: nothing overlaps, siblings keep their order, lines begin and end at cards, in every direction."""

import itertools
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autodiff as ad
import nn
from autodiff import Value
from autodiff.seeing.drawing.layout import measuring
from autodiff.seeing.drawing.layout.turning import placed
from autodiff.seeing.drawing.pictures import Arrow, Card, Picture, Placed, Rectangle
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


def inside(inner, outer, slack=0.1):
    return (
        outer.left - slack <= inner.left
        and outer.top - slack <= inner.top
        and inner.left + inner.width <= outer.left + outer.width + slack
        and inner.top + inner.height <= outer.top + outer.height + slack
    )


def apart(a, b):
    return (
        a.left + a.width <= b.left + 0.01 or b.left + b.width <= a.left + 0.01
        or a.top + a.height <= b.top + 0.01 or b.top + b.height <= a.top + 0.01
    )  # fmt: skip


def labels_of(picture, where):
    for i, (x, y) in where.labels.items():
        width, height = measuring.width(picture.arrows[i].label, measuring.SMALL), measuring.SMALL
        yield Rectangle(x - width / 2, y - height / 2, width, height)


def test_no_card_frame_or_label_lies_on_another(picture):
    check_apart(picture)


def check_apart(picture):
    where = placed(picture)
    boxes = [*where.cards, *labels_of(picture, where)]
    for a, b in itertools.combinations(boxes, 2):
        assert apart(a, b), (a, b)
    for one, two in itertools.combinations(picture.paths, 2):
        if one != two[: len(one)] and two != one[: len(two)]:
            assert apart(where.frames[one], where.frames[two])
    for path, frame in where.frames.items():
        for card, box in zip(picture.cards, where.cards, strict=True):
            assert card.path[: len(path)] == path or apart(frame, box)


def test_lines_pass_by_the_cards_that_are_none_of_theirs(picture):
    where = placed(picture)
    for arrow, line in zip(picture.arrows, where.arrows, strict=True):
        for i, box in enumerate(where.cards):
            if i in (arrow.tail, arrow.head):
                continue
            for k in range(0, len(line) - 4, 3):
                for t in (0.1, 0.3, 0.5, 0.7, 0.9):
                    x, y = bezier(line[k : k + 4], t)
                    assert not inside(Rectangle(x, y, 0.0, 0.0), box, -1.0), (arrow, picture.cards[i].title)


def bezier(points, t):
    weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
    return tuple(sum(w * p[k] for w, p in zip(weights, points, strict=True)) for k in (0, 1))


def columns(picture):
    """The titles of cards by their columns, in the order in which they stand there."""
    where, found = placed(picture), {}
    turned = picture.rankdir in ("TB", "BT")
    for card, box in zip(picture.cards, where.cards, strict=True):
        x, y = box.left + box.width / 2, box.top + box.height / 2
        found.setdefault(round(y if turned else x), []).append((x if turned else y, card.title))
    return [[title for _, title in sorted(found[key])] for key in sorted(found)]


@pytest.mark.parametrize("rankdir", ["LR", "RL", "TB", "BT"])
def test_siblings_stand_in_the_order_of_arguments_and_creation(rankdir):
    names = dict(zip(["x1", "x2", "w1", "w2", "b"], (2.0, 0.0, -3.0, 1.0, 6.88), strict=True))
    x1, x2, w1, w2, b = [Value(number, name) for name, number in names.items()]
    found = columns(ad.draw(ad.tanh(x1 * w1 + x2 * w2 + b), rankdir=rankdir).picture)
    found = found if rankdir in ("LR", "TB") else found[::-1]
    assert found == [["x₁", "w₁", "x₂", "w₂"], ["v₁", "v₂"], ["v₃", "b"], ["v₄"], ["v₅"]]
    output = nn.MLP(2, [4, 4, 1], rng=0)([Value(1.0, "x1"), Value(2.0, "x2")])
    found = columns(ad.draw(output, depth=1, rankdir=rankdir).picture)
    assert sorted(map(len, found)) == [1, 1, 4, 4]  # x₁ and x₂ are one box
    assert [f"neuron {i}" for i in (1, 2, 3, 4)] == next(column for column in found if len(column) == 4)


def test_outputs_come_in_their_order_too():
    x, y = Value(2.0, "x"), Value(3.0, "y")
    assert [card.title for card in ad.draw([x * y, ad.sin(x), x + y]).picture.cards] == ["x", "y", "v₁", "v₂", "v₃"]
    assert columns(ad.draw([x * y, ad.sin(x), x + y]).picture)[0] == ["x", "y"]
    assert columns(ad.draw([x * 1.5, x * 2.0, x * 3.0, y]).picture)[-1] == ["v₁", "v₂", "v₃"]


def test_a_long_chain_is_set_in_lines():
    def chain(x):
        for _ in range(20):
            x = ad.sin(x) * 1.1
        return x

    where = placed(ad.draw(chain, 0.5).picture)
    assert where.width <= 1000.0
    assert where.height <= 750.0
    assert all(inside(Rectangle(x, y, 0, 0), Rectangle(0, 0, where.width, where.height)) for x, y in where.arrows[7])


def test_the_stepper_page_takes_a_chain_of_a_leaf_that_all_read():
    x = v = Value(1.0, "x")
    for _ in range(40):
        v = v + x
    where = placed(ad.draw(v).picture)
    assert where.width <= 1000.0
    assert where.height <= 1500.0


names = st.sampled_from(["a", "a/b", "c", ""])


@st.composite
def pictures(draw):
    """Any graph, circles between frames included."""
    count = draw(st.integers(1, 14))
    paths = [tuple(filter(None, draw(names).split("/"))) for _ in range(count)]
    cards = [Card("n" * draw(st.integers(1, 9)), "", ["1"] * draw(st.integers(0, 3)), path=path) for path in paths]
    ends = st.tuples(st.integers(0, count - 1), st.integers(0, count - 1), st.sampled_from(["", "", "∂"]))
    arrows = [Arrow(min(a, b), max(a, b), label) for a, b, label in draw(st.lists(ends, max_size=25)) if a != b]
    return Picture(cards, arrows, {}, [("legend",)], draw(st.sampled_from(["LR", "RL", "TB", "BT"])))


@settings(max_examples=150)
@given(picture=pictures())
def test_any_graph_is_laid_out_without_overlaps(picture):
    check_apart(picture)
    check_places(picture)


def test_cards_lie_in_their_frames_and_arrows_between_cards(picture):
    check_places(picture)


def check_places(picture):
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
    assert (root.get("width"), root.get("height")) == ("428.8pt", "328.8pt")
    assert numbers(root.get("viewBox")) == [-PAD, -PAD, 400.0 + 2 * PAD, 300.0 + 2 * PAD]

    def box(element):
        points = numbers(element.get("d"))
        return min(points[::2]), min(points[1::2]), max(points[::2]), max(points[1::2])

    groups = {g.get("class"): g for g in root.iter(f"{SVG}g")}
    assert box(groups["node"].find(f"{SVG}path")) == pytest.approx((10.0, 20.0, 90.0, 60.0), abs=0.1)
    inner, outer = map(box, groups["node box"].findall(f"{SVG}path"))
    assert outer == pytest.approx((250.0, 200.0, 350.0, 260.0), abs=0.1)
    assert inner == pytest.approx((254.0, 204.0, 346.0, 256.0), abs=0.1)
    assert box(groups["cluster scope"].find(f"{SVG}path")) == pytest.approx((230.0, 170.0, 390.0, 290.0), abs=0.1)
    curve = numbers(groups["edge"].find(f"{SVG}path").get("d"))
    assert curve == pytest.approx([90.0, 40.0, 150.0, 40.0, 180.0, 230.0, 244.0, 230.0], abs=0.1)
    texts = {"".join(text.itertext()): text for text in root.iter(f"{SVG}text")}
    assert {"a", "b", "frame", "slope", "legend"} == set(texts)
    assert float(texts["slope"].get("y")) == pytest.approx(100.0, abs=8.0)


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
