"""What the stepper refuses, and what a notebook gets."""

import pytest
from pages import shared
from zoo import baydin

import autodiff as ad
from autodiff import Value


def test_a_place_to_open_at_is_a_whole_number():
    with pytest.raises(TypeError, match=r"at is how many steps are done when the page opens, a whole number; got 1\.5"):
        ad.step(baydin, 2.0, 5.0, at=1.5)


def test_too_many_nodes_are_refused_with_what_to_do():
    x = Value(1.0)
    y = x
    for _ in range(5_000):
        y = y + 1.0
    with pytest.raises(
        ValueError, match="5,001 nodes are too many to step through, at most 5,000: step through a part"
    ):
        ad.step(y)


def test_too_many_edges_are_refused_too():
    xs = [Value(float(i)) for i in range(200)]
    with pytest.raises(ValueError, match="16,080 edges are too many to step through, at most 15,000"):
        ad.step(ad.maximum(*[ad.maximum(*xs) for _ in range(80)]))


@pytest.mark.parametrize("path", ["steps.mp4", "steps", "steps.htmlx"])
def test_a_page_is_saved_as_a_page(tmp_path, path):
    with pytest.raises(ValueError, match=r"a stepper is saved as \.html, \.svg"):
        ad.step(baydin, 2.0, 5.0).save(tmp_path / path)
    assert not list(tmp_path.iterdir())


def test_a_notebook_gets_a_frame_and_one_that_is_not_trusted_a_sentence():
    stepper = ad.step(baydin, 2.0, 5.0)
    shown = stepper._repr_html_()
    assert shown.count("<iframe") == 1
    assert "Scripts do not run here" in shown
    assert repr(stepper) == "<Stepper baydin(x₁, x₂): 7 nodes; .save('steps.html') makes a page of it>"


def test_no_node_is_left_with_a_gradient_of_the_steppers():
    a, b = Value(2.0, "a"), Value(5.0, "b")
    ad.step(shared(a, b))
    assert a.grad == b.grad == 0.0
