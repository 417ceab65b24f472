"""Stepping: a graph's evaluation and both sweeps, one multiplication of the chain rule at a time, as data.

    for step in ad.steps(f, 2.0, 5.0):
        print(step)

Nothing here differentiates: reverse steps are those of `reverse.steps`, forward steps are computed by Duals.
"""

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any, Literal, NamedTuple, TypeAlias

from autodiff.core import reverse
from autodiff.core.floats import ZERO
from autodiff.seeing import forward
from autodiff.seeing.listing import Listing, listed
from autodiff.seeing.seeds import Tangents, seeds_of
from autodiff.words.names import Wording
from autodiff.words.notation import BAR, DIGITS, DOT, accented, grouped, writer

Sweep: TypeAlias = Literal["evaluate", "forward", "reverse"]
SWEEPS: tuple[Sweep, ...] = ("evaluate", "forward", "reverse")


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
    tangents: Tangents | None = None,
    adjoints: Sequence[float] | None = None,
    digits: int = DIGITS,
) -> Iterator[Step]:
    """The steps of `ad.steps(output)` or `ad.steps(f, *args)`: evaluation, forward sweep, reverse sweep.

    sweep     one of these alone
    tangents  ẋ for each input, or by leaf; arguments that are Duals give theirs; by default 1 for the first, else 0.
              Inputs are the arguments, then other leaves in the order of the evaluation
    adjoints  ȳ for each output; by default 1 for the first, else 0
    digits    decimals in sentences, of numbers below 1 significant digits; numbers in the steps are exact

    TypeError for what has no graph, or tangents of what is no input; ValueError for seeds that are too many or too few.
    """
    check_sweep(sweep)
    listing = listed(target, args, "steps")
    ahead, back = seeds_of(listing, tangents, adjoints)
    teller = Teller(listing, digits)
    parts = {"evaluate": teller.evaluation(), "forward": teller.forward(ahead), "reverse": teller.reverse(back)}
    return (step for name in ((sweep,) if sweep else SWEEPS) for step in parts[name])


def check_sweep(sweep: Any, *others: str) -> None:
    """ValueError for what is none of the sweeps, nor of the others, and not None, which is all of them."""
    known = (*SWEEPS, *others)
    if sweep is not None and sweep not in known:
        raise ValueError(f"sweep is one of {', '.join(known)}, or None for all of them; got {sweep!r}")


class Teller:
    """The steps of a listing, and what each is in words, with names, and with numbers of so many digits."""

    def __init__(self, listing: Listing, digits: int) -> None:
        self.listing, self.digits, self.number = listing, digits, writer(digits)

    @cached_property
    def words(self) -> Wording:
        """The nodes in words, when they are asked for."""
        return self.listing.wording(self.number)

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
        for node, i, slope, contribution, before, after in forward.steps(tangents, self.listing.order):
            operand = node.operands[i]
            yield Step("forward", node, operand, i, tangents[operand], slope, contribution, before, after, self)

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

    def formula(self, step: Step) -> str:
        """The partial of a step in names."""
        slot = self.listing.slots[step.node]
        return "" if step.position is None else self.words.formula(slot, step.position)

    def sentence(self, step: Step) -> str:
        """What a step does."""
        slot, write = self.listing.slots[step.node], self.number
        name = self.listing.names[slot]
        if step.phase == "evaluate":
            computed = [self.words.expression(slot), self.words.computation(slot, step.node.numbers)]
            return " = ".join(dict.fromkeys([name, *filter(None, computed), write(step.after)]))
        accent = DOT if step.phase == "forward" else BAR
        if step.operand is None:
            return f"{accented(name, accent)} = {write(step.after)}   (seed)"
        operand = self.listing.names[self.listing.slots[step.operand]]
        to, by = (name, operand) if step.phase == "forward" else (operand, name)
        numbers: list[Any] = [step.rate, step.partial, step.contribution, step.before, step.after]
        rate, partial, contribution, before, after = map(write, numbers)
        return (
            f"{accented(to, accent)} += {accented(by, accent)}·∂{name}/∂{operand} = {rate} × {grouped(partial)} = "
            f"{contribution}   ({before} → {after})"
        )
