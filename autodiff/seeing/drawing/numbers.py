"""Numbers of a drawing: both sweeps, on numbers of their own, and what leaves have accumulated."""

from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from autodiff.core import reverse
from autodiff.seeing import forward
from autodiff.seeing.listing import Listing
from autodiff.seeing.seeds import Tangents, seeds_of


class Numbers(NamedTuple):
    """What is known of nodes when they are drawn; None where it is not to be seen.

    rates, begun  the seeds of the sweeps, of inputs and of outputs
    grads         of the leaves, where they tell something
    unswept       whether adjoints would be there if `backward` had run
    """

    rates: Sequence[float] | None
    tangents: Mapping[Any, float] | None
    begun: Mapping[Any, float] | None
    adjoints: Mapping[Any, float] | None
    grads: Mapping[Any, float]
    unswept: bool

    @property
    def shown(self) -> Mapping[Any, float] | None:
        """What cards are coloured by: adjoints, and tangents where there are none."""
        return self.tangents if self.adjoints is None else self.adjoints


def numbers_of(
    listing: Listing, *, tangents: Tangents | None, adjoints: Sequence[float] | bool | None, swept: bool
) -> Numbers:
    """The numbers of the sweeps that begin with these seeds; adjoints are left out where they are False.

    swept  whether adjoints are of the sweep that `backward` began, and are none where it has not run
    """
    seeds = seeds_of(listing, tangents, None if isinstance(adjoints, bool) else adjoints)
    rates = None if tangents is None and not listing.tangents else seeds.tangents
    begun = _begun(listing) if swept else None if adjoints is False else _by_output(listing, seeds.adjoints)
    leaves = [] if adjoints is False else listing.nodes[: listing.inputs]
    grads = {leaf: leaf.grad for leaf in leaves if leaf.grad or (swept and begun)}
    return Numbers(rates, _ahead(listing, rates), begun, _back(listing, begun), grads, swept and begun is None)


def _begun(listing: Listing) -> dict[Any, float] | None:
    """What `backward` began with, by output; None where it has not run."""
    read = {operand for node in listing.order for operand in node.operands if type(operand) is not float}
    outputs = [listing.nodes[slot] for slot in listing.outputs if slot >= listing.inputs]
    return {output: output.grad for output in outputs if output not in read and output.grad} or None


def _by_output(listing: Listing, seeds: Sequence[float]) -> dict[Any, float]:
    begun: dict[Any, float] = {}
    for slot, rate in zip(listing.outputs, seeds, strict=True):
        if rate:  # an output that comes twice begins with both
            begun[listing.nodes[slot]] = begun.get(listing.nodes[slot], 0.0) + rate
    return begun


def _ahead(listing: Listing, rates: Sequence[float] | None) -> dict[Any, float] | None:
    """v̇ of each node that moves: what nodes hold may be of another sweep, or of several."""
    if rates is None:
        return None
    tangents = {node: rate for node, rate in zip(listing.nodes, rates, strict=False) if rate}
    deque(forward.steps(tangents, listing.order), maxlen=0)
    return tangents


def _back(listing: Listing, begun: Mapping[Any, float] | None) -> dict[Any, float] | None:
    """v̄ of each node that something reaches."""
    if begun is None:
        return None
    adjoints: dict[Any, Any] = dict(begun)
    deque(reverse.steps(None, adjoints, order=listing.order), maxlen=0)
    return adjoints
