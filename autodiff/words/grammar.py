"""The grammar of the formulas that rows carry for people, and the reader that follows it, a method for each rule.

    formula   ::= sum ["if" sum relation sum "else" formula]
    relation  ::= "<" | "≤" | ">" | "≥" | "=" | "≠"
    sum       ::= ["−"] term {("+" | "−") term}
    term      ::= product ["+" "…"]                              x² + … is the sum of the squares of all operands
    product   ::= beside {("×" | "/") beside}
    beside    ::= power {power}                                  1 / 2x is 1 / (2x); only the first begins with a number
    power     ::= atom [superscript | "^" ["−"] power]
    atom      ::= number | letter | "e" | "π" | "(" formula ")" | "⌊" formula "⌋" | call
    call      ::= function [superscript] argument | root (arguments | power) | "ψ" order argument
    order     ::= "′" | "^" "(" formula ")"                      ψ′ is ψ^(1)
    argument  ::= arguments | call | plain {plain}               sin 2x is sin (2x); sin x cos x is a product
    plain     ::= power                                          one that begins with a number, a letter, e, π or a root
    arguments ::= "(" formula {"," formula} ")"

A function goes by the name of its row, its other names and its symbol; the letters are x, y, z, w; ∛x² is ∛(x²), and
tan² x is (tan x)². Signs may be typed: - for −, * and · for ×.
"""

import re
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from functools import lru_cache
from typing import NamedTuple, NoReturn

from autodiff.core.rows import TABLE
from autodiff.errors import BadExpression
from autodiff.words.formulas import CONSTANTS, FUNCTIONS, Tree

KINDS = {
    **dict.fromkeys("xyzw", "letter"), **dict.fromkeys(CONSTANTS, "constant"),
    **dict.fromkeys("√∛", "root"), **dict.fromkeys("(⌊", "opening"),
}  # fmt: skip
PLAIN = {"letter", "constant", "root"}  # what a power begins with where it stands beside another: in an argument
FOLLOWING = PLAIN | {"function", "opening"}  # and elsewhere
RELATIONS = {"<": "less", "≤": "less_equal", ">": "greater", "≥": "greater_equal", "=": "equal", "≠": "not_equal"}
MINUS = {"−": "subtract", "-": "subtract"}
SUMS = {"+": "add", **MINUS}
PRODUCTS = {"×": "multiply", "*": "multiply", "·": "multiply", "/": "divide"}
# xy is x beside y; the last is the end
TOKEN = re.compile(r"\d+(?:\.\d+)?|[⁰¹²³⁴-⁹]+|[xyzw](?=[xyzw]*(?![A-Za-z0-9_]))|[A-Za-z][A-Za-z0-9_]*|\S|\Z")


@lru_cache
def parsed(text: str) -> Tree:
    """The tree of a formula; BadExpression, with the column, for what is none."""
    reader = _Reader(text)
    tree = reader.formula()
    return tree if not reader.token.text else reader.fail()


class _Token(NamedTuple):
    text: str
    start: int
    kind: str  # number, superscript, letter, constant, root, opening, function, sign
    row: str  # the name of a function


def _token(match: re.Match[str]) -> _Token:
    text = match[0]
    kind = "number" if text[:1].isdecimal() else "superscript" if text[:1].isdigit() else KINDS.get(text, "")
    row = _function(text) if kind in ("", "root") else ""
    return _Token(text, match.start(), kind or ("function" if row else "sign"), row)


def _function(word: str) -> str:
    """The name of the function that goes by a word or a sign; empty where none does."""
    if word in FUNCTIONS:
        return word
    rows = TABLE.values() if word.isidentifier() or word in KINDS else ()  # + has no argument behind it
    return next((row.name for row in rows if word == row.symbol or word in row.aliases), "")


class _Reader:
    """Reads a text from left to right; a method for each rule of the grammar."""

    def __init__(self, text: str) -> None:
        self.text, self.place = text, 0
        self.tokens = [_token(match) for match in TOKEN.finditer(text)]

    @property
    def token(self) -> _Token:
        return self.tokens[self.place]

    def take(self, *wanted: str) -> _Token:
        """The token, which is one of those wanted."""
        token = self.token
        if wanted and token.text not in wanted:
            self.fail(f": {' or '.join(wanted)} is missing")
        self.place += 1
        return token

    def fail(self, remedy: str = "") -> NoReturn:
        problem = f"{self.token.text!r} is not understood here" if self.token.text else "the formula ends too early"
        column = self.token.start
        raise BadExpression(f"column {column + 1}: {problem}{remedy}\n    {self.text}\n    {' ' * column}^")

    def tree(self, kind: str, start: int, *operands: Tree) -> Tree:
        """What was read from a column to the last token."""
        last = self.tokens[self.place - 1]
        return Tree(kind, self.text[start : last.start + len(last.text)], start, operands)

    def infix(self, left: Tree, signs: Mapping[str, str], part: Callable[[], Tree]) -> Tree:
        while kind := signs.get(self.token.text):
            self.take()
            left = self.tree(kind, left.start, left, part())
        return left

    def negated(self, part: Callable[[], Tree]) -> Tree:
        if self.token.text not in MINUS:
            return part()
        sign = self.take()
        return self.tree("negate", sign.start, part())

    def formula(self) -> Tree:
        taken = self.sum()
        if self.token.text != "if":
            return taken
        self.take()
        left = self.sum()
        relation = RELATIONS[self.take(*RELATIONS).text]
        condition = self.tree(relation, left.start, left, self.sum())
        self.take("else")
        return self.tree("choice", taken.start, taken, condition, self.formula())

    def sum(self) -> Tree:
        return self.infix(self.negated(self.term), SUMS, self.term)

    def term(self) -> Tree:
        product = self.infix(self.beside(FOLLOWING), PRODUCTS, lambda: self.beside(FOLLOWING))
        if [token.text for token in self.tokens[self.place : self.place + 2]] != ["+", "…"]:
            return product
        self.place += 2
        return self.tree("each", product.start, product)

    def beside(self, following: AbstractSet[str]) -> Tree:
        left = self.power()
        while self.token.kind in following:
            left = self.tree("beside", left.start, left, self.power())
        return left

    def power(self) -> Tree:
        base = self.atom()
        if self.token.kind == "superscript":
            return self.tree("power", base.start, base, self.leaf("number"))
        if self.token.text != "^":
            return base
        self.take()
        return self.tree("power", base.start, base, self.negated(self.power))

    def leaf(self, kind: str) -> Tree:
        return self.tree(kind, self.take().start)

    def atom(self) -> Tree:
        match self.token.kind:
            case "number" | "letter" | "constant" as kind:
                return self.leaf(kind)
            case "opening":
                opening = self.take()
                kind, closing = ("parentheses", ")") if opening.text == "(" else ("floor", "⌋")
                inside = self.formula()
                self.take(closing)
                return self.tree(kind, opening.start, inside)
            case "function" | "root":
                return self.call()
            case _:
                return self.fail()

    def call(self) -> Tree:
        function = self.take()
        if function.row == "digamma" and self.token.text in ("′", "^"):
            return self.applied(function._replace(row="polygamma"), function.start, self.order())
        if self.token.kind != "superscript":
            return self.applied(function, function.start)
        exponent = self.leaf("number")
        return self.tree("raised", function.start, exponent, self.applied(function, exponent.end))

    def order(self) -> Tree:
        if self.token.text == "′":
            return self.leaf("number")
        self.take("^")
        self.take("(")
        order = self.formula()
        self.take(")")
        return order

    def applied(self, function: _Token, start: int, *first: Tree) -> Tree:
        operands = [*first, *(self.arguments() if self.token.text == "(" else [self.bare(function)])]
        wanted = getattr(FUNCTIONS[function.row], "arity", 1)
        if wanted not in (0, len(operands)):
            self.fail(f": {function.row} takes {wanted} operand{'s' * (wanted != 1)}, got {len(operands)}")
        return self.tree(function.row, start, *operands)

    def arguments(self) -> list[Tree]:
        self.take("(")
        operands = [self.formula()]
        while self.take(")", ",").text == ",":
            operands.append(self.formula())
        return operands

    def bare(self, function: _Token) -> Tree:
        """An argument without parentheses."""
        if function.kind == "root":
            return self.power()
        return self.call() if self.token.kind == "function" else self.beside(PLAIN)
