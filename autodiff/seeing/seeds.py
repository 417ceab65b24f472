"""Seeds: what sweeps begin with, ẋ of each input and ȳ of each output, read and checked once."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias, cast

from autodiff.core.floats import number
from autodiff.core.value import Value
from autodiff.seeing.listing import Listing

Tangents: TypeAlias = Sequence[float] | Mapping[Value, float]


class Seeds(NamedTuple):
    """ẋ of each input of a listing, for the forward sweep, and ȳ of each output, for the reverse."""

    tangents: list[float]
    adjoints: list[float]


def seeds_of(listing: Listing, tangents: Tangents | None, adjoints: Sequence[float] | None) -> Seeds:
    """The seeds of a listing.

    tangents  ẋ for each input, of a function for its arguments at least, or by leaf, 0 for the others; None: what
              arguments that are Duals bring, else 1, 0, 0, …
    adjoints  ȳ for each output; None: 1, 0, 0, …

    TypeError for tangents of what is no input, and for what is no list; ValueError for too many or too few.
    """
    by_leaf: dict[Any, Any] = {**(tangents if isinstance(tangents, Mapping) else {}), **listing.tangents}
    inputs = listing.nodes[: listing.inputs]
    _check_inputs(inputs, by_leaf)
    if tangents is None or isinstance(tangents, Mapping):
        given = [by_leaf.get(node, 0.0) for node in inputs] if by_leaf else None
    else:
        given = tangents
    return Seeds(
        _numbers(given, len(inputs), "tangents", "inputs", listing.arguments),
        _numbers(adjoints, len(listing.outputs), "adjoints", "outputs that are Values"),
    )


def _check_inputs(inputs: Sequence[Any], by_leaf: Mapping[Any, Any]) -> None:
    known = set(map(id, inputs))
    for given in by_leaf:
        if id(given) not in known:
            raise TypeError(
                f"a tangent is given for {given!r}, which is no input of this graph; its inputs: "
                f"{', '.join(map(repr, inputs[:6]))}{', …' * (len(inputs) > 6)}"
            )


def _numbers(given: Any, count: int, what: str, of: str, least: int = 0) -> list[float]:
    """A seed for each input or output, 0 after the `least`; by default the first is 1 and the others are 0."""
    if given is None:
        return [float(i == 0) for i in range(count)]
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise TypeError(f"{what} are a list with a number for each of the {of}, {count} here; got {given!r}")
    chosen = list(map(number, cast("Iterable[Any]", given)))
    if least and len(chosen) == least:
        chosen += [0.0] * (count - least)
    if len(chosen) != count:
        raise ValueError(f"{what} are a list with a number for each of the {of}, {count} here; got {len(chosen)}")
    return chosen
