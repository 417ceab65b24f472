"""What NumPy's functions are of our numbers: a ufunc is the row of its name, beside an array element by element.

    np.maximum(x, 1.0)          ad.maximum(x, 1.0): a tie is shared
    np.logaddexp(x, [0., 1.])   an array of two, dtype=object

NumPy asks a number that stands among the arguments (NEP 13). It does not ask those inside of an array: on an array of
dtype=object it looks for a method of its own name, which is the row, but `np.maximum`, `np.fmax`, `np.clip`, the like
and what is made of them, as `xs.max()`, choose by Python's comparisons, so that at a tie the derivative is that of the
one chosen. There `np.frompyfunc(ad.maximum, 2, 1)(xs, 1.0)` and `ad.maximum(*xs)` are ours. (An array class of our own
would ask, but only where we made the array: `np.array([x, y])` in the same function would not, and a rule that hangs on
who made an array is worse than one that is known.)

NumPy is met here only where it has called; nothing imports it before.
"""

import math
import operator
import sys
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, NoReturn

from autodiff.core import functions
from autodiff.core.packages import require
from autodiff.core.rows import NAMED, Operand, as_operand
from autodiff.errors import DerivativeLost

SINGLE = (Operand, float, int)
HOMES = (
    "numpy._core.umath",
    "numpy",
    "scipy.special",
)  # whose ufuncs are known by name; another's may mean something else

signs: Any = operator  # whose types are partly unknown
SIGNS: dict[str, Callable[..., Any]] = {  # which NumPy applies to what an array of dtype=object holds, as Python does
    "add": signs.add, "subtract": signs.sub, "multiply": signs.mul, "divide": signs.truediv,
    "floor_divide": signs.floordiv, "remainder": signs.mod, "power": signs.pow, "negative": signs.neg,
    "positive": signs.pos, "absolute": abs,
}  # fmt: skip
COMPARISONS: dict[str, Callable[..., Any]] = {
    "equal": signs.eq, "not_equal": signs.ne, "less": signs.lt, "less_equal": signs.le,
    "greater": signs.gt, "greater_equal": signs.ge,
}  # fmt: skip
OPERATORS: dict[str, Callable[..., Any]] = {  # any other ufunc is a row of the table, by its name or alias
    **SIGNS, **COMPARISONS, "float_power": signs.pow, "divmod": divmod, "conjugate": signs.pos,
    "clip": functions.clip,
}  # fmt: skip

ALONE = "ask the number alone, np.{name}(x.data)"
WHOLE = "it is of whole numbers, which have no derivative: take it of int(x.data)"
LOGIC = "conditions are combined by Python's and, or, not, and in a trace by ad.minimum and ad.maximum"
INSTEAD = {  # for what is no row, what to write
    "fmax": "use np.maximum, which is nan where an operand is", "fmin": "use np.minimum, which is nan where one is",
    "degrees": "use x * (180 / math.pi)", "rad2deg": "use x * (180 / math.pi)",
    "radians": "use x * (math.pi / 180)", "deg2rad": "use x * (math.pi / 180)",
    "heaviside": "use ad.where(x > 0, 1.0, 0.0)", "modf": "use x - np.trunc(x.data)",
    "expit": "use ad.sigmoid", "gammaln": "use ad.lgamma", "psi": "use ad.digamma",
    **dict.fromkeys(["isnan", "isinf", "isfinite", "isnat", "signbit", "spacing", "frexp"], ALONE),
    **dict.fromkeys(["logical_and", "logical_or", "logical_xor", "logical_not"], LOGIC),
    **dict.fromkeys(["bitwise_and", "bitwise_or", "bitwise_xor", "invert"], f"{WHOLE}; {LOGIC}"),
    **dict.fromkeys(["gcd", "lcm", "left_shift", "right_shift", "bitwise_count"], WHOLE),
    **dict.fromkeys(["matmul", "vecdot", "matvec", "vecmat"], "a number stands beside an array by *"),
}  # fmt: skip
WRITTEN = (
    "write it with rows, which help(ad) lists, or enter it by ad.primitive; of the number alone it is {name}(x.data)"
)


def array_ufunc(_: Operand, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
    """`__array_ufunc__`: what NumPy calls where one of its functions meets a number of ours."""
    name = _known(ufunc)
    function = OPERATORS.get(name) or NAMED.get(name)
    if function is None and not _is_of_python(ufunc):
        _refuse(ufunc.__name__)
    if function and method == "__call__" and not options and all(map(_is_number, inputs)):
        found = function(*map(as_operand, inputs))
        return _numpy().bool_(found) if type(found) is bool else found
    if any(map(_answers_itself, inputs)):
        return NotImplemented
    target = _target(method, inputs, options)
    itself = function is None or name in SIGNS
    loop = ufunc if itself else _numpy().frompyfunc(function, ufunc.nin, ufunc.nout)
    found = getattr(loop, method)(*map(_boxed, inputs), **options)
    if target is None:
        return _conditions(found) if name in COMPARISONS else found
    target[...] = found
    return target


def clip(x: Operand, low: Any = None, high: Any = None, **options: Any) -> Any:
    """`np.clip(x, low, high)`, which asks for a method; a bound that is None is none."""
    refused = [f"{name}=" for name, option in options.items() if option is not None]
    if refused:  # at a TypeError NumPy would go on by itself, on an array that does not ask
        raise ValueError(f"np.clip of {x!r} takes no {', '.join(refused)}: use what it returns")
    bounds = (-math.inf if low is None else low, math.inf if high is None else high)
    if all(map(_is_number, bounds)):
        return functions.clip(x, *map(as_operand, bounds))
    return _numpy().frompyfunc(functions.clip, 3, 1)(*map(_boxed, (x, *bounds)))


@lru_cache(256)
def _known(ufunc: Any) -> str:
    """The name of a ufunc of NumPy's or SciPy's; nothing for another's."""
    name = ufunc.__name__
    return name if any(getattr(sys.modules.get(home), name, None) is ufunc for home in HOMES) else ""


def _is_of_python(ufunc: Any) -> bool:
    """Whether np.frompyfunc made it of a function of Python's, which takes any number as it is."""
    return all(set(loop) <= set("O->") for loop in ufunc.types)


def _is_number(x: Any) -> bool:
    """Whether NumPy takes x for one number: ours, Python's, NumPy's, or an array of shape ()."""
    return isinstance(x, SINGLE) or (type(x).__module__ == "numpy" and getattr(x, "shape", None) == ())


def _answers_itself(x: Any) -> bool:
    """Whether x has an answer of its own, as a table of pandas has."""
    known = (None, array_ufunc, _numpy().ndarray.__array_ufunc__)
    return getattr(x.__class__, "__array_ufunc__", None) not in known


def _target(method: str, inputs: Sequence[Any], options: dict[str, Any]) -> Any:
    """The array that `array += x` writes to, taken out of the options; None for an ordinary call."""
    if options.pop("where", True) is not True:
        raise TypeError("where= leaves elements unset: choose by ad.where or np.where, between results for all")
    targets = options.pop("out", ())
    for written in inputs[:1] if method == "at" else targets:
        if getattr(written, "dtype", "O") != "O":
            raise DerivativeLost(
                f"an array of {written.dtype} would lose the derivatives of what is written into it: make it with "
                "dtype=object, or a new array, as in array = array + x"
            )
    if not targets:
        return None
    if method != "__call__" or len(targets) > 1 or targets[0] is not inputs[0]:
        raise TypeError("out= is refused where a number of ours takes part: use what the function returns")
    return targets[0]


def _conditions(found: Any) -> Any:
    """Booleans as NumPy has them: they index arrays, and ~ negates them. In a trace there are none."""
    array = _numpy().asarray(found)
    return array.astype(bool)[()] if all(type(x) is bool for x in array.flat) else found


def _boxed(x: Any) -> Any:
    """A number in an array of shape (): inside it is not asked again."""
    if not isinstance(x, Operand):
        return x
    box = _numpy().empty((), dtype=object)
    box[()] = x
    return box


def _refuse(name: str) -> NoReturn:
    remedy = INSTEAD.get(name, WRITTEN).format(name=name)
    raise TypeError(f"{name} is no row of the table, so that a number of ours has no derivative through it: {remedy}")


def _numpy() -> Any:
    return sys.modules.get("numpy") or require("numpy", "an array", "pip install numpy")
