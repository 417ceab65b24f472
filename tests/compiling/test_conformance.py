"""Every row of the table, through every reading of a tape, over special numbers, tails and its domain."""

import itertools
import math
import random
import re
from pathlib import Path

import numpy as np
import pytest
from browser import watched
from readings import READINGS, by_reference, tape_of, ulps

import autodiff as ad
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


PAGE = Path(ad.__file__).parent / "seeing" / "page"
SCRIPTS = [PAGE / name for name in ("special.js", "waves.js", "primitives.js")]
LOOSER = {  # than ULPS, in the page: Math's functions are each engine's own, and its series are ours
    "atan": 8, "atan2": 8, "atan2_slope′": 8, "direction′": 8, "erf": 8, "erfc": 8, "erfinv_slope′": 8, "polygamma": 64,
    "sinc_slope′": 1e5, "gamma": 16, "lgamma": 1e9, "digamma": 1e9, "power_slope′": 64,
}  # fmt: skip


@pytest.fixture(scope="module")
def table():
    """The worst of each row in each reading, in units of the last place: kept in out/conformance.md."""
    worst = {}
    yield worst
    names = [*READINGS, "page"]
    lines = [f"| row | {' | '.join(names)} |", "|---" * (len(names) + 1) + "|"]
    for row in sorted({row for row, _ in worst}):
        lines.append(
            f"| {row} | {' | '.join(f'{worst[row, name]:.1f}' if (row, name) in worst else '–' for name in names)} |"
        )
    out = Path("out")
    out.mkdir(exist_ok=True)
    (out / "conformance.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.fixture(scope="module")
def page(browser):
    with watched(browser) as (page, faults):
        page.add_script_tag(content="\n".join(['"use strict";', *(path.read_text("utf-8") for path in SCRIPTS)]))
        yield page
    assert not faults


def check(row, count, found, rows, table, reading, tolerance=ULPS):
    expected = by_reference(tape_of(row, count), rows)[0]
    apart = ulps(found, expected)
    with np.errstate(all="ignore"):
        apart[np.abs(found - expected) <= ROOTS.get(row.name, 0.0)] = 0.0
    worst = int(np.argmax(apart))
    table[row.name, reading] = max(apart[worst], table.get((row.name, reading), 0.0))
    assert apart[worst] <= tolerance, (row, rows[worst], found[worst], expected[worst])


def counts(row):
    return (row.arity,) if row.arity else (1, 2, 3)


@pytest.mark.parametrize("reading", READINGS)
@pytest.mark.parametrize("name", sorted(ROWS))
def test_every_row_means_the_same_in_every_reading(name, reading, table):
    row = ROWS[name]
    for count in counts(row):
        rows = points(row, count)
        check(row, count, READINGS[reading](tape_of(row, count), rows)[0], rows, table, reading)


@pytest.mark.parametrize("name", sorted(ROWS))
def test_every_row_means_the_same_in_the_page(name, page, table):
    row = ROWS[name]
    for count in counts(row):
        rows = [xs for xs in points(row, count) if np.isfinite(by_reference(tape_of(row, count), [xs])[0, 0])]
        told = page.evaluate(
            "([name, rows]) => rows.map((xs) => PRIMITIVES[name](...xs))", [name, [list(xs) for xs in rows]]
        )
        check(row, count, np.array(told, float), rows, table, "page", LOOSER.get(name, ULPS))


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
