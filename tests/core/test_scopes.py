"""Scopes: what belongs to them, what they refuse, and that threads and failures do not mix them up."""

import threading
from contextvars import copy_context

import pytest

import autodiff as ad
import nn
from autodiff import Value
from autodiff.core.graph import topological_order


def path(node):
    return [scope.name for scope in node.scope.path] if node.scope else []


def test_a_node_belongs_to_the_innermost_scope_open_when_it_was_made():
    x = Value(2.0)
    with ad.scope("outer"):
        a = x * x
        with ad.scope("inner"):
            b = a.sin()
            leaf = Value(1.0)
        c = a + b
    d = c * 2.0
    assert [path(node) for node in (x, a, b, leaf, c, d)] == [
        [], ["outer"], ["outer", "inner"], ["outer", "inner"], ["outer"], [],
    ]  # fmt: skip
    assert repr(b.scope) == "<scope outer / inner>"


def test_a_scope_that_fails_is_closed():
    with pytest.raises(ZeroDivisionError), ad.scope("broken"):
        Value(1.0) / Value(0.0)
    assert (Value(1.0) + 1.0).scope is None


@pytest.mark.parametrize("name", [None, "", 3, b"layer"])
def test_a_scope_without_a_name_is_refused(name):
    with pytest.raises(TypeError, match=r"named by a text, as in ad.scope\(\"layer 1\"\); got"):
        ad.scope(name)


def test_one_scope_is_not_opened_twice_nor_inside_of_itself():
    scope = ad.scope("once")
    with scope, pytest.raises(RuntimeError, match="'once' has been opened before"), scope:
        pass
    with ad.scope("around"):
        inner = ad.scope("inner")
        with inner:
            pass
        with pytest.raises(RuntimeError, match="make one for each"), inner:
            pass


def test_threads_do_not_see_the_scopes_of_each_other():
    seen, entered, leave = [], threading.Event(), threading.Event()

    def other():
        with ad.scope("other"):
            entered.set()
            leave.wait(5)
            seen.append(path(Value(1.0) + 1.0))

    thread = threading.Thread(target=other)
    with ad.scope("main"):
        thread.start()
        entered.wait(5)
        here = Value(1.0) + 1.0
        leave.set()
        thread.join()
        assert path(Value(1.0) + 1.0) == ["main"]
    assert (path(here), seen) == (["main"], [["other"]])


def test_a_generator_that_has_run_to_its_end_leaves_no_scope_open():
    def values():
        with ad.scope("generator"):
            yield Value(1.0) + 1.0
            yield Value(2.0) + 1.0

    first, second = values()
    assert path(first) == path(second) == ["generator"]
    assert (Value(1.0) + 1.0).scope is None


def test_a_generator_closed_in_another_context_is_no_error():
    def values():
        with ad.scope("generator"):
            yield Value(1.0) + 1.0

    generator = values()
    copy_context().run(next, generator)
    generator.close()
    assert (Value(1.0) + 1.0).scope is None


@pytest.mark.parametrize(("loss", "name", "prediction", "target"), [
    (nn.hinge, "hinge", 0.5, 1),
    (nn.half_squared_error, "half squared error", 0.5, 1.0),
    (nn.mean_squared_error, "mean squared error", 0.5, 1.0),
    (nn.binary_cross_entropy, "binary cross-entropy", 0.5, 0.3),
    (nn.softmax_cross_entropy, "softmax cross-entropy", [0.5, 0.1], 1),
])  # fmt: skip
def test_losses_are_scopes_of_their_name(loss, name, prediction, target):
    logits = [Value(x) for x in prediction] if isinstance(prediction, list) else Value(prediction)
    assert path(loss(logits, target)) == [name]


def test_networks_are_scopes_of_layers_and_neurons():
    model = nn.MLP(2, [2, 1], rng=0)
    output = model([1.0, 2.0])
    assert path(output) == ["layer 2", "neuron 1"]
    hidden = {tuple(path(node)) for node in topological_order(output)}
    assert hidden == {("layer 1", "neuron 1"), ("layer 1", "neuron 2"), ("layer 2", "neuron 1")}
    assert path(nn.Neuron(2)([Value(1.0), 2.0])) == ["neuron"]
    assert path(nn.l2_penalty(model.parameters(), 0.1)) == ["l2 penalty"]
