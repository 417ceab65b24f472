"""to_torch, from_torch: the layers that nn and PyTorch both have, in double precision."""

# pyright: reportUnknownLambdaType=false, reportUnknownMemberType=false

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import Any

from autodiff.core.packages import require
from nn.attention import Embedding, Linear, RMSNorm
from nn.layers import MLP, Layer
from nn.module import Module

INSTALL = "pip install 'autodiff-stepper[torch]'"
# Each activation, as PyTorch makes it; softplus is linear from 20 on there by default, where it is not yet.
ACTIVATIONS: dict[str, Callable[[Any], Any]] = {
    "linear": lambda nn: nn.Identity(),
    "relu": lambda nn: nn.ReLU(),
    "leaky_relu": lambda nn: nn.LeakyReLU(0.01),
    "gelu": lambda nn: nn.GELU(approximate="none"),
    "silu": lambda nn: nn.SiLU(),
    "softplus": lambda nn: nn.Softplus(threshold=40.0),
    "tanh": lambda nn: nn.Tanh(),
    "sigmoid": lambda nn: nn.Sigmoid(),
}


def to_torch(model: Module) -> Any:
    """The same model of PyTorch's, in double precision: MLP and Layer as Sequential, Linear, Embedding, RMSNorm.

    It takes tensors of rows. Its outputs and gradients are ours to 1e−12; an MLP of one output gives (…, 1).

    TypeError for a part that PyTorch has no counterpart of, with its path; MissingPackage without PyTorch.
    """
    torch = require("torch", "a module of PyTorch's", INSTALL)
    if isinstance(model, MLP | Layer):
        layers = model.layers if isinstance(model, MLP) else [model]
        parts = [part for i, layer in enumerate(layers) for part in _layer(torch, layer, f"layers.{i}")]
        return torch.nn.Sequential(*parts)
    if isinstance(model, Linear):
        return _linear(torch, _numbers(model.weights), None)
    if isinstance(model, Embedding):
        table = torch.tensor(_numbers(model.table), dtype=torch.float64)
        return torch.nn.Embedding.from_pretrained(table, freeze=False)
    if isinstance(model, RMSNorm):
        norm = torch.nn.RMSNorm(len(model.gains), eps=model.epsilon, dtype=torch.float64)
        _fill(torch, norm.weight, [_number(x) for x in model.gains])
        return norm
    raise TypeError(
        f"{type(model).__name__} has no counterpart in PyTorch: MLP, Layer, Linear, Embedding, RMSNorm have"
    )


def _layer(torch: Any, layer: Layer, path: str) -> Iterator[Any]:
    names = [name for name, _ in groupby(neuron.activation for neuron in layer.neurons)]
    if len(names) > 1:
        raise TypeError(f"{path} has neurons of several activations, {', '.join(names)}: a layer of PyTorch's has one")
    rows = [[_number(w) for w in neuron.weights] for neuron in layer.neurons]
    yield _linear(torch, rows, [_number(neuron.bias) for neuron in layer.neurons])
    if names[0] != "linear":
        yield ACTIVATIONS[names[0]](torch.nn)


def _linear(torch: Any, rows: Sequence[Sequence[float]], biases: Sequence[float] | None) -> Any:
    made = torch.nn.Linear(len(rows[0]), len(rows), bias=biases is not None, dtype=torch.float64)
    _fill(torch, made.weight, rows)
    if biases is not None:
        _fill(torch, made.bias, biases)
    return made


def _fill(torch: Any, parameter: Any, numbers: Any) -> None:
    with torch.no_grad():
        parameter.copy_(torch.tensor(numbers, dtype=torch.float64))


def _number(x: Any) -> float:
    return x if type(x) is float else x.data


def _numbers(rows: Sequence[Sequence[Any]]) -> list[list[float]]:
    return [[_number(x) for x in row] for row in rows]


# From PyTorch


def from_torch(module: Any) -> Module:
    """The same of ours: a Sequential of Linears and activations as an MLP; Linear without bias, Embedding, RMSNorm.

    An activation behind the last Linear is that of the last layer; parameters of single precision keep their numbers.

    TypeError for a module that we have no counterpart of, with its path; MissingPackage without PyTorch.
    """
    torch = require("torch", "a module of PyTorch's", INSTALL)
    kinds = torch.nn
    if isinstance(module, kinds.Embedding):
        made = Embedding(*module.weight.shape, rng=0)
        _put(made.table, module.weight)
        return made
    if isinstance(module, kinds.RMSNorm) and len(module.normalized_shape) == 1:
        epsilon = torch.finfo(module.weight.dtype).eps if module.eps is None else module.eps
        norm = RMSNorm(module.normalized_shape[0], float(epsilon))
        _put([norm.gains], module.weight[None, :])
        return norm
    if isinstance(module, kinds.Linear) and module.bias is None:
        linear = Linear(module.in_features, module.out_features, rng=0)
        _put(linear.weights, module.weight)
        return linear
    return _mlp(kinds, list(_flat(kinds, module, "")))


def _flat(kinds: Any, module: Any, path: str) -> Iterator[tuple[str, Any]]:
    """The parts of a Sequential, those inside of others too, with their paths; Identity says nothing."""
    if isinstance(module, kinds.Sequential):
        for name, part in module.named_children():
            yield from _flat(kinds, part, f"{path}.{name}" if path else name)
    elif not isinstance(module, kinds.Identity | kinds.Dropout):
        yield path or type(module).__name__, module


def _mlp(kinds: Any, parts: Sequence[tuple[str, Any]]) -> MLP:
    layers = list[tuple[Any, str]]()
    for path, part in parts:
        name = _activation(kinds, part)
        if isinstance(part, kinds.Linear) and part.bias is not None:
            layers.append((part, "linear"))
        elif name is not None and layers and layers[-1][1] == "linear":
            layers[-1] = (layers[-1][0], name)
        else:
            raise TypeError(
                f"{path} is a {type(part).__name__} that has no counterpart here: an MLP is Linears with a bias, each "
                f"with one activation or none behind it, of {', '.join(ACTIVATIONS)}"
            )
    if not layers:
        raise TypeError("the module has no Linear: there is nothing to make an MLP of")
    model = MLP(layers[0][0].in_features, [linear.out_features for linear, _ in layers], rng=0)
    for layer, (linear, name) in zip(model.layers, layers, strict=True):
        _put([neuron.weights for neuron in layer.neurons], linear.weight)
        _put([[neuron.bias] for neuron in layer.neurons], linear.bias[:, None])
        for neuron in layer.neurons:
            neuron.activation = name
    return model


def _activation(kinds: Any, module: Any) -> str | None:
    """The name of an activation that is ours to the bit of its options."""
    for name, make in ACTIVATIONS.items():
        ours = make(kinds)
        if type(module) is type(ours) and name != "linear":
            options = [option for option in ("negative_slope", "approximate", "beta") if hasattr(ours, option)]
            same = all(getattr(module, option) == getattr(ours, option) for option in options)
            return name if same else None
    return None


def _put(rows: Sequence[Sequence[Any]], tensor: Any) -> None:
    for row, numbers in zip(rows, tensor.detach().double().tolist(), strict=True):
        for parameter, x in zip(row, numbers, strict=True):
            parameter.data = x
