"""Corners in which compiled numbers once were others than eager ones: constants, closures, rows, structures."""

import math
import pickle
import threading
from collections import namedtuple

import numpy as np
import pytest

import autodiff as ad
import nn
from autodiff import Value
from autodiff.compiling import running
from autodiff.core.custom import remove
from autodiff.errors import BranchOnData, NonFinite, StructureMismatch

BACKENDS = pytest.mark.parametrize("backend", ["interpreter", "source"])


@BACKENDS
@pytest.mark.parametrize("exact", [False, True])
@pytest.mark.parametrize(
    ("function", "columns"),
    [
        (lambda x, y: (x, y, x * y, y * y), ([1.0, 3.0], [2.0, 4.0])),
        (lambda x, u, y: (x * y + x, y + y), ([1.0, 2.0], [0.0, 0.0], [10.0, 20.0])),
        (lambda x: ad.maximum(x, x, 0.5) * x + 0.0 * x - 0.0, ([1.0, 2.0, 0.25],)),
        (lambda x, y: (1.0 * x + y, 2.0 * y + x, x * 3.0), ([1.0, 2.0], [3.0, 4.0])),
    ],
)
def test_a_constant_is_no_place_of_its_number(function, columns, backend, exact):
    for f in (function, ad.jacobian(lambda *xs: list(np.atleast_1d(function(*xs))), argnums=0)):
        if f is not function and len(columns) == 1:
            f = ad.grad(function)  # noqa: PLW2901
        rows = [f(*row) for row in zip(*columns, strict=True)]
        expected = np.sum([np.ravel(row) for row in rows], axis=0)
        found = ad.compile(f, batch=0, reduce="sum", backend=backend, exact=exact)(*columns)
        assert np.ravel(found) == pytest.approx(expected, rel=1e-14)


@BACKENDS
def test_what_is_computed_once_is_no_constant(backend):
    f = ad.compile(lambda w, x: ad.maximum(x, ad.sin(w)) + ad.minimum(x, 2.0), batch=(None, 0), backend=backend)
    assert f(0.5, [1.0, 9.0]).tolist() == [2.0, 11.0]
    g = ad.compile(lambda w, x: ad.softplus(x / ad.exp(w)) * 2.0, batch=(None, 0), backend=backend)
    assert g(0.5, [1.0, 9.0]) == pytest.approx([2 * ad.softplus(x / math.exp(0.5)) for x in (1.0, 9.0)], rel=1e-14)


@BACKENDS
def test_a_value_that_is_only_compared_or_stopped_is_read_afresh(backend):
    t = Value(0.5)
    above = ad.compile(lambda x: ad.where(x > t, 1.0, 0.0), batch=0, reduce="mean", backend=backend)
    assert above([0.2, 0.8]) == 0.5
    t.data = 0.9
    assert above([0.2, 0.8]) == 0.0
    target = nn.MLP(1, [1], rng=1)
    loss = ad.compile(
        ad.grad(lambda w, x: (w * x - ad.stop_gradient(target([x]))) ** 2), batch=(None, 0), backend=backend
    )
    for _ in range(2):
        expected = [2.0 * x * (x - target.on_floats()([x])) for x in (1.0, 2.0)]
        assert loss(1.0, [1.0, 2.0]) == pytest.approx(expected, rel=1e-14)
        for p in target.parameters():
            p.data += 1.0
    for function in (lambda x: x if t > 0 else -x, lambda x: x * t.data):
        with pytest.raises(BranchOnData):
            ad.compile(function, backend=backend)(1.0)


@BACKENDS
def test_arrays_of_three_dimensions_can_be_called_again(backend):
    f, x = ad.compile(lambda x: x[1][2] * x[0][0], batch=0, backend=backend), np.arange(30.0).reshape(5, 2, 3)
    for _ in range(2):
        assert f(x).tolist() == (x[:, 1, 2] * x[:, 0, 0]).tolist()


@BACKENDS
def test_train_and_bind_are_of_the_trace_of_their_arguments(backend):
    tanh, relu = (nn.MLP(2, [2, 1], activation, rng=1) for activation in ("tanh", "relu"))
    x = np.ones((1, 2))
    f = ad.compile(ad.value_and_grad(lambda m, x: m(x)), batch=(None, 0), reduce="sum", backend=backend)
    expected = [f(model, x)[0] for model in (tanh, relu)]
    assert [f.train(model, x, steps=1, rate=1e-9)[1][0] for model in (tanh, relu)] == expected
    with pytest.raises(StructureMismatch, match="several times, with other free arguments"):
        f.bind(None, x)
    g = ad.compile(ad.value_and_grad(lambda w: (w - 1.0) ** 2), backend=backend)
    assert g.train(0.0, steps=2, rate=0.1) == (pytest.approx(0.36), pytest.approx([1.0, 0.64]))


def test_exact_is_bit_for_bit_where_all_rows_have_the_same():
    for reduce in ("sum", "mean"):
        slope = ad.compile(ad.grad(lambda w, x: w * 0.1 + x), batch=(None, 0), reduce=reduce, exact=True)(
            1.0, np.ones(10)
        )
        total = ad.total([0.1] * 10) if reduce == "sum" else sum([0.1] * 10) / 10
        assert slope == (total if reduce == "mean" else sum([0.1] * 10))


def test_a_closure_over_a_variable_keeps_its_derivative():
    assert ad.grad(lambda x: ad.compile(lambda y: y * x)(2.0))(5.0) == 2.0
    model = nn.MLP(2, [1], rng=0)
    found = ad.grad(lambda m: ad.compile(m)([1.0, 2.0]))(model)
    assert [p.data for p in found.parameters()] == [1.0, 2.0, 1.0]


def test_a_trace_in_one_thread_is_not_seen_by_calls_in_another():
    model, stop, seen = nn.MLP(2, [8, 1], rng=0), threading.Event(), []
    predict = ad.compile(model)
    expected = predict([1.0, 2.0])

    def call():
        while not stop.is_set():
            try:
                seen.append(predict([1.0, 2.0]))
            except Exception as error:  # noqa: BLE001
                seen.append(error)

    thread = threading.Thread(target=call)
    thread.start()
    for _ in range(8):
        ad.compile(ad.grad(lambda x: ad.total((model([x, float(i)]) - 1.0) ** 2 for i in range(10))))(0.5)
    stop.set()
    thread.join()
    assert set(map(str, seen)) == {str(expected)}


class Scaled:
    def __init__(self, a, k):
        self.a, self.k = a, k

    def __structure__(self):
        return {"a": self.a}, lambda parts: Scaled(parts["a"], self.k)


@BACKENDS
def test_rows_of_objects_are_made_alike(backend):
    f = ad.compile(lambda m: m.a * m.k, batch=0, backend=backend)
    assert f([Scaled(1.0, 2.0), Scaled(3.0, 2.0)]).tolist() == [2.0, 6.0]
    with pytest.raises(StructureMismatch, match="is made otherwise than"):
        f([Scaled(1.0, 2.0), Scaled(3.0, 10.0)])
    models = [nn.MLP(1, [1], rng=i) for i in range(2)]
    assert ad.compile(lambda m: m([1.0]), batch=0, backend=backend)(models).tolist() == [
        m.predict([[1.0]])[0] for m in models
    ]


P1, P2 = namedtuple("P", "x y"), namedtuple("P", "y x")  # noqa: PYI024 (of one name)


@BACKENDS
def test_classes_of_one_name_and_attributes_that_change_are_told_apart(backend):
    f = ad.compile(lambda p: p.x - 2 * p.y, backend=backend)
    assert (f(P1(1.0, 2.0)), f(P2(1.0, 2.0))) == (-3.0, 0.0)
    model = Scaled(2.0, lambda x: x * 2)
    g = ad.compile(lambda m: m.k(m.a), backend=backend)
    assert g(model) == 4.0
    model.k = lambda x: x * 10
    assert g(model) == 20.0
    for _ in range(5):
        model = Scaled(1.0, model.k)
        g(model)
    assert len(g.stats) == 2


def test_a_row_of_ones_own_may_use_numpy():
    @ad.primitive(partials=[lambda out, x: 0.0], formulas=["0"])
    def flag_cleared(x):
        return float(np.sin(np.array([x]))[0])

    slopes = ad.compile(ad.grad(lambda x: ad.sqrt(x * x) + flag_cleared(x)), batch=0)(np.r_[0.0, np.ones(299)])
    remove(flag_cleared)
    assert slopes[0] == 0.0


@BACKENDS
def test_nothing_times_nan_is_nothing_whatever_the_other_rows_are(backend):
    slope = ad.compile(ad.grad(lambda x, y: x**2 * y), batch=0, backend=backend)
    for other in (1.0, math.nan, math.inf):
        assert slope([0.0, 1.0], [math.nan, other])[0] == 0.0
    whole = ad.compile(ad.grad(lambda x, y: x**2 * y), batch=0, reduce="sum", backend=backend)
    assert whole([0.0, 0.0], [math.nan, 1.0]) == 0.0


@BACKENDS
def test_roots_of_infinities_and_zeros_as_powers(backend):
    f = ad.compile(lambda x: x**0.5, batch=0, backend=backend)
    assert f([-math.inf, -0.0, 4.0]).tolist() == [math.inf, 0.0, 2.0]
    assert math.copysign(1.0, f([-0.0])[0]) == 1.0


@BACKENDS
@pytest.mark.parametrize("reduce", ["sum", "mean", None])
def test_rows_without_columns_are_rows(backend, reduce):
    f = ad.compile(lambda x, w: ad.total(x) + w, batch=(0, None), reduce=reduce, backend=backend)
    for _ in range(2):
        assert np.ravel(f(np.zeros((3, 0)), 2.0)).tolist() == {"sum": [6.0], "mean": [2.0], None: [2.0] * 3}[reduce]


def test_float32_is_of_one_row_too():
    for backend in ("interpreter", "source"):
        assert ad.compile(lambda x: x * x, dtype="float32", backend=backend)(1e30) == math.inf


@BACKENDS
def test_directions_at_the_ends_of_float32(backend):
    slopes = ad.compile(ad.grad(lambda x: ad.hypot(x[0], x[1])), dtype="float32", batch=0, backend=backend)
    found = np.array(slopes(np.array([[3e38, 3e38], [3.0, 4.0], [1e-38, 1e-38]])))
    assert found.tolist() == pytest.approx(np.array([[0.5**0.5] * 2, [0.6, 0.8], [0.5**0.5] * 2]), rel=1e-6)


@BACKENDS
def test_bound_data_are_those_of_the_binding(backend):
    for order in "CF":
        x, y, w = np.ones((3, 2), order=order), np.ones(3), 2.0
        f = ad.compile(lambda w, x, y: w * (x[0] + x[1]) + y, batch=(None, 0, 0), reduce="sum", backend=backend)
        f(w, x, y)
        bound = f.bind(None, x, y)
        x[:], y[:] = 7.0, 7.0
        assert bound([w]).tolist() == [15.0]


@BACKENDS
def test_results_of_each_row_are_unpacked_and_not_descended(backend):
    f = ad.compile(ad.value_and_grad(lambda w, x: (w * x - 1.0) ** 2), batch=(None, 0), backend=backend)
    f(1.0, [1.0, 2.0])
    bound = f.bind(None, [1.0, 2.0])
    values, slopes = bound.unpack(bound([1.0]))
    assert (list(values), list(slopes)) == ([0.0, 1.0], [0.0, 4.0])
    with pytest.raises(StructureMismatch, match="for each row"):
        f.train(1.0, [1.0, 2.0], steps=2, rate=0.1)


@BACKENDS
def test_a_check_is_of_bound_functions_too_and_names_the_row_at_fault(backend):
    f = ad.compile(
        ad.value_and_grad(lambda w, x: ad.log(w * x)), check=True, batch=(None, 0), reduce="sum", backend=backend
    )
    with pytest.raises(NonFinite, match=r"log\("):
        f.train(1.0, [1.0, 2.0], steps=30, rate=1.0)
    g = ad.compile(lambda x: ad.where(x > 0, ad.log(x), 0.0) + ad.exp(x), check=True, batch=0, backend=backend)
    assert len(g([0.0, 1.0])) == 2
    with pytest.raises(NonFinite, match=r"exp\(1000\) is inf in row 1"):
        g([0.0, 1000.0])
    with pytest.raises(NonFinite, match=r"exp\(100\) is inf, line"):
        ad.compile(ad.exp, check=True, dtype="float32", backend=backend)(100.0)
    with pytest.raises(NonFinite, match="a result is not finite"):
        ad.compile(lambda x: [x, math.inf], check=True, backend=backend)(1.0)


@BACKENDS
def test_compared_with_eager_nan_is_no_number(backend):
    k = [1.0]
    f = ad.compile(lambda x: [x, x * k[0]], backend=backend)
    f(2.0)
    k[0] = math.nan
    assert not f.compare_with_eager(2.0).agrees
    g = ad.compile(ad.total, backend=backend)
    assert g.compare_with_eager([1.0, 2.0]).agrees
    assert g.compare_with_eager(xs=[1.0, 2.0, 3.0]).agrees
    assert g.compare_with_eager([1.0, 2.0]).agrees
    model = nn.MLP(2, [2, 1], "tanh", rng=0)
    h = ad.compile(ad.grad(lambda m, x: m(x)), batch=(None, 0), reduce="mean", backend=backend)
    assert h.compare_with_eager(model, [[1.0, 2.0], [0.5, 1.0]]).agrees


def test_without_affinity_all_processors_are_used(monkeypatch):
    monkeypatch.delattr("os.sched_getaffinity", raising=False)
    assert running.processors() >= 1


def test_a_row_that_runs_compiled_code_in_parts_does_not_wait_for_itself(monkeypatch):
    monkeypatch.setattr(running, "PART", 1)
    inner = ad.compile(lambda x: x * x, batch=0, reduce="sum", threads=2)
    rows = np.ones(600)

    @ad.primitive(partials=[lambda out, x: 1.0], formulas=["1"])
    def outer_row(x):
        return inner(rows) + x

    found = ad.compile(outer_row, batch=0, reduce="sum", threads=2)(np.zeros(300))
    remove(outer_row)
    assert found == 600.0 * 300


@ad.compile
def decorated(x):
    return x * 3.0


def test_a_decorated_function_pickles_by_its_name():
    assert pickle.loads(pickle.dumps(decorated)) is decorated
    assert pickle.loads(pickle.dumps(ad.compile(nn.hinge)))(0.5, 1.0) == 0.5
