"""What stands in the end: the gradient by reverse mode, held against forward mode."""

import pytest
from pages import shared
from zoo import baydin

import autodiff as ad


def ending(page):
    return page.evaluate(
        "[...document.querySelectorAll('#gradient tbody tr')].map(r => [...r.cells].map(c => c.textContent))"
    )


@pytest.mark.parametrize("sweep", [None, "forward", "reverse", "both"])
def test_the_gradient_stands_there_when_the_last_step_is_done(opened, sweep):
    page = opened(baydin, 2.0, 5.0, sweep=sweep)
    assert ending(page) == [["x₁", "", "", ""], ["x₂", "", "", ""]]
    page.keyboard.press("End")
    assert ending(page) == [["x₁", "5.5", "5.5", "0"], ["x₂", "1.7163", "1.7163", "0"]]
    assert page.locator("#agreement").text_content() == "Both modes agree: the largest difference is 0."
    page.keyboard.press("ArrowLeft")
    assert ending(page)[0] == ["x₁", "", "", ""]


def test_an_evaluation_has_no_gradient(opened):
    page = opened(baydin, 2.0, 5.0, sweep="evaluate", at=-1)
    assert ending(page)[0] == ["x₁", "", "", ""]


def test_a_mistake_shows_there(opened):
    page = opened(shared, 2.0, 5.0, at=-1)
    page.locator("#assign").check()
    page.keyboard.press("End")
    gradient = ad.grad(shared, (0, 1))(2.0, 5.0)
    assert [row[2] for row in ending(page)] == [f"{x:g}" for x in gradient]
    assert (
        page.locator("#agreement")
        .text_content()
        .startswith("They differ because of the mistake that is switched on, by up to")
    )


def test_several_outputs_are_weighed_by_their_seeds(opened):
    page = opened(lambda x, y: [x * y, x + y], 2.0, 3.0, adjoints=[1.0, 10.0], at=-1)
    assert [row[1:3] for row in ending(page)] == [["13", "13"], ["12", "12"]]


def test_of_many_inputs_the_first_stand_there(opened):
    page = opened(lambda xs: ad.total(x * x for x in xs), [float(i) for i in range(20)], at=-1)
    assert len(ending(page)) == 12
    assert page.locator("#more-inputs").text_content() == "The first 12 inputs, and of 8 more in the trace." or (
        "8 more" in page.locator("#more-inputs").text_content()
    )


def test_the_difference_stands_beside_what_it_checks(opened):
    page = opened(baydin, 2.0, 5.0, at=-1)
    page.locator("#check").click()
    marks = page.locator("#trace tbody tr").nth(1).locator("small").all_text_contents()
    assert marks == ["✓ ≈ 0", "✓ ≈ 1.7163"]
