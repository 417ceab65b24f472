"""Sweeps of several threads over one graph, and a fork while one is under way."""

import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

import autodiff as ad
from autodiff import Value
from autodiff.core.value import one_at_a_time


@pytest.fixture
def restless():
    """Threads that take turns as often as they can."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)


@pytest.mark.usefixtures("restless")
def test_sweeps_over_one_graph_do_not_mix():
    x = Value(1.0)
    shared = x
    for _ in range(200):
        shared = shared * 1.0 + 0.0
    outputs = [shared * 1.0 for _ in range(8)]
    for _ in range(5):
        x.grad = 0.0
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(Value.backward, outputs))
        assert x.grad == 8.0


@pytest.mark.usefixtures("restless")
def test_gradients_of_several_threads_are_of_their_own():
    def f(x):
        for _ in range(50):
            x = ad.sin(x) * 1.5
        return x

    points = [0.1 * i for i in range(16)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(ad.grad(f), points))
    assert found == list(map(ad.grad(f), points))


def test_a_rule_may_sweep_inside_of_a_sweep():
    inner = Value(3.0)

    def slope(_, x):
        (inner * inner).backward()
        return 2.0 * x

    row = ad.Primitive("swept", lambda x: x * x, (slope,))
    x = Value(2.0)
    row(x).backward()
    assert (x.grad, inner.grad) == (4.0, 6.0)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_child_of_a_fork_waits_for_no_thread_of_its_parent():
    held, done = threading.Event(), threading.Event()

    def hold():
        with one_at_a_time:
            held.set()
            done.wait(0.2)

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait()
    child = os.fork()
    if child == 0:
        x = Value(2.0)
        (x * x).backward()
        os._exit(0 if x.grad == 4.0 else 1)
    done.set()
    thread.join()
    assert os.waitpid(child, 0)[1] == 0
