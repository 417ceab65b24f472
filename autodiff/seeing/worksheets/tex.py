"""The worksheet in LaTeX: a document of standard packages, its drawing in TikZ."""

import re
from collections.abc import Iterator, Sequence

from autodiff.seeing.worksheets.lines import Piece, Sheet
from autodiff.words.latex import latex

HEAD = r"""\documentclass[11pt]{article}
\usepackage[margin=2cm]{geometry}
\usepackage{amsmath,array,longtable,xcolor,tikz}
\setlength{\parindent}{0pt}
\newcommand{\blank}{\underline{\hspace{1.8cm}}}
\newcommand{\answer}[1]{\textcolor{blue}{\mathbf{#1}}}
\begin{document}
"""
POINTS = 72.0  # to an inch
WIDEST = 6.5  # inches of a drawing
COLUMN = r">{\centering}p{2.6cm}|"
SPECIAL = {"\\": r"\textbackslash{}", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}"} | {
    c: f"\\{c}" for c in "#$%&_{}"
}


def document(sheet: Sheet) -> str:
    """The whole document, to be read by pdflatex."""
    parts = [
        HEAD,
        rf"\section*{{$\displaystyle {latex(sheet.title)}$}}",
        rf"At {_point(sheet)}.\hfill Name: \underline{{\hspace{{5cm}}}} Date: \underline{{\hspace{{2.5cm}}}}",
        rf"\medskip\par {prose(sheet.task)}",
        r"\begin{center}",
        *_drawing(sheet),
        r"\end{center}",
    ]
    for heading, lines in sheet.sections:
        parts += [rf"\subsection*{{{prose(heading)}}}", r"\begin{enumerate}"]
        parts += [rf"\item ${formula(line, answers=sheet.answers)}$" for line in lines]
        parts += [r"\end{enumerate}"]
    parts += [*_table(sheet), r"\end{document}", ""]
    return "\n".join(parts)


def formula(line: Sequence[Piece], *, answers: bool) -> str:
    """A line in mathematics: texts between blanks, each blank a rule or its answer."""
    found = list[str]()
    for text, blank in line:
        if blank:
            found.append(rf"\answer{{{latex(text)}}}" if answers else r"\blank{}")
            continue
        for i, part in enumerate(re.split(r"(, and so | \(seed\)|\+=)", text)):
            words = rf"\text{{{part}}}" if part != "+=" else r"\mathrel{{+}{=}}"
            found.append(words if i % 2 else latex(part))
    return " ".join(found)


def prose(text: str) -> str:
    """Words with names in them: what is no letter of English is mathematics."""
    return " ".join(
        f"${latex(word)}$" if any(ord(c) > 127 for c in word) else "".join(SPECIAL.get(c, c) for c in word)
        for word in text.split(" ")
    )


def _point(sheet: Sheet) -> str:
    return ", ".join(f"${latex(text)}$" for text in sheet.point) or "its numbers"


def _drawing(sheet: Sheet) -> Iterator[str]:
    """Cards and arrows where they lie, in TikZ."""
    placed, picture = sheet.placed, sheet.picture
    scale = min(1.0, WIDEST * POINTS / placed.width)
    style = f"every node/.style={{scale={max(0.5, scale):.3f}}}"
    yield rf"\begin{{tikzpicture}}[x={scale:.4f}bp, y=-{scale:.4f}bp, {style}]"
    for box, card in zip(placed.cards, picture.cards, strict=True):
        x, y = box.left + box.width / 2.0, box.top + box.height / 2.0
        size = f"minimum width={box.width:.1f}bp, minimum height={box.height:.1f}bp"
        title = latex(" = ".join(filter(None, [card.title, card.expression])))
        rows = r"\\".join([f"${title}$", *(f"${latex(row)}$" if row.strip() else "~" for row in card.rows)])
        yield rf"\node[draw, rounded corners, align=left, {size}] at ({x:.1f},{y:.1f}) {{{rows}}};"
    for points in placed.arrows:
        if points:
            *curve, tip = points
            first, rest = curve[0], [*curve[1:], tip]
            bends = "".join(
                f" .. controls ({a[0]:.1f},{a[1]:.1f}) and ({b[0]:.1f},{b[1]:.1f}) .. ({c[0]:.1f},{c[1]:.1f})"
                for a, b, c in zip(rest[0:-1:3], rest[1:-1:3], rest[2:-1:3], strict=False)
            )
            yield rf"\draw[->] ({first[0]:.1f},{first[1]:.1f}){bends} -- ({tip[0]:.1f},{tip[1]:.1f});"
    yield r"\end{tikzpicture}"


def _table(sheet: Sheet) -> Iterator[str]:
    """The evaluation trace, its cells to be filled in."""
    yield r"\subsection*{All numbers}"
    yield r"\renewcommand{\arraystretch}{1.4}"
    yield r"\begin{longtable}{|l|" + COLUMN * len(sheet.columns) + r"}\hline"
    heads = ["node", *map(prose, sheet.columns)]
    yield " & ".join(heads) + r" \tabularnewline\hline\endhead"
    for name, cells in sheet.rows:
        shown = ["" if cell.blank and not sheet.answers else f"${formula([cell], answers=True)}$" for cell in cells]
        yield " & ".join([f"${latex(name)}$", *shown]) + r" \tabularnewline\hline"
    yield r"\end{longtable}"
