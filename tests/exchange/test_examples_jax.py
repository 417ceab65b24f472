"""The example of a batch over eight devices runs as it stands."""

import re
import subprocess
import sys


def test_eight_devices_share_a_batch():
    done = subprocess.run(
        [sys.executable, "notebooks/examples/sharded_jax.py"], capture_output=True, text=True, check=True
    )
    assert "8 devices, 800 rows" in done.stdout
    slopes = re.findall(r"= (-?[\d.]+)", done.stdout)
    assert slopes[:2] == slopes[2:]
