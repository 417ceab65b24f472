"""Stepping: a graph's evaluation and both sweeps, one multiplication of the chain rule at a time, as data.

    for step in ad.steps(f, 2.0, 5.0):
        print(step)

Nothing here differentiates: reverse steps are those that `backward` drains, forward steps are Duals.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple, TypeAlias, cast

from autodiff import reverse
from autodiff.dual import Dual
from autodiff.floats import ZERO, is_zero
from autodiff.listing import Listing, listed
from autodiff.notation import BAR, DOT, accented, grouped, written
from autodiff.value import Value

Sweep: TypeAlias = Literal["evaluate", "forward", "reverse"]
SWEEPS: tuple[Sweep, ...] = ("evaluate", "forward", "reverse")
DIGITS = 4  # decimals in a sentence


class Step(NamedTuple):
    """One step of a sweep.

    phase         "evaluate", "forward" or "reverse"
    node          evaluate: what is computed; forward: what receives the contribution; reverse: what hands it on
    operand       forward: the operand that hands it on; reverse: the one that receives it; None for evaluate and seeds
    position      which operand of the node that is
    partial       ∂node/∂operand, a number, and `formula`, the same in names
    contribution  what is added: v̇ⱼ·∂vᵢ/∂vⱼ to v̇ᵢ, or v̄ᵢ·∂vᵢ/∂vⱼ to v̄ⱼ; the seed itself; of evaluate, the value
    before, after the tangent or adjoint that receives it; before is None for evaluate
    sentence      x̄₂ += v̄₄·∂v₄/∂x₂ = 1 × 2 = 2   (0 → 2)
    """

    phase: Sweep
    node: Any
    operand: Any
    position: int | None
    partial: float | None
    formula: str
    contribution: float
    before: float | None
    after: float
    sentence: str

    def __str__(self) -> str:
        return f"{self.phase:<8}  {self.sentence}"


def steps(
    target: Any,
    *args: Any,
    sweep: Sweep | None = None,
    tangents: Sequence[float] | Mapping[Value, float] | None = None,
    adjoints: Sequence[float] | None = None,
    digits: int = DIGITS,
) -> Iterator[Step]:
    """The steps of `ad.steps(output)` or `ad.steps(f, *args)`: evaluation, forward sweep, reverse sweep.

    sweep     one of these alone
    tangents  ẋ for each input, or by leaf; arguments that are Duals give theirs; by default 1 for the first, else 0
    adjoints  ȳ for each output; by default 1 for the first, else 0
    digits    decimals in sentences; numbers in the steps are exact
    """
    if sweep is not None and sweep not in SWEEPS:
        raise ValueError(f"sweep is one of {', '.join(SWEEPS)}, or None for all of them; got {sweep!r}")
    listing, rates, seeds = seeded(target, args, "steps", tangents, adjoints)
    teller = Teller(listing, digits)
    parts = {"evaluate": teller.evaluation(), "forward": teller.forward(rates), "reverse": teller.reverse(seeds)}
    return (step for name in ((sweep,) if sweep else SWEEPS) for step in parts[name])


def seeded(
    target: Any,
    args: Sequence[Any],
    verb: str,
    tangents: Sequence[float] | Mapping[Value, float] | None,
    adjoints: Sequence[float] | None,
) -> tuple[Listing, list[float], list[float]]:
    """A listing, ẋ of each of its inputs, and ȳ of each of its outputs."""
    by_leaf = tangents if isinstance(tangents, Mapping) else None
    listing = listed(target, args, verb, by_leaf)
    given = listing.tangents if tangents is None or by_leaf is not None else cast("Sequence[float]", tangents)
    rates = _seeds(given, listing.inputs, "tangents", "inputs")
    return listing, rates, _seeds(adjoints, len(listing.outputs), "adjoints", "outputs")


def _seeds(given: Sequence[float] | None, count: int, what: str, of: str) -> list[float]:
    """A seed for each input or output; by default the first is 1 and the others are 0."""
    chosen = [float(i == 0) for i in range(count)] if given is None else [float(x) for x in given]
    if len(chosen) != count:
        raise ValueError(f"{what} are a list with a number for each of the {count} {of}, got {len(chosen)}")
    return chosen


class Teller:
    """Tells the steps of a listing, with names."""

    def __init__(self, listing: Listing, digits: int) -> None:
        if digits not in range(17):
            raise ValueError(f"digits is a whole number from 0 to 16, got {digits!r}")
        self.listing, self.digits = listing, digits

    def number(self, x: float) -> str:
        """A number as sentences write it."""
        return written(x, self.digits)

    def evaluation(self) -> Iterator[Step]:
        """Inputs, then each node after its operands."""
        listing = self.listing
        for slot, node in enumerate(listing.nodes):
            value = listing.numbers[slot]
            parts = [listing.names[slot], listing.expression(slot, self.number), listing.computation(slot, self.number)]
            shown = dict.fromkeys([*filter(None, parts), self.number(value)])
            yield Step("evaluate", node, None, None, None, "", value, None, value, " = ".join(shown))

    def forward(self, rates: Sequence[float]) -> Iterator[Step]:
        """Forward accumulation: v̇ᵢ += v̇ⱼ·∂vᵢ/∂vⱼ for each operand j, node after node."""
        listing, tangents = self.listing, dict[int, float]()
        for slot, rate in enumerate(rates):
            if rate:
                tangents[slot] = rate
                yield self._seed("forward", slot, DOT, ZERO, rate)
        for slot, node in enumerate(listing.order, listing.inputs):
            for position, x in enumerate(listing.operands[slot]):
                rate = tangents.get(x, ZERO) if type(x) is int else ZERO
                contribution = ZERO if is_zero(rate) else _pushed(node, position, rate)
                if contribution is ZERO:  # nothing comes this way
                    continue
                before = tangents.get(slot, ZERO)
                after = tangents[slot] = contribution if before is ZERO else before + contribution
                slope = _pushed(node, position, 1.0)
                yield self._told("forward", slot, position, (slope, contribution, before, after), rate)

    def reverse(self, rates: Sequence[float]) -> Iterator[Step]:
        """Reverse accumulation: v̄ⱼ += v̄ᵢ·∂vᵢ/∂vⱼ for each operand j, from the outputs back: the sweep of `backward`."""
        listing, adjoints = self.listing, dict[Any, Any]()
        for slot, rate in zip(listing.outputs, rates, strict=True):
            if rate:
                before = adjoints.get(listing.nodes[slot], ZERO)
                adjoints[listing.nodes[slot]] = before + rate
                yield self._seed("reverse", slot, BAR, before, rate)
        for step in reverse.steps(None, adjoints, order=listing.order):
            slot, told = listing.slots[step.node], (step.partial, step.contribution, step.before, step.after)
            yield self._told("reverse", slot, step.position, told, adjoints[step.node])

    def _seed(self, phase: Sweep, slot: int, accent: str, before: float, rate: float) -> Step:
        name, after = accented(self.listing.names[slot], accent), before + rate
        sentence = f"{name} = {self.number(after)}   (seed)"
        return Step(phase, self.listing.nodes[slot], None, None, None, "", rate, before, after, sentence)

    def _told(
        self, phase: Sweep, slot: int, position: int, numbers: tuple[float, float, float, float], rate: float
    ) -> Step:
        partial, contribution, before, after = numbers
        listing, number = self.listing, self.number
        name, operand = listing.names[slot], listing.names[cast("int", listing.operands[slot][position])]
        accent = DOT if phase == "forward" else BAR
        to, by = (name, operand) if phase == "forward" else (operand, name)
        sentence = (
            f"{accented(to, accent)} += {accented(by, accent)}·∂{name}/∂{operand} = {number(rate)} × "
            f"{grouped(number(partial))} = {number(contribution)}   ({number(before)} → {number(after)})"
        )
        formula, node = listing.formula(slot, position, number), listing.nodes[slot]
        return Step(
            phase, node, node.operands[position], position, partial, formula, contribution, before, after, sentence
        )


def _pushed(node: Any, position: int, rate: float) -> float:
    """What one operand's tangent contributes to the tangent of a node."""
    numbers = [Dual(x, rate) if i == position else x for i, x in enumerate(node.numbers)]
    return cast("float", node.op(*numbers).tangent)
