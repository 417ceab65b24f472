"""Losses of one example, J(prediction, target); the mean over the batch is taken by `fit`."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import autodiff as ad
from autodiff.floats import number
from autodiff.primitives import relu, softplus
from autodiff.rows import Number
from nn.data import sequence


def half_squared_error(prediction: Any, target: Any) -> Number:
    """½‖y − ŷ‖², the notes' loss: its output delta is −(y − ŷ)·f′(z)."""
    return 0.5 * ad.total(_squares(prediction, target))


def mean_squared_error(prediction: Any, target: Any) -> Number:
    """‖y − ŷ‖² / n over the n outputs."""
    return ad.mean(_squares(prediction, target))


def hinge(score: Number, target: float) -> Number:
    """max(0, 1 − y·s) for a target y of −1 or 1."""
    if target not in (-1, 1):
        raise ValueError(f"hinge needs targets of −1 or 1, got {target!r}; from classes 0 and 1: 2 * y - 1")
    return relu(1.0 + score * -float(target))


def binary_cross_entropy(logit: Number, target: float) -> Number:
    """−y log σ(z) − (1 − y) log(1 − σ(z)) of the logit z, as y softplus(−z) + (1 − y) softplus(z); y in [0, 1].

    Its delta ∂J/∂z is σ(z) − y, without the factor f′(z).
    """
    if not 0 <= target <= 1:
        raise ValueError(f"binary cross-entropy needs targets from 0 to 1, got {target!r}; from −1 and 1: (y + 1) / 2")
    if target in (0, 1):
        return softplus(-logit if target else logit)
    return softplus(-logit) * float(target) + softplus(logit) * (1.0 - target)


def softmax_cross_entropy(logits: Sequence[Number], target: int) -> Number:
    """−log softmax(z)ₖ of the logits z for the class k = target, as logsumexp(z) − zₖ. Its delta is softmax(z) − eₖ."""
    if not isinstance(logits, Sequence) or len(logits) < 2:  # pyright: ignore[reportUnnecessaryIsInstance]
        raise ValueError(f"softmax cross-entropy needs a list of logits, one per class; got {logits!r}")
    if target != int(target) or not 0 <= target < len(logits):
        raise ValueError(
            f"softmax cross-entropy of {len(logits)} logits needs targets 0 … {len(logits) - 1}: {target!r}"
        )
    return ad.logsumexp(logits) - logits[int(target)]


def l2_penalty(parameters: Iterable[Number], strength: float) -> Number:
    """α Σ p² over the parameters."""
    if not number(strength) >= 0:
        raise ValueError(f"the strength of an L2 penalty is a number from 0, got {strength!r}")
    return ad.total(p * p for p in parameters) * number(strength)


# Whether a prediction is right, for the losses of classifiers.
ACCURACY: dict[Callable[..., Number], Callable[[Any, Any], bool]] = {
    hinge: lambda score, target: (score > 0) == (target > 0),
    binary_cross_entropy: lambda logit, target: (logit > 0) == (target > 0.5),
    softmax_cross_entropy: lambda logits, target: logits[int(target)] == max(logits),
}


def _squares(prediction: Any, target: Any) -> list[Number]:
    predictions, targets = sequence(prediction), sequence(target)
    if len(predictions) != len(targets):
        raise ValueError(f"one target for each output: got {len(predictions)} outputs and {len(targets)} targets")
    errors = [p - t for p, t in zip(predictions, targets, strict=True)]
    return [error * error for error in errors]
