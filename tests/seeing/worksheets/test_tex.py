"""The sheet in LaTeX: KaTeX reads its formulas, pdflatex the document where it is installed, whatever labels are."""

import re
import shutil
import subprocess

import pytest
from katex import refused_by_katex
from zoo import ZOO, baydin

import autodiff as ad
import nn
from autodiff import Value

NAMES = ["baydin", "neuron", "griewank", "softmax", "piecewise"]
HOSTILE = [
    "</span><script>alert(1)</script>",
    "a&b",
    "{{rows}}",
    '"',
    "50% of_it",
    "\\n",
    "x^2",
    "\\end{document}",
    "$",
]
STRANGE = ["Größe", "日本", "λ", "Δt", "ąę", "😀", "x\ny", "\ud800"]


def of_labels(labels):
    return ad.worksheet(ad.total(Value(1.5 + i, label) ** 2 for i, label in enumerate(labels)))


def formulas(source):
    """What stands between dollars in the document, blanks and answers as KaTeX knows them."""
    body = source.partition(r"\begin{document}")[2]
    found = re.findall(r"(?<!\\)\$((?:[^$\\]|\\.)*)\$", body, re.DOTALL)
    return [text.replace(r"\blank{}", r"\underline{\hspace{1cm}}").replace(r"\answer", r"\mathbf") for text in found]


@pytest.mark.parametrize("name", NAMES)
def test_katex_reads_every_formula(name):
    function, point = ZOO[name]
    for sheet in (ad.worksheet(function, *point), ad.worksheet(function, *point).solutions):
        found = formulas(sheet.latex())
        assert len(found) > 20
        assert refused_by_katex(found) == []


def test_katex_reads_labels_of_any_kind():
    assert refused_by_katex(formulas(of_labels([*HOSTILE, *STRANGE]).latex())) == []


def test_a_line_may_end_behind_a_blank_and_nowhere_else():
    source = ad.worksheet(baydin, 2.0, 5.0).latex()
    assert r"\step $v_{1} = \ln  x_{1}$~$= \blank{}$" in source
    assert r"$\times\; \blank{}$ $= \blank{}$ so~$\bar{x}_{2}$~$= \blank{}$" in source
    assert r"\operatorname{baydin}  = (\bar{x}_{1}, \bar{x}_{2})$~$= ( \blank{},$ $ \blank{})$" in source


def test_answers_are_coloured_bold_and_underlined():
    sheet = ad.worksheet(baydin, 2.0, 5.0)
    assert r"\answer{" not in sheet.latex().partition(r"\begin{document}")[2]
    source = sheet.solutions.latex()
    assert r"\newcommand{\answer}[1]{\underline{\textcolor{answer}{\boldsymbol{#1}}}}" in source
    assert r"$= \answer{11.6521}$" in source
    assert r"\blank{}" not in source
    assert ", the answers}" in source


def test_a_blank_is_as_long_as_a_number_by_hand():
    length = re.search(
        r"\\newcommand\{\\blank\}\{\\underline\{\\hspace\{([\d.]+)cm\}\}\}", ad.worksheet(baydin, 2.0, 5.0).latex()
    )
    assert float(length[1]) >= 2.5


def test_the_document_is_balanced_and_of_standard_packages():
    source = of_labels([*HOSTILE, *STRANGE]).latex()
    source = re.sub("(?m)(?<!\\\\)%.*$", "", source)
    begun, ended = (re.findall(rf"\\{which}\{{(\w+)\}}", source) for which in ("begin", "end"))
    assert sorted(begun) == sorted(ended)
    assert begun.count("document") == 1
    bare = re.sub(r"\\[\\{}]", "", source)
    assert bare.count("{") == bare.count("}")
    assert len(re.findall(r"(?<!\\)\$", source)) % 2 == 0
    packages = ",".join(re.findall(r"usepackage(?:\[.*?\])?\{(.*?)\}", source)).split(",")
    assert set(packages) == {"geometry", "amsmath", "array", "longtable", "xcolor", "tikz"}


def test_letters_that_pdflatex_has_in_no_font_are_declared_and_others_are_not():
    assert "DeclareUnicodeCharacter" not in ad.worksheet(baydin, 2.0, 5.0).latex()
    declared = re.findall(r"\\DeclareUnicodeCharacter\{(\w+)\}", of_labels(STRANGE).latex())
    assert set(declared) == {f"{ord(c):04X}" for c in "日本Δ" if c != "Δ"} | {"0394", "0105", "0119", "1F600", "FFFD"}


def test_frames_of_scopes_have_their_names():
    model = nn.MLP(2, [1], rng=0)
    source = ad.worksheet(lambda x, y: model([x, y]), 1.0, 2.0, sweep="reverse").latex()
    assert r"{\bfseries layer 1};" in source
    assert source.count(r"\draw[gray, rounded corners]") == 2  # the layer, and its neuron


def test_a_drawing_is_no_larger_than_a_page():
    def chain(x):
        for _ in range(30):
            x = ad.sin(x)
        return x

    assert r"\scalebox{1.0000}{" in ad.worksheet(baydin, 2.0, 5.0).latex()
    assert 0.0 < float(re.search(r"\\scalebox\{([\d.]+)\}", ad.worksheet(chain, 1.0).latex())[1]) < 1.0


@pytest.mark.skipif(
    shutil.which("pdflatex") is None, reason="needs pdflatex: apt-get install texlive-latex-recommended"
)
@pytest.mark.parametrize("sheet", [
    ad.worksheet(*ZOO["baydin"][:1], *ZOO["baydin"][1]),
    ad.worksheet(*ZOO["neuron"][:1], *ZOO["neuron"][1]).solutions,
    of_labels([*HOSTILE, *STRANGE]),
], ids=["baydin", "neuron", "labels"])  # fmt: skip
def test_pdflatex_reads_the_document(sheet, tmp_path):
    path = sheet.save(tmp_path / "sheet.tex")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", path.name]
    done = subprocess.run(command, check=False, cwd=tmp_path, capture_output=True, encoding="utf-8", errors="replace")
    assert done.returncode == 0, done.stdout[-2000:]
    assert (tmp_path / "sheet.pdf").read_bytes().startswith(b"%PDF")
