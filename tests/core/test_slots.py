"""Slots write down what is done to them, and hold no number."""

import math

import pytest

import autodiff as ad
from autodiff import Dual, Value
from autodiff.core.slots import Recorder
from autodiff.errors import BadTape, BranchOnData, Escaped


def written(recorder):
    """Each row with its operands."""
    starts = [0, *recorder.ends]
    return [(row.name, *recorder.operands[starts[i] : starts[i + 1]]) for i, row in enumerate(recorder.rows)]


def test_every_row_is_written_down_with_places_and_constants():
    recorder = Recorder(2)
    x, y = recorder.inputs()
    z = 2 * x + ad.maximum(x, y, -0.5) ** 2
    assert written(recorder) == [
        ("multiply", 2.0, 0), ("maximum", 0, 1, -0.5), ("power", 3, 2.0), ("add", 2, 4),
    ]  # fmt: skip
    assert (z.place, recorder.first + len(recorder.rows)) == (5, 6)
    assert type(z.place) is int


def test_a_comparison_is_a_row_and_a_condition():
    recorder = Recorder(1)
    (x,) = recorder.inputs()
    ad.where(x > 1, x, 0.0)
    assert written(recorder) == [("greater", 0, 1.0), ("where", 1, 0, 0.0)]


def test_values_and_duals_hold_it_as_they_hold_a_float():
    recorder = Recorder(1)
    (x,) = recorder.inputs()
    w = Value(3.0, "w")
    y = w * x - 1.0
    assert [type(node.primal).__name__ for node in (w, y)] == ["float", "Slot"]
    assert y.operands[0].operands == (w, x)
    d = Dual(x, 1.0) * w
    assert (type(d), type(d.primal), type(d.tangent)) == (Dual, Value, Value)
    assert (Dual(x, 1.0) * 2.0).tangent == 2.0


def test_sweeps_write_what_they_compute():
    recorder = Recorder(1)
    (x,) = recorder.inputs()
    slope = ad.grad(lambda x: x * ad.sin(x))(x)
    assert [name for name, *_ in written(recorder)] == [
        "sin", "multiply", "ieee multiply", "ieee multiply", "cos", "ieee multiply", "add",
    ]  # fmt: skip
    assert slope.place == len(recorder.rows)


@pytest.mark.parametrize("ask", [
    bool, float, int, math.exp, lambda x: x.data, lambda x: max(x, 1.0),
    lambda x: x == 1.0 and x, lambda x: bool(Value(1.0) * x), lambda x: (Value(1.0) * x).data,
    lambda x: float(Dual(x, 1.0)), lambda x: round(x, 2),
])  # fmt: skip
def test_its_number_is_not_there(ask):
    (x,) = Recorder(1).inputs()
    with pytest.raises(BranchOnData, match=r"line \d+ of .*test_slots.py.*ad\.where"):
        ask(x)


def test_at_a_point_it_carries_its_number_and_branches_as_floats_do():
    recorder = Recorder(2, [3.0, -2.0])
    x, y = recorder.inputs()
    z = x * y if x > y else x
    assert (z.data, repr(z), z < 0, float(ad.stop_gradient(z)), y.constant) == (-6.0, "-6.0", True, -6.0, -2.0)
    assert written(recorder) == [("multiply", 0, 1)]
    with pytest.raises(ValueError, match="log"):
        ad.log(y)
    assert written(recorder) == [("multiply", 0, 1)]  # what raised is not written


def test_after_its_trace_it_is_refused():
    recorder = Recorder(1)
    (x,) = recorder.inputs()
    recorder.ended = True
    for use in (
        lambda: x + 1.0,
        lambda: ad.exp(x),
        lambda: x > 0,
        lambda: x.data,
        lambda: bool(x),
        lambda: Value(2.0) * x,
    ):
        with pytest.raises(Escaped):
            use()
    with pytest.raises(Escaped):
        ad.grad(lambda y: y)(x)
    assert "escaped" in repr(x)


def test_traces_do_not_mix():
    (x,), (y,) = Recorder(1).inputs(), Recorder(1).inputs()
    with pytest.raises(BadTape, match="a number of one trace stands in another"):
        _ = x * y
    with pytest.raises(BadTape, match="pass it as an argument"):
        ad.trace(lambda x: ad.trace(lambda y: x * y, 2.0)(x), 1.0)


def test_an_inner_trace_of_its_own_arguments_is_a_tape_inside_of_the_outer():
    tape = ad.trace(lambda x: ad.trace(lambda y: y * y, x).gradient()(x), 3.0)
    assert tape.evaluate(5.0) == 10.0


def test_it_equals_nothing_that_is_no_number():
    (x,) = Recorder(1).inputs()
    assert x not in ("auto", None)
    assert x != "auto"
    with pytest.raises(TypeError, match="not supported between"):
        _ = x < "a"
