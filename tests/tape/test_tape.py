"""Tapes: what they compute, what is made of them, how they travel, and what is refused."""

import json
import pickle
from collections import Counter
from fractions import Fraction

import numpy as np
import pytest
from derivatives import same
from hypothesis import given
from programs import numbers, programs
from zoo import ZOO

import autodiff as ad
import nn
from autodiff import Dual, Tape, Value
from autodiff.core.operators import Operators
from autodiff.errors import BadTape, BranchOnData, Escaped, StructureMismatch
from autodiff.tape.instructions import Code, Instruction, check
from autodiff.tape.passes import shared, simplified, without_dead_code
from autodiff.tape.tape import recorded

BRANCHING = {"doubling_loop", "piecewise"}  # on numbers: an error to trace, but they are recorded at a point
TRACED = [pytest.param(f, at, id=name) for name, (f, at) in ZOO.items() if name not in BRANCHING]
ALL = [pytest.param(f, at, id=name) for name, (f, at) in ZOO.items()]


def numbers_of(x):
    return [getattr(part, "data", part) for part in (x if isinstance(x, tuple | list) else [x])]


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


@pytest.mark.parametrize(("function", "at"), TRACED)
def test_passes_keep_every_bit_and_leave_code_that_checks(function, at):
    for tape in (ad.trace(function, *at), ad.trace(function, *at).gradient()):
        expected = numbers_of(tape.evaluate(*at))
        for run in (shared, without_dead_code, simplified):
            code = check(run(tape.code))
            assert len(code.instructions) <= len(tape)
            again = Tape(tape.inputs, code, tape.outputs)
            assert same(numbers_of(again.evaluate(*at)), expected), run
        assert tape.simplify().simplify() == tape.simplify()


@given(program=programs, a=numbers, b=numbers)
def test_random_programs_as_tapes_in_files(program, a, b):
    tape = recorded(program, (a, b), abstract=False)
    again = Tape.from_json(tape.to_json())
    assert same([again.simplify().evaluate(a, b)], [program(a, b)])
    assert again == tape


def test_simplify_folds_shares_and_removes():
    def f(x):
        dead = ad.sin(x)  # noqa: F841
        return (ad.exp(x) + ad.exp(x)) * (2.0 * 3.0 + 1.0) - 0.0 + x * 1.0 + -(-x) + ad.identity(x)

    tape = ad.trace(f, 0.5)
    simple = tape.simplify()
    assert simple.counts == {"exp": 1, "add": 4, "multiply": 1}
    assert simple.evaluate(0.5) == f(0.5)
    assert ad.trace(lambda x: x * 1.0, 2.0).simplify().results == (0,)
    assert ad.trace(lambda x: (x + 1.0, 1.0 + x), 2.0).simplify().counts == {"add": 1}


def test_simplify_keeps_what_it_may_not_change():
    zero = ad.trace(lambda x: x + 0.0, -0.0)
    assert len(zero.simplify()) == 1  # −0 + 0 is 0
    stopped = ad.trace(lambda x: ad.stop_gradient(x) * x, 3.0).simplify()
    assert ad.grad(stopped)(3.0) == 3.0
    wrong = Tape(stopped.inputs, Code(1, [Instruction(ad.log, (-1.0,))], (1,)), stopped.outputs).simplify()
    with pytest.raises(ValueError, match=r"log\(-1\.0\)"):
        wrong.evaluate(1.0)


def test_instructions_come_in_the_order_of_the_program():
    def f(x, y):
        b = ad.sin(y)
        a = ad.log(x)
        return a * b

    assert [primitive.name for primitive, _ in ad.trace(f, 2.0, 3.0)] == ["sin", "log", "multiply"]


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
    assert repr(tape) == "<Tape <lambda>: 4 → 1, 7 instructions (4 sin, 3 add)>"
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


# What cannot be traced


def test_a_branch_on_data_names_the_line_and_the_remedy():
    def branching(x):
        if x > 0:
            return x
        return -x

    with pytest.raises(BranchOnData, match=r"line \d+ of .*test_tape.py, `if x > 0:`, asks .*use ad\.where"):
        ad.trace(branching, 1.0)
    assert recorded(branching, (-2.0,), abstract=False).evaluate(5.0) == -5.0  # frozen, for a picture at a point


@pytest.mark.parametrize("read", [lambda x: x * x.data, lambda x: f"{x:.2f}", lambda x: max(x, 1.0), bool, [1.0].index])
def test_reading_the_number_of_a_traced_value_is_refused(read):
    with pytest.raises(BranchOnData):
        ad.trace(read, 1.0)


def test_conditions_are_traced():
    tape = ad.trace(lambda x: ad.where(x > 1, ad.clip(x, 0.0, 2.0), ad.leaky_relu(x)), 0.5)
    for x in (-1.0, 0.5, 1.5, 3.0):
        assert tape.evaluate(x) == (min(x, 2.0) if x > 1 else x if x > 0 else 0.01 * x)
    tape = ad.trace(lambda x, y: [x < y, x <= y, x >= y, x == y, x != y], 1.0, 2.0)
    assert tape.evaluate(2.0, 2.0) == [0.0, 1.0, 1.0, 1.0, 0.0]


@pytest.mark.parametrize(
    ("function", "args", "message"),
    [
        (lambda: 1.0, (), "has 0 inputs and 1 outputs: a tape needs some of both"),
        (lambda x: [], (1.0,), "has 1 inputs and 0 outputs"),
        (lambda x, c=Value(2.0, "c"): x * c, (1.0,), r"closes over Value\(2.0, 'c'.*pass it as an argument"),
        (lambda x: Dual(1.0, 1.0) * x, (1.0,), "take Duals through the tape"),
    ],
)
def test_what_a_tape_cannot_hold(function, args, message):
    with pytest.raises(BadTape, match=message):
        ad.trace(function, *args)


def test_only_a_function_is_traced():
    with pytest.raises(TypeError, match="a function is traced, got float"):
        ad.trace(1.0)


# Files

GOOD = json.loads(ad.trace(lambda p, x: {"y": ad.log(x[0]) * 2.5 + p}, Fraction(1, 2), np.ones(2)).to_json())

DAMAGE = [
    ("nothing", lambda d: None, "this is no tape"),
    ("a list", lambda d: [], "this is no tape"),
    ("another format", lambda d: d | {"format": "x"}, "this is no tape"),
    ("a later version", lambda d: d | {"version": 99}, '"version": 1 is needed'),
    ("a field missing", lambda d: {k: v for k, v in d.items() if k != "codes"}, "damaged: KeyError 'codes'"),
    ("an unknown row", lambda d: d | {"primitives": ["os.system", "add", "log"]}, "damaged: KeyError 'os.system'"),
    ("a slot too late", lambda d: d | {"operands": [99, *d["operands"][1:]]}, "slot 99 is not defined there"),
    ("a constant too far", lambda d: d | {"operands": [-9, *d["operands"][1:]]}, "numbered that is not there"),
    ("a code too far", lambda d: d | {"codes": [77, *d["codes"][1:]]}, "numbered that is not there"),
    ("a number for a list", lambda d: d | {"codes": 3}, "codes is a list of int"),
    ("text for a number", lambda d: d | {"codes": ["0", *d["codes"][1:]]}, "codes is a list of int"),
    ("a text of constants", lambda d: d | {"constants": "7"}, "constants is a list of str"),
    ("a version that is none", lambda d: d | {"version": True}, "this is no tape"),
    ("a label that is empty", lambda d: d | {"labels": ["", "a", "b"]}, "a label is a printable text"),
    ("too few labels", lambda d: d | {"labels": ["a"]}, "do not fit each other"),
    ("a name that is none", lambda d: d | {"name": {}}, "the name is a text"),
    (
        "a key that comes twice",
        lambda d: d | {"outputs": {"dict": [["y", "number"]] * 2}},
        "each key once",
    ),
    ("an array of none by a giant", lambda d: d | {"inputs": {"tuple": [{"array": [0, 2**31]}]}}, "no shape"),
    ("many large arrays", lambda d: d | {"inputs": {"tuple": [{"array": [10**6]}] * 20}}, "more than a tape may have"),
    ("ends that go back", lambda d: d | {"ends": d["ends"][::-1]}, "do not follow one another"),
    ("ends too short", lambda d: d | {"ends": d["ends"][:-1]}, "lists of one length"),
    ("a wrong arity", lambda d: d | {"ends": [2, *d["ends"][1:]]}, "of 2 operands, it takes 1"),
    ("a constant that is none", lambda d: d | {"constants": ["x"]}, "damaged: ValueError"),
    ("too many results", lambda d: d | {"results": [0, 1]}, "do not fit each other"),
    ("a result of text", lambda d: d | {"results": ["zzz"]}, "damaged: ValueError"),
    ("no structure", lambda d: d | {"inputs": "x"}, "no structure: 'x'"),
    ("a class", lambda d: d | {"inputs": {"tuple": ["number", {"Path": []}]}}, "'Path' is none of list, tuple"),
    ("an endless structure", lambda d: d | {"inputs": nested(200)}, "no structure"),
    (
        "a giant array",
        lambda d: d | {"inputs": {"tuple": ["number", {"array": [10**5, 10**5]}]}},
        "are more than a tape may have",
    ),
    ("a negative array", lambda d: d | {"inputs": {"tuple": ["number", {"array": [-1]}]}}, "no shape of an array"),
    ("a strange dict", lambda d: d | {"outputs": {"dict": [["y"]]}}, r"a dict is a list of \[key, structure\]"),
    ("parts that are none", lambda d: d | {"outputs": {"dict": "y"}}, "needs a list of parts"),
]


def nested(depth):
    return "number" if not depth else {"tuple": [nested(depth - 1)]}


@pytest.mark.parametrize(("damage", "message"), [d[1:] for d in DAMAGE], ids=[d[0] for d in DAMAGE])
def test_a_damaged_or_hostile_file_is_a_clear_error(damage, message):
    with pytest.raises(BadTape, match=message):
        Tape.from_json(json.dumps(damage(dict(GOOD))))


def test_text_that_is_no_json_is_a_clear_error():
    for text in ("", "{", b"\xff", "[" * 100_000):
        with pytest.raises(BadTape, match="this is no JSON text"):
            Tape.from_json(text)


def test_a_file_keeps_every_bit_and_every_name():
    tape = ad.trace(lambda x1, x2: x1 * 0.1 + ad.sin(x2) ** 2 + float("inf") * 0.0, 1 / 3, 2.0)
    again = Tape.from_json(tape.to_json())
    assert (again, again.point, again.labels, again.name) == (tape, (1 / 3, 2.0), ("x1", "x2"), "<lambda>")


def test_the_checker_tells_what_is_wrong():
    from autodiff.core.rows import Primitive

    stranger = Primitive("stranger", float, (1.0,))
    for instruction, message in [
        (Instruction(stranger, (0,)), "'stranger' is not in the table"),
        (Instruction(ad.add, (0,)), "add of 1 operands, it takes 2"),
        (Instruction(ad.maximum, ()), "maximum of 0 operands, it takes some"),
        (Instruction(ad.sin, (5,)), "slot 5 is not defined there"),
        (Instruction(ad.sin, ("x",)), "an operand is a slot or a float, got 'x'"),
    ]:
        with pytest.raises(BadTape, match=message):
            check(Code(1, [instruction], (1,)))
    with pytest.raises(BadTape, match="outputs: slot 1 is not defined"):
        check(Code(1, [], (1,)))


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


def test_a_tape_traced_inside_a_transform_does_not_freeze_the_outer_variable():
    for transform in (ad.grad, lambda f: ad.jacobian(f, "reverse"), lambda f: lambda x: ad.jvp(f, (x,), (1.0,))):
        with pytest.raises(BadTape, match=r"closes over|take Duals through"):
            transform(lambda x: ad.trace(lambda y: y * x, 2.0)(3.0))(5.0)


def test_rows_that_ignore_their_operand_or_refuse_placeholders_are_traced():
    @ad.custom_derivative(partials=[0.0])
    def five(x):
        return 5.0

    @ad.custom_derivative(partials=[lambda out, x: 0.5 / out])
    def safe(x):
        try:
            return float(np.sqrt(x))
        except TypeError:
            return 0.0

    assert ad.trace(lambda x: five(ad.sin(x)), 1.0).evaluate(2.0) == 5.0
    assert ad.trace(lambda x: safe(ad.exp(x)) + 1.0, 4.0).evaluate(0.0) == 2.0


def test_a_traced_value_that_escapes_is_refused():
    leaked = []
    ad.trace(lambda x: leaked.append(x) or x * x, 1.0)
    with pytest.raises(Escaped):
        _ = leaked[0] + 1.0


def test_a_tape_prints_without_being_computed():
    assert "v₁ = ln v₀" in str(ad.trace(ad.log, -1.0))
    long = str(ad.trace(lambda x: ad.total(ad.sin(x * k) for k in range(500)), 1.0))
    assert len(long.splitlines()) < 80
    tape = ad.trace(ad.log, 2.0)
    with pytest.raises(BadTape, match="has no point to show its numbers at: trace it"):
        Tape(tape.inputs, tape.code, tape.outputs).table()
