"""Composites: their numbers against mpmath, their derivatives both ways, their bad inputs."""

import math

import mpmath
import pytest
from derivatives import forward, reverse

import autodiff as ad
from autodiff import Value
from autodiff.errors import NotANumber

SQUARE_ROOT_OF_2 = mpmath.sqrt(2)

COMPOSITES = [
    ("logsumexp", lambda *xs: ad.logsumexp(xs), lambda *xs: mpmath.log(sum(map(mpmath.exp, xs))), (0.5, -1.0, 2.0)),
    ("softmax", lambda *xs: ad.softmax(xs)[1], lambda x, y: 1 / (1 + mpmath.exp(x - y)), (0.3, 1.1)),
    ("gelu", ad.gelu, lambda x: x * mpmath.erfc(-x / SQUARE_ROOT_OF_2) / 2, (-1.3,)),
    ("gelu in its tail", ad.gelu, lambda x: x * mpmath.erfc(-x / SQUARE_ROOT_OF_2) / 2, (-9.0,)),
    ("silu", ad.silu, lambda x: x / (1 + mpmath.exp(-x)), (0.7,)),
    ("leaky_relu", ad.leaky_relu, lambda x: x / 100, (-2.0,)),
    ("leaky_relu with a slope", lambda x: ad.leaky_relu(x, 0.2), lambda x: x / 5, (-2.0,)),
    ("clip", lambda x: ad.clip(x, -1.0, 1.0), lambda x: x, (0.3,)),
    ("dot", lambda x, y: ad.dot([x, y], [y, 3.0]), lambda x, y: x * y + 3 * y, (0.3, -2.0)),
    ("norm", lambda x, y: ad.norm([x, y]), lambda x, y: mpmath.sqrt(x * x + y * y), (0.3, -2.0)),
    ("mean", lambda x, y: ad.mean([x, y, 3.0]), lambda x, y: (x + y + 3) / 3, (0.3, -2.0)),
    ("total", lambda x, y: ad.total([x, y]), lambda x, y: x + y, (0.3, -2.0)),
]  # fmt: skip


@pytest.mark.parametrize(("function", "exact", "at"), [c[1:] for c in COMPOSITES], ids=[c[0] for c in COMPOSITES])
def test_numbers_and_derivatives_of_composites(function, exact, at):
    with mpmath.workdps(40):
        orders = [tuple(int(i == j) for j in range(len(at))) for i in range(len(at))]
        gradient = [float(mpmath.diff(exact, at, order)) for order in orders]
        number = float(exact(*map(mpmath.mpf, at)))
    close = {"rel": 5e-14, "abs": 0.0}  # a composite adds the rounding of its parts
    assert function(*at) == pytest.approx(number, **close)
    assert reverse(function, at) == pytest.approx(gradient, **close)
    assert forward(function, at) == pytest.approx(gradient, **close)


def test_logsumexp_and_softmax_are_stable_at_1000():
    assert ad.logsumexp([1000.0, -1000.0]) == 1000.0
    assert ad.softmax([1000.0, -1000.0, 1000.0]) == [0.5, 0.0, 0.5]
    assert reverse(lambda *xs: ad.logsumexp(xs), [1000.0, -1000.0]) == [1.0, 0.0]
    assert ad.logsumexp([-1e9]) == -1e9


def test_norm_does_not_overflow():
    assert ad.norm([3e200, 4e200]) == pytest.approx(5e200, rel=1e-15)


def test_composites_take_any_iterable():
    assert ad.mean(x for x in (1.0, 2.0)) == 1.5
    assert ad.total([]) == 0.0
    assert ad.dot((), ()) == 0.0
    assert type(ad.total([Value(1.0)])) is Value


@pytest.mark.parametrize("function", [ad.mean, ad.norm, ad.logsumexp, ad.softmax], ids=lambda f: f.__name__)
def test_of_no_numbers_is_refused(function):
    with pytest.raises(ValueError, match=f"{function.__name__} of no numbers: pass at least one"):
        function([])


def test_dot_of_two_lengths_is_refused():
    with pytest.raises(ValueError, match="one length, got 1 and 2"):
        ad.dot([1.0], [1.0, 2.0])


def test_clip_needs_its_bounds_in_order():
    with pytest.raises(ValueError, match=r"low ≤ high, got low = 1\.0, high = 0\.0"):
        ad.clip(0.5, 1.0, 0.0)


def test_sigmoid_family_has_every_derivative_at_zero():
    # softplus as max(x, 0) + log1p(e^−|x|) composed would give a second derivative of 0 here
    x = Value(0.0)
    ad.softplus(x).backward()
    assert x.grad == 0.5
    assert ad.softplus(ad.Dual(ad.Dual(0.0, 1.0), 1.0)).tangent.tangent == 0.25
    assert ad.tanh(ad.Dual(ad.Dual(ad.Dual(0.0, 1.0), 1.0), 1.0)).tangent.tangent.tangent == -2.0
    assert math.isclose(ad.gelu(ad.Dual(ad.Dual(0.0, 1.0), 1.0)).tangent.tangent, math.sqrt(2 / math.pi))


def test_logsumexp_of_infinities():
    assert ad.logsumexp([math.inf, 1.0]) == math.inf
    assert ad.logsumexp([-math.inf, -math.inf]) == -math.inf
    assert reverse(lambda *xs: ad.logsumexp(xs), [-math.inf, -math.inf]) == [0.5, 0.5]


BAD = [
    lambda: ad.total("ab"),
    lambda: ad.dot(["a"], [2]),
    lambda: ad.mean([1j]),
    lambda: ad.leaky_relu("a"),
    lambda: ad.gelu([1]),
    lambda: ad.silu("a"),
    lambda: ad.clip(None, 0.0, 1.0),
    lambda: ad.stop_gradient([1.0]),
]


@pytest.mark.parametrize("call", BAD)
def test_composites_refuse_what_is_no_number(call):
    with pytest.raises(NotANumber):
        call()


def test_composites_give_floats_of_ints():
    assert type(ad.total([1, 2])) is float
    with pytest.raises(ValueError, match="clip needs low ≤ high"):
        ad.clip(1.0, math.nan, 0.0)
