"""Drawings: what stands on the cards, what must not look like a gradient, and what is refused."""

import pytest
from drawings import B, D, baydin, cards, neuron, notes, rows, texts

import autodiff as ad
from autodiff import Dual, Value
from autodiff.words import colours
from autodiff.words.notation import BAR, DOT


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
    assert [cards(drawing)[name].level for name in "abcde"] == [1.0, -0.5, 0.1, 0.01, 0.0]


def test_numbers_that_differ_a_little_have_other_colours_and_the_legend_ends_at_the_largest():
    drawing = ad.draw(lambda a, b, c: 1.98 * a + 1.6 * b - 1.41 * c, 1.0, 1.0, 1.0)
    fills = [colours.shades(cards(drawing)[name].level)[0] for name in "abc"]
    assert len(set(fills)) == 3
    assert all(f'fill="{fill}"' in drawing.svg for fill in fills)
    assert drawing.picture.legend[0] == (f"adjoint v{BAR} = ∂v₅/∂v", "−1.98", "1.98", "blue below 0, orange above")


def test_tangents_alone_are_coloured_too_and_boxes_as_their_last_node():
    drawing = ad.draw(baydin, 2.0, 5.0, tangents=[1.0, 0.0], adjoints=False)
    assert [cards(drawing)[name].level for name in ("x₁", "x₂", "v₅")] == [pytest.approx(1 / 5.5), 0.0, 1.0]
    assert drawing.picture.legend[0][1:] == ("−5.5", "5.5", "blue below 0, orange above")
    x = Value(2.0, "x")
    with ad.scope("s"):
        y = x * 3.0 + 1.0
    drawing = ad.draw(y * -2.0, depth=0, adjoints=[1.0])
    assert cards(drawing)["s"].level == pytest.approx(-1 / 3)


def test_adjoints_that_are_not_finite_do_not_spoil_the_colours():
    drawing = ad.draw(lambda x, y: x.sqrt() + y, 0.0, 1.0)
    assert rows(drawing)["x"] == ["0", B + "∞"]
    assert (cards(drawing)["x"].level, cards(drawing)["y"].level) == (1.0, 1.0)
    assert drawing.picture.legend[0][1:3] == ("−1", "1")


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


def test_long_names_do_not_hide_the_operation():
    y = Value(1.0, "w" * 60) * Value(2.0, "u" * 60)
    card = ad.draw(y).picture.cards[-1]
    assert card.expression == "w" * 15 + "… × " + "u" * 15 + "…"
    assert "w" * 60 in card.about


def test_legends_are_brief_and_in_plain_words():
    legend = ad.draw(lambda x: x * 645.5773, 1.0).picture.legend
    assert legend[0][1:] == ("−645.6", "645.6", "blue below 0, orange above")


def test_an_output_that_comes_twice_begins_with_both_its_seeds():
    def twice(x):
        y = x * 2.0
        return [y, y]

    assert rows(ad.draw(twice, 3.0, adjoints=[1.0, 2.0]))["x"] == ["3", B + "6"]
    assert list(ad.steps(twice, 3.0, sweep="reverse", adjoints=[1.0, 2.0]))[-1].after == 6.0
