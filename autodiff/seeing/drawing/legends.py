"""Legends: the colour of an adjoint or a tangent, as a share of the largest, and what a reader is told of it."""

import math
from collections.abc import Callable, Iterable

from autodiff.seeing.drawing.numbers import Numbers
from autodiff.seeing.listing import Listing
from autodiff.words.notation import BAR, DOT, accented, grouped

SIDES = "blue below 0, orange above"


def largest_of(rates: Iterable[float | None]) -> float:
    """The largest size of what is finite, 0 where nothing is."""
    return max((abs(x) for x in rates if x is not None and math.isfinite(x)), default=0.0)


def level(rate: float | None, largest: float) -> float | None:
    """A rate as a share of the largest, from −1 to 1; None where there is no colour for it."""
    if rate is None or math.isnan(rate):
        return None
    share = rate / largest if largest else 0.0
    return max(-1.0, min(1.0, share)) if math.isfinite(rate) else math.copysign(1.0, rate)


def legend_lines(
    listing: Listing, numbers: Numbers, largest: float, write: Callable[[float], str]
) -> list[tuple[str, ...]]:
    """What v̄ and v̇ are, and the ends of the colours, which adjoints have before tangents."""
    rounded, lines = float(f"{largest:.4g}"), list[tuple[str, ...]]()
    scale = (write(-rounded), write(rounded), SIDES) if rounded else ()
    words = listing.wording(write)
    if numbers.begun is not None:
        slopes = [(rate, f"∂{grouped(words.name(listing.slots[y]))}/∂v") for y, rate in numbers.begun.items()]
        terms = [slope if rate == 1.0 else f"{grouped(write(rate))}·{slope}" for rate, slope in slopes]
        lines.append((f"adjoint v{BAR} = {' + '.join(terms) or '0'}", *scale))
    if numbers.rates is not None:
        inputs = zip(listing.names, numbers.rates, strict=False)
        along = [f"{accented(name, DOT)} = {write(rate)}" for name, rate in inputs if rate]
        lines.append((f"tangent v{DOT} along {', '.join(along) or '0'}", *(scale if numbers.begun is None else ())))
    return [*lines, *[("no adjoints: backward() has not been run from here",)] * numbers.unswept]
