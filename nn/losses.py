"""Losses of one example, J(prediction, target); the mean over the batch is taken by `fit`.

A target that is a plain number is checked. One that stands for a number, as in what is traced or compiled, cannot be:
the formula then holds for every target, and is nan for a class that there is not.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from functools import reduce
from typing import Any, cast

import autodiff as ad
from autodiff.core.floats import NAN, ZERO, number
from autodiff.core.functions import shifted
from autodiff.core.primitives import (
    equal,
    gap,
    greater,
    greater_equal,
    less,
    logaddexp,
    relu,
    softplus,
    where,
)
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


def softmax_cross_entropy(logits: Sequence[Number], target: Any) -> Number:
    """−log softmax(z)ₖ of the logits z for the class k = target. Its delta is softmax(z) − eₖ.

    Of a target that is a list t of the shares of classes, one-hot rows among them, −Σ tₖ log softmax(z)ₖ.

    As softplus(log Σ e^(zⱼ − m) + m − zₖ) over j ≠ k, with m the largest of these, the sum by `logaddexp`: a confident
    right answer costs little, but not 0, and its curvature keeps its digits.
    """
    zs = numbers(logits)
    if len(zs) < 2:
        raise ValueError(f"softmax cross-entropy needs a list of logits, one per class; got {logits!r}")
    shares = _shares(target, len(zs))
    if shares:
        with ad.scope("softmax cross-entropy"):
            return ad.total(share * _against_others(zs, k) for k, share in enumerate(shares) if share is not ZERO)
    k = _target(target, "softmax cross-entropy")
    if type(k) is not float:
        return _of_any_class(zs, one_hot(k, len(zs)))
    if k not in range(len(zs)):
        raise ValueError(f"softmax cross-entropy of {len(zs)} logits needs targets 0 … {len(zs) - 1}, got {target!r}")
    with ad.scope("softmax cross-entropy"):
        return _against_others(zs, int(k))


class weighted:  # noqa: N801 (called as a function, as nn.weighted)
    """A loss times a weight for the class of its target, as in nn.weighted(nn.hinge, {-1: 1.0, 1: 5.0}).

    weights  for each class; of a list the classes are 0, 1, … The mean over a batch divides by its rows, as always.
    """

    def __init__(self, loss: Callable[[Any, Any], Number], weights: Any) -> None:
        given = plain(weights)
        pairs = cast("dict[Any, Any]", given if isinstance(given, dict) else dict(enumerate(cast("list[Any]", given))))
        self.loss, self.weights = loss, {number(k): number(w) for k, w in pairs.items()}
        if not self.weights or not all(0 <= w < math.inf for w in self.weights.values()):
            raise ValueError(f"weights are finite numbers from 0, one for each class; got {weights!r}")
        self.__name__ = f"weighted {getattr(loss, '__name__', 'loss')}"

    def __call__(self, prediction: Any, target: Any) -> Number:
        """The weighted loss of one example."""
        k = _target(target, self.__name__)
        if type(k) is float and k not in self.weights:
            raise ValueError(f"no weight for the target {target!r}: there are some for {sorted(self.weights)}")
        weight = reduce(lambda rest, pair: where(equal(k, pair[0]), pair[1], rest), self.weights.items(), NAN)
        return self.loss(prediction, target) * weight


def one_hot(k: Number, count: int) -> list[Number]:
    """1 in place k from 0, 0 in the others: an index that may be traced. Times the rows of a table it chooses one."""
    return [equal(k, float(j)) for j in range(count)]


def _of_any_class(zs: Sequence[Number], chosen: Sequence[Number]) -> Number:
    """The cross-entropy where the class is not known: of the others its logit is left out as −∞."""
    with ad.scope("softmax cross-entropy"):
        own = reduce(lambda rest, pair: where(pair[0], pair[1], rest), zip(chosen, zs, strict=True), NAN)
        return _against([where(here, -math.inf, z) for here, z in zip(chosen, zs, strict=True)], own)


def _shares(target: Any, count: int) -> list[Any]:
    """Of a target that is a list the share of each class, those that are 0 as ZERO; of one number none."""
    found = plain(target)
    if not isinstance(found, list | tuple) or len(cast("list[Any]", found)) != count:
        return []
    shares = numbers(found)
    plain_ones = [x for x in shares if type(x) is float]
    if len(plain_ones) == count and (abs(sum(plain_ones) - 1.0) > 1e-6 or min(plain_ones) < 0.0):
        raise ValueError(
            f"a target that is a list has the shares of the classes, from 0 and 1 together; got {target!r}"
        )
    return [ZERO if type(x) is float and not x else x for x in shares]


def _against_others(zs: Sequence[Number], k: int) -> Number:
    return _against([z for j, z in enumerate(zs) if j != k], zs[k])


def _against(others: Sequence[Number], own: Number) -> Number:
    differences, largest = shifted(others)
    return softplus(reduce(logaddexp, differences) + gap(largest, own))


def l2_penalty(parameters: Iterable[Number], strength: float) -> Number:
    """α Σ p² over the parameters."""
    if not 0 <= number(strength) < math.inf:
        raise ValueError(f"the strength of an L2 penalty is a finite number from 0, got {strength!r}")
    with ad.scope("l2 penalty"):
        return ad.total(p * p for p in parameters) * number(strength)


def _is_above(x: Any, border: float) -> Number:
    return greater(ad.stop_gradient(numbers(x)[0]), border)


def _is_largest(logits: Any, target: Any) -> Number:
    """Whether the logit of the class, or of its one-hot row, is the first of the largest."""
    zs, given = [ad.stop_gradient(z) for z in numbers(logits)], numbers(target)
    k = given[0] if len(given) == 1 else ad.total(share * float(j) for j, share in enumerate(given))
    own = reduce(lambda rest, j: where(equal(k, float(j)), zs[j], rest), range(len(zs)), NAN)
    beaten = [where(less(float(j), k), greater_equal(z, own), greater(z, own)) for j, z in enumerate(zs)]
    return equal(ad.total(beaten), 0.0)


# Whether a prediction is right, for the losses of classifiers. Of logits that tie the first counts: were all of them
# right, a network of dead units would look perfect.
ACCURACY: dict[Callable[..., Number], Callable[[Any, Any], Number]] = {
    hinge: lambda score, target: equal(_is_above(score, 0.0), _is_above(target, 0.0)),
    binary_cross_entropy: lambda logit, target: equal(_is_above(logit, 0.0), _is_above(target, 0.5)),
    softmax_cross_entropy: _is_largest,
}


def accuracy(loss: Callable[..., Any]) -> Callable[[Any, Any], Number] | None:
    """1 where a prediction is right and 0 else, for the losses of classifiers."""
    return ACCURACY.get(getattr(loss, "loss", loss))


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
