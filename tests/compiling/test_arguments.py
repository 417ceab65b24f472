"""What compiled functions take, and what they refuse, with what is wrong and what to do."""

import subprocess
import sys

import numpy as np
import pytest

import autodiff as ad
from autodiff import Value
from autodiff.errors import BranchOnData, StructureMismatch

BACKENDS = pytest.mark.parametrize("backend", ["interpreter", "source"])
X = np.array([[0.5, -1.0], [2.0, 0.25], [-0.75, 1.5]])
Y = np.array([1.0, -1.0, 1.0])


@BACKENDS
def test_branches_on_traced_numbers_are_errors_with_line_and_remedy(backend):
    for function in (lambda x: x if x > 0 else -x, lambda x: x.data, float, lambda x: x * round(x, 1)):
        with pytest.raises((BranchOnData, TypeError)):
            ad.compile(function, backend=backend)(2.0)
    ranges = ad.compile(lambda x: ad.total(ad.maximum(x, float(i)) for i in range(3)), backend=backend)
    assert ranges(1.5) == 1.5 + 1.5 + 2.0


@BACKENDS
@pytest.mark.parametrize(
    ("options", "args", "error", "words"),
    [
        ({"batch": (None, 0, 0)}, (1.0, X, Y[:2]), StructureMismatch, "as many rows"),
        ({"batch": (None, 0, 0)}, (1.0, X, 1.0), StructureMismatch, "has no rows"),
        ({"batch": (None, 0, 0)}, (1.0, X, []), StructureMismatch, "empty"),
        ({"batch": (None, 0, 0)}, (1.0, X, [1.0, [2.0], 3.0]), StructureMismatch, r"argument 2 of .*1"),
        ({"batch": (None, 0)}, (1.0, X, Y), TypeError, "2 arguments"),
        ({}, (1.0, np.array(["a"]), 1.0), TypeError, "array of"),
        ({"batch": (None, 0, 0)}, (1.0, np.ma.array(Y, mask=[0, 1, 0]), Y), TypeError, "1 numbers are masked"),
        ({}, (1.0, "x", 1.0), TypeError, "str"),
    ],
)
def test_bad_arguments_are_named(options, args, error, words, backend):
    compiled = ad.compile(lambda w, x, y: w, backend=backend, **options)
    with pytest.raises(error, match=words):
        compiled(*args)


@BACKENDS
def test_arrays_of_every_kind_are_read_as_they_lie(backend):
    compiled = ad.compile(lambda x: x[0] - 2.0 * x[1], batch=0, backend=backend)
    rows = np.arange(24.0).reshape(12, 2) ** 2
    for given in (
        rows, rows[::-2], np.asfortranarray(rows), rows.astype(int), rows.astype(np.float32), rows.astype(">f8"),
        rows.tolist(), rows[:, ::-1], np.array(rows.tolist(), dtype=object), tuple(map(tuple, rows)),
    ):  # fmt: skip
        expected = [float(x) - 2.0 * float(y) for x, y in given]
        assert compiled(given).tolist() == expected


@BACKENDS
def test_what_does_not_fit_is_refused_with_the_figure(backend):
    compiled = ad.compile(lambda x: [x * float(i) for i in range(3000)], batch=0, backend=backend)
    with pytest.raises(MemoryError, match=r"72\.0 GB"):
        compiled(np.broadcast_to(1.0, 3_000_000))


@BACKENDS
def test_arguments_go_by_name_too(backend):
    compiled = ad.compile(lambda x, y=2.0: x * y, backend=backend)
    assert (compiled(3.0), compiled(3.0, y=5.0), compiled(y=5.0, x=1.0)) == (6.0, 15.0, 5.0)
    with pytest.raises(TypeError, match=r"\['y'\] by name only"):
        ad.compile(lambda x, *, y: x * y, backend=backend)(3.0, y=5.0)


@BACKENDS
@pytest.mark.parametrize("reduce", [None, "sum", "mean"])
def test_results_that_no_row_moves_are_the_same_for_all(backend, reduce):
    w = Value(3.0)
    compiled = ad.compile(lambda x: (x * x, 7.0, w), batch=0, reduce=reduce, backend=backend)
    found = compiled([3.0, 4.0])
    expected = {None: [[9.0, 16.0], [7.0, 7.0], [3.0, 3.0]], "sum": [25.0, 14.0, 6.0], "mean": [12.5, 7.0, 3.0]}
    assert [np.asarray(x).tolist() for x in found] == expected[reduce]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"reduce": "mean"}, "names no argument that has rows"),
        ({"reduce": "median", "batch": 0}, "'mean'"),
        ({"backend": "gpu"}, "'interpreter'"),
        ({"dtype": "float16"}, "'float32'"),
        ({"batch": (1,)}, "0, None"),
        ({"threads": 0}, "from 1"),
    ],
)
def test_bad_options_are_named(options, words):
    with pytest.raises(ValueError, match=words):
        ad.compile(ad.logsumexp, **options)


def test_only_functions_are_compiled():
    with pytest.raises(TypeError, match="a function is compiled, got float"):
        ad.compile(2.0)


def test_without_llvmlite_it_is_python_said_once_and_without_numpy_too_for_one_row():
    program = """
import sys, warnings
for package in {missing}:
    sys.modules[package] = None
import autodiff as ad
with warnings.catch_warnings(record=True) as said:
    warnings.simplefilter("always")
    compiled = [ad.compile(ad.grad(lambda x: x * x)) for _ in range(2)]
assert [str(warning.message)[-36:] for warning in said] == ["pip install 'autodiff-stepper[fast]'"], said
assert compiled[0].backend == "source"
assert compiled[0](3.0) == 6.0
try:
    ad.compile(lambda x: x, backend="interpreter")(1.0)
except ImportError as error:
    assert "pip install" in str(error)
else:
    raise AssertionError
"""
    for missing in (["llvmlite"], ["llvmlite", "numpy"]):
        subprocess.run([sys.executable, "-c", program.format(missing=missing)], check=True)
