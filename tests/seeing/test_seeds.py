"""Seeds: however they are given, one for each input and each output, or refused with what is wrong."""

import numpy as np
import pytest

import autodiff as ad
from autodiff import Dual, Value
from autodiff.core import reverse
from autodiff.seeing import forward
from autodiff.seeing.listing import listed
from autodiff.seeing.seeds import seeds_of


def f(x, y):
    return [x * y, ad.sin(x)]


def seeds(*args, tangents=None, adjoints=None):
    return seeds_of(listed(f, args, "step"), tangents, adjoints)


def test_the_first_of_each_is_1_by_default():
    assert seeds(2.0, 5.0) == ([1.0, 0.0], [1.0, 0.0])
    assert seeds(2.0, 5.0, tangents={}) == ([1.0, 0.0], [1.0, 0.0])


def test_lists_are_read_as_numbers():
    assert seeds(2.0, 5.0, tangents=(3, np.float32(0.5)), adjoints=np.array([0.0, 2.0])) == ([3.0, 0.5], [0.0, 2.0])


def test_duals_bring_their_tangent_unless_a_list_says_otherwise():
    assert seeds(2.0, Dual(5.0, 7.0)).tangents == [0.0, 7.0]
    assert seeds(2.0, Dual(5.0, 0.0)).tangents == [0.0, 0.0]
    assert seeds(2.0, Dual(5.0, Value(7.0))).tangents == [0.0, 7.0]
    assert seeds(2.0, Dual(5.0, 7.0), tangents=[1.0, 2.0]).tangents == [1.0, 2.0]


def test_a_mapping_gives_tangents_by_leaf_beside_those_of_duals():
    x, y = Value(2.0, "x"), Value(5.0, "y")
    assert seeds(x, y, tangents={y: 3.0}).tangents == [0.0, 3.0]
    assert seeds(x, Dual(y, 7.0), tangents={x: 3.0}).tangents == [3.0, 7.0]
    assert seeds(x, Dual(y, 7.0), tangents={y: 3.0}).tangents == [0.0, 7.0]


def test_leaves_are_told_apart_though_they_are_equal():
    x, y = Value(2.0), Value(2.0)
    assert seeds(x, y, tangents={y: 1.0}).tangents == [0.0, 1.0]
    with pytest.raises(TypeError, match="which is no input of this graph"):
        seeds(x, y, tangents={Value(2.0): 1.0})


@pytest.mark.parametrize(("options", "error", "message"), [
    ({"tangents": [1.0]}, ValueError, "tangents are a list with a number for each of the inputs, 2 here; got 1"),
    ({"adjoints": [1.0] * 3}, ValueError, "for each of the outputs that are Values, 2 here; got 3"),
    ({"adjoints": "12"}, TypeError, "adjoints are a list .* got '12'"),
    ({"tangents": ["a", "b"]}, TypeError, "expected one real number, got str 'a'"),
    ({"tangents": {3.0: 1.0}}, TypeError, "a tangent is given for 3.0, which is no input"),
])  # fmt: skip
def test_what_is_no_seed_is_refused(options, error, message):
    with pytest.raises(error, match=message):
        seeds(2.0, 5.0, **options)


@pytest.mark.parametrize("verb", [ad.draw, ad.step, lambda *args, **options: list(ad.steps(*args, **options))])
def test_every_verb_reads_seeds_alike(verb):
    with pytest.raises(ValueError, match="tangents are a list with a number for each of the inputs, 2 here; got 1"):
        verb(f, 2.0, 5.0, tangents=[1.0])
    with pytest.raises(TypeError, match="which is no input of this graph"):
        verb(f, 2.0, 5.0, tangents={Value(1.0): 1.0})
    with pytest.raises(ValueError, match="digits is a whole number from 0 to 16, got -1"):
        verb(f, 2.0, 5.0, digits=-1)


def test_both_sweeps_of_a_listing_meet_in_the_same_derivative():
    listing = listed(lambda x, y: ad.log(x) + x * y - ad.sin(y) * ad.relu(-x), (2.0, 5.0), "step")
    inputs, output = listing.nodes[:2], listing.nodes[listing.outputs[0]]
    adjoints = {output: 1.0}
    list(reverse.steps(None, adjoints, order=listing.order))
    for moved in inputs:
        tangents = {moved: 1.0}
        list(forward.steps(tangents, listing.order))
        assert tangents[output] == pytest.approx(adjoints[moved], rel=1e-15)
