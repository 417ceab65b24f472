"""Models in files: the same to the bit, and a file that is no model changes nothing."""

import contextlib
import json
import math
import random
import struct
import subprocess
import sys

import numpy as np
import pytest
from safetensors.numpy import save

import autodiff as ad
import nn
from autodiff import Value
from autodiff.errors import MissingPackage
from nn.files import BadFile, read

ODD = [0.0, -0.0, 5e-324, -1.7976931348623157e308, 0.1 + 0.2, math.pi, -1e-310]


class Pair(nn.Module):
    """A model of somebody's own, with a part that stands twice."""

    def __init__(self, seed=0):
        shared = nn.Linear(2, 2, rng=seed)
        self.first, self.second, self.note, self.gains = shared, [shared], "a note", {"a": Value(1.0), "b": Value(2.0)}

    def __call__(self, x):
        return ad.dot([*self.gains.values()], self.second[0](self.first(x)))


def bits(model):
    return [struct.pack("<d", p.data) for p in model.parameters()]


MODELS = {
    "mlp": lambda: nn.MLP(3, [4, 2], "tanh", rng=1, initialization="glorot"),
    "wide": lambda: nn.MLP(2, [1], rng=1),
    "linear": lambda: nn.Linear(3, 2, rng=1),
    "embedding": lambda: nn.Embedding(5, 3, rng=1),
    "norm": lambda: nn.RMSNorm(4, 1e-6),
    "head": lambda: nn.AttentionHead(4, 2, rng=1),
    "neuron": lambda: nn.Neuron(3, "sigmoid", rng=1, position=(1, 2)),
}


@pytest.mark.parametrize("name", MODELS)
def test_a_model_comes_back_to_the_bit_with_its_architecture_and_its_labels(tmp_path, name):
    model = MODELS[name]()
    for p, x in zip(model.parameters(), ODD, strict=False):
        p.data = x
    found = nn.load(nn.save(model, tmp_path / "new" / "model.safetensors"))
    assert type(found) is type(model)
    assert repr(found) == repr(model)
    assert bits(found) == bits(model)
    assert [(name, p.label) for name, p in found.named_parameters()] == [
        (n, p.label) for n, p in model.named_parameters()
    ]


def test_it_computes_the_same_in_another_process(tmp_path):
    model = nn.MLP(2, [5, 1], "gelu", rng=3)
    path = nn.save(model, tmp_path / "model.safetensors")
    code = f"import nn; print(repr(nn.load({str(path)!r}).on_floats()([0.3, -1.7])))"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert told.strip() == repr(model.on_floats()([0.3, -1.7]))


def test_a_layer_is_a_readable_tensor(tmp_path):
    tensors, _ = read(nn.save(nn.Linear(3, 2, rng=1), tmp_path / "l.safetensors"))
    assert {name: tensor.shape for name, tensor in tensors.items()} == {"weights": (2, 3)}
    tensors, _ = read(nn.save(nn.MLP(3, [1], rng=1), tmp_path / "m.safetensors"))
    assert {name: tensor.shape for name, tensor in tensors.items()} == {
        "layers.0.neurons.0.weights": (3,), "layers.0.neurons.0.bias": (),
    }  # fmt: skip


def test_parameters_that_are_shared_stay_shared(tmp_path):
    model = nn.MLP(2, [2, 2, 1], rng=0)
    model.layers[1].neurons[0].weights[1] = model.layers[0].neurons[0].weights[0]
    found = nn.load(nn.save(model, tmp_path / "model.safetensors"))
    assert found.layers[1].neurons[0].weights[1] is found.layers[0].neurons[0].weights[0]
    assert len(found.parameters()) == len(model.parameters())


def test_a_model_of_ones_own_is_filled(tmp_path):
    model = Pair()
    model.gains["a"].data = 7.5
    path = nn.save(model, tmp_path / "pair.safetensors")
    with pytest.raises(BadFile, match=r"holds a .*Pair, which is no class of nn: make one, and pass it as load"):
        nn.load(path)
    other = Pair(seed=1)
    assert nn.load(path, into=other) is other
    assert bits(other) == bits(model)
    assert other.first is other.second[0]


def test_notes_on_a_model_are_kept(tmp_path):
    model = nn.MLP(2, [1], rng=0)
    model.about, model.epochs = "moons", 12
    found = nn.load(nn.save(model, tmp_path / "m.safetensors"))
    assert (found.about, found.epochs) == ("moons", 12)


def test_a_part_that_was_frozen_stays_so(tmp_path):
    model = nn.MLP(2, [3, 1], "tanh", rng=0)
    model.layers[0] = model.layers[0].on_floats()
    found = nn.load(nn.save(model, tmp_path / "m.safetensors"))
    assert len(found.parameters()) == len(model.parameters()) == 4
    assert found.on_floats()([0.3, 0.7]) == model.on_floats()([0.3, 0.7])


def test_what_no_file_holds_is_not_dropped_in_silence(tmp_path):
    model = nn.MLP(2, [1], rng=0)
    for note in (print, math.inf, {1, 2}):
        model.note = note
        with pytest.raises(TypeError, match=r"MLP\.note is .*, which no file holds"):
            nn.save(model, tmp_path / "m.safetensors")


def test_the_same_model_is_the_same_file(tmp_path):
    path, model = tmp_path / "m.safetensors", nn.MLP(2, [3, 1], rng=0)
    assert len({nn.save(model, path).read_bytes() for _ in range(5)}) == 1


def test_copies_of_a_shared_parameter_that_differ_are_refused(tmp_path):
    path = nn.save(nn.Linear(2, 1, rng=0), tmp_path / "l.safetensors")
    tied = nn.Linear(2, 1, rng=0)
    tied.weights[0][1] = tied.weights[0][0]
    with pytest.raises(BadFile, match=r"two numbers for weights\.0\.1"):
        nn.load(path, into=tied)


@pytest.mark.parametrize("other", [nn.MLP(2, [3, 1], rng=0), nn.MLP(2, [4, 4, 1], rng=0), nn.Linear(2, 2, rng=0)])
def test_another_model_is_not_filled(tmp_path, other):
    path, before = nn.save(nn.MLP(2, [4, 1], rng=5), tmp_path / "m.safetensors"), bits(other)
    with pytest.raises(BadFile, match="holds another model: "):
        nn.load(path, into=other)
    assert bits(other) == before


def file_of(model):
    """A file as a dict of tensors and the texts of its metadata."""
    from nn.files import FORMAT, described

    tensors, about = described(model)
    data = {name: np.array(t.numbers).reshape(t.shape) for name, t in tensors.items()}
    return data, {"format": FORMAT, **about}


def spoilt(change):
    """A file of a small network with something changed in its tensors or metadata."""
    data, about = file_of(nn.MLP(2, [2, 1], rng=0))
    change(data, about)
    return save(data, {"about": json.dumps(about)})


def deep(depth):
    tree = {"number": 1}
    for _ in range(depth):
        tree = {"list": [tree]}
    return tree


def neuron(about):
    return about["model"]["parts"]["layers"]["list"][0]["parts"]["neurons"]["list"][0]["parts"]


WHOLE = spoilt(lambda data, about: None)
BAD = {
    "empty": b"", "text": b"hello", "pickle": b"\x80\x04\x95\x0b\x00\x00\x00\x00\x00\x00\x00\x8c\x07builtins\x94.",
    "cut": WHOLE[:-9], "header cut": WHOLE[:40], "more behind": WHOLE + b"\x00" * 8,
    "huge header": struct.pack("<Q", 2**60) + WHOLE[8:], "no JSON": WHOLE[:8] + b"[" + WHOLE[9:],
    "single precision": spoilt(lambda data, about: data.update({k: v.astype("f4") for k, v in data.items()})),
    "no metadata": save(file_of(nn.MLP(2, [1], rng=0))[0]),
    "another format": spoilt(lambda data, about: about.update(format="pt")),
    "tensor missing": spoilt(lambda data, about: data.pop("layers.0.neurons.0.bias")),
    "tensor too many": spoilt(lambda data, about: data.update(more=data["layers.0.neurons.0.bias"])),
    "unknown class": spoilt(lambda data, about: about["model"].update({"class": "os.system"})),
    "unknown activation": spoilt(lambda data, about: neuron(about).update(activation={"text": "exec"})),
    "a method replaced": spoilt(lambda data, about: neuron(about).update(fire={"text": "x"})),
    "a dunder": spoilt(lambda data, about: neuron(about).update(__class__={"text": "x"})),
    "weights are text": spoilt(lambda data, about: neuron(about).update(weights={"text": "x"})),
    "no layers": spoilt(lambda data, about: about["model"]["parts"].update(layers={"list": []})),
    "a layer is a number": spoilt(lambda data, about: about["model"]["parts"].update(layers={"list": [{"number": 1}]})),
    "tree is a number": spoilt(lambda data, about: about.update(model=3)),
    "tree is a list": spoilt(lambda data, about: about.update(model={"list": []})),
    "deep": spoilt(lambda data, about: about.update(model=deep(400))),
    "tied to nothing": spoilt(lambda data, about: about.update(tied={"x": "y"})),
    "no numbers": spoilt(lambda data, about: data.update({"layers.0.neurons.0.weights": np.zeros((10**12, 0))})),
    "not finite": spoilt(lambda data, about: neuron(about).update(note={"number": math.inf})),
    "not a number": spoilt(lambda data, about: neuron(about).update(note={"number": math.nan})),
    "two numbers for one": spoilt(
        lambda data, about: about.update(tied={"layers.1.neurons.0.weights.0": "layers.0.neurons.0.bias"})
    ),
    "something else": spoilt(lambda data, about: neuron(about).update(note={"other": "function"})),
    "labels are numbers": spoilt(lambda data, about: about.update(labels=3)),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_file_that_holds_no_model_is_refused_and_the_model_untouched(tmp_path, name):
    path = tmp_path / "bad.safetensors"
    path.write_bytes(BAD[name])
    with pytest.raises(BadFile, match=r"bad\.safetensors"):
        nn.load(path)
    model = nn.MLP(2, [2, 1], rng=9)
    before = bits(model)
    try:
        nn.load(path, into=model)
    except BadFile:
        assert bits(model) == before


def test_damage_anywhere_is_an_error_or_another_number(tmp_path):
    rng, path = random.Random(0), tmp_path / "m.safetensors"
    for _ in range(300):
        damaged = bytearray(WHOLE)
        damaged[rng.randrange(len(damaged))] ^= 1 << rng.randrange(8)
        path.write_bytes(damaged)
        with contextlib.suppress(BadFile):
            assert type(nn.load(path)) is nn.MLP


def test_a_file_that_cannot_be_written_leaves_the_old_one(tmp_path, monkeypatch):
    path = nn.save(nn.MLP(2, [1], rng=0), tmp_path / "m.safetensors")
    before = path.read_bytes()
    monkeypatch.setattr("pathlib.Path.replace", lambda *_: (_ for _ in ()).throw(OSError("No space left on device")))
    with pytest.raises(OSError, match="No space left"):
        nn.save(nn.MLP(3, [1], rng=0), path)
    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["m.safetensors"]


def test_what_is_no_model_is_not_saved(tmp_path):
    with pytest.raises(TypeError, match="a Module is saved"):
        nn.save([1.0], tmp_path / "m.safetensors")
    with pytest.raises(FileNotFoundError):
        nn.load(tmp_path / "nowhere.safetensors")
    chain = inner = nn.Module()
    for _ in range(120):
        inner.part = nn.Module()
        inner = inner.part
    inner.weight = Value(1.0)
    with pytest.raises(ValueError, match="more than 100 parts"):
        nn.save(chain, tmp_path / "m.safetensors")


def test_without_the_package_the_command_is_told(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "safetensors.numpy", None)
    with pytest.raises(MissingPackage, match=r"pip install 'autodiff-stepper\[files\]'"):
        nn.save(nn.MLP(2, [1], rng=0), tmp_path / "m.safetensors")
