"""Derivatives stand in one file of the repository, core/primitives.py: no other, Python or JavaScript, writes one."""

import ast
import re
from pathlib import Path

import pytest

import autodiff

ROOT = Path(autodiff.__file__).parents[1]
PYTHON = [path for package in ("autodiff", "nn", "benchmarks") for path in sorted((ROOT / package).rglob("*.py"))]
SCRIPTS = sorted((ROOT / "autodiff").rglob("*.js"))

TABLE = "autodiff/core/primitives.py"
MAKERS = {"Primitive", "define", "unary", "binary", "primitive", "custom_derivative"}
MAKES_ROWS = {
    TABLE: "the table",
    "autodiff/core/rows.py": "what makes a row of the partials that it is given",
    "autodiff/core/custom.py": "takes the partials of the user's",
    "autodiff/transforms/levels.py": "`variable`, which is the identity, and a row whose partial is an error",
    "autodiff/compiling/passes.py": "dot products and masks, which have values only",
}
KEYED_BY_ROWS = {
    "autodiff/transforms/series.py": "the power series of + − × ÷ in closed form: a convolution is no partial",
    "autodiff/tape/passes.py": "operands that leave a value as it is",
}
VALUES = {"primitives.js", "special.js", "waves.js"}  # the page's table, and the functions in it that Math lacks
COUNTING = {"abs", "ceil", "floor", "max", "min", "round", "sign", "trunc"}  # of Math, for layout and for tolerances


def named(path):
    return path.relative_to(ROOT).as_posix()


def imported(tree, *modules):
    """What a file calls the names that it imports, from these modules or from any: {its name: theirs}."""
    return {
        alias.asname or alias.name: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (not modules or node.module in modules)
        for alias in node.names
    }


def makes_rows(tree):
    """Whether a program constructs rows, or sets partials: by a maker, `row.twin(…)`, a subclass, an assignment."""
    names = imported(tree) | {node.name: node.name for node in tree.body if hasattr(node, "name")}

    def maker(x):
        if isinstance(x, ast.Attribute):
            return x.attr in MAKERS | {"twin"}
        return isinstance(x, ast.Name) and names.get(x.id) in MAKERS

    return any(
        (isinstance(node, ast.Call) and maker(node.func))
        or (isinstance(node, ast.ClassDef) and any(map(maker, node.bases)))
        or (isinstance(node, ast.Attribute) and node.attr == "partials" and isinstance(node.ctx, ast.Store))
        for node in ast.walk(tree)
    )


def is_keyed_by_rows(tree):
    """Whether a program has a table by row, where something could stand beside the row's own partials."""
    rows = imported(tree, "autodiff.core.primitives")
    keys = [key for node in ast.walk(tree) if isinstance(node, ast.Dict) for key in node.keys if key]
    return any(isinstance(x, ast.Name) and x.id in rows for key in keys for x in ast.walk(key))


@pytest.mark.parametrize(
    ("found", "known"),
    [(makes_rows, MAKES_ROWS), (is_keyed_by_rows, KEYED_BY_ROWS)],
    ids=["rows are made", "tables are by row"],
)
def test_no_other_file_writes_a_derivative(found, known):
    assert {named(path) for path in PYTHON if found(ast.parse(path.read_text("utf-8")))} == set(known)


@pytest.mark.parametrize(
    "program",
    [
        "from autodiff.core.rows import unary\nunary('cube', lambda x: x**3, lambda out, x: 3 * x * x, '3 x²')",
        "from autodiff.core.rows import Primitive as Row\nROW = Row('one', float, (1.0,))",
        "from autodiff.core import rows\nROW = rows.binary('first', float, (1.0, 0.0), ('1', '0'))",
        "import autodiff as ad\n@ad.primitive(partials=[1.0])\ndef same(x):\n    return x",
        "from autodiff import custom_derivative\nsame = custom_derivative([1.0])(float)",
        "from autodiff.core.primitives import log\nlog_twin = log.twin(float)",
        "from autodiff.core.primitives import log\nlog.partials = (2.0,)",
        "from autodiff.core.rows import Primitive\nclass Row(Primitive):\n    def partial(self, *_): return 1.0",
    ],
)
def test_a_row_planted_elsewhere_is_seen(program):
    assert makes_rows(ast.parse(program))


@pytest.mark.parametrize(
    "program",
    ["def run(primitive, xs):\n    return primitive(*xs)", "from autodiff import draw\ndraw(output, partials=True)"],
)
def test_a_row_that_is_called_is_not_made(program):
    assert not makes_rows(ast.parse(program))


def test_a_table_of_partials_planted_elsewhere_is_seen():
    program = "from autodiff.core.primitives import cos, sin\nSLOPES = {sin: cos}"
    assert is_keyed_by_rows(ast.parse(program))


def functions_of_math(script):
    return set(re.findall(r"Math\.(\w+)\(?", script)) - COUNTING


def test_the_scripts_of_the_page_have_functions_of_the_table_as_values_in_its_table_alone():
    assert {path.name for path in SCRIPTS if functions_of_math(path.read_text("utf-8"))} == VALUES


def test_a_derivative_planted_in_a_script_is_seen():
    assert functions_of_math("const slope = (x) => Math.cos(x) / Math.abs(x);") == {"cos"}
