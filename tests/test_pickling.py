"""What a pool of processes sends there and back."""

import copy
import inspect
import multiprocessing
import pickle
from concurrent.futures import ProcessPoolExecutor

import pytest

import autodiff as ad
import nn
from autodiff import Dual, Value, errors
from autodiff.errors import Escaped


def cube(x):
    return x * x * x


def leaking(x):
    kept = []
    ad.grad(lambda t: kept.append(t) or t * t)(x)
    return kept[0] * 2.0


def travelled(x):
    return pickle.loads(pickle.dumps(x))


@pytest.mark.parametrize("made", [
    ad.grad(cube), ad.grad(ad.grad(cube)), ad.grad(cube, argnums=(0,)), ad.value_and_grad(cube), ad.hessian(cube),
    ad.jacobian(cube), ad.trace(cube, 2.0),
], ids=lambda made: type(made).__name__)  # fmt: skip
def test_derivatives_travel(made):
    assert travelled(made)(3.0) == made(3.0)
    assert inspect.signature(made).parameters


@pytest.mark.parametrize("made", [
    lambda: ad.compare(cube, 2.0), lambda: ad.check_grad(cube, 2.0), lambda: ad.check_primitive(ad.exp),
    lambda: ad.draw(cube, 2.0), lambda: ad.step(cube, 2.0), lambda: Value(2.0, "a"), lambda: Dual(2.0, 1.0),
])  # fmt: skip
def test_reports_and_pictures_travel(made):
    first = made()
    assert str(travelled(first)) == str(first)


@pytest.mark.parametrize(
    "kind", [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, BaseException)]
)
def test_errors_travel(kind):
    error = kind() if kind is errors.BranchOnData else kind("what was found")
    assert (type(travelled(error)), str(travelled(error))) == (kind, str(error))


def test_so_does_that_of_a_training_that_diverged():
    history = nn.fit(
        nn.MLP(1, [1]), [[1.0]], [1.0], loss=nn.mean_squared_error, optimizer=nn.GradientDescent(0.1), steps=1
    )
    error = nn.Diverged("the loss is nan", history)
    assert travelled(error).history == history


def test_an_error_that_comes_out_of_a_process_leaves_the_pool_usable():
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        with pytest.raises(Escaped):
            pool.submit(leaking, 2.0).result()
        assert pool.submit(ad.grad(cube), 2.0).result() == 12.0


@pytest.mark.parametrize("point", [2.0, Value(2.0)], ids=["float", "leaf"])
@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy])
def test_a_copy_inside_a_differentiated_function_is_refused_with_the_remedy(copied, point):
    with pytest.raises(errors.NotALeaf, match="use the Value itself"):
        ad.grad(lambda x: copied(x) * 2.0)(point)


def test_a_copy_of_a_dual_or_of_a_number_in_a_trace_is_itself():
    assert ad.jvp(lambda x: copy.deepcopy([x])[0] * x, (3.0,), (1.0,)) == (9.0, 6.0)
    assert ad.trace(lambda x: copy.deepcopy([x])[0] * x, 3.0).evaluate(2.0) == 4.0
    assert ad.jvp(ad.grad(lambda x: x * x), (3.0,), (1.0,)) == (6.0, 2.0)
