"""The stepper in a real marimo notebook, as HTML and as a widget."""

import os
import random
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from browser import watched

pytest.importorskip("marimo")
NOTEBOOK = """
import marimo
app = marimo.App()

@app.cell
def _():
    import autodiff as ad
    import marimo as mo
    return ad, mo

@app.cell
def _(ad):
    ad.step(lambda x: x * ad.sin(x), 2.0)
    return

@app.cell
def _(ad, mo):
    mo.ui.anywidget(ad.step(lambda x: x * x, 3.0).widget())
    return

@app.cell
def _(ad):
    ad.draw(lambda x: x * x, 3.0)
    return

if __name__ == "__main__":
    app.run()
"""


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """The address of a marimo server that shows the notebook."""
    root, port = tmp_path_factory.mktemp("marimo"), random.randrange(30_000, 40_000)
    (root / "notebook.py").write_text(NOTEBOOK, encoding="utf-8")
    command = [sys.executable, "-m", "marimo", "run", "notebook.py", "--headless", "--no-token", "--port", str(port)]
    environment = os.environ | {"MARIMO_SKIP_UPDATE_CHECK": "1", "HOME": str(root), "PYTHONPATH": str(Path.cwd())}
    server = subprocess.Popen(command, cwd=root, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    for _ in range(120):
        try:
            urllib.request.urlopen(url, timeout=1)
            break
        except OSError:
            time.sleep(0.5)
    yield url
    server.terminate()
    server.wait(20)


@pytest.mark.long(30)
def test_a_stepper_a_widget_and_a_drawing_show_themselves(browser, address):
    with watched(browser) as (page, _):  # marimo asks other hosts on its own account
        page.goto(address)
        steppers = page.locator("iframe[title$='step by step']")
        steppers.nth(1).wait_for(timeout=40_000)
        for i in range(2):
            inner = steppers.nth(i).content_frame
            inner.get_by_role("button", name="Last step").click()
            assert "x̄ +=" in inner.locator("#sentence").text_content()
        assert page.locator("iframe[title^='graph of']").content_frame.locator("svg").is_visible()
