"""A sheet asks for what the steps are, gives nothing away, and knows what they come to."""

import re

import pytest
from zoo import ZOO, baydin

import autodiff as ad
import nn
from autodiff import Value
from autodiff.words.notation import BAR, DOT, writer

NAMES = ["baydin", "neuron", "griewank", "softmax", "kinks", "piecewise"]


def written(line, *, answers=False):
    """A line as text, blanks as ____."""
    parts = [
        piece.text if piece.answer is None else f"{piece.text} {piece.answer if answers else '____'}{piece.then}"
        for piece in line
    ]
    return " ".join(map(str.strip, parts))


def lines(sheet, *, answers=False):
    return [written(line, answers=answers) for _, section in sheet.sheet.sections for line in section]


def two_outputs(x, y):
    return [x * y, x + y]


def test_every_step_is_asked_for_once_and_in_order():
    asked = lines(ad.worksheet(baydin, 2.0, 5.0))
    assert asked[:2] == ["v₁ = ln x₁ = ____", "v₂ = x₁ × x₂ = ____"]
    assert asked[5] == f"x{DOT}₁ = 1 (seed)"
    assert asked[9] == "v̇₄ += v̇₂·∂v₄/∂v₂ = ____ × ____ = ____ so v̇₄ = ____"
    assert asked[-2] == "x̄₂ += v̄₂·∂v₂/∂x₂ = ____ × ____ = ____ so x̄₂ = ____"
    assert len(asked) == len(list(ad.steps(baydin, 2.0, 5.0))) - 2  # inputs are given


@pytest.mark.parametrize("name", NAMES)
def test_the_answers_are_the_numbers_of_the_steps(name):
    function, point = ZOO[name]
    write = writer(4)
    steps = [step for step in ad.steps(function, *point) if step.phase != "evaluate" or step.node.op]
    found = [line for _, section in ad.worksheet(function, *point).sheet.sections for line in section]
    for line, step in zip(found, steps, strict=True):
        numbers = [step.rate, step.partial, step.contribution, *[step.after] * bool(step.before)]
        numbers = [step.after] if step.phase == "evaluate" else [] if step.operand is None else numbers
        assert [piece.answer.strip("()") for piece in line if piece.answer is not None] == list(map(write, numbers))


def test_a_factor_below_zero_stands_in_parentheses_as_it_does_in_sentences():
    answered = lines(ad.worksheet(baydin, 2.0, 5.0, sweep="reverse"), answers=True)
    assert answered[2] == "v̄₃ += v̄₅·∂v₅/∂v₃ = 1 × (−1) = −1"


def test_the_gradient_and_the_derivative_along_the_seed_are_asked_for():
    results = ad.worksheet(baydin, 2.0, 5.0).sheet.results
    assert [written(line) for line in results] == [
        "The derivative along the seed is v̇₅ = ____",
        "The gradient is ∇baydin = (x̄₁, x̄₂) = ( ____, ____)",
    ]
    gradient = [piece.answer for piece in results[1] if piece.answer is not None]
    assert gradient == list(map(writer(4), ad.grad(baydin, argnums=(0, 1))(2.0, 5.0)))


def test_the_gradient_is_of_the_arguments_and_not_of_what_the_function_closes_over():
    w = Value(3.0, "w")
    assert written(ad.worksheet(lambda x: w * x, 2.0, sweep="reverse").sheet.results[0]) == (
        "The gradient is ∇f = (x̄) = ( ____)"
    )


def test_adjoints_swept_from_seeds_of_ones_own_are_called_no_gradient():
    for options in ({}, {"adjoints": [1.0, 10.0]}):
        results = ad.worksheet(two_outputs, 2.0, 3.0, **options).sheet.results
        assert [written(line) for line in results] == [
            f"The derivative along the seed is f{DOT}₁ = ____",
            f"The derivative along the seed is f{DOT}₂ = ____",
            f"The adjoints of the inputs are (x{BAR}, y{BAR}) = ( ____, ____)",
        ]
    tripled = ad.worksheet(baydin, 2.0, 5.0, adjoints=[3.0], sweep="reverse").sheet.results
    assert written(tripled[0]).startswith("The adjoints of the inputs are")


def test_a_graph_without_a_function_has_the_gradient_of_its_output():
    x, y = Value(2.0, "x"), Value(3.0, "y")
    loss = x * y
    loss.label = "loss"
    assert written(ad.worksheet(loss, sweep="reverse").sheet.results[0]).startswith(
        f"The gradient is ∇loss = (x{BAR}, y{BAR})"
    )


def test_one_sweep_alone_has_the_values_given():
    sheet = ad.worksheet(baydin, 2.0, 5.0, sweep="reverse").sheet
    assert [heading for heading, _ in sheet.sections] == ["The reverse sweep"]
    assert sheet.columns == ["value", f"v{BAR}"]
    assert [cells[0].text for _, cells in sheet.rows][-1] == "11.6521"
    assert all(cells[1].answer is not None for _, cells in sheet.rows)
    assert [list(card.rows) for card in sheet.drawing[0].cards][-1] == ["11.6521"]


def test_the_evaluation_alone_asks_for_values_only():
    sheet = ad.worksheet(baydin, 2.0, 5.0, sweep="evaluate").sheet
    assert sheet.columns == ["value"]
    assert sheet.results == []
    assert "∂" not in sheet.task


def test_what_no_sweep_reached_is_zero_in_the_table():
    rows = dict(ad.worksheet(baydin, 2.0, 5.0).sheet.rows)
    assert rows["v₃"][1].answer == "0"  # x₂ has no tangent


def test_seeds_of_ones_own_are_given():
    sheet = ad.worksheet(two_outputs, 2.0, 3.0, tangents=[0.5, 2.0], adjoints=[1.0, 10.0])
    given = [line for line in lines(sheet) if "seed" in line]
    assert given == [f"x{DOT} = 0.5 (seed)", f"y{DOT} = 2 (seed)", "f̄₁ = 1 (seed)", "f̄₂ = 10 (seed)"]


@pytest.mark.parametrize(("digits", "told"), [
    (4, "rounded to 4 decimals, below 1 to 4 significant digits."),
    (1, "rounded to 1 decimal, below 1 to 1 significant digit."),
    (0, "rounded to whole numbers, below 1 to 1 significant digit."),
])  # fmt: skip
def test_the_task_says_how_numbers_are_rounded(digits, told):
    assert ad.worksheet(baydin, 2.0, 5.0, digits=digits).sheet.task.endswith(told)


def test_the_task_says_what_the_letters_mean_that_are_asked_for():
    task = ad.worksheet(baydin, 2.0, 5.0).sheet.task
    assert all(told in task for told in (f"its tangent v{DOT} (", f"its adjoint v{BAR} (", "The partial ∂v/∂u is"))
    assert f"v{DOT}" not in ad.worksheet(baydin, 2.0, 5.0, sweep="reverse").sheet.task


def test_the_drawing_gives_no_number_away():
    cards = ad.worksheet(baydin, 2.0, 5.0).sheet.drawing[0].cards
    assert [list(card.rows) for card in cards] == [["2"], ["5"], [], [], [], [], []]
    assert all(card.level is None and not card.about for card in cards)


def test_what_would_be_small_on_paper_is_turned_down():
    model = nn.MLP(2, [3, 1], activation="tanh", rng=0)
    assert ad.worksheet(baydin, 2.0, 5.0).sheet.drawing[0].rankdir == "LR"
    assert ad.worksheet(lambda x, y: model([x, y]), 1.0, 2.0, sweep="reverse").sheet.drawing[0].rankdir == "TB"


def test_a_box_of_several_nodes_shows_no_value_as_its_own():
    model = nn.MLP(2, [16, 1], rng=0)
    sheet = ad.worksheet(lambda x, y: model([x, y]), 1.0, 2.0, sweep="evaluate").sheet
    boxes = [card for card in sheet.drawing[0].cards if "box" in card.kind]
    assert len(boxes) > 1
    assert all(re.fullmatch(r"\d+ nodes(, \d+ leaves)?|\d+ leaves", row) for card in boxes for row in card.rows)
