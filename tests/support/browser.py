"""The browser that the page is tested in: Chromium, driven by Playwright."""

import os
import shutil
from contextlib import contextmanager

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = (
    "--no-sandbox",  # root has none
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
HOSTS = ("localhost:", "127.0.0.1:")
HERE = ("file:", "data:", "about:", "blob:", *("http://" + host for host in HOSTS), *("ws://" + host for host in HOSTS))


def executable():
    """Where the browser is: what CHROMIUM names, else what is installed, else None."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


@contextmanager
def launched(path):
    """The browser, until the end of the block: while it runs, asyncio finds Playwright's loop running."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@contextmanager
def watched(browser):
    """A page of its own, and a list of what it should not do: complain in the console, ask elsewhere for anything."""
    faults = []

    def heard(message):
        if message.type in {"error", "warning", "assert"}:
            faults.append(f"console {message.type}: {message.text}")

    def asked(request):
        if not request.url.startswith(HERE):
            faults.append(f"request to {request.url}")

    context = browser.new_context()
    context.on("console", heard)
    context.on("weberror", lambda raised: faults.append(f"uncaught {raised.error}"))
    context.on("request", asked)
    page = context.new_page()
    page.on("websocket", asked)
    yield page, faults
    context.close()
