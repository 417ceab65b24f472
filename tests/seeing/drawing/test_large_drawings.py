"""Graphs of every size: what is drawn as a box, and that no size is a hang."""

import time
import xml.etree.ElementTree as ET
from random import Random

import pytest
from drawings import SVG, B, D, cards, notes, rows, texts

import autodiff as ad
import nn
from autodiff import Value
from autodiff.seeing.drawing.layout.turning import placed
from autodiff.seeing.drawing.svg import svg_element
from autodiff.seeing.listing import listed
from autodiff.seeing.page.live import live
from nn.data import examples
from nn.objectives import Eager


def moons(l2=1e-4):
    model = nn.MLP(2, [16, 16, 1], rng=1337)
    data = examples([[(i % 10) / 5.0, (i % 7) / 3.0] for i in range(100)], [1 if i % 2 else -1 for i in range(100)])
    return Eager(model, data, nn.hinge, l2)._graph(data)[0]


def test_a_training_loss_is_a_picture_of_its_layers_and_quickly():
    loss = moons()
    loss.backward()
    start = time.perf_counter()
    drawing = ad.draw(loss)
    svg = drawing.svg
    assert time.perf_counter() - start < 20.0
    found = rows(drawing)
    assert list(found) == [
        "48 leaves", "272 leaves", "17 leaves", "layer 1 ×100", "layer 2 ×100", "layer 3 ×100", "loss", "l2 penalty",
        next(reversed(found)),
    ]  # fmt: skip
    assert found["layer 2 ×100"][:2] == ["52,800 nodes", "25,600 ×, 25,600 +, 1,600 relu"]
    assert found["48 leaves"][0] == "W¹₁,₁ … W¹₁₆,₂, b¹₁ … b¹₁₆"
    titles = list(found)
    counts = {(titles[arrow.tail], titles[arrow.head]): arrow.label for arrow in drawing.picture.arrows}
    assert counts["layer 1 ×100", "layer 2 ×100"] == "25,600"
    assert counts["layer 3 ×100", "loss"] == "100"
    assert notes(drawing)[-1] == "65,412 nodes, collapsed by their scopes; depth=1 opens them"
    assert {"layer 1 ×100", "25,600"} <= set(texts(svg))


def test_opened_scopes_are_frames():
    output = nn.MLP(2, [2, 1], rng=0)([1.0, 2.0])
    drawing = ad.draw(output, depth=1)
    assert {card.path for card in drawing.picture.cards} == {("layer 1",), ("layer 2",)}
    frames = [g for g in ET.fromstring(drawing.svg).iter(f"{SVG}g") if g.get("class") == "cluster scope"]
    assert [frame.find(f"{SVG}text").text for frame in frames] == ["layer 1", "layer 2"]
    assert drawing.mermaid.count("subgraph") == 2


@pytest.mark.long(10)
def test_a_chain_of_a_million_nodes_is_drawn():
    x = v = Value(1.0, "x")
    for _ in range(10**6):
        v = v + x
    v.backward()
    drawing = ad.draw(v)
    assert len(drawing.picture.cards) == 14
    assert cards(drawing)["v₁₀₀₀₀₀₀"].rows == ["1000001", B + "1"]  # what the legend names
    assert cards(drawing)["x"].rows == ["1", B + "1000001"]
    assert "1,000,001 nodes, cut into 12 stretches" in notes(drawing)[-1]
    ET.fromstring(drawing.svg)


def scopes(count, reads):
    """Scopes that each read many earlier values."""
    random, values = Random(0), [Value(1.0, "x")]
    for i in range(count):
        with ad.scope(f"scope {i}"):
            values.append(ad.maximum(*random.sample(values, min(reads, len(values))), 2.0) * values[-1])
    return values[-1]


@pytest.mark.long(8)
@pytest.mark.parametrize(("count", "reads"), [(390, 30), (390, 1), (150, 5)])
def test_many_arrows_are_no_hang(count, reads):
    start = time.perf_counter()
    drawing = ad.draw(scopes(count, reads), depth=0)
    assert "<svg" in drawing.svg
    assert time.perf_counter() - start < 40.0
    assert len(drawing.picture.arrows) <= 1_000


def test_a_long_chain_of_one_leaf_is_laid_out_for_a_stepper():
    x = v = Value(1.0, "x")
    for _ in range(600):
        v = v + x
    start = time.perf_counter()
    picture = live(listed(v, (), "step"), repr).picture
    assert "<svg" in svg_element(picture, placed(picture))
    assert time.perf_counter() - start < 30.0


def test_notes_explain_the_numbers_that_are_drawn():
    slopes, counts = (
        "on arrows between nodes: the partial ∂node/∂operand",
        "on arrows of boxes: how many edges they stand for",
    )
    output = nn.MLP(2, [2, 1], rng=0)([1.0, 2.0])
    assert set(notes(ad.draw(output, depth=0, partials=True))) & {slopes, counts} == {counts}
    assert set(notes(ad.draw(output, depth=2, partials=True))) & {slopes, counts} == {slopes}
    assert not set(notes(ad.draw(output, depth=2))) & {slopes, counts}


def test_a_box_shows_its_output_and_ranges_of_tangents_and_of_what_is_no_number():
    x = Value(2.0, "x")
    with ad.scope("s"):
        y = x * 3.0 + 1.0
    y.label = "loss"
    drawing = ad.draw(y, depth=0, tangents=[1.0], adjoints=[1.0])
    assert rows(drawing)["s"][2:] == ["loss = 7", D + "3", B + "1"]
    a, b = Value(float("nan"), "a"), Value(2.0, "b")
    with ad.scope("s"):
        z = a * b
    assert rows(ad.draw(z, depth=0, adjoints=[1.0]))["2 leaves"] == ["a, b", "2, nan", f"{B}2, nan"]
