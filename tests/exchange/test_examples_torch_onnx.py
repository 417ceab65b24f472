"""The examples run as they stand."""

import subprocess
import sys


def test_a_network_that_is_trained_here_is_carried_on():
    done = subprocess.run(
        [sys.executable, "notebooks/examples/train_here_carry_on.py"], capture_output=True, text=True, check=True
    )
    assert "kept and loaded: True" in done.stdout
    assert "and back: True" in done.stdout
    assert done.stdout.count("apart ") == 2
