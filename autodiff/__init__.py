"""Scalar automatic differentiation, forward and reverse, of every order.

    import autodiff as ad
    from autodiff import Value, Dual

    a, b = Value(2.0, "a"), Value(-3.0, "b")
    loss = (a * b + ad.exp(a)).tanh()
    loss.backward()
    a.grad                                # reverse accumulation

    f = lambda x: x * ad.sin(x)
    f(Dual(2.0, 1.0)).tangent             # forward accumulation

    ad.grad(f)(2.0)                       # a function that gives the derivative; see also jvp, vjp, jacobian,
    ad.hessian(f)(2.0)                    # hvp, taylor, and check_grad to check them all
    ad.compile(ad.grad(f))(2.0)           # the same numbers at the speed of the machine

Every row of the table in `autodiff.core.primitives` is a function here, and a method of Value and Dual:
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from autodiff.core.custom import custom_derivative, primitive
from autodiff.core.dual import Dual
from autodiff.core.rows import NAMED, TABLE, Primitive
from autodiff.core.scopes import Scope as scope  # noqa: N813 (opened as a function)
from autodiff.core.value import Value, backward
from autodiff.transforms.derivatives import grad, hessian, hvp, jacobian, jvp, taylor, value_and_grad, vjp

__version__ = "0.1.0"
__all__ = [
    "Dual",
    "Number",
    "Primitive",
    "Tape",
    "Value",
    "backward",
    "check_grad",
    "check_primitive",
    "clip",
    "compare",
    "compile",
    "custom_derivative",
    "dot",
    "draw",
    "explore",
    "first_nonfinite",
    "from_jax",
    "from_sympy",
    "gelu",
    "grad",
    "hessian",
    "hvp",
    "jacobian",
    "jvp",
    "leaky_relu",
    "log_softmax",
    "logsumexp",
    "mean",
    "norm",
    "primitive",
    "prod",
    "scope",
    "silu",
    "softmax",
    "step",
    "steps",
    "stop_gradient",
    "taylor",
    "to_c",
    "to_jax",
    "to_sympy",
    "total",
    "trace",
    "value_and_grad",
    "vjp",
    "worksheet",
]

if TYPE_CHECKING:
    from autodiff.checking.primitives import check_primitive
    from autodiff.checking.report import check_grad
    from autodiff.comparing.comparison import compare
    from autodiff.compiling.compiled import compile  # noqa: A004
    from autodiff.core.typed import *  # noqa: F403 (what `make stubs` wrote)
    from autodiff.exchange.c import to_c
    from autodiff.exchange.jax import from_jax, to_jax
    from autodiff.exchange.sympy import from_sympy, to_sympy
    from autodiff.seeing.drawing.graphs import draw
    from autodiff.seeing.nonfinite import first_nonfinite
    from autodiff.seeing.page.exploring import explore
    from autodiff.seeing.page.stepper import step
    from autodiff.seeing.stepping import steps
    from autodiff.seeing.worksheets.sheets import worksheet
    from autodiff.tape.tape import Tape, trace
else:
    from autodiff.core.functions import (
        clip,
        dot,
        gelu,
        leaky_relu,
        log_softmax,
        logsumexp,
        mean,
        norm,
        prod,
        silu,
        softmax,
        stop_gradient,
        total,
    )

    Number = float | Value | Dual

# imported when first asked for: `import autodiff` stays quick
LATER = {
    "check_grad": "checking.report", "check_primitive": "checking.primitives",
    "compare": "comparing.comparison", "compile": "compiling.compiled",
    "draw": "seeing.drawing.graphs", "explore": "seeing.page.exploring",
    "first_nonfinite": "seeing.nonfinite", "step": "seeing.page.stepper", "steps": "seeing.stepping",
    "to_c": "exchange.c", "to_jax": "exchange.jax", "from_jax": "exchange.jax", "to_sympy": "exchange.sympy",
    "from_sympy": "exchange.sympy",
    "Tape": "tape.tape", "trace": "tape.tape", "worksheet": "seeing.worksheets.sheets",
}  # fmt: skip

CALLED = {  # what Python and other libraries call it: what it is called here
    "sum": "total", "abs": "absolute", "max": "maximum", "min": "minimum", "amax": "maximum", "amin": "minimum",
    "neg": "negate", "negative": "negate", "sub": "subtract", "mul": "multiply", "div": "divide",
    "pow": "power", "float_power": "power", "inv": "reciprocal", "ln": "log", "sgn": "sign", "average": "mean",
    "clamp": "clip", "cond": "where", "select": "where", "if_else": "where", "inner": "dot", "expit": "sigmoid",
    "logistic": "sigmoid", "swish": "silu", "gammaln": "lgamma", "psi": "digamma", "gradient": "grad",
    "derivative": "grad", "jac": "jacobian", "jacfwd": "jacobian", "jacrev": "jacobian",
    "predict": "step",
}  # fmt: skip

IN_NN = ("descend", "fit", "MLP", "watch")  # what is looked for here, and nn has

globals().update(TABLE)  # `__getattr__` would find them, at ten times the time
__doc__ = f"{__doc__}{', '.join(TABLE)}."


if not TYPE_CHECKING:  # to which a name that is not written down is a mistake

    def __getattr__(name: str) -> Any:
        """What is imported later, or a row of the table by its name or NumPy's, one entered since the import too."""
        if name in LATER:
            return getattr(import_module(f"autodiff.{LATER[name]}"), name)
        if name in NAMED:
            return NAMED[name]
        from difflib import get_close_matches  # slow to import, and only needed here

        near = CALLED.get(name) or f"nn.{name}" * (name in IN_NN) or ", ".join(get_close_matches(name, __dir__()))
        raise AttributeError(f"autodiff has no {name!r}; " + (f"did you mean {near}?" if near else "see dir(autodiff)"))


def __dir__() -> list[str]:
    return sorted({*__all__, *TABLE})
