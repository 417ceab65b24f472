"""Networks that die, saturate or diverge, and points that are moved while they learn."""

import math

import pytest

import nn


def test_a_rate_that_diverges_is_told_and_the_last_good_step_is_offered(opened):
    rows, targets = [[x / 5.0] for x in range(-10, 11)], [math.sin(x / 5.0) for x in range(-10, 11)]
    page = opened(
        nn.watch(
            nn.MLP(1, [6, 1], "relu", rng=1),
            rows,
            targets,
            loss=nn.half_squared_error,
            optimizer=nn.GradientDescent(0.01),
        )
    )
    page.evaluate("for (let i = 0; i < 5; i++) step(); redraw()")
    page.locator("#rate-typed").fill("1000")
    page.locator("#rate-typed").press("Enter")
    page.locator("#run").click()
    page.locator("#trouble").wait_for(state="visible")
    told = page.locator("#trouble-told").text_content()
    assert told.startswith("Training diverged at step ")
    assert "with α = 1000" in told
    assert page.locator("#run").get_attribute("aria-pressed") == "false"
    page.locator("#back").click()
    assert page.locator("#trouble").is_hidden()
    assert page.locator("#rate-typed").input_value() == "500"
    assert page.evaluate("trainer.parameters.every(Number.isFinite)")
    least = page.evaluate("trainer.least")
    assert page.evaluate("objective(trainer.rows.map((_, i) => i)).loss") == pytest.approx(least, rel=1e-9)
    page.locator("#rate-typed").fill("0.01")
    page.locator("#rate-typed").press("Enter")
    page.evaluate("for (let i = 0; i < 20; i++) step(); redraw()")
    assert page.evaluate("trainer.losses.at(-1)") < least


def test_a_dead_neuron_is_shown_where_it_is(opened):
    model = nn.MLP(2, [3, 1], "relu", rng=0)
    model.layers[0].neurons[1].bias.data = -50.0
    rows = [[x, y] for x in (-1.0, 0.0, 1.0) for y in (-1.0, 0.0, 1.0)]
    page = opened(nn.watch(model, rows, [1, -1, 1] * 3, loss=nn.hinge, optimizer=nn.GradientDescent(0.1)))
    assert page.locator(".neuron.dead").count() == 1
    assert "a⁽²⁾₂ dead" in page.locator("#layers").text_content()


@pytest.mark.parametrize("activation", ["tanh", "sigmoid"])
def test_a_saturated_neuron_is_shown_where_it_is(opened, activation):
    model = nn.MLP(2, [3, 1], activation, rng=0)
    model.layers[0].neurons[2].bias.data = 12.0
    page = opened(nn.watch(model, [[0.1, 0.2], [-0.4, 0.9]], [1, -1], loss=nn.hinge, optimizer=nn.GradientDescent(0.1)))
    assert page.locator(".neuron.saturated").count() == 1
    assert "a⁽²⁾₃ saturated" in page.locator("#layers").text_content()


def test_points_are_dragged_added_and_taken_out(opened):
    page = opened(nn.watch("moons"))
    page.set_viewport_size({"width": 1280, "height": 1100})
    page.locator("#points path").nth(3).scroll_into_view_if_needed()
    box = page.locator("#points path").nth(3).bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    which = page.evaluate("([x, y]) => [...byId('points').children].indexOf(document.elementFromPoint(x, y))", [x, y])
    before = page.evaluate("(i) => trainer.rows[i]", which)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 30, y - 20, steps=3)
    page.mouse.up()
    after = page.evaluate("(i) => trainer.rows[i]", which)
    assert after[0] > before[0]
    assert after[1] > before[1]
    plane = page.locator("#plane").bounding_box()
    page.locator("#class").select_option("1")
    page.mouse.click(plane["x"] + 6, plane["y"] + 6)
    assert page.evaluate("[trainer.rows.length, trainer.targets.at(-1)]") == [101, 1]
    page.locator("#remove").click()
    assert page.evaluate("trainer.rows.length") == 100
    page.locator("#batch").select_option("16")
    page.evaluate("for (let i = 0; i < 30; i++) step(); redraw()")
    assert page.evaluate("trainer.losses.every(Number.isFinite)")
    page.locator("#restart").click()
    assert page.evaluate("(i) => trainer.rows[i]", which) == before


def test_points_are_moved_by_keyboard(opened):
    page = opened(nn.watch("sine"))
    page.locator("#points path[tabindex='0']").focus()
    before = page.evaluate("[trainer.rows[0][0], trainer.targets[0]]")
    for key in ("ArrowRight", "ArrowUp"):
        page.keyboard.press(key)
    after = page.evaluate("[trainer.rows[0][0], trainer.targets[0]]")
    assert after[0] > before[0]
    assert after[1] > before[1]
    page.keyboard.press("n")
    page.keyboard.press("Delete")
    assert page.evaluate("trainer.rows.length") == 39
    page.locator("#add").click()
    assert page.evaluate("[trainer.rows.length, document.activeElement === byId('points').lastChild]") == [40, True]
    page.keyboard.press("p")
    page.keyboard.press("Enter")
    assert page.evaluate("chosen.example") == 38
    for _ in range(60):
        page.evaluate("removePoint(0, changedPoints)")
    assert page.evaluate("trainer.rows.length") == 1  # of none there is no mean


def test_a_point_that_is_taken_out_ends_the_step_that_was_looked_into(opened):
    page = opened(nn.watch("moons"))
    page.evaluate("enter(); chooseExample(99); removePoint(99, changedPoints)")
    assert page.locator("#inside").is_hidden()
    page.evaluate("enter(); toUpdate()")
    assert page.locator("#moment").text_content() == "The update"


def test_what_is_no_rate_is_not_taken(opened):
    page = opened(nn.watch("xor"))
    for given in ("-1", "0", ""):
        page.locator("#rate-typed").fill(given)
        page.locator("#rate-typed").press("Enter")
        assert page.evaluate("rateNow()") == 0.5
    page.locator("#rate").fill("-1")
    assert page.evaluate("rateNow()") == 0.1
    page.locator("#rule").select_option(label="Adam(0.02)")
    assert page.evaluate("rateNow()") == 0.02


def test_targets_that_are_lists_are_shown_but_not_edited(opened):
    rows = [[0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]
    page = opened(nn.watch(nn.MLP(2, [3, 2], rng=0), rows, rows, loss=nn.half_squared_error, optimizer=nn.Adam(0.1)))
    assert page.locator("#edit").is_hidden()
    assert page.locator("#points path").count() == 3


def test_of_more_than_two_inputs_there_is_no_plane(opened):
    rows = [[0.0, 1.0, 2.0], [1.0, 0.0, 1.0]]
    page = opened(
        nn.watch(nn.MLP(3, [3, 1], rng=0), rows, [0.5, 1.5], loss=nn.half_squared_error, optimizer=nn.Adam(0.1))
    )
    assert page.locator("#plane-figure").is_hidden()
    page.evaluate("for (let i = 0; i < 30; i++) step(); redraw()")
    assert page.evaluate("trainer.losses.at(-1) < trainer.losses[0]")
