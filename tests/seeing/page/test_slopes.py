"""The code of slopes that the page runs: run by Python's own rows it gives the partials of the table, to the bit."""

import json
import math

import pytest
from derivatives import same
from sampling import grid, operand_counts, points

import autodiff as ad
from autodiff import Value
from autodiff.core.rows import ROWS
from autodiff.seeing.page.slopes import OWN, number_data, slopes

CASES = [pytest.param(row, count, id=f"{name}-{count}") for name, row in ROWS.items() for count in operand_counts(row)]


def outcome(function, *operands):
    """The result, or None where Python raises."""
    try:
        return function(*operands)
    except (ArithmeticError, ValueError):
        return None


def read(slots, operands):
    return [slots[x] if type(x) is int else float(x["constant"]) for x in operands]


def run(data, out, xs):
    """As engine.js does: the rows by their names, in both branches; nan where one raises."""
    slots = [out, *xs]
    for name, *operands in data["code"]:
        found = outcome(ROWS[name], *read(slots, operands))
        slots.append(math.nan if found is None else found)
    return read(slots, data["partials"])


def partials(data, out, xs):
    if len(data["partials"]) == len(xs):
        return run(data, out, xs)
    return [run(data, out, [x, *xs[:i], *xs[i + 1 :]])[0] for i, x in enumerate(xs)]


@pytest.mark.parametrize(("row", "count"), CASES)
def test_the_code_of_a_rows_slopes_gives_its_partials(row, count):
    data = json.loads(json.dumps(slopes(row, count), allow_nan=False))
    for xs in [*points(row, count), *grid(count)]:
        if (out := outcome(row.evaluate, xs)) is None:
            continue
        for position, found in enumerate(partials(data, out, xs)):
            exact = outcome(row.partial, position, out, *xs)
            assert same([found], [math.nan if exact is None else exact]), (position, xs)


def test_every_row_of_the_library_is_the_pages():
    assert {row.name for row in OWN} == set(ROWS)


def test_a_page_holds_the_slopes_of_the_rows_that_it_uses_and_no_others():
    x, y = Value(2.0, "x"), Value(5.0, "y")
    page = ad.step(ad.log(x) + x * y - ad.maximum(x, y, 3.0))
    found = {(name, count) for name, by_count in page.data["slopes"].items() for count in by_count}
    assert found == {("log", 1), ("add", 2), ("multiply", 2), ("subtract", 2), ("maximum", 3)}
    assert page.data["slopes"]["log"][1] == {"code": [["ieee divide", {"constant": 1.0}, 1]], "partials": [2]}
    assert page.data["slopes"]["multiply"][2] == {"code": [], "partials": [2, 1]}
    assert len(page.html.encode()) < 150_000


def test_the_slopes_of_many_operands_are_no_longer_than_one_of_them():
    assert len(slopes(ROWS["maximum"], 300)["code"]) < 1_000


@pytest.mark.parametrize("name", ["ieee_divide", "toString", "variable"])
def test_a_function_of_the_users_is_not_taken_for_a_row_of_the_page(name):
    def function(x):
        return x

    function.__name__ = name
    node = ad.custom_derivative(partials=[lambda out, x: math.exp(x)])(function)  # which a trace would refuse
    page = ad.step(node(Value(1.0)))
    assert page.data["nodes"][1]["op"] == f"{name} (a function of your own)"
    assert page.data["slopes"] == {}


def test_an_internal_row_in_a_gradients_tape_is_a_row_of_the_page():
    page = ad.step(ad.trace(ad.cbrt, 2.0).gradient(), 2.0)
    assert page.data["nodes"][1]["op"] == "cbrt_slope′"


def test_a_product_of_the_chain_rule_in_a_gradients_tape_is_stepped_through_as_one():
    tape = ad.trace(lambda x: ad.log(x) * ad.exp(x), 2.0).gradient()
    assert "ieee multiply" in tape.counts
    page = ad.step(tape, 2.0)
    assert {"ieee multiply", "ieee divide"} <= {node["op"] for node in page.data["nodes"]}


@pytest.mark.parametrize(
    ("x", "written"), [(1.5, 1.5), (math.inf, "Infinity"), (-math.inf, "-Infinity"), (math.nan, "NaN")]
)
def test_numbers_that_json_lacks_are_texts(x, written):
    assert number_data(x) == written
