"""Typesetting: tables as text, as HTML and as LaTeX, and texts cut to the room that there is."""

from collections.abc import Sequence
from typing import Literal, NamedTuple, TypeAlias

from autodiff.words.colours import FORWARD, REVERSE
from autodiff.words.latex import latex
from autodiff.words.notation import BAR, DOT
from autodiff.words.scripts import raised

WIDTH = 100  # characters that a line of text may take
LONGEST = 40  # characters of a text that stands in a picture

Cells: TypeAlias = Sequence[str]
Side: TypeAlias = Literal["<", ">"]
# Of a <table>, also in a page that has no style: by the colour of the text around, so that it follows day and night.
STYLE = (
    "<style>table.autodiff { border-collapse: collapse; font-variant-numeric: tabular-nums; "
    "--line: 1px solid color-mix(in srgb, currentColor 30%, transparent) } "
    "table.autodiff :is(th, td) { text-align: left; padding: 0.2em 0.7em; white-space: nowrap; border: 0 } "
    "table.autodiff tr:has(th) { border-bottom: var(--line) } table.autodiff { margin: 0.8em 0 } "
    "table.autodiff:is(.forward, .reverse) td:nth-child(4), table.autodiff th[colspan]:last-child "
    "{ border-left: var(--line) } "
    f"table.autodiff.forward th:last-child {{ color: color-mix(in srgb, {FORWARD} 70%, currentColor) }} "
    f"table.autodiff.reverse th:last-child {{ color: color-mix(in srgb, {REVERSE} 70%, currentColor) }}</style>"
)


class Column(NamedTuple):
    """How the cells of a column stand in text.

    side   "<" where they begin at its left, ">" where they end at its right
    width  that of its widest cell, or so many characters, over which a cell may reach
    gap    spaces before it
    """

    heading: str
    side: Side = "<"
    width: int | None = None
    gap: int = 2


class Table(NamedTuple):
    """Rows of cells, a heading above each column."""

    columns: Sequence[Column]
    rows: Sequence[Cells]

    def lines(self) -> list[str]:
        """The headings, then each row, as lines of text."""
        cells = [[column.heading for column in self.columns], *self.rows]
        widths = [
            widest(texts) if column.width is None else column.width
            for column, texts in zip(self.columns, zip(*cells, strict=True), strict=True)
        ]
        return ["".join(map(_in_column, row, self.columns, widths)) for row in cells]

    def html(self) -> str:
        """A <table>."""
        head = html_row([column.heading for column in self.columns], "th")
        return f'<table class="autodiff">{head}{"".join(map(html_row, self.rows))}</table>'


def _in_column(cell: str, column: Column, width: int) -> str:
    return " " * column.gap + padded(cell, width, column.side)


class Sides(NamedTuple):
    """Two tables of three columns beside one another, line by line, with one heading each, which ends in its arrow.

    Where a side has nothing in a line, its cells are empty. The last column is always seen.
    """

    headings: tuple[str, str]
    left: Sequence[Cells]
    right: Sequence[Cells]

    def text(self) -> str:
        """Lines of at most 100 columns: one table above the other where they have no room beside it."""
        left, right = fitted(self.left), fitted(self.right)
        width = widest([self.headings[0], *left])
        if width + 3 + widest([self.headings[1], *right]) > WIDTH:
            return "\n".join([self.headings[0], *filter(None, left), "", self.headings[1], *filter(None, right)])
        pairs = [self.headings, *zip(left, right, strict=True)]
        return "\n".join(f"{padded(a, width)} │ {b}".rstrip() for a, b in pairs)

    def html(self) -> str:
        """One <table> of both."""
        head = html_row(self.headings, "th", 'colspan="3"')
        body = [html_row([*a, *b]) for a, b in zip(self.left, self.right, strict=True)]
        kind = "forward" if self.headings[1].endswith("↓") else "reverse"
        return f'<table class="autodiff {kind}"><thead>{head}</thead><tbody>{"".join(body)}</tbody></table>'

    def array(self) -> str:
        """One LaTeX array of both, for MathJax and KaTeX."""
        head, body = self._latex()
        rows = [rf"{' & '.join(row)} \\" for row in body]
        return "\n".join([r"\begin{array}{lll|lll}", rf"{head} \\ \hline", *rows, r"\end{array}"])

    def longtable(self) -> str:
        """The same for a document: a `longtable`, which goes on from page to page."""
        head, body = self._latex()
        cells = [[rf"$\displaystyle {cell}$" if cell else "" for cell in row] for row in body]
        rows = [rf"{' & '.join(row)} \\" for row in cells]
        return "\n".join([r"\begin{longtable}{lll|lll}", rf"{head} \\ \hline \endhead", *rows, r"\end{longtable}"])

    def _latex(self) -> tuple[str, list[list[str]]]:
        left, right = (rf"\text{{{heading[:-2]}}}" for heading in self.headings)
        pairs = zip(self.left, self.right, strict=True)
        return rf"{left} & & & {right} & &", [list(map(latex, [*a, *b])) for a, b in pairs]


def fitted(rows: Sequence[Cells]) -> list[str]:
    """Rows of three cells as lines of at most 100 columns: what is too long is cut, the last cell never."""
    widths = [widest([row[i] for row in rows]) for i in range(3)]
    room = WIDTH - widths[2] - 4
    if widths[0] + widths[1] > room:
        widths[0] = min(widths[0], max(room // 2, room - widths[1]))
        widths[1] = room - widths[0]
    return ["  ".join(map(padded, map(clipped, row, widths), widths)).rstrip() for row in rows]


def html_row(cells: Cells, tag: str = "td", attributes: str = "") -> str:
    """A <tr> of cells, which are only text, whatever is in them."""
    opening = f"<{tag} {attributes}>" if attributes else f"<{tag}>"
    return "<tr>" + "".join(f"{opening}{raised(cell)}</{tag}>" for cell in cells) + "</tr>"


def width_of(text: str) -> int:
    """Characters on the screen: a combining dot or bar takes none."""
    return len(text) - text.count(DOT) - text.count(BAR)


def widest(texts: Sequence[str]) -> int:
    """The width of the widest of texts; 0 of none."""
    return max(map(width_of, texts), default=0)


def padded(text: str, width: int, side: Side = "<") -> str:
    """The text with spaces up to a width on the screen, behind it or before it."""
    spaces = " " * (width - width_of(text))
    return text + spaces if side == "<" else spaces + text


def clipped(text: str, width: int) -> str:
    """As much of the text as a width takes."""
    if width_of(text) <= width:
        return text
    while width_of(text) >= width:
        text = text[:-1]
    return text + "…"


def shortened(text: str, longest: int = LONGEST) -> str:
    """As much of a text as a picture takes, in one line and visible."""
    visible = "".join(c if c.isprintable() else " " if c.isspace() else "\ufffd" for c in text).strip() or "␣"
    return visible if len(visible) <= longest else visible[: longest - 1] + "…"
