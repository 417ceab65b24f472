"""It is a page for everyone, and only a page."""

import re

import pytest
from zoo import ZOO, baydin

import autodiff as ad
from autodiff import Value


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
    for _ in range(14):
        page.keyboard.press("Tab")
        focused.append(page.evaluate("document.activeElement.id || document.activeElement.textContent"))
    assert focused == [
        "All",
        "Evaluate",
        "Forward",
        "Reverse",
        "Side by side",
        "predict",
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
    assert page.locator("output:visible").count() == 1  # one place that is read out: the sentence


def test_who_asks_for_less_motion_gets_none(opened):
    moving = "getComputedStyle(document.querySelector('.node path')).transitionDuration.split(',')[0]"
    assert opened(baydin, 2.0, 5.0, media={"reduced_motion": "reduce"}).evaluate(moving) == "0s"
    assert opened(baydin, 2.0, 5.0, media={"reduced_motion": "no-preference"}).evaluate(moving) != "0s"


POLICY = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'"
HOSTILE = [
    "</script><script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<!--", "-->", "]]>", "{{data}}",
    "{{script}}",
    "\\u2028", "\\", '"', "'", "`${alert(1)}`", "&lt;b&gt;", "__proto__", "constructor", "toString", "\u202e", "\x00",
    "\ud800", "a\nb", "🎉", "字", "x" * 300, " ", "$&", "$1", "%s", "<style>*{display:none}</style>", "</textarea>",
    "NaN",
    "javascript:alert(1)",
]  # fmt: skip


def test_hostile_labels_are_only_text_under_a_strict_policy(page):
    """`page` has heard no error and seen no request in the end."""
    values = [Value(float(i), label) for i, label in enumerate(HOSTILE)]
    html = ad.step(ad.total(value * value for value in values)).html
    page.route("http://localhost:9/", lambda route: route.fulfill(
        body=html, content_type="text/html; charset=utf-8", headers={"Content-Security-Policy": POLICY}
    ))  # fmt: skip
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    page.goto("http://localhost:9/")
    page.evaluate("go(Infinity)")
    assert page.locator("#trace tbody tr").count() >= len(HOSTILE)
    assert page.evaluate("document.querySelectorAll('script').length") == 2
