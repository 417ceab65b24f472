"""Inside of a step: forward, δ, each += and the update, with the numbers of `backpropagation`."""

import re

import pytest

import nn
from nn.watching.examples import example


def small(**options):
    model = nn.MLP(2, [3, 1], "tanh", rng=4)
    rows, targets = [[0.5, -1.0], [1.5, 0.25]], [0.3, -0.7]
    given = {"loss": nn.half_squared_error, "optimizer": nn.GradientDescent(0.1)} | options
    return model, rows, targets, nn.watch(model, rows, targets, **given)


def last(line):
    """The number behind the last = of a line, without what is in brackets behind it."""
    return float(re.sub(r"\s*\(.*\)$", "", line.rpartition("= ")[2]).replace("−", "-"))


def told(page):
    return page.locator("#moment").text_content(), page.locator("#lines li").all_text_contents()


def test_a_step_is_gone_through_down_to_each_addition(opened):
    model, rows, targets, watching = small()
    page = opened(watching)
    page.locator("#into").click()
    parameters = dict(model.named_parameters())
    found = nn.backpropagation(model, rows, targets, loss=nn.half_squared_error)
    count = page.evaluate("momentsOf(chosen.inside.rows)")
    assert count == 2 * (2 + 1 + 2 + len(parameters)) + len(parameters)
    seen, sums = [], {}
    for _ in range(count):
        heading, lines = told(page)
        seen.append(heading)
        for line in lines:
            if line.startswith("∂J/∂"):
                name, before = line.split(" += ")[0], sums.get(line.split(" += ")[0], 0.0)
                assert float(re.search(r"\((\S+) →", line)[1].replace("−", "-")) == pytest.approx(before, abs=6e-5)
                sums[name] = float(re.search(r"→ (\S+)\)", line)[1].replace("−", "-"))
        page.locator("#moment-next").click()
    assert seen[:5] == ["Example 1, forward: layer 2", "Example 1, forward: layer 3", "Example 1: the loss",
                        "Example 1, back: δ of layer 3", "Example 1, back: δ of layer 2"]  # fmt: skip
    assert seen.count("The update") == len(parameters)
    gradient = [
        g
        for rows, biases in zip(found.weights, found.biases, strict=True)
        for row, b in zip(rows, biases, strict=True)
        for g in (*row, b)
    ]
    assert list(sums.values()) == pytest.approx(gradient, abs=6e-5)
    assert page.locator("#status").text_content().startswith("Step 1, ")  # past the last moment the step is done
    page.locator("#restart").click()
    page.locator("#step").click()
    once = page.evaluate("[...trainer.parameters]")
    page.locator("#restart").click()
    page.locator("#into").click()
    page.locator("#moment-update").click()
    for _ in range(len(parameters)):
        page.locator("#moment-next").click()
    assert page.evaluate("[...trainer.parameters]") == once


def test_deltas_and_activations_are_those_of_the_recursion(opened):
    model, rows, targets, watching = small()
    page = opened(watching)
    sample = nn.backpropagation(model, [rows[1]], [targets[1]], loss=nn.half_squared_error).samples[0]
    page.locator("#into").click()
    page.locator("#moment-example").click()
    heading, lines = told(page)
    assert heading == "Example 2, forward: layer 2"
    assert list(map(last, lines)) == pytest.approx(sample.a[1], abs=6e-5)
    for _ in range(3):
        page.locator("#moment-next").click()
    assert list(map(last, told(page)[1])) == pytest.approx(sample.deltas[-1], abs=6e-5)
    page.locator("#moment-next").click()
    assert list(map(last, told(page)[1])) == pytest.approx(sample.deltas[0], abs=6e-5)
    assert page.locator(".neuron.lit").count() == 3
    page.locator("#moment-back").click()
    assert told(page)[0] == "Example 2, back: δ of layer 3"


def test_the_update_is_told_as_the_rule_has_it(opened):
    for optimizer, words in (
        (nn.GradientDescent(0.1), "− α ∂J/∂W⁽¹⁾₁,₁ = "),
        (nn.Adam(0.1), "by Adam(0.1) of ∂J/∂W⁽¹⁾₁,₁"),
    ):
        *_, watching = small(optimizer=optimizer, l2=0.01)
        page = opened(watching)
        page.locator("#into").click()
        page.locator("#moment-update").click()
        line = told(page)[1][0]
        assert words in line
        assert "of the penalty" in line


def test_keys_go_through_it_too(opened):
    *_, watching = small()
    page = opened(watching)
    page.keyboard.press("ArrowRight")
    assert page.locator("#status").text_content().startswith("Step 1, ")
    page.locator("#into").focus()
    page.keyboard.press("Enter")
    page.locator("h1").click()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert page.locator("#moment-count").text_content().startswith("3 / ")
    page.keyboard.press("ArrowLeft")
    assert page.locator("#moment-count").text_content().startswith("2 / ")
    page.keyboard.press(" ")
    page.wait_for_function("trainer.steps > 5")
    assert page.locator("#inside").is_hidden()
    page.keyboard.press(" ")
    stands = page.evaluate("trainer.steps")
    page.wait_for_timeout(200)
    assert page.evaluate("trainer.steps") == stands


def test_many_neurons_are_told_in_a_few_lines(opened):
    own = example("moons")
    model = nn.MLP(2, [20, 1], "relu", rng=0)
    page = opened(nn.watch(model, own.inputs, own.targets, loss=nn.hinge, optimizer=nn.GradientDescent(0.1)))
    page.locator("#into").click()
    assert told(page)[1][-1] == "… 12 more"


def test_classes_with_several_outputs_are_coloured_by_the_largest(opened):
    model = nn.MLP(2, [4, 3], "tanh", rng=0)
    page = opened(
        nn.watch(
            model,
            [[0.0, 1.0], [1.0, 0.0], [1.0, 1.0]],
            [0, 1, 2],
            loss=nn.softmax_cross_entropy,
            optimizer=nn.Adam(0.1),
        )
    )
    page.evaluate("for (let i = 0; i < 200; i++) step(); redraw()")
    centre = (
        "(i) => { const [x, y] = trainer.rows[i]; const a = feed([x, y]).at(-1).a; return a.indexOf(Math.max(...a)); }"
    )
    assert [page.evaluate(centre, i) for i in range(3)] == [0, 1, 2]
    assert page.locator("#class option").count() == 3
    page.locator("#into").click()
    for _ in range(2):
        page.locator("#moment-next").click()
    assert "y = 0" in told(page)[1][0]
