"""The formulas that rows carry for people, as trees: the number of one, and how it is written of other operands."""

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import chain, zip_longest
from typing import Any, NamedTuple

from autodiff.core.rows import TABLE, Number

FUNCTIONS: Mapping[str, Callable[..., Any]] = TABLE
CONSTANTS = {"e": math.e, "π": math.pi}
DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹′", "01234567891")
MEANINGS = {"beside": "multiply", "parentheses": "identity"}
LOOSE = {  # bind no tighter than ×
    "add", "subtract", "multiply", "negate", "beside", "choice",
    "less", "less_equal", "greater", "greater_equal", "equal", "not_equal",
}  # fmt: skip


class Tree(NamedTuple):
    """A formula, or a part of one.

    kind      the function of the table that it is of its operands; else number, letter, constant, parentheses, beside,
              each (x² + …), choice (a if b else c), raised (tan² x: 2 and tan x)
    text      as it is spelt, from the column `start`
    operands  the parts, in the order of writing
    """

    kind: str
    text: str
    start: int
    operands: "tuple[Tree, ...]" = ()

    @property
    def end(self) -> int:
        """The column behind it."""
        return self.start + len(self.text)

    @property
    def spelling(self) -> list[str]:
        """What is written before the first operand, between them, and behind the last."""
        begins, ends = [x.start for x in self.operands], [x.end for x in self.operands]
        gaps = zip([self.start, *ends], [*begins, self.end], strict=True)
        return [self.text[begin - self.start : end - self.start] for begin, end in gaps]


def evaluate(
    tree: Tree,
    letters: Mapping[str, Number],
    others: Sequence[Number] = (),
    functions: Mapping[str, Callable[..., Any]] = FUNCTIONS,
) -> Number:
    """The number that a formula is, its letters standing for numbers.

    others     the operands beside x that `…` stands for
    functions  what the names of the table mean
    """

    def of(part: Tree) -> Number:
        return evaluate(part, letters, others, functions)

    match tree.kind:
        case "number":
            return float(tree.text.translate(DIGITS))
        case "letter":
            return letters[tree.text]
        case "constant":
            return CONSTANTS[tree.text]
        case "each":
            return sum(evaluate(tree.operands[0], {"x": x}, (), functions) for x in (letters["x"], *others))
        case "choice":
            taken, condition, otherwise = tree.operands
            return of(taken if of(condition) else otherwise)
        case "raised":
            exponent, base = map(of, tree.operands)
            return functions["power"](base, exponent)
        case kind:
            return functions[MEANINGS.get(kind, kind)](*map(of, tree.operands))


def spelt(tree: Tree, letters: Mapping[str, str]) -> str:
    """The formula as it is spelt, with other texts for its letters, and × before a number that would join its left."""
    if not tree.operands:
        return letters.get(tree.text, tree.text)
    parts, spelling = [spelt(part, letters) for part in tree.operands], tree.spelling
    if tree.kind == "beside" and _joins(parts[0], spelling[1], parts[1]):
        spelling[1] = " × "
    elif tree.kind not in LOOSE and tree.operands[-1].kind == "beside" and " × " in parts[-1] and not spelling[-1]:
        parts[-1] = f"({parts[-1]})"  # 1 / 2x at 5
    return "".join(chain.from_iterable(zip_longest(spelling, parts, fillvalue="")))


def _joins(left: str, gap: str, right: str) -> bool:
    """Whether what stands beside each other would be read as one: 2x at 5, 2x at loss, xy at a and b."""
    named = (right[:2].isalpha() and len(right) > 1) or (left[-1:].isalpha() and right[:1].isalpha())
    return right[:1].isdigit() or (not gap and named)
