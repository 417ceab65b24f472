"""Numbers and names as people write them."""

import pytest

from autodiff.words.notation import subscripted, written


@pytest.mark.parametrize(
    ("x", "digits", "text"),
    [
        (0.5, 3, "0.5"), (-0.2836, 3, "−0.284"), (10.0, 3, "10"), (0.0, 3, "0"), (-0.0, 3, "0"), (1e-9, 3, "1e−9"),
        (123456789.0, 3, "1.235e8"), (float("inf"), 3, "∞"), (float("nan"), 3, "nan"), (2.5, 0, "2"),
        (0.0004, 3, "0.0004"), (0.000149949, 4, "0.0001499"), (0.00001234567, 4, "1.235e−5"), (0.99999, 4, "1"),
        (0.3, 0, "0.3"),
    ],
)  # fmt: skip
def test_numbers_as_they_are_written(x, digits, text):
    assert written(x, digits) == text


def test_names_as_they_are_written():
    assert [subscripted(name) for name in ("x1", "w_12", "x", "x[0]", "2")] == ["x₁", "w₁₂", "x", "x[0]", "2"]
