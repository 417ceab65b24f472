"""Steps as pictures: stills and what moves, equal to the steps, without a browser."""

import io
import re
import sys
import xml.etree.ElementTree as ET
from base64 import b64decode

import pytest
from zoo import baydin

import autodiff as ad
from autodiff.errors import MissingPackage
from autodiff.words.notation import BAR

SVG = "{http://www.w3.org/2000/svg}"


def texts(svg):
    return ["".join(text.itertext()) for text in ET.fromstring(svg).iter(f"{SVG}text")]


def test_a_still_shows_what_is_known_after_so_many_steps(tmp_path):
    steps = list(ad.steps(baydin, 2.0, 5.0))
    stepper = ad.step(baydin, 2.0, 5.0)
    for at in (0, 1, 7, 15, len(steps)):
        told = texts(stepper.save(tmp_path / "step.svg", at=at).read_text(encoding="utf-8"))
        assert told[1] == (steps[at - 1].sentence if at else "baydin(x₁, x₂)")
        known = sum(text.startswith(f"v{BAR} ") for text in told)
        assert known == len({id(s.operand or s.node) for s in steps[:at] if s.phase == "reverse"})
    assert texts(stepper.save(tmp_path / "step.svg", at=-1).read_text(encoding="utf-8")) == told


def test_the_picture_that_moves_has_every_sentence_at_its_time(tmp_path):
    steps = list(ad.steps(baydin, 2.0, 5.0))
    svg = ad.step(baydin, 2.0, 5.0).save(tmp_path / "steps.svg").read_text(encoding="utf-8")
    assert [s.sentence for s in steps] == [text for text in texts(svg) if text in {s.sentence for s in steps}]
    assert set(re.findall(r'class="t(\d+-\d+)"', svg)) == set(re.findall(r"@keyframes k(\d+-\d+)", svg))
    assert len(svg) < 80_000
    assert "prefers-reduced-motion" in svg


def test_it_moves_in_a_browser(page, tmp_path):
    path = ad.step(lambda x: x * x, 3.0).save(tmp_path / "steps.svg")
    page.goto(path.as_uri())
    seen = """() => [...document.querySelectorAll('text')].map((text) => [getComputedStyle(text).visibility, text])
        .filter(([visibility]) => visibility === 'visible').map(([_, text]) => text.textContent)"""
    assert "x = 3" not in page.evaluate(seen)
    page.evaluate("document.getAnimations().forEach((a) => { a.pause(); a.currentTime = 1000; })")
    assert "x = 3" in page.evaluate(seen)


@pytest.mark.parametrize("kind", ["gif", "png", "pdf"])
def test_files_of_other_kinds(kind, tmp_path):
    stepper = ad.step(lambda x: x * x, 3.0)
    content = stepper.save(tmp_path / f"steps.{kind}").read_bytes()
    assert content.startswith({"gif": b"GIF89a", "png": b"\x89PNG", "pdf": b"%PDF"}[kind])
    if kind == "pdf":
        assert content.count(b"/Type /Page\n") + content.count(b"/Type /Page/") + content.count(b"/Type /Page ") >= 1
    else:
        from PIL import Image

        image = Image.open(io.BytesIO(content))
        assert getattr(image, "n_frames", 1) == (len(stepper.steps) + 1 if kind == "gif" else 1)
        assert len(image.convert("RGB").getcolors(1 << 20)) > 10  # texts are drawn: a font was found


@pytest.mark.parametrize(("name", "at", "message"), [
    ("steps.mp4", None, r"saved as \.html, \.svg, \.gif, \.png, \.pdf; got"),
    ("steps.svg", 99, "at is how many of the 8 steps"), ("steps.svg", 1.5, "at is how many"),
    ("steps.svg", True, "at is how many"), ("steps.html", 3, "a page shows all steps"),
])  # fmt: skip
def test_what_cannot_be_saved_says_why_and_makes_no_file(name, at, message, tmp_path):
    with pytest.raises(ValueError, match=message):
        ad.step(lambda x: x * x, 3.0).save(tmp_path / name, at=at)
    assert not list(tmp_path.iterdir())


def test_without_the_packages_an_svg_is_still_saved(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    stepper = ad.step(lambda x: x * x, 3.0)
    assert stepper.save(tmp_path / "steps.svg").exists()
    with pytest.raises(MissingPackage, match="pip install resvg-py pillow"):
        stepper.save(tmp_path / "steps.gif")


@pytest.mark.parametrize("made", [ad.step, ad.explore, ad.draw])
def test_where_scripts_do_not_run_a_still_stands_in(made, monkeypatch):
    shown = made(lambda x: x * x, 3.0)
    assert ("Scripts do not run here" in shown._repr_html_()) == (made is not ad.draw)
    still = re.search(r'src="data:image/png;base64,([^"]*)"', shown._repr_html_())[1]
    assert b64decode(still).startswith(b"\x89PNG")
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    assert "data:image/svg+xml;base64," in shown._repr_html_()


def test_a_drawing_is_an_svg_and_a_png_in_a_notebook(monkeypatch):
    from PIL import Image

    drawing = ad.draw(lambda x: ad.sin(x * x), 3.0)
    assert drawing._repr_svg_() == drawing.svg
    image = Image.open(io.BytesIO(drawing._repr_png_())).convert("RGB")
    assert image.getpixel((image.width // 2, 4)) == (253, 253, 254)  # by day, whatever the style sheet says of night
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    assert drawing._repr_png_() is None
