"""EXAMPLES.md: worked examples of the literature with the numbers printed there, forward and reverse."""

import math

import pytest
from derivatives import forward, reverse, same
from zoo import ZOO, micrograd_readme, micrograds_readme, neuron_through_exp

import autodiff as ad
from autodiff import Dual, Value


@pytest.mark.parametrize(("function", "at"), ZOO.values(), ids=ZOO)
def test_zoo_runs_unchanged_on_floats_duals_and_values_with_the_same_bits(function, at):
    number = function(*at)
    assert isinstance(number, float)
    assert same([function(*map(Value, at)).data], [number])
    assert same([function(*(Dual(x, 1.0) for x in at)).data], [number])
    # a sum over paths in another order rounds differently: equal to a few units in the last place of the terms
    assert forward(function, at) == pytest.approx(reverse(function, at), rel=1e-13, abs=1e-13)


PRINTED = [
    # name in the zoo, value, gradient, tolerance: the digits that are printed
    ("baydin", 11.652071455223084, [5.5, 1.7163378145367738], 1e-15),
    ("griewank", 2.0167, [3.0118, -13.7240], 3e-5),
    ("micrograd_readme", 24.70408163265306, [138.83381924198252, 645.5772594752187], 1e-15),
    ("neuron", 0.7071067811865476, [-1.5, 0.5, 1.0, 0.0, 0.5], 1e-9),
    ("neuron_through_exp", 0.7071067811865476, [-1.5, 0.5, 1.0, 0.0, 0.5], 1e-9),
    ("lecture", -8.0, [6.0, -4.0, -2.0, 4.0], 0),
    ("cs231n", -12.0, [-4.0, -4.0, 3.0], 0),
    ("colah", 6.0, [2.0, 5.0], 0),
    ("ufldl", 16.0 + 120.0, [38.0, 12.0], 0),
]


@pytest.mark.parametrize(("name", "value", "gradient", "tolerance"), PRINTED, ids=[p[0] for p in PRINTED])
def test_printed_numbers(name, value, gradient, tolerance):
    function, at = ZOO[name]
    assert function(*at) == pytest.approx(value, rel=tolerance)
    assert reverse(function, at) == pytest.approx(gradient, rel=tolerance)
    assert forward(function, at) == pytest.approx(gradient, rel=tolerance)


def test_sigmoid_neuron_of_cs231n():
    function, at = ZOO["sigmoid_neuron"]  # w₀, w₁, w₂, x₀, x₁
    assert function(*at) == pytest.approx(0.7310585786, abs=5e-11)
    assert reverse(function, at) == pytest.approx([-0.20, -0.39, 0.20, 0.39, -0.59], abs=0.005)


def test_intermediate_values_of_baydin():
    x1, x2 = Value(2.0), Value(5.0)
    v1, v2, v3 = ad.log(x1), x1 * x2, ad.sin(x2)
    v4 = v1 + v2
    y = v4 - v3
    assert [v.data for v in (v1, v2, v3, v4, y)] == pytest.approx(
        [0.693147, 10.0, -0.958924, 10.693147, 11.652071], abs=5e-7
    )
    y.backward()
    assert [v.grad for v in (v1, v2, v3, v4, y)] == [1.0, 1.0, -1.0, 1.0, 1.0]
    assert -math.cos(5.0) == pytest.approx(-0.284, abs=5e-4)  # x̄₂ before the product adds 2
    assert x2.grad == -math.cos(5.0) + 2.0

    def tangents(x1, x2):
        v1, v2, v3 = ad.log(x1), x1 * x2, ad.sin(x2)
        v4 = v1 + v2
        return [v1.tangent, v2.tangent, v3.tangent, v4.tangent, (v4 - v3).tangent]

    assert tangents(Dual(2.0, 1.0), Dual(5.0, 0.0)) == [0.5, 5.0, 0.0, 5.5, 5.5]


def test_intermediate_values_of_griewank_and_walther():
    x1, x2 = 1.5, 0.5
    v1 = x1 / x2
    v2, v3 = ad.sin(v1), ad.exp(x2)
    v4 = v1 - v3
    v5 = v2 + v4
    assert [v1, v2, v3, v4, v5] == pytest.approx([3.0, 0.1411, 1.6487, 1.3513, 1.4924], abs=5e-5)
    assert v5 * v4 == pytest.approx(2.0167, abs=1e-4)  # the book multiplies the rounded ones: exactly it is 2.01665


def test_chain_of_the_notes_is_the_same_product_inside_out_and_outside_in():
    x = 0.7
    h, g, f = ad.square, ad.sin, ad.exp
    w = [Value(x)]
    for function in (h, g, f):
        w.append(function(w[-1]))
    w[3].backward()
    factors = [2 * x, math.cos(w[1].data), math.exp(w[2].data)]
    assert [v.grad for v in w] == pytest.approx(
        [math.prod(factors), math.prod(factors[1:]), factors[2], 1.0], rel=1e-15
    )
    d = [Dual(x, 1.0)]
    for function in (h, g, f):
        d.append(function(d[-1]))
    assert [v.tangent for v in d] == pytest.approx(
        [1.0, factors[0], math.prod(factors[:2]), math.prod(factors)], rel=1e-15
    )


def test_a_reused_operand_of_the_lecture():
    a = Value(3.0)
    (a + a).backward()
    assert a.grad == 2.0


@pytest.mark.parametrize(("x", "slope"), [(1.0, 0.419974341614026), (2.0, 0.0706508249)])
def test_slope_of_tanh(x, slope):
    assert reverse(ad.tanh, [x]) == [pytest.approx(slope, abs=6e-11)]


def test_readme_program_of_micrograd_with_only_the_import_changed():
    *_, g = micrograds_readme(Value)
    assert micrograd_readme(-4.0, 2.0) == g.data
    assert neuron_through_exp(2.0, 0.0, -3.0, 1.0, 6.8813735870195432) == pytest.approx(math.sqrt(0.5))
