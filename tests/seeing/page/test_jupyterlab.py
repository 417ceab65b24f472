"""The stepper in a real JupyterLab: a server, a notebook, its cells run, its buttons and keys pressed."""

import jupyter
import nbformat
import pytest
from browser import watched
from nbconvert import HTMLExporter

import autodiff as ad

CELLS = (
    "import autodiff as ad",
    "def f(x1, x2):\n    product = x1 * x2\n    return ad.log(x1) + product - ad.sin(x2)",
    "ad.step(f, 2.0, 5.0)",
    "ad.draw(f, 2.0, 5.0)",
    "ad.step(f, 2.0, 5.0).widget()",
)


STEPPER = ".jp-RenderedHTML iframe[title$='step by step']"


@pytest.fixture(scope="module")
def lab(browser, tmp_path_factory):
    """A page of JupyterLab with the notebook run, and its stepper's frame; quiet to the end."""
    root = tmp_path_factory.mktemp("notebooks")
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}  # else JupyterLab asks which
    notebook = nbformat.v4.new_notebook(
        metadata={"kernelspec": kernel}, cells=[nbformat.v4.new_code_cell(source) for source in CELLS]
    )
    nbformat.write(notebook, root / "stepper.ipynb")
    with jupyter.server(root) as url, watched(browser) as (page, faults):
        page.set_viewport_size({"width": 1400, "height": 1500})
        jupyter.opened(page, url, "stepper.ipynb")
        assert jupyter.run_all(page) == []
        yield page
    assert not jupyter.ours(faults)


@pytest.fixture
def stepper(lab):
    """The stepper's page, at its first step."""
    frame = lab.frame_locator(STEPPER)
    frame.get_by_role("button", name="First step").click()
    return frame


def told(stepper):
    return stepper.locator("#sentence").text_content()


@pytest.mark.long(20)
def test_buttons_and_keys_step_through_the_sweeps(lab, stepper):
    space = {}
    exec("\n".join(CELLS[:2]), space)  # the function of the notebook
    sentences = [step.sentence for step in ad.steps(space["f"], 2.0, 5.0)]
    stepper.get_by_role("button", name="Step forward").click()
    assert told(stepper) == sentences[0] == "x₁ = 2"
    lab.keyboard.press("ArrowRight")
    assert told(stepper) == "x₂ = 5"
    lab.keyboard.press("End")
    assert stepper.locator("#count").text_content() == f"{len(sentences)} / {len(sentences)}"
    assert told(stepper) == sentences[-1]
    assert stepper.locator("#drawing .active").count() == 3
    assert stepper.locator("#trace tbody tr").first.locator("td").all_text_contents() == ["2", "1", "5.5"]


def test_the_line_of_the_cell_is_lit(stepper):
    for _ in range(3):
        stepper.get_by_role("button", name="Step forward").click()
    assert stepper.locator("#source .lit").text_content() == "    product = x1 * x2"


def test_inputs_move_without_the_kernel(lab, stepper):
    stepper.locator("#sliders [type=number]").first.fill("3.5")
    stepper.get_by_role("button", name="Last step").click()
    slope = ad.grad(lambda x: ad.log(x) + x * 5.0 - ad.sin(5.0))(3.5)
    assert stepper.locator("#trace tbody tr").first.locator("td").last.text_content() == f"{slope:.4f}"
    stepper.get_by_role("button", name="Reset").click()


def test_its_frame_is_as_high_as_the_page_and_follows_the_theme(lab, stepper):
    frame = lab.locator(STEPPER)
    inner = stepper.locator("html").evaluate("html => html.scrollHeight")
    assert frame.bounding_box()["height"] >= inner
    grounds = []
    for dark in (True, False):
        jupyter.set_theme(lab, dark=dark)
        grounds.append(stepper.locator("body").evaluate("body => getComputedStyle(body).backgroundColor"))
    assert grounds == ["rgb(20, 24, 28)", "rgb(255, 255, 255)"]


def test_a_drawing_shows_itself(lab):
    picture = lab.frame_locator("iframe[title^='graph of']").locator("svg")
    assert picture.bounding_box()["width"] > 300
    assert picture.locator("title").first.text_content().startswith("x₁ = 2")
    frame = lab.locator("iframe[title^='graph of']").bounding_box()
    assert frame["height"] >= picture.bounding_box()["height"]


def test_a_drawing_follows_the_theme(lab):
    ground = lab.frame_locator("iframe[title^='graph of']").locator("svg > rect").first
    found = []
    for dark in (True, False):
        jupyter.set_theme(lab, dark=dark)
        found.append(ground.evaluate("rect => getComputedStyle(rect).fill"))
    assert found == ["rgb(23, 25, 29)", "rgb(253, 253, 254)"]


def test_a_widget_shows_the_page_as_well(lab):
    frame = ".jp-OutputArea-output:not(.jp-RenderedHTML) iframe[title$='step by step']"
    inner = lab.frame_locator(frame).locator("#sentence")
    inner.wait_for(timeout=20_000)
    assert inner.text_content()


def test_an_exported_page_keeps_the_stepper(page, tmp_path):
    shown = nbformat.v4.new_output("display_data", {"text/html": ad.step(lambda x: x * ad.sin(x), 2.0)._repr_html_()})
    cell = nbformat.v4.new_code_cell("ad.step(f, 2.0)", outputs=[shown])
    nothing = "data:text/javascript,"  # what the exporter itself would fetch from other hosts
    exporter = HTMLExporter(
        jquery_url=nothing,
        require_js_url=nothing,
        mathjax_url=nothing,
        mermaid_js_url=nothing,
        widget_renderer_url=nothing,
    )
    exported, _ = exporter.from_notebook_node(nbformat.v4.new_notebook(cells=[cell]))
    path = tmp_path / "notebook.html"
    path.write_text(exported, encoding="utf-8")
    page.goto(path.as_uri())
    frame = page.frame_locator("iframe[title$='step by step']")
    frame.get_by_role("button", name="Last step").click()
    assert frame.locator("#count").text_content() == "11 / 11"  # 3 nodes, a seed and 3 contributions either way
