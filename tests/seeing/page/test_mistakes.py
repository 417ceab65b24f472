"""Is it right? The page's own check, and the mistakes that can be switched on."""

import re

import pytest
from pages import bits, shared
from zoo import ZOO, baydin

import autodiff as ad
from autodiff import Value


def checked(page):
    """What the check says, and its marks."""
    page.locator("#check").click()
    return page.locator("#verdict").text_content()


@pytest.mark.parametrize("name", ["baydin", "griewank", "micrograd_readme", "neuron", "softmax", "norm", "rosenbrock"])
def test_finite_differences_agree_at_every_node(opened, name):
    function, point = ZOO[name]
    page = opened(function, *point, at=-1)
    nodes = page.evaluate("DATA.nodes.length")
    assert checked(page) == f"{2 * nodes} tangents and adjoints checked: all agree."
    assert page.locator("#trace .right").count() == 2 * nodes


@pytest.mark.parametrize(("function", "point"), [
    (ad.sin, (1000.0,)), (ad.cos, (200.0,)), (lambda x: ad.sin(100.0 * x), (3.0,)), (lambda x: x + 1e8, (0.3,)),
    (lambda x, y: x + y, (3e-5, 333333.3)), (lambda x: x * 1.0, (5e-324,)), (ad.log, (1e-6,)), (ad.sqrt, (1e12,)),
    (lambda x: x * x, (0.0,)), (ad.exp, (-30.0,)), (ad.tanh, (20.0,)), (lambda x: x**3.0, (1e5,)),
])  # fmt: skip
def test_no_difference_accuses_a_right_slope(opened, function, point):
    page = opened(function, *point, at=-1)
    assert "differ (" not in checked(page)
    assert page.locator("#trace .wrong").count() == 0


def test_the_check_is_of_the_whole_result_wherever_the_steps_are(opened):
    page = opened(baydin, 2.0, 5.0)
    assert checked(page) == "14 tangents and adjoints checked: all agree."
    assert not page.locator("#trace .right").count()  # nothing is shown yet to be marked


def test_finite_differences_tell_a_mistake_and_a_kink(opened):
    page = opened(baydin, 2.0, 5.0)
    page.locator("#assign").check()
    assert checked(page) == ("14 tangents and adjoints checked: 2 differ (x̄₁, x̄₂): the mistake that is switched on.")
    page = opened(lambda x: ad.relu(x) + x, 0.0, at=-1)
    assert "differ (" in checked(page)
    assert "at a kink, where there is no one slope" in page.locator("#verdict").text_content()


def sweep(function, point, *, assign, depth_first):
    """The reverse sweep with its mistakes, once more and by other means: adjoints by name."""
    steps = ad.steps(function, *point, sweep="evaluate")
    names = {step.node: step.sentence.partition(" ")[0] for step in steps}
    nodes, seen = list(names), set()
    adjoints = dict.fromkeys(nodes, 0.0) | {nodes[-1]: 1.0}

    def hand_on(node, then=lambda operand: None):
        seen.add(node)
        for i, x in enumerate(node.operands):
            if isinstance(x, Value) and adjoints[node]:
                contribution = adjoints[node] * node.op.partial(i, node.data, *node.numbers)
                adjoints[x] = contribution if assign else adjoints[x] + contribution
                if x not in seen:
                    then(x)

    def depth(node):
        hand_on(node, depth)

    if depth_first:
        depth(nodes[-1])
    else:
        for node in reversed(nodes):
            hand_on(node)
    return {names[node]: adjoint for node, adjoint in adjoints.items()}


@pytest.mark.parametrize("function", [baydin, shared])
@pytest.mark.parametrize(("assign", "depth_first"), [(True, False), (False, True), (True, True)])
def test_a_mistake_gives_the_wrong_numbers_and_marks_them(opened, function, assign, depth_first):
    point = (2.0, 5.0)
    page = opened(function, *point)
    page.locator("#assign").set_checked(assign)
    if function is baydin and depth_first:  # where it changes nothing it is not offered
        assert page.locator("#order").is_hidden()
        assert "Depth-first order would change nothing here" in page.locator("#bites").text_content()
        page.evaluate("byId('order').click()")
    else:
        page.locator("#order").set_checked(depth_first)
    assert page.evaluate("follows.steps[chosen.count].phase") == "reverse"  # to watch it happen
    assert page.evaluate("follows.steps[chosen.count].seed")
    page.evaluate("go(Infinity)")
    right = sweep(function, point, assign=False, depth_first=False)
    wrong = sweep(function, point, assign=assign, depth_first=depth_first)
    spoilt = [name for name in right if wrong[name] != pytest.approx(right[name], rel=1e-9)]
    found = bits(page, "stateAt(follows.model, follows.steps, 'all', follows.steps.length).reverse")
    assert found == pytest.approx(list(wrong.values()), rel=1e-12)
    marked = page.evaluate("[...document.querySelectorAll('#trace tr.wrong .name')].map((name) => name.textContent)")
    assert marked == spoilt
    assert page.locator("#drawing .node.wrong").count() == len(spoilt) == page.locator("#faults li").count()
    assert page.locator("#harmless").is_visible() == (not spoilt)
    assert any(spoilt) or function is baydin  # depth first is harmless there


def test_the_example_that_is_named_where_depth_first_changes_nothing_is_one_where_it_does(opened):
    text = opened(baydin, 2.0, 5.0).locator("#bites code").text_content()
    assert text.startswith("ad.step(")
    page = opened(
        *eval(text.removeprefix("ad.step").replace("lambda", "(lambda", 1).replace(", 1.0)", "), 1.0)"), {"ad": ad})
    )
    assert page.locator("#bites").is_hidden()
    page.locator("#order").check()
    assert page.locator("#faults li").count() == 1


def test_the_reasons_of_a_mistake_are_told(opened):
    page = opened(shared, 2.0, 5.0)
    page.locator("#assign").check()
    reasons = page.locator("#faults li").all_text_contents()
    assert any(re.search(r"= kept only the last of its \d contributions", reason) for reason in reasons)
    page.locator("#assign").uncheck()
    page.locator("#order").check()
    reasons = page.locator("#faults li").all_text_contents()
    assert any("handed on" in reason and "before all contributions to it had arrived" in reason for reason in reasons)
