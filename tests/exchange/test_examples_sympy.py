"""The example runs as it stands."""

import subprocess
import sys


def test_it_says_what_it_should():
    command = [sys.executable, "notebooks/examples/sympy_beside.py"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "SymPy finds the same adjoints" in done.stdout
