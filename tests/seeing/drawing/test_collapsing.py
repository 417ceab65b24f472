"""Collapsing: which nodes make one box, what is counted, and what is too many to be drawn."""

import pytest

import autodiff as ad
import nn
from autodiff import Value
from autodiff.seeing.drawing.collapsing import CROWD, FLAT, MOST, OPENED, STRETCH, STRETCHES, collapsed
from autodiff.seeing.listing import listed


def boxes(output, depth=None):
    listing = listed(output, (), "draw")
    found = collapsed(listing, depth)
    names = [box.name or "…".join(dict.fromkeys([listing.names[box.slots[0]], listing.names[box.slots[-1]]]))
             for box in found.boxes]  # fmt: skip
    return found, names


def two_layers(times=3):
    w, b, x = Value(2.0, "w"), Value(3.0, "b"), Value(5.0, "x")
    total = x
    for _ in range(times):
        with ad.scope("layer"):
            with ad.scope("weights"):
                z = total * w
            total = (z + b).tanh()
    return total * 2.0


def test_small_graphs_are_flat_whatever_their_scopes():
    found, names = boxes(two_layers())
    assert len(names) == 3 + 10 == len(set(found.owner))
    assert all(box.single for box in found.boxes)
    assert found.note == ""


def test_scopes_of_one_name_are_one_box_with_its_counts():
    found, names = boxes(two_layers(), 0)
    assert names == ["x", "w…b", "layer", "v₁₀"]  # inputs are no parameters
    assert [len(box.slots) for box in found.boxes] == [1, 2, 9, 1]
    assert found.times[("layer",)] == 3
    assert found.edges == {(0, 2): 1, (1, 2): 6, (2, 3): 1}  # x once, w and b three times; none of a box to itself


def test_an_opened_scope_frames_what_is_inside():
    found, names = boxes(two_layers(), 1)
    by_name = dict(zip(names, found.boxes, strict=True))
    assert by_name["weights"].path == ("layer",)
    assert len(by_name["weights"].slots) == 3
    assert found.times[("layer", "weights")] == 3
    assert [box.path for name, box in by_name.items() if name.startswith("v")] == [("layer",)] * 6 + [()]


def test_leaves_read_by_a_node_too_are_a_group_of_their_own():
    w, b = Value(2.0, "w"), Value(3.0, "b")
    with ad.scope("s"):
        y = w * b + w * b
    assert boxes(y * w, 0)[1] == ["w", "b", "s", "v₄"]


def test_leaves_that_only_nodes_read_stay_nodes():
    assert boxes(Value(1.0, "a") * Value(2.0, "b"), 0)[1] == ["a", "b", "v₁"]


def test_a_scope_of_the_same_name_elsewhere_is_another_box():
    x = Value(1.0, "x")
    with ad.scope("a"), ad.scope("s"):
        y = x + 1.0
    with ad.scope("b"), ad.scope("s"):
        z = y + 1.0
    found, names = boxes(z, 1)
    assert names == ["x", "s", "s"]
    assert [box.path for box in found.boxes] == [(), ("a",), ("b",)]


def test_what_is_too_large_is_drawn_with_as_many_scopes_open_as_fit():
    x = Value(1.0, "x")
    for _ in range(FLAT):
        with ad.scope("outer"), ad.scope("inner"):
            x = x + 1.0
    found, names = boxes(x)
    assert names == ["x", "inner"]
    assert found.note == f"{FLAT + 1} nodes, collapsed by their scopes; depth=2 opens them"


def test_a_network_opens_where_a_notebook_can_show_it():
    small, large = nn.MLP(2, [2, 1], rng=0)([1.0, 2.0]), nn.MLP(2, [4, 4, 1], rng=0)([1.0, 2.0])
    assert boxes(small)[0].flat
    found = boxes(large)[0]
    assert len(found.boxes) <= OPENED
    assert found.note == "101 nodes, collapsed by their scopes; depth=2 opens them"
    assert boxes(large, 2)[0].flat


def test_arrows_are_bounded_as_boxes_are():
    values = [Value(float(i)) for i in range(20)]
    for _ in range(100):
        values.append(ad.maximum(*values[-20:]))
    found, names = boxes(values[-1])
    assert not found.flat
    assert found.note == "120 nodes, most of them in one box: ad.scope names its parts"
    assert names[-1] == "v₁₀₀"  # an output stays a node


def test_a_large_scope_opens_where_there_is_room():
    output = nn.Neuron(40, rng=0)([1.0] * 40)
    assert boxes(output, 1)[0].flat
    assert boxes(output, 9)[0].note == "all is open from depth=1 on"


def test_a_crowded_scope_stays_closed_while_others_open():
    x = Value(1.0, "x")
    with ad.scope("crowd"):
        for _ in range(MOST + 1):
            x = x + 1.0
    with ad.scope("small"):
        y = x.sin()
    found, names = boxes(y, 1)
    assert names == ["x", "crowd", "v₄₀₂"]
    assert found.note == f"depth=1 opens what has not more than {CROWD} nodes of its own; closed is crowd"


def test_a_depth_of_too_many_boxes_is_not_drawn():
    x = Value(1.0, "x")
    for i in range(MOST + 1):
        with ad.scope("outer"), ad.scope(f"inner {i}"):
            x = x + 1.0
    found, names = boxes(x, 1)
    assert names == ["x", "outer"]
    assert found.note == f"depth=1 has more than {MOST} boxes, or 1,000 arrows: this is depth=0"


def test_without_scopes_a_long_program_is_cut_into_stretches():
    x = start = Value(1.0, "x")
    for _ in range(1200):
        x = x * 1.001 + start
    found, names = boxes(x)
    assert len(names) == STRETCHES + 2
    assert (names[0], names[-1]) == ("x", "v₂₄₀₀")  # outputs stay nodes
    assert [len(box.slots) for box in found.boxes] == [1, *[200] * (STRETCHES - 1), 199, 1]
    assert found.edges[(1, 2)] == 1
    assert found.edges[(0, 1)] == 101
    assert "cut into 12 stretches" in found.note


@pytest.mark.parametrize(("length", "stretches"), [(FLAT, 1), (5 * STRETCH, 5), (50 * STRETCH, STRETCHES)])
def test_scopes_stay_boxes_between_stretches(length, stretches):
    x = Value(1.0, "x")
    for _ in range(length):
        x = x + 1.0
    with ad.scope("layer"):
        x = x.tanh()
    names = boxes(x)[1]
    assert names[-1] == "layer"
    assert len(names) == stretches + 2


def test_thousands_of_scopes_are_cut_into_stretches_too():
    x = Value(1.0, "x")
    for i in range(2000):
        with ad.scope(f"step {i}"):
            x = x + 1.0
    found, names = boxes(x)
    assert len(names) == STRETCHES + 2
    assert (
        found.note == "2,001 nodes, cut into 12 stretches of the program: opening scopes would be too large a picture"
    )


def test_many_leaves_come_together_by_who_reads_them_first():
    leaves = [Value(float(i)) for i in range(2000)]
    total = leaves[0] * 1.0
    for i, leaf in enumerate(leaves):
        total = total + leaf * leaves[(i * 7919) % 2000]
    found = boxes(total)[0]
    assert len(found.boxes) <= 2 * STRETCHES + 1
    assert sum(len(box.slots) for box in found.boxes) == len(found.owner) == 2000 + 4001


@pytest.mark.parametrize("depth", [-1, 1.0, "1", True])
def test_a_depth_that_is_no_number_of_scopes_is_refused(depth):
    with pytest.raises(ValueError, match="depth is how many scopes inside of one another are opened"):
        boxes(Value(1.0) + 1.0, depth)


def test_the_sum_over_a_batch_is_one_box_beside_the_layers():
    xs = [Value(float(i)) for i in range(100)]
    outputs = []
    for x in xs:
        with ad.scope("layer"):
            outputs.append(ad.tanh(x) * 2.0)
    assert boxes(ad.mean(outputs))[1][1:] == ["layer", "v₅…v₂₉₉", "v₃₀₀"]
