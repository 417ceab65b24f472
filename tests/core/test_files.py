"""A file is written whole or stays as it was."""

import os
import resource
import stat
import subprocess
import sys
from pathlib import Path

import pytest

import autodiff as ad
from autodiff.core import files


def f(x):
    return x * ad.sin(x)


def names(folder):
    return [path.name for path in folder.iterdir()]


SAVED = {
    "drawing.svg": lambda path: ad.draw(f, 2.0).save(path),
    "drawing.dot": lambda path: ad.draw(f, 2.0).save(path),
    "drawing.mmd": lambda path: ad.draw(f, 2.0).save(path),
    "drawing.png": lambda path: ad.draw(f, 2.0).save(path),
    "steps.html": lambda path: ad.step(f, 2.0).save(path),
    "plot.png": lambda path: ad.compare(f, 2.0).plot(path),
}


@pytest.mark.parametrize("name", SAVED)
def test_on_a_full_disk_the_old_file_stays(name, tmp_path, monkeypatch):
    path = tmp_path / name
    path.write_bytes(b"old")
    open_ = Path.open

    def full(self, *args, **options):
        file = open_(self, *args, **options)
        if self.suffix == ".part":
            file.close()
            file = open_(Path("/dev/full"), "wb", buffering=0)
        return file

    monkeypatch.setattr(Path, "open", full)
    with pytest.raises(OSError, match="No space left"):
        SAVED[name](path)
    assert (path.read_bytes(), names(tmp_path)) == (b"old", [name])


@pytest.mark.parametrize("name", SAVED)
def test_whatever_is_saved_is_moved_to_its_place(name, tmp_path):
    path = tmp_path / "made" / "here" / name
    assert SAVED[name](str(path)) == path
    before = path.stat().st_ino
    SAVED[name](path)
    assert path.stat().st_ino != before
    assert names(path.parent) == [name]


def test_a_process_that_may_write_no_more_leaves_the_old_file(tmp_path):
    path = tmp_path / "steps.html"
    path.write_bytes(b"old")
    code = f"import autodiff as ad; ad.step(lambda x: x * x, 2.0).save({str(path)!r})"
    limited = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000)),
    )  # fmt: skip
    assert limited.returncode
    assert "File too large" in limited.stderr
    assert (path.read_bytes(), names(tmp_path)) == (b"old", ["steps.html"])


def test_an_interrupt_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")

    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        files.write(path, b"new")
    assert (path.read_bytes(), names(tmp_path)) == (b"old", ["a.txt"])


def test_its_mode_and_the_link_that_leads_to_it_stay(tmp_path):
    path, link = tmp_path / "a.txt", tmp_path / "link.txt"
    path.write_bytes(b"old")
    path.chmod(0o640)
    link.symlink_to(path)
    assert files.write(link, b"new") == link
    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode), link.is_symlink()) == (b"new", 0o640, True)


def test_what_is_no_plain_file_is_written_to_or_refuses(tmp_path):
    reading, writing = os.pipe()
    files.write(f"/dev/fd/{writing}", b"told")
    assert os.read(reading, 9) == b"told"
    with pytest.raises(IsADirectoryError):
        files.write(tmp_path, b"")


def test_a_name_may_be_as_long_as_the_system_takes(tmp_path):
    assert files.write(tmp_path / ("n" * 255), b"x").read_bytes() == b"x"
