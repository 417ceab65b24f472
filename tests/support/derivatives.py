"""The gradient of a function of n numbers, both ways; and what a test compares."""

import struct

from autodiff import Dual, Value


def bits(x):
    """The bits of a float, every nan alike."""
    return "nan" if x != x else struct.pack("d", x)


def same(xs, ys):
    """Equal to the last bit, nan and signed zeros included."""
    return list(map(bits, xs)) == list(map(bits, ys))


def reverse(function, xs):
    """One sweep for all inputs; an output that is no Value depends on none of them."""
    values = [Value(x) for x in xs]
    output = function(*values)
    if isinstance(output, Value):
        output.backward()
    return [v.grad for v in values]


def forward(function, xs):
    """A pass for each input; an output that is no Dual does not depend on it."""
    outputs = [function(*(Dual(x, float(i == j)) for j, x in enumerate(xs))) for i in range(len(xs))]
    return [output.tangent if isinstance(output, Dual) else 0.0 for output in outputs]


def numbers_of(x):
    """The floats of a number, or of a list or tuple of them."""
    return [getattr(part, "data", part) for part in (x if isinstance(x, tuple | list) else [x])]
