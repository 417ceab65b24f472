"""check_primitive: a row of your own, tested over its domain as the rows of the table are."""

import math
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from autodiff.checking.points import amid, grid, operand_counts, points
from autodiff.checking.report import TOLERANCE, Derivatives, checked
from autodiff.checking.verdicts import PASSING
from autodiff.core.rows import Primitive
from autodiff.errors import BadExpression, WrongDerivative
from autodiff.transforms.derivatives import Mode
from autodiff.words.formulas import Tree, evaluate
from autodiff.words.grammar import parsed
from autodiff.words.notation import power
from autodiff.words.typeset import Column, Table

LETTERS = "xyzw"  # of the operands, in formulas
NEAR = 1e-9  # relative; how near a formula is to the partial, the textbook's form to the accurate one
SECOND = 12  # points at which second derivatives are compared
MODES: list[Mode] = ["forward", "reverse"]
UNTOLD = ("", "?", "none")  # for a formula
COLUMNS = (Column("check", gap=0), Column("points", ">"), Column("verdict"), Column("first fault", width=0))

Point = tuple[float, ...]


class Finding(NamedTuple):
    """What a check of a row found.

    told     at how many points it could tell
    verdict  "ok" where it could tell, "wrong", "cannot tell" at any point; of a formula "prose", or "not given"
    fault    where it is wrong first, and how
    """

    check: str
    told: int
    points: int
    verdict: str
    fault: str = ""


class PrimitiveReport(NamedTuple):
    """What `check_primitive` found, a line for each check; prints as a table."""

    name: str
    findings: list[Finding]

    @property
    def ok(self) -> bool:
        """Whether every check could tell, and found nothing wrong."""
        return all(finding.verdict not in ("wrong", "cannot tell") for finding in self.findings)

    def raise_if_wrong(self) -> "PrimitiveReport":
        """Raise WrongDerivative with the table, unless it is ok; then return the report."""
        if not self.ok:
            raise WrongDerivative(str(self))
        return self

    def __str__(self) -> str:
        cells = [(f.check, f"{f.told}/{f.points}", f.verdict, f.fault) for f in self.findings]
        lines = [line.rstrip() for line in Table(COLUMNS, cells).lines()]
        return "\n".join([*lines, f"{self.name} is {'ok' if self.ok else 'not ok'}"])


def check_primitive(row: Primitive) -> PrimitiveReport:
    """A row over its domain, tails included: what `ad.primitive` or `ad.custom_derivative` made, or one of the table.

    f         its function gives floats
    ∂f/∂x …   its partials, and second derivatives in every nesting of the modes, are those that values alone say, as
              `check_grad` compares them
    forward = reverse, to the last bit, special operands (±0, ±5e−324, ±10^±200, whole numbers, ±∞, nan) included, and
              no partial raises where the function does not
    formulas  are read by the grammar of autodiff.words.grammar, and are the partials
    """
    if not isinstance(row, Primitive):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError(f"check_primitive takes a row, as @ad.primitive makes it; got {type(row).__name__} {row!r}")
    findings: dict[str, list[Outcome]] = {}
    for count in operand_counts(row):
        for check in (_values, _derivatives, _sweeps, _formulas):
            for outcome in check(row, count):
                findings.setdefault(outcome.check, []).append(outcome)
    return PrimitiveReport(row.name, [_finding(check, outcomes) for check, outcomes in findings.items()])


class Outcome(NamedTuple):
    """Of a check at one point."""

    check: str
    verdict: str
    fault: str = ""


def _finding(check: str, outcomes: Sequence[Outcome]) -> Finding:
    verdicts = ["ok" if outcome.verdict in PASSING else outcome.verdict for outcome in outcomes]
    told = len(verdicts) - verdicts.count("cannot tell")
    verdict = "wrong" if "wrong" in verdicts else "ok" if "ok" in verdicts else verdicts[0]
    return Finding(check, told, len(verdicts), verdict, next((o.fault for o in outcomes if o.verdict == "wrong"), ""))


def _values(row: Primitive, count: int) -> Iterator[Outcome]:
    for xs in points(row, count):
        fault = _raised(row, xs) or ("gives nan" if math.isnan(row.evaluate(xs)) else "")
        yield Outcome("f", "wrong" if fault else "ok", f"{_spelt(xs)}: {fault}")


def _derivatives(row: Primitive, count: int) -> Iterator[Outcome]:
    """The partials and second derivatives, by operands that vary over the domain."""
    letters = LETTERS[:count]
    fixed = {f"∂{letter}" for letter, (low, high) in zip(letters, row.domain, strict=False) if low == high}
    for n, xs in enumerate(points(row, count)):
        if _raised(row, xs):
            continue
        derivatives = Derivatives(row, xs, {}, list(letters))
        for order in (1, 2) if n < SECOND else (1,):
            try:
                components = checked(derivatives, order, MODES, TOLERANCE)
            except Exception as error:  # noqa: BLE001 (of the user's partials: whatever it is, it is a finding)
                yield Outcome(f"∂{power(order)}f", "wrong", f"{_spelt(xs)}: {_told(error)}")
                break
            for c in components:
                if not any(letter in c.name for letter in fixed):
                    fault = f"{_spelt(xs)}: {c.analytic!r}, by {c.method} {c.numeric!r}"
                    yield Outcome(c.name, c.verdict, fault)


def _sweeps(row: Primitive, count: int) -> Iterator[Outcome]:
    """Forward against reverse, to the last bit, wherever the function gives a number."""
    for xs in chain(points(row, count), grid(count)):
        if _raised(row, xs):
            continue
        derivatives, fault = Derivatives(row, xs, {}), ""
        try:
            forward, reverse = (derivatives.nested((mode,))(xs) for mode in MODES)
            if list(map(repr, forward)) != list(map(repr, reverse)):
                fault = f"{forward} and {reverse}"
        except Exception as error:  # noqa: BLE001 (as above)
            fault = _told(error)
        yield Outcome("forward = reverse", "wrong" if fault else "ok", f"{_spelt(xs)}: {fault}")


def _formulas(row: Primitive, count: int) -> Iterator[Outcome]:
    """Each formula as it is read, against the partial, in the midst of the domain."""
    for i in range(row.arity or 1):
        formula = row.formulas[i] if row.formulas else ""
        check = f"∂f/∂{LETTERS[i]} = {formula}" if formula not in UNTOLD else f"formula of ∂f/∂{LETTERS[i]}"
        try:
            tree = None if formula in UNTOLD else parsed(formula)
        except (BadExpression, RecursionError):
            yield Outcome(check, "prose")
            continue
        if tree is None:
            yield Outcome(check, "not given")
            continue
        for xs in amid(row, count):
            yield _formula_at(check, tree, row, xs, i)


def _formula_at(check: str, tree: Tree, row: Primitive, xs: Point, i: int) -> Outcome:
    letters = dict(zip(LETTERS, xs, strict=False)) if row.arity else {"x": xs[i]}
    try:
        partial = row.partial(i, row.evaluate(xs), *xs)
        found = evaluate(tree, letters, [*xs[:i], *xs[i + 1 :]])
        verdict = "ok" if math.isclose(found, partial, rel_tol=NEAR) else "wrong"
    except KeyError as error:
        return Outcome(check, "wrong", f"there is no operand {error}")
    except (ArithmeticError, ValueError, TypeError):  # the checks above say so
        return Outcome(check, "cannot tell")
    return Outcome(check, verdict, f"{_spelt(xs)}: {found!r}, the partial is {partial!r}")


def _raised(row: Primitive, xs: Point) -> str:
    """What the function raises at a point, if anything: also where it gives no real number."""
    try:
        row.evaluate(xs)
    except Exception as error:  # noqa: BLE001 (of the user's function: whatever it is, it is a finding)
        return _told(error)
    return ""


def _told(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".partition("\n")[0]


def _spelt(xs: Point) -> str:
    return f"at {', '.join(map(repr, xs))}"
