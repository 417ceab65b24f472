"""Worksheets ask for what the steps are, give nothing away, and have the answers in their solutions."""

import html
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from katex import refused_by_katex
from zoo import ZOO, baydin

import autodiff as ad
from autodiff import Value
from autodiff.__main__ import main
from autodiff.words.notation import DOT

NAMES = ["baydin", "neuron", "griewank", "softmax"]
HOSTILE = ["</span><script>alert(1)</script>", "a&b", "{{rows}}", '"', "50% of_it", "\\n", "x^2"]


def items(sheet):
    """The lines of the sheet in HTML, blanks as ____, answers in brackets."""
    lines = re.findall(r"<li>(.*?)</li>", sheet.html)
    blanked = [re.sub(r'<span class="blank">.*?</span></span>', "____", line) for line in lines]
    return [html.unescape(re.sub(r"<b>(.*?)</b>", r"[\1]", line)) for line in blanked]


def test_every_step_is_asked_for_once_and_in_order():
    sheet = ad.worksheet(baydin, 2.0, 5.0)
    asked = items(sheet)
    assert asked[:2] == ["v₁ = ln x₁ = ____", "v₂ = x₁ × x₂ = ____"]
    assert asked[5] == f"x{DOT}₁ = 1 (seed)"
    assert asked[-2] == "x̄₂ += v̄₂·∂v₂/∂x₂ = ____ × ____ = ____, and so x̄₂ = ____"
    assert len(asked) == len(list(ad.steps(baydin, 2.0, 5.0))) - 2  # inputs are given


@pytest.mark.parametrize("name", NAMES)
def test_the_solutions_are_the_steps(name):
    function, point = ZOO[name]
    steps = [s for s in ad.steps(function, *point) if s.phase != "evaluate" or s.node.op]
    answered = items(ad.worksheet(function, *point).solutions)
    assert len(answered) == len(steps)
    for line, step in zip(answered, steps, strict=True):
        numbers = re.findall(r"\[(.*?)\]", line)
        expected = re.findall(r"= ([^=]*)$", step.sentence.partition("   (")[0])[0]
        assert expected in (numbers or [line])[-1 if " and so " not in line else -2] or expected in line


def test_what_is_asked_for_stands_nowhere_on_the_sheet():
    sheet = ad.worksheet(baydin, 2.0, 5.0)
    for text in (sheet.html, sheet.latex()):
        for answer in ("0.6931", "10.6931", "11.6521", "1.7163", "0.9589", "0.2837"):
            assert answer not in text
            assert answer.lstrip("0") in (sheet.solutions.html if text is sheet.html else sheet.solutions.latex())


def test_one_sweep_alone_has_the_values_given():
    sheet = ad.worksheet(baydin, 2.0, 5.0, sweep="reverse")
    assert [heading for heading, _ in sheet.sections] == ["The reverse sweep"]
    assert sheet.columns == ["value", "v̄"]
    assert "11.6521" in sheet.html
    assert "1.7163" not in sheet.html


def test_seeds_of_ones_own_are_given():
    sheet = ad.worksheet(lambda x, y: [x * y, x + y], 2.0, 3.0, tangents=[0.5, 2.0], adjoints=[1.0, 10.0])
    given = [line for line in items(sheet) if "seed" in line]
    assert given == [f"x{DOT} = 0.5 (seed)", f"y{DOT} = 2 (seed)", "f̄₁ = 1 (seed)", "f̄₂ = 10 (seed)"]


@pytest.mark.parametrize("name", NAMES)
def test_katex_reads_every_line(name):
    function, point = ZOO[name]
    for sheet in (ad.worksheet(function, *point), ad.worksheet(function, *point).solutions):
        source = sheet.latex()
        formulas = re.findall(r"\\item \$(.*)\$", source) + re.findall(r"\{\$([^$]*)\$\\\\", source)
        formulas = [
            text.replace(r"\blank{}", r"\underline{\hspace{1cm}}").replace(r"\answer", r"\mathbf") for text in formulas
        ]
        assert len(formulas) > 5
        assert refused_by_katex(formulas) == []


def test_the_document_is_balanced_and_of_standard_packages():
    values = [Value(1.5 + i, label) for i, label in enumerate(HOSTILE)]
    source = ad.worksheet(ad.total(v * v for v in values)).latex()
    begun, ended = (re.findall(rf"\\{which}\{{(\w+)\}}", source) for which in ("begin", "end"))
    assert sorted(begun) == sorted(ended)
    bare = re.sub(r"\\[\\{}]", "", source)
    assert bare.count("{") == bare.count("}")
    assert len(re.findall(r"(?<!\\)\$", source)) % 2 == 0
    assert set(re.search(r"usepackage\{(.*)\}", source)[1].split(",")) == {
        "amsmath",
        "array",
        "longtable",
        "xcolor",
        "tikz",
    }


def test_hostile_labels_are_only_text(page, tmp_path):
    values = [Value(1.5 + i, label) for i, label in enumerate(HOSTILE)]
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    page.goto(ad.worksheet(ad.total(v * v for v in values)).save(tmp_path / "sheet.html").as_uri())
    told = page.locator("tbody th").all_text_contents()
    assert told[: len(HOSTILE)] == HOSTILE


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("answers", [False, True])
def test_it_is_for_everyone_and_every_width(page, tmp_path, scheme, answers):
    page.emulate_media(color_scheme=scheme)
    path = ad.worksheet(baydin, 2.0, 5.0, answers=answers).save(tmp_path / "sheet.html")
    assert path.stat().st_size < 400_000
    page.goto(path.as_uri())
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    found = Axe().run(page).response["violations"]
    assert [each["id"] for each in found if each["impact"] in ("serious", "critical")] == []
    page.emulate_media(media="print")
    blank = page.locator(".blank").first
    if not answers:
        assert blank.bounding_box()["width"] > 2.5 / 2.54 * 96
    assert page.pdf(format="A4").startswith(b"%PDF")


def test_a_file_is_html_or_latex(tmp_path):
    sheet = ad.worksheet(baydin, 2.0, 5.0)
    assert sheet.save(tmp_path / "new" / "sheet.tex").read_text(encoding="utf-8") == sheet.latex()
    assert "Worksheet baydin(x₁, x₂): 20 steps" in repr(sheet)
    assert "a worksheet" in sheet._repr_html_()
    with pytest.raises(ValueError, match=r"saved as \.html or \.tex"):
        sheet.save(tmp_path / "sheet.pdf")


@pytest.mark.parametrize(("args", "options", "error", "told"), [
    ((lambda x: ad.total(ad.sin(x * float(i)) for i in range(200)), 1.0), {}, ValueError, "a worksheet at most 300"),
    ((baydin, 2.0, 5.0), {"sweep": "both"}, ValueError, "sweep is one of evaluate, forward, reverse"),
    ((baydin, 2.0, 5.0), {"answers": "yes"}, TypeError, "answers is True"),
    ((3.0,), {}, TypeError, "worksheet"),
])  # fmt: skip
def test_what_has_no_sheet_is_refused(args, options, error, told):
    with pytest.raises(error, match=told):
        ad.worksheet(*args, **options)


def test_the_command_line_makes_the_same_sheet(tmp_path, capsys):
    survey = ["ln(x1) + x1*x2 - sin(x2)", "x1=2", "x2=5"]
    path = tmp_path / "sheet.html"
    assert main(["worksheet", *survey, "-o", str(path), "--sweep", "reverse", "--digits", "3"]) == 0
    assert capsys.readouterr().out == f"{path}\n"
    asked = path.read_text(encoding="utf-8")
    assert 'class="blank"' in asked
    assert main(["worksheet", *survey, "-o", str(path), "--sweep", "reverse", "--answers"]) == 0
    assert 'class="blank"' not in path.read_text(encoding="utf-8").partition("<body>")[2]
    assert main(["worksheet", *survey, "-o", str(tmp_path / "sheet.tex")]) == 0
    assert main(["worksheet", *survey, "-o", str(tmp_path / "sheet.doc")]) == 2
    assert main(["step", *survey, "-o", str(path), "--predict"]) == 0
    assert '"predict": true' in path.read_text(encoding="utf-8")
