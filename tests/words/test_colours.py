"""The palette: one file says what every colour is."""

import re
from pathlib import Path

import autodiff
import nn
from autodiff.words import colours

ROOTS = [Path(package.__file__).parent for package in (autodiff, nn)]
SHEETS = [path for root in ROOTS for path in root.rglob("*.css")]


def test_no_other_file_makes_a_colour_of_its_own():
    files = [path for root in ROOTS for kind in ("py", "css", "js", "html") for path in root.rglob(f"*.{kind}")]
    found = {path.name for path in files if re.search(r"(?<!&)#([0-9a-fA-F]{6}|[0-9a-fA-F]{3})\b", path.read_text())}
    assert found == {"colours.py"}


def test_every_colour_has_a_day_and_a_night():
    hexes = [*colours.NIGHT, *colours.NIGHT.values(), *(shade for pair in colours.STEPPER.values() for shade in pair)]
    assert all(re.fullmatch("#[0-9a-f]{6}", shade) for shade in hexes)
    assert {colours.shades(i / 100.0) for i in range(-100, 101)} <= set(colours.NIGHT.items())
    assert len(colours.LEVELS) == 9 == len(set(colours.LEVELS))


def test_style_sheets_use_the_variables_that_there_are_and_all_of_them():
    text = "\n".join(path.read_text() for path in SHEETS)
    scripts = "\n".join(path.read_text() for root in ROOTS for path in root.rglob("*.js"))
    defined = set(re.findall(r"--(\w+): light-dark", colours.variables()))
    set_elsewhere = set(re.findall(r"--(\w+):", text)) | set(re.findall(r'"--(\w+)"', scripts)) | {"card"}  # by numbers
    used = set(re.findall(r"var\(--(\w+)\)", text))
    assert defined == set(colours.STEPPER)
    assert defined <= used <= defined | set_elsewhere
