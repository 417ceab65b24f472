"""Pages for a classroom: one file each, for everyone, from a disk, in a frame, in a notebook that was exported."""

import re

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from nbclient import NotebookClient
from nbconvert import HTMLExporter
from zoo import ZOO, baydin

import autodiff as ad
import nn

PAGES = {
    "steps": lambda: ad.step(baydin, 2.0, 5.0, at=-1),
    "both": lambda: ad.step(baydin, 2.0, 5.0, sweep="both", at=4),
    "predict": lambda: ad.step(ZOO["griewank"][0], *ZOO["griewank"][1], predict=True),
    "explore": lambda: ad.explore(baydin, 2.0, 5.0),
    "xor": lambda: nn.watch("xor"),
    "moons": lambda: nn.watch("moons"),
    "sine": lambda: nn.watch("sine"),
    "descent": lambda: nn.descend(lambda x, y: x * x + 3.0 * y * y, 2.0, 1.0),
}
BUSY = {  # what makes a page show all that it has
    "steps": "select(1); byId('node').querySelector('.light').click(); byId('check').click(); copy('a step')",
    "predict": "byId('hint').click()",
    "moons": "for (let i = 0; i < 20; i++) step(); enter()",
    "descent": "for (let i = 0; i < 20; i++) step(); redraw()",
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_serious(opened, name, scheme):
    page = opened(PAGES[name](), color_scheme=scheme, reduced_motion="reduce")
    page.evaluate(f"() => {{ {BUSY.get(name, '')} }}")
    found = Axe().run(page).response["violations"]
    serious = [
        (each["id"], [node["html"][:160] for node in each["nodes"]][:3])
        for each in found
        if each["impact"] in ("serious", "critical")
    ]
    assert serious == []


@pytest.mark.parametrize("name", PAGES)
def test_it_is_one_small_file_that_asks_for_nothing(name):
    html = PAGES[name]().html
    assert len(html.encode()) < 400_000
    assert not re.findall(r"(?:src|href)\s*=\s*[\"']?http|@import|url\(\s*[\"']?http", html)


@pytest.mark.parametrize("name", PAGES)
def test_a_phone_shows_it_without_scrolling_aside(opened, name):
    page = opened(PAGES[name]())
    page.set_viewport_size({"width": 390, "height": 844})
    page.reload()
    page.evaluate(f"() => {{ {BUSY.get(name, '')} }}")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("name", ["steps", "moons", "descent"])
def test_what_is_touched_is_large(browser, tmp_path, name):
    context = browser.new_context(has_touch=True, is_mobile=True, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(PAGES[name]().save(tmp_path / "page.html").as_uri())
    small = page.evaluate("""() => [...document.querySelectorAll("button, select, input:not([type=checkbox])")]
        .filter((control) => control.checkVisibility() && !control.matches(".name"))
        .map((control) => [control.id || control.textContent, control.getBoundingClientRect()])
        .filter(([, { width, height }]) => Math.min(width, height) < 43.5).map(([name]) => name)""")
    assert small == []
    context.close()


@pytest.mark.parametrize("name", PAGES)
def test_every_control_is_reached_by_keyboard(opened, name):
    page = opened(PAGES[name]())
    wanted = page.evaluate("""() => [...document.querySelectorAll("button, select, input, [tabindex='0']")]
        .filter((control) => control.checkVisibility() && !control.disabled).length""")
    page.locator("h1").click()
    seen = set()
    for _ in range(wanted + 5):
        page.keyboard.press("Tab")
        seen.add(
            page.evaluate("""() => { const all = [...document.querySelectorAll("*")];
            return all.indexOf(document.activeElement); }""")
        )
    assert len(seen - {-1}) >= wanted


@pytest.mark.parametrize("name", PAGES)
def test_it_prints_on_white_and_is_not_cut(opened, name, tmp_path):
    page = opened(PAGES[name](), media="print", color_scheme="light")
    page.set_viewport_size({"width": 750, "height": 1000})
    hidden = page.evaluate("getComputedStyle(byId('controls') ?? byId('tools')).display")
    assert hidden == "none"
    pdf = page.pdf(path=tmp_path / "page.pdf", format="A4")
    assert pdf.startswith(b"%PDF")


@pytest.mark.long(20)
def test_pages_of_training_run_in_a_notebook_that_was_exported(page, tmp_path):
    cells = ["import nn", "nn.watch('xor')", "nn.descend(lambda x, y: x * x + y * y, 1.0, 2.0)"]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    NotebookClient(notebook, kernel_name="python3").execute()
    exported = HTMLExporter(template_name="basic").from_notebook_node(notebook)[0]
    path = tmp_path / "notebook.html"
    path.write_text(f"<!doctype html><html lang=en><title>t</title><body>{exported}", encoding="utf-8")
    page.goto(path.as_uri())
    first, second = (page.frame_locator(f"iframe >> nth={i}") for i in range(2))
    first.locator("#step").click()
    assert first.locator("#status").text_content().startswith("Step 1, J was ")
    second.locator("#step").click()
    assert second.locator("#racers tbody td").nth(1).text_content() == "1"
    heights = [frame.evaluate("(frame) => frame.offsetHeight") for frame in page.locator("iframe").element_handles()]
    assert all(300 < height < 3000 for height in heights)


def test_a_watched_page_says_what_it_is_where_scripts_do_not_run(tmp_path):
    for made, told in ((nn.watch("xor"), "training to watch"), (PAGES["descent"](), "descent to watch")):
        assert told in made._repr_html_()
        assert "save(" in repr(made)
        with pytest.raises(ValueError, match=r"saved as \.html"):
            made.save(tmp_path / "page.png")
