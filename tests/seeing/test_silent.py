"""Nodes that say nothing are passed over, and what is left computes the same."""

import pytest

import autodiff as ad
from autodiff import Value


def told(function, *args):
    return [step.sentence for step in ad.steps(function, *args, sweep="evaluate")][len(args) :]


def test_derivatives_of_derivatives_show_what_is_computed():
    sentences = told(ad.grad(lambda x: ad.sin(x * x)), 2.0)
    assert not any("identity" in text or " 1 × " in text for text in sentences)
    assert sentences[0] == "v₁ = x × x = 2 × 2 = 4"


@pytest.mark.parametrize("silent", [
    lambda v: 1.0 * v, lambda v: v * 1.0, lambda v: 0.0 + v, lambda v: v + 0.0, lambda v: v - 0.0, lambda v: v / 1.0,
    lambda v: v**1, ad.identity, lambda v: ad.identity(1.0 * v) + 0.0,
])  # fmt: skip
def test_what_leaves_a_number_as_it_is_goes(silent):
    def f(x, y):
        return ad.sin(silent(x * y)) * silent(ad.cos(y))

    def plain(x, y):
        return ad.sin(x * y) * ad.cos(y)

    assert told(f, 2.0, 3.0) == told(plain, 2.0, 3.0)
    ends = [[(s.sentence, s.after) for s in ad.steps(g, 2.0, 3.0, sweep="reverse")] for g in (f, plain)]
    assert ends[0] == ends[1]


def test_what_only_looks_like_it_stays():
    assert len(told(lambda x: (0.0 - x) * (1.0 / x) + 1.0**x, 2.0)) == 5


def test_what_has_a_name_or_is_an_output_stays():
    def f(x):
        same = 1.0 * ad.sin(x)
        return {"twice": same + same, "once": 1.0 * same}

    assert [text.partition(" = ")[0] for text in told(f, 2.0)] == ["v₁", "same", "twice", "once"]


def test_branches_see_past_them():
    def f(x):
        y = 1.0 * (x * x)
        return ad.sin(y) if 0.0 + y > 1.0 else y

    page = ad.step(f, 2.0)
    assert page.data["branches"]
    assert not any("0 + " in node["expression"] for node in page.data["nodes"])


def test_a_weight_times_an_input_of_one_stays():
    assert told(lambda w, v: ad.tanh(w * 1.0 + v * 2.0), 0.5, 0.25)[0] == "v₁ = w × 1 = 0.5 × 1 = 0.5"


def test_graphs_of_values_are_shown_as_they_are():
    x = Value(2.0, "x")
    assert len(list(ad.steps(1.0 * x, sweep="evaluate"))) == 2
