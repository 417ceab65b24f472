"""What importing costs and brings, and what is missing when a package is."""

import subprocess
import sys
from pathlib import Path

import pytest

import autodiff
from autodiff.core.packages import require
from autodiff.errors import MissingPackage

ROOT = Path(autodiff.__file__).parents[1]


def run(program):
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT).stdout


def test_import_loads_the_standard_library_only():
    program = (
        "import sys; before = set(sys.modules); import autodiff;"
        "new = {name.partition('.')[0] for name in set(sys.modules) - before};"
        "print(new - set(sys.stdlib_module_names) - {'autodiff'})"
    )
    assert run(program) == "set()\n"


def test_import_of_nn_loads_no_optional_package():
    program = "import sys, nn; print({'numpy', 'sklearn', 'matplotlib', 'tqdm'} & set(sys.modules))"
    assert run(program) == "set()\n"


def test_a_missing_package_is_named_with_the_install_command():
    with pytest.raises(MissingPackage, match=r"the weather needs no_such_package, .*: pip install weather"):
        require("no_such_package.part", "the weather", "pip install weather")


def test_public_names_exist():
    assert all(hasattr(autodiff, name) for name in autodiff.__all__)
    assert set(autodiff.__all__) < set(dir(autodiff))


@pytest.mark.parametrize(("name", "meant"), autodiff.CALLED.items())
def test_names_of_python_and_of_others_hint_at_ours(name, meant):
    assert hasattr(autodiff, meant)
    with pytest.raises(AttributeError, match=f"no '{name}'; did you mean {meant}\\?"):
        getattr(autodiff, name)
