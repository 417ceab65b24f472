"""compare: counted operations, honest figures, clear errors."""

import itertools
import random

import pytest
from zoo import baydin

import autodiff as ad
from autodiff.comparing.plots import crossing
from autodiff.errors import BadTape, NonFinite, Unsteady
from autodiff.tape.tape import recorded


def test_what_is_compared():
    found = ad.compare(baydin, 2.0, 5.0)
    assert (found.name, found.n, found.m) == ("baydin", 2, 1)
    assert found.agreement <= 1.0
    costs = found.costs
    assert costs["evaluation"].operations == 5
    assert (costs["forward Jacobian"].passes, costs["reverse Jacobian"].passes) == (2, 1)
    assert costs["forward Jacobian"].operations == 2 * costs["forward"].operations
    assert costs["reverse Jacobian"].operations == costs["reverse"].operations
    assert costs["differences"].passes == 4
    assert costs["differences"].error < 1e-6
    assert costs["complex step"].error < 1e-15
    assert all(cost.timing.low <= cost.timing.median <= cost.timing.high for cost in costs.values())
    assert costs["reverse"].bytes > 0
    text = str(found)
    assert "baydin: ℝ² → ℝ, forward against reverse" in text
    assert "theory bounds a gradient by 4 to 5" in " ".join(text.split())
    assert max(map(len, text.splitlines())) <= 80
    assert '<table class="autodiff">' in found._repr_html_()


def test_recommendation_follows_n_and_m():
    def wide(x):
        return ad.total(a * a for a in x)

    def tall(x):
        y = x
        for _ in range(100):
            y = ad.sin(y) * x
        return [y * k for k in range(40)]

    assert ad.compare(wide, [0.1 * i for i in range(60)]).recommendation.startswith(
        "Use reverse mode: n = 60 and m = 1"
    )
    assert ad.compare(tall, 0.5).recommendation.startswith("Use forward mode: n = 1 and m = 40")


def test_asked_twice_it_says_the_same():
    first, second = (ad.compare(baydin, 2.0, 5.0) for _ in range(2))
    assert str(first).partition("\n\nForward")[2] == str(second).partition("\n\nForward")[2]
    assert str(first).replace("\n", " ").endswith("reverse 1, 13: 2.31 times as many.")


def test_either_mode_within_a_half_of_each_other():
    assert ad.compare(lambda x, y: [x * y, x + y], 2.0, 5.0).recommendation.startswith("Either mode: forward takes 2")


def test_a_row_without_a_complex_form_has_no_complex_step():
    assert "complex step" not in ad.compare(ad.erf, 0.5).costs


def test_branches_are_compared_as_they_are_taken():
    assert ad.compare(lambda x: x * x if x > 0 else -x, -2.0).costs["evaluation"].operations == 1


@pytest.mark.parametrize("size", [10, 100, 1_000, 10_000])
def test_a_pass_of_either_mode_costs_a_constant_factor_of_an_evaluation(size):
    def chain(x):
        for _ in range(size // 2):
            x = ad.sin(x) * x
        return x

    evaluation = recorded(chain, (0.5,), abstract=False)
    forward = recorded(lambda x: ad.jvp(chain, (x,), (1.0,)), (0.5,), abstract=False)
    reverse = recorded(ad.value_and_grad(chain), (0.5,), abstract=False)
    assert len(evaluation) == size
    assert 3.0 <= len(forward) / size <= 4.0
    assert 2.5 <= len(reverse) / size <= 4.0


def test_scaling_counts_n_forward_passes_and_m_sweeps():
    rows = ad.compare.scaling(None, [1, 2, 4], [1, 3])
    assert [(row.n, row.m) for row in rows] == [(1, 1), (1, 3), (2, 1), (2, 3), (4, 1), (4, 3)]
    by = {(row.n, row.m): row for row in rows}
    assert by[4, 1].forward_operations == pytest.approx(4 * by[1, 1].forward_operations, rel=0.05)
    assert by[1, 3].reverse_operations == pytest.approx(3 * by[1, 1].reverse_operations, rel=0.05)
    assert all(row.forward_seconds > 0 < row.reverse_seconds for row in rows)


def test_crossing_is_where_the_times_are_equal():
    row = ad.compare.scaling(None, [1], [1])[0]
    rows = [row._replace(m=m, forward_seconds=1.0, reverse_seconds=m / 3.0) for m in (1, 2, 4, 8)]
    assert crossing(rows, lambda row: row.m) == pytest.approx(3.0)
    assert crossing(rows[:2], lambda row: row.m) is None


def test_plot_is_written(tmp_path):
    path = ad.compare(baydin, 2.0, 5.0).plot(tmp_path / "new" / "costs", sizes=(1, 2, 4))
    assert path.read_bytes()[:4] == b"\x89PNG"
    panels = ad.compare(ad.erf, 0.5).plot(sizes=(1, 2), fixed=2).axes
    chain = "of a chain of 100 operations"
    assert [panel.get_title("left").split("\n")[1] for panel in panels] == [chain, chain, "of erf"]
    drawn = ad.compare(baydin, 2.0, 5.0).plot()
    drawn.canvas.draw()
    for panel in drawn.axes:  # labels of ticks stand apart
        boxes = [tick.get_window_extent() for tick in panel.get_xticklabels() if tick.get_text()]
        assert all(a.x1 < b.x0 for a, b in itertools.pairwise(sorted(boxes, key=lambda box: box.x0)))


@pytest.mark.parametrize(
    ("function", "args", "error", "message"),
    [
        (lambda x: x * random.random(), (1.0,), Unsteady, "changes between calls, as with random numbers"),
        (lambda x: x * float("inf"), (1.0,), NonFinite, "result or derivative inf here"),
        (ad.sqrt, (0.0,), NonFinite, "result or derivative inf here"),
        (lambda: 1.0, (), BadTape, "0 inputs and 1 outputs"),
        (lambda x: [], (1.0,), BadTape, "1 inputs and 0 outputs"),
        (lambda x: 1.0, ([],), BadTape, "0 inputs and 1 outputs"),
    ],
)
def test_what_cannot_be_compared_is_said(function, args, error, message):
    with pytest.raises(error, match=message):
        ad.compare(function, *args)


def test_arrays_modules_and_values_are_compared():
    import numpy as np

    import nn

    arrays = ad.compare(lambda x, y: np.array([x * y, x + 10 * y, x * x]), 2.0, 3.0)
    assert arrays.costs["differences"].error < 1e-6
    assert ad.compare(lambda m, x: m(x), nn.MLP(2, [3, 1], rng=0), [0.5, -0.2]).n == 15
    assert ad.compare(lambda x: x * x, ad.Value(2.0)).agreement == 0.0


def test_a_plot_at_the_edge_of_a_domain_has_gaps():
    assert len(ad.compare(ad.log, 0.05).plot(sizes=(1, 2), fixed=1).axes) == 3
