"""worksheet: a graph's steps with blanks, to print and fill in by hand; and the same with answers."""

import html
from collections.abc import Iterator, Sequence
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any

from autodiff.core.files import write
from autodiff.seeing.drawing.layout.turning import placed
from autodiff.seeing.drawing.pictures import Picture, Placed
from autodiff.seeing.drawing.svg import svg_element, themed
from autodiff.seeing.listing import Listing, listed
from autodiff.seeing.page.live import live
from autodiff.seeing.page.pages import FOLDER, Document
from autodiff.seeing.seeds import Tangents, seeds_of
from autodiff.seeing.stepping import SWEEPS, Step, Sweep, Teller, check_sweep
from autodiff.seeing.worksheets.lines import Line, Piece, Sheet, lines_of
from autodiff.seeing.worksheets.tex import document
from autodiff.words.notation import BAR, DIGITS, DOT

MOST = 300  # steps of a sheet
HEADINGS = {"evaluate": "Evaluate", "forward": "The forward sweep", "reverse": "The reverse sweep"}
TASKS = {
    "evaluate": "Evaluate every node in order.",
    "forward": f"A tangent v{DOT} is the derivative of v along the seed: operands hand on theirs, times the partial ∂.",
    "reverse": f"An adjoint v{BAR} is that of the output by v: each node hands back its own, times the partial ∂.",
}
COLUMNS = {"evaluate": "value", "forward": f"v{DOT}", "reverse": f"v{BAR}"}


class Worksheet(Document):
    """A sheet to print: `html` is the page, `latex()` the document, `save` makes a file, `solutions` the answers."""

    template, kind, scripts, styles = "worksheet.html", "a worksheet", (), ("worksheet.css",)
    folders = (files("autodiff.seeing.worksheets"), FOLDER)

    def __init__(self, teller: Teller, sweeps: Sequence[tuple[Sweep, list[Step]]], *, answers: bool) -> None:
        super().__init__(teller.listing.heading, {})
        self.teller, self.sweeps, self.answers = teller, sweeps, answers
        listing, write = teller.listing, teller.number
        inputs = range(listing.inputs)
        self.point = [f"{listing.names[slot]} = {write(listing.numbers[slot])}" for slot in inputs]
        told = " ".join(TASKS[sweep] for sweep, _ in sweeps)
        self.task = f"{told} Numbers have {teller.digits} decimals, below 1 as many significant digits."
        self.sections = [(HEADINGS[sweep], lines_of(teller, steps)) for sweep, steps in sweeps]
        phases = ["evaluate", *(sweep for sweep, _ in sweeps if sweep != "evaluate")]
        self.columns = [COLUMNS[phase] for phase in phases]
        self.rows = [(name, [self._cell(phase, slot) for phase in phases]) for slot, name in enumerate(listing.names)]

    @cached_property
    def _ends(self) -> dict[tuple[str, int], float]:
        """What every node comes to in every sweep."""
        slots = self.teller.listing.slots
        found = {("evaluate", slot): x for slot, x in enumerate(self.teller.listing.numbers)}
        for sweep, steps in self.sweeps:
            for step in steps if sweep != "evaluate" else ():
                to = step.operand if sweep == "reverse" and step.operand is not None else step.node
                found[sweep, slots[to]] = step.after
        return found

    def _cell(self, phase: str, slot: int) -> Piece:
        """A number of the table: those of inputs are given, and all where the evaluation is not asked for."""
        known = phase == "evaluate" and (slot < self.teller.listing.inputs or self.sweeps[0][0] != "evaluate")
        return Piece(self.teller.number(self._ends.get((phase, slot), 0.0)), blank=not known)

    @property
    def solutions(self) -> "Worksheet":
        """The same sheet with the answers in their places."""
        return Worksheet(self.teller, self.sweeps, answers=True)

    @cached_property
    def picture(self) -> Picture:
        """The graph, without the numbers that are asked for."""
        drawn = live(self.teller.listing, self.teller.number)
        cards = [
            card._replace(rows=[*card.rows[: -len(SWEEPS)], *self._told(end)], id="")
            for end, card in zip(drawn.ends, drawn.picture.cards, strict=True)
        ]
        arrows = [arrow._replace(id="") for arrow in drawn.picture.arrows]
        return drawn.picture._replace(cards=cards, arrows=arrows, ids=False)

    def _told(self, slot: int) -> Iterator[str]:
        for column, cell in zip(self.columns, self.rows[slot][1], strict=True):
            sign = "" if column == "value" else f"{column} "
            yield sign + (cell.text if self.answers or not cell.blank else ROOM)

    @cached_property
    def placed(self) -> Placed:
        """Where its cards and arrows lie."""
        return placed(self.picture)

    def latex(self) -> str:
        """The sheet as a document of LaTeX's, for pdflatex and its standard packages."""
        return document(
            Sheet(self.title, self.point, self.task, self.sections, self.columns, self.rows, self.picture, self.placed,
                  self.answers)
        )  # fmt: skip

    def save(self, path: str | Path) -> Path:
        """The sheet in a file, its folder made where there is none: .html to print, or .tex."""
        path = Path(path)
        if path.suffix.lower() == ".tex":
            return write(path, self.latex().encode())
        if path.suffix.lower() not in (".html", ".htm"):
            raise ValueError(f"a worksheet is saved as .html or .tex; got {str(path)!r}")
        return super().save(path)

    def still(self) -> str:
        """The drawing."""
        return themed(svg_element(self.picture, self.placed), self.title)

    def parts(self) -> dict[str, str]:
        """What stands in the document."""
        listing = self.teller.listing
        gradient = ", ".join(f"∂/∂{name}" for name in listing.names[: listing.inputs])
        return super().parts() | {
            "point": html.escape(", ".join(self.point)),
            "task": html.escape(self.task),
            "drawing": themed(svg_element(self.picture, self.placed), f"graph of {self.title}"),
            "sections": "\n".join(map(self._section, self.sections)),
            "columns": "".join(f'<th scope="col">{html.escape(column)}</th>' for column in self.columns),
            "rows": "\n".join(self._row(name, cells) for name, cells in self.rows),
            "gradient": html.escape(gradient),
            "answers": ", the answers" if self.answers else "",
        }

    def _section(self, section: tuple[str, list[Line]]) -> str:
        heading, lines = section
        items = "\n".join(f"<li>{''.join(map(self._piece, line))}</li>" for line in lines)
        return f"<section><h2>{heading}</h2><ol>\n{items}\n</ol></section>"

    def _piece(self, piece: Piece) -> str:
        text = html.escape(piece.text)
        if not piece.blank:
            return text
        return f"<b>{text}</b>" if self.answers else '<span class="blank"><span class="unseen">blank</span></span>'

    def _row(self, name: str, cells: Sequence[Piece]) -> str:
        shown = "".join(f"<td>{self._piece(cell) if self.answers or not cell.blank else ''}</td>" for cell in cells)
        return f'<tr><th scope="row">{html.escape(name)}</th>{shown}</tr>'

    def __repr__(self) -> str:
        count = sum(len(lines) for _, lines in self.sections)
        return (
            f"<Worksheet {self.title}: {count} steps; .save('sheet.html') makes a page of it, .solutions has answers>"
        )


ROOM = "………"  # to write a number on


def worksheet(
    target: Any,
    *args: Any,
    sweep: Sweep | None = None,
    tangents: Tangents | None = None,
    adjoints: Sequence[float] | None = None,
    digits: int = DIGITS,
    answers: bool = False,
) -> Worksheet:
    """A worksheet of `ad.worksheet(output)` or `ad.worksheet(f, *args)`: every step with blanks, to print.

    sweep     one of "evaluate", "forward" and "reverse"; by default all of them
    tangents  ẋ for each input, adjoints ȳ for each output, digits as for `ad.step`
    answers   whether the numbers stand in the blanks; `solutions` is the same sheet with them

    ValueError for a sheet of more than 300 steps.
    """
    check_sweep(sweep)
    if type(answers) is not bool:
        raise TypeError(f"answers is True, for a sheet with them, or False; got {answers!r}")
    listing = listed(target, args, "worksheet")
    seeds, teller = seeds_of(listing, tangents, adjoints), Teller(listing, digits)
    chosen: tuple[Sweep, ...] = (sweep,) if sweep else SWEEPS
    sweeps: list[tuple[Sweep, list[Step]]] = [(name, _steps(teller, name, *seeds)) for name in chosen]
    _check_size(listing, [len(steps) for _, steps in sweeps])
    return Worksheet(teller, sweeps, answers=answers)


def _steps(teller: Teller, sweep: Sweep, tangents: Sequence[float], adjoints: Sequence[float]) -> list[Step]:
    if sweep == "evaluate":
        return list(teller.evaluation())[teller.listing.inputs :]
    return list(teller.forward(tangents) if sweep == "forward" else teller.reverse(adjoints))


def _check_size(listing: Listing, counts: Sequence[int]) -> None:
    if sum(counts) > MOST:
        raise ValueError(
            f"{listing.heading} has {sum(counts):,} steps, and a worksheet at most {MOST}: choose one sweep, as in "
            'sweep="reverse", or a smaller function'
        )
