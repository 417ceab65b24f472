"""Neurons: a network found in the scopes of its graph, layer by layer, with the weights between.

A neuron is a scope inside of another, its layer, that multiplies by parameters, as those that nn's models open. Where
a batch opened them for each example, the first is meant.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from autodiff.core.primitives import multiply
from autodiff.core.scopes import Scope
from autodiff.seeing.listing import Listing
from autodiff.words.notation import subscripted

NONE_FOUND = (
    "shape='network' draws neurons, and this graph has none: a neuron is a scope inside of its layer's that multiplies "
    "by weights, as nn.MLP opens them, or `with ad.scope('layer 1'), ad.scope('neuron 1'):`; shape='graph' draws it all"
)


class Neuron(NamedTuple):
    """A circle: a neuron by the slot of what it gives, an input by its slot, or by none where it is a float."""

    name: str
    slot: int | None
    number: float


class Weight(NamedTuple):
    """A line: from a neuron, given by column and row, to another; the slot of the weight, None where there is none."""

    tail: tuple[int, int]
    head: tuple[int, int]
    slot: int | None


class Network(NamedTuple):
    """Columns of neurons, the first of the inputs, each with its name.

    examples  how many the graph has, of which this is the first
    """

    names: Sequence[str]
    columns: Sequence[Sequence[Neuron]]
    weights: Sequence[Weight]
    examples: int


class Found(NamedTuple):
    """The nodes of a neuron's scope, by slot; the last is what it gives."""

    scope: Scope
    slots: Sequence[int]


def network_of(listing: Listing) -> Network:
    """The network that a listing computes; ValueError where it has no neurons."""
    layers, examples = _layers(listing)
    if not layers:
        raise ValueError(NONE_FOUND)
    places: dict[Any, tuple[int, int]] = {
        found.slots[-1]: (column, row) for column, layer in enumerate(layers, 1) for row, found in enumerate(layer)
    }
    sources, inputs, weights = _Sources(listing, places), list[Neuron](), list[Weight]()
    for found in (found for layer in layers for found in layer):
        lines = {key: (x, slot) for x, slot in _reads(listing, found) for key in sources.of(x)}
        for key, (x, slot) in lines.items():
            if key not in places:
                places[key] = 0, len(inputs)
                inputs.append(_input(listing, key, x))
            weights.append(Weight(places[key], places[found.slots[-1]], slot))
    columns = [inputs, *([_neuron(listing, found) for found in layer] for layer in layers)]
    return Network(["inputs", *(layer[0].scope.path[-2].name for layer in layers)], columns, weights, examples)


def _layers(listing: Listing) -> tuple[list[list[Found]], int]:
    """The neurons of each layer, and how often one is run through."""
    inside = dict[Any, list[int]]()
    for slot, node in enumerate(listing.order, listing.inputs):
        inside.setdefault(node.scope, []).append(slot)
    runs = dict[tuple[str, ...], dict[Any, list[Found]]]()
    for scope, slots in inside.items():
        path = scope.path if scope else ()
        if len(path) > 1 and any(_weight(listing, slot) is not None for slot in slots):
            names = tuple([outer.name for outer in path[:-1]])
            runs.setdefault(names, {}).setdefault(path[-2], []).append(Found(scope, slots))
    return [next(iter(layers.values())) for layers in runs.values()], max(map(len, runs.values()), default=0)


def _reads(listing: Listing, found: Found) -> Iterator[tuple[Any, int | None]]:
    """What a neuron reads, with the weight that it is multiplied by: a slot, or a float with its place."""
    inside, place = set(found.slots), 0
    for slot in found.slots:
        weight = _weight(listing, slot)
        place += weight is not None
        for x in listing.operands[slot]:
            if type(x) is float and weight is not None:
                yield (place, x), weight
            elif type(x) is int and x not in inside and not _parameter(listing, x):
                yield x, weight


def _weight(listing: Listing, slot: int) -> int | None:
    """The parameter that a node multiplies by."""
    operands = listing.operands[slot]
    if listing.nodes[slot].op is not multiply or operands[0] == operands[-1]:
        return None
    return next((x for x in operands if type(x) is int and _parameter(listing, x)), None)


def _parameter(listing: Listing, slot: int) -> bool:
    """Whether a leaf is neither an input nor a target."""
    return slot < listing.inputs and not listing.is_input(slot) and not listing.names[slot].startswith("y")


def _neuron(listing: Listing, found: Found) -> Neuron:
    name = ", ".join(scope.name for scope in found.scope.path[-2:])
    return Neuron(name, found.slots[-1], listing.numbers[found.slots[-1]])


def _input(listing: Listing, key: Any, x: Any) -> Neuron:
    if type(key) is tuple:
        place, number = x
        return Neuron(subscripted(f"x{place}"), None, number)
    return Neuron(listing.names[key], key, listing.numbers[key])


class _Sources:
    """What is read comes from: inputs and neurons, where nodes outside of neurons stand between."""

    def __init__(self, listing: Listing, places: Mapping[Any, Any]) -> None:
        self.listing = listing
        self.known: dict[Any, dict[Any, None]] = {slot: {slot: None} for slot in places}

    def of(self, x: Any) -> dict[Any, None]:
        """The slots of these, in order; a float is its own."""
        waiting = [x] if type(x) is int else []
        while waiting:
            top = waiting[-1]
            operands = [y for y in self.listing.operands[top] if type(y) is int and top not in self.known]
            unknown = [y for y in operands if y not in self.known]
            waiting += unknown
            if not unknown:
                waiting.pop()
                if top not in self.known:
                    self.known[top] = {key: None for y in operands for key in self.known[y]} or {top: None}
        return self.known[x] if type(x) is int else {x: None}
