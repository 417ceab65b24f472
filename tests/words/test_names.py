"""Names of a graph's slots, and what is said in these names."""

import pytest

import autodiff as ad
from autodiff.core.primitives import add, cos, log, multiply, sin
from autodiff.words.names import Wording, arguments, labelled, results, traced
from autodiff.words.notation import BAR, DOT, written


def write(x):
    return written(x, 3)


@pytest.fixture
def words():
    """v₁ = x₁ × x₂, v₂ = sin v₁, v₃ = v₂ + 0.5."""
    rows, operands = [None, None, multiply, sin, add], [(), (), (0, 1), (2,), (3, 0.5)]
    return Wording(["x₁", "x₂", "v₁", "v₂", "v₃"], rows, operands, write)


def test_no_name_of_a_label_is_given_again():
    assert labelled(["x2", "", "", "", "v1", ""], 3) == ["x₂", "x₁", "x₃", "v₂", "v₁", "v₃"]


def test_a_trace_counts_its_inputs_up_to_zero():
    assert traced(2, 3) == ["v₋₁", "v₀", "v₁", "v₂", "v₃"]


@pytest.mark.parametrize(
    ("labels", "named", "result"),
    [(["x1", "w"], ["x₁", "w"], "y"), (["x", "y"], ["x", "y"], "f"), ([], ["x₁", "x₂"], "y")],
)
def test_arguments_and_results(labels, named, result):
    assert arguments(labels, 2) == named
    assert results(1, labels) == [result]
    assert results(2, labels) == [f"{result}₁", f"{result}₂"]


def test_a_slot_in_names_and_in_numbers(words):
    assert [words.expression(slot) for slot in range(5)] == ["", "", "x₁ × x₂", "sin v₁", "v₂ + 0.5"]
    assert words.computation(2, [2.0, -5.0]) == "2 × (−5)"
    assert words.computation(0, []) == words.formula(0, 0) == words.term(0, 0, "v̄") == ""
    assert words.formula(2, 0) == "x₂"
    assert words.formula(3, 0) == "cos v₁"
    assert words.term(3, 0, words.name(2, DOT)) == f"v{DOT}₁ × cos v₁"
    assert words.product(3, 0, 0.5, [2.0], -0.416) == "0.5 × cos 2"
    assert words.name(4, BAR) == f"v{BAR}₃"
    assert words.name(0.25) == "0.25"


def test_a_partial_without_a_formula_is_written_as_one():
    row = type(cos)("mine", cos.function, (cos.partials[0],))
    words = Wording(["x", "y"], [None, row], [(), (0,)], write)
    assert words.formula(1, 0) == ""
    assert words.term(1, 0, "ẋ") == "ẋ × ∂y/∂x"
    assert words.product(1, 0, 2.0, [1.0], 0.125) == "2 × 0.125"


def test_long_names_are_cut_and_the_operation_is_seen():
    words = Wording(["a" * 30, "y"], [None, log], [(), (0,)], write, longest=5)
    assert words.name(0) == "aaaa…"
    assert words.expression(1) == "ln aaaa…"
    assert words.formula(1, 0) == "1 / aaaa…"


@pytest.mark.parametrize(
    ("labels", "named"),
    [
        (["x", "x"], ["x₁", "x₂"]),
        (["x", "x", "x1"], ["x₂", "x₃", "x₁"]),
        (["x₁", "x1", "x_1"], ["x₁′", "x₁′′", "x₁′′′"]),
        (["ﬁt", "fit"], ["ﬁt₁", "fit₂"]),
        (["loss", "w", "loss"], ["loss₁", "w", "loss₂"]),
        (["v1", "v1", ""], ["v₁′", "v₁′′", "v₁"]),
        (["x", "", ""], ["x", "x₁", "x₂"]),
    ],
)
def test_every_node_has_a_name_of_its_own(labels, named):
    found = labelled(labels, 3 if len(labels) == 3 and labels[1] == "" else len(labels) - (labels[-1] == ""))
    assert found == named
    assert len(set(found)) == len(found)


@pytest.mark.parametrize(
    ("labels", "slots", "result"),
    [
        (["v1", "x"], "w", "y"), (["v", "y2"], "w", "f"), (["f", "y"], "v", "g"),
        (["v", "w", "u1", "y", "f"], "t", "g"),
        (["years", "value"], "v", "y"), (list("vwutsryfghzq"), "v′", "y′"),
    ],
)  # fmt: skip
def test_slots_and_results_take_a_letter_that_no_argument_has(labels, slots, result):
    assert traced(1, 1, labels)[1] == f"{slots}₁"
    assert results(1, labels) == [result]


def test_a_table_has_no_name_twice():
    table = ad.trace(lambda v1, y, f: v1 * y + f, 1.0, 2.0, 3.0).table()
    told = [row.name for row in table.rows]
    assert len(set(told)) == len(told) - sum(row.kind == "adjoint" and "=" in row.name for row in table.rows)
    assert {row.name for row in table.primals} == {"w₋₂", "w₋₁", "w₀", "w₁", "w₂", "g"}
