"""The stepper's page, in a real browser, from a file: what it tells is what Python says."""

import math
import re
import struct
import unicodedata

import pytest
from zoo import ZOO, baydin

import autodiff as ad
from autodiff import Dual, Value
from autodiff.tape.tape import recorded

LIBRARIES = 16  # units in the last place that V8's and C's functions may be apart, in all of a value or adjoint


def shared(a, b):
    d = a * b
    return (d + a) * d


@pytest.fixture
def opened(page, tmp_path):
    """Save a stepper and open it; options of the browser's media first."""

    def open_stepper(*args, media=None, **options):
        page.emulate_media(**(media or {}))
        page.goto(ad.step(*args, **{"at": 0} | options).save(tmp_path / "steps.html").as_uri())
        return page

    return open_stepper


def told(page):
    """Every sentence of the page, in order."""
    return page.evaluate("follows.steps.map((step) => sentenceOf(follows.model, step))")


def bits(page, expression):
    """Numbers of the page, to the last bit."""
    texts = page.evaluate(
        f"[...{expression}].map((x) => {{ const v = new DataView(new ArrayBuffer(8)); v.setFloat64(0, x ?? 0); "
        "return v.getBigUint64(0).toString(16).padStart(16, '0') })"
    )
    return [struct.unpack(">d", bytes.fromhex(text))[0] for text in texts]


def table(page):
    """The texts of the evaluation trace."""
    return page.evaluate(
        "[...document.querySelectorAll('#trace tbody tr')].map(r => [...r.cells].map(c => c.textContent))"
    )


def sentence(page):
    return page.locator("#sentence").text_content()


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


# It starts from Python's numbers


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


# It is stepped through


def test_keys_and_buttons_step_both_ways(opened):
    page = opened(baydin, 2.0, 5.0)
    assert page.locator("#count").text_content() == "0 / 22"
    for key, count in (
        ("ArrowRight", 1),
        ("ArrowRight", 2),
        ("ArrowLeft", 1),
        ("End", 22),
        ("ArrowRight", 22),
        ("Home", 0),
    ):
        page.keyboard.press(key)
        assert page.locator("#count").text_content() == f"{count} / 22"
    for button, count in (("Last step", 22), ("Step back", 21), ("First step", 0), ("Step forward", 1)):
        page.get_by_role("button", name=button, exact=True).click()
        assert page.locator("#count").text_content() == f"{count} / 22"
    page.locator("#position").fill("14")
    assert sentence(page) == "v̄₅ = 1   (seed)"


@pytest.mark.parametrize(("at", "count"), [(None, 7), (0, 0), (3, 3), (-1, 22), (-2, 21), (99, 22), (-99, 0)])
def test_it_opens_where_it_is_asked_to(opened, at, count):
    assert opened(baydin, 2.0, 5.0, at=at).locator("#count").text_content() == f"{count} / 22"


def test_space_plays_and_pauses(opened):
    page = opened(baydin, 2.0, 5.0)
    page.locator("#speed").select_option("4")
    page.locator("h1").click()
    page.keyboard.press(" ")
    assert page.get_by_role("button", name="Pause").count() == 1
    page.wait_for_function("chosen.count >= 2")
    page.keyboard.press(" ")
    count = page.evaluate("chosen.count")
    page.wait_for_timeout(500)
    assert page.evaluate("chosen.count") == count
    page.keyboard.press("End")
    page.keyboard.press(" ")  # from the end it starts again
    page.wait_for_function("chosen.count > 0 && chosen.count < 5")


def test_the_table_fills_as_the_sweeps_go(opened):
    page = opened(baydin, 2.0, 5.0)
    assert table(page)[0] == ["x₁", "", "", ""]
    page.evaluate("go(4)")
    assert [row[1] for row in table(page)] == ["2", "5", "0.6931", "10", "", "", ""]
    page.evaluate("go(12)")
    assert [row[2] for row in table(page)] == ["1", "0", "0.5", "5", "0", "5.5", ""]
    page.evaluate("go(13)")
    assert [row[2] for row in table(page)] == ["1", "0", "0.5", "5", "0", "5.5", "5.5"]
    page.evaluate("go(20)")
    assert [row[3] for row in table(page)] == ["5", "−0.2837", "1", "1", "−1", "1", "1"]
    page.evaluate("go(22)")
    assert [row[3] for row in table(page)] == ["5.5", "1.7163", "1", "1", "−1", "1", "1"]
    assert table(page)[3] == ["v₂ = x₁ × x₂", "10", "5", "1"]


def test_the_step_is_lit_in_the_drawing_the_table_and_the_source(opened):
    page = opened(baydin, 2.0, 5.0)
    page.evaluate("go(21)")
    assert sentence(page) == "x̄₂ += v̄₂·∂v₂/∂x₂ = 1 × 2 = 2   (−0.2837 → 1.7163)"
    assert page.locator("#slope").text_content() == "∂v₂/∂x₂ = x₁ = 2"
    lit = page.evaluate("[...document.querySelectorAll('#drawing .active')].map((part) => part.id)")
    assert sorted(lit) == ["e3-1", "n1", "n3"]
    assert page.evaluate("[...document.querySelectorAll('#drawing .receives')].map((part) => part.id)") == ["n1"]
    assert page.locator("#pill").text_content() == "← += 2"
    assert page.evaluate("document.querySelector('#trace td.active').textContent") == "1.7163"
    assert page.locator("#source .lit").text_content() == "    v2 = x1 * x2"
    texts = page.evaluate("[...document.querySelectorAll('#n1 text')].map((text) => text.textContent)")
    assert texts == ["x₂", "5", "v̇ 0", "v̄ 1.7163"]
    page.evaluate("go(12)")
    assert page.locator("#pill").text_content() == "+= 5 →"
    page.evaluate("go(6)")
    assert page.evaluate("[...document.querySelectorAll('#drawing .edge.active')].map((part) => part.id)") == [
        "e5-0",
        "e5-1",
    ]


def test_a_sweep_is_chosen_and_what_comes_before_it_is_known(opened):
    page = opened(baydin, 2.0, 5.0)
    page.get_by_role("button", name="Reverse", exact=True).click()
    assert page.locator("#count").text_content() == "0 / 9"
    assert [row[1] for row in table(page)][-1] == "11.6521"
    assert [row[2] for row in table(page)] == [""] * 7
    page.keyboard.press("End")
    assert [row[3] for row in table(page)][:2] == ["5.5", "1.7163"]
    page.get_by_role("button", name="Forward", exact=True).click()
    page.locator("#along").select_option(label="x₂")
    page.keyboard.press("End")
    assert [row[2] for row in table(page)][-1] == "1.7163"


def test_the_output_is_chosen(opened):
    page = opened(lambda x, y: [x * y, x + y], 2.0, 3.0)
    page.evaluate("go(Infinity)")
    assert [row[3] for row in table(page)] == ["3", "2", "1", "0"]
    page.locator("#of").select_option(label="v₂")
    assert [row[3] for row in table(page)] == ["1", "1", "0", "1"]
    assert "The full Jacobian, 2 × 2, takes n = 2 forward sweeps" in page.locator("#sweep-count").text_content()


def test_seeds_of_duals_are_a_choice_beside_the_units(opened):
    page = opened(baydin, Dual(2.0, 3.0), Dual(5.0, -1.0))
    assert page.locator("#along option").all_text_contents() == ["(3, −1)", "x₁", "x₂"]
    page.evaluate("go(Infinity)")
    assert table(page)[-1][2] == ad.jvp(baydin, (2.0, 5.0), (3.0, -1.0))[1].__format__(".4f")


def test_the_cost_of_a_gradient_is_told(opened):
    page = opened(baydin, 2.0, 5.0)
    assert page.locator("#sweep-count").text_content() == (
        "The full gradient takes n = 2 forward sweeps, one for each input, or m = 1 reverse sweep, one for each output."
    )


def test_a_node_shows_its_whole_sum_whose_terms_lead_to_their_steps(opened):
    page = opened(baydin, 2.0, 5.0)
    page.locator("#n1").click()
    assert page.locator("#node h2").text_content().startswith("Node x₂")
    assert page.locator("#node .reverse h3").text_content() == "x̄₂ = 1.7163, the sum of 2"
    assert page.locator("#node .reverse .term").all_text_contents() == [
        "v̄₃·∂v₃/∂x₂ = −1 × 0.2837 = −0.2837", "v̄₂·∂v₂/∂x₂ = 1 × 2 = 2",
    ]  # fmt: skip
    page.locator("#node .reverse .term").last.click()
    assert sentence(page) == "x̄₂ += v̄₂·∂v₂/∂x₂ = 1 × 2 = 2   (−0.2837 → 1.7163)"
    page.get_by_role("button", name="Close").click()
    assert page.locator("#node").is_hidden()
    page.locator("#trace").get_by_role("button", name="v₂").click()
    assert "v₂ = x₁ × x₂ = 10" in page.locator("#node").text_content()


def test_hovering_gives_every_digit(opened):
    page = opened(baydin, 2.0, 5.0)
    page.evaluate("go(Infinity)")
    assert page.locator("#trace tbody tr").nth(1).locator("td").nth(2).get_attribute("title") == "1.7163378145367738"
    assert page.locator("#n1 title").text_content() == unicodedata.normalize(
        "NFD", "x₂ = 5\nẋ₂ = 0\nx̄₂ = 1.7163378145367738"
    )


# Its inputs move


@pytest.mark.parametrize(("name", "moved"), [
    ("baydin", (3.5, -2.25)), ("griewank", (-1.5, 0.75)), ("neuron", (1.0, 0.5, -3.0, 1.0, 2.0)),
    ("rosenbrock", (0.5, 0.25)), ("powers", (2.7, 1.6)), ("softmax", (1.5, -2.0, 0.25)),
    ("mean_of_activations", (1.7, -0.4)), ("kinks", (-1.5, 2.5)), ("norm", (-3.0, 1.0, 2.0)),
    ("logsumexp", (9.0, 1.0, 2.0)),
])  # fmt: skip
def test_moving_the_inputs_gives_the_numbers_that_python_gives_there(opened, name, moved):
    function, point = ZOO[name]
    tape = recorded(function, point, abstract=False)  # a graph is of the branch that was taken
    page = opened(function, *point)
    page.evaluate("go(Infinity)")
    for box, x in zip(page.locator("#sliders [type=number]").all(), moved, strict=True):
        box.fill(repr(x))
    page.evaluate("globalThis.end = stateAt(follows.model, follows.steps, 'all', follows.steps.length)")
    expected = ends(tape, moved)
    for phase, numbers in zip(("evaluate", "forward", "reverse"), expected, strict=True):
        scale = max(map(abs, numbers))
        assert sorted(bits(page, f"end.{phase}")) == pytest.approx(  # a tape has another order
            sorted(numbers), rel=LIBRARIES * 2**-52, abs=LIBRARIES * 2**-52 * scale
        )


def test_sliders_move_the_whole_page_and_reset_puts_it_back(opened):
    page = opened(baydin, 2.0, 5.0)
    page.evaluate("go(Infinity)")
    before = table(page)
    slider = page.locator("#sliders [type=range]").first
    slider.focus()
    page.keyboard.press("ArrowRight")  # its own key, not the page's
    x = float(page.locator("#sliders [type=number]").first.input_value())
    assert x > 2.0
    assert page.evaluate("chosen.count") == 22
    assert table(page)[-1][1] == f"{baydin(x, 5.0):.4f}"
    page.get_by_role("button", name="Reset").click()
    assert table(page) == before
    assert page.get_by_role("button", name="Reset").is_hidden()


def test_outside_of_the_domain_the_page_goes_on_as_ieee_does(opened):
    page = opened(baydin, 2.0, 5.0)
    page.locator("#sliders [type=number]").first.fill("-1")
    page.evaluate("go(Infinity)")
    assert table(page)[2][1] == "nan"
    assert page.locator("#undefined").text_content() == "v₁ = ln (−1) is nan: Python stops here with an error."
    assert table(page)[0][3] == "nan"  # nothing is a derivative of what is not defined
    page.locator("#sliders [type=number]").first.fill("0")
    assert table(page)[2][1] == "−∞"
    page.locator("#sliders [type=number]").first.fill("")  # half typed: nothing moves
    assert table(page)[2][1] == "−∞"


def test_a_row_of_the_users_own_is_stepped_through_with_inputs_that_stay(opened):
    @ad.primitive(partials=[lambda out, x: ad.cos(x)])
    def my_sine(x):
        return math.sin(x)

    try:
        page = opened(lambda x: my_sine(x) * 2.0, 1.0)
        assert page.locator("#fixed").text_content().startswith("The page does not know how to compute my_sine")
        assert page.locator("#check").is_disabled()
        assert page.locator("#sliders input").count() == 0
        page.evaluate("go(Infinity)")
        assert table(page)[0][3] == f"{2 * math.cos(1.0):.4f}"
    finally:
        from autodiff.core.rows import remove

        remove(my_sine)


# Is it right?


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
    assert page.locator("#trace small").count() == 0  # nothing is shown yet to be marked


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
    for mistake, chosen in (("#assign", assign), ("#order", depth_first)):
        page.locator(mistake).set_checked(chosen)
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


def test_the_reasons_of_a_mistake_are_told(opened):
    page = opened(shared, 2.0, 5.0)
    page.locator("#assign").check()
    reasons = page.locator("#faults li").all_text_contents()
    assert any(re.search(r"= kept only the last of its \d contributions", reason) for reason in reasons)
    page.locator("#assign").uncheck()
    page.locator("#order").check()
    reasons = page.locator("#faults li").all_text_contents()
    assert any("handed on" in reason and "before all contributions to it had arrived" in reason for reason in reasons)


def test_nothing_moves_below_while_it_is_stepped_through(opened):
    for width in (700, 1000, 1400):
        page = opened(*ZOO["griewank"][:1], *ZOO["griewank"][1])
        page.set_viewport_size({"width": width, "height": 900})
        page.locator("#check").click()
        place = """(i) => {
            go(i);
            const parts = [byId("controls"), byId("trace"), ...byId("trace").rows[0].cells, byId("sliders")];
            const boxes = parts.map((part) => part.getBoundingClientRect());
            return boxes.flatMap(({ x, y, width }) => [x, y + scrollY, width]);
        }"""
        places = [page.evaluate(place, i) for i in range(page.evaluate("follows.steps.length + 1"))]
        assert all(found == pytest.approx(places[0], abs=0.6) for found in places)


def test_what_has_the_focus_keeps_it(opened):
    page = opened(baydin, 2.0, 5.0)
    page.locator("#n1").click()
    page.locator("#node .reverse .term").last.focus()
    page.keyboard.press("Enter")
    assert "v̄₂·∂v₂/∂x₂" in page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Escape")
    assert page.locator("#node").is_hidden()


def test_a_sweep_may_be_what_it_opens_with(opened):
    page = opened(baydin, 2.0, 5.0, sweep="reverse")
    assert page.locator("#sweeps [aria-pressed=true]").text_content() == "Reverse"
    assert page.locator("#count").text_content() == "0 / 9"
    with pytest.raises(ValueError, match="sweep is one of evaluate, forward, reverse"):
        ad.step(baydin, 2.0, 5.0, sweep="back")


def test_a_function_of_the_users_under_a_rows_name_is_not_the_row(opened):
    @ad.custom_derivative(partials=[1.0])
    def floor(x):
        return ad.floor(x) * 100

    page = opened(lambda x: floor(x) + 0.0 * x, 2.5, at=-1)
    assert "does not know how to compute floor (a function of your own)" in page.locator("#fixed").text_content()
    assert table(page)[0][3] == "1"


# It is a page for everyone, and only a page


@pytest.mark.parametrize(
    "label", ["<script>alert(1)</script>", '"];x', "a&b", "</script><b>", "\\N", "{{data}}", "x\ny"]
)
def test_labels_are_only_text(opened, label):
    x = Value(2.0, label)
    page = opened(x * x)
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    page.evaluate("go(Infinity)")
    assert page.locator("#trace .name").first.text_content() == label
    assert page.locator("b").count() == 0


def test_it_is_small_and_stands_alone(tmp_path):
    function, point = ZOO["neuron"]
    path = ad.step(function, *point).save(tmp_path / "new" / "folder" / "neuron.html")
    page = path.read_text(encoding="utf-8")
    assert path.stat().st_size < 200_000
    assert not re.findall(r"(?:src|href)\s*=|@import|url\(", page)
    assert set(re.findall(r"https?://[^\"'\s)]*", page)) <= {
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/1999/xlink",
    }


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_texts_stand_out_in_light_and_dark(opened, scheme):
    page = opened(baydin, 2.0, 5.0, media={"color_scheme": scheme, "reduced_motion": "reduce"})
    page.evaluate("go(20)")
    ratio = page.evaluate("""() => {
        const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
        const light = (color) => {
            canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1);
            const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map((c) => c / 255)
                .map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
            return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        };
        const contrast = (a, b) => (Math.max(light(a), light(b)) + 0.05) / (Math.min(light(a), light(b)) + 0.05);
        const body = getComputedStyle(document.body);
        const filled = (node, part) => getComputedStyle(node.querySelector(part)).fill;
        const cards = [...document.querySelectorAll(".node")];
        return cards.map((node) => contrast(filled(node, "text"), filled(node, "path"))).concat(
            [...document.querySelectorAll("#now *, td, th, h2, .quiet")].map((part) =>
                contrast(getComputedStyle(part).color, body.backgroundColor)));
    }""")
    assert min(ratio) > 4.5  # WCAG 2.2, level AA


def test_every_control_has_a_name_and_comes_in_order(opened):
    page = opened(baydin, 2.0, 5.0)
    names = page.evaluate("""[...document.querySelectorAll("button, input, select")].map((control) =>
        control.ariaLabel || control.textContent.trim() || control.closest("label")?.textContent.trim())""")
    assert all(names)
    page.locator("h1").click()
    focused = []
    for _ in range(12):
        page.keyboard.press("Tab")
        focused.append(page.evaluate("document.activeElement.id || document.activeElement.textContent"))
    assert focused == [
        "All",
        "Evaluate",
        "Forward",
        "Reverse",
        "along",
        "of",
        "first",
        "back",
        "play",
        "next",
        "last",
        "position",
    ]
    page.evaluate("go(1)")
    assert page.locator("#position").get_attribute("aria-valuetext") == "x₁ = 2"
    assert page.locator("output").count() == 1  # one place that is read out: the sentence


def test_who_asks_for_less_motion_gets_none(opened):
    moving = "getComputedStyle(document.querySelector('.node path')).transitionDuration.split(',')[0]"
    assert opened(baydin, 2.0, 5.0, media={"reduced_motion": "reduce"}).evaluate(moving) == "0s"
    assert opened(baydin, 2.0, 5.0, media={"reduced_motion": "no-preference"}).evaluate(moving) != "0s"


def test_the_state_is_a_function_of_the_step(opened):
    page = opened(shared, 2.0, 5.0)
    page.evaluate("go(0)")
    snapshot = 'document.body.innerHTML.replace(/ style="[^"]*"| class=""/g, \'\')'
    forwards = [page.evaluate(f"go({i}), {snapshot}") for i in range(5, 15)]
    backwards = [page.evaluate(f"go({i}), {snapshot}") for i in reversed(range(5, 15))]
    for a, b in zip(forwards, backwards[::-1], strict=True):
        assert a == b


# What it refuses, and what a notebook gets


def test_a_place_to_open_at_is_a_whole_number():
    with pytest.raises(TypeError, match=r"at is how many steps are done when the page opens, a whole number; got 1\.5"):
        ad.step(baydin, 2.0, 5.0, at=1.5)


def test_too_many_nodes_are_refused_with_what_to_do():
    x = Value(1.0)
    y = x
    for _ in range(1_000):
        y = y + 1.0
    with pytest.raises(
        ValueError, match="1,001 nodes are too many to step through, at most 1,000: step through a part"
    ):
        ad.step(y)


def test_too_many_edges_are_refused_too():
    xs = [Value(float(i)) for i in range(50)]
    with pytest.raises(ValueError, match="2,050 edges are too many to step through, at most 2,000"):
        ad.step(ad.maximum(*[ad.maximum(*xs) for _ in range(40)], *xs[:10]))


@pytest.mark.parametrize("path", ["steps.png", "steps", "steps.htmlx"])
def test_a_page_is_saved_as_a_page(tmp_path, path):
    with pytest.raises(ValueError, match=r"a stepper is saved as a page, such as steps\.html"):
        ad.step(baydin, 2.0, 5.0).save(tmp_path / path)
    assert not list(tmp_path.iterdir())


def test_a_notebook_gets_a_frame_and_one_that_is_not_trusted_a_sentence():
    stepper = ad.step(baydin, 2.0, 5.0)
    shown = stepper._repr_html_()
    assert shown.count("<iframe") == 1
    assert "this notebook is not trusted" in shown
    assert repr(stepper) == "<Stepper baydin(x₁, x₂): 7 nodes; .save('steps.html') makes a page of it>"


def test_no_node_is_left_with_a_gradient_of_the_steppers():
    a, b = Value(2.0, "a"), Value(5.0, "b")
    ad.step(shared(a, b))
    assert a.grad == b.grad == 0.0
