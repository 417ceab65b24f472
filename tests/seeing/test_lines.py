"""Which line made a node: known for functions, at no cost to nodes."""

import cProfile
import sys

import pytest

import autodiff as ad
from autodiff.core.value import Value
from autodiff.seeing.lines import Lines
from autodiff.seeing.listing import listed


def helper(x):
    return ad.tanh(x)


def several(x):
    y = x * 2.0
    z = helper(y)
    return (
        y
        + ad.sigmoid(z)
    )  # fmt: skip


def lines_of(function, *args):
    """(function, lines below its first) of each interior node."""
    listing = listed(function, args, "steps")
    lines = [listing.lines[slot] for slot in range(listing.inputs, len(listing.nodes))]
    return [(line.code.co_name, line.number - line.code.co_firstlineno) for line in lines]


def test_each_node_knows_its_line_also_in_helpers_and_broken_lines():
    assert lines_of(several, 1.0) == [("several", 1), ("helper", 1), ("several", 5), ("several", 4)]


def test_composites_and_layers_of_ours_are_told_by_the_line_that_called_or_wrote_them():
    assert {name for name, _ in lines_of(lambda x: ad.gelu(x), 1.0)} == {"<lambda>"}  # noqa: PLW0108 (a line of its own)


def test_what_a_tape_computes_has_no_line_of_the_users():
    listing = listed(ad.trace(several, 1.0), (1.0,), "steps")
    assert listing.lines == {}


def test_a_graph_that_was_there_before_has_no_lines():
    assert listed(Value(1.0) * 2.0, (), "steps").lines == {}


def test_a_profiler_that_was_there_is_put_back_also_after_an_error():
    def profiler(*_):
        pass

    def fails(x):
        raise ZeroDivisionError

    sys.setprofile(profiler)
    try:
        with pytest.raises(ZeroDivisionError):
            listed(fails, (1.0,), "steps")
        assert sys.getprofile() is profiler
    finally:
        sys.setprofile(None)


def test_under_a_profiler_written_in_c_there_are_no_lines_and_no_harm():
    profiler = cProfile.Profile()
    profiler.enable()
    try:
        listing = listed(several, (1.0,), "steps")
    finally:
        profiler.disable()
    assert len(listing.nodes) == 5
    assert several.__code__ in [row.code for row in profiler.getstats()]  # it went on


def test_lines_see_what_is_recorded_inside_only():
    x = Value(1.0)
    before = x * 2.0
    with Lines() as lines:
        inside = before + 1.0
    after = inside * 3.0
    assert list(lines.made) == [inside]
    assert after.op is ad.multiply
