"""Commands print to any stream: of another encoding, that ends early, that is closed."""

import os
import subprocess
import sys

import pytest

TABLE = ["-m", "autodiff", "table", "ln(x1) + x1*x2 - sin(x2)", "x1=2", "x2=5"]
COMPARE = ["-m", "autodiff", "compare", "x1*sin(x1)", "x1=2"]


def run(arguments, encoding="", **options):
    environment = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    return subprocess.run([sys.executable, *arguments], env=environment, check=False, timeout=120, **options)


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "latin-1", "utf-8", "utf-16"])
@pytest.mark.parametrize(
    "arguments", [TABLE, COMPARE, [*TABLE[:3], "log(−x)", "x=2"]], ids=["table", "compare", "error"]
)
def test_a_stream_of_another_encoding_gets_utf_8(arguments, encoding):
    done = run(arguments, encoding, capture_output=True)
    told = (done.stdout + done.stderr).decode("utf-8")
    assert "Error" not in told
    assert "v₀" in told or "forward" in told or "log" in told or "ln" in told


def test_in_the_c_locale_too():
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG", "PYTHON"))}
    done = subprocess.run(
        [sys.executable, *TABLE], env=environment | {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
        capture_output=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, b"")
    assert "v₋₁ = x₁" in done.stdout.decode("utf-8")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a shell")
@pytest.mark.parametrize("shell", ["| head -1", "| true", ">&-", "2>&-", ">&- 2>&-", "<&-"])
@pytest.mark.parametrize("command", [TABLE, ["-m", "autodiff", "table", "x +", "x=1"]], ids=["fine", "wrong"])
def test_a_reader_that_leaves_and_a_closed_stream_are_no_errors(command, shell):
    quoted = " ".join(f"'{x}'" for x in [sys.executable, *command])
    done = subprocess.run(["bash", "-c", f"{quoted} {shell}"], capture_output=True, text=True, check=False, timeout=120)
    assert "Traceback" not in done.stderr
    assert "rror" not in done.stderr.replace("error: ", "")


def test_training_needs_no_stderr():
    code = (
        "import nn\n"
        "model = nn.MLP(1, [2, 1])\n"
        "print(nn.fit(model, [[1.0]], [1.0], loss=nn.mean_squared_error, optimizer=nn.GradientDescent(0.1), steps=3))"
    )
    quoted = f"'{sys.executable}' -c '{code}'"
    done = subprocess.run(["bash", "-c", f"{quoted} 2>&-"], capture_output=True, text=True, check=False, timeout=120)
    assert (done.returncode, bool(done.stdout)) == (0, True)
