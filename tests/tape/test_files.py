"""Tapes in files: what is kept, and that a damaged or hostile file is a clear error."""

import json
import math
import pickle
import random
from contextlib import suppress
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from derivatives import same
from hypothesis import given
from programs import numbers, programs

import autodiff as ad
from autodiff import Tape
from autodiff.core.custom import remove
from autodiff.errors import BadTape
from autodiff.tape.tape import recorded


@pytest.mark.long(4)
@given(program=programs, a=numbers, b=numbers)
def test_random_programs_as_tapes_in_files(program, a, b):
    tape = recorded(program, (a, b), abstract=False)
    again = Tape.from_json(tape.to_json())
    assert same([again.simplify().evaluate(a, b)], [program(a, b)])
    assert again == tape


GOOD = json.loads(ad.trace(lambda p, x: {"y": ad.log(x[0]) * 2.5 + p}, Fraction(1, 2), np.ones(2)).to_json())

DAMAGE = [
    ("nothing", lambda d: None, "this is no tape"),
    ("a list", lambda d: [], "this is no tape"),
    ("another format", lambda d: d | {"format": "x"}, "this is no tape"),
    ("a later version", lambda d: d | {"version": 99}, "of version 99, this autodiff reads up to 2"),
    ("version 0", lambda d: d | {"version": 0}, '"version": 2 is needed'),
    ("a field missing", lambda d: {k: v for k, v in d.items() if k != "codes"}, "damaged: KeyError 'codes'"),
    (
        "an unknown row",
        lambda d: d | {"primitives": ["os.system", "add", "log"]},
        "the row 'os.system' is needed, which is not in",
    ),
    ("a row of somebody's", lambda d: d | {"primitives": ["mysq", "add", "log"]}, "define row mysq first, by @ad.prim"),
    ("a slot too late", lambda d: d | {"operands": [99, *d["operands"][1:]]}, "slot 99 is not defined there"),
    ("a constant too far", lambda d: d | {"operands": [-9, *d["operands"][1:]]}, "numbered that is not there"),
    ("a code too far", lambda d: d | {"codes": [77, *d["codes"][1:]]}, "numbered that is not there"),
    ("a number for a list", lambda d: d | {"codes": 3}, "codes is a list of int"),
    ("text for a number", lambda d: d | {"codes": ["0", *d["codes"][1:]]}, "codes is a list of int"),
    ("a text of constants", lambda d: d | {"constants": "7"}, "constants is a list of str"),
    ("a version that is none", lambda d: d | {"version": True}, "this is no tape"),
    ("a label that is empty", lambda d: d | {"labels": ["", "a", "b"]}, "a label is a printable text"),
    ("too few labels", lambda d: d | {"labels": ["a"]}, "do not fit each other"),
    ("a name that is none", lambda d: d | {"name": {}}, "the name is a printable text"),
    ("a name of two lines", lambda d: d | {"name": "f\n"}, "the name is a printable text"),
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
    assert (again, again.point, again.labels, again.name) == (tape, (1 / 3, 2.0), ("x1", "x2"), "f")


OLD = Path(__file__).parent / "version_1"
WERE = {  # what they gave when they were written
    "baydin": 11.652071455223084, "gradient": (5.5, 1.7163378145367738), "curvature": -83.14798719745363,
    "where": (1.0, 2.0), "powers": (10.958134527674108, 5.288623806197886), "own": 0.6861101937818952,
    "softmax": [
        [0.08192506906499322, -0.022033044520174294, -0.05989202454481893],
        [-0.022033044520174294, 0.1848364465099787, -0.1628034019898044],
        [-0.05989202454481892, -0.1628034019898044, 0.22269542653462332],
    ],
}  # fmt: skip


@pytest.fixture
def versine():
    row = ad.primitive(partials=[lambda out, x: ad.sin(x)])(named("versine", lambda x: 1 - math.cos(x)))
    yield row
    if ad.__getattr__("versine") is row:
        remove(row)


def named(name, function):
    function.__name__ = name
    return function


@pytest.mark.usefixtures("versine")
@pytest.mark.parametrize("name", WERE)
def test_a_file_of_an_earlier_version_gives_the_same(name):
    tape = Tape.from_json((OLD / f"{name}.json").read_text(encoding="utf-8"))
    assert same(flat(tape.evaluate(*tape.inputs.rebuild(tape.point))), flat(WERE[name]))
    assert Tape.from_json(tape.to_json()) == tape


def flat(x):
    return [y for part in x for y in flat(part)] if isinstance(x, list | tuple) else [x]


def test_a_tape_that_needs_a_row_of_somebodys_says_which_to_define():
    row = ad.primitive(partials=[lambda out, x: 2.0 * x])(named("mysq", lambda x: x * x))
    tape = ad.trace(row, 3.0)
    text, pickled = tape.to_json(), pickle.dumps(tape)
    remove(row)
    for read in (lambda: Tape.from_json(text), lambda: pickle.loads(pickled)):
        with pytest.raises(BadTape, match=r"define row mysq first, by @ad\.primitive"):
            read()


def test_a_tape_of_a_row_that_is_no_more_is_not_written():
    first = ad.primitive(partials=[1.0])(named("fleeting", lambda x: x))
    tape = ad.trace(first, 1.0)
    second = ad.primitive(partials=[2.0])(named("fleeting", lambda x: x))
    with pytest.raises(BadTape, match="fleeting was defined anew since the trace"):
        tape.to_json()
    with pytest.raises(TypeError, match="not in the table"):
        pickle.dumps(tape)
    remove(second)
    with pytest.raises(BadTape, match="define row fleeting first"):
        tape.to_json()


def test_a_row_that_takes_another_number_of_operands_now_is_a_clear_error():
    row = ad.primitive(partials=[1.0])(named("widened", lambda x: x))
    text = ad.trace(row, 1.0).to_json()
    wider = ad.primitive(partials=[1.0, 1.0])(named("widened", lambda x, y: x + y))
    with pytest.raises(BadTape, match="widened of 1 operands, it takes 2"):
        Tape.from_json(text)
    remove(wider)


def test_files_damaged_by_chance_are_bad_tapes_or_tapes():
    chance = random.Random(13)
    good = (OLD / "gradient.json").read_text(encoding="utf-8")
    kinds = [0, -1, 2**40, 1.5, None, True, "x", [], {}, [[]], "ieee_log", 10**400]
    for _ in range(1500):
        text, data = list(good), json.loads(good)
        for _ in range(chance.randint(1, 3)):
            text[chance.randrange(len(text))] = chance.choice('0129-.,:[]{}"xeé\\')
            field = chance.choice(list(data))
            data[field] = damaged(data[field], chance, kinds)
        for damage in ("".join(text), "".join(text)[: chance.randrange(len(text))], json.dumps(data)):
            with suppress(BadTape):
                Tape.from_json(damage)


def damaged(x, chance, kinds):
    """The same with one thing in it another, or shuffled."""
    if isinstance(x, list) and x and chance.random() < 0.8:
        i = chance.randrange(len(x))
        inside = [*x[:i], damaged(x[i], chance, kinds), *x[i + 1 :]]
        return chance.choice([inside, x[::-1], x[:i], x + x[i:]])
    return chance.choice(kinds)
