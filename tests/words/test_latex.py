r"""LaTeX as KaTeX takes it, whatever stands in it, and as a mathematician would set it."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from katex import refused_by_katex
from sampling import inside
from zoo import ZOO

import autodiff as ad
from autodiff.core.rows import TABLE
from autodiff.tape.tape import recorded
from autodiff.words.latex import latex
from autodiff.words.notation import BAR, DOT, accented, subscripted

HOSTILE = [
    "\\", "\\input{x}", "$", "$$", "%", "#", "&", "_", "^", "{", "}", "}{", "~", "a_b", "x_{", "x_{1}", "x^",
    "\\frac{1}{", "a\nb", "a\tb", "<script>", "&amp;", "`", '"', "'", "x['w'][1]", "x[(1, 'a')]", "🎉", "字",
    "עברית", "е́", "ﬁ", "\u202e", "\x00", "\ud800", "(", ")", "((", "][", "√", "x/y", "//", "%d", "^^", "__",
    "₁", "²", "1e5", "−", " ", "?:", "\\alpha_{i,j}", "theta", "learning rate", "W¹₁,₁", "x′", "∂x", "…",
    "aΩb", "ÅÄ", "１", "x₁²₃³", "\\\\hline",
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 / 2", r"\frac{1}{2} "),
        ("v₁ × 1 / (x + 1)", r"v_{1} \times \frac{1}{x + 1} "),
        ("−x / y²", r"-\frac{x}{y^{2}} "),
        ("1 / (x × (y + 1))", r"\frac{1}{x \times  (y + 1)} "),
        ("(a + b) / (c − d)", r"\frac{a + b}{c - d} "),
        ("∂v₁/∂x", r"\frac{\partial v_{1}}{\partial x} "),
        ("e^x₂", "e^{x_{2}}"),
        ("x ^ 3", "x ^{3}"),
        ("3 × x^(3 − 1)", r"3 \times  x^{3 - 1}"),
        ("2^−x", "2^{-x}"),
        ("e^x^2", "e^{x^{2}}"),
        ("x²^3", "x^{2}{}^{3}"),
        ("x^2 ^ 3", "x^{2} {}^{3}"),
        ("√(1 − x²)", r"\sqrt{1 - x^{2}}"),
        ("∛x²", r"\sqrt[3]{x^{2}}"),
        ("W¹₁,₁", "W^{1}_{1,1}"),
        ("1e−7", r"1\cdot 10^{-7}"),
        (accented("v₁", DOT), r"\dot{v}_{1}"),
        (accented("theta", BAR), r"\bar{\operatorname{theta}}"),
        (accented("$", BAR), r"\bar{\text{\$}}"),
        ("learning_rate", r"\operatorname{learning\_rate} "),
        ("x > y ? v₁ : v₂", r"x > y \mathbin{?} v_{1} : v_{2}"),
        ("a\nb", "a b"),
    ],
)
def test_it_is_set_as_mathematics(text, expected):
    assert latex(text) == expected


@pytest.mark.parametrize(
    ("label", "text", "set_as"),
    [
        (r"\alpha_{i,j}", "αᵢ,ⱼ", r"\alpha _{i,j}"), ("w_ij", "wᵢⱼ", "w_{ij}"), (r"\theta_2", "θ₂", r"\theta _{2}"),
        ("h_t", "hₜ", "h_{t}"), ("x_b", "x_b", r"\operatorname{x\_b} "), ("x_{ab}", "x_{ab}", "x_{ab}"),
        ("learning_rate", "learning_rate", r"\operatorname{learning\_rate} "),
    ],
)  # fmt: skip
def test_a_label_in_latex_is_that_letter(label, text, set_as):
    assert (subscripted(label), latex(subscripted(label))) == (text, set_as)


def test_katex_takes_every_table():
    tapes = [recorded(function, point, abstract=False) for function, point in ZOO.values()]
    tapes += [ad.trace(row, *inside(row)) for row in TABLE.values()]
    assert (
        refused_by_katex(
            block for tape in tapes for block in tape.table()._repr_latex_().replace("$$", "").split("\n\n")
        )
        == []
    )


def test_katex_takes_tables_of_whatever_labels_and_keys():
    def f(x):
        a, b = x.values()
        return {"y\n": a * b + ad.log(a), **dict(x)}

    pairs = [pair for pair in itertools.pairwise([*HOSTILE, "z"]) if pair[0] != pair[1]]
    tables = [ad.trace(f, dict.fromkeys(pair, 2.0)).table() for pair in pairs]
    accents = [latex(accented(text, accent)) for text in HOSTILE for accent in (DOT, BAR)]
    blocks = [block for table in tables for block in table._repr_latex_().replace("$$", "").split("\n\n")]
    assert refused_by_katex([text.encode(errors="replace").decode() for text in [*accents, *blocks]]) == []


def test_katex_takes_any_text():
    found = []

    @settings(max_examples=400)
    @given(
        st.text(
            alphabet=st.sampled_from("xyv₁₂²/^√∛()[]{}\\_−+×. ?:%$&#~′∂αe1,|")
            | st.characters(exclude_categories=["Cs"])
        )
    )
    def collect(text):
        found.append(latex(text))

    collect()
    assert refused_by_katex(found) == []
