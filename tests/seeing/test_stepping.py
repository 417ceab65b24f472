"""Steps: evaluation and both sweeps as data, and what they are told with."""

import itertools
import unicodedata
from concurrent.futures import ThreadPoolExecutor

import pytest
from zoo import ZOO, baydin

import autodiff as ad
from autodiff import Dual, Value
from autodiff.core.custom import remove
from autodiff.errors import BranchOnData, Escaped, StaleGraph
from autodiff.words.notation import BAR, DOT


def plain(text):
    """Letters and their accents as one, as this file has them where there is such a letter."""
    return unicodedata.normalize("NFC", text)


def told(*args, **options):
    return [plain(step.sentence) for step in ad.steps(*args, **options)]


def last(steps):
    """What each node ends with."""
    return {
        step.node if step.phase == "forward" or step.operand is None else step.operand: step.after for step in steps
    }


def test_the_survey_step_by_step():
    assert told(baydin, 2.0, 5.0) == [
        "x₁ = 2", "x₂ = 5",
        "v₁ = ln x₁ = ln 2 = 0.6931", "v₂ = x₁ × x₂ = 2 × 5 = 10", "v₃ = sin x₂ = sin 5 = −0.9589",
        "v₄ = v₁ + v₂ = 0.6931 + 10 = 10.6931", "v₅ = v₄ − v₃ = 10.6931 + 0.9589 = 11.6521",
        "ẋ₁ = 1   (seed)",
        "v̇₁ += ẋ₁·∂v₁/∂x₁ = 1 × 0.5 = 0.5   (0 → 0.5)",
        "v̇₂ += ẋ₁·∂v₂/∂x₁ = 1 × 5 = 5   (0 → 5)",
        "v̇₄ += v̇₁·∂v₄/∂v₁ = 0.5 × 1 = 0.5   (0 → 0.5)",
        "v̇₄ += v̇₂·∂v₄/∂v₂ = 5 × 1 = 5   (0.5 → 5.5)",
        "v̇₅ += v̇₄·∂v₅/∂v₄ = 5.5 × 1 = 5.5   (0 → 5.5)",
        "v̄₅ = 1   (seed)",
        "v̄₄ += v̄₅·∂v₅/∂v₄ = 1 × 1 = 1   (0 → 1)",
        "v̄₃ += v̄₅·∂v₅/∂v₃ = 1 × (−1) = −1   (0 → −1)",
        "v̄₁ += v̄₄·∂v₄/∂v₁ = 1 × 1 = 1   (0 → 1)",
        "v̄₂ += v̄₄·∂v₄/∂v₂ = 1 × 1 = 1   (0 → 1)",
        "x̄₂ += v̄₃·∂v₃/∂x₂ = −1 × 0.2837 = −0.2837   (0 → −0.2837)",
        "x̄₁ += v̄₂·∂v₂/∂x₁ = 1 × 5 = 5   (0 → 5)",
        "x̄₂ += v̄₂·∂v₂/∂x₂ = 1 × 2 = 2   (−0.2837 → 1.7163)",
        "x̄₁ += v̄₁·∂v₁/∂x₁ = 1 × 0.5 = 0.5   (5 → 5.5)",
    ]  # fmt: skip


def test_a_step_is_data():
    x = Value(2.0, "x")
    y = x * 3.0
    evaluate, again, seed, forward, start, reverse = ad.steps(y)
    assert (evaluate.phase, evaluate.node, evaluate.after) == ("evaluate", x, 2.0)
    assert (again.node, again.operand, again.partial, again.before, again.contribution) == (y, None, None, None, 6.0)
    assert (seed.phase, seed.node, seed.before, seed.after) == ("forward", x, 0.0, 1.0)
    assert (forward.node, forward.operand, forward.position, forward.partial, forward.formula) == (y, x, 0, 3.0, "3")
    assert (start.phase, start.node, start.operand, start.contribution) == ("reverse", y, None, 1.0)
    assert reverse[:-1] == ("reverse", y, x, 0, 1.0, 3.0, 3.0, 0.0, 3.0)
    assert (reverse.rate, reverse.partial, reverse.formula, reverse.contribution) == (1.0, 3.0, "3", 3.0)
    assert reverse.sentence == "x̄ += v̄₁·∂v₁/∂x = 1 × 3 = 3   (0 → 3)"
    assert str(reverse) == "reverse   x̄ += v̄₁·∂v₁/∂x = 1 × 3 = 3   (0 → 3)"


@pytest.mark.parametrize("name", ZOO)
def test_reverse_steps_end_in_the_gradients_of_backward(name):
    function, point = ZOO[name]
    leaves = [Value(x, f"x{i}") for i, x in enumerate(point)]
    output = function(*leaves)
    ends = last(ad.steps(output, sweep="reverse"))
    assert [leaf.grad for leaf in leaves] == [0.0] * len(leaves)  # a step through leaves no trace
    output.backward()
    assert [ends.get(leaf, 0.0) for leaf in leaves] == [leaf.grad for leaf in leaves]


@pytest.mark.parametrize("name", ZOO)
def test_forward_steps_are_those_of_duals(name):
    function, point = ZOO[name]
    for i in range(len(point)):
        duals = [Dual(x, float(i == j)) for j, x in enumerate(point)]
        sweep = list(ad.steps(function, *duals, sweep="forward"))
        named = {step.sentence.partition(" ")[0]: step.after for step in sweep}
        name = next(ad.steps(function, *duals, sweep="reverse")).sentence.partition(" ")[0].replace(BAR, DOT)
        assert named.get(name, 0.0) == function(*duals).tangent


def test_seeds_are_chosen():
    def f(x, y):
        return x * y, x + y

    assert told(f, 2.0, 3.0, sweep="forward", tangents=[0.0, 2.0])[0] == "ẏ = 2   (seed)"
    assert told(f, 2.0, 3.0, sweep="reverse", adjoints=[0.0, 1.0])[:2] == [
        "f̄₂ = 1   (seed)", "x̄ += f̄₂·∂f₂/∂x = 1 × 1 = 1   (0 → 1)",
    ]  # fmt: skip
    x = Value(2.0, "x")
    y = Value(3.0, "y")
    assert told(x * y, sweep="forward", tangents={y: 1.0})[0] == "ẏ = 1   (seed)"


def test_an_output_that_comes_twice_and_one_that_is_an_input():
    x = Value(2.0, "x")
    y = x * x
    assert told([y, x], sweep="reverse", adjoints=[1.0, 10.0])[:2] == ["v̄₁ = 1   (seed)", "x̄ = 10   (seed)"]
    assert told([y, y], sweep="reverse")[0] == "v̄₁ = 1   (seed)"


def test_nodes_come_in_the_order_of_the_program():
    def f(x):
        first = x + 1.0
        second = x * 2.0
        return second * first

    assert [step.sentence[:6] for step in ad.steps(f, 1.0, sweep="evaluate")] == ["x = 1", "first ", "second", "v₁ = s"]
    x, y = Value(1.0, "x"), Value(2.0, "y")
    assert told(ad.sin(x) + ad.cos(y), sweep="evaluate")[2:4] == [
        "v₁ = sin x = sin 1 = 0.8415",
        "v₂ = cos y = cos 2 = −0.4161",
    ]


def squared(t):
    square = t * t
    return square  # noqa: RET504 (its name is what is looked for)


def grown(x, y):
    growth = ad.exp(x * y)
    c = growth + squared(x)
    _hidden = c * 2.0
    d = e = c * squared(y)
    return {"loss": _hidden - 1.0, "sizes": [d, ad.sin(e)]}


def test_local_variables_name_nodes_and_keys_name_outputs():
    told_ = [step.sentence.split(" = ")[0] for step in ad.steps(grown, 1.0, 2.0, sweep="evaluate")]
    assert told_ == [
        "x", "y", "v₁", "growth", "square₁", "c", "v₂", "square₂", "d", "f['loss']", "f['sizes'][1]",
    ]  # fmt: skip
    keyed = [step.sentence.split(" = ")[0] for step in ad.steps(lambda x: {"a": x * x, "b": -x}, 1.0, sweep="evaluate")]
    assert keyed == ["x", "a", "b"]
    listed_ = [step.sentence.split(" = ")[0] for step in ad.steps(lambda y: [y * y, -y], 1.0, sweep="evaluate")]
    assert listed_ == ["y", "f₁", "f₂"]


def test_a_label_goes_before_the_name_of_a_variable_and_parameters_name_nothing():
    def f(x, w):
        z = x * w
        z.label = "pre-activation"
        x = z + 1.0
        return x  # noqa: RET504

    names = [step.sentence.split(" = ")[0] for step in ad.steps(f, 1.0, 2.0, sweep="evaluate")]
    assert names == ["x", "w", "pre-activation", "v₁"]


def test_names_are_labels_and_never_two_nodes_share_one_by_accident():
    x, y = Value(1.0), Value(2.0, "x₁")
    z = x * y
    z.label = "d"
    assert told(z, sweep="evaluate") == ["x₂ = 1", "x₁ = 2", "d = x₂ × x₁ = 1 × 2 = 2"]


def test_a_graph_is_told_with_the_numbers_it_was_computed_with():
    x = Value(3.0, "x")
    y = x * x
    x.data = 10.0
    assert told(y, sweep="evaluate") == ["x = 3", "v₁ = x × x = 3 × 3 = 9"]
    assert told(y, sweep="reverse")[-1] == "x̄ += v̄₁·∂v₁/∂x = 1 × 3 = 3   (3 → 6)"


def test_closures_gradients_and_tapes_are_graphs_like_any_other():
    w = Value(3.0, "w")
    assert told(lambda x: w * x, 2.0, sweep="evaluate")[:2] == ["x = 2", "w = 3"]
    slope = ad.grad(lambda x: x * x * w)(Value(2.0, "x"))
    assert last(ad.steps(slope, sweep="reverse"))[w] == 4.0
    tape = ad.trace(baydin, 2.0, 5.0)
    assert told(tape) == told(baydin, 2.0, 5.0)


def test_a_partial_of_zero_is_told_and_what_is_behind_it_is_not_gone_through():
    x, w = Value(0.0, "x"), Value(1.0, "w")
    assert told(x * w, sweep="reverse") == [
        "v̄₁ = 1   (seed)", "x̄ += v̄₁·∂v₁/∂x = 1 × 1 = 1   (0 → 1)", "w̄ += v̄₁·∂v₁/∂w = 1 × 0 = 0   (0 → 0)",
    ]  # fmt: skip
    assert told(x * w, sweep="forward", tangents={w: 1.0})[1:] == ["v̇₁ += ẇ·∂v₁/∂w = 1 × 0 = 0   (0 → 0)"]
    assert told(ad.sqrt(x) * 0.0, sweep="reverse") == ["v̄₂ = 1   (seed)", "v̄₁ += v̄₂·∂v₂/∂v₁ = 1 × 0 = 0   (0 → 0)"]


def test_a_name_that_is_a_label_is_not_given_again():
    assert told(lambda v1: v1 * 2, 3.0, sweep="evaluate") == ["v₁ = 3", "v₂ = v₁ × 2 = 3 × 2 = 6"]
    assert told(Value(1.0) * Value(2.0, "x1"), sweep="evaluate") == ["x₂ = 1", "x₁ = 2", "v₁ = x₂ × x₁ = 1 × 2 = 2"]


def test_nodes_made_where_lines_are_not_seen_are_in_order_all_the_same():
    def threaded(x):
        y = x * 2.0
        with ThreadPoolExecutor(1) as pool:
            z = pool.submit(lambda: y * y).result()
        return z + 1.0

    def nested(x):
        y = x * 2.0
        kept = []
        ad.draw(lambda z: kept.append(y * z) or kept[0], x)
        return kept[0] + y

    for function in (threaded, nested):
        found = last(ad.steps(function, 3.0, sweep="reverse"))
        (slope,) = [adjoint for node, adjoint in found.items() if node.label == "x"]
        assert slope == ad.grad(function)(3.0)


def test_a_leaf_that_moved_between_two_uses_is_told_with_each_number():
    x = Value(3.0, "x")
    y = x * x
    x.data = 10.0
    z = y * x
    assert told(z, sweep="evaluate")[1:] == ["v₁ = x × x = 3 × 3 = 9", "v₂ = v₁ × x = 9 × 10 = 90"]
    with pytest.raises(StaleGraph, match=r"x was 3\.0 when multiply read it and 10\.0 when multiply did"):
        ad.step(z)


def test_a_row_without_formulas_is_told_in_numbers():
    @ad.primitive(partials=[lambda out, x: 2.0 * x])
    def squared(x):
        return x * x

    try:
        step = list(ad.steps(squared, 3.0, sweep="reverse"))[-1]
        assert (step.formula, step.sentence) == ("", "x̄₁ += v̄₁·∂v₁/∂x₁ = 1 × 6 = 6   (0 → 6)")
        assert "?" not in str(ad.trace(squared, 3.0).table())
    finally:
        remove(squared)


def test_what_a_transform_closed_is_refused():
    kept = []
    ad.grad(lambda x: kept.append(x * x) or kept[0])(2.0)
    for tell in (ad.steps, ad.step, ad.draw):
        with pytest.raises(Escaped):
            tell(kept[0])


def test_a_long_chain_is_told_step_by_step_without_recursion():
    y = Value(1.0, "x")
    for _ in range(100_000):
        y = y + 1.0
    assert [s.sentence for s in itertools.islice(ad.steps(y, sweep="reverse"), 2)][1].startswith("v̄₉₉₉₉₉ += v̄₁₀₀₀₀₀")


@pytest.mark.parametrize(("arguments", "options", "error", "message"), [
    ((3.0,), {}, TypeError, "the output is 3.0, with no graph behind it: no Value entered its computation"),
    (("x",), {}, TypeError, "expected one real number, got str"),
    ((Value(1.0), 2.0), {}, TypeError, r"arguments are for a function, and Value\(1.0.*: write ad.steps\(output\)"),
    ((Dual(Value(1.0), 1.0),), {}, TypeError, r"carries no graph: to see tangents, give the function Duals"),
    ((lambda x: 1.0, 2.0), {}, TypeError, "returned 1.0, which depends on no argument: .* every derivative is 0"),
    ((baydin, 2.0, 5.0), {"sweep": "back"}, ValueError, "sweep is one of evaluate, forward, reverse"),
    ((baydin, 2.0, 5.0), {"tangents": [1.0]}, ValueError, "a number for each of the inputs, 2 here; got 1"),
    ((baydin, 2.0, 5.0), {"adjoints": [1.0, 2.0]}, ValueError, "each of the outputs that are Values, 1 here; got 2"),
    ((baydin, 2.0, 5.0), {"tangents": 1.0}, TypeError, "tangents are a list with a number for each .* got 1.0"),
    ((baydin, 2.0, 5.0), {"adjoints": "a"}, TypeError, "adjoints are a list with a number for each .* got 'a'"),
    ((Value(1.0, "x") * 2.0,), {"tangents": {"x": 1.0}}, TypeError, "for 'x', which is no input .* inputs: Value"),
    ((Value(1.0, "x") * 2.0,), {"tangents": {Value(1.0, "z"): 1.0}}, TypeError, "'z'.*, which is no input of this"),
    ((baydin, Dual(Value(2.0) * 1.0, 1.0), 5.0), {}, TypeError, "a tangent is given for .*, which is no input"),
    ((baydin, 2.0, 5.0), {"digits": 17}, ValueError, "digits is a whole number from 0 to 16, got 17"),
    ((baydin, 2.0, 5.0), {"digits": 2.0}, ValueError, "digits is a whole number from 0 to 16, got 2.0"),
])  # fmt: skip
def test_what_cannot_be_stepped_through_is_refused_at_once(arguments, options, error, message):
    with pytest.raises(error, match=message):
        ad.steps(*arguments, **options)


def test_a_traced_number_is_no_number_to_tell():
    with pytest.raises(BranchOnData):
        ad.trace(lambda x: list(ad.steps(x * x)) and x, 1.0)
