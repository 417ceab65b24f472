"""What core says of itself: the walk through its files, and a kind of number of one's own."""

import doctest
import re
import sys
from itertools import groupby
from pathlib import Path

import autodiff.core
from autodiff import Value


def test_the_walk_through_the_files_is_the_one_that_happens():
    told = re.findall(r"(\w+\.py) `([\w.<>]+)`", autodiff.core.__doc__)
    room, seen = Path(autodiff.core.__file__).parent, []

    def see(frame, event, _):
        code = frame.f_code
        if event == "call" and Path(code.co_filename).parent == room:
            seen.append((Path(code.co_filename).name, code.co_qualname.replace("<locals>.", "")))

    sys.setprofile(see)
    try:
        y = (Value(2.0) * 3).exp()
        y.backward()
    finally:
        sys.setprofile(None)
    assert len(told) == 13
    met = iter(call for call, _ in groupby(seen))
    assert all(call in met for call in told)  # in this order
    assert {name for name, _ in seen} == {name for name, _ in told}  # and no file besides


def test_a_number_of_ones_own_goes_through_every_transform():
    assert doctest.testmod(autodiff.core).attempted > 5
    assert doctest.testmod(autodiff.core).failed == 0
