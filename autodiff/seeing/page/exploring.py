"""explore: a drawing of any size as a page, to zoom, move, search, and open and close the boxes of."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from autodiff.seeing.drawing.collapsing import opened
from autodiff.seeing.drawing.numbers import numbers_of
from autodiff.seeing.drawing.painting import Painter
from autodiff.seeing.listing import listed
from autodiff.seeing.page.live import frames_data
from autodiff.seeing.page.pages import DRAWING, Page
from autodiff.seeing.seeds import Tangents
from autodiff.words.notation import DIGITS, writer

SOUGHT = 20_000  # nodes that are found by their names where they are in boxes
LID = 3  # lines of numbers on a closed box


class Explorer(Page):
    """A page with a drawing of a graph as it was: a notebook shows it; `html` is the page, `save` makes a file."""

    template, kind, scripts = "explore.html", "a drawing to explore", (*DRAWING, "explore.js")
    pictures = "; ad.draw(…).save makes pictures"

    def __repr__(self) -> str:
        count = len(self.picture.cards)
        return f"<Explorer {self.title}: {count:,} card{'s' * (count != 1)}; .save('graph.html') makes a page of it>"


def explore(
    target: Any,
    *args: Any,
    depth: int | None = None,
    adjoints: Sequence[float] | bool | None = None,
    tangents: Tangents | None = None,
    partials: bool = False,
    digits: int = DIGITS,
) -> Explorer:
    """The graph of `ad.explore(output)` or `ad.explore(f, *args)`, of any size, as a page.

    It is zoomed by + and −, by the wheel with Ctrl and by pinching, moved by dragging, 0 shows all of it; a name or a
    part of an expression finds a node; a click on a box opens it, a click on the title of a frame closes it. What takes
    more than 400 cards stays in boxes, and the page says so.

    The options are those of `draw`; `depth` is how many scopes inside of one another are there to be opened, by default
    all that fit.
    """
    write_number, listing = writer(digits), listed(target, args, "explore")
    swept = adjoints is None and not callable(target)
    numbers = numbers_of(listing, tangents=tangents, adjoints=adjoints, swept=swept)
    boxes = opened(listing, depth)
    painter = Painter(listing, boxes, numbers, write_number)
    painted = painter.picture(partials=partials, ids=True)
    cards = [card._replace(id=f"c{i}") for i, card in enumerate(painted.cards)]
    picture, legend = painted._replace(cards=cards, legend=()), painted.legend
    data = {
        "cards": [
            {
                "id": card.id,
                "name": card.title,
                "text": " = ".join(filter(None, [card.title, card.expression])),
                "about": card.about or "\n".join([card.title, *card.rows]),
                "rows": card.rows[-LID:],
                "level": card.level,
            }
            for card in cards
        ],
        "inner": [
            [listing.names[slot], painter.full.expression(slot), i]
            for slot, i in enumerate(boxes.owner[:SOUGHT])
            if not boxes.boxes[i].single
        ],
        "legend": legend[0] if legend else [],
        **frames_data(picture, range(len(cards)), Counter(boxes.owner)),
    }
    return Explorer(listing.heading, picture, data, boxes.note)
