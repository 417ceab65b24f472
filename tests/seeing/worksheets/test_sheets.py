"""The sheet as a page: with blanks and with answers, for paper and for every screen; what has no sheet is refused."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from zoo import ZOO, baydin

import autodiff as ad
from autodiff import Value
from autodiff.__main__ import main
from autodiff.errors import StaleGraph

HOSTILE = ["</span><script>alert(1)</script>", "a&b", "{{rows}}", '"', "50% of_it", "\\n", "<b>x</b>", "日本", "\\N"]
ANSWERS = ("0.6931", "10.6931", "11.6521", "1.7163", "0.9589", "0.2837")  # of baydin
SHEETS = {
    "baydin": lambda: ad.worksheet(baydin, 2.0, 5.0),
    "neuron": lambda: ad.worksheet(ZOO["neuron"][0], *ZOO["neuron"][1]),
    "labels": lambda: ad.worksheet((Value(2.0, "price") * Value(-3.0, "rate of_change")).tanh()),
}


def body(sheet):
    return sheet.html.partition("<body>")[2]


def test_what_is_asked_for_stands_nowhere_on_the_sheet():
    sheet = ad.worksheet(baydin, 2.0, 5.0)
    for text, answered in ((sheet.html, sheet.solutions.html), (sheet.latex(), sheet.solutions.latex())):
        for answer in ANSWERS:
            assert answer not in text
            assert answer in answered


def test_the_solutions_are_the_same_sheet_with_numbers_in_the_blanks():
    sheet = ad.worksheet(baydin, 2.0, 5.0)
    blanked = re.sub(r"<b>.*?</b>", "", body(sheet.solutions)).replace(", the answers", "")
    assert blanked == re.sub(r'<span class="blank">.*?</span></span>', "", body(sheet))
    assert sheet.solutions.html == ad.worksheet(baydin, 2.0, 5.0, answers=True).html
    assert sheet.solutions.solutions.html == sheet.solutions.html


def test_hostile_labels_are_only_text(page, tmp_path):
    values = [Value(1.5 + i, label) for i, label in enumerate(HOSTILE)]
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    for sheet in (ad.worksheet(ad.total(v * v for v in values)), ad.worksheet(values[0] * values[0])):
        page.goto(sheet.save(tmp_path / "sheet.html").as_uri())
        told = page.locator("tbody th").all_text_contents()
        assert told[0] == HOSTILE[0]
        assert page.locator("main b, main script").count() == 0
    page.goto(ad.worksheet(ad.total(v * v for v in values)).save(tmp_path / "sheet.html").as_uri())
    assert page.locator("tbody th").all_text_contents()[: len(HOSTILE)] == HOSTILE


def test_a_power_is_raised():
    x = Value(2.0, "x")
    assert "<i>v₁ = x<sup>3</sup></i>" in ad.worksheet(x**3).html


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", SHEETS)
def test_it_is_for_everyone_and_every_width(page, tmp_path, name, scheme):
    page.emulate_media(color_scheme=scheme)
    for sheet in (SHEETS[name](), SHEETS[name]().solutions):
        path = sheet.save(tmp_path / "sheet.html")
        assert path.stat().st_size < 400_000
        page.goto(path.as_uri())
        for width in (390, 900):
            page.set_viewport_size({"width": width, "height": 844})
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            found = Axe().run(page).response["violations"]
            assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []


def test_it_needs_no_script_and_asks_for_nothing(browser, tmp_path):
    path = ad.worksheet(baydin, 2.0, 5.0).save(tmp_path / "sheet.html")
    assert not re.findall(r"(?:src|href)\s*=|@import|url\(", path.read_text(encoding="utf-8"))
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(path.as_uri())
    assert page.locator("li").count() == 20
    assert page.locator("svg").is_visible()
    context.close()


def test_headings_are_in_order_and_tables_have_heads():
    text = body(ad.worksheet(baydin, 2.0, 5.0))
    assert re.findall(r"<(h\d)>", text) == ["h1", *["h2"] * 4]
    assert text.count('<th scope="col">') == 4
    assert text.count('<th scope="row">') == 7


def test_on_paper_it_is_black_on_white_and_blanks_have_room(page, tmp_path):
    page.emulate_media(media="print", color_scheme="dark")
    page.goto(ad.worksheet(baydin, 2.0, 5.0).save(tmp_path / "sheet.html").as_uri())
    shown = page.evaluate("""() => {
        const style = (part) => getComputedStyle(document.querySelector(part));
        return {
            ink: style("body").color, paper: style("body").backgroundColor, line: style("svg .edge path").stroke,
            ground: style("figure svg > rect").fill, text: style("svg .node text").fill,
            card: style("svg .node path").fill, step: style("li").breakInside, drawing: style("figure").breakInside,
            heading: style("h2").breakAfter,
        };
    }""")
    assert shown == {
        "ink": "rgb(0, 0, 0)", "paper": "rgb(255, 255, 255)", "line": "rgb(0, 0, 0)", "ground": "none",
        "text": "rgb(27, 29, 34)", "card": "rgb(255, 255, 255)", "step": "avoid", "drawing": "avoid",
        "heading": "avoid",
    }  # fmt: skip
    widths = page.evaluate("[...document.querySelectorAll('.blank')].map((e) => e.getBoundingClientRect().width)")
    assert len(widths) == 50
    assert min(widths) > 2.5 / 2.54 * 96
    assert page.pdf(format="A4").startswith(b"%PDF")
    assert page.pdf(format="Letter").startswith(b"%PDF")


def test_a_drawing_keeps_its_size_on_a_narrow_screen_and_fits_on_paper(page, tmp_path):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(SHEETS["neuron"]().save(tmp_path / "sheet.html").as_uri())
    drawing, figure = page.locator("figure svg"), page.locator("figure")
    assert drawing.bounding_box()["width"] == pytest.approx(float(drawing.get_attribute("width")), abs=0.6)
    assert drawing.bounding_box()["width"] > figure.bounding_box()["width"]
    figure.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("document.querySelector('figure').scrollLeft > 0")
    page.emulate_media(media="print")
    assert drawing.bounding_box()["width"] <= figure.bounding_box()["width"]


def test_answers_are_bold_coloured_and_underlined(page, tmp_path):
    page.goto(ad.worksheet(baydin, 2.0, 5.0).solutions.save(tmp_path / "sheet.html").as_uri())
    answer, printed = (
        page.locator(part).first.evaluate(
            "e => { const s = getComputedStyle(e); return [s.color, s.fontWeight, s.borderBottomStyle]; }"
        )
        for part in ("li b", "li i")
    )
    assert answer[0] != printed[0]
    assert answer[1:] == ["700", "solid"]
    assert printed[1:] == ["400", "none"]


def test_a_file_is_html_or_latex(tmp_path):
    sheet = ad.worksheet(baydin, 2.0, 5.0)
    assert sheet.save(tmp_path / "new" / "sheet.tex").read_text(encoding="utf-8") == sheet.latex()
    assert sheet.save(tmp_path / "sheet.HTM").read_text(encoding="utf-8") == sheet.html
    with pytest.raises(ValueError, match=r"a worksheet is saved as \.html or \.tex; got .*sheet\.pdf"):
        sheet.save(tmp_path / "sheet.pdf")


def test_a_notebook_shows_it():
    sheet = ad.worksheet(baydin, 2.0, 5.0)
    assert "<iframe" in sheet._repr_html_()
    assert "baydin(x₁, x₂), a worksheet" in sheet._repr_html_()
    assert "Worksheet baydin(x₁, x₂): 20 steps;" in repr(sheet)
    assert ".solutions" in repr(sheet)
    assert ".solutions" not in repr(sheet.solutions)
    assert ": 1 step;" in repr(ad.worksheet(Value(2.0) ** 2, sweep="evaluate"))


def many(x):
    return ad.total(ad.sin(x * float(i)) for i in range(200))


@pytest.mark.parametrize(("args", "options", "error", "told"), [
    ((many, 1.0), {}, ValueError, r"has [\d,]+ steps, and a worksheet at most 300: choose one sweep, as in sweep="),
    ((many, 1.0), {"sweep": "reverse"}, ValueError, "at most 300: choose a smaller function or a part of the graph"),
    ((baydin, 2.0, 5.0), {"sweep": "both"}, ValueError, "sweep is one of evaluate, forward, reverse"),
    ((baydin, 2.0, 5.0), {"answers": "yes"}, TypeError, "answers is True"),
    ((baydin, 2.0, 5.0), {"digits": 17}, ValueError, "digits is a whole number from 0 to 16"),
    ((baydin, 2.0, 5.0), {"tangents": [1.0]}, ValueError, "2 here; got 1"),
    ((3.0,), {}, TypeError, "write ad.worksheet"),
])  # fmt: skip
def test_what_has_no_sheet_is_refused(args, options, error, told):
    with pytest.raises(error, match=told):
        ad.worksheet(*args, **options)


def test_a_graph_that_read_two_numbers_of_one_leaf_has_no_sheet():
    x = Value(2.0, "x")
    square = x * x
    x.data = 3.0
    with pytest.raises(StaleGraph, match=r"x was 2\.0 at first and 3\.0 when multiply read it: .* worksheet"):
        ad.worksheet(square * x)


def test_the_command_line_makes_the_same_sheet(tmp_path, capsys):
    survey = ["ln(x1) + x1*x2 - sin(x2)", "x1=2", "x2=5"]
    path = tmp_path / "sheet.html"
    assert main(["worksheet", *survey, "-o", str(path), "--sweep", "reverse", "--digits", "3"]) == 0
    assert capsys.readouterr().out == f"{path}\n"
    asked = path.read_text(encoding="utf-8").partition("<body>")[2]
    assert 'class="blank"' in asked
    assert "11.652<" in asked  # given, where only the reverse sweep is asked for
    assert main(["worksheet", *survey, "-o", str(path), "--answers"]) == 0
    assert 'class="blank"' not in path.read_text(encoding="utf-8").partition("<body>")[2]
    assert main(["worksheet", *survey, "-o", str(tmp_path / "sheet.tex")]) == 0
    assert (tmp_path / "sheet.tex").read_text(encoding="utf-8").startswith(r"\documentclass")
    capsys.readouterr()
    assert main(["worksheet", *survey, "-o", str(tmp_path / "sheet.doc")]) == 2
    assert "a worksheet is saved as .html or .tex" in capsys.readouterr().err
