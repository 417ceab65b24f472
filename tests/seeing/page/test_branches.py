"""The page never shows a number of a way that Python would not have gone without saying so."""

import math

import pytest
from pages import table

import autodiff as ad
from autodiff import Dual, Value


def either(x):
    return x * x if x > 0 else -x


def chosen(x, y):
    return ad.where(x > y, x * y, ad.exp(y))


def newton(a):
    root = a
    while abs(root * root - a) > 1e-6:
        root = 0.5 * (root + a / root)
    return root


def first_then(x):
    y = x * 2.0
    if y > 1.0:
        y = y + 1.0
    return y * x


def counted(x):
    return x * int(x > 0)  # a bool that is counted with: no node can be


def type_in(page, *numbers):
    for box, number in zip(page.locator("#sliders [type=number]").all(), numbers, strict=True):
        box.fill(repr(number))
    page.evaluate("go(Infinity)")


def banner(page):
    turned = page.locator("#turned")
    return turned.text_content() if turned.is_visible() else ""


def test_a_branch_that_flips_is_a_banner_with_its_line_and_grey_numbers(opened):
    page = opened(either, 2.0)
    assert banner(page) == ""
    type_in(page, -2.0)
    assert "return x * x if x > 0 else -x" in banner(page)
    assert "x > 0 was true when this graph was made and is false" in banner(page)
    assert page.locator("#trace td.astray").count()
    type_in(page, 3.0)
    assert (banner(page), page.locator(".astray").count()) == ("", 0)


def test_the_check_refuses_to_certify_behind_a_branch_that_flipped(opened):
    page = opened(either, 2.0)
    page.get_by_role("button", name="Check every node").click()
    assert "all agree" in page.locator("#verdict").text_content()
    type_in(page, -2.0)
    assert page.locator("#verdict").text_content().startswith("Not checked")


@pytest.mark.parametrize("point", [(2.0, 1.0), (0.5, 1.0), (1.0, 1.0), (-3.0, -2.0)])
def test_where_is_computed_anew(opened, point):
    page = opened(chosen, 2.0, 1.0)
    type_in(page, *point)
    assert float(page.evaluate("follows.model.values.at(-1)")) == pytest.approx(chosen(*point), rel=1e-15)
    assert banner(page) == ""
    gradient = ad.grad(chosen, argnums=(0, 1))(*point)
    assert page.evaluate("follows.final.reverse.slice(0, 2)") == pytest.approx(gradient)


def test_where_reads_its_condition():
    told = [str(step) for step in ad.steps(chosen, 2.0, 1.0, sweep="evaluate")]
    assert told[-1] == "evaluate  v₄ = x > y ? v₂ : v₃ = true ? 2 : 2.7183 = 2"


def test_the_turns_of_a_loop_are_branches(opened):
    page = opened(newton, 2.0)
    type_in(page, 2.0000001)
    assert banner(page) == ""
    type_in(page, 50.0)
    assert "while abs(root * root - a) > 1e-6" in banner(page)
    assert page.evaluate("DATA.branches[0].condition") == "abs (a × a − a) > 1e−6"
    assert page.locator("#trace tbody tr:last-child td.astray").count()  # it would have gone on: this is no output


def test_numbers_before_the_branch_stay_as_they_are(opened):
    page = opened(first_then, 2.0)
    type_in(page, 0.25)
    grey = page.evaluate(
        "[...document.querySelectorAll('#trace tbody tr')].map(r => r.cells[1].className === 'astray')"
    )
    assert grey == [False, False, True, True]


@pytest.mark.parametrize(
    ("function", "moved", "flips"),
    [
        (lambda x: x * x.data, 3.0, True),
        (lambda x: max(x, 1.0) * x, 0.5, True),
        (lambda x: x * 2.0 if x == 2.0 else x, 3.0, True),
        (lambda x: sorted([x * x, x, 3.0])[1] * x, 0.5, True),
        (lambda x: x * 2.0 if x else x, 0.0, True),
        (lambda x: x * 2.0 if Dual(x, 1.0) > 1.0 else x, 0.0, True),
        (ad.grad(lambda t: t * t if t > 1.0 else t), 0.5, True),
        (lambda x: [x * x, x * x * x][[x > 1.0, True].index(True)], 0.5, True),
        (ad.leaky_relu, -3.0, False),
        (lambda x: ad.clip(x, 0.0, 5.0), 7.0, False),
        (lambda x: x * ad.stop_gradient(x), 7.0, False),
        (lambda x: ad.maximum(x, 1.0) * abs(x), -7.0, False),
        (ad.grad(ad.relu), -1.0, False),
        (lambda x: ad.softmax([x, 1.0, 2 * x])[0], -1.0, False),
    ],
)
def test_whatever_takes_a_number_out_is_seen(opened, function, moved, flips):
    page = opened(function, 2.0)
    type_in(page, moved)
    assert bool(banner(page)) == flips
    assert page.locator("#fixed").is_hidden()
    if not flips:
        now = page.evaluate("follows.model.values[DATA.outputs[0]]")
        assert now == pytest.approx(function(Value(moved)).data, rel=1e-12)


def test_a_graph_that_was_there_before_says_that_branches_were_not_seen(opened):
    x = Value(2.0, "x")
    page = opened(either(x))
    assert "Branches were not seen" in page.locator("#fixed").text_content()
    assert page.locator("#fixed").is_visible()


def test_so_does_a_function_that_counts_with_bools(opened):
    page = opened(counted, 2.0)
    assert page.locator("#fixed").is_visible()
    page.evaluate("go(Infinity)")
    assert table(page)[-1][1] == "2"


def test_a_function_without_branches_says_nothing_of_them(opened):
    page = opened(lambda x: x * x, 2.0)
    assert page.locator("#fixed").is_hidden()
    type_in(page, -2.0)
    assert banner(page) == ""


def test_an_error_of_the_function_is_its_own():
    calls = []

    def failing(x):
        calls.append(x)
        return math.nan if x > 3 else ad.log(-x)

    with pytest.raises(ValueError, match="log"):
        ad.step(failing, 2.0)
    assert len(calls) <= 2  # with conditions as nodes, then without
