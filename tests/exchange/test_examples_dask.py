"""The example runs as it stands."""

import subprocess
import sys


def test_it_says_what_it_should():
    command = [sys.executable, "notebooks/examples/parts_on_dask.py"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "the same bits: True" in done.stdout
