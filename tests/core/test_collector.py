"""The collector of cycles is held back for one evaluation and sweep, and goes on as it was before, whatever happens."""

import gc
import os
import threading

import pytest

import autodiff as ad
import nn
from autodiff.core.collector import held_back


@pytest.fixture(autouse=True)
def _as_before():
    before = gc.isenabled()
    gc.enable()
    yield
    assert not held_back.holders
    (gc.enable if before else gc.disable)()


def asked(x):
    seen.append(gc.isenabled())
    return x * x


seen = []


@pytest.mark.parametrize(
    "run",
    [
        lambda f: ad.grad(f)(2.0),
        lambda f: ad.value_and_grad(f)(2.0),
        lambda f: ad.vjp(f, 2.0)[1](1.0),
        lambda f: ad.hessian(f)(2.0),
        lambda f: ad.grad(ad.grad(f))(2.0),
        lambda f: ad.trace(f, 2.0),
        lambda f: ad.compile(f)(2.0),
    ],
)
def test_transforms_hold_it_back_while_the_function_runs_and_no_longer(run):
    seen.clear()
    run(asked)
    assert seen
    assert not any(seen)
    assert gc.isenabled()


def test_an_error_lets_it_go_on():
    for error in (ValueError, KeyboardInterrupt):

        def fails(_, error=error):
            raise error

        for run in (ad.grad(fails), lambda x, f=fails: ad.trace(f, x)):
            with pytest.raises(error):
                run(2.0)
            assert gc.isenabled()


def test_what_was_switched_off_stays_off():
    gc.disable()
    ad.grad(asked)(2.0)
    assert not gc.isenabled()


def test_training_holds_it_back_for_each_step_and_lets_go_in_between():
    model, inside, between = nn.MLP(1, [2, 1], rng=1), [], []

    def loss(prediction, target):
        inside.append(gc.isenabled())
        return nn.half_squared_error(prediction, target)

    nn.fit(
        model, [[0.0], [1.0]], [0.0, 1.0], loss=loss, optimizer=nn.GradientDescent(0.1), steps=3, progress=False,
        callbacks=[lambda *_: between.append(gc.isenabled())], compile=False,
    )  # fmt: skip
    assert inside == [False] * 6
    assert between == [True] * 3
    assert gc.isenabled()
    with pytest.raises(nn.Diverged):
        nn.fit(
            model,
            [[1e200]],
            [0.0],
            loss=nn.half_squared_error,
            optimizer=nn.GradientDescent(1e300),
            steps=3,
            progress=False,
        )
    assert gc.isenabled()


def test_the_last_of_several_threads_lets_it_go_on():
    inside, leave = threading.Barrier(3), threading.Event()

    def waits(x):
        inside.wait(10)
        leave.wait(10)
        return x

    threads = [threading.Thread(target=ad.grad(waits), args=(2.0,)) for _ in range(2)]
    for thread in threads:
        thread.start()
    inside.wait(10)
    ad.grad(asked)(1.0)
    assert not gc.isenabled()
    leave.set()
    for thread in threads:
        thread.join()
    assert gc.isenabled()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_the_child_of_a_fork_has_its_own():
    def forks(x):
        child = os.fork()
        if not child:
            held_back.__exit__()
            os._exit(0 if gc.isenabled() else 1)
        assert os.waitpid(child, 0)[1] == 0
        return x

    with held_back:
        ad.grad(forks)(2.0)
