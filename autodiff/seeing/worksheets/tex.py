"""The worksheet in LaTeX: a document of standard packages, its drawing in TikZ."""

import re
from collections.abc import Iterable, Iterator
from unicodedata import normalize

from autodiff.seeing.drawing.layout.measuring import width
from autodiff.seeing.drawing.pictures import Card, Point, Rectangle
from autodiff.seeing.worksheets.contents import Sheet, scale_on_paper
from autodiff.seeing.worksheets.lines import Line, Piece
from autodiff.words.colours import BLUE
from autodiff.words.latex import latex
from autodiff.words.typeset import shortened

SIGNS = {"=": "=", "×": r"\times\;", "= (": "= (", "": ""}  # that a blank stands behind
ESCAPED = {"\\": r"\textbackslash{}", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}"} | {
    c: f"\\{c}" for c in "#$%&_{}"
}
COLUMN = r">{\centering\arraybackslash}p{3cm}|"
MARKS = "\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u030a\u030b\u030c\u0327"  # accents that pdflatex sets
LETTERS = "ßæøœÆØŒłŁı"  # that it has


def document(sheet: Sheet, template: str, *, answers: bool) -> str:
    """The whole document, to be read by pdflatex: the template with its parts."""
    widest = max(width(name) for name, _ in sheet.rows)
    title = (
        f"${latex(sheet.title)}$" if sheet.teller.listing.title else prose(sheet.title)
    )  # f(x₁, x₂), or v₅ of x₁, x₂
    parts = {
        "title": title + ", the answers" * answers,
        "point": f"at {', '.join(f'${latex(text)}$' for text in sheet.point)}",
        "task": prose(sheet.task),
        "drawing": "\n".join(drawn(sheet)),
        "sections": "\n".join(_section(*section, answers=answers) for section in sheet.sections),
        "columns": f"|p{{{max(widest, 36.0):.0f}bp}}|{COLUMN * len(sheet.columns)}",
        "count": str(1 + len(sheet.columns)),
        "heads": " & ".join(["node", *map(prose, sheet.columns)]),
        "rows": "\n".join(_row(name, cells, answers=answers) for name, cells in sheet.rows),
        "results": "\n".join(rf"{line_in_latex(line, answers=answers)}\par\medskip" for line in sheet.results),
        "colour": BLUE.removeprefix("#"),
    }
    return re.sub(r"\{\{(\w+)\}\}", lambda match: (parts | characters(parts.values()))[match[1]], template)


def line_in_latex(line: Line, *, answers: bool) -> str:
    r"""A line, each piece mathematics of its own, which may end behind a blank: $v_{1}=\ln x_{1}$~$=\blank{}$."""
    parts = [piece.text if piece.said else f"${_piece(piece, answers=answers)}$" for piece in line]
    return "".join(part + ("~" if piece.answer is None else " ") for part, piece in zip(parts, line, strict=True))


def prose(text: str) -> str:
    """Words with names in them: what is no letter of English is mathematics."""
    return " ".join(
        f"${latex(word)}$" if not word.isascii() else "".join(ESCAPED.get(c, c) for c in word)
        for word in text.split(" ")
    )


def characters(texts: Iterable[str]) -> dict[str, str]:
    """What stands for the letters that pdflatex has in no font: their code, U+65E5, in a frame."""
    foreign = sorted({c for text in texts for c in text if not _is_known(c)})
    told = [rf"\DeclareUnicodeCharacter{{{ord(c):04X}}}{{\fbox{{\tiny U+{ord(c):04X}}}}}" for c in foreign]
    lines = [r"\ifdefined\DeclareUnicodeCharacter % not in lualatex and xelatex, which ask the font", *told, r"\fi", ""]
    return {"characters": "\n".join(lines) if foreign else ""}


def _is_known(c: str) -> bool:
    base, *marks = normalize("NFD", c)
    return c in LETTERS or (base.isascii() and len(marks) <= 1 and all(mark in MARKS for mark in marks))


def _piece(piece: Piece, *, answers: bool) -> str:
    if piece.answer is None:
        return latex(piece.text).replace("+=", r"\mathrel{{+}{=}}", 1)
    return f"{SIGNS[piece.text]} " + (rf"\answer{{{latex(piece.answer)}}}" if answers else r"\blank{}") + piece.then


def _section(heading: str, lines: Iterable[Line], *, answers: bool) -> str:
    items = [rf"\step {line_in_latex(line, answers=answers)}" for line in lines]
    return "\n".join([rf"\subsection*{{{heading}}}", r"\begin{enumerate}\raggedright", *items, r"\end{enumerate}"])


def _row(name: str, cells: Iterable[Piece], *, answers: bool) -> str:
    shown = [
        f"${_piece(cell, answers=answers)}$" if answers or cell.answer is None else ""  # an empty cell is a blank
        for cell in cells
    ]
    return " & ".join([f"${latex(name)}$", *shown]) + r" \tabularnewline\hline"


def drawn(sheet: Sheet) -> Iterator[str]:
    """Frames, arrows and cards where they lie, in TikZ, as large as the page has room."""
    picture, place = sheet.drawing
    yield rf"\scalebox{{{scale_on_paper(place):.4f}}}{{\begin{{tikzpicture}}[x=1bp, y=-1bp, >=latex]"
    for path in picture.paths:
        left, top, wide, high = place.frames[path]
        yield rf"\draw[gray, rounded corners] ({left:.1f},{top:.1f}) rectangle +({wide:.1f},{high:.1f});"
        name = prose(shortened(picture.frames.get(path, path[-1])))
        yield rf"\node at {_at(place.titles[path])} {{\bfseries {name}}};"
    yield from (rf"\draw[->] {_curve(points)};" for points in place.arrows if points)
    yield from map(_node, picture.cards, place.cards)
    yield r"\end{tikzpicture}}"


def _node(card: Card, box: Rectangle) -> str:
    middle = _at((box.left + box.width / 2.0, box.top + box.height / 2.0))
    size = f"minimum width={box.width:.1f}bp, minimum height={box.height:.1f}bp"
    outline = "draw, very thick" if "output" in card.kind else "draw"
    title = latex(shortened(" = ".join(filter(None, [card.title, card.expression]))))
    rows = r" \\ ".join(f"${row}$" for row in [rf"\boldsymbol{{{title}}}", *map(latex, card.rows)])
    return rf"\node[{outline}, fill=white, rounded corners, align=center, {size}] at {middle} {{{rows}}};"


def _curve(points: Iterable[Point]) -> str:
    """Three points a bend, as in a path of SVG's, then the tip of the head."""
    first, *bends, tip = points
    thirds = zip(bends[::3], bends[1::3], bends[2::3], strict=True)
    curves = "".join(f" .. controls {_at(a)} and {_at(b)} .. {_at(c)}" for a, b, c in thirds)
    return f"{_at(first)}{curves} -- {_at(tip)}"


def _at(point: Point) -> str:
    return f"({point[0]:.1f},{point[1]:.1f})"
