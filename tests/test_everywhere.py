"""The same outputs whatever the hash seed and the locale, from a zip file too, and a README that leads home."""

import os
import re
import subprocess
import sys
import zipfile
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROGRAM = """
import hashlib, random, sys
import autodiff as ad, nn
def f(x, y):
    with ad.scope("outer"):
        return {"a": ad.where(x > y, x * y, ad.exp(y)), "b": [ad.softmax([x, y])[0]]}
model = nn.MLP(2, [3, 1], rng=1)
made = [ad.draw(f, 2.0, 1.0, partials=True).svg, ad.draw(f, 2.0, 1.0).dot, ad.draw(model([1.0, 2.0])).mermaid]
made += [ad.step(f, 2.0, 1.0).html, str(ad.trace(f, 2.0, 1.0).table()), ad.trace(f, 2.0, 1.0).table().latex()]
made += [ad.trace(ad.grad(lambda x, y: f(x, y)["a"]), 2.0, 1.0).simplify().to_json(), repr(model([1.0, 2.0]))]
print([hashlib.sha256(text.encode()).hexdigest()[:16] for text in made], ad.__file__)
"""


def told(python=(), **environment):
    command = [sys.executable, *python, "-c", PROGRAM]
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG"))}
    done = subprocess.run(
        command, env=kept | environment, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120
    )
    assert not done.returncode, done.stderr
    return done.stdout.rpartition(" ")


def test_outputs_do_not_depend_on_the_hash_seed_or_the_locale():
    first = told(PYTHONHASHSEED="0", LC_ALL="C.UTF-8")[0]
    assert told(PYTHONHASHSEED="12345", LC_ALL="C")[0] == first


def test_from_a_zip_file_it_draws_and_steps_the_same(tmp_path):
    archive = tmp_path / "library.zip"
    with zipfile.ZipFile(archive, "w") as library:
        for path in (path for room in ("autodiff", "nn") for path in (ROOT / room).rglob("*") if path.is_file()):
            if path.suffix != ".pyc":
                library.write(path, path.relative_to(ROOT))
    code = PROGRAM.replace("import autodiff as ad", f"sys.path.insert(0, {str(archive)!r}); import autodiff as ad")
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert not done.returncode, done.stderr
    made, _, place = done.stdout.rpartition(" ")
    assert "library.zip" in place
    assert re.sub(r"'\w+'", "", made) == re.sub(r"'\w+'", "", told()[0])


def test_links_and_pictures_of_the_readme_are_absolute_in_the_metadata():
    try:
        description = metadata("autodiff-stepper").get_payload()
    except PackageNotFoundError:
        pytest.skip("autodiff-stepper is not installed")
    links = re.findall(r"\]\(([^)]+)\)", description)
    assert links
    assert [link for link in links if not link.startswith(("https://", "#"))] == []
