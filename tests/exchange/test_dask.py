"""Training on a real cluster of Dask's: processes, one of them killed in the middle of a step."""

import os
import signal
from concurrent.futures import ThreadPoolExecutor

import dask.array as da
import numpy as np
import pandas as pd
import pytest
from distributed import Client, LocalCluster

import nn

pytestmark = pytest.mark.filterwarnings("default")  # of Dask's own
TABLE = np.random.default_rng(3).normal(size=(400, 2))
TARGETS = np.sin(TABLE[:, 0]) * TABLE[:, 1]


def trained(executor, inputs, targets, steps=12, **options):
    model = nn.MLP(2, [4, 1], "tanh", rng=1)
    given = {"loss": nn.half_squared_error, "optimizer": nn.Adam(0.05), "progress": False} | options
    history = nn.fit(model, inputs, targets, steps=steps, executor=executor, **given)
    return [p.data for p in model.parameters()], history


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("parts")
    for i, part in enumerate(np.array_split(np.column_stack([TABLE, TARGETS]), 6)):
        np.save(path / f"part-{i}.npy", part)
    return path


@pytest.fixture
def client():
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster,
        Client(cluster) as client,
    ):
        yield client


@pytest.mark.parametrize("batch", [None, 60])
def test_a_cluster_gives_the_bits_of_threads(client, folder, batch):
    with ThreadPoolExecutor(1) as executor:
        assert trained(client, folder, None, batch=batch) == trained(executor, folder, None, batch=batch)
        held = trained(executor, TABLE, TARGETS, batch=batch)
    assert trained(client, TABLE, TARGETS, batch=batch) == held


def test_dasks_arrays_stay_where_they_lie(client):
    rows, targets = da.from_array(TABLE, chunks=(70, 1)), da.from_array(TARGETS, chunks=50)
    found, history = trained(client, rows, targets)
    expected, other = trained(None, TABLE, TARGETS)
    assert found == pytest.approx(expected, rel=1e-11)
    assert history.loss == pytest.approx(other.loss, rel=1e-11)
    with ThreadPoolExecutor(1) as executor, pytest.raises(TypeError, match="Dask's arrays need Dask's Client"):
        trained(executor, rows, targets)
    with pytest.raises(ValueError, match="targets are an array of Dask's with as many rows"):
        trained(client, rows, TARGETS)


@pytest.mark.parametrize("data", ["folder", "memory"])
def test_a_worker_that_is_killed_in_a_step_changes_no_bit(client, folder, data):
    given = (folder, None) if data == "folder" else (TABLE, TARGETS)
    with ThreadPoolExecutor(1) as executor:
        expected = trained(executor, *given)
    pids = client.run(os.getpid)

    def kill(step, *_):
        if step == 4:
            os.kill(next(iter(pids.values())), signal.SIGKILL)

    assert trained(client, *given, every=1, callbacks=[kill]) == expected


def test_the_tape_travels_once_to_each_worker(client, folder):
    from nn import scattering

    trained(client, folder, None)
    assert max(client.run(lambda: len(scattering._compiled)).values()) == 1


def test_a_folder_of_parquet_has_its_target_by_name(tmp_path):
    frame = pd.DataFrame({"a": TABLE[:, 0], "price": TARGETS, "b": TABLE[:, 1]})
    for i in range(4):
        frame[100 * i : 100 * (i + 1)].to_parquet(tmp_path / f"part-{i}.parquet")
    with ThreadPoolExecutor(2) as executor:
        found, _ = trained(executor, tmp_path, "price")
        expected, _ = trained(None, TABLE, TARGETS)
        assert found == pytest.approx(expected, rel=1e-11)
        (tmp_path / "part-2.parquet").write_bytes(b"nothing")
        with pytest.raises(nn.BadPart, match=r"part-2\.parquet cannot be read"):
            trained(executor, tmp_path, "price")
        frame[200:300].rename(columns={"b": "c"}).to_parquet(tmp_path / "part-2.parquet")
        with pytest.raises(
            nn.BadPart, match=r"part-2\.parquet has other columns than the first part: 3: a, price, c, not"
        ):
            trained(executor, tmp_path, "price")
