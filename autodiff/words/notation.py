"""How textbooks write it: v₋₁, v̇₂, v̄₃, expressions with names or with numbers in them; as text and as LaTeX."""

import math
import re
from collections.abc import Callable, Sequence
from typing import Any

from autodiff.core.rows import Primitive

DOT, BAR = "\u0307", "\u0304"  # combining: v̇, v̄
DIGITS = 4  # decimals of a number that is looked at
SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
SUBSCRIPTS = str.maketrans("-0123456789", "₋₀₁₂₃₄₅₆₇₈₉")
INFIX = frozenset(["+", "−", "×", "/", "^", "%", "//", "<", "≤", ">", "≥", "=", "≠"])


def subscripted(name: str) -> str:
    """x1 as x₁; a name without digits at its end as it is."""
    match = re.fullmatch(r"([^\d\W]+?)_?(\d+)", name)
    return match[1] + match[2].translate(SUBSCRIPTS) if match else name


def accented(name: str, accent: str) -> str:
    """A name with a dot or a bar on its first letter."""
    return name[0] + accent + name[1:]


def written(x: float, digits: int) -> str:
    """A number with so many decimals, no zeros at its end."""
    if not math.isfinite(x):
        return str(x).replace("inf", "∞").replace("-", "−")
    large = abs(x) >= 1e7 or (x != 0.0 and abs(x) < 0.5 * 10.0**-digits)
    mantissa, *exponent = (f"{x:.{digits}e}" if large else f"{x:.{digits}f}").split("e")
    mantissa = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
    text = "e".join([mantissa, *(str(int(e)) for e in exponent)])
    return "0" if text in ("-0", "0") else text.replace("-", "−")


def writer(digits: int) -> Callable[[float], str]:
    """What writes numbers with so many decimals; ValueError where that is no whole number from 0 to 16."""
    if type(digits) is not int or digits not in range(17):
        raise ValueError(f"digits is a whole number from 0 to 16, got {digits!r}")
    return lambda x: written(x, digits)


def grouped(text: str) -> str:
    """In parentheses where it begins with a sign or has one inside."""
    return f"({text})" if re.search(r"^−| [+−/] ", text) else text


def applied(primitive: Primitive, operands: Sequence[str]) -> str:
    """The primitive of operands, as it is written: v₁ + v₂, sin v₀, maximum(v₁, v₂)."""
    symbol = primitive.symbol
    if symbol in INFIX and len(operands) == 2:
        left, right = operands[0], operands[1]
        if symbol in "+−" and right.startswith("−"):
            return f"{left} {'−' if symbol == '+' else '+'} {right[1:]}"
        return f"{grouped(left) if symbol == '^' else left} {symbol} {grouped(right)}"
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
    letters = dict(zip("xyzw", names, strict=False)) if primitive.arity else {"x": names[position]}
    filled = re.sub(r"(?<![A-Za-zψσ])[xyzw](?![A-Za-z])", lambda m: grouped(letters.get(m[0], m[0])), formula)
    return "" if formula in ("none", "?") else filled


def summed(terms: Sequence[str]) -> str:
    """Terms with + between them, or − where one begins with it; 0 of none."""
    text = " + ".join(terms) or "0"
    return text.replace("+ −", "− ")


def _script(match: re.Match[str]) -> str:
    return "_{" + match[0].translate(str.maketrans("₋₀₁₂₃₄₅₆₇₈₉", "-0123456789")) + "}"


def _escaped(match: re.Match[str]) -> str:
    return "\\" + match[0]


NESTED = r"\(([^()]*(?:\([^()]*\)[^()]*)*)\)"  # parentheses, and one more pair inside
ATOM = r"([A-Za-z0-9.₋₀-₉π]+)"
LATEX: tuple[tuple[str, Any], ...] = (
    (r"[%#&$_{}]", _escaped),
    (r"\^ ?" + NESTED, r"^{\1}"), (r"\^ ?" + ATOM, r"^{\1}"),
    (r"√" + NESTED, r"\\sqrt{\1}"), (r"√" + ATOM, r"\\sqrt{\1}"),
    (r"∛" + NESTED, r"\\sqrt[3]{\1}"), (r"∛" + ATOM, r"\\sqrt[3]{\1}"),
    (r"(\w)\u0307", r"\\dot{\1}"), (r"(\w)\u0304", r"\\bar{\1}"), (r"[₋₀-₉]+", _script),
    (r"(?<![\\A-Za-z])(sin|cos|tan|sinh|cosh|tanh|ln|exp|max|min)(?![A-Za-z])", r"\\\1 "),
    (r"(?<![\\A-Za-z{])([A-Za-z][A-Za-z0-9]+)(?![A-Za-z{])", r"\\operatorname{\1} "),
    (r"(?<=\d)e(-?−?\d+)", r"\\cdot 10^{\1}"), (r"²", "^2"), (r"×", r"\\times "), (r"−", "-"), (r"∞", r"\\infty "),
    (r"∂", r"\\partial "), (r"σ", r"\\sigma "), (r"ψ", r"\\psi "),
    (r"π", r"\\pi "), (r"≤", r"\\le "), (r"≥", r"\\ge "), (r"≠", r"\\ne "),
    (r"⌊", r"\\lfloor "), (r"⌋", r"\\rfloor "), (r"…", r"\\dots "), (r"′", "'"),
)  # fmt: skip


def latex(text: str) -> str:
    """The same in LaTeX's mathematics."""
    for pattern, replacement in LATEX:
        text = re.sub(pattern, replacement, text)
    return text
