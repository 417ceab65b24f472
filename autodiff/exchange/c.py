"""to_c: a tape as one function of C99, a line for each instruction, for whoever embeds a derivative."""

import math
import re
from collections.abc import Callable, Iterator, Sequence
from importlib.resources import files
from typing import Any
from unicodedata import normalize

from autodiff.core import primitives
from autodiff.core.rows import Primitive
from autodiff.core.slots import Place
from autodiff.errors import BadTape
from autodiff.tape.tape import Tape

table: Any = primitives
KEYWORDS = frozenset((
    "auto", "break", "case", "char", "const", "continue", "default", "do", "double", "else", "enum", "extern", "float",
    "for", "goto", "if", "inline", "int", "long", "register", "restrict", "return", "short", "signed", "sizeof",
    "static", "struct", "switch", "typedef", "union", "unsigned", "void", "volatile", "while", "main", "x", "y",
))  # fmt: skip


def nested(name: str) -> Callable[..., str]:
    """A function of two, of many by one after the other."""

    def call(*xs: str) -> str:
        first, *rest = xs
        for x in rest:
            first = f"{name}({first}, {x})"
        return first

    return call


def listed(name: str) -> Callable[..., str]:
    """A function of a number of operands and an array of them."""
    return lambda *xs: f"{name}({len(xs)}, (const double[]){{{', '.join(xs)}}})"


# How each row is written: a text with its operands in it, or a function of their texts.
FORMS: dict[Primitive, str | Callable[..., str]] = {
    table.add: "{} + {}",
    table.subtract: "{} - {}",
    table.gap: "{0} == {1} ? 0.0 : {0} - {1}",
    table.multiply: "{} * {}",
    table.chain: "chained({}, {})",
    table.divide: "{} / {}",
    table.ieee_divide: "{} / {}",
    table.negate: "-{}",
    table.power: "pow({}, {})",
    table.ieee_power: "pow({}, {})",
    table.power_slope: "power_slope({}, {}, {}, {})",
    table.floor_divide: "floor_divide({}, {})",
    table.ieee_floor_divide: "floor_divide({}, {})",
    table.modulo: "modulo({}, {})",
    table.fmod: "fmod({}, {})",
    table.reciprocal: "1.0 / {}",
    table.square: "{0} * {0}",
    table.identity: "{}",
    table.detach: "{}",
    table.absolute: "fabs({})",
    table.sign: "{0} != {0} ? {0} : sign({0})",
    table.floor: "floor({}) + 0.0",
    table.ceil: "ceil({}) + 0.0",
    table.trunc: "trunc({}) + 0.0",
    table.round: "rint({}) + 0.0",
    table.copysign: "copysign({}, {})",
    table.relu: "{0} <= 0.0 ? 0.0 : {0}",
    table.maximum: nested("larger"),
    table.minimum: nested("smaller"),
    table.where: "{} != 0.0 ? {} : {}",
    table.less: "(double)({} < {})",
    table.less_equal: "(double)({} <= {})",
    table.greater: "(double)({} > {})",
    table.greater_equal: "(double)({} >= {})",
    table.equal: "(double)({} == {})",
    table.not_equal: "(double)({} != {})",
    table.ieee_log: "log({})",
    table.ldexp: "ldexp({}, (int){})",
    table.ieee_ldexp: "ldexp({}, (int){})",
    table.hypot: listed("length"),
    table.direction: listed("direction"),
    table.extreme_direction: listed("direction"),
    table.complement: "(1.0 - {0}) * (1.0 + {0})",
    table.variance: "{0} * (1.0 - {0})",
    table.part: "{0} / ({0} + {1})",
    table.gaussian: "exp_of_square(-1.0, {})",
    table.density: "0.3989422804014327 * exp_of_square(-0.5, {})",
    table.lgamma: "loggamma({})",
    table.gamma: "{0} < 0.0 && {0} == floor({0}) ? NAN : tgamma({0})",
    table.ieee_erfinv: "erfinv({})",
}
NAMED = (  # by C's library, or by functions.c
    "exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "sqrt", "cbrt", "cbrt_slope", "sin", "cos", "tan", "asin",
    "acos", "atan", "atan2", "atan2_slope", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "sinpi", "cospi", "sinc",
    "sinc_slope", "xlogy", "entropy", "sigmoid", "softplus", "logaddexp", "logaddexp2", "share", "share2", "spread",
    "logit", "erf", "erfc", "erfinv", "erfinv_slope", "cdf", "log_cdf", "mills", "digamma", "polygamma",
)  # fmt: skip


def _call(row: Primitive) -> str:
    return f"{row.name.rstrip('′')}({', '.join(['{}'] * (row.arity or 1))})"


FORMS.update({getattr(table, name): _call(getattr(table, name)) for name in NAMED})


def to_c(tape: Tape, name: str | None = None) -> str:
    """The tape as a C99 function, `void name(const double x[n], double y[m])`, with <math.h> and nothing else.

    name  by default that of the tape's function

    x are its inputs end to end, y its outputs. Where a function is not defined, as log −1, C gives nan or ±∞. Compile
    it without -ffast-math: the sums that are written are those that are meant.

    BadTape for a row of your own, which C does not know, with its name.
    """
    title = name or _identifier(tape.name) or "f"
    if not (title.isascii() and title.isidentifier()) or title in KEYWORDS:
        raise ValueError(f"{title!r} is no name of a function in C")
    names = _names(tape)
    lines = list(_lines(tape, names))
    heading = f"void {title}(const double x[{tape.inputs.size}], double y[{tape.outputs.size}]) {{"
    body = [f"  {line}" for line in [*_inputs(tape, names, lines), *lines]]
    helpers = "\n\n".join(_helpers("\n".join(lines)))
    return "\n".join(["#include <math.h>", "", *([helpers, ""] if helpers else []), heading, *body, "}", ""])


def _lines(tape: Tape, names: Sequence[str]) -> Iterator[str]:
    live = _live(tape)
    for i, (row, operands) in enumerate(tape):
        if tape.inputs.size + i not in live:
            continue
        if row not in FORMS:
            raise BadTape(
                f"{row.name} is a function of your own, which C does not know: write it with rows of the table"
            )
        form, xs = FORMS[row], [_spelt(x, names) for x in operands]
        text = form.format(*xs) if isinstance(form, str) else form(*xs)
        yield f"const double {names[tape.inputs.size + i]} = {text};"
    for i, place in enumerate(tape.results):
        yield f"y[{i}] = {_spelt(place, names)};"


def _live(tape: Tape) -> set[int]:
    """The places that an output hangs on: a tape keeps those too that might have raised."""
    live = {x for x in tape.results if type(x) is int}  # the constant 2.0 is not the place 2
    for i, (_, operands) in reversed([*enumerate(tape, tape.inputs.size)]):
        if i in live:
            live.update(x for x in operands if type(x) is int)
    return live


def _inputs(tape: Tape, names: Sequence[str], lines: Sequence[str]) -> Iterator[str]:
    """Those of its inputs that are read."""
    used = set(re.findall(r"\w+", "\n".join(lines)))
    for i, name in enumerate(names[: tape.inputs.size]):
        if name in used:
            label = tape.labels[i] if i < len(tape.labels) else ""
            told = f"  /* {label} */" if label != name and label.isprintable() and "*/" not in label and label else ""
            yield f"const double {name} = x[{i}];{told}"
    if not used & set(names[: tape.inputs.size]):
        yield "(void)x;"


def _helpers(text: str) -> list[str]:
    """The functions that a text calls, and those that they call, in the order in which C reads them."""
    blocks = (files("autodiff.exchange") / "functions.c").read_text(encoding="utf-8").strip().split("\n\n")
    names = [re.findall(r"(\w+)\(", block)[0] for block in blocks]
    wanted, waiting = set[str](), [text]
    while waiting:
        called = set(re.findall(r"(\w+)\(", waiting.pop())) & set(names) - wanted
        wanted |= called
        waiting += [block for block, name in zip(blocks, names, strict=True) if name in called]
    return [block for block, name in zip(blocks, names, strict=True) if name in wanted]


def _names(tape: Tape) -> list[str]:
    """A name for each place: its own where that is one in C, else v and a number."""
    known = [*tape.labels, *[""] * (tape.inputs.size - len(tape.labels))]
    given = [*known, *(tape.code.names.get(tape.inputs.size + i, "") for i in range(len(tape)))]
    helpers = set(re.findall(r"\w+", (files("autodiff.exchange") / "functions.c").read_text(encoding="utf-8")))
    taken, found = KEYWORDS | helpers | set(NAMED) | {"tgamma", "length"}, list[str]()
    for i, label in enumerate(given):
        place = i - tape.inputs.size
        name, other = _identifier(label), f"v{place + 1}" if place >= 0 else f"x{i + 1}"
        name = other if not name or name in taken else name
        while name in found or name in taken:
            name += "_"
        found.append(name)
    return found


def _identifier(label: str) -> str:
    """x₁ as x1; empty for what is no name in C."""
    name = normalize("NFKC", label)
    return name if name.isascii() and name.isidentifier() and name[0] != "_" else ""


def _spelt(x: Place, names: Sequence[str]) -> str:
    if type(x) is int:
        return names[x]
    number = float(x)
    if math.isnan(number):
        return "NAN"
    text = "INFINITY" if math.isinf(number) else repr(abs(number))
    return f"(-{text})" if math.copysign(1.0, number) < 0.0 else text
