"""Stepping: a graph's evaluation and both sweeps, one multiplication of the chain rule at a time, as data.

    for step in ad.steps(f, 2.0, 5.0):
        print(step)

Nothing here differentiates: reverse steps are those that `backward` drains, forward steps are Duals.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple, TypeAlias, cast

from autodiff.core import reverse
from autodiff.core.dual import Dual
from autodiff.core.floats import ZERO, is_zero, number
from autodiff.core.value import Value
from autodiff.seeing.listing import Listing, listed
from autodiff.words.notation import BAR, DOT, accented, grouped, written

Sweep: TypeAlias = Literal["evaluate", "forward", "reverse"]
SWEEPS: tuple[Sweep, ...] = ("evaluate", "forward", "reverse")
DIGITS = 4  # decimals in a sentence


class Step(NamedTuple):
    """One step of a sweep.

    phase         "evaluate", "forward" or "reverse"
    node          evaluate: what is computed; forward: what receives the contribution; reverse: what hands it on
    operand       forward: the operand that hands it on; reverse: the one that receives it; None for evaluate and seeds
    position      which operand of the node that is
    rate          what is handed on: v̇ⱼ of the operand, or v̄ᵢ of the node
    partial       ∂node/∂operand
    contribution  what is added: v̇ⱼ·∂vᵢ/∂vⱼ to v̇ᵢ, or v̄ᵢ·∂vᵢ/∂vⱼ to v̄ⱼ; the seed itself; of evaluate, the value
    before, after the tangent or adjoint that receives it; before is None for evaluate
    teller        writes the formula and the sentence, when they are asked for
    """

    phase: Sweep
    node: Any
    operand: Any
    position: int | None
    rate: float | None
    partial: float | None
    contribution: float
    before: float | None
    after: float
    teller: "Teller"

    @property
    def formula(self) -> str:
        """The partial in names, as in cos x₂; empty where there is none."""
        return self.teller.formula(self)

    @property
    def sentence(self) -> str:
        """As in x̄₂ += v̄₄·∂v₄/∂x₂ = 1 × 2 = 2   (0 → 2)."""
        return self.teller.sentence(self)

    def __str__(self) -> str:
        return f"{self.phase:<8}  {self.sentence}"

    def __repr__(self) -> str:
        return f"<step {self}>"


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
    tangents  ẋ for each input, or by leaf; arguments that are Duals give theirs; by default 1 for the first, else 0.
              Inputs are the arguments, then other leaves in the order in which the evaluation tells them
    adjoints  ȳ for each output; by default 1 for the first, else 0
    digits    decimals in sentences; numbers in the steps are exact

    TypeError for what has no graph, or tangents of what is no input; ValueError for seeds that are too many or too few.
    """
    check_sweep(sweep)
    listing, rates, seeds = seeded(target, args, "steps", tangents, adjoints)
    teller = Teller(listing, digits)
    parts = {"evaluate": teller.evaluation(), "forward": teller.forward(rates), "reverse": teller.reverse(seeds)}
    return (step for name in ((sweep,) if sweep else SWEEPS) for step in parts[name])


def check_sweep(sweep: Any) -> None:
    """ValueError for what is none of the sweeps, and not None, which is all of them."""
    if sweep is not None and sweep not in SWEEPS:
        raise ValueError(f"sweep is one of {', '.join(SWEEPS)}, or None for all of them; got {sweep!r}")


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
    return listing, rates, _seeds(adjoints, len(listing.outputs), "adjoints", "outputs that are Values")


def _seeds(given: Any, count: int, what: str, of: str) -> list[float]:
    """A seed for each input or output; by default the first is 1 and the others are 0."""
    if given is None:
        return [float(i == 0) for i in range(count)]
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise TypeError(f"{what} are a list with a number for each of the {of}, {count} here; got {given!r}")
    chosen = list(map(number, cast("Iterable[Any]", given)))
    if len(chosen) != count:
        raise ValueError(f"{what} are a list with a number for each of the {of}, {count} here; got {len(chosen)}")
    return chosen


class Teller:
    """Tells the steps of a listing, with names."""

    def __init__(self, listing: Listing, digits: int) -> None:
        if type(digits) is not int or digits not in range(17):
            raise ValueError(f"digits is a whole number from 0 to 16, got {digits!r}")
        self.listing, self.digits = listing, digits

    def evaluation(self) -> Iterator[Step]:
        """Inputs, then each node after its operands."""
        for node, value in zip(self.listing.nodes, self.listing.numbers, strict=True):
            yield Step("evaluate", node, None, None, None, None, value, None, value, self)

    def forward(self, rates: Sequence[float]) -> Iterator[Step]:
        """Forward accumulation: v̇ᵢ += v̇ⱼ·∂vᵢ/∂vⱼ for each operand j, node after node."""
        tangents: dict[Any, float] = {}
        for node, rate in zip(self.listing.nodes, rates, strict=False):
            if rate:
                tangents[node] = rate
                yield self._seed("forward", node, ZERO, rate)
        for node in self.listing.order:
            for i, operand in enumerate(node.operands):
                rate = ZERO if type(operand) is float else tangents.get(operand, ZERO)
                if is_zero(rate):  # nothing comes this way
                    continue
                slope, contribution = node.op.partial(i, node.primal, *node.numbers), _pushed(node, i, rate)
                before = tangents.get(node, ZERO)
                after = contribution if before is ZERO else before + contribution
                if contribution is not ZERO:  # a slope of 0 is told, not added
                    tangents[node] = after
                yield Step("forward", node, operand, i, rate, slope, contribution, before, after, self)

    def reverse(self, rates: Sequence[float]) -> Iterator[Step]:
        """Reverse accumulation: v̄ⱼ += v̄ᵢ·∂vᵢ/∂vⱼ for each operand j, from the outputs back: the sweep of `backward`."""
        adjoints: dict[Any, Any] = {}
        for slot, rate in zip(self.listing.outputs, rates, strict=True):
            if rate:
                node = self.listing.nodes[slot]
                before = adjoints.get(node, ZERO)
                adjoints[node] = before + rate
                yield self._seed("reverse", node, before, rate)
        for node, i, slope, contribution, before, after in reverse.steps(None, adjoints, order=self.listing.order):
            operand, rate = node.operands[i], adjoints[node]
            yield Step("reverse", node, operand, i, rate, slope, contribution, before, after, self)

    def _seed(self, phase: Sweep, node: Any, before: float, rate: float) -> Step:
        return Step(phase, node, None, None, None, None, rate, before, before + rate, self)

    # In words

    def number(self, x: float) -> str:
        """A number as sentences write it."""
        return written(x, self.digits)

    def formula(self, step: Step) -> str:
        """The partial of a step in names."""
        slot = self.listing.slots[step.node]
        return "" if step.position is None else self.listing.formula(slot, step.position, self.number)

    def sentence(self, step: Step) -> str:
        """What a step does."""
        slot, write = self.listing.slots[step.node], self.number
        name = self.listing.names[slot]
        if step.phase == "evaluate":
            computed = [self.listing.expression(slot, write), self.listing.computation(slot, write)]
            return " = ".join(dict.fromkeys([name, *filter(None, computed), write(step.after)]))
        accent = DOT if step.phase == "forward" else BAR
        if step.operand is None:
            return f"{accented(name, accent)} = {write(step.after)}   (seed)"
        operand = self.listing.names[self.listing.slots[step.operand]]
        to, by = (name, operand) if step.phase == "forward" else (operand, name)
        told: list[Any] = [step.rate, step.partial, step.contribution, step.before, step.after]
        rate, partial, contribution, before, after = map(write, told)
        return (
            f"{accented(to, accent)} += {accented(by, accent)}·∂{name}/∂{operand} = {rate} × {grouped(partial)} = "
            f"{contribution}   ({before} → {after})"
        )


def _pushed(node: Any, position: int, rate: float) -> float:
    """What one operand's tangent contributes to the tangent of a node."""
    numbers = [Dual(x, rate) if i == position else x for i, x in enumerate(node.numbers)]
    return cast("float", node.op(*numbers).tangent)
