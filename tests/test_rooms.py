"""Every folder says what its files are, in an order in which they can be read: each imports from those above it."""

import re
from importlib import import_module
from pathlib import Path

import pytest

ROOMS = (
    "autodiff.core", "autodiff.words", "autodiff.transforms", "autodiff.tape", "autodiff.checking", "autodiff.seeing",
    "autodiff.seeing.drawing", "autodiff.seeing.drawing.layout", "autodiff.seeing.page", "autodiff.comparing",
    "autodiff.compiling", "autodiff.exchange", "autodiff.seeing.worksheets", "nn", "nn.exchange", "nn.watching",
)  # fmt: skip


@pytest.mark.parametrize("room", ROOMS)
def test_the_files_of_a_folder_are_told_in_an_order_in_which_they_can_be_read(room):
    package = import_module(room)
    folder, doc = Path(package.__file__).parent, package.__doc__.partition("What happens")[0]
    told = [name.removesuffix(".py") for name in re.findall(r"^ *([\w.]+)/? {2,}\S", doc, re.MULTILINE)]
    there = [path.stem if path.suffix == ".py" else path.name for path in folder.iterdir() if path.name[:2] != "__"]
    assert sorted(told) == sorted(name for name in there if name in told or not name.endswith((".css", ".typed")))
    for i, name in enumerate(told):
        source = folder / f"{name}.py"
        text = source.read_text(encoding="utf-8") if source.exists() else ""
        imported = re.findall(rf"^ *from {re.escape(room)}(?:\.(\w+))?(?:\.\w+)* import (\w+)", text, re.MULTILINE)
        assert {module or first for module, first in imported} <= {file.removesuffix(".pyi") for file in told[:i]}, name


def test_every_folder_with_code_is_told():
    packages = {str(path.parent) for root in ("autodiff", "nn") for path in Path(root).rglob("*.py")} - {"autodiff"}
    assert packages == {room.replace(".", "/") for room in ROOMS}
