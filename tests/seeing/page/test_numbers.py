"""The page's numbers are Python's: where it begins, after every step, and where its inputs are moved to."""

import math

import pytest
from pages import bits, told
from zoo import ZOO, baydin

import autodiff as ad
from autodiff import Dual
from autodiff.tape.tape import recorded

LIBRARIES = 16  # units in the last place that V8's and C's functions may be apart, in all of a value or adjoint


def ends(function, point, i=0):
    """By Python: values, tangents along input i and adjoints, of every node."""
    duals = [Dual(x, float(i == j)) for j, x in enumerate(point)]
    steps = list(ad.steps(function, *duals))
    nodes = [step.node for step in steps if step.phase == "evaluate"]
    tangents, adjoints = dict.fromkeys(nodes, 0.0), dict.fromkeys(nodes, 0.0)
    listing = {step.node: step.after for step in steps if step.phase == "evaluate"}
    for step in steps:
        if step.phase == "forward":
            tangents[step.node] = step.after
        elif step.phase == "reverse":
            adjoints[step.node if step.operand is None else step.operand] = step.after
    return [list(numbers.values()) for numbers in (listing, tangents, adjoints)]


@pytest.mark.parametrize("name", ZOO)
def test_its_sentences_are_pythons(opened, name):
    function, point = ZOO[name]
    page = opened(function, *point)
    assert told(page) == [step.sentence for step in ad.steps(function, *point)]


@pytest.mark.parametrize("name", ZOO)
def test_after_the_last_step_it_holds_pythons_numbers_to_the_last_bit(opened, name):
    function, point = ZOO[name]
    page = opened(function, *point)
    page.evaluate("globalThis.end = stateAt(follows.model, follows.steps, 'all', follows.steps.length)")
    found = [bits(page, f"end.{phase}") for phase in ("evaluate", "forward", "reverse")]
    assert found == ends(function, point)


@pytest.mark.parametrize("x", [
    0.5, -0.5, 0.03125, -0.03125, 0.09375, 1.00005, 1e7, 12345678.9, 1e-5, 5e-5, 4.9999e-5, 0.0, -0.0, 123456.78125,
    1e300, 5e-324, math.inf, -math.inf, math.nan, 2.5, 1e22, 99999.99999,
])  # fmt: skip
def test_numbers_are_written_as_python_writes_them(opened, x):
    from autodiff.words.notation import written

    page = opened(baydin, 2.0, 5.0)
    text = {math.inf: "Infinity", -math.inf: "-Infinity"}.get(x, "NaN" if math.isnan(x) else repr(x))
    for digits in (0, 3, 4, 16):
        assert page.evaluate(f"written({text}, {digits})") == written(x, digits)


@pytest.mark.parametrize(("name", "moved"), [
    ("baydin", (3.5, -2.25)), ("griewank", (-1.5, 0.75)), ("neuron", (1.0, 0.5, -3.0, 1.0, 2.0)),
    ("rosenbrock", (0.5, 0.25)), ("powers", (2.7, 1.6)), ("softmax", (1.5, -2.0, 0.25)),
    ("mean_of_activations", (1.7, -0.4)), ("kinks", (-1.5, 2.5)), ("norm", (-3.0, 1.0, 2.0)),
    ("logsumexp", (9.0, 1.0, 2.0)),
])  # fmt: skip
def test_moving_the_inputs_gives_the_numbers_that_python_gives_there(opened, name, moved):
    function, point = ZOO[name]
    tape = recorded(function, point, abstract=name in ("mean_of_activations", "kinks"))  # conditions are nodes
    page = opened(function, *point)
    page.evaluate("go(Infinity)")
    for box, x in zip(page.locator("#sliders [type=number]").all(), moved, strict=True):
        box.fill(repr(x))
    page.evaluate("globalThis.end = stateAt(follows.model, follows.steps, 'all', follows.steps.length)")
    expected = ends(tape, moved)
    for phase, numbers in zip(("evaluate", "forward", "reverse"), expected, strict=True):
        scale = max(abs(x) for x in numbers if not math.isnan(x))
        found, wanted = (sorted(xs, key=lambda x: (math.isnan(x), x)) for xs in (bits(page, f"end.{phase}"), numbers))
        assert found == pytest.approx(  # a tape has another order
            wanted, rel=LIBRARIES * 2**-52, abs=LIBRARIES * 2**-52 * scale, nan_ok=True
        )
