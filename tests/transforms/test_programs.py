"""Random programs in forward, reverse and nested modes, against mpmath.

The tolerance is C·ε·Σ|contributions over paths|, the sum taken by a sweep over absolute partials: what rounding may do
to a sum of products of partials, each of them as accurate as its row.
"""

import itertools

import mpmath
import pytest
from derivatives import forward, reverse
from hypothesis import HealthCheck, given, settings
from programs import Smooth, numbers, programs

import autodiff as ad
from autodiff import Value
from autodiff.core.graph import topological_order
from autodiff.core.reverse import steps

EPSILON = 2.0**-52
C = 2  # of first order; the worst of 3,000 programs took 0.16
C2 = 0.05  # of second order, times the square: the worst took 0.0007


def along(function):
    return lambda x: ad.jvp(function, (x,), (1.0,))[1]


def conditioning(program, inputs):
    """Σ over nodes of |paths from the inputs| · |paths to the output| · |number|, paths as products of |partials|."""
    values = [Value(x) for x in inputs]
    output = program(*values)
    to_output = {output: 1.0}
    from_inputs = dict.fromkeys(values, 1.0)
    partials = [
        (step.node, step.node.operands[step.position], abs(step.partial)) for step in steps(output, {output: 1.0})
    ]
    for node, operand, partial in partials:
        to_output[operand] = to_output.get(operand, 0.0) + to_output[node] * partial
    for node, operand, partial in reversed(partials):
        from_inputs[node] = from_inputs.get(node, 0.0) + from_inputs.get(operand, 0.0) * partial
    nodes = {*topological_order(output), *values}
    return sum((1 + abs(n.data)) * (1 + to_output.get(n, 0.0)) * (1 + from_inputs.get(n, 0.0)) for n in nodes)


@pytest.mark.long(10)
@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(program=programs, a=numbers, b=numbers)
def test_gradient_and_second_derivatives_of_random_programs(program, a, b):
    at = (a, b)
    program(*at, functions=Smooth())
    with mpmath.workdps(50):
        value = program.exact(*at)
        gradient = [mpmath.diff(program.exact, at, order) for order in ((1, 0), (0, 1))]
        mixed = mpmath.diff(program.exact, at, (1, 1))
    size = conditioning(program, at)
    assert abs(program(*at) - value) <= C * EPSILON * size
    for mode in (forward, reverse):
        for found, exact in zip(mode(program, at), gradient, strict=True):
            assert abs(found - exact) <= C * EPSILON * size, (mode.__name__, found, exact)
    for outer, inner in itertools.product((along, ad.grad), repeat=2):
        found = outer(lambda x, inner=inner: inner(lambda y: program(x, y))(b))(a)
        assert abs(found - mixed) <= C2 * EPSILON * size**2, (outer, inner, found, mixed)
