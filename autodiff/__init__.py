"""Scalar automatic differentiation: step through it, draw it, compare forward with reverse mode.

    import autodiff as ad
    from autodiff import Value, Dual

    a, b = Value(2.0, "a"), Value(-3.0, "b")
    loss = (a * b + ad.exp(a)).tanh()
    loss.backward()
    a.grad                                # reverse accumulation

    f = lambda x: x * ad.sin(x)
    f(Dual(2.0, 1.0)).tangent             # forward accumulation

Every row of the table in `primitives` is a function here and a method of Value and Dual.
"""

from autodiff.dual import Dual
from autodiff.functions import (
    clip,
    dot,
    gelu,
    leaky_relu,
    logsumexp,
    mean,
    norm,
    silu,
    softmax,
    stop_gradient,
    total,
)
from autodiff.rows import TABLE, Primitive
from autodiff.value import Value, backward

__version__ = "0.1.0"
__all__ = [
    "Dual",
    "Primitive",
    "Value",
    "backward",
    "clip",
    "dot",
    "gelu",
    "leaky_relu",
    "logsumexp",
    "mean",
    "norm",
    "silu",
    "softmax",
    "stop_gradient",
    "total",
]

globals().update(TABLE)


def __getattr__(name: str) -> Primitive:
    """A row of the table, those entered since the import included."""
    if name in TABLE:
        return TABLE[name]
    raise AttributeError(f"autodiff has no {name!r}; its elementary functions are {', '.join(sorted(TABLE))}")


def __dir__() -> list[str]:
    return sorted({*__all__, *TABLE})
