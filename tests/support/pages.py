"""What is read off the stepper's page."""

import struct


def shared(a, b):
    d = a * b
    return (d + a) * d


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
