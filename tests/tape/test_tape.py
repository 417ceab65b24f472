"""Tapes: what they compute, on every kind of number, what is counted of them, and how they are shown."""

import pickle
from collections import Counter

import numpy as np
import pytest
from derivatives import numbers_of, same
from zoo import ALL, TRACED, ZOO

import autodiff as ad
import nn
from autodiff import Dual, Tape, Value
from autodiff.core.operators import Operators
from autodiff.errors import BadTape, StructureMismatch
from autodiff.tape.instructions import check
from autodiff.tape.tape import recorded


@pytest.mark.parametrize(("function", "at"), TRACED)
def test_a_tape_computes_what_the_function_does_on_every_kind_of_number(function, at):
    tape = ad.trace(function, *at)
    check(tape.code)
    elsewhere = [x * 1.01 + 0.003 for x in at]
    for point in (at, elsewhere):
        assert same([tape.evaluate(*point)], [function(*point)])
        values = [Value(x) for x in point]
        assert same([tape(*values).data], [function(*point)])
        assert same([tape(*(Dual(x, 1.0) for x in point)).data], [function(*point)])


@pytest.mark.parametrize(("function", "at"), TRACED)
def test_tapes_of_derivatives(function, at):
    tape, everything = ad.trace(function, *at), tuple(range(len(at)))
    gradient = ad.grad(function, everything)(*at)
    assert numbers_of(ad.grad(tape, everything)(*at)) == pytest.approx(numbers_of(gradient), rel=1e-13, abs=1e-13)
    swept = tape.gradient()
    check(swept.code)
    assert numbers_of(swept.evaluate(*at)) == pytest.approx(numbers_of(gradient), rel=1e-13, abs=1e-13)
    ones = [1.0] * len(at)
    value, tangent = tape.jvp().evaluate(*at, *ones)
    assert value == tape.evaluate(*at)
    assert tangent == pytest.approx(sum(numbers_of(gradient)), rel=1e-12, abs=1e-12)


def test_inputs_and_outputs_keep_their_structure():
    tape = ad.trace(lambda p, x: {"s": p["w"][0] * x[1], "t": (x.sum(), 1.0)}, {"w": [2.0]}, np.array([3.0, 5.0]))
    result = tape.evaluate({"w": [10.0]}, np.array([1.0, 2.0]))
    assert result == {"s": 20.0, "t": (3.0, 1.0)}
    assert tape.labels == ("p['w'][0]", "x[0]", "x[1]")
    with pytest.raises(StructureMismatch, match=r"structure of those that .* was traced with"):
        tape.evaluate({"w": [10.0, 1.0]}, np.array([1.0, 2.0]))
    assert Tape.from_json(tape.to_json()).evaluate({"w": [10.0]}, np.array([1.0, 2.0])) == result


def test_a_module_is_an_argument():
    model = nn.MLP(2, [3, 1], activation="tanh", rng=0)
    tape = ad.trace(lambda model, x: model(x), model, [0.5, -0.2])
    assert tape.evaluate(model, [0.1, 0.2]).data == model([0.1, 0.2]).data
    assert tape.labels[0] == "model.layers.0.neurons.0.weights.0"
    assert pickle.loads(pickle.dumps(tape)) == tape
    with pytest.raises(BadTape, match=r"MLP .* cannot be written to a file: use lists, tuples"):
        tape.to_json()


def test_counts_depth_width_and_bytes():
    tape = ad.trace(lambda x: ad.total(ad.sin(a) for a in x), [1.0, 2.0, 3.0, 4.0])
    assert tape.counts == {"sin": 4, "add": 3}
    assert (len(tape), tape.depth, tape.width) == (7, 4, 4)
    assert tape.nbytes / len(tape) < 60
    assert repr(tape) == "<Tape f: 4 → 1, 7 instructions (4 sin, 3 add)>"
    assert "v₁ = sin v₋₃" in str(tape)


class Counting(Operators):
    """A number that counts the operations done to it: it records no graph."""

    __slots__ = ("counts", "number")
    tag = 1

    def __init__(self, number, counts):
        self.number, self.counts = number, counts

    @property
    def data(self):
        return self.number

    def apply(self, row, operands):
        self.counts[row.name] += 1
        return Counting(row.evaluate([getattr(x, "number", x) for x in operands]), self.counts)


@pytest.mark.parametrize(("function", "at"), ALL)
def test_counts_are_those_of_an_independent_count(function, at):
    counts = Counter()
    result = function(*(Counting(x, counts) for x in at))
    tape = recorded(function, at, abstract=False)
    assert tape.counts == counts
    assert len(tape) == counts.total()
    assert same([result.number], [tape.evaluate(*at)])


def test_equality_and_hash_are_by_structure():
    f = ZOO["baydin"][0]
    tape, elsewhere = ad.trace(f, 2.0, 5.0), ad.trace(f, 3.0, 1.0)
    assert tape == elsewhere
    assert hash(tape) == hash(elsewhere)
    assert tape != ad.trace(lambda x, y: f(y, x), 2.0, 5.0)
    assert tape != ad.trace(lambda x, y: ad.log(x) + x * y - ad.sin(y) + 0.0, 2.0, 5.0)
    assert ad.trace(lambda x: x + 0.0, 1.0) != ad.trace(lambda x: x + -0.0, 1.0)
    assert ad.trace(ad.sin, 1.0) == ad.trace(lambda x: (ad.cos(x) * 7.0, ad.sin(x))[1], 1.0)
    assert tape != "tape"
    assert pickle.loads(pickle.dumps(tape)) == tape


def test_a_tape_is_immutable():
    tape = ad.trace(ad.sin, 1.0)
    with pytest.raises(AttributeError, match="a tape is immutable: name cannot be set"):
        tape.name = "g"


EDGES = [
    ("an untaken root", lambda x: ad.where(x > 0, ad.sqrt(x), 0.0), 0.0),
    ("a root of a relu", lambda x: ad.sqrt(ad.relu(x)), -1.0),
    ("a root of a square", lambda x: ad.sqrt(x * x), 0.0),
    ("a power of a root", lambda x: (x**0.5) ** 4, 0.0),
    ("a relu", ad.relu, 0.0),
    ("abs", abs, 0.0),
    ("hypot", lambda x: ad.hypot(x, x), 0.0),
    ("atan2", lambda x: ad.atan2(x, 1.0), 0.0),
    ("a power", lambda x: x**3, -2.0),
    ("gelu", ad.gelu, -40.0),
    ("digamma", ad.digamma, 1.0),
    ("lgamma", ad.lgamma, 2.5),
]


@pytest.mark.parametrize(("function", "at"), [e[1:] for e in EDGES], ids=[e[0] for e in EDGES])
def test_derivatives_of_a_tape_at_kinks_and_edges_are_those_of_the_function(function, at):
    tape = ad.trace(function, 0.7)
    exact = ad.grad(function)(at)
    for found in (tape.gradient(), tape.gradient().simplify()):
        assert found.evaluate(at) == exact
    assert tape.jvp().evaluate(at, 1.0)[1] == exact


def test_a_tape_prints_without_being_computed():
    assert "v₁ = ln v₀" in str(ad.trace(ad.log, -1.0))
    long = str(ad.trace(lambda x: ad.total(ad.sin(x * k) for k in range(500)), 1.0))
    assert len(long.splitlines()) < 80
    tape = ad.trace(ad.log, 2.0)
    with pytest.raises(BadTape, match="has no point to show its numbers at: trace it"):
        Tape(tape.inputs, tape.code, tape.outputs).table()


def test_instructions_keep_the_names_of_local_variables_and_outputs_their_keys():
    def f(x, y):
        growth = ad.exp(x)
        both = growth * y
        return {"loss": both - ad.sin(y), "aux": both + 0.0 * x}

    tape = ad.trace(f, 1.0, 2.0)
    lines = ["growth = exp v₋₁", "both = growth × v₀", "v₃ = sin v₀", "v₄ = both − v₃"]
    assert str(tape).splitlines()[3:7] == lines
    assert str(tape).splitlines()[-2:] == ["aux = v₆", "loss = v₄"]
    assert [line for line in str(tape.simplify()).splitlines() if line in lines] == lines
    assert tape.simplify().code.names == {2: "growth", 3: "both"}
    assert str(ad.trace(ad.grad(lambda x: f(x, 2.0)["loss"]), 1.0)).splitlines()[2] == "growth = exp v₀"
    assert tape == ad.trace(lambda x, y: f(x=x, y=y), 1.0, 2.0)  # names are no part of what a tape does


def test_a_local_variable_called_as_another_instruction_would_be_moves_the_letter():
    def f(x):
        v2 = ad.exp(x)
        return ad.sin(v2) * v2

    assert str(ad.trace(f, 1.0)).splitlines()[1:] == ["w₀ = x", "v₂ = exp w₀", "w₂ = sin v₂", "w₃ = w₂ × v₂", "y = w₃"]
