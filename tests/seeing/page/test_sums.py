"""A node that is chosen: its sum beside it, the paths to it, and how it is reached by keyboard."""

import pytest
from pages import shared
from zoo import ZOO, baydin

import autodiff as ad


@pytest.mark.parametrize("width", [390, 700, 1200])
@pytest.mark.parametrize("name", ["baydin", "griewank"])
def test_the_sum_stands_beside_its_node_and_hides_it_nowhere(opened, name, width):
    function, point = ZOO[name]
    page = opened(function, *point)
    page.set_viewport_size({"width": width, "height": 900})
    for slot in range(page.evaluate("DATA.nodes.length")):
        page.evaluate(f"chosen.node = {slot}, go(Infinity), lookAt({slot})")
        node, panel = page.locator(f"#n{slot}").bounding_box(), page.locator("#node").bounding_box()
        apart_x = max(node["x"] - panel["x"] - panel["width"], panel["x"] - node["x"] - node["width"])
        apart_y = max(node["y"] - panel["y"] - panel["height"], panel["y"] - node["y"] - node["height"])
        assert max(apart_x, apart_y) >= 0
        assert panel["x"] >= 0
        assert panel["x"] + panel["width"] <= width


def product(text):
    """The last number of a = b = c."""
    return float(text.rpartition("= ")[2].replace("−", "-"))


@pytest.mark.parametrize(("function", "slot", "count"), [(baydin, 1, 2), (shared, 0, 3), (shared, 2, 2)])
def test_the_products_along_all_paths_add_up_to_the_adjoint(opened, function, slot, count):
    page = opened(function, 2.0, 5.0, at=-1)
    page.evaluate(f"lookAt({slot})")
    page.locator("#node .light").click()
    found = []
    for i in range(count):
        assert page.locator("#node .reverse h3").last.text_content().startswith(f"Path {i + 1} of {count}")
        found.append(product(page.locator("#node .product").text_content()))
        lit = page.locator("#drawing .edge.along")
        assert lit.count() == page.locator("#node .product").text_content().split(" = ")[0].count(" · ") + 1
        page.get_by_title("The next path").click()
    assert sum(found) == pytest.approx(page.evaluate(f"follows.final.reverse[{slot}]"), rel=1e-4)
    assert page.locator("#node h3").last.text_content().startswith("Path 1 of")
    page.keyboard.press("Escape")
    assert page.locator("#drawing .edge.along").count() == 0


def test_a_seed_that_is_not_1_is_a_factor(opened):
    page = opened(lambda x: [x * x, ad.sin(x)], 2.0, adjoints=[3.0, 0.0])
    page.evaluate("lookAt(0)")
    page.locator("#node .light").click()
    assert page.locator("#node .product").text_content() == "seed · ∂f₁/∂x = 3 × 2 = 6" or (
        page.locator("#node .product").text_content().startswith("seed · ")
    )


def test_more_paths_than_can_be_told_apart_are_not_offered(opened):
    def doubled(x):
        for _ in range(25):
            x = x + x
        return x

    page = opened(doubled, 1.0)
    page.evaluate("lookAt(0)")
    assert page.locator("#node .light").count() == 0
    assert page.locator("#node .reverse h3").count() == 1


def test_partials_stand_on_edges_when_they_are_asked_for(opened):
    page = opened(baydin, 2.0, 5.0)
    assert page.locator("#partials-drawn text").count() == 0
    page.get_by_label("partials on edges").check()
    page.evaluate("go(7)")
    told = page.locator("#partials-drawn text").all_text_contents()
    assert sorted(told) == sorted(["0.5", "5", "2", "0.2837", "1", "1"])  # those of the step's own edges are in its sum
    page.evaluate("go(8)")
    assert page.locator("#partials-drawn text").count() == 8
    page.get_by_label("partials on edges").uncheck()
    assert page.locator("#partials-drawn text").count() == 0


def test_nodes_are_reached_and_opened_by_keyboard(opened):
    page = opened(baydin, 2.0, 5.0)
    assert page.locator("#drawing .node[tabindex='0']").count() == 1
    page.locator("#drawing .node[tabindex='0']").focus()
    focused = "document.activeElement.id"
    seen = [page.evaluate(focused)]
    for key in (
        "ArrowRight",
        "ArrowDown",
        "ArrowRight",
        "ArrowRight",
        "ArrowLeft",
        "ArrowLeft",
        "ArrowLeft",
        "ArrowLeft",
    ):
        page.keyboard.press(key)
        seen.append(page.evaluate(focused))
    assert len(set(seen)) >= 5
    assert page.locator("#count").text_content() == "0 / 22"  # the arrows of the drawing are not those of the steps
    page.keyboard.press("Enter")
    assert page.locator("#node").is_visible()
    page.keyboard.press("Escape")
    assert page.locator("#node").is_hidden()
    page.keyboard.press(" ")
    assert page.locator("#node").is_visible()


def test_every_node_is_reached_from_every_other(opened):
    page = opened(*ZOO["griewank"][:1], *ZOO["griewank"][1])
    count = page.evaluate("cards.length")
    assert count == page.evaluate("""() => {
        const groups = cards.map(({ group }) => group);
        const reached = new Set([groups[0]]);
        for (const group of reached)
            for (const way of Object.values(WAYS)) {
                const next = nearest(group, way, groups.filter((other) => other !== group));
                if (next) reached.add(next);
            }
        return reached.size;
    }""")


def test_a_phone_shows_all_of_the_function(opened):
    page = opened(baydin, 2.0, 5.0)
    page.set_viewport_size({"width": 390, "height": 844})
    page.reload()
    drawing = page.locator("#drawing").bounding_box()
    for slot in range(7):
        box = page.locator(f"#n{slot}").bounding_box()
        assert drawing["x"] <= box["x"]
        assert box["x"] + box["width"] <= drawing["x"] + drawing["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
