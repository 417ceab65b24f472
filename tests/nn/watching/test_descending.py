"""Descent in a page goes the way of the optimizers, and each of its steps leads down to its sweep."""

import math

import pytest

import autodiff as ad
import nn


def rosenbrock(x, y):
    return (1.0 - x) ** 2 + 10.0 * (y - x * x) ** 2


def bowl(x):
    return ad.sin(3.0 * x) + x * x


def path(function, start, optimizer, steps):
    points = [list(start)]
    for _ in range(steps):
        found = ad.grad(function, tuple(range(len(start))))(*points[-1])
        points.append(optimizer.moved(points[-1], list(found)))
    return points


@pytest.mark.parametrize(("function", "start"), [(rosenbrock, (-1.2, 1.0)), (bowl, (2.0,))])
def test_every_path_is_that_of_its_optimizer(opened, function, start):
    racers = [nn.GradientDescent(0.01), nn.GradientDescent(0.01, 0.9, nesterov=True), nn.Adam(0.1), nn.RMSProp(0.02)]
    page = opened(nn.descend(function, *start, optimizers=racers, steps=50))
    page.evaluate("while (step()); redraw()")
    for k, make in enumerate(
        [nn.GradientDescent(0.01), nn.GradientDescent(0.01, 0.9, nesterov=True), nn.Adam(0.1), nn.RMSProp(0.02)]
    ):
        found = page.evaluate(f"racers[{k}].path.map(({{ at }}) => at)")
        assert len(found) == 51
        for at, expected in zip(found, path(function, start, make, 50), strict=True):
            assert at == pytest.approx(expected, rel=1e-9, abs=1e-9)


def test_a_step_that_is_clicked_shows_its_gradient_its_sweep_and_its_move(opened):
    page = opened(nn.descend(rosenbrock, -1.2, 1.0, optimizers=[nn.GradientDescent(0.01)]))
    page.evaluate("for (let i = 0; i < 12; i++) step(); redraw()")
    page.locator("#paths .dot").nth(4).click(force=True)
    x, y = path(rosenbrock, (-1.2, 1.0), nn.GradientDescent(0.01), 4)[-1]
    told = page.locator("#look li").all_text_contents()
    gx, _ = ad.grad(rosenbrock, (0, 1))(x, y)
    assert page.locator("#look-title").text_content() == "GradientDescent(0.01), step 4"
    assert float(told[0].rpartition("= ")[2]) == pytest.approx(rosenbrock(x, y), rel=1e-3)
    assert float(told[1].rpartition("= ")[2].replace("−", "-")) == pytest.approx(gx, rel=1e-3)
    assert told[3].startswith("x ← x − α ∂f/∂x = ")
    sentences = [step.sentence for step in ad.steps(rosenbrock, x, y, sweep="reverse")]
    assert page.locator("#sweep li").all_text_contents() == sentences
    page.get_by_label("The next step").click()
    assert page.locator("#look-title").text_content() == "GradientDescent(0.01), step 5"
    page.locator("h1").click()
    page.keyboard.press("ArrowLeft")
    assert page.locator("#look-title").text_content() == "GradientDescent(0.01), step 4"


def test_the_start_and_the_rates_are_chosen_anew(opened):
    page = opened(nn.descend(rosenbrock, -1.2, 1.0))
    page.locator("#start0").fill("0.5")
    page.locator("#start0").press("Enter")
    assert page.evaluate("racers.map(({ path }) => path[0].at)") == [[0.5, 1.0]] * 3
    page.get_by_label("α of Adam(0.1)").fill("0.3")
    page.get_by_label("α of Adam(0.1)").press("Enter")
    page.locator("h1").click()
    page.keyboard.press("ArrowRight")
    assert page.evaluate("racers[2].path[1].at[0]") == pytest.approx(
        path(rosenbrock, (0.5, 1.0), nn.Adam(0.3), 1)[1][0]
    )
    page.get_by_label("α of Adam(0.1)").fill("-1")
    page.get_by_label("α of Adam(0.1)").press("Enter")
    assert page.get_by_label("α of Adam(0.1)").input_value() == "0.3"
    page.locator("#ground").click(position={"x": 250, "y": 200})
    assert page.evaluate("racers.map(({ path }) => path.length)") == [1, 1, 1]
    assert page.evaluate("racers[0].path[0].at") != [0.5, 1.0]


def test_what_diverges_says_so_and_keeps_its_last_good_step(opened):
    page = opened(nn.descend(rosenbrock, -1.2, 1.0, optimizers=[nn.GradientDescent(1.0), nn.Adam(0.1)]))
    page.locator("#run").click()
    page.wait_for_function("!chosen.running && racers[1].path.length === 101")
    assert "diverged at step" in page.locator("#racers tbody tr").first.text_content()
    assert page.evaluate("racers[0].path.every(({ value }) => Number.isFinite(value))")


def test_contours_are_lines_of_equal_height(opened):
    page = opened(nn.descend(lambda x, y: x * x + y * y, 1.0, 1.0, region=[(-2, 2), (-2, 2)]))
    found = page.evaluate("""() => [...byId("contours").children].map((line) => {
        const level = Number(line.textContent.replace("f = ", ""));
        const numbers = line.getAttribute("d").match(/-?[\\d.]+/g).map(Number);
        return [level, numbers.map((_, i) => i).filter((i) => i % 2 === 0).map((i) =>
            (numbers[i] / 480 * 4 - 2) ** 2 + (2 - numbers[i + 1] / 480 * 4) ** 2)];
    })""")
    assert len(found) > 10
    for level, heights in found:
        assert heights == pytest.approx([level] * len(heights), abs=0.02)


@pytest.mark.parametrize(("args", "options", "error", "told"), [
    ((1.0, 2.0, 3.0), {}, ValueError, "one or two numbers, got a start of 3"), ((), {}, ValueError, "a start of 0"),
    ((1.0, 2.0), {"optimizers": []}, TypeError, "one to 4 optimizers"),
    ((1.0, 2.0), {"optimizers": [nn.LBFGS()]}, TypeError, "L-BFGS cannot be watched"),
    ((1.0, 2.0), {"optimizers": [nn.Adam(0.1)] * 5}, TypeError, "one to 4 optimizers"),
    ((1.0, 2.0), {"steps": 5000}, ValueError, "at most 2,000 steps"),
    ((1.0, 2.0), {"region": [(0, 1)]}, ValueError, "region is a pair"),
    ((1.0, 2.0), {"region": [(0, 1), (1, 1)]}, ValueError, "region is a pair"),
    ((math.inf, 2.0), {}, ValueError, "begin elsewhere"),
])  # fmt: skip
def test_what_cannot_be_raced_is_refused(args, options, error, told):
    with pytest.raises(error, match=told):
        nn.descend(lambda *xs: ad.total(x * x for x in xs) if xs else 0.0, *args, **options)


def test_the_missing_names_of_autodiff_lead_there():
    with pytest.raises(AttributeError, match=r"did you mean nn\.descend"):
        ad.descend
