"""A drawing of any size: zoomed, moved, searched, its boxes opened and closed; and it follows the steps."""

import pytest
from zoo import ZOO, baydin

import autodiff as ad
import nn
from autodiff import Value

INSIDE = """(id) => {
    const [box, outer] = [id, "drawing"].map((name) => byId(name).getBoundingClientRect());
    return box.left >= outer.left && box.right <= outer.right && box.top >= outer.top && box.bottom <= outer.bottom;
}"""
IN_SIGHT = f"(id) => ({INSIDE})(id)"


def network(*sizes):
    model = nn.MLP(sizes[0], list(sizes[1:]), "tanh", rng=1)
    return lambda x1, x2: model([x1, x2])


def chain(x):
    for _ in range(30):
        x = ad.sin(x)
    return x


def test_zoom_by_keys_buttons_and_the_wheel(opened):
    page = opened(*ZOO["griewank"][:1], *ZOO["griewank"][1])
    before = page.evaluate("zoomOf()")
    page.keyboard.press("+")
    page.locator("#nearer").click()
    assert page.evaluate("zoomOf()") == pytest.approx(before * 1.25**2)
    page.locator("#farther").click()
    page.keyboard.press("-")
    assert page.evaluate("zoomOf()") == pytest.approx(before)
    page.locator("#drawing").hover()
    page.keyboard.down("Control")
    page.mouse.wheel(0, -300)
    page.wait_for_function("(before) => zoomOf() > 2 * before", arg=before)
    page.keyboard.up("Control")
    page.keyboard.press("0")
    assert page.evaluate("zoomOf() <= 1 && panel.scrollWidth <= panel.clientWidth")


def test_a_key_that_is_typed_zooms_nothing(opened):
    page = opened(lambda x: x * x, 3.0)
    before = page.evaluate("zoomOf()")
    page.locator("#search").press_sequentially("0+-")
    page.locator("#sliders input[type=number]").press_sequentially("0")
    assert page.evaluate("zoomOf()") == before


def test_the_map_is_there_where_not_all_is_seen_and_leads_there(opened):
    page = opened(chain, 0.5)
    page.set_viewport_size({"width": 1280, "height": 1000})
    page.evaluate("fit()")
    assert page.locator("#map").is_hidden()
    page.evaluate("zoomTo(3)")
    assert page.locator("#map").is_visible()
    box = page.locator("#map").bounding_box()
    page.mouse.click(box["x"] + box["width"] - 4, box["y"] + box["height"] - 4)
    left, top = page.evaluate("[panel.scrollLeft, panel.scrollTop]")
    right, bottom = page.evaluate("[panel.scrollWidth - panel.clientWidth, panel.scrollHeight - panel.clientHeight]")
    assert (left, top) == pytest.approx((right, bottom), abs=8)
    x, y = (float(page.locator("#seen").get_attribute(side)) for side in "xy")
    assert x > 0.0
    assert y > 0.0


def test_it_is_dragged(opened):
    page = opened(chain, 0.5)
    page.evaluate("zoomTo(3); panel.scrollTo({left: 300, top: 200, behavior: 'instant'})")
    page.mouse.move(600, 500)
    page.mouse.down()
    page.mouse.move(500, 450)
    page.mouse.up()
    assert page.evaluate("[panel.scrollLeft, panel.scrollTop]") == [400, 250]


def test_the_view_follows_the_step(opened):
    page = opened(chain, 0.5, media={"reduced_motion": "reduce"})
    page.evaluate("zoomTo(2)")
    for _ in range(page.evaluate("follows.steps.length")):
        page.keyboard.press("ArrowRight")
        assert page.evaluate(IN_SIGHT, page.evaluate("cardOf[follows.steps[chosen.count - 1].to]"))


def test_a_node_is_found_by_its_name_or_what_is_written_on_it(opened):
    page = opened(baydin, 2.0, 5.0)
    page.locator("#search").fill("v3")
    assert page.locator("#found").text_content().startswith("v₃")
    assert page.evaluate("DATA.nodes[chosen.node].name") == "v₃"
    page.locator("#search").fill("sin")
    first = page.locator("#found").text_content()
    page.locator("#search").press("Enter")
    assert page.locator("#found").text_content() != first or "of" not in first
    page.locator("#search").fill("no such node")
    assert page.locator("#found").text_content() == "nothing found"


def test_boxes_open_and_close_by_click_and_by_keyboard(opened):
    page = opened(network(2, 4, 4, 1), 0.5, -1.0)
    lids = page.locator(".lid:visible")
    closed = lids.count()
    assert closed == 9
    first = page.locator(".lid[aria-label^='Open neuron 1']").first
    first.click()
    assert lids.count() == closed - 1
    title = page.locator(".fold[aria-label='Close neuron 1']").first
    assert title.evaluate("title => document.activeElement === title && title.getAttribute('aria-expanded') === 'true'")
    page.keyboard.press("Enter")
    assert lids.count() == closed
    assert page.evaluate("document.activeElement.classList.contains('lid')")
    page.keyboard.press(" ")
    assert lids.count() == closed - 1


def test_a_closed_box_is_lit_and_coloured_and_shows_what_it_gives(opened):
    page = opened(network(2, 2, 1), 0.5, -1.0, depth=None)
    page.evaluate("FRAMES.forEach((_, i) => setOpen(i, false)); go(Infinity)")
    lid = "FRAMES.find(({ name }) => name === 'layer 2').lid"
    output = page.evaluate("short(follows.model.values[DATA.outputs[0]])")
    assert page.evaluate(f"{lid}.querySelectorAll('text')[2].textContent") == output
    assert "color-mix" in page.evaluate(f"{lid}.style.getPropertyValue('--card')")
    page.evaluate("go(follows.steps.findIndex((s) => s.phase === 'reverse') + 1)")
    assert "active reverse" in page.evaluate(f"{lid}.getAttribute('class')")


def test_what_is_found_in_a_closed_box_opens_it(opened):
    page = opened(network(2, 4, 4, 1), 0.5, -1.0)
    page.locator("#search").fill("W²₁,₁")
    slot = page.evaluate("DATA.nodes.findIndex((node) => node.name === 'W²₁,₁')")
    assert page.evaluate("(slot) => lidOver(DATA.inside[slot])", slot) is None
    assert page.evaluate("(slot) => chosen.node === slot", slot)


def test_a_graph_of_thousands_of_nodes_is_stepped_through_in_boxes(opened):
    def long(x):
        for _ in range(600):
            x = ad.sin(x) * 1.01
        return x

    page = opened(long, 0.5)
    assert page.locator(".node").count() < 100
    assert "cut into" in page.locator("#note").text_content()
    page.evaluate("go(Infinity)")
    gradient = ad.grad(long)(0.5)
    ends = page.evaluate("stateAt(follows.model, follows.steps, 'all', follows.steps.length)")
    assert ends["reverse"][0] == pytest.approx(gradient, rel=1e-12)
    assert page.locator(".node.active").count() in (1, 2)


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("name", [*sorted(ZOO)[:9], "network"])
def test_nothing_is_outside_of_the_view(opened, name, width):
    function, point = (network(2, 4, 4, 1), (0.5, -1.0)) if name == "network" else ZOO[name]
    page = opened(function, *point)
    page.set_viewport_size({"width": width, "height": 900})
    page.evaluate("go(Infinity); fit()")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    outside = page.evaluate(
        "[...document.querySelectorAll('#drawing :is(.node, .edge)')].map((part) => part.id)"
        f".filter((id) => id && !({INSIDE})(id))"
    )
    assert outside == []


@pytest.mark.parametrize("depth", [-1, 1.5, True])
def test_a_depth_is_a_count_of_scopes(depth):
    with pytest.raises(ValueError, match="depth is how many scopes inside of one another are opened"):
        ad.step(lambda x: x * x, 2.0, depth=depth)


def test_a_film_of_too_many_steps_is_refused(tmp_path):
    def long(x):
        for _ in range(300):
            x = ad.sin(x)
        return x

    with pytest.raises(ValueError, match=r"903 steps are too many for one \.gif, at most 500: say which, as at=7"):
        ad.step(long, 0.5).save(tmp_path / "long.gif")
    assert ad.step(long, 0.5).save(tmp_path / "long.svg", at=-1).stat().st_size > 1_000


def test_a_long_label_stays_inside_of_a_phone(opened):
    x = Value(2.0, "a_rather_long_label_of_forty_characters_x")
    page = opened(x * x + ad.sin(x))
    page.set_viewport_size({"width": 390, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
