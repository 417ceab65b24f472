"""Predict, then reveal: numbers as people write them, mistakes by their names, hints, a score."""

import math

import pytest
from pages import sentence, shared, table
from zoo import ZOO, baydin

import autodiff as ad


def answer(page, text):
    page.locator("#answer").fill(text)
    page.keyboard.press("Enter")
    return page.locator("#feedback").text_content()


@pytest.mark.parametrize(("text", "number"), [
    ("1/2", 0.5), ("−0.5", -0.5), ("-.5", -0.5), (".5", 0.5), ("2e-3", 0.002), ("2E−3", 0.002), ("5.", 5.0),
    ("+3", 3.0),
    ("-1/-4", 0.25), ("0,25", 0.25), ("2 · 10⁻³", 0.002), ("2*10^-3", 0.002), ("−3×10^(2)", -300.0), ("√2", 2**0.5),
    ("− 7", -7.0), ("∞", math.inf), ("-inf", -math.inf), ("1/3", 1 / 3), (" 4 ", 4.0), ("1e-3/2", 0.0005),
])  # fmt: skip
def test_numbers_are_read_as_people_write_them(opened, text, number):
    page = opened(baydin, 2.0, 5.0)
    assert page.evaluate("(text) => answerOf(text)", text) == pytest.approx(number, rel=1e-15)


@pytest.mark.parametrize(
    "text", ["", " ", "abc", "1/", "/2", "1..2", "--1", "0x10", "1e", "1,2,3", "two", "1 2", "NaN", "constructor"]
)
def test_what_is_no_number_is_not_marked(opened, text):
    page = opened(baydin, 2.0, 5.0, at=20, predict=True)
    told = answer(page, text)
    assert "Type a number" in told or "is not a number" in told
    assert page.locator("#score li").count() == 0
    assert page.locator("#count").text_content() == "20 / 22"


def test_a_right_answer_reveals_the_step_and_a_sum_is_asked_after_its_contribution(opened):
    page = opened(baydin, 2.0, 5.0, at=20, predict=True)
    assert page.locator("#question").text_content() == "What does v₂ hand back to x₂?"
    assert "Right: 2" in answer(page, "2")
    assert page.locator("#question").text_content() == "x̄₂ was −0.2837. What is it now?"
    assert page.locator("#count").text_content() == "20 / 22"
    assert "Right: 1.7163" in answer(page, "1.7163")
    assert page.locator("#count").text_content() == "21 / 22"
    assert sentence(page).startswith("x̄₂ += v̄₂")
    assert page.locator("#score").text_content() == "right at once: 2"


@pytest.mark.parametrize(("at", "given", "kind"), [
    (20, ["2", "2"], "forgot +="),
    (20, ["5"], "partial of the other operand"), (20, ["-2"], "wrong sign"), (20, ["1.7163"], "gave the sum"),
    (20, ["2", "-0.2837"], "added nothing"), (20, ["1"], "forgot the partial"), (20, ["10"], "value for the partial"),
])  # fmt: skip
def test_a_misconception_is_named(opened, at, given, kind):
    page = opened(baydin, 2.0, 5.0, at=at, predict=True)
    for text in given:
        told = answer(page, text)
    assert told.startswith("Not ")
    assert f"{kind}: 1" in page.locator("#score").text_content()
    assert page.locator("#count").text_content() == f"{at} / 22"


@pytest.mark.parametrize(("function", "point", "kind", "wrong"), [
    (lambda x, y: 3.0 * (x / y), (5.0, 2.0), "swapped operands", lambda x, y: 3.0 / x),
    (lambda x, y: 3.0 * (x * y), (5.0, 2.0), "forgot the upstream rate", lambda x, y: y),
    (lambda x, y: 3.0 * ad.sin(x) + 0.0 * y, (5.0, 2.0), "value for the partial", lambda x, y: 3.0 * math.sin(x)),
])  # fmt: skip
def test_misconceptions_of_a_contribution_to_the_first_input(opened, function, point, kind, wrong):
    page = opened(function, *point, predict=True, sweep="reverse")
    step = "follows.steps.findIndex((step) => step.to === 0 && !step.seed)"
    page.evaluate(f"quiz.reached = {step}, show({step})")
    answer(page, repr(wrong(*point)))
    assert f"{kind}: 1" in page.locator("#score").text_content()


def test_values_and_tangents_are_asked_for_too(opened):
    page = opened(ad.sin, 30.0, at=1, predict=True)
    assert "What is" in page.locator("#question").text_content()
    assert "radians" in answer(page, "0.5")
    answer(page, "-0.988")
    assert "Not −0.988" not in page.locator("#feedback").text_content()
    page = opened(lambda x, y: x - y, 5.0, 3.0, at=2, predict=True)
    assert "swapped" in answer(page, "-2")
    assert "another operation" in page.locator("#score").text_content() or "another operation" not in answer(
        page, "7.5"
    )
    page = opened(baydin, 2.0, 5.0, sweep="forward", at=1, predict=True)
    assert page.locator("#question").text_content() == "What does x₁ hand on to v₁?"
    assert "Right" in answer(page, "1/2")


def test_rounded_answers_are_right_and_those_rounded_too_far_are_told_so(opened):
    page = opened(lambda x: ad.sin(x) * x, 1.3, sweep="reverse", at=2, predict=True)
    exact = page.evaluate("quiz.open[0].answer")
    assert "rounded too far" in answer(page, f"{exact:.2f}")
    assert page.locator("#score li").count() == 0
    assert "Right" in answer(page, f"{exact:.4f}")


@pytest.mark.parametrize("name", ["baydin", "griewank", "neuron", "softmax", "norm", "micrograd_readme"])
@pytest.mark.parametrize("sweep", [None, "both"])
def test_the_numbers_as_they_are_shown_are_right_for_every_step(opened, name, sweep):
    function, point = ZOO[name]
    page = opened(function, *point, predict=True, at=0, sweep=sweep)
    for _ in range(400):
        if page.evaluate("chosen.count === follows.steps.length"):
            break
        page.evaluate("""() => {
            if (quiz.open.length) byId("answer").value = short(quiz.open[0].answer);
            byId("ask").requestSubmit();
        }""")
    assert page.evaluate("chosen.count === follows.steps.length")
    assert page.evaluate("[...quiz.score.keys()]") == ["right at once"]


def test_nothing_that_is_asked_for_can_be_read_off_the_page(opened):
    page = opened(shared, 2.0, 5.0, sweep="reverse", at=1, predict=True)
    page.get_by_label("partials on edges").check()
    assert page.locator("#partials-drawn text").count() == 0
    page.evaluate("lookAt(2)")
    assert page.locator("#node .term").count() == 0
    assert page.locator("#node .light").count() == 0
    assert page.locator("#check").is_disabled()
    assert page.locator("#assign").is_disabled()
    for key in ("ArrowRight", "End"):
        page.locator("h1").click()
        page.keyboard.press(key)
        assert page.locator("#count").text_content().startswith("1 / ")
    page.locator("#position").fill("5")
    assert page.locator("#count").text_content().startswith("1 / ")
    assert [row[3] for row in table(page)].count("") == 4


def test_hints_come_before_the_answer_and_count(opened):
    page = opened(baydin, 2.0, 5.0, at=20, predict=True)
    assert "∂v₂" not in page.locator("#feedback").text_content()
    page.locator("#hint").click()
    assert page.locator("#feedback").text_content() == "It is v̄₂·∂v₂/∂x₂, and ∂v₂/∂x₂ = x₁."
    page.locator("#hint").click()
    assert page.locator("#feedback").text_content() == "It is 1 × 2."
    answer(page, "2")
    page.locator("#reveal").click()
    assert "It is 1.7163." in page.locator("#feedback").text_content()
    assert page.locator("#score").text_content() == "right with a hint: 1shown: 1"
    assert page.locator("#count").text_content() == "21 / 22"


def test_steps_that_were_answered_are_gone_through_again_without_questions(opened):
    page = opened(baydin, 2.0, 5.0, sweep="reverse", predict=True)
    page.keyboard.press("Enter")
    page.locator("#mark").click()
    for _ in range(3):
        page.evaluate("byId('answer').value = short(quiz.open[0].answer), mark()")
    reached = page.evaluate("chosen.count")
    page.locator("h1").click()
    page.keyboard.press("Home")
    for _ in range(reached):
        page.keyboard.press("ArrowRight")
    assert page.evaluate("chosen.count") == reached
    assert page.evaluate("quiz.open.length") >= 1


def test_it_is_switched_on_and_off_in_any_page(opened):
    page = opened(baydin, 2.0, 5.0)
    assert page.locator("#ask").is_hidden()
    page.locator("#predict").click()
    assert page.locator("#ask").is_visible()
    page.locator("#predict").click()
    assert page.locator("#ask").is_hidden()
    page.locator("h1").click()
    page.keyboard.press("End")
    assert page.locator("#count").text_content() == "22 / 22"
    with pytest.raises(TypeError, match="predict is True"):
        ad.step(baydin, 2.0, 5.0, predict="yes")
