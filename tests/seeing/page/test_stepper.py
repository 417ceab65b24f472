"""The stepper's page, in a real browser, from a file: it is stepped through, both ways."""

import unicodedata

import pytest
from pages import sentence, shared, table
from zoo import baydin

import autodiff as ad
from autodiff import Dual


def test_keys_and_buttons_step_both_ways(opened):
    page = opened(baydin, 2.0, 5.0)
    assert page.locator("#count").text_content() == "0 / 22"
    for key, count in (
        ("ArrowRight", 1),
        ("ArrowRight", 2),
        ("ArrowLeft", 1),
        ("End", 22),
        ("ArrowRight", 22),
        ("Home", 0),
    ):
        page.keyboard.press(key)
        assert page.locator("#count").text_content() == f"{count} / 22"
    for button, count in (("Last step", 22), ("Step back", 21), ("First step", 0), ("Step forward", 1)):
        page.get_by_role("button", name=button, exact=True).click()
        assert page.locator("#count").text_content() == f"{count} / 22"
    page.locator("#position").fill("14")
    assert sentence(page) == "v̄₅ = 1   (seed)"


@pytest.mark.parametrize(("at", "count"), [(None, 7), (0, 0), (3, 3), (-1, 22), (-2, 21), (99, 22), (-99, 0)])
def test_it_opens_where_it_is_asked_to(opened, at, count):
    assert opened(baydin, 2.0, 5.0, at=at).locator("#count").text_content() == f"{count} / 22"


def test_space_plays_and_pauses(opened):
    page = opened(baydin, 2.0, 5.0)
    page.locator("#speed").select_option("4")
    page.locator("h1").click()
    page.keyboard.press(" ")
    assert page.get_by_role("button", name="Pause").count() == 1
    page.wait_for_function("chosen.count >= 2")
    page.keyboard.press(" ")
    count = page.evaluate("chosen.count")
    page.wait_for_timeout(500)
    assert page.evaluate("chosen.count") == count
    page.keyboard.press("End")
    page.keyboard.press(" ")  # from the end it starts again
    page.wait_for_function("chosen.count > 0 && chosen.count < 5")


def test_the_table_fills_as_the_sweeps_go(opened):
    page = opened(baydin, 2.0, 5.0)
    assert table(page)[0] == ["x₁", "", "", ""]
    page.evaluate("go(4)")
    assert [row[1] for row in table(page)] == ["2", "5", "0.6931", "10", "", "", ""]
    page.evaluate("go(12)")
    assert [row[2] for row in table(page)] == ["1", "0", "0.5", "5", "0", "5.5", ""]
    page.evaluate("go(13)")
    assert [row[2] for row in table(page)] == ["1", "0", "0.5", "5", "0", "5.5", "5.5"]
    page.evaluate("go(20)")
    assert [row[3] for row in table(page)] == ["5", "−0.2837", "1", "1", "−1", "1", "1"]
    page.evaluate("go(22)")
    assert [row[3] for row in table(page)] == ["5.5", "1.7163", "1", "1", "−1", "1", "1"]
    assert table(page)[3] == ["v₂ = x₁ × x₂", "10", "5", "1"]


def test_the_step_is_lit_in_the_drawing_the_table_and_the_source(opened):
    page = opened(baydin, 2.0, 5.0)
    page.evaluate("go(21)")
    assert sentence(page) == "x̄₂ += v̄₂·∂v₂/∂x₂ = 1 × 2 = 2   (−0.2837 → 1.7163)"
    assert page.locator("#slope").text_content() == "∂v₂/∂x₂ = x₁ = 2"
    lit = page.evaluate("[...document.querySelectorAll('#drawing .active')].map((part) => part.id)")
    assert sorted(lit) == ["e3-1", "n1", "n3"]
    assert page.evaluate("[...document.querySelectorAll('#drawing .receives')].map((part) => part.id)") == ["n1"]
    assert page.locator("#pill").text_content() == "← += 2"
    assert page.evaluate("document.querySelector('#trace td.active').textContent") == "1.7163"
    assert page.locator("#source .lit").text_content() == "    v2 = x1 * x2"
    texts = page.evaluate("[...document.querySelectorAll('#n1 text')].map((text) => text.textContent)")
    assert texts == ["x₂", "5", "v̇ 0", "v̄ 1.7163"]
    page.evaluate("go(12)")
    assert page.locator("#pill").text_content() == "+= 5 →"
    page.evaluate("go(6)")
    assert page.evaluate("[...document.querySelectorAll('#drawing .edge.active')].map((part) => part.id)") == [
        "e5-0",
        "e5-1",
    ]


def test_a_sweep_is_chosen_and_what_comes_before_it_is_known(opened):
    page = opened(baydin, 2.0, 5.0)
    page.get_by_role("button", name="Reverse", exact=True).click()
    assert page.locator("#count").text_content() == "0 / 9"
    assert [row[1] for row in table(page)][-1] == "11.6521"
    assert [row[2] for row in table(page)] == [""] * 7
    page.keyboard.press("End")
    assert [row[3] for row in table(page)][:2] == ["5.5", "1.7163"]
    page.get_by_role("button", name="Forward", exact=True).click()
    page.locator("#along").select_option(label="x₂")
    page.keyboard.press("End")
    assert [row[2] for row in table(page)][-1] == "1.7163"


def test_the_output_is_chosen(opened):
    page = opened(lambda x, y: [x * y, x + y], 2.0, 3.0)
    page.evaluate("go(Infinity)")
    assert [row[3] for row in table(page)] == ["3", "2", "1", "0"]
    page.locator("#of").select_option(label="f₂")
    assert [row[3] for row in table(page)] == ["1", "1", "0", "1"]
    assert "The full Jacobian, 2 × 2, takes n = 2 forward sweeps" in page.locator("#sweep-count").text_content()


def test_seeds_of_duals_are_a_choice_beside_the_units(opened):
    page = opened(baydin, Dual(2.0, 3.0), Dual(5.0, -1.0))
    assert page.locator("#along option").all_text_contents() == ["(3, −1)", "x₁", "x₂"]
    page.evaluate("go(Infinity)")
    assert table(page)[-1][2] == ad.jvp(baydin, (2.0, 5.0), (3.0, -1.0))[1].__format__(".4f")


def test_the_cost_of_a_gradient_is_told(opened):
    page = opened(baydin, 2.0, 5.0)
    assert page.locator("#sweep-count").text_content() == (
        "The full gradient takes n = 2 forward sweeps, one for each input, or m = 1 reverse sweep, one for each output."
    )


def test_a_node_shows_its_whole_sum_whose_terms_lead_to_their_steps(opened):
    page = opened(baydin, 2.0, 5.0)
    page.locator("#n1").click()
    assert page.locator("#node h2").text_content().startswith("Node x₂")
    assert page.locator("#node .reverse h3").text_content() == "x̄₂ = 1.7163, the sum of 2"
    assert page.locator("#node .reverse .term").all_text_contents() == [
        "v̄₃·∂v₃/∂x₂ = −1 × 0.2837 = −0.2837", "v̄₂·∂v₂/∂x₂ = 1 × 2 = 2",
    ]  # fmt: skip
    page.locator("#node .reverse .term").last.click()
    assert sentence(page) == "x̄₂ += v̄₂·∂v₂/∂x₂ = 1 × 2 = 2   (−0.2837 → 1.7163)"
    page.get_by_role("button", name="Close").click()
    assert page.locator("#node").is_hidden()
    page.locator("#trace").get_by_role("button", name="v₂").click()
    assert "v₂ = x₁ × x₂ = 10" in page.locator("#node").text_content()


def test_hovering_gives_every_digit(opened):
    page = opened(baydin, 2.0, 5.0)
    page.evaluate("go(Infinity)")
    assert page.locator("#trace tbody tr").nth(1).locator("td").nth(2).get_attribute("title") == "1.7163378145367738"
    assert page.locator("#n1 title").text_content() == unicodedata.normalize(
        "NFD", "x₂ = 5\nẋ₂ = 0\nx̄₂ = 1.7163378145367738"
    )


def test_a_sweep_may_be_what_it_opens_with(opened):
    page = opened(baydin, 2.0, 5.0, sweep="reverse")
    assert page.locator("#sweeps [aria-pressed=true]").text_content() == "Reverse"
    assert page.locator("#count").text_content() == "0 / 9"
    with pytest.raises(ValueError, match="sweep is one of evaluate, forward, reverse"):
        ad.step(baydin, 2.0, 5.0, sweep="back")


def test_the_state_is_a_function_of_the_step(opened):
    page = opened(shared, 2.0, 5.0)
    page.evaluate("go(0)")
    snapshot = 'document.body.innerHTML.replace(/ style="[^"]*"| class=""/g, \'\')'
    forwards = [page.evaluate(f"go({i}), {snapshot}") for i in range(5, 15)]
    backwards = [page.evaluate(f"go({i}), {snapshot}") for i in reversed(range(5, 15))]
    for a, b in zip(forwards, backwards[::-1], strict=True):
        assert a == b
