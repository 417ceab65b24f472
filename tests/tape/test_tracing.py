"""Whatever evaluates can be traced: every row and composite through every transform, and the tape holds everywhere."""

import copy
import math

import pytest
from sampling import WALKED, operand_counts, points

import autodiff as ad
from autodiff.transforms.structure import flatten

TRANSFORMS = {
    "value": lambda f: f,
    "grad": ad.grad,
    "value_and_grad": ad.value_and_grad,
    "vjp": lambda f: lambda x: ad.vjp(f, x)[1](1.5),
    "jvp": lambda f: lambda x: ad.jvp(f, (x,), ([1.0, 0.5, -2.0, 0.25][: len(x)],)),
    "jacobian forward": lambda f: ad.jacobian(f, "forward"),
    "jacobian reverse": lambda f: ad.jacobian(f, "reverse"),
    "jacobian auto": lambda f: ad.jacobian(f, "auto"),
    "jvp in jvp": lambda f: lambda x: ad.jvp(lambda y: along(f, y), (x,), ([0.5] * len(x),)),
    "grad of jvp": lambda f: ad.grad(lambda x: along(f, x)),
    "jvp of grad": lambda f: lambda x: ad.jvp(ad.grad(f), (x,), ([0.5] * len(x),)),
    "grad of grad": lambda f: ad.grad(lambda x: ad.total(ad.grad(f)(x))),
    "hessian": ad.hessian,
    "hvp": lambda f: lambda x: ad.hvp(f, x, [1.0] * len(x)),
    "taylor": lambda f: lambda x: ad.taylor(f, x, 3, [1.0] * len(x)),
}
COMPOSITES = {
    "logsumexp": (ad.logsumexp, 3),
    "softmax": (lambda xs: ad.softmax(xs)[0], 3),
    "log_softmax": (lambda xs: ad.log_softmax(xs)[0], 3),
    "stop_gradient": (lambda xs: ad.stop_gradient(xs[0]) * xs[0], 1),
    "gelu": (lambda xs: ad.gelu(xs[0]), 1),
    "silu": (lambda xs: ad.silu(xs[0]), 1),
    "leaky_relu": (lambda xs: ad.leaky_relu(xs[0]) * xs[0], 1),
    "clip": (lambda xs: ad.clip(xs[0], -1.0, 1.0) * xs[1], 2),
    "norm": (ad.norm, 3),
    "mean": (ad.mean, 3),
    "abs x · x": (lambda xs: abs(xs[0]) * xs[0], 1),
    "relu x · x": (lambda xs: ad.relu(xs[0]) * xs[0], 1),
    "7 % x": (lambda xs: 7.0 % (3.0 + xs[0] * xs[0]), 1),
    "x ** x": (lambda xs: (xs[0] * xs[0] + 0.1) ** xs[0], 1),
    "cbrt": (lambda xs: ad.cbrt(xs[0]), 1),
    "hypot": (lambda xs: ad.hypot(*xs), 2),
    "atan2": (lambda xs: ad.atan2(*xs), 2),
    "where": (lambda xs: ad.where(xs[0] > xs[1], xs[0] * xs[1], ad.exp(xs[1])), 2),
    "maximum": (lambda xs: ad.maximum(*xs) * ad.minimum(*xs), 3),
}
EDGES = {  # where a slope is infinite, and what it is times is 0
    "a guarded root": lambda x: ad.where(x > 0, ad.sqrt(x), 0.0),
    "a whole power": lambda x: x**2,
    "a norm": lambda x: ad.norm([x, x * x]),
    "a root of a cube": lambda x: ad.cbrt(x) * x**3,
    "an absolute": lambda x: abs(x) * x,
}
WHERE = [[0.7, -0.4, 1.3], [-1.2, 0.9, -0.3], [2.5, 2.0, 0.1]]


def along(f, x):
    return ad.jvp(f, (x,), ([1.0] * len(x),))[1]


def close(x, y):
    return x == y or (x != x and y != y) or math.isclose(x, y, rel_tol=1e-14)


def held(function, traced_at, *elsewhere):
    """A tape of the function gives its numbers where it was traced and elsewhere, simplified too.

    Not to the bit: a zero that underflowed is structural for eager sweeps, and branches that a tape holds both of are
    summed in another order.
    """
    tape = ad.trace(function, traced_at)
    for x in (traced_at, *elsewhere):
        expected = flatten(function(x))[0]
        for found in (tape, tape.simplify()):
            assert all(map(close, flatten(found.evaluate(x))[0], expected)), (x, found)


@pytest.mark.long(6)
@pytest.mark.parametrize("transform", TRANSFORMS.values(), ids=TRANSFORMS)
@pytest.mark.parametrize("row", WALKED.values(), ids=WALKED)
def test_every_row_is_traced_through_every_transform(row, transform):
    for count in operand_counts(row):
        held(transform(lambda xs: row(*xs)), *[list(xs) for xs in points(row, count, 3)])


@pytest.mark.parametrize("transform", TRANSFORMS.values(), ids=TRANSFORMS)
@pytest.mark.parametrize(("function", "count"), COMPOSITES.values(), ids=COMPOSITES)
def test_every_composite_is_traced_through_every_transform(function, count, transform):
    held(transform(function), *[x[:count] for x in WHERE])


@pytest.mark.parametrize("function", EDGES.values(), ids=EDGES)
@pytest.mark.parametrize("order", [1, 3])
def test_a_traced_series_is_the_eager_one_where_0_meets_infinity(function, order):
    held(lambda x: ad.taylor(function, x, order), 1.0, 0.0)


def test_a_traced_argument_that_is_copied_is_itself():
    tape = ad.trace(lambda p: copy.deepcopy(p)["a"] * p["a"], {"a": 3.0})
    assert tape.evaluate({"a": 4.0}) == 16.0
