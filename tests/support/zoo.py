"""One collection of functions of n numbers, with a point each, run through every kind of number."""

import pytest

import autodiff as ad


def baydin(x1, x2):
    """The survey's example, in the order of its table."""
    v1 = ad.log(x1)
    v2 = x1 * x2
    v3 = ad.sin(x2)
    v4 = v1 + v2
    return v4 - v3


def micrograd_readme(a, b):
    c = a + b
    d = a * b + b**3
    c += c + 1
    c += 1 + c + (-a)
    d += d * 2 + (b + a).relu() if hasattr(a, "relu") else d * 2 + ad.relu(b + a)
    d += 3 * d + ad.relu(b - a)
    e = c - d
    f = e**2
    g = f / 2.0
    g += 10.0 / f
    return g


def micrograds_readme(Value):  # noqa: N803
    """The program of micrograd's README as it stands, its numbers checked: its nodes a … g."""
    a = Value(-4.0)
    b = Value(2.0)
    c = a + b
    d = a * b + b**3
    c += c + 1
    c += 1 + c + (-a)
    d += d * 2 + (b + a).relu()
    d += 3 * d + (b - a).relu()
    e = c - d
    f = e**2
    g = f / 2.0
    g += 10.0 / f
    assert f"{g.data:.4f}" == "24.7041"  # the outcome of this forward pass
    g.backward()
    assert f"{a.grad:.4f}" == "138.8338"  # i.e. the numerical value of dg/da
    assert f"{b.grad:.4f}" == "645.5773"  # i.e. the numerical value of dg/db
    return a, b, c, d, e, f, g


def doubling_loop(x):
    while x < 100:
        x = 2 * x
    return x


def piecewise(x):
    return x**2 if x > 0 else -3 * x


def shared_powers(x):
    y = x
    for _ in range(60):
        y = y + y
    return y


def neuron_through_exp(x1, x2, w1, w2, b):
    n = x1 * w1 + x2 * w2 + b
    e = ad.exp(2 * n)
    return (e - 1) / (e + 1)


ZOO = {
    "baydin": (baydin, (2.0, 5.0)),
    "griewank": (lambda x1, x2: (ad.sin(x1 / x2) + x1 / x2 - ad.exp(x2)) * (x1 / x2 - ad.exp(x2)), (1.5, 0.5)),
    "micrograd_readme": (micrograd_readme, (-4.0, 2.0)),
    "neuron": (lambda x1, x2, w1, w2, b: ad.tanh(x1 * w1 + x2 * w2 + b), (2.0, 0.0, -3.0, 1.0, 6.8813735870195432)),
    "neuron_through_exp": (neuron_through_exp, (2.0, 0.0, -3.0, 1.0, 6.8813735870195432)),
    "lecture": (lambda a, b, c, f: (a * b + c) * f, (2.0, -3.0, 10.0, -2.0)),
    "cs231n": (lambda x, y, z: (x + y) * z, (-2.0, 5.0, -4.0)),
    "sigmoid_neuron": (lambda w0, w1, w2, x0, x1: ad.sigmoid(w0 * x0 + w1 * x1 + w2), (2.0, -3.0, -3.0, -1.0, -2.0)),
    "colah": (lambda a, b: (a + b) * (b + 1), (2.0, 1.0)),
    "ufldl": (lambda x1, x2: x1**2 + 3 * x1 * x2, (4.0, 10.0)),
    "rosenbrock": (lambda x, y: 100 * (y - x * x) ** 2 + (1 - x) ** 2, (-1.2, 1.0)),
    "doubling_loop": (doubling_loop, (3.0,)),
    "piecewise": (piecewise, (-2.0,)),
    "shared_powers": (shared_powers, (1.0,)),
    "norm": (lambda x, y, z: ad.norm([x, y, z]), (3.0, 4.0, 12.0)),
    "softmax": (lambda x, y, z: ad.dot(ad.softmax([x, y, z]), [1.0, 2.0, 4.0]), (0.5, -1.0, 2.0)),
    "logsumexp": (lambda x, y, z: ad.logsumexp([x, y, z]), (0.5, -1.0, 2.0)),
    "mean_of_activations": (
        lambda x, y: ad.mean([ad.gelu(x), ad.silu(y), ad.leaky_relu(x), ad.clip(y, -1.0, 1.0)]),
        (-0.7, 0.4),
    ),
    "powers": (lambda x, y: x**y + y**x + 2**x + x**-2 + x**0.5, (1.7, 0.6)),
    "remainders": (lambda x, y: x % y + ad.fmod(x, y) + x // y + 7 % y + 7 // x, (7.3, 2.1)),
    "kinks": (lambda x, y: ad.maximum(x, y, 1.0) * ad.minimum(x, y) + abs(x) + ad.where(x > y, x * y, y), (1.5, -2.0)),
}

BRANCHING = {"doubling_loop", "piecewise"}  # on numbers: an error to trace, but they are recorded at a point
ALL = [pytest.param(function, at, id=name) for name, (function, at) in ZOO.items()]
TRACED = [parameters for parameters in ALL if parameters.id not in BRANCHING]
