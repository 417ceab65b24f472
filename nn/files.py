"""save and load: models in safetensors, their numbers as tensors and their architecture as text; nothing is executed.

file ::= a tensor of 64-bit floats for each parameter, or rectangle of parameters in lists, by its path;
         {"format": "nn 1", "model": tree, "labels": {path: text}, "tied": {path: path}} as JSON in "about"
"""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from autodiff import Value
from autodiff.core.files import write
from autodiff.core.packages import require
from nn.module import Module, places_of
from nn.trees import BadFile, Tensor, described, grown, placed

FORMAT = "nn 1"
INSTALL = "pip install 'autodiff-stepper[files]'"


def save(model: Module, path: str | Path) -> Path:
    """The model in a file, .safetensors: parameters to the bit, shared ones shared, with its architecture.

    Whoever reads it finds the old file or the new: a kill or a full disk leaves the old one. A Module of your own is
    saved too, and loaded by `load(path, into=…)`.

    TypeError for what is no Module, and for an attribute of a class of nn's that no file holds, as a function; OSError
    where the file cannot be written.
    """
    if not isinstance(model, Module):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError(f"a Module is saved, such as nn.MLP(2, [16, 1]); got {model!r}")
    tensors, about = described(model)
    return written(path, tensors, {"format": FORMAT, **about})


def load(path: str | Path, into: Module | None = None) -> Any:
    """The model of a file that `save` made; or its numbers in a model of yours, which is given back.

    into  a model with the same parameters by name and shape, as of a class of your own

    BadFile for a file that is damaged, is none of ours, or does not fit; nothing in it is executed, and the model is
    changed only when all of it was read.
    """
    tensors, about = read(path)
    model = checked(path, lambda: grown(tensors, about)) if into is None else into
    if into is not None:
        filled(path, into, tensors)
    return model


def filled(path: str | Path, model: Module, tensors: Mapping[str, Tensor]) -> None:
    """The numbers of tensors in a model, all or none. BadFile where names or shapes are others."""
    wanted, _ = described(model)
    for name in [*wanted, *tensors]:
        ours, theirs = (found.get(name) for found in (wanted, tensors))
        if ours is None or theirs is None or ours.shape != theirs.shape:
            sizes = [_size(tensor) for tensor in (theirs, ours)]
            raise BadFile(f"{path} holds another model: {name} is {sizes[0]} there and {sizes[1]} in {model!r}")
    numbers = {place: x for name, tensor in tensors.items() for place, x in placed(name, tensor)}
    found = dict[Value, float]()
    for place, value in places_of(model):
        if found.setdefault(value, numbers[place]) != numbers[place]:
            raise BadFile(f"{path} holds two numbers for {place}, which is one parameter with another here")
    for value, x in found.items():
        value.data = x


def _size(tensor: Tensor | None) -> str:
    if tensor is None:
        return "missing"
    return " × ".join(map(str, tensor.shape)) if tensor.shape else "a number"


def written(path: str | Path, tensors: Mapping[str, Tensor], about: Mapping[str, Any]) -> Path:
    """Tensors and what is said of them in a file."""
    np, numpy = (
        require("numpy", "a file of numbers", INSTALL),
        require("safetensors.numpy", "a file of numbers", INSTALL),
    )
    arrays = {name: np.array(numbers, "<f8").reshape(shape) for name, (shape, numbers) in tensors.items()}
    return write(path, numpy.save(arrays, {"about": json.dumps(about)}))  # one key: several have no order


def read(path: str | Path, kind: str = FORMAT) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """The tensors of a file, and what is said of them. BadFile for one that is damaged, or of another kind."""
    numpy = require("safetensors.numpy", "a file of numbers", INSTALL)
    content = Path(path).read_bytes()

    def parse() -> tuple[dict[str, Tensor], dict[str, Any]]:
        tensors = dict[str, Tensor]()
        for name, array in numpy.load(content).items():
            if array.dtype != "float64" or 0 in array.shape:
                raise BadFile(f"{name} holds {array.dtype} of shape {array.shape}, not 64-bit floats")
            tensors[name] = Tensor(array.shape, array.ravel().tolist())
        header = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])
        about = json.loads(header["__metadata__"]["about"])
        if about.get("format") != kind:
            raise BadFile(f"its format is {str(about.get('format'))[:40]!r}, not {kind!r}: nn did not write it")
        return tensors, about

    return checked(path, parse)


Found = TypeVar("Found")


def checked(path: str | Path, parse: Callable[[], Found]) -> Found:
    """What is read, or BadFile with the name of the file."""
    try:
        return parse()
    except BadFile as error:
        raise BadFile(f"{path} cannot be loaded: {error}") from None
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, StopIteration, RecursionError) as error:
        raise BadFile(f"{path} cannot be loaded, it is damaged or no file of nn's: {_short(error)}") from None
    except Exception as error:
        if type(error).__name__ != "SafetensorError":
            raise
        raise BadFile(f"{path} cannot be loaded, it is damaged or no file of safetensors: {_short(error)}") from None


def _short(error: Exception) -> str:
    return f"{type(error).__name__} {str(error)[:160]}".strip()
