"""Frames: the page's steps as pictures of their own, for slides and handouts: one still, or all of them, that move.

.svg         a picture that moves by its own style sheet: it plays wherever an image is shown, and needs nothing
.gif         the same, for what shows no SVG
.png, .pdf   a step; a PDF has a page for each
"""

import html
import io
from collections.abc import Sequence
from itertools import chain, groupby
from typing import Any, NamedTuple

from autodiff.core.packages import require
from autodiff.seeing.drawing.layout.measuring import SIZE, width
from autodiff.seeing.drawing.legends import largest_of, level
from autodiff.seeing.drawing.pictures import Card, Placed
from autodiff.seeing.drawing.svg import EDGE, frame_parts, size_of
from autodiff.seeing.page.live import Live
from autodiff.seeing.rasters import INSTALL, ZOOM, pngs
from autodiff.seeing.stepping import SWEEPS, Step, Teller
from autodiff.words.colours import INK, MUTED, PAGE, STEPPER
from autodiff.words.notation import BAR, DOT
from autodiff.words.typeset import shortened

KINDS = (".svg", ".gif", ".png", ".pdf")
PACE = 0.9  # seconds a step
REST = 3.0  # seconds that the last one stays
COLOURS = 64  # of a GIF
HEAD, LONGEST = 44.0, 110  # points above the picture, and characters of a sentence there
SIGNS = {"evaluate": "", "forward": f"v{DOT} ", "reverse": f"v{BAR} "}


class Shown(NamedTuple):
    """A step as it is shown: what it is of, by slots, and what it comes to."""

    phase: str
    slot: int
    to: int
    edge: str
    sentence: str
    after: float


def shown(teller: Teller, steps: Sequence[Step]) -> list[Shown]:
    """The steps in slots and words."""
    slots = teller.listing.slots
    found = list[Shown]()
    for step in steps:
        slot = slots[step.node]
        to = slot if step.operand is None or step.phase == "forward" else slots[step.operand]
        edge = "" if step.position is None else f"e{slot}-{step.position}"
        found.append(Shown(step.phase, slot, to, edge, step.sentence, step.after))
    return found


class Film:
    """The picture of a page after each number of steps, from none to all; steps side by side are done at once."""

    def __init__(self, title: str, drawn: Live, placed: Placed, steps: Sequence[Sequence[Shown]], write: Any) -> None:
        self.title, self.steps, self.write = title, steps, write
        self.drawn, self.picture, self.placed = drawn, drawn.picture, placed
        ends = {phase: [s.after for s in chain(*steps) if s.phase == phase] for phase in SWEEPS}
        self.largest = {phase: largest_of(known) for phase, known in ends.items()}

    def parts(self, count: int) -> list[str]:
        """What is drawn after so many steps, piece by piece: the same pieces for every count."""
        known: dict[str, dict[int, float]] = {phase: {} for phase in SWEEPS}
        for step in chain(*self.steps[:count]):
            known[step.phase][step.to] = step.after
        now = self.steps[count - 1] if count else ()
        phase = "reverse" if known["reverse"] else "forward" if known["forward"] else ""
        inks = [STEPPER[step.phase][0] for step in now]
        cards = list[Card]()
        lit = {
            self.drawn.cards[slot]: ink for step, ink in zip(now, inks, strict=True) for slot in (step.slot, step.to)
        }
        drawn = {self.drawn.edges.get(step.edge): ink for step, ink in zip(now, inks, strict=True)}
        for i, (slot, card) in enumerate(zip(self.drawn.ends, self.picture.cards, strict=True)):
            told = card.rows[: len(card.rows) - len(SWEEPS)]
            rows = [*told, *(SIGNS[p] + self.write(known[p][slot]) if slot in known[p] else "" for p in SWEEPS)]
            largest = self.largest.get(phase, 0.0)
            shade = level(known[phase].get(slot, 0.0), largest) if phase and largest else None
            cards.append(card._replace(rows=rows, level=shade, outline=lit.get(i, "")))
        arrows = [a._replace(ink=drawn.get(i, "")) for i, a in enumerate(self.picture.arrows)]
        return [self._head(count), *frame_parts(self.picture._replace(cards=cards, arrows=arrows), self.placed)]

    def _head(self, count: int) -> str:
        """The sentence of a step, above the picture, or those of two."""
        now = self.steps[count - 1] if count else ()
        lines = [(step.sentence, STEPPER[step.phase][0]) for step in now] or [(self.title, MUTED)]
        y = -HEAD + EDGE + 18.0 * (2 - len(lines))
        phase, ink = (now[0].phase if len(now) == 1 else ""), lines[0][1]
        small = f'<text x="0" y="{y - 18.0:g}" font-size="10" fill="{ink}">{phase}</text>'
        return small + "".join(
            f'<text x="0" y="{y + 18.0 * i:g}" font-size="13" font-weight="bold" fill="{ink}">'
            f"{html.escape(shortened(told, LONGEST))}</text>"
            for i, (told, ink) in enumerate(lines)
        )

    def svg(self, count: int) -> str:
        """One of them."""
        return self._whole("\n".join(self.parts(count)), "")

    def moving(self) -> str:
        """All of them, one after the other: each piece stands there as long as it stays the same."""
        length = PACE * len(self.steps) + REST
        columns = zip(*(self.parts(count) for count in range(len(self.steps) + 1)), strict=True)
        rules: dict[tuple[int, int], str] = {}
        pieces = list[str]()
        for column in columns:
            begin = 0
            for piece, run in groupby(column):
                end = begin + len(list(run))
                if (begin, end) == (0, len(column)):
                    pieces.append(piece)
                elif piece:
                    rules[begin, end] = _rule(begin * PACE / length, min(1.0, end * PACE / length), end == len(column))
                    pieces.append(f'<g class="t{begin}-{end}">{piece}</g>')
                begin = end
        seen = "visibility:hidden;animation:"
        style = "".join(
            f"@keyframes k{a}-{b}{{{rule}}}.t{a}-{b}{{{seen}k{a}-{b} {length:g}s step-end infinite}}"
            for (a, b), rule in rules.items()
        )
        return self._whole(
            "\n".join(pieces),
            f"<style>{style}@media (prefers-reduced-motion){{g{{animation-play-state:paused}}}}</style>",
        )

    def _whole(self, inner: str, style: str) -> str:
        wide, high = size_of(self.placed)
        longest = max((width(shortened(s.sentence, LONGEST), 13.0, bold=True) for s in chain(*self.steps)), default=0.0)
        wide = max(wide, longest + 2.0 * EDGE)
        box = f"{-EDGE:g} {-EDGE - HEAD:g} {wide:g} {high + HEAD:g}"
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide:g}" height="{high + HEAD:g}" viewBox="{box}">{style}'
            f'<rect x="{-EDGE:g}" y="{-EDGE - HEAD:g}" width="{wide:g}" height="{high + HEAD:g}" fill="{PAGE}"/>\n'
            f'<g font-family="DejaVu Sans, Verdana, sans-serif" font-size="{SIZE:g}" fill="{INK}">\n{inner}\n</g></svg>'
        )

    def file(self, kind: str, at: int | None) -> bytes:
        """What a file of a kind holds: the picture after `at` steps, or all."""
        if kind == ".svg":
            return (self.moving() if at is None else self.svg(at)).encode()
        pictures = require("PIL.Image", f"a {kind} of the steps", INSTALL)
        counts = (
            range(len(self.steps) + 1) if at is None and kind != ".png" else [len(self.steps) if at is None else at]
        )
        images = [pictures.open(io.BytesIO(png)).convert("RGB") for png in pngs(map(self.svg, counts))]
        content = io.BytesIO()
        if kind == ".gif":
            sample = pictures.new("RGB", (images[0].width, 3 * images[0].height))
            for k, image in enumerate((images[0], images[len(images) // 2], images[-1])):
                sample.paste(image, (0, k * image.height))
            palette = sample.quantize(COLOURS, dither=0)  # one for all: faster, and colours stay as they are
            first, *rest = [image.quantize(palette=palette, dither=0) for image in images]
            times = [int(1000 * PACE)] * len(rest) + [int(1000 * REST)]
            first.save(content, "GIF", save_all=True, append_images=rest, duration=times, loop=0)
        elif kind == ".pdf":
            images[0].save(content, "PDF", save_all=True, append_images=images[1:], resolution=72.0 * ZOOM)
        else:
            images[0].save(content, "PNG")
        return content.getvalue()


def _rule(begin: float, end: float, last: bool) -> str:  # noqa: FBT001 (private)
    """When a piece is seen, as parts of the whole time."""
    stop = "" if last else f"{100.0 * end:.3f}%{{visibility:hidden}}"
    start = "0%" if begin == 0.0 else f"{100.0 * begin:.3f}%"
    return f"{start}{{visibility:visible}}{stop}"
