"""worksheet: a graph's steps with blanks, to print and fill in by hand; and the same with answers."""

import html
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from autodiff.core.files import write
from autodiff.core.graph import stale
from autodiff.errors import StaleGraph
from autodiff.seeing.drawing.svg import svg_element, themed
from autodiff.seeing.listing import Listing, listed
from autodiff.seeing.page.pages import FOLDER, Document
from autodiff.seeing.seeds import Seeds, Tangents, seeds_of
from autodiff.seeing.stepping import SWEEPS, Step, Sweep, Teller, check_sweep
from autodiff.seeing.worksheets.contents import Sheet
from autodiff.seeing.worksheets.lines import Line, Piece
from autodiff.seeing.worksheets.tex import document
from autodiff.words.notation import DIGITS
from autodiff.words.scripts import raised

MOST = 300  # steps of a sheet
BLANK = '<span class="blank"><span class="unseen">blank</span></span>'


class Worksheet(Document):
    """A sheet to print: `html` is the page, `latex()` the document, `save` makes a file; `solutions` has answers."""

    template, kind, scripts, styles = "worksheet.html", "a worksheet", (), ("worksheet.css",)
    folders = (files("autodiff.seeing.worksheets"), FOLDER)

    def __init__(self, sheet: Sheet, *, answers: bool) -> None:
        super().__init__(sheet.title + ", the answers" * answers, {})
        self.sheet, self.answers = sheet, answers

    @property
    def solutions(self) -> "Worksheet":
        """The same sheet with the answers in their places."""
        return Worksheet(self.sheet, answers=True)

    def latex(self) -> str:
        """The sheet as a document of LaTeX's, for pdflatex and its standard packages."""
        return document(self.sheet, self.text("worksheet.tex"), answers=self.answers)

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
        return themed(svg_element(*self.sheet.drawing), f"graph of {self.sheet.title}")

    def parts(self) -> dict[str, str]:
        """What stands in the document."""
        sheet = self.sheet
        return super().parts() | {
            "point": raised(", ".join(sheet.point)),
            "task": html.escape(sheet.task),
            "drawing": self.still(),
            "sections": "\n".join(map(self._section, sheet.sections)),
            "columns": "".join(f'<th scope="col">{html.escape(column)}</th>' for column in sheet.columns),
            "rows": "\n".join(self._row(name, cells) for name, cells in sheet.rows),
            "results": "\n".join(f"<p>{self._line(line)}</p>" for line in sheet.results),
        }

    def _section(self, section: tuple[str, list[Line]]) -> str:
        heading, lines = section
        items = "\n".join(f"<li>{self._line(line)}</li>" for line in lines)
        return f"<section><h2>{heading}</h2>\n<ol>\n{items}\n</ol></section>"

    def _line(self, line: Line) -> str:
        """A line may end behind a blank: what asks for a number stays with it."""
        return "".join(self._piece(piece) + ("&nbsp;" if piece.answer is None else " ") for piece in line)

    def _piece(self, piece: Piece) -> str:
        if piece.answer is None:
            return html.escape(piece.text) if piece.said else f"<i>{raised(piece.text)}</i>"
        blank = f"<b>{html.escape(piece.answer)}</b>" if self.answers else BLANK
        sign = f"{piece.text} " if piece.text in ("=", "×") else piece.text
        return f'<span class="part">{sign}{blank}{piece.then}</span>'

    def _row(self, name: str, cells: Sequence[Piece]) -> str:
        shown = "".join(f"<td>{self._inside(cell)}</td>" for cell in cells)
        return f'<tr><th scope="row">{raised(name)}</th>{shown}</tr>'

    def _inside(self, cell: Piece) -> str:
        """A cell with a blank is one."""
        return html.escape(cell.text) if cell.answer is None else f"<b>{html.escape(cell.answer)}</b>" * self.answers

    def __repr__(self) -> str:
        count = sum(len(lines) for _, lines in self.sheet.sections)
        more = "" if self.answers else ", .solutions has the answers"
        return (
            f"<Worksheet {self.title}: {count} step{'s' * (count != 1)}; .save('sheet.html') makes a page of it{more}>"
        )


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

    ValueError for a sheet of more than 300 steps, StaleGraph where a leaf was moved between two uses.
    """
    check_sweep(sweep)
    if type(answers) is not bool:
        raise TypeError(f"answers is True, for a sheet with them, or False; got {answers!r}")
    listing = listed(target, args, "worksheet")
    seeds, teller = seeds_of(listing, tangents, adjoints), Teller(listing, digits)
    _check_steady(listing)
    chosen: tuple[Sweep, ...] = (sweep,) if sweep else SWEEPS
    sweeps: dict[Sweep, list[Step]] = {name: _steps(teller, name, seeds) for name in chosen}
    _check_size(listing, sweeps)
    return Worksheet(Sheet(teller, seeds, sweeps), answers=answers)


def _steps(teller: Teller, sweep: Sweep, seeds: Seeds) -> list[Step]:
    """The steps of a sweep; inputs are given."""
    if sweep == "evaluate":
        return list(teller.evaluation())[teller.listing.inputs :]
    return list(teller.forward(seeds.tangents) if sweep == "forward" else teller.reverse(seeds.adjoints))


def _check_size(listing: Listing, sweeps: Mapping[Sweep, Sequence[Step]]) -> None:
    count = sum(map(len, sweeps.values()))
    if count > MOST:
        smaller = "a smaller function or a part of the graph"
        told = f'choose one sweep, as in sweep="reverse", or {smaller}' if len(sweeps) > 1 else f"choose {smaller}"
        raise ValueError(f"{listing.heading} has {count:,} steps, and a worksheet at most {MOST}: {told}")


def _check_steady(listing: Listing) -> None:
    """A sheet has one number for each node: StaleGraph where two nodes read two."""
    for node in listing.order:
        for operand, number in stale(node, lambda operand: listing.numbers[listing.slots[operand]]):
            slot = listing.slots[operand]
            raise StaleGraph(
                f"{listing.names[slot]} was {listing.numbers[slot]} at first and {number} when {node.op.name} read it: "
                "compute the expression again, then make a worksheet of it"
            )
