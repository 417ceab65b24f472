"""How textbooks write it: v₋₁, v̇₂, v̄₃, expressions with names or with numbers in them."""

import math
import re
from collections.abc import Callable, Sequence
from functools import cache, partial

from autodiff.core.rows import Primitive
from autodiff.errors import BadExpression
from autodiff.words import latex
from autodiff.words.formulas import spelt
from autodiff.words.grammar import parsed

DOT, BAR = "\u0307", "\u0304"  # combining: v̇, v̄
DIGITS = 4  # of a number that is looked at
SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
SUBSCRIPTS = str.maketrans("-0123456789", "₋₀₁₂₃₄₅₆₇₈₉")
INDICES = {index: sign for sign, index in latex.SUBSCRIPTS.items()}
COMPARISONS = frozenset(["<", "≤", ">", "≥", "=", "≠"])
LETTER = re.compile(r"(\d?)(?<![A-Za-zψσ])([xyzw])(?![A-Za-z0-9_])")  # of a formula in prose
TRUTH = {"1": "true", "0": "false"}  # of a condition
INFIX = frozenset(["+", "−", "×", "/", "^", "%", "//"]) | COMPARISONS


def subscripted(name: str) -> str:
    """x1 and x_1 as x₁, w_ij as wᵢⱼ, \\alpha_{i,j} as αᵢ,ⱼ; any other name as it is."""
    match = re.fullmatch(r"(\\?[^\d\W_]+?)(?:_?(\d+)|_([a-z]{1,2})|_\{([\w,]+)\})?", name)
    if match is None:
        return name
    base, index = match[1], match[2] or match[3] or match[4] or ""
    letter = {f"\\{spelling}": letter for letter, spelling in latex.GREEK.items()}.get(base, base)
    known = (len(letter) == 1 or match[2]) and not letter.startswith("\\") and all(c in INDICES for c in index)
    return letter + "".join(map(INDICES.__getitem__, index)) if known else name


def power(n: int) -> str:
    """How a power is written: ², and nothing for 1."""
    return "" if n == 1 else str(n).translate(SUPERSCRIPTS)


def accented(name: str, accent: str) -> str:
    """A name with a dot or a bar on its first letter."""
    return name[0] + accent + name[1:]


def written(x: float, digits: int) -> str:
    """A number with so many decimals, below 1 with so many significant digits; no zeros at its end."""
    if not math.isfinite(x):
        return str(x).replace("inf", "∞").replace("-", "−")
    form = f".{digits}e" if abs(x) >= 1e7 else f".{digits}f" if abs(x) >= 1.0 else f".{max(digits, 1)}g"
    mantissa, *exponent = f"{x:{form}}".split("e")
    mantissa = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
    text = "e".join([mantissa, *(str(int(e)) for e in exponent)])
    return "0" if text in ("-0", "0") else text.replace("-", "−")


def writer(digits: int) -> Callable[[float], str]:
    """What writes numbers with so many decimals; ValueError where that is no whole number from 0 to 16."""
    if type(digits) is not int or digits not in range(17):
        raise ValueError(f"digits is a whole number from 0 to 16, got {digits!r}")
    return cache(partial(written, digits=digits))  # in a table every number stands several times


def grouped(text: str) -> str:
    """In parentheses where it begins with a sign or has one inside that stands in none yet."""
    if " " not in text and text[:1] != "−":
        return text
    return f"({text})" if re.search(r"^−| [+−/] ", re.sub(r"\([^()]*\)", "", text)) else text


def applied(primitive: Primitive, operands: Sequence[str]) -> str:
    """The primitive of operands, as it is written: v₁ + v₂, sin v₀, maximum(v₁, v₂)."""
    symbol = primitive.symbol
    if symbol in INFIX and len(operands) == 2:
        left, right = operands[0], operands[1]
        if symbol in "+−" and right.startswith("−"):
            return f"{left} {'−' if symbol == '+' else '+'} {right[1:]}"
        return f"{grouped(left) if symbol == '^' else left} {symbol} {grouped(right)}"
    if symbol == "where" and len(operands) == 3:
        condition, taken, other = operands
        return f"{TRUTH.get(condition, condition)} ? {taken} : {other}"
    if len(operands) == 1:
        space = "" if symbol in "−√∛" else " "
        return f"{operands[0]}²" if symbol == "²" else f"{symbol}{space}{grouped(operands[0])}"
    return f"{symbol}({', '.join(operands)})"


def chain_term(rate: str, primitive: Primitive, position: int, names: Sequence[str], partial: str) -> str:
    """A rate times a partial: v̇₁ × cos v₀. `partial` stands where the row has no formula to be filled in."""
    constant = primitive.partials[position] if primitive.arity else None
    if isinstance(constant, float) and abs(constant) == 1.0:
        return rate if constant > 0 else f"−{grouped(rate)}"
    filled = slope(primitive, position, names)
    if not filled or " if " in filled or primitive.arity not in (1, 2):
        return f"{rate} × {grouped(partial)}"
    return f"{rate} / {grouped(filled[4:])}" if filled.startswith("1 / ") else f"{rate} × {grouped(filled)}"


def slope(primitive: Primitive, position: int, names: Sequence[str]) -> str:
    """The formula of a partial with the names of the operands in it; empty where the row has none."""
    formulas = primitive.formulas
    formula = formulas[min(position, len(formulas) - 1)] if formulas else ""
    if formula in ("", "none", "?"):
        return ""
    shown = map(grouped, names if primitive.arity else [names[position]])
    letters = dict(zip("xyzw", shown, strict=False))
    try:
        return spelt(parsed(formula), letters)
    except (BadExpression, RecursionError):  # prose
        return LETTER.sub(lambda m: _beside(m[1], letters.get(m[2], m[2])), formula)


def _beside(left: str, right: str) -> str:
    return f"{left} × {right}" if left and right[:1].isdigit() else left + right


def summed(terms: Sequence[str]) -> str:
    """Terms with + between them, or − where one begins with it; 0 of none."""
    text = " + ".join(terms) or "0"
    return text.replace("+ −", "− ")
