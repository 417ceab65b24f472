"""Every row of the table, through every reading of a tape, over special numbers, tails and its domain."""

import itertools
import math
import random
import re
from pathlib import Path

import numpy as np
import pytest
from readings import READINGS, by_reference, tape_of, ulps

from autodiff.compiling.forms import FORMS
from autodiff.compiling.interpreter import Interpreter
from autodiff.core.rows import ROWS

ULPS = 4  # where a difference of nearly equal terms is no row's own (see ROOTS)
ROOTS = {"logaddexp": 1e-15, "logaddexp2": 1e-15}  # rows whose two terms cancel near a root: absolutely, there
SPECIAL = [
    0.0, -0.0, 5e-324, -5e-324, 1e200, -1e200, 1e-200, -1e-200, 1.0, -1.0, 0.5, -0.5, 2.0, -2.0, 3.0, -3.0, 10.0, -40.0,
    100.0, 700.0, -700.0, 1000.0, -1000.0, 0.3, 1e-8, 20.0, -20.0, 2.5, math.inf, -math.inf, math.nan,
]  # fmt: skip


def points(row, count):
    """Special numbers in every combination, and draws of the domain and around 0."""
    draw = random.Random(row.name)
    if row.name == "power_slope′":
        return [
            (*xy, m, n) for xy in itertools.product(SPECIAL[:20], repeat=2) for m, n in ((0, 1), (1, 0), (1, 1), (2, 0))
        ]
    grid = SPECIAL if count < 3 else SPECIAL[::3]
    found = list(itertools.product(grid, repeat=count))
    domain = row.domain or ((-1e3, 1e3),) * count
    found += [tuple(draw.uniform(*interval) for interval in domain[:count]) for _ in range(200)]
    return found + [tuple(draw.gauss(0.0, 3.0) for _ in range(count)) for _ in range(200)]


def check(row, count, reading, tolerance=ULPS):
    tape, rows = tape_of(row, count), points(row, count)
    found, expected = READINGS[reading](tape, rows)[0], by_reference(tape, rows)[0]
    apart = ulps(found, expected)
    with np.errstate(all="ignore"):
        apart[np.abs(found - expected) <= ROOTS.get(row.name, 0.0)] = 0.0
    worst = int(np.argmax(apart))
    assert apart[worst] <= tolerance, (row, rows[worst], found[worst], expected[worst])


@pytest.mark.parametrize("reading", READINGS)
@pytest.mark.parametrize("name", sorted(ROWS))
def test_every_row_means_the_same_in_every_reading(name, reading):
    row = ROWS[name]
    for count in (row.arity,) if row.arity else (1, 2, 3):
        check(row, count, reading)


@pytest.mark.parametrize("name", sorted(ROWS))
def test_every_row_runs_in_float32(name):
    row = ROWS[name]
    count = row.arity or 2
    rows = [x for x in points(row, count) if all(abs(y) < 1e3 or y != y for y in x)]
    tape = tape_of(row, count)
    rows = np.array(rows, np.float32).astype(float)
    expected = by_reference(tape, rows.tolist())[0]
    engine = Interpreter(tape.code, list(range(count)), dtype="float32")
    found = engine([], engine.table([rows]), len(rows))[0]
    with np.errstate(all="ignore"):
        rounded = expected.astype(np.float32)
        near = np.abs(found - rounded) <= 1e-4 * np.maximum(np.abs(rounded), 1e-3)
        ends = (np.isnan(found) & np.isnan(rounded)) | (found == rounded) | (np.abs(rounded) > 1e37)
    share = np.mean(near | ends)
    assert share > 0.97, (name, share)  # what rounds before a pole or a branch may fall on its other side


def test_the_set_of_rows_that_are_called_back_is_known():
    called = {name for name, row in ROWS.items() if row not in FORMS}
    assert called == {
        "power_slope′", "ldexp", "ieee ldexp", "sinc_slope′", "extreme_direction′", "erfinv", "ieee erfinv",
        "erfinv_slope′", "gamma", "log_cdf", "mills′", "lgamma", "digamma", "polygamma",
    }  # fmt: skip


def test_no_derivative_is_written_outside_of_the_table():
    home = Path(__file__).parents[2] / "autodiff"
    rules = {"partials=", ".partials", "slopes(", ".partial("}
    for path in (home / "compiling").glob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert not any(rule in text for rule in rules), path
        assert not re.search(r"import .*\b(Dual|dual|reverse)\b", text), path
