"""Source: Python that a person can read, by names or in loops, and that computes what the tape does."""

import numpy as np
import pytest
from readings import by_reference, flat
from zoo import TRACED

import autodiff as ad
import nn
from autodiff.compiling.forms import by_ieee
from autodiff.compiling.source import source


def ran(text, tape, *args):
    """What the text computes, by the rows' float functions."""
    names = {row.base.name.replace("′", "_"): by_ieee(row) for row in tape.flat.primitives}
    space = names | {"chain": by_ieee(ad.core.primitives.chain), "gap": by_ieee(ad.core.primitives.gap)}
    space |= {"inf": np.inf, "nan": np.nan}
    exec(text, space)
    return space[text.partition("(")[0].removeprefix("def ")](*args)


@pytest.mark.parametrize(("function", "at"), TRACED)
def test_it_computes_what_the_tape_does(function, at):
    for tape in (ad.trace(function, *at), ad.trace(function, *at).gradient().simplify()):
        assert ran(source(tape), tape, *at) == flat(tape.evaluate(*at))


def test_names_are_those_of_labels_and_local_variables():
    def f(x, w):
        growth = ad.exp(x)
        return growth * w[0] - w[1] / x

    compiled = ad.compile(f)
    compiled(1.0, [2.0, 3.0])
    assert compiled.source.splitlines() == [
        "def f(x, w_0, w_1):",
        "    growth = exp(x)",
        "    v2 = growth * w_0",
        "    v3 = divide(w_1, x)",
        "    v4 = v2 - v3",
        "    return [v4]",
    ]


def test_names_of_functions_keywords_and_instructions_are_given_to_nobody_else():
    def sin(exp, v1):
        lambda_ = ad.exp(exp)
        return ad.sin(lambda_) + v1

    tape = ad.trace(sin, 0.5, 2.0)
    assert source(tape).splitlines()[0] == "def sin_(exp_, v1_):"
    assert ran(source(tape), tape, 0.5, 2.0) == [sin(0.5, 2.0)]


def test_what_repeats_is_in_loops():
    def f(x):
        return ad.total(ad.sin(a) * a for a in x)

    tape = ad.trace(f, [0.1 * i for i in range(50)])
    text = source(tape)
    assert text.splitlines() == [
        "def f(*numbers):",
        "    # v[0] … v[49]: x[0] … x[49]",
        "    v = list(numbers)",
        "    v.append(sin(v[0]))",
        "    v.append(v[50] * v[0])",
        "    for i in range(49):",
        "        v.append(sin(v[1 + i]))",
        "        v.append(v[52 + 3 * i] * v[1 + i])",
        "        v.append(v[51 + 3 * i] + v[53 + 3 * i])",
        "    return [v[198]]",
    ]
    assert ran(text, tape, *[0.1 * i for i in range(50)]) == [f([0.1 * i for i in range(50)])]


def test_a_network_and_its_gradient_are_loops_inside_of_loops():
    model = nn.MLP(6, [12, 12, 1], "tanh", rng=1)
    compiled = ad.compile(ad.value_and_grad(lambda model, x: model(x)))
    compiled(model, [0.1] * 6)
    text, tape = compiled.source, compiled.tape
    assert len(text.splitlines()) < 100 < 1000 < len(tape)
    assert "        for j in range(" in text
    numbers = [*(p.data for p in model.parameters()), *[0.1] * 6]
    assert ran(text, tape, *numbers) == by_reference(tape, [numbers])[:, 0].tolist()


def test_a_constant_among_the_outputs_is_no_place():
    tape = ad.trace(lambda x: [*[ad.sin(a) for a in x], 11.0, 12.0, 13.0, ad.sin(x[0])], [0.1 * i for i in range(9)])
    text = source(tape)
    assert text.splitlines()[-1] == "    return [*v[9:18], 11.0, 12.0, 13.0, v[18]]"


def test_outputs_in_a_row_are_slices():
    tape = ad.trace(lambda x: [ad.sin(a) for a in x][::-1], [0.1 * i for i in range(9)])
    text = source(tape)
    assert text.splitlines()[-1] == "    return [*v[17:8:-1]]"
    assert ran(text, tape, *[0.1 * i for i in range(9)]) == [ad.sin(0.1 * i) for i in range(9)][::-1]
