"""Tapes as C: one function that gcc takes without a warning, and that gives the tape's numbers."""

import contextlib
import ctypes
import math
import re
import shutil
import subprocess
import sys

import pytest
from derivatives import same
from sampling import WALKED, operand_counts, points
from zoo import ZOO

import autodiff as ad
from autodiff.core.custom import remove
from autodiff.errors import BadTape, BranchOnData
from autodiff.exchange.c import FORMS, to_c
from autodiff.seeing.page.slopes import OWN
from autodiff.transforms.structure import flatten

GCC = shutil.which("gcc")
FLAGS = ["-std=c99", "-Wall", "-Wextra", "-Werror", "-pedantic", "-O2", "-shared", "-fPIC"]
needs_gcc = pytest.mark.skipif(GCC is None, reason="needs gcc")
# In units in the last place: what the C library and SciPy are from each other, where they are not the same.
ULPS = {"digamma": 4e3, "polygamma": 4e3, "lgamma": 4e3, "gamma": 64, "power_slope′": 64, "sinc_slope′": 4e3}


def compiled(folder, *texts):
    """The functions of C texts, f0, f1 … in one library."""
    sources = []
    for i, text in enumerate(texts):
        sources.append(folder / f"f{i}.c")
        sources[-1].write_text(text, encoding="utf-8")
    library = folder / "f.so"
    done = subprocess.run([GCC, *FLAGS, "-o", library, *sources, "-lm"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[:2000]
    return ctypes.CDLL(str(library))


def called(function, xs, count):
    given, found = (ctypes.c_double * len(xs))(*xs), (ctypes.c_double * count)()
    function(given, found)
    return list(found)


def traced(function, point):
    """Its tape and that of its gradient; none of a function that branches."""
    with contextlib.suppress(BranchOnData):
        tape = ad.trace(function, *point)
        return [tape, tape.gradient()]
    return []


def ulps(a, b):
    return 0.0 if same([a], [b]) else abs(a - b) / math.ulp(max(abs(a), abs(b), 1e-300))


def test_every_row_of_the_table_is_written_and_no_other():
    assert set(FORMS) == set(OWN)


@needs_gcc
def test_the_zoo_and_its_gradients_are_the_tapes(tmp_path):
    tapes = [tape for function, point in ZOO.values() for tape in traced(function, point)]
    library = compiled(tmp_path, *(to_c(tape, f"f{i}") for i, tape in enumerate(tapes)))
    for i, tape in enumerate(tapes):
        numbers = list(tape.point)
        expected, _ = flatten(tape.evaluate(*tape.inputs.rebuild(numbers)), "")
        found = called(getattr(library, f"f{i}"), numbers, tape.outputs.size)
        for a, b in zip(found, expected, strict=True):
            assert a == pytest.approx(b, rel=1e-13, abs=1e-15), tape.name


@needs_gcc
def test_every_row_gives_its_value(tmp_path):
    cases = [(row, count) for row in WALKED.values() for count in operand_counts(row)]
    texts = [to_c(_of_row(row, count), f"f{i}") for i, (row, count) in enumerate(cases)]
    library = compiled(tmp_path, *texts)
    for i, (row, count) in enumerate(cases):
        for xs in points(row, count):
            expected = row.evaluate(xs)
            (found,) = called(getattr(library, f"f{i}"), xs, 1)
            near = abs(found - expected) <= 1e-14 * max(1.0, abs(expected)) if row.name in ULPS else False
            assert near or ulps(found, expected) <= ULPS.get(row.name, 16), (row.name, xs, found, expected)


def _of_row(row, count):
    def function(*xs):
        return row(*xs)

    return ad.trace(function, *[0.5] * count)


def test_it_is_readable_and_has_what_it_needs_and_no_more():
    text = to_c(ad.trace(lambda rate, x: ad.sigmoid(rate * x) + ad.log(x), 0.5, 2.0), "loss")
    assert "void loss(const double x[2], double y[1]) {" in text
    assert "const double rate = x[0];" in text
    assert text.count("static double") == 1
    assert text.startswith("#include <math.h>\n")


@needs_gcc
@pytest.mark.parametrize(
    "labels", [["int", "exp"], ["x", "y"], ["a b", "*/"], ["x₁", "x1"], ["α", "_p"], ["sigmoid", "y1"]]
)
def test_names_that_c_has_already_are_others(tmp_path, labels):
    a, b = (ad.Value(x, label) for x, label in zip((0.5, 2.0), labels, strict=True))
    tape = ad.trace(lambda p, q: ad.sigmoid(p) * ad.exp(q), 0.5, 2.0)
    named = ad.Tape(tape.inputs, tape.code, tape.outputs, tape.name, tape.point, labels)
    library = compiled(tmp_path, to_c(named, "f0"))
    assert called(library.f0, [0.5, 2.0], 1)[0] == pytest.approx((ad.sigmoid(a) * ad.exp(b)).data, rel=1e-15)


@needs_gcc
def test_constants_and_outputs_of_every_kind_are_written(tmp_path):
    tape = ad.trace(lambda x: [x, 3.0, -x, ad.maximum(x, -1e300, 5e-324), ad.where(x > 0.0, math.inf, -math.inf)], 2.0)
    library = compiled(tmp_path, to_c(tape, "f0"))
    assert called(library.f0, [2.0], 5) == [2.0, 3.0, -2.0, 2.0, math.inf]
    other = tmp_path / "other"
    other.mkdir()
    only = compiled(other, to_c(ad.trace(lambda x: [x * 0.0 + 1.0, 2.0], 2.0).simplify(), "f0"))
    assert called(only.f0, [2.0], 2) == [1.0, 2.0]


def test_a_row_of_ones_own_is_named():
    @ad.primitive(partials=[lambda out, x: 3.0 * x * x])
    def cubed(x):
        return x**3

    try:
        with pytest.raises(BadTape, match="cubed is a function of your own, which C does not know"):
            to_c(ad.trace(lambda x: cubed(x) + 1.0, 2.0))
    finally:
        remove(cubed)


@pytest.mark.parametrize("name", ["double", "2f", "f-g", "ä"])
def test_what_is_no_name_in_c_is_refused(name):
    with pytest.raises(ValueError, match="is no name of a function in C"):
        to_c(ad.trace(ad.sin, 1.0), name)


@needs_gcc
def test_the_example_runs_as_it_stands():
    command = [sys.executable, "notebooks/examples/derivative_in_c.py"]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[-2:]
    numbers = [list(map(float, re.findall(r"-?[\d.]+(?:e-?\d+)?", line.partition(":")[2]))) for line in told]
    assert numbers[0] == pytest.approx(numbers[1], rel=1e-13)
