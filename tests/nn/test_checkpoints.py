"""Runs that stopped go on to the same bits, and another run does not go on from their file."""

import math
import random
import subprocess
import sys

import pytest

import nn
from nn.files import BadFile

RNG = random.Random(3)
ROWS = [[RNG.gauss(0, 1), RNG.gauss(0, 1)] for _ in range(23)]
TARGETS = [math.sin(x) * y for x, y in ROWS]
OPTIMIZERS = {
    "descent": lambda: nn.GradientDescent(0.05),
    "nesterov": lambda: nn.GradientDescent(0.05, 0.9, nesterov=True),
    "adam": lambda: nn.Adam(0.02),
    "adamw": lambda: nn.AdamW(0.02, decay=0.1, clip=0.5),
    "rmsprop": lambda: nn.RMSProp(0.01),
    "schedule": lambda: nn.Adam(lambda step: 0.1 / (1 + step)),
}


def network():
    return nn.MLP(2, [5, 1], "tanh", rng=2)


def run(steps, optimizer="adam", model=None, targets=TARGETS, **options):
    """A model that was trained, and its history."""
    model = model or network()
    given = {
        "loss": nn.half_squared_error,
        "optimizer": OPTIMIZERS[optimizer]() if isinstance(optimizer, str) else optimizer,
        "batch": 5,
        "seed": 7,
        "progress": False,
    }
    history = nn.fit(model, ROWS, targets, steps=steps, **given | options)
    return [p.data for p in model.parameters()], history


@pytest.mark.parametrize("way", [True, False], ids=["compiled", "eager"])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_run_that_stopped_goes_on_to_the_same_bits(tmp_path, optimizer, way):
    path = tmp_path / "run.safetensors"
    whole, history = run(60, optimizer, compile=way)
    run(25, optimizer, compile=way, checkpoint=path)  # in the middle of an epoch
    found, resumed = run(60, optimizer, compile=way, resume=path, checkpoint=path)
    assert found == whole
    assert resumed == history


@pytest.mark.parametrize("way", [True, False], ids=["compiled", "eager"])
def test_with_validation_patience_and_metrics_it_stops_where_it_would_have(tmp_path, way):
    path = tmp_path / "run.safetensors"
    options = {
        "validation": 0.3,
        "patience": 4,
        "every": 3,
        "callbacks": [lambda step, model, _: {"step": step}],
        "compile": way,
    }
    whole, history = run(400, "descent", batch=None, **options)
    run(9, "descent", batch=None, checkpoint=path, **options)
    found, resumed = run(400, "descent", batch=None, resume=path, **options)
    assert found == whole
    assert resumed == history
    assert len(resumed.loss) == len(history.loss)


def test_a_seed_that_was_drawn_is_kept(tmp_path):
    path = tmp_path / "run.safetensors"
    _, first = run(13, seed=None, checkpoint=path)
    found, resumed = run(40, seed=None, resume=path)
    again, _ = run(40, seed=None, resume=path)
    assert found == again
    assert resumed.loss[:13] == first.loss


def test_a_run_that_was_interrupted_goes_on(tmp_path):
    path = tmp_path / "run.safetensors"

    def interrupted(step, *_):
        if step == 10:
            raise KeyboardInterrupt

    run(60, callbacks=[interrupted], every=5, checkpoint=path)
    whole, history = run(60, every=5)
    found, resumed = run(60, every=5, resume=path)
    assert found == whole
    assert resumed.stopped == ""
    assert resumed == history


def test_a_run_goes_on_in_another_process(tmp_path):
    path = tmp_path / "run.safetensors"
    whole, _ = run(40)
    run(15, checkpoint=path)
    code = (
        f"import sys; sys.path[:0] = {sys.path!r}; from test_checkpoints import run; "
        f"print(run(40, resume={str(path)!r})[0])"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd="tests/nn"
    ).stdout
    assert eval(told) == whole


def test_what_was_done_is_not_done_again(tmp_path):
    path = tmp_path / "run.safetensors"
    whole, history = run(30, checkpoint=path)
    found, resumed = run(30, resume=path)
    assert found == whole
    assert resumed == history


def test_a_run_that_patience_ended_is_at_its_end(tmp_path):
    path = tmp_path / "run.safetensors"
    options = {"validation": 0.3, "patience": 2, "every": 3}
    whole, history = run(400, batch=None, checkpoint=path, **options)
    assert history.stopped
    found, resumed = run(400, batch=None, resume=path, **options)
    assert found == whole
    assert resumed == history


def test_a_kill_while_it_is_written_leaves_the_last_one(tmp_path, monkeypatch):
    path = tmp_path / "run.safetensors"
    run(10, every=5, checkpoint=path)
    before = path.read_bytes()
    monkeypatch.setattr("pathlib.Path.replace", lambda *_: (_ for _ in ()).throw(OSError("No space left on device")))
    with pytest.raises(OSError, match="No space left"):
        run(20, every=5, resume=path, checkpoint=path)
    assert path.read_bytes() == before


@pytest.mark.parametrize(("options", "told"), [
    ({"optimizer": nn.Adam(0.03)}, "its optimizer is"), ({"optimizer": nn.RMSProp(0.02)}, "its optimizer is"),
    ({"batch": 6}, "its batch is 5, and here it is 6"), ({"seed": 8}, "its seed is 7, and here it is 8"),
    ({"loss": nn.mean_squared_error}, "its loss is 'half_squared_error'"), ({"l2": 0.1}, "its l2 is 0.0"),
    ({"model": nn.MLP(2, [6, 1], "tanh", rng=2)}, "its model is"), ({"every": 2}, "its every is"),
    ({"validation": 0.5}, "its rows is"),
])  # fmt: skip
def test_another_run_does_not_go_on_from_it(tmp_path, options, told):
    path = tmp_path / "run.safetensors"
    run(10, checkpoint=path)
    model = options.pop("model", None) or network()
    before = [p.data for p in model.parameters()]
    with pytest.raises(BadFile, match=told):
        run(20, model=model, resume=path, **options)
    assert [p.data for p in model.parameters()] == before


def test_other_data_are_another_run(tmp_path):
    path = tmp_path / "run.safetensors"
    run(10, checkpoint=path)
    with pytest.raises(BadFile, match="its data is"):
        run(20, resume=path, targets=[*TARGETS[:-1], 0.5])


def test_what_is_no_checkpoint_is_refused(tmp_path):
    path = nn.save(network(), tmp_path / "model.safetensors")
    with pytest.raises(BadFile, match="its format is 'nn 1', not 'nn run 1'"):
        run(20, resume=path)
    run(3, checkpoint=path)
    with pytest.raises(BadFile, match="its format is 'nn run 1', not 'nn 1'"):
        nn.load(path)
    path.write_bytes(path.read_bytes()[:-8])
    with pytest.raises(BadFile, match="cannot be loaded"):
        run(20, resume=path)


@pytest.mark.parametrize("which", ["checkpoint", "resume"])
def test_l_bfgs_has_no_checkpoints(tmp_path, which):
    path = tmp_path / "run.safetensors"
    run(3, checkpoint=path)
    with pytest.raises(ValueError, match="L-BFGS cannot be checkpointed: SciPy keeps its state"):
        run(20, batch=None, **{"optimizer": nn.LBFGS(), which: path})
