"""Forward and reverse side by side: a step of each at a time, with what each has cost."""

import pytest
from pages import table
from zoo import ZOO, baydin

import autodiff as ad


def test_both_sweeps_step_together(opened):
    page = opened(baydin, 2.0, 5.0, sweep="both")
    steps = {sweep: [s.sentence for s in ad.steps(baydin, 2.0, 5.0, sweep=sweep)] for sweep in ("forward", "reverse")}
    assert page.locator("#count").text_content() == f"0 / {len(steps['reverse'])}"
    for i in range(1, 10):
        page.keyboard.press("ArrowRight")
        told = page.locator("#sentence span[class]").all_text_contents()
        assert told[-1] == steps["reverse"][i - 1]
        assert told[:-1] == steps["forward"][i - 1 : i]
    assert [row[2:] for row in table(page)][-1] == ["5.5", "1"]
    assert [row[3] for row in table(page)][:2] == ["5.5", "1.7163"]
    assert table(page)[0][1] == "2"  # the evaluation came before


def test_both_are_lit_at_once_in_colours_of_their_own(opened):
    page = opened(baydin, 2.0, 5.0, sweep="both", at=6)
    assert page.locator("#drawing .edge.active.forward").get_attribute("id") == "e6-0"
    assert page.locator("#drawing .edge.active.reverse").get_attribute("id") == "e4-0"
    assert page.locator("#pill > g").count() == 2
    assert sorted(page.locator("#source .lit u").all_text_contents()) == ["ad.sin(x2)", "v4 - v3"]


@pytest.mark.parametrize("name", ["baydin", "griewank", "rosenbrock", "softmax"])
def test_the_multiplications_are_those_of_the_steps(opened, name):
    function, point = ZOO[name]
    page = opened(function, *point, sweep="both", at=-1)
    n, m = page.evaluate("[DATA.inputs, DATA.outputs.length]")

    def products(sweep, seeds, key):
        units = [[float(i == j) for j in range(seeds)] for i in range(seeds)]
        return [sum(s.partial is not None for s in ad.steps(function, *point, sweep=sweep, **{key: u})) for u in units]

    ahead, back = products("forward", n, "tangents"), products("reverse", m, "adjoints")
    assert page.locator("#products span").all_text_contents() == [
        f"forward: {ahead[0]} of {ahead[0]} multiplications, all n = {n}: {sum(ahead)}",
        f"reverse: {back[0]} of {back[0]} multiplications, all m = {m}: {sum(back)}",
    ]


def test_a_mistake_comes_out_side_by_side_too(opened):
    page = opened(baydin, 2.0, 5.0, sweep="both", at=-1)
    page.locator("#assign").check()
    page.keyboard.press("End")
    assert page.locator("#trace tr.wrong").count() == page.locator("#faults li").count() == 2


def test_pictures_show_both_sentences(tmp_path):
    stepper = ad.step(baydin, 2.0, 5.0, sweep="both")
    told = stepper.save(tmp_path / "both.svg", at=9).read_text(encoding="utf-8")
    last = list(ad.steps(baydin, 2.0, 5.0, sweep="reverse"))[-1]
    assert last.sentence in told
    third = stepper.save(tmp_path / "both.svg", at=3).read_text(encoding="utf-8")
    for sweep in ("forward", "reverse"):
        assert list(ad.steps(baydin, 2.0, 5.0, sweep=sweep))[2].sentence in third


def test_steps_themselves_go_one_after_the_other():
    with pytest.raises(ValueError, match="sweep is one of evaluate, forward, reverse, or None"):
        ad.steps(baydin, 2.0, 5.0, sweep="both")
    with pytest.raises(ValueError, match="sweep is one of evaluate, forward, reverse, both"):
        ad.step(baydin, 2.0, 5.0, sweep="sideways")
