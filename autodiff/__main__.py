"""Command line: `python -m autodiff table "ln(x1) + x1*x2 - sin(x2)" x1=2 x2=5`; compare, draw, step, worksheet too."""

import argparse
import re
import sys
import unicodedata
from collections.abc import Sequence
from typing import Any

from autodiff.comparing.comparison import compare
from autodiff.core.value import Value
from autodiff.errors import BadExpression
from autodiff.seeing.drawing.graphs import SUFFIXES, draw
from autodiff.seeing.page.stepper import step
from autodiff.seeing.stepping import SWEEPS
from autodiff.seeing.worksheets.sheets import worksheet
from autodiff.tape.tape import Tape, trace
from autodiff.words.expressions import parsed, variables_of
from autodiff.words.streams import printing

OPTIONS = ("-h", "-o")
ATTACHED = re.compile(r"-o.*\.[a-z]+")  # -oout.svg: no expression ends in a dot and letters
PLACE = re.compile(r" \(line \d+ of [^()]*\)$")  # of a program, and here the user has written none


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; 2 where its input is wrong, with the error and its place on stderr."""
    parser = _parser()
    given = list(sys.argv[1:] if arguments is None else arguments)
    with printing():
        chosen = parser.parse_args([f" {x}" if _mathematical(x) else x for x in given])
        try:
            point = _point(chosen.numbers)
            function = parsed(chosen.expression, point)
            _check_names(chosen.expression.strip(), point)
            told = chosen.run(function, list(point.values()), chosen)
        except (ArithmeticError, ValueError, TypeError, RuntimeError, ImportError, OSError) as error:
            if sys.stderr is not None:  # pyright: ignore[reportUnnecessaryComparison] (closed: print would take stdout)
                print(f"{parser.prog}: {PLACE.sub('', str(error))}", file=sys.stderr)
            return 2
        print(told)
    return 0


def table(function: Any, numbers: list[float], chosen: argparse.Namespace) -> str:
    """The evaluation trace."""
    tape = trace(function, *numbers)
    labels = list(_point(chosen.numbers))
    named = Tape(tape.inputs, tape.code, tape.outputs, tape.name, tape.point, labels)
    shown = named.table(chosen.mode, digits=chosen.digits)
    return shown.latex() if chosen.latex else str(shown)


def comparison(function: Any, numbers: list[float], _: argparse.Namespace) -> str:
    """Forward against reverse."""
    return str(compare(function, *numbers))


def drawing(function: Any, numbers: list[float], chosen: argparse.Namespace) -> str:
    """The path of the picture."""
    drawn = draw(function, *_variables(numbers, chosen), partials=chosen.partials, digits=chosen.digits)
    return str(drawn.save(chosen.output))


def stepping(function: Any, numbers: list[float], chosen: argparse.Namespace) -> str:
    """The path of the page."""
    page = step(function, *_variables(numbers, chosen), digits=chosen.digits, predict=chosen.predict)
    return str(page.save(chosen.output))


def sheet(function: Any, numbers: list[float], chosen: argparse.Namespace) -> str:
    """The path of the worksheet."""
    made = worksheet(
        function, *_variables(numbers, chosen), digits=chosen.digits, sweep=chosen.sweep, answers=chosen.answers
    )
    return str(made.save(chosen.output))


def _variables(numbers: list[float], chosen: argparse.Namespace) -> list[Value]:
    return [Value(x, name) for x, name in zip(numbers, _point(chosen.numbers), strict=True)]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m autodiff",
        description="Derivatives of an expression, forward and reverse.",
        epilog=_example("table"),
    )
    commands = parser.add_subparsers(required=True, metavar="command")
    shown, compared, drawn, stepped, asked = (
        commands.add_parser(command, help=told, epilog=_example(command, options))
        for command, told, options in (
            ("table", "print its evaluation trace, as textbooks do", "--mode reverse"),
            ("compare", "compare forward with reverse mode: numbers, cost, and why", ""),
            ("draw", "draw its graph, with values and adjoints", "-o drawing.svg"),
            ("step", "make a page that steps through its sweeps", "-o steps.html"),
            ("worksheet", "make a sheet with its steps to fill in", "--sweep reverse -o sheet.html"),
        )
    )
    for command, run in ((shown, table), (compared, comparison), (drawn, drawing), (stepped, stepping), (asked, sheet)):
        command.add_argument("expression", help="such as 'ln(x1) + x1*x2 - sin(x2)'")
        command.add_argument("numbers", nargs="*", metavar="name=number", help="the values of its names, such as x1=2")
        command.set_defaults(run=run)
    shown.add_argument("--mode", choices=("forward", "reverse", "both"), default="both", help="default: both")
    for command, decimals in ((shown, 3), (drawn, 4), (stepped, 4), (asked, 4)):
        told = f"decimals, default: {decimals}"
        command.add_argument("--digits", type=int, choices=range(17), default=decimals, metavar="N", help=told)
    shown.add_argument("--latex", action="store_true", help="as LaTeX")
    files = (
        (drawn, "drawing.svg", ", ".join(SUFFIXES)),
        (stepped, "steps.html", ".html"),
        (asked, "sheet.html", ".html, .tex"),
    )
    for command, file, kinds in files:
        told = f"where to, as {kinds}; default: {file}"
        command.add_argument("-o", "--output", default=file, metavar="PATH", help=told)
    asked.add_argument("--sweep", choices=SWEEPS, help="one of its sweeps; default: all of them")
    asked.add_argument("--answers", action="store_true", help="with the numbers in their places")
    stepped.add_argument("--predict", action="store_true", help="with a question before each step")
    drawn.add_argument("--partials", action="store_true", help="with the partial derivative on each edge")
    return parser


def _example(command: str, options: str = "") -> str:
    return f'example: python -m autodiff {command} "ln(x1) + x1*x2 - sin(x2)" x1=2 x2=5 {options}'.rstrip()


def _mathematical(given: str) -> bool:
    """Whether a minus begins an expression: argparse would take it for an option."""
    return given[:1] == "-" and given[:2] != "--" and given not in OPTIONS and not ATTACHED.fullmatch(given)


def _check_names(expression: str, point: dict[str, float]) -> None:
    """BadExpression for a value without a name in the expression, which is mostly a misspelt one, and for no names."""
    names = variables_of(expression, point)
    if not names:
        raise BadExpression(
            f"{expression} has no variable: there is nothing to differentiate by; write a name in it, and its value "
            "behind it, as in 3*x1 x1=2"
        )
    for name in point:
        if name not in names:
            raise BadExpression(f"{name} is not in the expression; its names: {', '.join(names)}")


def _point(numbers: Sequence[str]) -> dict[str, float]:
    """The values of names: x1=2 x2=5."""
    point: dict[str, float] = {}
    for given in numbers:
        name, equals, number = given.partition("=")
        name = unicodedata.normalize("NFKC", name.strip())  # as Python reads names
        if not equals or not name.isidentifier():
            raise BadExpression(f"{given.strip()!r} is no value: write name=number, such as x1=2")
        if name in point:
            raise BadExpression(f"{name} is given twice")
        try:
            point[name] = float(number)
        except ValueError:
            raise BadExpression(f"{given!r}: {number!r} is no number") from None
    return point


if __name__ == "__main__":
    sys.exit(main())
