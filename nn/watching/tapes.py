"""Tapes as data for a page, which runs them: it knows the rows' values, and no derivative, network or optimizer.

    tape ::= {"rows": [name, …], "code": base64 of 16-bit numbers, "constants": [number, …], "inputs": n,
              "outputs": [place, …]}
    code ::= {row, number of operands, operand, …}

A place counts the constants first, then the inputs, then the instructions.
"""

from array import array
from base64 import b64encode
from collections.abc import Callable, Sequence
from copy import copy
from sys import byteorder
from typing import Any, cast

import autodiff as ad
from autodiff import Tape
from autodiff.seeing.page.slopes import number_data
from nn.layers import ACTIVATIONS, MLP
from nn.module import replaced
from nn.objectives import Loss
from nn.optimizers import Optimizer
from nn.recursion import activation, as_output, weighed

MOST = 65_535  # places that 16 bits tell apart


def tape_data(tape: Tape) -> dict[str, Any]:
    """A tape as data. ValueError where it has more places than the code can tell apart."""
    rows, constants = dict[str, int](), dict[Any, int]()
    for row, operands in tape:
        rows.setdefault(row.name, len(rows))
        for x in operands:
            if type(x) is float:
                constants.setdefault(number_data(x), len(constants))
    for x in tape.results:
        if type(x) is float:
            constants.setdefault(number_data(x), len(constants))
    count = len(constants) + tape.inputs.size + len(tape)
    if count > MOST:
        raise ValueError(f"a page runs tapes of at most {MOST:,} numbers, and this one has {count:,}")

    def place(x: Any) -> int:
        return constants[number_data(x)] if type(x) is float else len(constants) + x

    code = array("H")
    for row, operands in tape:
        code.extend([rows[row.name], len(operands), *map(place, operands)])
    if byteorder == "big":
        code.byteswap()
    return {
        "rows": list(rows), "code": b64encode(code.tobytes()).decode(), "constants": list(constants),
        "inputs": tape.inputs.size, "outputs": list(map(place, tape.results)),
    }  # fmt: skip


def network_tapes(model: MLP, loss: Loss, x: Sequence[float], y: Any) -> dict[str, dict[str, Any]]:
    """The tapes of a network of these parameters, a row and a target, in this order.

    forward  z⁽ˡ⁾, a⁽ˡ⁾ and f′(z⁽ˡ⁾) of every layer from 2 on, layer after layer
    step     J and ∂J/∂p of every parameter
    """
    numbers = [p.data for p in model.parameters()]

    def like(given: Sequence[Any]) -> Any:
        placed = dict(zip(model.parameters(), given, strict=True))
        return replaced(model, lambda p: placed[p])

    def forward(given: Sequence[Any], x: Sequence[Any]) -> list[Any]:
        found, a = list[Any](), list(x)
        for layer in like(given).layers:
            z = [weighed(neuron, a) for neuron in layer.neurons]
            bent = [ad.jvp(activation(n), (value,), (1.0,)) for n, value in zip(layer.neurons, z, strict=True)]
            a = [value for value, _ in bent]
            found += [*z, *a, *(slope for _, slope in bent)]
        return found

    def step(given: Sequence[Any], x: Sequence[Any], y: Any) -> list[Any]:
        def objective(given: Sequence[Any]) -> Any:
            a = list(x)
            for layer in like(given).layers:
                a = [activation(neuron)(weighed(neuron, a)) for neuron in layer.neurons]
            return loss(as_output(a), y)

        value, gradient = ad.value_and_grad(objective)(given)
        return [value, *gradient]

    target = list(map(float, cast("list[Any]", y))) if isinstance(y, list) else float(y)
    tapes: dict[str, tuple[Callable[..., Any], tuple[Any, ...]]] = {
        "forward": (forward, (numbers, list(x))),
        "step": (step, (numbers, list(x), target)),
    }
    return {name: tape_data(ad.trace(f, *args).simplify()) for name, (f, args) in tapes.items()}


def activated(model: MLP, name: str) -> MLP:
    """The same network with another activation in its hidden layers."""
    like = replaced(model, lambda p: p)
    for layer, inner in zip(like.layers[:-1], model.layers[:-1], strict=True):
        for neuron in layer.neurons:
            neuron.activation = name if any(n.nonlin for n in inner.neurons) else neuron.activation
    return like


def activations_of(model: MLP) -> list[str]:
    """The activations that its page can have: the network's own first."""
    if len(model.layers) == 1:
        return [model.layers[0].neurons[0].activation]
    own = model.layers[0].neurons[0].activation
    return list(dict.fromkeys([own, *ACTIVATIONS]))


def rule_data(optimizer: Optimizer) -> dict[str, Any]:
    """An optimizer as data: its rule for one parameter as a tape of α, the step, x, g and what is kept.

    rates  α of the first steps where it follows a schedule, of which the last goes on; else one
    """

    def rule(rate: Any, step: Any, x: Any, g: Any, *kept: Any) -> list[Any]:
        like = copy(optimizer)
        like.steps = step
        return list(like.rule(rate, x, g, *kept))

    begun = optimizer.steps
    scheduled = callable(optimizer.learning_rate)
    tape = ad.trace(rule, 0.1, 0.0, 1.0, 1.0, *[1.0] * optimizer.memory).simplify()
    return {
        "tape": tape_data(tape), "told": repr(optimizer), "memory": optimizer.memory, "clip": optimizer.clip,
        "rates": [optimizer.rate(begun + i) for i in range(SCHEDULED if scheduled else 1)],
        "kept": [list(map(float, kept)) for kept in optimizer.kept], "steps": begun,
    }  # fmt: skip


SCHEDULED = 1_000  # steps of a schedule that a page knows
