"""The vector functions of the machine against mpmath: glibc's libmvec promises 4 units in the last place."""

import random
from pathlib import Path

import mpmath
import numpy as np
import pytest
from readings import tape_of

from autodiff.compiling.forms import BASIC
from autodiff.compiling.interpreter import Interpreter
from autodiff.compiling.lanes import VECTORED
from autodiff.core.rows import ROWS

NAMES = sorted(VECTORED & set(BASIC) - {"hypot"})
EXACT = {
    "power": mpmath.power, "exp2": lambda x: mpmath.mpf(2) ** x, "log2": lambda x: mpmath.log(x, 2),
    "log10": lambda x: mpmath.log(x, 10), "cbrt": lambda x: mpmath.sign(x) * mpmath.cbrt(abs(x)),
}  # fmt: skip
WIDE = {"exp": (-600.0, 600.0), "exp2": (-900.0, 900.0), "log": (1e-300, 1e300), "power": ((1e-3, 50.0), (-20.0, 20.0))}
NARROW = {"power": ((0.1, 10.0), (-10.0, 10.0))}  # what float32 holds
TOLD: dict[str, list[float]] = {}


def points(row, dtype):
    """Draws of the domain, as floats of the dtype."""
    draw, domain = random.Random(row.name).uniform, (WIDE if dtype == "float64" else NARROW).get(row.name)
    domain = domain or row.domain or ((-8.0, 8.0),) * row.arity
    domain = domain if isinstance(domain[0], tuple) else (domain,)
    found = [[draw(max(low, -40.0 if dtype == "float32" else low), min(high, 40.0 if dtype == "float32" else high))
              for low, high in domain] for _ in range(400)]  # fmt: skip
    return np.array(found, dtype).astype(float)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("name", NAMES)
def test_a_vector_function_is_within_four_units_of_mpmath(name, dtype):
    row = ROWS[name]
    rows = points(row, dtype)
    engine = Interpreter(tape_of(row, row.arity).code, range(row.arity), dtype=dtype)
    found = engine([], engine.table([rows]), len(rows))[0]
    with mpmath.workdps(40):
        exact = [EXACT.get(name, getattr(mpmath, name, None))(*map(mpmath.mpf, xs)) for xs in rows]
        units = [
            float(abs(mpmath.mpf(float(x)) - y) / float(np.spacing(np.asarray(abs(float(y)), dtype))))
            for x, y in zip(found, exact, strict=True)
        ]
    TOLD.setdefault(name, []).append(max(units))
    assert max(units) <= 4.0


def test_the_table_of_what_was_found():
    lines = [f"| {name} | {' | '.join(f'{x:.2f}' for x in found)} |" for name, found in sorted(TOLD.items())]
    path = Path("out/accuracy.md")
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join(["| function | worst error, ulp | |", "|---|---|---|", *lines, ""]), encoding="utf-8")
    assert len(lines) == len(NAMES)
