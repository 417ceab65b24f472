"""Expressions typed by people, as functions: `ln(x1) + x1*x2 - sin(x2)`.

Read with `ast` against a whitelist: numbers, names that are given, + − * / // % ** ^, and functions of the table.
Nothing is evaluated by Python, and size and nesting are bounded.
"""

import ast
import math
import re
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from typing import Any, NoReturn

from autodiff.core import functions
from autodiff.core.primitives import add, divide, floor_divide, identity, modulo, multiply, negate, power, subtract
from autodiff.core.rows import NAMED, TABLE, Number
from autodiff.errors import BadExpression

LONGEST, DEEPEST = 100_000, 100  # characters, and nested parentheses
OPERATORS: dict[type, Callable[..., Number]] = {
    ast.Add: add, ast.Sub: subtract, ast.Mult: multiply, ast.Div: divide, ast.FloorDiv: floor_divide, ast.Mod: modulo,
    ast.Pow: power, ast.BitXor: power, ast.USub: negate, ast.UAdd: identity,
}  # fmt: skip
COMPOSITES = ("gelu", "silu", "leaky_relu", "clip")
FUNCTIONS: dict[str, Callable[..., Number]] = {
    **TABLE,
    **NAMED,
    **{name: getattr(functions, name) for name in COMPOSITES},
    "ln": TABLE["log"], "abs": TABLE["absolute"], "max": TABLE["maximum"], "min": TABLE["minimum"],
}  # fmt: skip
CONSTANTS = {"pi": math.pi, "e": math.e, "tau": math.tau}


def parsed(text: str, variables: Mapping[str, Any]) -> Callable[..., Number]:
    """The expression as a function of the variables, by position in their order."""
    if len(text) > LONGEST:
        raise BadExpression(f"an expression has at most {LONGEST} characters, got {len(text)}")
    readable = _spelt(text)
    if "\n" in readable or "\r" in readable:
        raise BadExpression("an expression is one line")
    if _nesting(readable) > DEEPEST:
        raise BadExpression(f"an expression has at most {DEEPEST} nested parentheses")
    try:
        tree = _read(readable)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise BadExpression(_pointed(readable, *_misread(readable, error))) from None
    names = list(variables)
    _check(tree, readable, names, 0)

    def function(*numbers: Number) -> Number:
        return _value(tree, dict(zip(names, numbers, strict=True)))

    function.__name__ = "f"
    return function


def variables_of(text: str, given: Iterable[str] = ()) -> list[str]:
    """The names in an expression that `parsed` has understood, as they come: neither functions nor constants.

    given  names that are variables, also where a constant is called so
    """
    nodes = list(ast.walk(_read(_spelt(text))))
    called = {node.func for node in nodes if isinstance(node, ast.Call)}
    names = [node for node in nodes if isinstance(node, ast.Name) and node not in called]
    names.sort(key=lambda node: node.col_offset)
    return list(dict.fromkeys(node.id for node in names if node.id in given or node.id not in CONSTANTS))


def _spelt(text: str) -> str:
    return text.replace("×", "*").replace("−", "-").replace("·", "*")


def _read(readable: str) -> ast.expr:
    return ast.parse(readable.strip().replace("^", "**"), mode="eval").body


def _value(node: ast.expr, numbers: Mapping[str, Number]) -> Number:
    match node:
        case ast.Constant(value=value):
            return float(value)  # pyright: ignore[reportArgumentType] (checked to be a number)
        case ast.Name(id=name):
            return numbers[name] if name in numbers else CONSTANTS[name]
        case ast.BinOp():
            first, chain = _chain(node)
            value = _value(first, numbers)
            for link in chain:
                value = OPERATORS[type(link.op)](value, _value(link.right, numbers))
            return value
        case ast.UnaryOp(op=op, operand=operand):
            return OPERATORS[type(op)](_value(operand, numbers))
        case ast.Call(func=ast.Name(id=name), args=args):
            return FUNCTIONS[name](*[_value(arg, numbers) for arg in args])
        case _:
            raise AssertionError(node)  # `_check` lets nothing else through


def _check(node: ast.expr, text: str, names: list[str], depth: int) -> None:
    """BadExpression, with the column, for what is not in the whitelist."""
    node, chain = _chain(node)
    problem, inside = _problem(node, names)
    if depth > DEEPEST:
        problem = f"more than {DEEPEST} operations inside of one another"
    if problem:
        _fail(node, text, problem)
    for part in inside:
        _check(part, text, names, depth + 1)
    for link in chain:
        problem, _ = _problem(link, names)
        if problem:
            _fail(link, text, problem)
        _check(link.right, text, names, depth + 1)


def _chain(node: ast.expr) -> tuple[ast.expr, list[ast.BinOp]]:
    """What a chain such as 1 + x + x begins with, and its operations: it leans to the left, and is not nesting."""
    links = list[ast.BinOp]()
    while isinstance(node, ast.BinOp):
        links.append(node)
        node = node.left
    return node, links[::-1]


def _fail(node: ast.expr, text: str, problem: str) -> NoReturn:
    parsed_text = text.strip().replace("^", "**")
    column = len(parsed_text.encode()[: node.col_offset].decode(errors="ignore"))
    raise BadExpression(_pointed(text, _typed(text, column), problem))


def _problem(node: ast.expr, names: list[str]) -> tuple[str, list[ast.expr]]:
    """What is wrong with a node itself, if anything, and the nodes inside of it."""
    match node:
        case ast.Constant(value=bool() | complex() | str() | bytes() | None):
            return f"{node.value!r} is no real number", []
        case ast.Constant(value=int(number) | float(number)):
            return ("", []) if abs(number) < 1e308 else ("this number is too large", [])
        case ast.Name(id=name) if name in names or name in CONSTANTS:
            return "", []
        case ast.Name(id=name):
            hint = f", or {name}(…) for the function" if name in FUNCTIONS else _near(name, names)
            return f"{name!r} has no value: write {name}=… behind the expression{hint}", []
        case ast.BinOp(left=left, op=op, right=right) if type(op) in OPERATORS:
            return "", [left, right]
        case ast.UnaryOp(op=op, operand=operand) if type(op) in OPERATORS:
            return "", [operand]
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]) if name in FUNCTIONS:
            return _arity(name, len(args)), args
        case ast.Call(func=ast.Name(id=name)) if name not in FUNCTIONS:
            return f"there is no function {name!r}{_near(name, FUNCTIONS) or '; known: ' + ', '.join(TABLE)}", []
        case _:
            return "only numbers, names, + − * / // % ^ and functions are known here", []


def _arity(name: str, given: int) -> str:
    wanted = getattr(FUNCTIONS[name], "arity", {"clip": 3}.get(name, 1))
    if given == wanted if wanted else given > 0:
        return ""
    return f"{name} takes {wanted or 'one or more'} number{'s' * (wanted != 1)}, got {given}"


def _near(name: str, known: Any) -> str:
    near = get_close_matches(name, list(known), 3)
    return f"; did you mean {', '.join(near)}?" if near else ""


def _misread(text: str, error: Exception) -> tuple[int, str]:
    """The column where Python stopped to understand, and what it said, in our words where they say more."""
    message = getattr(error, "msg", str(error)) or "it is too deeply nested"
    if isinstance(error, RecursionError | MemoryError):
        message = "it is longer than Python reads, some 2,000 operations in a row: write a function, with ad.total"
    offset = getattr(error, "offset", 1)
    if not text.strip():
        return 0, "there is no expression"
    if isinstance(error, SyntaxError) and not offset:  # Python points at the line behind the last
        return len(text.rstrip()), "it ends too early: a number, a name or a function is missing here"
    column = _typed(text, (offset or 1) - 1)
    number, name = re.search(r"[\d.]+$", text[: column + 1]), re.match(r"[^\W\d]\w*", text[column + 1 :])
    if message == "invalid decimal literal" and number and name:
        message += f": write {number[0]}*{name[0]}"
    return column, message


def _typed(text: str, column: int) -> int:
    """The column in what was typed of one in what was parsed: without spaces at its ends, with ** for ^."""
    place = len(text) - len(text.lstrip())
    while column > 0 and place < len(text) - 1:
        column -= 2 if text[place] == "^" else 1
        place += 1
    return place


def _nesting(text: str) -> int:
    depth = deepest = 0
    for character in text:
        depth += (character == "(") - (character == ")")
        deepest = max(deepest, depth)
    return deepest


def _pointed(text: str, column: int, problem: str) -> str:
    start = max(0, column - 60)
    return f"column {column + 1}: {problem}\n    {text[start : start + 120]}\n    {' ' * (column - start)}^"
