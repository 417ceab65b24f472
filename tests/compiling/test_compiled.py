"""ad.compile: structures, models, what a function closes over, and calls on other numbers."""

from itertools import pairwise

import numpy as np
import pytest
from readings import flat

import autodiff as ad
import nn
from autodiff import Dual, Value
from autodiff.errors import BranchOnData

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
