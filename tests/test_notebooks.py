"""The notebooks run, print what they keep, end in exercises whose solutions run, and are whole in a real JupyterLab."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import jupyter
import nbformat
import pytest
from browser import watched
from execution import METADATA, loaded, solutions

HERE = Path(__file__).parent
NOTEBOOKS = sorted((HERE.parent / "notebooks").glob("*.ipynb"))
STEPPER = "iframe[title$='step by step']"


@pytest.fixture(scope="module", params=NOTEBOOKS, ids=lambda path: path.stem)
def path(request):
    return request.param


@pytest.fixture(scope="module")
def notebook(path):
    return loaded(path)


@pytest.fixture(scope="module")
def again(path):
    """The notebook run anew, and its solutions after it; in a process of its own, where its asyncio loop is alone."""
    command = [sys.executable, str(HERE / "support" / "execution.py"), "--print", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return nbformat.reads(done.stdout, as_version=4)


def coded(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def texts(cell):
    """What a cell printed and what it showed, as text."""
    return [output.get("text") or output["data"].get("text/plain") for output in cell.outputs]


@pytest.mark.long(40)
def test_outputs_are_kept_and_are_those_of_a_run(notebook, again):
    kept = coded(notebook)
    assert [cell.execution_count for cell in kept] == list(range(1, len(kept) + 1))
    for cell, run in zip(kept, coded(again), strict=False):
        assert cell.source == run.source
        if "measured" not in cell.metadata.get("tags", ()):
            assert texts(cell) == texts(run), cell.id


def test_every_cell_but_the_imports_shows_something(notebook):
    imports, *others = coded(notebook)
    assert all(line.startswith(("import ", "from ")) for line in imports.source.splitlines() if line)
    assert not imports.outputs
    assert [cell.id for cell in others if not cell.outputs] == []
    assert [cell.id for cell in others for output in cell.outputs if output.get("name") == "stderr"] == []


def test_it_ends_in_three_exercises_whose_solutions_run(notebook, again):
    heading, *exercises = notebook.cells[-4:]
    assert heading.source == "## Exercises"
    assert [len(solutions(exercise.source)) for exercise in exercises] == [1, 1, 1]
    for cell in coded(again)[-3:]:
        assert cell.outputs or "assert " in cell.source, cell.source


def test_its_file_holds_nothing_of_the_machine_that_ran_it(path, notebook):
    assert notebook.metadata == METADATA
    assert notebook.cells[0].source.startswith(f"# {path.stem.split('-')[0]}. ")
    assert [cell.id for cell in notebook.cells if set(cell.metadata) - {"tags"}] == []
    for place in ("/tmp/", "/home/", "/root/", str(HERE.parent)):
        assert place not in path.read_text(encoding="utf-8")


def test_its_links_lead_somewhere(path, notebook):
    texts = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    links = [link for text in texts for link in re.findall(r"\]\(([^)\s]+\.\w+)\)", text)]
    assert [link for link in links if not link.startswith("https://") and not (path.parent / link).is_file()] == []


# In a real JupyterLab


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    root = tmp_path_factory.mktemp("notebooks")
    for each in NOTEBOOKS:
        shutil.copy(each, root)
    with jupyter.server(root) as url:
        yield url


CLIPPED = """() => [...document.querySelectorAll(".jp-OutputArea-output, .jp-MarkdownOutput")]
    .filter((shown) => shown.scrollWidth > shown.clientWidth + 1).map((shown) => shown.innerText.slice(0, 80))"""
TALL = {"width": 1440, "height": 15_000}  # a laptop's width, and all cells in sight


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_in_jupyterlab_it_is_shown_whole_by_day_and_by_night(browser, lab, path):
    shown = [output.get("data", {}) for cell in coded(loaded(path)) for output in cell.outputs]
    steppers = sum("step by step" in data.get("text/html", "") for data in shown)
    drawings = sum("image/svg+xml" in data for data in shown)
    with watched(browser) as (page, faults):
        page.set_viewport_size(TALL)
        jupyter.opened(page, lab, path.name)
        for dark in (False, True):
            jupyter.set_theme(page, dark=dark)
            assert page.locator(STEPPER).count() == steppers
            assert page.locator("iframe[title^='graph of']").count() == drawings
            for frame in page.locator(STEPPER).all():
                theme = "dark" if dark else "light"
                frame.content_frame.locator(f"html[data-theme={theme}]").wait_for()
            assert page.evaluate(CLIPPED) == []
    assert jupyter.ours(faults) == []


def test_in_jupyterlab_the_mistakes_that_a_notebook_asks_for_go_wrong_as_it_says(browser, lab):
    with watched(browser) as (page, faults):
        page.set_viewport_size(TALL)
        jupyter.opened(page, lab, "2-the-graph-of-a-neuron.ipynb")
        _, twice, late, asked = page.locator(STEPPER).all()
        for frame, mistake, told in [
            (twice, "#assign", "= kept only the last of its 2 contributions"),
            (late, "#order", "d handed on d̄ = 4 before all contributions to it had arrived"),
        ]:
            frame.content_frame.locator(mistake).check()
            assert told in frame.content_frame.locator("#faults").inner_text()
        asked.content_frame.locator("#mark").click()
        assert "What does" in asked.content_frame.locator("#question").inner_text()
    assert jupyter.ours(faults) == []


def test_in_jupyterlab_training_is_watched(browser, lab):
    with watched(browser) as (page, faults):
        page.set_viewport_size(TALL)
        jupyter.opened(page, lab, "6-training-a-network.ipynb")
        training = page.frame_locator("iframe[title$='training to watch']")
        training.locator("#step").click()
        assert training.locator("#status").inner_text().startswith("Step 1, J was ")
        descent = page.frame_locator("iframe[title$='descent to watch']")
        descent.locator("#step").click()
        assert descent.locator("#racers tbody td").nth(1).inner_text() == "1"
    assert jupyter.ours(faults) == []
