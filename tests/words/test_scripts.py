"""What is raised in running text."""

import pytest

from autodiff.words.scripts import raised, runs


@pytest.mark.parametrize(("text", "markup"), [
    ("x ^ 3 + 1", "x<sup>3</sup> + 1"), ("e^x₂", "e<sup>x₂</sup>"), ("3 × x^(3 − 1)", "3 × x<sup>3 − 1</sup>"),
    ("2 ^ (−2)", "2<sup>−2</sup>"), ("x^((−2) − 1) × y", "x<sup>(−2) − 1</sup> × y"),
    ("v₃ ^ w = 8", "v₃<sup>w</sup> = 8"),
    ("f(x^2, y)", "f(x<sup>2</sup>, y)"), ("<a> & b", "&lt;a&gt; &amp; b"), ("^", "^"),
    ("a^", "a^"), ("(−x)^−2.5", "(−x)<sup>−2.5</sup>"),
])  # fmt: skip
def test_what_stands_behind_a_caret_is_raised(text, markup):
    assert raised(text) == markup


def test_runs_are_the_text_without_its_carets():
    assert list(runs("x ^ 3 + e^(y)")) == [("x", False), ("3", True), (" + e", False), ("y", True), ("", False)]
