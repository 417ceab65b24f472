"""A page of training, or of descent, that is open in the browser."""

import pytest


@pytest.fixture
def opened(page, tmp_path):
    """Save what is watched and open it; options of the browser's media first."""

    def open_page(watching, **media):
        page.emulate_media(**media)
        page.goto(watching.save(tmp_path / "page.html").as_uri())
        return page

    return open_page
