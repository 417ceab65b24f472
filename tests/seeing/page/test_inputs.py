"""The page's inputs move, and where they cannot it says why."""

import math

from pages import table
from zoo import baydin

import autodiff as ad


def test_sliders_move_the_whole_page_and_reset_puts_it_back(opened):
    page = opened(baydin, 2.0, 5.0)
    page.evaluate("go(Infinity)")
    before = table(page)
    slider = page.locator("#sliders [type=range]").first
    slider.focus()
    page.keyboard.press("ArrowRight")  # its own key, not the page's
    x = float(page.locator("#sliders [type=number]").first.input_value())
    assert x > 2.0
    assert page.evaluate("chosen.count") == 22
    assert table(page)[-1][1] == f"{baydin(x, 5.0):.4f}"
    page.get_by_role("button", name="Reset").click()
    assert table(page) == before
    assert page.get_by_role("button", name="Reset").is_hidden()


def test_outside_of_the_domain_the_page_goes_on_as_ieee_does(opened):
    page = opened(baydin, 2.0, 5.0)
    page.locator("#sliders [type=number]").first.fill("-1")
    page.evaluate("go(Infinity)")
    assert table(page)[2][1] == "nan"
    assert page.locator("#undefined").text_content() == "v₁ = ln (−1) is nan: Python stops here with an error."
    assert table(page)[0][3] == "nan"  # nothing is a derivative of what is not defined
    page.locator("#sliders [type=number]").first.fill("0")
    assert table(page)[2][1] == "−∞"
    page.locator("#sliders [type=number]").first.fill("")  # half typed: nothing moves
    assert table(page)[2][1] == "−∞"


def test_a_row_of_the_users_own_is_stepped_through_with_inputs_that_stay(opened):
    @ad.primitive(partials=[lambda out, x: ad.cos(x)])
    def my_sine(x):
        return math.sin(x)

    try:
        page = opened(lambda x: my_sine(x) * 2.0, 1.0)
        assert page.locator("#fixed").text_content().startswith("The page does not know how to compute my_sine")
        assert page.locator("#check").is_disabled()
        assert page.locator("#sliders input").count() == 0
        page.evaluate("go(Infinity)")
        assert table(page)[0][3] == f"{2 * math.cos(1.0):.4f}"
    finally:
        from autodiff.core.custom import remove

        remove(my_sine)


def test_a_function_of_the_users_under_a_rows_name_is_not_the_row(opened):
    @ad.custom_derivative(partials=[1.0])
    def floor(x):
        return ad.floor(x) * 100

    page = opened(lambda x: floor(x) + 0.0 * x, 2.5, at=-1)
    assert "does not know how to compute floor (a function of your own)" in page.locator("#fixed").text_content()
    assert table(page)[0][3] == "1"
