"""Tapes in files: what is kept, and that a damaged or hostile file is a clear error."""

import json
from fractions import Fraction

import numpy as np
import pytest
from derivatives import same
from hypothesis import given
from programs import numbers, programs

import autodiff as ad
from autodiff import Tape
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
