"""check_primitive: a right row passes, whatever is wrong with a row is found."""

import math

import pytest

import autodiff as ad
from autodiff.core.rows import TABLE, Primitive
from autodiff.errors import WrongDerivative


def versine(x):
    return 1 - math.cos(x)


def row(partial=lambda out, x: ad.sin(x), formula="sin x", function=versine, domain=(-50.0, 50.0)):
    return Primitive("versine", function, [partial], [formula], [domain])


def faults(report):
    return {finding.check for finding in report.findings if finding.verdict == "wrong"}


@pytest.mark.long(10)
@pytest.mark.parametrize("name", ["erf", "power", "asin", "lgamma", "relu", "hypot", "polygamma"])
def test_a_row_of_the_table_passes(name):
    report = ad.check_primitive(TABLE[name])
    assert report.raise_if_wrong() is report


def test_a_right_row_of_ones_own_passes_and_prints():
    report = ad.check_primitive(row())
    assert report.ok
    lines = str(report).splitlines()
    assert lines[0].split() == ["check", "points", "verdict", "first", "fault"]
    assert [line.split("  ")[0] for line in lines[1:-1]] == [
        "f",
        "∂f/∂x",
        "∂²f/∂x∂x",
        "forward = reverse",
        "∂f/∂x = sin x",
    ]
    assert lines[-1] == "versine is ok"


def root(x):
    return math.sqrt(x)


FAULTS = [
    ("a partial off by 1e-9", row(lambda out, x: ad.sin(x) * (1 + 1e-9)), {"∂f/∂x"}),
    ("a partial that drops its derivative", row(lambda out, x: ad.stop_gradient(ad.sin(x))), {"∂²f/∂x∂x"}),
    ("a partial of math's", row(lambda out, x: math.sin(x)), {"∂²f"}),
    ("a partial that is text", row(lambda out, x: "sin x"), {"∂f", "forward = reverse"}),
    ("another formula", row(formula="cos x"), {"∂f/∂x = cos x"}),
    ("a formula of another operand", row(formula="sin y"), {"∂f/∂x = sin y"}),
    ("a complex result", row(function=lambda x: 1 - math.cos(x) + 0j), {"f"}),
    ("no result", row(function=lambda x: None), {"f"}),
    ("nan", row(function=lambda x: math.nan), {"f"}),
    ("a function that raises on its domain", row(lambda out, x: 0.5 / out, "1 / (2√x)", root), {"f"}),
    (
        "a partial that raises where the function does not",
        row(lambda out, x: 0.5 / out, "1 / (2√x)", root, (1.0, 5.0)),
        {"forward = reverse"},
    ),
]


@pytest.mark.parametrize(("wrong", "checks"), [f[1:] for f in FAULTS], ids=[f[0] for f in FAULTS])
def test_whatever_is_wrong_with_a_row_is_found(wrong, checks):
    report = ad.check_primitive(wrong)
    assert faults(report) >= checks, report
    assert not report.ok
    with pytest.raises(WrongDerivative, match="versine is not ok"):
        report.raise_if_wrong()


def test_a_formula_may_be_prose_or_missing():
    assert ad.check_primitive(row(formula="the sine of x")).findings[-1].verdict == "prose"
    assert ad.check_primitive(row(formula="?")).findings[-1].verdict == "not given"
    assert ad.check_primitive(row(formula="?")).ok


def test_what_is_no_row_is_refused():
    with pytest.raises(TypeError, match=r"check_primitive takes a row, as @ad\.primitive makes it; got function"):
        ad.check_primitive(versine)
