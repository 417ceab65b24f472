"""A gradient as one function of C, compiled by gcc and called: a derivative to embed where there is no Python.

python notebooks/examples/derivative_in_c.py
"""

import ctypes
import subprocess
import tempfile
from pathlib import Path

import autodiff as ad


def rosenbrock(x, y):
    """A valley that bends."""
    return (1.0 - x) ** 2 + 100.0 * (y - x * x) ** 2


tape = ad.trace(rosenbrock, -1.2, 1.0).gradient().simplify()
text = ad.to_c(tape, "gradient")
print(text)

with tempfile.TemporaryDirectory() as folder:
    source, library = Path(folder) / "gradient.c", Path(folder) / "gradient.so"
    source.write_text(text, encoding="utf-8")
    command = ["gcc", "-std=c99", "-Wall", "-Werror", "-O2", "-shared", "-fPIC", "-o", library, source, "-lm"]
    subprocess.run(command, check=True)  # noqa: S603 (what stands above)
    gradient = ctypes.CDLL(str(library)).gradient
    x, y = (ctypes.c_double * 2)(-1.2, 1.0), (ctypes.c_double * 2)()
    gradient(x, y)
    print("C:     ", list(y))
    print("Python:", list(tape.evaluate(-1.2, 1.0)))
