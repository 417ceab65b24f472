"""ad.compile: structures, what a function closes over, calls on other numbers, fixed arguments, and bad input."""

import gc
import pickle
import subprocess
import sys
import threading
import tracemalloc
from itertools import pairwise

import numpy as np
import pytest
from readings import flat

import autodiff as ad
import nn
from autodiff import Dual, Value
from autodiff.errors import BranchOnData, NonFinite, StructureMismatch

BACKENDS = pytest.mark.parametrize("backend", ["interpreter", "source"])
X = np.array([[0.5, -1.0], [2.0, 0.25], [-0.75, 1.5]])
Y = np.array([1.0, -1.0, 1.0])


def rosenbrock(x):
    return ad.total(100 * (b - a * a) ** 2 + (1 - a) ** 2 for a, b in pairwise(x))


@BACKENDS
@pytest.mark.parametrize(
    "make",
    [ad.grad, ad.value_and_grad, ad.hessian, ad.jacobian, lambda f: lambda x: ad.jvp(f, (x,), ([1.0, 0.0, -1.0],)),
     lambda f: lambda x: ad.hvp(f, x, [1.0, 0.0, -1.0]), lambda f: f],
)  # fmt: skip
def test_transforms_compile(make, backend):
    at = [0.3, -1.2, 0.7]
    function = make(rosenbrock)
    assert flat(ad.compile(function, backend=backend)(at)) == pytest.approx(flat(function(at)), rel=1e-13)


@BACKENDS
def test_arguments_and_results_keep_their_structure(backend):
    def f(p, *rest):
        return {"sum": p["a"] + p["b"][0], "parts": (p["b"], rest[0] * rest[1])}

    compiled = ad.compile(f, backend=backend)
    found = compiled({"a": 1.0, "b": [2.0, 3]}, np.array([1.0, 2.0]), 4)
    assert found["sum"] == 3.0
    assert found["parts"][0] == [2.0, 3.0]
    assert found["parts"][1].tolist() == [4.0, 8.0]
    assert type(found["sum"]) is float
    array = ad.compile(ad.grad(lambda x: ad.total((x * x).ravel())), backend=backend)(np.ones((2, 3)))
    assert array.tolist() == [[2.0] * 3] * 2


@BACKENDS
def test_a_structure_is_traced_once(backend):
    calls = []

    def f(x):
        calls.append(x)
        return ad.total(x)

    compiled = ad.compile(f, backend=backend)
    assert [compiled([1.0, 2.0]), compiled([3.0, 4.0]), compiled(np.ones(3)), compiled(np.ones(3))] == [
        3.0,
        7.0,
        3.0,
        3.0,
    ]
    assert len(calls) == len(compiled.stats) == 2
    compiled.retrace()
    compiled([1.0, 2.0])
    assert len(calls) == 3
    assert "2 numbers" in str(compiled)
    assert backend in repr(compiled)


@BACKENDS
def test_models_are_arguments_and_another_activation_is_another_trace(backend):
    def loss(model, x, y):
        return nn.half_squared_error(model(x), y)

    compiled = ad.compile(ad.value_and_grad(loss), batch=(None, 0, 0), reduce="mean", backend=backend)
    for activation in ("tanh", "relu"):
        model = nn.MLP(2, [4, 1], activation, rng=3)
        value, gradient = compiled(model, X, Y)
        total = ad.mean([loss(model, list(x), y) for x, y in zip(X.tolist(), Y.tolist(), strict=True)])
        model.zero_grad()
        total.backward()
        assert value == pytest.approx(total.data, rel=1e-14)
        expected = [p.grad for p in model.parameters()]
        assert [p.data for p in gradient.parameters()] == pytest.approx(expected, rel=1e-12)
    assert len(compiled.stats) == 2


@BACKENDS
def test_values_that_a_function_closes_over_are_read_at_each_call(backend):
    w, b = Value(3.0, "w"), Value(-2.0, "b")
    older = w * b
    compiled = ad.compile(lambda x: abs(w) * x + older, backend=backend)
    assert compiled(2.0) == 0.0
    w.data = -5.0
    assert compiled(2.0) == 10.0 - 6.0  # what was computed before keeps its number
    assert w.data == -5.0
    assert older.op is not None


@BACKENDS
def test_values_that_a_function_closes_over_stay_differentiable(backend):
    w = Value(3.0, "w")
    compiled = ad.compile(lambda x: w * x * x, backend=backend)
    output = compiled(Value(2.0, "x"))
    output.backward()
    assert (output.data, w.grad) == (12.0, 4.0)
    gradient = ad.compile(ad.grad(lambda x: w * x * x), backend=backend)
    assert gradient(2.0) == 12.0
    assert ad.grad(gradient)(2.0).data == 6.0


@BACKENDS
def test_a_value_that_is_made_inside_is_a_constant(backend):
    compiled = ad.compile(lambda x: (Value(2.0) * x, Value(3.0)), backend=backend)
    assert compiled(5.0) == (10.0, 3.0)
    gradient = ad.compile(ad.grad(lambda model, x: model(x)), backend=backend)(nn.MLP(1, [1], rng=1), [0.5])
    assert [p.data for p in gradient.parameters()] == [0.5, 1.0]


@BACKENDS
def test_a_closed_over_value_takes_no_branch(backend):
    w = Value(3.0, "w")
    with pytest.raises(BranchOnData, match="test_compiled"):
        ad.compile(lambda x: w * x if w > 0 else x, backend=backend)(2.0)
    assert w.data == 3.0


@BACKENDS
def test_called_on_other_numbers_it_is_right_only_slower(backend):
    compiled = ad.compile(lambda x, y: x * ad.sin(y), backend=backend)
    assert compiled(Dual(2.0, 1.0), 3.0).tangent == pytest.approx(np.sin(3.0))
    assert ad.grad(compiled, (0, 1))(2.0, 3.0) == ad.grad(lambda x, y: x * ad.sin(y), (0, 1))(2.0, 3.0)
    assert ad.hessian(lambda x: compiled(x, x))(2.0) == pytest.approx(ad.hessian(lambda x: x * ad.sin(x))(2.0))
    assert len(ad.trace(compiled, 2.0, 3.0)) == 2
    batched = ad.compile(lambda w, x: w * x, batch=(None, 0), reduce="mean", backend=backend)
    assert ad.grad(batched)(2.0, np.array([1.0, 2.0, 6.0])) == 3.0
    each = ad.compile(lambda w, x: w * x, batch=(None, 0), backend=backend)
    assert ad.jacobian(each)(2.0, np.array([1.0, 2.0, 6.0])) == [1.0, 2.0, 6.0]


@BACKENDS
def test_branches_on_traced_numbers_are_errors_with_line_and_remedy(backend):
    for function in (lambda x: x if x > 0 else -x, lambda x: x.data, float, lambda x: x * round(x, 1)):
        with pytest.raises((BranchOnData, ad.Tape.from_json and TypeError)):
            ad.compile(function, backend=backend)(2.0)
    ranges = ad.compile(lambda x: ad.total(ad.maximum(x, float(i)) for i in range(3)), backend=backend)
    assert ranges(1.5) == 1.5 + 1.5 + 2.0


@BACKENDS
def test_what_is_frozen_is_told_by_comparison_and_read_again_after_retrace(backend):
    scale = [2.0]
    compiled = ad.compile(lambda x: scale[0] * x, backend=backend)
    assert compiled.compare_with_eager(3.0).agrees
    scale[0] = 5.0
    found = compiled.compare_with_eager(3.0)
    assert not found.agrees
    assert "6.0 compiled and 15.0 eager" in str(found)
    compiled.retrace()
    assert compiled(3.0) == 15.0
    batched = ad.compile(lambda w, x: w * x[0], batch=(None, 0), backend=backend)
    assert batched.compare_with_eager(2.0, X).agrees


@BACKENDS
def test_bound_functions_take_and_give_flat_vectors(backend):
    def loss(w, x, y):
        return (ad.dot(w["a"], x) + w["b"] - y) ** 2

    compiled = ad.compile(ad.value_and_grad(loss), batch=(None, 0, 0), reduce="mean", backend=backend)
    start = {"a": [0.1, 0.2], "b": 0.3}
    value, gradient = compiled(start, X, Y)
    bound = compiled.bind(None, X, Y)
    vector = bound.pack(start)
    assert vector.tolist() == [0.1, 0.2, 0.3]
    found = bound(vector)
    assert found.tolist() == [value, *gradient["a"], gradient["b"]]
    assert bound.unpack(found) == (value, gradient)
    with pytest.raises(StructureMismatch, match="3 numbers"):
        bound(vector[:2])
    with pytest.raises(StructureMismatch, match="rows"):
        compiled.bind(None, None, Y)
    with pytest.raises(StructureMismatch, match="call it once"):
        ad.compile(ad.value_and_grad(loss), batch=(None, 0, 0)).bind(None, X, Y)


@BACKENDS
@pytest.mark.parametrize("batch", [None, 2])
def test_training_is_step_by_step_descent(backend, batch):
    def loss(w, x, y):
        return (ad.dot(w, x) - y) ** 2

    compiled = ad.compile(ad.value_and_grad(loss), batch=(None, 0, 0), reduce="mean", backend=backend)
    last, losses = compiled.train([0.1, 0.2], X, Y, steps=7, rate=0.05, batch=batch, seed=4)
    w, seen, rng = np.array([0.1, 0.2]), [], np.random.default_rng(4)
    order = rng.permutation(3) if batch else np.arange(3)
    starts = iter(())
    for _ in range(7):
        first = next(starts, None)
        if first is None:
            order = order if not seen else rng.permutation(3) if batch else order
            starts = iter(range(0, 3, batch or 3))
            first = next(starts)
        rows = order[first : first + (batch or 3)]
        value, gradient = compiled(w.tolist(), X[rows], Y[rows])
        seen.append(value)
        w -= 0.05 * np.array(gradient)
    assert losses == pytest.approx(seen, rel=1e-13)
    assert last == pytest.approx(w.tolist(), rel=1e-13)


@BACKENDS
def test_check_names_the_first_instruction_that_is_not_finite(backend):
    def f(x):
        root = ad.sqrt(x)
        return ad.log(root - 1.0) + root

    compiled = ad.compile(f, batch=(0,), check=True, backend=backend)
    assert compiled(np.array([4.0, 9.0])).tolist() == pytest.approx([2.0, 3.0 + np.log(2.0)])
    with pytest.raises(NonFinite, match=r"log\(0\) is -inf in row 1, line \d+ of .*test_compiled.py: `return ad.log"):
        compiled(np.array([4.0, 1.0]))
    with pytest.raises(NonFinite, match="the input x is nan in row 0"):
        compiled(np.array([np.nan, 1.0]))


def test_compiled_functions_travel_by_pickle():
    compiled = pickle.loads(pickle.dumps(ad.compile(ad.grad(rosenbrock), dtype="float32", exact=True)))
    assert compiled.options.dtype == "float32"
    assert compiled([1.0, 1.0]) == [0.0, 0.0]


def test_threads_compile_and_call_side_by_side():
    model = nn.MLP(2, [3, 1], rng=1)
    compiled = ad.compile(model)
    expected, found = model.predict(X), []

    def work():
        found.extend([ad.compile(model, batch=(0,))(X), np.array([compiled(row) for row in X])])

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 12
    assert all(x == pytest.approx(expected, rel=1e-14) for x in found)


def test_rows_of_ones_own_are_called_back():
    @ad.primitive(partials=[lambda out, x: 3.0 * x * x], formulas=["3 × x²"])
    def cubed_here(x):
        if x > 50:
            raise KeyError("too large")
        return x**3

    for backend in ("interpreter", "source"):
        compiled = ad.compile(ad.value_and_grad(cubed_here), batch=(0,), backend=backend)
        value, slope = compiled(np.array([1.0, 2.0]))
        assert (value.tolist(), slope.tolist()) == ([1.0, 8.0], [3.0, 12.0])
        with pytest.raises(KeyError, match="too large"):
            compiled(np.array([1.0, 60.0]))
    from autodiff.core.custom import remove

    remove(cubed_here)


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
        ad.compile(rosenbrock, **options)


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


def test_a_process_that_unpickles_a_compiled_function_compiles_it_for_itself():
    sent = pickle.dumps(ad.compile(ad.grad(ad.logsumexp), batch=0))
    program = f"import pickle\nprint(pickle.loads({sent!r})([[0.0, 0.0], [1.0, 1.0]])[0].tolist())"
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert done.stdout == "[0.5, 0.5]\n"


@BACKENDS
def test_compiling_again_and_again_keeps_no_memory(backend):
    def once():
        ad.compile(ad.grad(lambda x, y: ad.sin(x) * y), batch=0, backend=backend)([1.0, 2.0], [3.0, 4.0])

    once()
    tracemalloc.start()
    try:
        for _ in range(20):
            once()
        gc.collect()
        before = tracemalloc.get_traced_memory()[0]
        for _ in range(200):
            once()
        gc.collect()
        assert tracemalloc.get_traced_memory()[0] - before < 20_000
    finally:
        tracemalloc.stop()
