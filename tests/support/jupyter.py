"""A JupyterLab of our own, for tests in the browser: a real server on this machine, which asks no other for anything.

    with jupyter.lab(browser, "notebooks/1-the-chain-rule.ipynb") as page:
        jupyter.run_all(page)
        frame = page.frame_locator("iframe[title$='step by step']").first

Or in parts, to open several notebooks in one server:

    with jupyter.server(folder) as url, watched(browser) as (page, faults):
        jupyter.opened(page, url, "a.ipynb")
        jupyter.set_theme(page, dark=True)
    assert not jupyter.ours(faults)
"""

import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager, suppress
from pathlib import Path

from browser import watched

STARTS = 60  # seconds that a server may take to answer
QUIET = {  # settings by plugin: no question to another host, none to the user
    "@jupyterlab/apputils-extension:notification": {"checkForUpdates": False, "fetchNews": "false"},
    "@jupyterlab/docmanager-extension:plugin": {"autosave": False},
}
OPTIONS = (
    "--no-browser",
    "--allow-root",
    "--expose-app-in-browser",  # as window.jupyterapp, whose commands are those of the menus
    "--IdentityProvider.token=",
    "--ServerApp.password=",
    "--ServerApp.ip=127.0.0.1",
    "--ServerApp.port_retries=50",
    "--LabApp.extension_manager=readonly",
    "--LabApp.news_url=",
)
LABS_OWN: list[tuple[str, str]] = []  # what JupyterLab itself complains of in the console: (pattern, why it does)


@contextmanager
def server(root):
    """A JupyterLab in whose file browser is the folder `root`, its notebooks trusted; gives its address."""
    root = Path(root)
    with tempfile.TemporaryDirectory() as home, (Path(home) / "log").open("w+") as log:
        environment = _environment(Path(home))
        notebooks = sorted(map(str, root.glob("*.ipynb")))
        if notebooks:
            trust = [sys.executable, "-m", "jupyter_core", "trust", *notebooks]
            subprocess.run(trust, env=environment, check=True, stdout=log, stderr=log)
        place = [f"--ServerApp.root_dir={root}", f"--ServerApp.port={random.randrange(20_000, 30_000)}"]
        command = [sys.executable, "-m", "jupyter_core", "lab", *OPTIONS, *place]
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        try:
            yield _address(process, Path(environment["JUPYTER_RUNTIME_DIR"]), log)
        finally:
            process.terminate()  # which ends its kernels too
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _environment(home):
    """Nobody's settings, and nothing that outlives the server."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "IPYTHON"))}
    names = "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTERLAB_SETTINGS_DIR", "IPYTHONDIR"
    places = {name: str(home / name.lower()) for name in (*names, "JUPYTERLAB_WORKSPACES_DIR")}
    for plugin, settings in QUIET.items():
        folder, name = plugin.split(":")
        path = home / "jupyterlab_settings_dir" / folder / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(settings))
    return kept | places | {"PYDEVD_DISABLE_FILE_VALIDATION": "1"}


def _address(process, runtime, log):
    """Where the server answers, once it does."""
    until = time.monotonic() + STARTS
    while time.monotonic() < until and process.poll() is None:
        for path in runtime.glob("jpserver-*.json"):
            with suppress(OSError, ValueError):  # not written in full, or not answering yet
                url = json.loads(path.read_text())["url"]
                urllib.request.urlopen(f"{url}api", timeout=5).close()
                return url.replace("localhost", "127.0.0.1")
        time.sleep(0.1)
    log.seek(0)
    raise RuntimeError(f"JupyterLab did not start:\n{log.read()}")


def opened(page, url, name):
    """Opens the notebook `name` of the server at `url` in a page of the browser.

    On return its kernel is ready and every cell is rendered, those out of sight too.
    """
    page.goto(f"{url}lab/tree/{name}?reset")
    page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=STARTS * 1000)
    page.evaluate(
        """async () => {
            await jupyterapp.restored;
            const { content, context } = jupyterapp.shell.currentWidget;
            await context.ready;
            await context.sessionContext.ready;
            await context.sessionContext.session.kernel.info;
            while (content.widgets.some((cell) => cell.isPlaceholder())) await new Promise(requestAnimationFrame);
        }"""
    )


def command(page, name, **arguments):
    """Executes a command of JupyterLab, such as "notebook:run-all-cells", and waits until it has ended."""
    return page.evaluate(
        "async ([name, arguments]) => { await jupyterapp.commands.execute(name, arguments); }", [name, arguments]
    )


def run_all(page):
    """Runs the cells of the open notebook until the end or an error, and gives the errors."""
    command(page, "notebook:run-all-cells")
    return page.evaluate(
        """() => jupyterapp.shell.currentWidget.content.widgets
            .filter((cell) => cell.model.type === "code")
            .flatMap((cell) => cell.model.outputs.toJSON())
            .filter((output) => output.output_type === "error")
            .map((output) => `${output.ename}: ${output.evalue}`)"""
    )


def set_theme(page, *, dark):
    """JupyterLab's light or dark theme, at once and without a reload."""
    command(page, "apputils:change-theme", theme="JupyterLab Dark" if dark else "JupyterLab Light")
    page.wait_for_function("light => document.body.dataset.jpThemeLight === light", arg=str(not dark).lower())
    page.wait_for_selector("#jupyterlab-splash", state="detached")


def ours(faults):
    """What a watched page did wrong that is not JupyterLab's own doing."""
    return [fault for fault in faults if not any(re.search(pattern, fault) for pattern, _ in LABS_OWN)]


@contextmanager
def lab(browser, notebook):
    """A copy of a notebook, opened in a JupyterLab of its own in a watched page; in the end it must have been quiet."""
    with tempfile.TemporaryDirectory() as root:
        shutil.copy(notebook, root)
        with server(root) as url, watched(browser) as (page, faults):
            opened(page, url, Path(notebook).name)
            yield page
        assert not ours(faults)
