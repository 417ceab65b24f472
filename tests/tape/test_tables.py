"""Evaluation traces as the books print them."""

import html
import re
import unicodedata

import pytest
from sampling import WALKED, inside
from zoo import ZOO, baydin

import autodiff as ad
from autodiff.tape.tape import recorded
from autodiff.words.latex import latex


def griewank(x1, x2):
    v1 = x1 / x2
    v2 = ad.sin(v1)
    v3 = ad.exp(x2)
    v4 = v1 - v3
    v5 = v2 + v4
    return v5 * v4


BAYDIN_2 = """\
Primals ↓                                 │ Tangents ↓
v₋₁ = x₁                         = 2      │ v̇₋₁ = ẋ₁                                   = 1
v₀ = x₂                          = 5      │ v̇₀ = ẋ₂                                    = 0
v₁ = ln v₋₁    = ln 2            = 0.693  │ v̇₁ = v̇₋₁ / v₋₁            = 1 / 2          = 0.5
v₂ = v₋₁ × v₀  = 2 × 5           = 10     │ v̇₂ = v̇₋₁ × v₀ + v̇₀ × v₋₁  = 1 × 5 + 0 × 2  = 5
v₃ = sin v₀    = sin 5           = −0.959 │ v̇₃ = v̇₀ × cos v₀          = 0 × cos 5      = 0
v₄ = v₁ + v₂   = 0.693 + 10      = 10.693 │ v̇₄ = v̇₁ + v̇₂              = 0.5 + 5        = 5.5
v₅ = v₄ − v₃   = 10.693 + 0.959  = 11.652 │ v̇₅ = v̇₄ − v̇₃              = 5.5 − 0        = 5.5
y = v₅                           = 11.652 │ ẏ = v̇₅                                     = 5.5"""

BAYDIN_3 = """\
Primals ↓                                 │ Adjoints ↑
v₋₁ = x₁                         = 2      │ x̄₁ = v̄₋₁                                = 5.5
v₀ = x₂                          = 5      │ x̄₂ = v̄₀                                 = 1.716
v₁ = ln v₋₁    = ln 2            = 0.693  │ v̄₋₁ = v̄₋₁ + v̄₁ / v₋₁  = 5 + 1 / 2       = 5.5
v₂ = v₋₁ × v₀  = 2 × 5           = 10     │ v̄₀ = v̄₀ + v̄₂ × v₋₁    = −0.284 + 1 × 2  = 1.716
                                          │ v̄₋₁ = v̄₂ × v₀         = 1 × 5           = 5
v₃ = sin v₀    = sin 5           = −0.959 │ v̄₀ = v̄₃ × cos v₀      = −1 × cos 5      = −0.284
v₄ = v₁ + v₂   = 0.693 + 10      = 10.693 │ v̄₂ = v̄₄                                 = 1
                                          │ v̄₁ = v̄₄                                 = 1
v₅ = v₄ − v₃   = 10.693 + 0.959  = 11.652 │ v̄₃ = −v̄₅                                = −1
                                          │ v̄₄ = v̄₅                                 = 1
y = v₅                           = 11.652 │ v̄₅ = ȳ                                  = 1"""


def plain(text):
    """Letters and their accents apart, however an editor has written them."""
    return unicodedata.normalize("NFD", str(text))


def test_tables_2_and_3_of_baydin_and_others():
    tape = ad.trace(baydin, 2.0, 5.0)
    assert plain(tape.table("forward")) == plain(BAYDIN_2)
    assert plain(tape.table("reverse")) == plain(BAYDIN_3)
    assert plain(tape.table()) == plain(f"{BAYDIN_2}\n\n{BAYDIN_3}")


def test_example_of_griewank_and_walther():
    rows = ad.trace(griewank, 1.5, 0.5).table("forward", digits=4).primals
    printed = [(row.name, row.numbers, row.shown) for row in rows[2:7]]
    assert printed == [
        ("v₁", "1.5 / 0.5", "3"), ("v₂", "sin 3", "0.1411"), ("v₃", "exp 0.5", "1.6487"),
        ("v₄", "3 − 1.6487", "1.3513"), ("v₅", "0.1411 + 1.3513", "1.4924"),
    ]  # fmt: skip
    table = ad.trace(griewank, 1.5, 0.5).table(digits=4)
    assert [row.shown for row in table.adjoints[-2:]] == ["−13.724", "3.0118"]
    assert table.tangents[-1].shown == "3.0118"


@pytest.mark.parametrize(("function", "at"), ZOO.values(), ids=ZOO)
def test_every_function_of_the_zoo_fits_and_ends_in_its_derivatives(function, at):
    tape = recorded(function, at, abstract=False)
    table = tape.table()
    assert all(len(line.replace("\u0307", "").replace("\u0304", "")) <= 100 for line in str(table).splitlines())
    gradient = ad.grad(function, tuple(range(len(at))))(*at)
    assert table.primals[-1].value == function(*at)
    assert [row.value for row in table.adjoints[-len(at) :]][::-1] == pytest.approx(gradient, rel=1e-12, abs=1e-12)
    assert table.tangents[-1].value == pytest.approx(gradient[0], rel=1e-12, abs=1e-12)
    assert "∂?" not in str(table)


def test_seeds_of_inputs_and_outputs():
    tape = ad.trace(lambda x, y: [x * y, x + y], 2.0, 3.0)
    assert [row.value for row in tape.table("forward", seed=[0.0, 1.0]).tangents[-2:]] == [2.0, 1.0]
    reverse = tape.table("reverse", seed=[0.0, 10.0])
    assert [row.value for row in reverse.adjoints[-2:]] == [10.0, 10.0]
    assert [row.name for row in reverse.primals[-2:]] == ["f₁", "f₂"]  # y is an input


def test_a_row_says_what_it_is():
    row = ad.trace(baydin, 2.0, 5.0).table("forward").rows[3]
    assert (row.kind, row.name, row.expression, row.numbers, row.value) == ("primal", "v₂", "v₋₁ × v₀", "2 × 5", 10.0)


def test_html_is_escaped_and_latex_is_mathematics():
    table = ad.trace(baydin, 2.0, 5.0).table()
    assert table._repr_html_().count("<tr>") == 9 + 12
    assert "<td" in table._repr_html_()
    labelled = ad.trace(lambda x: x["<script>"] * 2.0, {"<script>": 1.0})
    assert "<script>" not in labelled.table()._repr_html_()
    text = table.latex()
    assert text.count(r"\begin{longtable}") == 2
    assert r"\dot{v}_{1} =\frac{\dot{v}_{-1}}{v_{-1}}" in text
    assert r"\bar{v}_{0}" in text
    assert latex("v₁ ^ 2 × √v₂") == r"v_{1} ^{2} \times  \sqrt{v_{2}}"


@pytest.mark.parametrize(
    ("function", "at"),
    [(baydin, (2.0, 5.0)), (ad.sin, (0.5,)), (lambda _: 1.0, (2.0,))],
    ids=["more adjoints", "as many", "fewer adjoints"],
)
@pytest.mark.parametrize("mode", ["forward", "reverse"])
def test_html_stands_as_text_stands(function, at, mode):
    table = ad.trace(function, *at).table(mode)
    as_text = [[part.split() for part in line.split("│")] for line in str(table).splitlines()]
    as_html = []
    for row in re.findall("<tr>(.*?)</tr>", table._repr_html_()):
        cells = [html.unescape(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)]
        half = len(cells) // 2
        as_html.append([" ".join(cells[:half]).split(), " ".join(cells[half:]).split()])
    assert as_html == as_text


def test_bad_modes_and_seeds():
    tape = ad.trace(baydin, 2.0, 5.0)
    with pytest.raises(ValueError, match='mode is "forward", "reverse" or "both"'):
        tape.table("sideways")
    with pytest.raises(ValueError, match="a seed is a list of 2 numbers, got 1"):
        tape.table("forward", seed=[1.0])


def test_an_output_that_is_there_twice_adds_its_adjoints():
    rows = ad.trace(lambda x: (x, x), 2.0).table("reverse", seed=[1.0, 1.0]).adjoints
    assert [(row.expression.count("+"), row.value) for row in rows] == [(0, 1.0), (1, 2.0), (0, 2.0)]


def test_a_value_is_shown_however_wide_its_row():
    table = str(ad.trace(lambda x: ad.maximum(*x) * 2.0, [float(i) for i in range(40)]).table("forward"))
    line = next(line for line in table.splitlines() if line.startswith("v₁ ="))
    assert "…" in line
    assert line.endswith("= 39")


def test_a_seed_needs_its_mode_and_may_be_a_number():
    tape = ad.trace(lambda x: x * x, 3.0)
    assert tape.table("forward", seed=2.0).tangents[-1].value == 12.0
    with pytest.raises(ValueError, match="a seed is of one mode"):
        tape.table(seed=[1.0])
    with pytest.raises(ValueError, match="digits is a whole number from 0 to 16"):
        tape.table(digits=-1)


@pytest.mark.parametrize("name", sorted(WALKED))
def test_latex_of_every_row_is_balanced_plain_text(name):
    row = WALKED[name]
    text = ad.trace(row, *inside(row)).table("forward").latex()
    assert text.isascii(), text
    for opening, closing in ("{}", "()"):
        assert text.count(opening) == text.count(closing), text
