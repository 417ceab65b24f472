"""The stepper: a graph and its sweeps as one self-contained HTML page, whose state is a function of the step number.

The page computes in the browser (engine.js); it starts from the numbers that are written into it here.
"""

import inspect
from collections.abc import Mapping, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any, Literal

from autodiff.core.files import write
from autodiff.core.graph import stale
from autodiff.errors import StaleGraph
from autodiff.seeing.lines import Line
from autodiff.seeing.listing import Listing, listed
from autodiff.seeing.page.branches import branches_of, page_row_name
from autodiff.seeing.page.frames import KINDS, Film, Shown, shown
from autodiff.seeing.page.live import Live, live
from autodiff.seeing.page.pages import DRAWING, Page
from autodiff.seeing.page.slopes import number_data, operand_data, page_row, slopes_of
from autodiff.seeing.seeds import Seeds, Tangents, seeds_of
from autodiff.seeing.stepping import SWEEPS, Step, Sweep, Teller, check_sweep
from autodiff.words.notation import DIGITS, INFIX, writer

MOST, MOST_EDGES = 5_000, 15_000  # nodes and edges that a page computes
LONGEST = 500  # steps of a film
BOTH = "both"  # forward and reverse side by side, a step of each at a time


class Stepper(Page):
    """A page that steps through a graph as it was: a notebook shows it; `html` is the page, `save` makes a file."""

    template, kind = "stepper.html", "step by step"
    scripts = (
        "special.js", "waves.js", "primitives.js", "notation.js", "engine.js", "differences.js", *DRAWING, "views.js",
        "sources.js", "answers.js", "paths.js", "sums.js", "ending.js", "misconceptions.js", "predict.js", "sharing.js",
        "walking.js", "inputs.js", "stepper.js",
    )  # fmt: skip

    def __init__(self, title: str, drawn: Live, data: dict[str, Any], steps: Sequence[Sequence[Shown]]) -> None:
        super().__init__(title, drawn.picture, data, drawn.note)
        self.drawn, self.steps = drawn, steps

    def save(self, path: str | Path, at: int | None = None) -> Path:
        """A file, its folder made where there is none: the page, or its steps as pictures.

        .html        the page
        .svg, .gif   the steps, moving; .pdf a page for each; .png the last
        at           how many steps are done, counted from the end below 0: then only this picture
        """
        path = Path(path)
        kind = path.suffix.lower()
        if kind in (".html", ".htm"):
            if at is not None:
                raise ValueError("a page shows all steps: at= is for pictures, as steps.png, or for ad.step(…, at=…)")
            return write(path, self.html.encode())
        if kind not in KINDS:
            raise ValueError(f"a stepper is saved as .html, {', '.join(KINDS)}; got {str(path)!r}")
        count = len(self.steps)
        if at is not None and not (type(at) is int and -count - 1 <= at <= count):
            raise ValueError(
                f"at is how many of the {count} steps are done, or counted from the end below 0; got {at!r}"
            )
        if at is None and kind != ".png" and count > LONGEST:
            raise ValueError(f"{count:,} steps are too many for one {kind}, at most {LONGEST}: say which, as at=7")
        return write(path, self._film.file(kind, at if at is None or at >= 0 else count + 1 + at))

    @property
    def _film(self) -> Film:
        return Film(self.title, self.drawn, self.placed, self.steps, writer(self.data["digits"]))

    def still(self) -> str:
        """The last step."""
        return self._film.svg(len(self.steps))

    def __repr__(self) -> str:
        count = len(self.data["nodes"])
        return f"<Stepper {self.title}: {count:,} node{'s' * (count != 1)}; .save('steps.html') makes a page of it>"


def step(
    target: Any,
    *args: Any,
    sweep: Sweep | Literal["both"] | None = None,
    tangents: Tangents | None = None,
    adjoints: Sequence[float] | None = None,
    digits: int = DIGITS,
    at: int | None = None,
    depth: int | None = None,
    predict: bool = False,
) -> Stepper:
    """A page that steps through `ad.step(output)` or `ad.step(f, *args)`: evaluation, forward sweep, reverse sweep.

    sweep     the one that it opens with; by default all of them, one after the other; "both" steps forward and reverse
              side by side, and counts their multiplications
    tangents  ẋ for each input, or by leaf; arguments that are Duals give theirs; by default 1 for the first, else 0
    adjoints  ȳ for each output; by default 1 for the first, else 0
    digits    decimals, of numbers below 1 significant digits; hovering shows all
    at        how many steps are done when it opens, counted from the end below 0; by default the evaluation is
    depth     scopes inside of one another that are drawn as frames, which open and close; by default as many as are a
              picture. The others are boxes, and so is what is too much without scopes
    predict   whether it opens with a question before each step: what is the next contribution?

    ValueError for a graph of more than 5,000 nodes or 15,000 edges, StaleGraph where a leaf was moved between two uses.
    """
    listing = listed(target, args, "step")
    seeds = seeds_of(listing, tangents, adjoints)
    count, edges = len(listing.nodes), sum(type(x) is int for operands in listing.operands for x in operands)
    for what, found, most in (("nodes", count, MOST), ("edges", edges, MOST_EDGES)):
        if found > most:
            raise ValueError(
                f"{found:,} {what} are too many to step through, at most {most:,}: step through a part of the graph, "
                "such as the loss of one example; ad.explore shows a graph of any size"
            )
    check_sweep(sweep, BOTH)
    if type(predict) is not bool:
        raise TypeError(f"predict is True, to be asked before each step, or False; got {predict!r}")
    if at is not None and type(at) is not int:
        raise TypeError(f"at is how many steps are done when the page opens, a whole number; got {at!r}")
    _check_steady(listing)
    teller = Teller(listing, digits)
    opening = 0 if sweep else count
    drawn = live(listing, teller.number, depth)
    chosen = {"sweep": sweep or "all", "at": opening if at is None else at, "predict": predict}
    data = page_data(teller, *seeds) | drawn.data() | chosen | {"origin": _origin(target, listing)}
    return Stepper(listing.heading, drawn, data, [shown(teller, now) for now in _moments(teller, seeds, sweep)])


def _moments(teller: Teller, seeds: Seeds, sweep: str | None) -> list[list[Step]]:
    """The steps that are done at once: of most sweeps one, of both a step of each."""
    sweeps = {"evaluate": teller.evaluation, "forward": teller.forward, "reverse": teller.reverse}
    given = {"evaluate": (), "forward": (seeds.tangents,), "reverse": (seeds.adjoints,)}
    if sweep == BOTH:
        pairs = zip_longest(teller.forward(seeds.tangents), teller.reverse(seeds.adjoints))
        return [[step for step in pair if step] for pair in pairs]
    return [[step] for name in ((sweep,) if sweep else SWEEPS) for step in sweeps[name](*given[name])]


def _origin(target: Any, listing: Listing) -> dict[str, Any] | None:
    """Of a tape that came from another system that system's ∂y/∂v by slot, and the first slot where ours differ."""
    found = listing.beside(target)
    if found is None:
        return None
    known = {str(slot): number_data(x) for slot, x in found.adjoints.items()}
    return {"name": found.name, "adjoints": known, "first": found.slot}


def page_data(teller: Teller, tangents: Sequence[float], adjoints: Sequence[float]) -> dict[str, Any]:
    """What the page is about: nodes in slots with names and numbers, slopes, seeds, sources. A number may be a text."""
    listing, words = teller.listing, teller.words
    used = [(row, len(node.operands)) for node in listing.nodes if (row := page_row(node.op))]
    sources, places = _sources(listing.lines)
    nodes = [
        {
            "name": listing.names[slot],
            "op": page_row_name(node),
            "symbol": node.op.symbol if node.op else "",
            "infix": bool(node.op) and node.op.symbol in INFIX,
            "expression": words.expression(slot),
            "operands": list(map(operand_data, operands)),
            "formulas": [words.formula(slot, i) for i in range(len(operands))],
            "partials": [
                number_data(listing.partial(slot, i) if type(x) is int else 0) for i, x in enumerate(operands)
            ],
            "data": number_data(listing.numbers[slot]),
            "lines": places.get(slot, []),
        }
        for slot, (node, operands) in enumerate(zip(listing.nodes, listing.operands, strict=True))
    ]
    return {
        "nodes": nodes, "inputs": listing.inputs, "outputs": listing.outputs, "digits": teller.digits,
        "tangents": list(map(number_data, tangents)), "adjoints": list(map(number_data, adjoints)),
        "slopes": slopes_of(used), "sources": sources, **branches_of(listing, words),
    }  # fmt: skip


def _check_steady(listing: Listing) -> None:
    """The page has one number for each node, what its first reader read: StaleGraph where another read another."""
    for node in listing.order:
        for operand, number in stale(node, lambda operand: listing.numbers[listing.slots[operand]]):
            slot = listing.slots[operand]
            reader = next(other.op.name for other in listing.order if any(x is operand for x in other.operands))
            raise StaleGraph(
                f"{listing.names[slot]} was {listing.numbers[slot]} when {reader} read it and {number} when "
                f"{node.op.name} did: compute the expression again, then step through it"
            )


def _sources(lines: Mapping[int, Line]) -> tuple[list[dict[str, Any]], dict[int, list[tuple[int, ...]]]]:
    """The source of each function that made nodes, and for each slot where its expression stands.

    That is a list of (function, line in it, from column, to column), the last two left out where they are not known.
    """
    sources: list[dict[str, Any]] = []
    places: dict[int, list[tuple[int, ...]]] = {}
    numbered: dict[Any, int | None] = {}
    for slot, line in sorted(lines.items()):
        if line.code not in numbered:
            numbered[line.code] = None
            try:
                text, start = inspect.getsourcelines(line.code)
            except (OSError, TypeError):
                continue  # typed at a prompt: there is no source to show
            numbered[line.code] = len(sources)
            name = line.code.co_qualname.rpartition("<locals>.")[2]
            sources.append({"name": name, "start": start, "lines": [each.rstrip() for each in text]})
        source = numbered[line.code]
        if source is not None:
            places[slot] = [
                (source, *place) for place in _places(line, sources[source]["start"], sources[source]["lines"])
            ]
    for source in sources:
        source["lines"] = [text[_indent(source["lines"]) :] for text in source["lines"]]
    return sources, places


def _places(line: Line, start: int, lines: Sequence[str]) -> list[tuple[int, ...]]:
    """The lines of an expression in a source, each with its columns there without the indent of all."""
    at, indent = line.number - start, _indent(lines)
    if not 0 <= at < len(lines):
        return []
    span = line.span
    if span is None or not start <= span.start <= span.end < start + len(lines):
        return [(at,)]
    found = list[tuple[int, ...]]()
    for i in range(span.start - start, span.end - start + 1):
        text = lines[i]
        first = _characters(text, span.column) if i == span.start - start else len(text) - len(text.lstrip())
        last = _characters(text, span.stop) if i == span.end - start else len(text)
        if first < last:
            found.append((i, first - indent, last - indent))
    return found


def _characters(text: str, count: int) -> int:
    return len(text.encode()[:count].decode(errors="replace"))


def _indent(lines: Sequence[str]) -> int:
    return min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
