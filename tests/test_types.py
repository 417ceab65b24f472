"""Type checkers find what is misspelt or of the wrong kind, and nothing in what is right."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from stubs import STUB, stub

ROOT = Path(__file__).parents[1]
PLANTED = Path(__file__).parent / "support" / "planted.py"
MISTAKES = {i for i, line in enumerate(PLANTED.read_text(encoding="utf-8").splitlines(), 1) if "# mistake" in line}


def by_mypy(folder, *paths):
    """The lines at which mypy --strict finds fault, in one run over the paths."""
    options = [
        "--strict",
        "--no-error-summary",
        "--follow-imports=silent",
        f"--cache-dir={folder}",
        "--hide-error-context",
    ]
    done = run("mypy", *options, *paths)
    return {int(line) for line in re.findall(r"^[^:\n]+:(\d+): error", done.stdout, re.MULTILINE)}, done.stdout


def by_pyright(folder, mode, *paths):
    config = folder / "pyrightconfig.json"
    settings = {"typeCheckingMode": mode, "include": [str(path) for path in paths], "extraPaths": [str(ROOT)]}
    settings |= {"reportUnusedExpression": False, "reportUnusedImport": False, "reportUnknownLambdaType": False}
    settings |= {
        "reportMissingModuleSource": False,
        "reportPossiblyUnbound": False,
        "reportPossiblyUnboundVariable": False,
    }
    config.write_text(json.dumps(settings), encoding="utf-8")
    found = json.loads(run("basedpyright", "-p", str(config), "--outputjson", f"--pythonpath={sys.executable}").stdout)
    errors = [fault for fault in found["generalDiagnostics"] if fault["severity"] == "error"]
    return {fault["range"]["start"]["line"] + 1 for fault in errors}, errors


def run(tool, *arguments):
    command = [Path(sys.executable).parent / tool, *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)


@pytest.fixture(scope="module")
def readme(tmp_path_factory):
    """The code of README as one program; what is to raise there stands in no type."""
    path = tmp_path_factory.mktemp("types") / "readme.py"
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    lines = []
    for block in re.findall(r"```pycon\n(.*?)```", text, re.DOTALL):
        examples = re.split(r"(?m)^(?=>>> )", block)
        for example in examples:
            code = [line[4:] for line in example.splitlines() if line.startswith((">>> ", "... "))]
            if (
                code and "Traceback" not in example and "np.logaddexp(Value" not in example
            ):  # NumPy's types know no Value
                lines += code
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")
    return path


def test_the_stub_is_what_make_stubs_writes():
    assert STUB.read_text(encoding="utf-8") == stub()


def test_twenty_mistakes_are_planted():
    assert len(MISTAKES) >= 20


def test_mypy_finds_the_planted_mistakes_and_no_others(tmp_path):
    found, told = by_mypy(tmp_path, PLANTED)
    assert (MISTAKES - found, found - MISTAKES) == (set(), set()), told


def test_pyright_finds_the_planted_mistakes_and_no_others(tmp_path):
    found, told = by_pyright(tmp_path, "strict", PLANTED)
    assert (MISTAKES - found, found - MISTAKES) == (set(), set()), told


def test_the_code_of_readme_has_no_mistake(tmp_path, readme):
    found, told = by_pyright(tmp_path, "standard", readme)
    assert not found, told
