"""A graph of any size as a page: looked at, searched, its boxes opened."""

import pytest

import autodiff as ad
import nn
from autodiff import Value


@pytest.fixture
def explored(page, tmp_path):
    def open_explorer(*args, **options):
        page.goto(ad.explore(*args, **options).save(tmp_path / "graph.html").as_uri())
        return page

    return open_explorer


def network():
    output = nn.MLP(2, [4, 4, 1], "tanh", rng=1)([0.5, -1.0])
    output.backward()
    return output


def test_boxes_are_opened_and_closed(explored):
    page = explored(network())
    lids = page.locator(".lid:visible")
    assert lids.count() == 9
    lids.nth(4).click()
    assert lids.count() == 8
    page.keyboard.press("Enter")
    assert lids.count() == 9


def test_a_card_tells_its_exact_numbers(explored):
    x = Value(2.0, "x")
    page = explored(lambda x: x / 3.0, 1.0)
    page.locator("#c1").click()
    assert page.locator("#node").inner_text().split("\n")[0] == "v₁ = x / 3 = 0.3333333333333333"
    assert x.grad == 0.0


def test_colours_and_lids_are_those_of_the_drawing(explored):
    output = network()
    page = explored(output)
    cards = [card for card in ad.explore(output).picture.cards if card.level is not None]
    signs = page.evaluate("cards.map(({ color }) => color.includes('--cold') ? -1 : color.includes('--warm') ? 1 : 0)")
    assert signs == [(card.level > 0) - (card.level < 0) for card in cards]
    assert page.locator(".lid text", has_text=f"{output.data:.4f}".replace("-", "−")).count() >= 1


def test_what_is_found_is_opened_and_told(explored):
    page = explored(network())
    page.locator("#search").fill("W²₁,₁")
    assert page.locator("#found").text_content().startswith("W²₁,₁")
    assert page.locator("#node").inner_text().startswith("W²₁,₁ = ")
    assert page.locator(".node.selected:not(.lid)").count() == 1


def test_a_hundred_thousand_nodes_are_a_page(explored):
    z = x = Value(0.5, "x")
    for _ in range(100_000):
        z = ad.sin(z)
    page = explored(z)
    assert page.locator(".node").count() < 20
    assert "100,001 nodes, cut into 12 stretches" in page.locator("#note").text_content()
    page.locator("#search").fill("v500")
    assert page.locator("#found").text_content().startswith("v₅₀₀")
    assert x.grad == 0.0


@pytest.mark.parametrize("path", ["graph.svg", "graph", "graph.png"])
def test_it_is_saved_as_a_page(tmp_path, path):
    with pytest.raises(ValueError, match=r"a drawing to explore is a page, saved as \.html; ad\.draw"):
        ad.explore(lambda x: x * x, 2.0).save(tmp_path / path)
    assert not list(tmp_path.iterdir())


def test_what_has_no_graph_is_refused():
    with pytest.raises(TypeError, match=r"write ad\.explore\(f, 2\.0\)"):
        ad.explore(2.0)


def test_labels_are_only_text(explored):
    page = explored(lambda x: x["<script>alert(1)</script>"] * 2.0, {"<script>alert(1)</script>": 1.0})
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    page.locator("#c0").click()
    assert "<script>" in page.locator("#node").inner_text()
