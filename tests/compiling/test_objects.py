"""Machine code on disk: made once, taken the next time, made again where it is damaged; none of it is needed."""

import os
import subprocess
import sys

import pytest

from autodiff.compiling import objects

PROGRAM = """
import autodiff as ad
f = ad.compile(ad.grad(lambda x: ad.sin(x) * x), batch=0)
print([float(y) for y in f([0.1 * i for i in range(37)])][::6])
"""


def run(folder):
    environment = os.environ | {"AUTODIFF_CACHE": str(folder)}
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, env=environment, check=True)
    return done.stdout


def files(folder):
    return {path.name: (path.stat().st_mtime_ns, path.read_bytes()) for path in (folder / "autodiff").iterdir()}


def test_a_second_process_takes_what_the_first_has_made(tmp_path):
    first = run(tmp_path)
    made = files(tmp_path)
    assert len(made) >= 2
    assert run(tmp_path) == first
    assert files(tmp_path) == made


@pytest.mark.parametrize(
    "damage", [lambda code: code[:-9], lambda code: b"", lambda code: code[:60] + b"!" + code[61:]]
)
def test_damaged_code_is_made_again(tmp_path, damage):
    first = run(tmp_path)
    made = files(tmp_path)
    for name, (_, code) in made.items():
        (tmp_path / "autodiff" / name).write_bytes(damage(code))
    assert run(tmp_path) == first
    assert {name: code for name, (_, code) in files(tmp_path).items()} == {
        name: code for name, (_, code) in made.items()
    }


def test_a_folder_that_takes_nothing_is_gone_without(tmp_path):
    (tmp_path / "autodiff").write_text("no folder")
    run(tmp_path)


def test_names_tell_all_that_is_told(monkeypatch, tmp_path):
    assert objects.name("a", "bc") != objects.name("ab", "c")
    monkeypatch.delenv("AUTODIFF_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert objects.folder() == tmp_path / "autodiff"
    assert objects.kept("none") is None
