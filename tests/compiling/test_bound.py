"""Arguments fixed, descent, checks, and a compiled function's life: threads, pickles, memory."""

import gc
import pickle
import subprocess
import sys
import threading
import tracemalloc

import numpy as np
import pytest

import autodiff as ad
import nn
from autodiff.errors import NonFinite, StructureMismatch

BACKENDS = pytest.mark.parametrize("backend", ["interpreter", "source"])
X = np.array([[0.5, -1.0], [2.0, 0.25], [-0.75, 1.5]])
Y = np.array([1.0, -1.0, 1.0])


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
    with pytest.raises(NonFinite, match=r"log\(0\) is -inf in row 1, line \d+ of .*test_bound.py: `return ad.log"):
        compiled(np.array([4.0, 1.0]))
    with pytest.raises(NonFinite, match="the input x is nan in row 0"):
        compiled(np.array([np.nan, 1.0]))


def test_compiled_functions_travel_by_pickle():
    compiled = pickle.loads(pickle.dumps(ad.compile(ad.grad(ad.logsumexp), dtype="float32", exact=True)))
    assert compiled.options.dtype == "float32"
    assert compiled([1.0, 1.0]) == [0.5, 0.5]


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


def test_a_process_that_unpickles_a_compiled_function_compiles_it_for_itself():
    sent = pickle.dumps(ad.compile(ad.grad(ad.logsumexp), batch=0))
    program = f"import pickle\nprint(pickle.loads({sent!r})([[0.0, 0.0], [1.0, 1.0]])[0].tolist())"
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert done.stdout == "[0.5, 0.5]\n"


def test_workspaces_are_kept_for_a_few_sizes_of_batches():
    compiled = ad.compile(ad.sin, batch=0)
    for m in range(1, 40):
        assert compiled(np.full(m, 0.5)).tolist() == pytest.approx([ad.sin(0.5)] * m, rel=1e-15)
    (trace,) = compiled.traces.values()
    assert len(trace.engine.each.free) <= 8


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
        assert tracemalloc.get_traced_memory()[0] - before < 60_000  # of 200 that would each keep as much
    finally:
        tracemalloc.stop()
