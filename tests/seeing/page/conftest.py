"""A stepper that is open in the browser."""

import pytest

import autodiff as ad


@pytest.fixture
def opened(page, tmp_path):
    """Save a stepper and open it; options of the browser's media first."""

    def open_stepper(*args, media=None, **options):
        page.emulate_media(**(media or {}))
        page.goto(ad.step(*args, **{"at": 0} | options).save(tmp_path / "steps.html").as_uri())
        return page

    return open_stepper
