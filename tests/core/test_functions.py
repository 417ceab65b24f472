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
    (
        "log_softmax",
        lambda *xs: ad.log_softmax(xs)[1],
        lambda x, y, z: y - mpmath.log(mpmath.exp(x) + mpmath.exp(y) + mpmath.exp(z)),
        (0.3, 1.1, -2.0),
    ),
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
    assert ad.log_softmax([1000.0, -1000.0]) == [0.0, -2000.0]
    assert reverse(lambda *xs: ad.logsumexp(xs), [1000.0, -1000.0]) == [1.0, 0.0]
    assert ad.logsumexp([-1e9]) == -1e9


def test_norm_does_not_overflow():
    assert ad.norm([3e200, 4e200]) == pytest.approx(5e200, rel=1e-15)


def test_composites_take_any_iterable():
    assert ad.mean(x for x in (1.0, 2.0)) == 1.5
    assert ad.total([]) == 0.0
    assert ad.dot((), ()) == 0.0
    assert type(ad.total([Value(1.0)])) is Value


@pytest.mark.parametrize(
    "function", [ad.mean, ad.norm, ad.logsumexp, ad.softmax, ad.log_softmax], ids=lambda f: f.__name__
)
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


TAIL = math.exp(-40.0)
INF = math.inf


def everywhere(function, xs):
    """The number and gradient of a function of a list, eager and traced, which agree."""
    gradient = reverse(lambda *xs: function(xs), xs)
    assert forward(lambda *xs: function(xs), xs) == pytest.approx(gradient, rel=1e-15, abs=0.0)
    tape = ad.trace(function, [0.1 * x for x in range(len(xs))])
    assert tape.evaluate(xs) == pytest.approx(function(xs), rel=1e-15, abs=0.0)
    assert tape.gradient().evaluate(xs) == pytest.approx(gradient, rel=1e-15, abs=0.0)
    return function(xs), gradient


def test_a_softmax_that_is_nearly_one_has_a_slope():
    for x, exact in ((30.0, 9.357622968838425e-14), (40.0, 4.248354255291589e-18), (700.0, math.exp(-700.0))):
        _, slopes = everywhere(lambda xs: ad.softmax(xs)[0], [x, 0.0])
        assert slopes == pytest.approx([exact, -exact], rel=1e-15, abs=0.0)
    assert ad.hessian(lambda x: ad.softmax([x, 0.0])[0])(40.0) == pytest.approx(-TAIL, rel=1e-15, abs=0.0)
    assert ad.hessian(lambda x: ad.softmax([0.0, x, 0.0])[1])(-40.0) == pytest.approx(TAIL / 2, rel=1e-15, abs=0.0)


def test_a_log_softmax_that_is_nearly_zero_keeps_its_digits_at_every_order():
    # the logarithm of a sum less 40 rounds by ulp(40) / 2, which is the relative error of its exponential
    value, slopes = everywhere(lambda xs: ad.log_softmax(xs)[0], [40.0, 0.0, 0.0])
    assert value == pytest.approx(-2.0 * TAIL, rel=4e-15, abs=0.0)
    assert slopes == pytest.approx([2.0 * TAIL, -TAIL, -TAIL], rel=4e-15, abs=0.0)
    assert ad.taylor(lambda x: ad.log_softmax([x, 0.0])[0], 40.0, 3) == pytest.approx(
        [-TAIL, TAIL, -TAIL / 2, TAIL / 6], rel=4e-15, abs=0.0
    )
    _, slopes = everywhere(lambda xs: ad.log_softmax(xs)[0], [720.0, 0.0, 1.0])  # e^−720 is no normal number
    assert all(0.0 < abs(slope) < 1e-308 for slope in slopes)


MASKED = [
    ("one of three", [-INF, 1.0, 1.0], [0.0, 0.5, 0.5]),
    ("all but one", [-INF, 1.0, -INF], [0.0, 1.0, 0.0]),
    ("all", [-INF, -INF], [0.5, 0.5]),
    ("none, and one infinite", [INF, 1.0, -INF], [1.0, 0.0, 0.0]),
    ("none, and two infinite", [INF, 1.0, INF], [0.5, 0.0, 0.5]),
    ("a single one", [-3.0], [1.0]),
    ("three that tie", [7.0, 7.0, 7.0], [1 / 3, 1 / 3, 1 / 3]),
]


@pytest.mark.parametrize(("xs", "probabilities"), [m[1:] for m in MASKED], ids=[m[0] for m in MASKED])
def test_masked_and_infinite_logits_have_probabilities_and_finite_gradients(xs, probabilities):
    for i, p in enumerate(probabilities):
        value, slopes = everywhere(lambda xs, i=i: ad.softmax(xs)[i], xs)
        assert value == p
        jacobian = [p * (float(i == j) - q) for j, q in enumerate(probabilities)]
        assert slopes == pytest.approx(jacobian, rel=1e-15, abs=1e-16)
        value, slopes = everywhere(lambda xs, i=i: ad.log_softmax(xs)[i], xs)
        assert value == pytest.approx(math.log(p) if p else -INF, rel=1e-15)
        assert slopes == pytest.approx([float(i == j) - q for j, q in enumerate(probabilities)], rel=1e-15, abs=2e-16)
    assert everywhere(ad.logsumexp, xs) == (ad.logsumexp(xs), pytest.approx(probabilities, rel=1e-15))


def test_softmax_and_log_softmax_take_linear_time():
    for function in (ad.softmax, ad.log_softmax):
        counts = [len(ad.trace(lambda xs, f=function: ad.total(f(xs)), [0.5] * n)) for n in (100, 200)]
        assert counts[1] < 2.1 * counts[0]


def test_gelu_neither_overflows_nor_loses_its_tail():
    assert ad.gelu(1.7e308) == 1.7e308
    assert ad.grad(ad.gelu)(1.7e308) == 1.0
    with mpmath.workdps(60):

        def exact(x):
            return x * mpmath.erfc(-x / mpmath.sqrt(2)) / 2

        for x in (-36.0, -26.0, -11.3, -5.0, 3.0):
            for order, found in enumerate((ad.gelu(x), ad.grad(ad.gelu)(x), ad.hessian(ad.gelu)(x))):
                assert found == pytest.approx(float(mpmath.diff(exact, x, order)), rel=8 * 2.2e-16, abs=0.0)


@pytest.mark.parametrize("unguarded", [
    lambda x: ad.where(x > 0, ad.log(x), 0.0), lambda x: ad.where(x > 0, ad.sqrt(x), 0.0),
    lambda x: ad.where(x != 0, 1.0 / x, 0.0), lambda x: ad.where(x > 0, x**0.5, 0.0),
])  # fmt: skip
def test_a_domain_error_in_a_branch_that_is_not_taken_names_the_guard(unguarded):
    told = []
    for apply in (lambda x: unguarded(Value(x)), ad.grad(unguarded), lambda x: ad.jvp(unguarded, (x,), (1.0,))):
        for x in (-1.0, 0.0):
            try:
                apply(x)
            except (ValueError, ZeroDivisionError) as error:
                told.append(str(error))
    assert len(told) >= 3
    assert all("guard the operand of the one not taken, as sqrt(where(x > 0, x, 1.0))" in text for text in told)


def test_guarded_it_is_computed_and_other_domain_errors_say_nothing_of_it():
    f = lambda x: ad.where(x > 0, ad.log(ad.where(x > 0, x, 1.0)), 0.0)
    assert (f(-1.0), ad.grad(f)(-1.0), ad.trace(ad.grad(f), 1.0).evaluate(-1.0), f(1.0)) == (0.0, 0.0, 0.0, 0.0)
    with pytest.raises(ValueError, match="log") as raised:
        ad.log(-1.0)
    assert "where" not in str(raised.value)
