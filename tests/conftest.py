"""Hypothesis profiles: `ci`, the default, and `long`, of `make fuzz`; what runs first; and a page in a browser."""

import os
import sys

import pytest
from browser import executable, launched, watched
from hypothesis import settings

settings.register_profile("ci", max_examples=500, deadline=None, derandomize=True)
settings.register_profile("quick", max_examples=100, deadline=None)
settings.register_profile("long", max_examples=20_000, deadline=None)
settings.load_profile("ci")


def pytest_collection_modifyitems(items):
    """Files with long tests come first: begun last, one would keep a worker busy after the others have ended."""
    longest = {}
    for item in items:
        if mark := item.get_closest_marker("long"):
            longest[item.path] = max(*mark.args, longest.get(item.path, 0))
    items.sort(key=lambda item: -longest.get(item.path, 0))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    """The lines of a long test, which others run too, are not counted: that takes four times as long."""
    if not item.get_closest_marker("long"):
        return (yield)
    counting = sys.gettrace()
    sys.settrace(None)  # pytest-cov's `no_cover` does not reach the workers of pytest-xdist
    try:
        return (yield)
    finally:
        sys.settrace(counting)


@pytest.fixture(scope="module")  # not longer: while it runs, no other test could run an asyncio loop of its own
def browser():
    path = executable()
    if path is None:
        refuse = pytest.fail if os.environ.get("CI") else pytest.skip
        refuse("needs Chromium: apt-get install chromium")
    with launched(path) as browser:
        yield browser


@pytest.fixture
def page(browser):
    """A page in a context of its own; at the end of the test it must have been quiet and stayed on this machine."""
    with watched(browser) as (page, faults):
        yield page
    assert not faults
