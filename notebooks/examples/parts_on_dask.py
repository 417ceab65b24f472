"""Training over parts in files, by threads and on a cluster of Dask's: the same bits.

python notebooks/examples/parts_on_dask.py
"""

import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from distributed import Client, LocalCluster

import nn


def train(executor, folder):
    """A small network, and what happened."""
    model = nn.MLP(2, [8, 1], "tanh", rng=0)
    options = {"loss": nn.half_squared_error, "optimizer": nn.Adam(0.05), "steps": 40, "progress": False}
    history = nn.fit(model, folder, None, executor=executor, **options)
    return [p.data for p in model.parameters()], history


if __name__ == "__main__":  # each process of the cluster reads this file
    rng = np.random.default_rng(0)
    with tempfile.TemporaryDirectory() as folder:
        for i in range(6):
            rows = rng.normal(size=(500, 2))
            np.save(Path(folder) / f"part-{i}.npy", np.column_stack([rows, np.sin(rows[:, 0]) * rows[:, 1]]))
        with ThreadPoolExecutor(2) as threads:
            by_threads, history = train(threads, folder)
        with (
            LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
            Client(cluster) as client,
        ):
            by_cluster, _ = train(client, folder)
    print(history)
    print("the same bits:", by_threads == by_cluster)
