"""LaTeX: what `notation` writes as text, in LaTeX's mathematics."""

import re
from typing import Any


def latex(text: str) -> str:
    """The same in LaTeX's mathematics: v̇₁ × cos v₀ as \\dot{v}_{1} \\times \\cos v_{0}."""
    for pattern, replacement in RULES:
        text = re.sub(pattern, replacement, text)
    return text


def _script(match: re.Match[str]) -> str:
    return "_{" + match[0].translate(str.maketrans("₋₀₁₂₃₄₅₆₇₈₉", "-0123456789")) + "}"


def _escaped(match: re.Match[str]) -> str:
    return "\\" + match[0]


NESTED = r"\(([^()]*(?:\([^()]*\)[^()]*)*)\)"  # parentheses, and one more pair inside
ATOM = r"([A-Za-z0-9.₋₀-₉π]+)"
RULES: tuple[tuple[str, Any], ...] = (
    (r"[%#&$_{}]", _escaped),
    (r"\^ ?" + NESTED, r"^{\1}"), (r"\^ ?" + ATOM, r"^{\1}"),
    (r"√" + NESTED, r"\\sqrt{\1}"), (r"√" + ATOM, r"\\sqrt{\1}"),
    (r"∛" + NESTED, r"\\sqrt[3]{\1}"), (r"∛" + ATOM, r"\\sqrt[3]{\1}"),
    (r"(\w)\u0307", r"\\dot{\1}"), (r"(\w)\u0304", r"\\bar{\1}"), (r"[₋₀-₉]+", _script),
    (r"(?<![\\A-Za-z])(sin|cos|tan|sinh|cosh|tanh|ln|exp|max|min)(?![A-Za-z])", r"\\\1 "),
    (r"(?<![\\A-Za-z{])([A-Za-z][A-Za-z0-9]+)(?![A-Za-z{])", r"\\operatorname{\1} "),
    (r"(?<=\d)e(-?−?\d+)", r"\\cdot 10^{\1}"), (r"²", "^2"), (r"×", r"\\times "), (r"−", "-"), (r"∞", r"\\infty "),
    (r"∂", r"\\partial "), (r"σ", r"\\sigma "), (r"ψ", r"\\psi "), (r"Γ", r"\\Gamma "),
    (r"Φ", r"\\Phi "), (r"φ", r"\\varphi "),
    (r"π", r"\\pi "), (r"≤", r"\\le "), (r"≥", r"\\ge "), (r"≠", r"\\ne "),
    (r"⌊", r"\\lfloor "), (r"⌋", r"\\rfloor "), (r"…", r"\\dots "), (r"′", "'"),
)  # fmt: skip
