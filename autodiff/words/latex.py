"""LaTeX: what `notation` writes as text, in LaTeX's mathematics, as LaTeX, KaTeX and MathJax take it, whatever it is.

    text  ::= {piece}
    piece ::= number | name | scripts | "^" atom | "(" text ")" | √ atom | sign | any other character
    atom  ::= number | name [scripts] | "(" text ")"

What stands before and behind a / up to the next sign is a fraction.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple
from unicodedata import category

SUBSCRIPTS = dict(zip("₋₀₁₂₃₄₅₆₇₈₉ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ,", "-0123456789aehijklmnoprstuvx,", strict=True))
SUPERSCRIPTS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁽⁾ᵀ", "0123456789()T", strict=True))
ACCENTS = {"\u0307": r"\dot", "\u0304": r"\bar"}
OPERATORS = {"sin", "cos", "tan", "sinh", "cosh", "tanh", "ln", "log", "exp", "max", "min"}
GREEK = dict(
    zip(
        "αβγδεζηθικλμνξπρστυφχψωΓΔΘΛΞΠΣΥΦΨΩ",
        [
            "alpha",
            "beta",
            "gamma",
            "delta",
            "varepsilon",
            "zeta",
            "eta",
            "theta",
            "iota",
            "kappa",
            "lambda",
            "mu",
            "nu",
            "xi",
            "pi",
            "rho",
            "sigma",
            "tau",
            "upsilon",
            "varphi",
            "chi",
            "psi",
            "omega",
            "Gamma",
            "Delta",
            "Theta",
            "Lambda",
            "Xi",
            "Pi",
            "Sigma",
            "Upsilon",
            "Phi",
            "Psi",
            "Omega",
        ],
        strict=True,
    )
)
SIGNS = {
    "×": r"\times ", "·": r"\cdot ", "−": "-", "+": "+", "=": "=", "<": "<", ">": ">", "≤": r"\le ", "≥": r"\ge ",
    "≠": r"\ne ", "//": r"\mathbin{//}", "%": r"\mathbin{\%}", "?": r"\mathbin{?}", ":": ":",
    ",": ",", "…": r"\dots ", "→": r"\to ", "|": "|",
}  # fmt: skip
ATOMS = {
    "∞": r"\infty ", "∂": r"\partial ", "⌊": r"\lfloor ", "⌋": r"\rfloor ", "′": "'", "[": "[", "]": "]", ")": ")",
    ".": ".", "!": "!", ";": ";", "‖": r"\| ", "∇": r"\nabla ",
}  # fmt: skip
TEXT = {
    **{c: f"\\{c}" for c in "%#&$_{}"}, "\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"
}  # fmt: skip
LETTER = r"[^\W\d_₀-₉⁰¹²³⁴-⁹ₐₑₕ-ₜᵢᵣᵤᵥⱼ]"
TOKEN = re.compile(
    rf"(?P<number>\d+(?:\.\d+)?(?:e[−-]?\d+)?)|(?P<name>{LETTER}[\u0304\u0307]?(?:{LETTER}|[0-9]|_(?!\{{))*)"
    r"|(?P<sub>[₋₀-₉ₐₑₕ-ₜᵢᵣᵤᵥⱼ]+(?:,[₋₀-₉ₐₑₕ-ₜᵢᵣᵤᵥⱼ]+)*)|(?P<sup>[⁰¹²³⁴-⁹⁽⁾ᵀ]+)"
    r"|(?P<index>_\{[A-Za-z0-9,]+\})|(?P<space>\s+)|(?P<floor>//)|(?P<other>.[\u0304\u0307]?)",
    re.DOTALL,
)


class _Token(NamedTuple):
    kind: str
    text: str


def latex(text: str) -> str:
    """The same in LaTeX's mathematics: v̇₁ × cos v₀ as \\dot{v}_{1}\\times \\cos v_{0}."""
    tokens = [_Token(match.lastgroup or "", match[0]) for match in TOKEN.finditer(text)]
    return _Reader(tokens).text()


class _Reader:
    """Writes tokens from left to right."""

    def __init__(self, tokens: list[_Token]) -> None:
        self.tokens, self.place = tokens, 0

    @property
    def next(self) -> _Token:
        """The next token; an empty one behind the last."""
        return self.tokens[self.place] if self.place < len(self.tokens) else _Token("", "")

    def text(self, closing: str = "") -> str:
        """What comes up to a closing parenthesis, or to the end."""
        runs: list[list[str]] = [[]]  # atoms, and between them a sign each
        signs: list[str] = []
        while self.place < len(self.tokens) and self.next.text != closing:
            if self.next.text in SIGNS or self.next.text == "/":
                signs.append(self.take().text)
                runs.append([])
            else:
                runs[-1].append(self.piece(runs[-1]))
        return "".join(_joined(["".join(run) for run in runs], signs))

    def take(self) -> _Token:
        self.place += 1
        return self.tokens[self.place - 1]

    def piece(self, before: list[str]) -> str:
        """The next atom or script."""
        if _is_script(self.next):
            script = self.script()
            return "{}" * _has(before, script[0]) + script  # a second one of its kind needs a base of its own
        if self.next.text == "(":
            return f"({self.inside()})"
        if self.next.text in ("√", "∛"):
            root = self.take().text
            return rf"\sqrt{'[3]' * (root == '∛')}{{{self.atom()}}}"
        return _written(*self.take())

    def script(self) -> str:
        kind, text = self.take()
        if kind == "index":
            return text
        if kind == "sub":
            return f"_{{{''.join(map(SUBSCRIPTS.__getitem__, text))}}}"
        if kind == "sup":
            return f"^{{{''.join(map(SUPERSCRIPTS.__getitem__, text))}}}"
        return f"^{{{self.atom()}}}"

    def inside(self) -> str:
        """What stands in parentheses, one that is not closed included."""
        self.take()
        found = self.text(")")
        if self.next.text:
            self.take()
        return found

    def atom(self) -> str:
        """What a root or a power reaches over: parentheses go."""
        while self.next.kind == "space":
            self.take()
        if self.next.text == "−":
            self.take()
            return f"-{self.atom()}"
        if self.next.text in ("", ")"):
            return ""
        if self.next.text == "(":
            return self.inside()
        found = [self.piece([])]
        while _is_script(self.next):
            found.append(self.piece(found))
        return "".join(found)


def _is_script(token: _Token) -> bool:
    return token.kind in ("sub", "sup", "index") or token.text == "^"


def _has(pieces: list[str], sign: str) -> bool:
    """Whether the last base has a script of a sign, ^ or _."""
    for piece in reversed(pieces):
        if piece.isspace():
            continue
        script = piece.removeprefix("{}")
        if script[:1] not in ("^", "_"):
            return False
        if script[0] == sign or script != piece:
            return script[0] == sign
    return False


def _joined(runs: list[str], signs: list[str]) -> Iterator[str]:
    """Runs with the signs between them; of a / both sides as a fraction."""
    above = runs[0]
    for sign, run in zip(signs, runs[1:], strict=True):
        if sign == "/":
            above = rf"\frac{{{_bare(above)}}}{{{_bare(run)}}} "
        else:
            yield above
            yield SIGNS[sign]
            above = run
    yield above


def _bare(text: str) -> str:
    """Without the parentheses around all of it."""
    text, depth = text.strip(), 0
    for place, c in enumerate(text[:-1]):
        depth += (c == "(") - (c == ")")
        if not depth and place < len(text) - 1:
            return text
    return text[1:-1] if text[:1] == "(" and text[-1:] == ")" else text


def _written(kind: str, text: str) -> str:
    if kind == "space":
        return " "
    if kind == "number":
        mantissa, _, exponent = text.replace("−", "-").partition("e")
        return rf"{mantissa}\cdot 10^{{{exponent}}}" if exponent else mantissa
    accent = ACCENTS.get(text[1:2], "")
    text = text[0] + text[2:] if accent else text
    found = _name(text) if kind == "name" else ATOMS.get(text) or SIGNS.get(text) or _text(text)
    return f"{accent}{{{found.strip()}}}" if accent else found


def _name(name: str) -> str:
    if name in OPERATORS:
        return f"\\{name} "
    if name in GREEK:
        return f"\\{GREEK[name]} "
    if name.isascii():
        return name if len(name) == 1 else rf"\operatorname{{{_escaped(name)}}} "
    return _text(name)


def _text(text: str) -> str:
    """Characters that mathematics has no sign for; an accent that stands alone goes."""
    kept = "".join(c for c in text if category(c)[0] != "M")
    return rf"\text{{{_escaped(kept)}}}" if kept.isprintable() else " "


def _escaped(text: str) -> str:
    return "".join(TEXT.get(c, c) for c in text)
