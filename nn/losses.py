"""Losses of one example, J(prediction, target); the mean over the batch is taken by `fit`.

A target that is a plain number is checked. One that stands for a number, as in what is traced or compiled, cannot be:
the formula then holds for every target, and is nan for a class that there is not.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from functools import reduce
from typing import Any, cast

import autodiff as ad
from autodiff.core.floats import NAN, number
from autodiff.core.functions import shifted
from autodiff.core.primitives import equal, gap, logaddexp, relu, softplus, where
from autodiff.core.rows import Number, Operand, constant
from autodiff.errors import NotANumber
from nn.data import numbers, plain


def half_squared_error(prediction: Any, target: Any) -> Number:
    """½‖y − ŷ‖², the notes' loss: its output delta is −(y − ŷ)·f′(z)."""
    with ad.scope("half squared error"):
        return 0.5 * ad.total(_squares(prediction, target))


def mean_squared_error(prediction: Any, target: Any) -> Number:
    """‖y − ŷ‖² / n over the n outputs."""
    with ad.scope("mean squared error"):
        return ad.mean(_squares(prediction, target))


def hinge(score: Number, target: float) -> Number:
    """max(0, 1 − y·s) for a target y of −1 or 1."""
    y = _target(target, "hinge")
    if type(y) is float and y not in (-1.0, 1.0):
        raise ValueError(f"hinge needs targets of −1 or 1, got {target!r}; from classes 0 and 1: 2 * y - 1")
    with ad.scope("hinge"):
        return relu(1.0 + _only(score, "hinge") * -y)


def binary_cross_entropy(logit: Number, target: float) -> Number:
    """−y log σ(z) − (1 − y) log(1 − σ(z)) of the logit z, as y softplus(−z) + (1 − y) softplus(z); y in [0, 1].

    Its delta ∂J/∂z is σ(z) − y, without the factor f′(z).
    """
    z, y = _only(logit, "binary cross-entropy"), _target(target, "binary cross-entropy")
    if type(y) is float and not 0 <= y <= 1:
        raise ValueError(f"binary cross-entropy needs targets from 0 to 1, got {target!r}; from −1 and 1: (y + 1) / 2")
    with ad.scope("binary cross-entropy"):
        if type(y) is float and y in (0.0, 1.0):
            return softplus(-z if y else z)
        return softplus(-z) * y + softplus(z) * (1.0 - y)


def softmax_cross_entropy(logits: Sequence[Number], target: int) -> Number:
    """−log softmax(z)ₖ of the logits z for the class k = target. Its delta is softmax(z) − eₖ.

    As softplus(log Σ e^(zⱼ − m) + m − zₖ) over j ≠ k, with m the largest of these, the sum by `logaddexp`: a confident
    right answer costs little, but not 0, and its curvature keeps its digits.
    """
    zs, k = numbers(logits), _target(target, "softmax cross-entropy")
    if len(zs) < 2:
        raise ValueError(f"softmax cross-entropy needs a list of logits, one per class; got {logits!r}")
    if type(k) is not float:
        return _of_any_class(zs, one_hot(k, len(zs)))
    if k not in range(len(zs)):
        raise ValueError(f"softmax cross-entropy of {len(zs)} logits needs targets 0 … {len(zs) - 1}, got {target!r}")
    with ad.scope("softmax cross-entropy"):
        return _against([z for j, z in enumerate(zs) if j != k], zs[int(k)])


def one_hot(k: Number, count: int) -> list[Number]:
    """1 in place k from 0, 0 in the others: an index that may be traced. Times the rows of a table it chooses one."""
    return [equal(k, float(j)) for j in range(count)]


def _of_any_class(zs: Sequence[Number], chosen: Sequence[Number]) -> Number:
    """The cross-entropy where the class is not known: of the others its logit is left out as −∞."""
    with ad.scope("softmax cross-entropy"):
        own = reduce(lambda rest, pair: where(pair[0], pair[1], rest), zip(chosen, zs, strict=True), NAN)
        return _against([where(here, -math.inf, z) for here, z in zip(chosen, zs, strict=True)], own)


def _against(others: Sequence[Number], own: Number) -> Number:
    differences, largest = shifted(others)
    return softplus(reduce(logaddexp, differences) + gap(largest, own))


def l2_penalty(parameters: Iterable[Number], strength: float) -> Number:
    """α Σ p² over the parameters."""
    if not 0 <= number(strength) < math.inf:
        raise ValueError(f"the strength of an L2 penalty is a finite number from 0, got {strength!r}")
    with ad.scope("l2 penalty"):
        return ad.total(p * p for p in parameters) * number(strength)


# Whether a prediction is right, for the losses of classifiers. Of logits that tie the first counts: were all of them
# right, a network of dead units would look perfect.
ACCURACY: dict[Callable[..., Number], Callable[[Any, Any], bool]] = {
    hinge: lambda score, target: (_only(score, "hinge") > 0) == (target > 0),
    binary_cross_entropy: lambda logit, target: (_only(logit, "binary cross-entropy") > 0) == (target > 0.5),
    softmax_cross_entropy: lambda logits, target: max(range(len(logits)), key=logits.__getitem__) == target,
}


def _squares(prediction: Any, target: Any) -> list[Number]:
    predictions, targets = numbers(prediction), numbers(target)
    if len(predictions) != len(targets):
        raise ValueError(
            f"one target for each output: got {len(predictions)} outputs and {len(targets)} targets, {target!r}; give "
            f"the last layer {len(targets)} neurons, or each row {len(predictions)} targets"
        )
    errors = [p - t for p, t in zip(predictions, targets, strict=True)]
    return [error * error for error in errors]


def _target(target: Any, loss: str) -> Number:
    """The number that a target is, nan for none; what stands for a number as it is."""
    found = plain(target)
    if isinstance(found, Operand) and type(constant(found)) is not float:
        return found
    if isinstance(found, list | tuple):
        several = len(cast("list[Any]", found)) > 1
        remedy = "rows with a 1 for the class become classes by y.argmax(axis=1)" if several else "take y.ravel()"
        shape = f"(m, {len(cast('list[Any]', found))})"
        raise ValueError(f"{loss} takes one number for a target, got {target!r}: of targets of shape {shape}, {remedy}")
    try:
        return number(found)
    except NotANumber:
        return NAN  # in no range: the loss says what it needs


def _only(output: Any, loss: str) -> Number:
    outputs = numbers(output)
    if len(outputs) != 1:
        raise ValueError(f"{loss} takes one output, got {len(outputs)}: let the last layer have 1 neuron")
    return outputs[0]
