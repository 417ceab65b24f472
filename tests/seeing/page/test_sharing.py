"""A step is taken along: as text, as LaTeX that KaTeX reads, as a link that opens at it."""

import pytest
from katex import refused_by_katex
from pages import sentence
from zoo import ZOO, baydin

import autodiff as ad
from autodiff import Value


def copied(page, which):
    page.get_by_role("button", name=which).click()
    return page.locator("#copied").input_value()


def test_a_step_is_copied_as_text_and_as_latex(opened):
    page = opened(baydin, 2.0, 5.0, at=21)
    assert copied(page, "Copy as text") == "x̄₂ += v̄₂·∂v₂/∂x₂ = 1 × 2 = 2   (−0.2837 → 1.7163)"
    assert copied(page, "Copy as LaTeX") == (
        r"\bar{x}_{2} \mathrel{+}= \bar{v}_{2}\cdot\frac{\partial v_{2}}{\partial x_{2}}= 1 \times 2 = 2 "
        r"(-0.2837 \to 1.7163)"
    )
    page = opened(baydin, 2.0, 5.0, sweep="both", at=3)
    assert copied(page, "Copy as text").count("\n") == 1


@pytest.mark.parametrize("name", ["baydin", "griewank", "softmax", "neuron", "norm"])
def test_katex_reads_every_step(opened, name):
    function, point = ZOO[name]
    page = opened(function, *point)
    texts = page.evaluate("follows.steps.map((step) => latexSentence(sentenceOf(follows.model, step)))")
    assert refused_by_katex(texts) == []


def test_katex_reads_steps_of_any_label_and_function(opened):
    labels = ["W¹₂,₃", "a_b", "50%", "{x}", "$", "\\", "x^2", "a&b", "#", "~", "loss", "αβ", "x y"]
    values = [Value(0.3 + i, label) for i, label in enumerate(labels)]
    rows = [ad.sqrt(values[0]), ad.cbrt(values[1]), values[2] ** 2.0, 2.0 ** values[3], ad.log1p(values[4])]
    page = opened(ad.total([*rows, *values[5:]]) * 1e-9)
    texts = page.evaluate("follows.steps.map((step) => latexSentence(sentenceOf(follows.model, step)))")
    assert refused_by_katex(texts) == []
    assert any("\\times 10^{-" in text for text in texts)


@pytest.mark.parametrize("sweep", ["all", "reverse", "both"])
def test_a_link_opens_at_its_step(opened, sweep):
    page = opened(baydin, 2.0, 5.0)
    page.locator(f"#sweeps [data-sweep={sweep}]").click()
    page.evaluate("go(5)")
    before, link = sentence(page), copied(page, "Copy link")
    page.goto("about:blank")
    page.goto(link)
    assert sentence(page) == before
    assert page.locator("#sweeps [aria-pressed=true]").get_attribute("data-sweep") == sweep


def test_an_address_is_followed_while_it_is_open_and_nonsense_in_it_is_not(opened):
    page = opened(baydin, 2.0, 5.0)
    page.evaluate("location.hash = '#step=21'")
    page.wait_for_function("chosen.count === 21")
    for nonsense in ("#step=x", "#sweep=up&step=3.5", "#toString", "#sweep=toString"):
        page.evaluate(f"location.hash = '{nonsense}'")
        page.wait_for_timeout(30)
        assert page.locator("#count").text_content() == "21 / 22"
    page.evaluate("location.hash = '#step=-1'")
    page.wait_for_function("chosen.count === 22")


def test_where_nothing_may_be_copied_the_text_stands_there(opened):
    page = opened(baydin, 2.0, 5.0, at=21)
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('no')); }")
    assert copied(page, "Copy as text").startswith("x̄₂ += ")
    page.wait_for_function("byId('copied-told').textContent.includes('to copy')")
    assert page.evaluate("getSelection().toString() || document.activeElement.value").startswith("x̄₂")
