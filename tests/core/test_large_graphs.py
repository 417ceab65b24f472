"""Graphs as large as memory, their end, and threads that have one each."""

import gc
import threading
import tracemalloc

import pytest

import autodiff as ad
from autodiff import Dual, Value

MILLION = 1_000_000


@pytest.mark.long(4)
def test_a_chain_of_a_million_nodes_evaluates_differentiates_and_is_freed():
    x = y = Value(1.0)
    for _ in range(MILLION):
        y = y + 1.0
    y.backward()
    assert (y.data, x.grad) == (MILLION + 1.0, 1.0)
    y.zero_grad()
    del y
    assert x.grad == 0.0


def test_dropping_the_output_frees_every_node_without_the_collector():
    def build_and_drop():
        x = y = Value(1.0)
        for _ in range(20_000):
            y = ad.maximum(ad.sin(y) * x + 1.0, x, 0.5)
        y.backward()

    gc.collect()
    gc.disable()
    tracemalloc.start()
    try:
        build_and_drop()
        left, peak = tracemalloc.get_traced_memory()
        assert left < peak / 20  # the interpreter keeps a few thousand tuples to use again
        assert gc.collect() == 0
    finally:
        tracemalloc.stop()
        gc.enable()


def test_threads_that_differentiate_their_own_graphs_never_meet():
    found = {}

    def work(k):
        for _ in range(20):
            x = Value(float(k))
            y = x
            for _ in range(200):
                y = ad.sin(y) * x + Dual(x, 1.0).primal
            y.backward()
        found[k] = (y.data, x.grad)

    threads = [threading.Thread(target=work, args=(k % 4,)) for k in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    alone = dict(found)
    for k in range(4):
        work(k)
    assert found == alone
