"""Training over parts: the same bits for any number of workers, and a bad part or a dead pool by name."""

import os
import random
import signal
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context

import numpy as np
import pytest

import nn
from nn.parts import BadPart, WorkersLost

RNG = random.Random(2)
ROWS = [[RNG.gauss(0, 1), RNG.gauss(0, 1)] for _ in range(101)]
TARGETS = [x * y for x, y in ROWS]


def network():
    return nn.MLP(2, [4, 1], "tanh", rng=1)


def trained(executor, inputs=ROWS, targets=TARGETS, steps=15, **options):
    """The parameters, and the history."""
    model = network()
    given = {"loss": nn.half_squared_error, "optimizer": nn.Adam(0.05), "progress": False, "seed": 5} | options
    history = nn.fit(model, inputs, targets, steps=steps, executor=executor, **given)
    return [p.data for p in model.parameters()], history


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Five parts of the data as .npy, the target in the last column."""
    path = tmp_path_factory.mktemp("parts")
    table = np.column_stack([ROWS, TARGETS])
    for i, part in enumerate(np.array_split(table, 5)):
        np.save(path / f"part-{i}.npy", part)
    return path


@pytest.mark.parametrize("batch", [None, 20])
def test_any_number_of_threads_gives_the_same_bits(batch):
    found = []
    for workers in (1, 2, 4):
        with ThreadPoolExecutor(workers) as executor:
            found.append(trained(executor, batch=batch))
    assert found[0] == found[1] == found[2]


def test_the_whole_batch_is_that_of_fit():
    with ThreadPoolExecutor(2) as executor:
        found, history = trained(executor, l2=1e-3)
    expected, other = trained(None, l2=1e-3)
    assert found == pytest.approx(expected, rel=1e-12)
    assert history.loss == pytest.approx(other.loss, rel=1e-12)


def test_runs_on_other_data_do_not_meet():
    other = [3.0 * y for y in TARGETS]
    with ThreadPoolExecutor(1) as executor:
        assert trained(executor, targets=other)[0] == pytest.approx(trained(None, targets=other)[0], rel=1e-12)
        assert trained(executor)[0] == pytest.approx(trained(None)[0], rel=1e-12)


def test_processes_give_the_bits_of_threads():
    with ThreadPoolExecutor(1) as executor:
        expected = trained(executor, steps=4)
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as executor:
        assert trained(executor, steps=4) == expected


def test_batches_go_through_every_row_of_an_epoch_once(monkeypatch):
    from nn import scattering

    seen, original = [], scattering.gradient_of

    def watched(key, text, run, part, numbers, drawn, rows):
        found = original(key, text, run, part, numbers, drawn, rows)
        if not isinstance(found, str):
            seen.append((part.name, drawn[1], rows))
        return found

    monkeypatch.setattr(scattering, "gradient_of", watched)
    with ThreadPoolExecutor(1) as executor:
        trained(executor, steps=6, batch=20)
    first = [each for each in seen if each[1] == 0]
    for name in {name for name, *_ in first}:
        spans = [rows for part, _, rows in first if part == name]
        assert [end for _, end in spans[:-1]] == [start for start, _ in spans[1:]]
        assert spans[0][0] == 0
    assert sum(end - start for *_, (start, end) in first) == len(ROWS)


def test_parts_in_files_stay_there(folder):
    with ThreadPoolExecutor(2) as executor:
        found, history = trained(executor, folder, None)
    expected, _ = trained(None)
    assert found == pytest.approx(expected, rel=1e-11)
    assert len(history.loss) == 15


def test_validation_patience_accuracy_and_callbacks_go_on_here():
    classes = [1.0 if y > 0 else -1.0 for y in TARGETS]
    seen = []
    with ThreadPoolExecutor(2) as executor:
        _, history = trained(
            executor, targets=classes, loss=nn.hinge, validation=0.2, patience=50, every=5, steps=40,
            callbacks=[lambda step, model, _: seen.append((step, model.parameters()[0].grad != 0.0))],
        )  # fmt: skip
    assert history.accuracy[-1] > 0.7
    assert len(history.validation_loss) == 8
    assert seen[0] == (5, True)


def test_it_goes_on_from_a_checkpoint_with_other_workers(tmp_path, folder):
    path = tmp_path / "run.safetensors"
    with ThreadPoolExecutor(1) as executor:
        whole = trained(executor, folder, None, steps=20, batch=30)
        trained(executor, folder, None, steps=7, batch=30, checkpoint=path)
    with ThreadPoolExecutor(3) as executor:
        assert trained(executor, folder, None, steps=20, batch=30, resume=path) == whole


def bad(folder, tmp_path, change):
    for path in sorted(folder.iterdir()):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    change(tmp_path / "part-3.npy")
    return tmp_path


def holed(path):
    table = np.load(path)
    table[4, 1] = np.nan
    np.save(path, table)


@pytest.mark.parametrize(("change", "told"), [
    (lambda path: path.write_bytes(b"nothing"), r"part-3\.npy cannot be read"),
    (lambda path: np.save(path, np.zeros((3, 4))), r"part-3\.npy has other columns than the first part: 4: 0"),
    (holed, r"part-3\.npy: row 4, column 1 is nan"),
    (lambda path: np.save(path, np.zeros(3)), r"part-3\.npy holds an array of float64 of shape \(3,\)"),
    (lambda path: np.save(path, np.array([["a", "b", "c"]])), r"part-3\.npy holds an array of <U1"),
])  # fmt: skip
def test_a_part_that_is_bad_is_named_and_the_parameters_stay(tmp_path, folder, change, told):
    model, where = network(), bad(folder, tmp_path, change)
    before = [p.data for p in model.parameters()]
    with ThreadPoolExecutor(2) as executor, pytest.raises(BadPart, match=told):
        nn.fit(model, where, None, loss=nn.half_squared_error, optimizer=nn.Adam(), executor=executor, progress=False)
    assert [p.data for p in model.parameters()] == before


def test_a_pool_whose_worker_was_killed_is_named_and_the_last_good_parameters_stay(folder):
    model, go = network(), {"loss": nn.half_squared_error, "optimizer": nn.Adam(0.05), "progress": False}
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as executor:

        def kill(step, *_):
            if step == 3:
                os.kill(next(iter(executor._processes)), signal.SIGKILL)

        with pytest.raises(WorkersLost, match="ProcessPoolExecutor is broken, a worker of it died"):
            nn.fit(model, folder, None, executor=executor, steps=50, every=1, callbacks=[kill], **go)
    with ThreadPoolExecutor(1) as executor:
        again = network()
        nn.fit(again, folder, None, executor=executor, steps=3, **go | {"optimizer": nn.Adam(0.05)})
    assert [p.data for p in model.parameters()] == [p.data for p in again.parameters()]


def test_what_diverges_says_so_and_keeps_the_last_good_parameters(folder):
    model = nn.MLP(2, [4, 1], "relu", rng=1)
    go = {"loss": nn.half_squared_error, "optimizer": nn.GradientDescent(1e9), "progress": False}
    with ThreadPoolExecutor(1) as executor, pytest.raises(nn.Diverged, match="the last good parameters are back"):
        nn.fit(model, folder, None, executor=executor, **go)
    assert all(np.isfinite(p.data) for p in model.parameters())


def test_l_bfgs_runs_over_parts(folder):
    with ThreadPoolExecutor(2) as executor:
        _, history = trained(executor, folder, None, optimizer=nn.LBFGS(), steps=20)
    assert history.loss[-1] < 0.5 * history.loss[0]


@pytest.mark.parametrize(("options", "error", "told"), [
    ({"executor": 3}, TypeError, "an executor is one of concurrent.futures'"),
    ({"executor": None}, TypeError, "are trained on by an executor"),
    ({"targets": "price"}, ValueError, r"name or the place of a column of the parts, 3: 0, 1, 2; got 'price'"),
    ({"validation": 0.2}, ValueError, "validation of data that lie elsewhere is"),
    ({"inputs": "nowhere"}, FileNotFoundError, "nowhere"),
])  # fmt: skip
def test_what_cannot_be_scattered_is_refused(folder, options, error, told):
    with ThreadPoolExecutor(1) as executor:
        given = {"inputs": folder, "targets": None, "executor": executor} | options
        with pytest.raises(error, match=told):
            trained(given.pop("executor"), **given)


def test_a_folder_without_parts_is_refused(tmp_path):
    with ThreadPoolExecutor(1) as executor, pytest.raises(ValueError, match=r"has no parts: files that end in \.npy"):
        trained(executor, tmp_path, None)
