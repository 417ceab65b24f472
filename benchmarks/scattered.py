"""Rows a second of training over parts of 10⁶ rows: one thread, two threads, two processes of a pool, two of Dask's."""

import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from tables import machine, markdown, publish

import nn
from nn.objectives import Eager
from nn.scattering import over_parts

ROWS, PARTS, STEPS = 1_000_000, 16, 5


@contextmanager
def dask():
    from distributed import Client, LocalCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster, Client(cluster) as client:
        yield client


EXECUTORS = {
    "one thread": lambda: ThreadPoolExecutor(1),
    "two threads": lambda: ThreadPoolExecutor(2),
    "two processes": lambda: ProcessPoolExecutor(2, mp_context=get_context("spawn")),
    "two of Dask's": dask,
}


def measured(executor, folder):
    """Seconds of a step, those that one worker is in the kernel, and those of the first step, which traces."""
    model = nn.MLP(4, [16, 16, 1], "tanh", rng=0)
    begun = time.perf_counter()
    scattered = over_parts(executor, folder, None, Eager(model, [], nn.half_squared_error, 0.0), 0)
    scattered(range(1))
    first, scattered.kernel = time.perf_counter() - begun, 0.0
    begun = time.perf_counter()
    for step in range(STEPS):
        scattered(range(step, step + 1))
    return (time.perf_counter() - begun) / STEPS, scattered.kernel / STEPS, first


def main():
    rng, rows, one = np.random.default_rng(0), [], None
    with tempfile.TemporaryDirectory() as folder:
        table = rng.normal(size=(ROWS, 4))
        table = np.column_stack([table, np.sin(table[:, 0]) * table[:, 1]])
        for i, part in enumerate(np.array_split(table, PARTS)):
            np.save(Path(folder) / f"part-{i:02}.npy", part)
        for name, make in EXECUTORS.items():
            workers = 1 if name == "one thread" else 2
            with make() as executor:
                step, kernel, first = measured(executor, folder)
            one = one or step
            outside = max(0.0, 1.0 - kernel / workers / step)
            rows.append([name, f"{ROWS / step / 1e6:.2f}", f"{one / step:.2f}", f"{outside:.0%}", f"{first:.1f} s"])
    heads = ["executor", "10⁶ rows a second", "of one thread", "outside the kernel", "first step"]
    publish("scattered", machine(f"the mean of {STEPS} steps"), markdown(heads, rows))


if __name__ == "__main__":
    sys.exit(main())
