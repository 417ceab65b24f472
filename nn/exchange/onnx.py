"""to_onnx: an MLP as a file of ONNX's, in double precision, for whatever runs those."""

# pyright: reportUnknownLambdaType=false, reportUnknownMemberType=false

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from autodiff.core.files import write
from autodiff.core.packages import require
from nn.layers import MLP

INSTALL = "pip install 'autodiff-stepper[onnx]'"
OPSET, FORMAT = 17, 8  # of 2022: what runs ONNX knows them
# Each activation as nodes: an operation, and its inputs, z being what it is of; the last is the activation. They are
# those that onnxruntime has in double precision, but Erf, which it has in single.
ACTIVATIONS: dict[str, list[tuple[str, tuple[str, ...]]]] = {
    "linear": [],
    "relu": [("Relu", ("z",))],
    "leaky_relu": [("Mul", ("z", "slope")), ("Max", ("z", "0"))],
    "silu": [("Sigmoid", ("z",)), ("Mul", ("z", "0"))],
    "softplus": [
        ("Abs", ("z",)), ("Neg", ("0",)), ("Exp", ("1",)), ("Add", ("2", "one")), ("Log", ("3",)), ("Relu", ("z",)),
        ("Add", ("4", "5")),
    ],
    "gelu": [
        ("Mul", ("z", "root")), ("Single", ("0",)), ("Erf", ("1",)), ("Double", ("2",)), ("Add", ("3", "one")),
        ("Mul", ("z", "4")), ("Mul", ("5", "half")),
    ],
    "tanh": [("Tanh", ("z",))],
    "sigmoid": [("Sigmoid", ("z",))],
}  # fmt: skip
CASTS = {"Single": 1, "Double": 11}  # ONNX's numbers of its kinds
CONSTANTS = {"one": 1.0, "half": 0.5, "root": 0.5**0.5, "slope": 0.01}


def to_onnx(model: MLP, path: str | Path) -> Path:
    """An MLP as a file, .onnx: input x of shape (rows, n), output y of shape (rows, m), doubles.

    Its outputs are ours to 1e−12; of gelu to 1e−6, for onnxruntime has the error function in single precision only.

    TypeError for what is no MLP; MissingPackage without onnx.
    """
    onnx = require("onnx", "a file of ONNX's", INSTALL)
    if not isinstance(model, MLP):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError(f"an MLP is exported to ONNX; got {model!r}")
    make, kind = onnx.helper, onnx.TensorProto.DOUBLE
    nodes, weights = list[Any](), list[Any]()
    last = "x"
    for l, layer in enumerate(model.layers, 1):
        names = [name for name, _ in groupby(neuron.activation for neuron in layer.neurons)]
        if len(names) > 1:
            raise TypeError(f"layer {l} has neurons of several activations, {', '.join(names)}: ONNX's have one")
        rows = [[_number(w) for w in neuron.weights] for neuron in layer.neurons]
        biases = [_number(neuron.bias) for neuron in layer.neurons]
        weights += [
            make.make_tensor(f"W{l}", kind, [len(rows), len(rows[0])], [w for row in rows for w in row]),
            make.make_tensor(f"b{l}", kind, [len(biases)], biases),
        ]
        nodes.append(make.make_node("Gemm", [last, f"W{l}", f"b{l}"], [f"z{l}"], transB=1))
        nodes += _activation(make, names[0], l)
        last = nodes[-1].output[0]
    nodes.append(make.make_node("Identity", [last], ["y"]))
    used = {name for node in nodes for name in node.input}
    weights += [make.make_tensor(name, kind, [], [x]) for name, x in CONSTANTS.items() if name in used]
    shape = len(model.layers[0].neurons[0].weights), len(model.layers[-1].neurons)
    ends = [make.make_tensor_value_info(name, kind, ["rows", n]) for name, n in zip("xy", shape, strict=True)]
    graph = make.make_graph(nodes, repr(model), ends[:1], ends[1:], weights)
    whole = make.make_model(graph, opset_imports=[make.make_opsetid("", OPSET)], ir_version=FORMAT, producer_name="nn")
    onnx.checker.check_model(whole)
    return write(path, whole.SerializeToString())


def _activation(make: Any, name: str, l: int) -> Iterator[Any]:
    for i, (operation, inputs) in enumerate(ACTIVATIONS[name]):
        given = [x if x in CONSTANTS else f"z{l}" if x == "z" else f"t{l}.{x}" for x in inputs]
        cast = {"to": CASTS[operation]} if operation in CASTS else {}
        yield make.make_node("Cast" if cast else operation, given, [f"t{l}.{i}"], **cast)


def _number(x: Any) -> float:
    return x if type(x) is float else x.data
