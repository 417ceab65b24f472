"""Drawings: what stands on the cards, what must not look like a gradient, and graphs of every size."""

import re
import time
import xml.etree.ElementTree as ET
from random import Random

import pytest

import autodiff as ad
import nn
from autodiff import Dual, Value
from autodiff.__main__ import main
from autodiff.errors import MissingPackage
from autodiff.seeing.drawing.painting import live_picture
from autodiff.seeing.drawing.pictures import dot_text
from autodiff.seeing.drawing.rendering import svg_element
from autodiff.seeing.listing import listed
from autodiff.words.notation import BAR, DOT
from nn.data import examples
from nn.training import _objective

SVG = "{http://www.w3.org/2000/svg}"
B, D = f"v{BAR} ", f"v{DOT} "


def baydin(x1, x2):
    return ad.log(x1) + x1 * x2 - ad.sin(x2)


def neuron():
    """The neuron of micrograd's lecture."""
    x1, x2, w1, w2 = Value(2.0, "x1"), Value(0.0, "x2"), Value(-3.0, "w1"), Value(1.0, "w2")
    output = (x1 * w1 + x2 * w2 + Value(6.8813735870195432, "b")).tanh()
    output.label = "o"
    return output


def cards(drawing):
    return {card.title: card for card in drawing.picture.cards}


def rows(drawing):
    return {title: list(card.rows) for title, card in cards(drawing).items()}


def texts(svg):
    return ["".join(element.itertext()) for element in ET.fromstring(svg).iter(f"{SVG}text")]


def notes(drawing):
    return [line[0] for line in drawing.picture.legend]


def test_cards_say_name_expression_value_and_adjoint():
    output = neuron()
    output.backward()
    drawing = ad.draw(output)
    assert rows(drawing) == {
        "x₁": ["2", B + "−1.5"], "w₁": ["−3", B + "1"], "x₂": ["0", B + "0.5"], "w₂": ["1", B + "0"],
        "b": ["6.8814", B + "0.5"], "v₁": ["−6", B + "0.5"], "v₂": ["0", B + "0.5"], "v₃": ["−6", B + "0.5"],
        "v₄": ["0.8814", B + "0.5"], "o": ["0.7071", B + "1"],
    }  # fmt: skip
    assert cards(drawing)["o"].expression == "tanh v₄"
    assert notes(drawing) == [f"adjoint v{BAR} = ∂o/∂v"]
    assert {"x₁", "−6", B + "−1.5", "−1.5", "1.5"} <= {text.strip("\xa0") for text in texts(drawing.svg)}


def test_before_backward_no_zero_looks_like_a_gradient():
    drawing = ad.draw(neuron())
    assert all(len(lines) == 1 for lines in rows(drawing).values())
    assert {card.level for card in drawing.picture.cards} == {None}
    assert notes(drawing) == ["no adjoints: backward() has not been run from here"]
    assert "grad" not in drawing.svg
    assert BAR not in drawing.mermaid


def test_what_leaves_have_accumulated_stands_beside_their_adjoint():
    x = Value(3.0, "x")
    y = x * x
    y.backward()
    y.backward()
    assert rows(ad.draw(y))["x"] == ["3", B + "6", "grad 12"]
    x.grad = 0.0
    assert rows(ad.draw(y))["x"] == ["3", B + "6", "grad 0"]
    x.grad = 6.0
    assert rows(ad.draw(y))["x"] == ["3", B + "6"]
    assert (x.grad, y.grad) == (6.0, 1.0)


def test_a_gradient_of_an_earlier_graph_is_not_an_adjoint_of_this_one():
    x = Value(3.0, "x")
    (x * 5.0).backward()
    assert rows(ad.draw(x * x)) == {"x": ["3", "grad 5"], "v₁": ["9"]}
    assert rows(ad.draw(x * x, adjoints=False)) == {"x": ["3"], "v₁": ["9"]}


def test_adjoints_are_of_the_sweep_that_began_at_the_output():
    x = Value(3.0, "x")
    y = x * x
    z = y * 2.0
    y.label, z.label = "y", "z"
    z.backward(10.0)
    drawing = ad.draw([y, z])
    assert rows(drawing) == {"x": ["3", B + "120"], "y": ["9", B + "20"], "z": ["18", B + "10"]}
    assert notes(drawing) == [f"adjoint v{BAR} = 10·∂z/∂v"]


def test_a_leaf_alone_is_a_drawing():
    x = Value(2.0, "x")
    assert rows(ad.draw(x)) == {"x": ["2"]}
    x.backward()
    assert rows(ad.draw(x)) == {"x": ["2", "grad 1"]}
    assert "<svg" in ad.draw(x).svg


@pytest.mark.parametrize(("rankdir", "place"), [("LR", (1, 0)), ("RL", (-1, 0)), ("TB", (0, 1)), ("BT", (0, -1))])
def test_a_drawing_runs_where_it_is_told(rankdir, place):
    root = ET.fromstring(ad.draw(lambda x: x.sin(), 1.0, rankdir=rankdir).svg)
    first, last = [g.find(f"{SVG}text") for g in root.iter(f"{SVG}g") if g.get("class", "").startswith("node")]
    moved = [float(last.get(axis)) - float(first.get(axis)) for axis in "xy"]
    assert [(d > 30) - (d < -30) for d in moved] == list(place)


def test_a_drawing_keeps_what_it_has_seen():
    output = neuron()
    before = ad.draw(output)
    output.backward()
    assert before.svg != ad.draw(output).svg
    assert BAR not in before.svg


def test_of_a_function_adjoints_and_tangents_are_of_its_first_output_and_of_the_seeds():
    drawing = ad.draw(baydin, 2.0, 5.0, tangents=[1.0, 0.0])
    assert rows(drawing)["x₁"] == ["2", D + "1", B + "5.5"]
    assert rows(drawing)["x₂"] == ["5", D + "0", B + "1.7163"]
    assert rows(drawing)["v₅"] == ["11.6521", D + "5.5", B + "1"]
    assert notes(drawing)[1] == f"tangent v{DOT} along x{DOT}₁ = 1"
    assert rows(ad.draw(baydin, Dual(2.0, 1.0), 5.0))["v₂"] == ["10", D + "5", B + "1"]
    assert rows(ad.draw(lambda x: [x * 2.0, x * 3.0], 1.0, adjoints=[0.0, 2.0]))["x"] == ["1", B + "6"]


def test_tangents_of_values_come_by_leaf():
    x, y = Value(2.0, "x"), Value(5.0, "y")
    assert rows(ad.draw(x * y, tangents={y: 1.0}))["v₁"] == ["10", D + "2"]


def test_a_forward_only_view_has_no_adjoints():
    drawing = ad.draw(baydin, 2.0, 5.0, adjoints=False)
    assert all(len(lines) == 1 for lines in rows(drawing).values())
    assert notes(drawing) == []


def test_constants_stand_in_their_operation_and_shared_nodes_once():
    x = Value(2.0, "x")
    s = x * 3.0
    drawing = ad.draw([s * s + 1.0, s])
    assert [(card.title, card.expression) for card in drawing.picture.cards] == [
        ("x", ""), ("v₁", "x × 3"), ("v₂", "v₁ × v₁"), ("v₃", "v₂ + 1"),
    ]  # fmt: skip
    assert [(arrow.tail, arrow.head) for arrow in drawing.picture.arrows] == [(0, 1), (1, 2), (1, 2), (2, 3)]


def test_edges_carry_their_partial():
    drawing = ad.draw(baydin, 2.0, 5.0, partials=True)
    assert [arrow.label for arrow in drawing.picture.arrows] == [
        "1 / x₁ = 0.5", "x₂ = 5", "x₁ = 2", "1", "1", "cos x₂ = 0.2837", "1", "−1",
    ]  # fmt: skip
    assert "cos x₂ = 0.2837" in texts(drawing.svg)
    assert {arrow.label for arrow in ad.draw(baydin, 2.0, 5.0).picture.arrows} == {""}


def test_colours_tell_sign_and_size():
    drawing = ad.draw(lambda a, b, c, d, e: 100.0 * a - 50.0 * b + 10.0 * c + 1.0 * d + 0.0 * e, *[1.0] * 5)
    assert [cards(drawing)[name].level for name in "abcde"] == [4, -3, 2, 1, 0]


def test_adjoints_that_are_not_finite_do_not_spoil_the_colours():
    drawing = ad.draw(lambda x, y: x.sqrt() + y, 0.0, 1.0)
    assert rows(drawing)["x"] == ["0", B + "∞"]
    assert (cards(drawing)["x"].level, cards(drawing)["y"].level) == (4, 4)
    assert drawing.picture.legend[0][1:3] == ("−1", "1")


def moons(l2=1e-4):
    model = nn.MLP(2, [16, 16, 1], rng=1337)
    data = examples([[(i % 10) / 5.0, (i % 7) / 3.0] for i in range(100)], [1 if i % 2 else -1 for i in range(100)])
    return _objective(model, data, nn.hinge, l2)[0]


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
    assert {card.path for card in drawing.picture.cards} == {(), ("layer 1",), ("layer 2",)}
    frames = [g for g in ET.fromstring(drawing.svg).iter(f"{SVG}g") if g.get("class") == "cluster scope"]
    assert [frame.find(f"{SVG}text").text for frame in frames] == ["layer 1", "layer 2"]
    assert drawing.mermaid.count("subgraph") == 2


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


@pytest.mark.parametrize(("target", "args", "message"), [
    (3.0, (), "the output is 3.0, with no graph behind it"),
    (Dual(1.0, 2.0), (), "carries no graph"),
    ("loss", (), "expected one real number, got str 'loss'"),
    (lambda x: 3.0, (2.0,), "<lambda> returned 3.0, which depends on no argument"),
    ([], (), "with no graph behind it"),
])  # fmt: skip
def test_what_has_no_graph_is_refused(target, args, message):
    with pytest.raises(TypeError, match=message):
        ad.draw(target, *args)


@pytest.mark.parametrize(("options", "message"), [
    ({"rankdir": "up"}, "rankdir is one of LR, TB, RL, BT; got 'up'"),
    ({"adjoints": [1.0, 2.0]}, "for each of the outputs that are Values, 1 here; got 2"),
    ({"tangents": [1.0]}, "tangents are a list with a number for each of the inputs, 2 here; got 1"),
    ({"digits": 17}, "digits is a whole number from 0 to 16"),
])  # fmt: skip
def test_options_that_mean_nothing_are_refused(options, message):
    with pytest.raises(ValueError, match=message):
        ad.draw(baydin, 2.0, 5.0, **options)


def test_without_graphviz_a_drawing_is_still_dot_and_mermaid(monkeypatch):
    monkeypatch.setattr("shutil.which", lambda _: None)
    monkeypatch.setitem(__import__("sys").modules, "pygraphviz", None)
    drawing = ad.draw(baydin, 2.0, 5.0)
    with pytest.raises(MissingPackage, match=r"pip install 'autodiff\[draw\]', or install Graphviz"):
        drawing._repr_svg_()
    assert drawing.dot.startswith("digraph")
    assert drawing.mermaid.startswith("flowchart LR")


def scopes(count, reads):
    """Scopes that each read many earlier values."""
    random, values = Random(0), [Value(1.0, "x")]
    for i in range(count):
        with ad.scope(f"scope {i}"):
            values.append(ad.maximum(*random.sample(values, min(reads, len(values))), 2.0) * values[-1])
    return values[-1]


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
    assert "<svg" in svg_element(dot_text(live_picture(listed(v, (), "step"), repr)))
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


def test_long_names_do_not_hide_the_operation():
    y = Value(1.0, "w" * 60) * Value(2.0, "u" * 60)
    card = ad.draw(y).picture.cards[-1]
    assert card.expression == "w" * 15 + "… × " + "u" * 15 + "…"
    assert "w" * 60 in card.about


def test_legends_are_brief_and_say_where_shades_begin():
    legend = ad.draw(lambda x: x * 645.5773, 1.0).picture.legend
    assert legend[0][1:] == ("−645.6", "645.6", "shades from 5%, 25%, 60% of the largest")


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
    assert (root.get("role"), root.get("aria-label")) == ("img", "graph of baydin")
    assert repr(drawing).startswith("<drawing of baydin, 7 cards: ")
    assert repr(ad.draw(Value(1.0, "x"))).startswith("<drawing of x, 1 card: ")


def test_mermaid_has_every_node_and_edge():
    text = ad.draw(lambda x, y: x * y, 2.0, 5.0, partials=True, rankdir="TB").mermaid
    assert text.splitlines() == [
        "flowchart TB",
        f'  n0("x<br/>2<br/>{B}5"):::level8',
        f'  n1("y<br/>5<br/>{B}2"):::level7',
        f'  n2("v₁ = x × y<br/>10<br/>{B}1"):::level6',
        '  n0 -->|"y = 5"| n2',
        '  n1 -->|"x = 2"| n2',
        "  classDef level6 fill:#f2cfb2,stroke:#8d94a0,color:#1b1d22",
        "  classDef level7 fill:#eaae80,stroke:#8d94a0,color:#1b1d22",
        "  classDef level8 fill:#e28e4d,stroke:#8d94a0,color:#1b1d22",
    ]


def test_a_pointer_is_told_exact_numbers_and_the_line():
    def function(x):
        return x / 3.0

    title = ET.fromstring(ad.draw(function, 1.0).svg).findall(f".//{SVG}title")[-1].text
    assert title.startswith(f"v₁ = x / 3 = 0.3333333333333333\n{B}= 1.0\nline ")
    assert title.endswith(": return x / 3.0")


def test_a_live_picture_has_a_group_for_each_node_and_edge():
    listing = listed(lambda x, y: (x * x).sin() + 2.0 * y, (2.0, 5.0), "step")
    svg = svg_element(dot_text(live_picture(listing, repr)))
    root = ET.fromstring(svg)
    groups = {g.get("id"): g for g in root.iter(f"{SVG}g") if g.get("id")}
    assert set(groups) == {"n0", "n1", "n2", "n3", "n4", "n5", "e2-0", "e2-1", "e3-0", "e4-1", "e5-0", "e5-1"}
    assert [groups[f"n{i}"].get("class") for i in range(6)] == ["node input"] * 2 + ["node"] * 3 + ["node output"]
    assert {groups[name].get("class") for name in groups if name[0] == "e"} == {"edge"}
    for slot, name in enumerate(listing.names):
        found = list(groups[f"n{slot}"].iter(f"{SVG}text"))
        assert [text.get("text-anchor") for text in found] == ["start"] * 4
        assert found[0].text.split(" = ")[0] == name
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
    assert {"x", "v₁", B + "−1"} <= set(texts((tmp_path / "drawing.svg").read_text(encoding="utf-8")))


@pytest.mark.parametrize(("arguments", "message"), [
    (["x^2", "x=3", "-o", "out.jpg"], "a drawing is saved as .svg"),
    (["1 + 2"], "1 + 2 has no variable"),
    (["x^2", "x=3", "-o", "/dev/null/out.svg"], "/dev/null"),
])  # fmt: skip
def test_the_command_line_says_what_is_wrong(arguments, message, capsys):
    assert main(["draw", *arguments]) == 2
    assert message in capsys.readouterr().err


def test_an_output_that_comes_twice_begins_with_both_its_seeds():
    def twice(x):
        y = x * 2.0
        return [y, y]

    assert rows(ad.draw(twice, 3.0, adjoints=[1.0, 2.0]))["x"] == ["3", B + "6"]
    assert list(ad.steps(twice, 3.0, sweep="reverse", adjoints=[1.0, 2.0]))[-1].after == 6.0
