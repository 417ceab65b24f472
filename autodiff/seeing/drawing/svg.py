"""Ink: a placed picture as an <svg> element, for a page by day and by night; no package is needed."""

import html
from collections.abc import Iterator, Sequence
from importlib.resources import files
from math import atan2, cos, pi, sin

from autodiff.seeing.drawing.layout.measuring import LINE, MARGIN, RIM, SIZE, SMALL, SWATCH, width
from autodiff.seeing.drawing.pictures import Arrow, Card, Picture, Placed, Point, Rectangle
from autodiff.words.colours import BOX, CARD, INK, LEVELS, MUTED, NIGHT, PAGE, shades
from autodiff.words.colours import LINE as STROKE
from autodiff.words.scripts import runs
from autodiff.words.typeset import LONGEST, shortened

RISE = 4.0  # points that a superscript stands higher
EDGE, ROUND = 14.4, 9.0  # points around all; how round corners are
BASE = 0.36  # of a text's size, from its middle down to the line that it stands on
WING = 0.42  # of an arrowhead: half as broad as long, nearly
FONT = "Helvetica, Arial, DejaVu Sans, sans-serif"


def svg_element(picture: Picture, placed: Placed) -> str:
    """A picture as an <svg> element to put into a page: no prolog, no comments, no id but those of the picture."""
    wide, high = size_of(placed)
    box = f"{_n(-EDGE)} {_n(-EDGE)} {_n(wide)} {_n(high)}"
    parts = "\n".join(frame_parts(picture, placed))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_n(wide)}pt" height="{_n(high)}pt" viewBox="{box}">\n'
        f'<g class="graph" font-family="{FONT}" font-size="{_n(SIZE)}" fill="{INK}">\n{parts}\n</g>\n</svg>'
    )


def size_of(placed: Placed) -> tuple[float, float]:
    """The width and the height of all, its margin included."""
    return placed.width + 2.0 * EDGE, placed.height + 2.0 * EDGE


def frame_parts(picture: Picture, placed: Placed) -> list[str]:
    """The pieces of a picture, from the back to the front: frames, arrows, cards, the legend."""
    return [
        *(
            _frame(picture.frames.get(path, path[-1]), placed.frames[path], placed.titles[path], f"f{i}" * picture.ids)
            for i, path in enumerate(picture.paths)
        ),
        *(_edge(arrow, placed.arrows[i], placed.labels.get(i)) for i, arrow in enumerate(picture.arrows)),
        *map(_node, picture.cards, placed.cards),
        *_legend(picture.legend, placed),
    ]


def _node(card: Card, box: Rectangle) -> str:
    if card.kind.startswith(("circle", "words")):
        return _circle(card, box)
    fill = shades(card.level)[0] if card.level is not None else BOX if "box" in card.kind else CARD
    stroke, heavy = (INK, ' stroke-width="1.8"') if "output" in card.kind else (STROKE, "")
    stroke, heavy = (card.outline, ' stroke-width="3"') if card.outline else (stroke, heavy)
    rim = RIM if "box" in card.kind else 0.0
    inner = Rectangle(box.left + rim, box.top + rim, box.width - 2.0 * rim, box.height - 2.0 * rim)
    outlines = [f'<path d="{_rounded(inner)}" fill="{fill}" stroke="{stroke}"{heavy}/>']
    if rim:
        outlines.append(f'<path d="{_rounded(box)}" fill="none" stroke="{stroke}"/>')
    header = f'<tspan font-weight="bold">{_text(card.title)}</tspan>'
    header += f" = {_text(card.expression)}" if card.expression else ""
    x, y = inner.left + MARGIN[0], inner.top + MARGIN[1] + LINE / 2.0 + BASE * SIZE
    rows = [header, *(row and _text(row) for row in card.rows)]
    texts = [f'<text x="{_n(x)}" y="{_n(y + i * LINE)}">{row}</text>' for i, row in enumerate(rows) if row]
    return _group(card.id, f"node {card.kind}".strip(), [*_title(card.about), *outlines, *texts])


def _circle(card: Card, box: Rectangle) -> str:
    """Rows in the middle of a circle, the first larger; or words alone."""
    x, y = box.left + box.width / 2.0, box.top + box.height / 2.0
    fill = CARD if card.level is None else shades(card.level)[0]
    edge = f'stroke="{INK}" stroke-width="2.4"' if "output" in card.kind else f'stroke="{STROKE}"'
    round_ = f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(box.width / 2.0)}" fill="{fill}" {edge}/>'
    parts = [*_title(card.about), *[round_] * ("circle" in card.kind)]
    weight = ' font-weight="bold"' if "bold" in card.kind else ""
    for i, row in enumerate(card.rows or [card.title]):
        size, down = (SMALL - 1.0 if i else SIZE), (i - (len(card.rows) - 1 if card.rows else 0) / 2.0) * (LINE - 1.0)
        at = f'x="{_n(x)}" y="{_n(y + down + BASE * size)}" text-anchor="middle" font-size="{_n(size)}"'
        ink = "" if card.rows else f' fill="{MUTED}"'
        parts.append(f"<text {at}{weight}{ink}>{_text(row)}</text>")
    return _group(card.id, f"node {card.kind}", parts)


def _title(about: str) -> list[str]:
    """What a pointer is shown that rests there."""
    told = "\n".join(shortened(line, 10 * LONGEST) for line in about.splitlines())
    return [f"<title>{html.escape(told)}</title>"] * bool(told)


def _edge(arrow: Arrow, points: Sequence[Point], label: Point | None) -> str:
    parts = list[str]()
    if points:
        *curve, tip = points
        bends = " ".join(f"{_n(x)},{_n(y)}" for x, y in curve[1:])
        line = f"M{_n(curve[0][0])},{_n(curve[0][1])}" + (f"C{bends}" if bends else "")
        ink, heavy = arrow.ink or STROKE, arrow.heavy or (2.5 if arrow.ink else 0.0)
        thick = f' stroke-width="{_n(heavy)}"' if heavy else ""
        parts += [*_title(arrow.about), f'<path d="{line}" fill="none" stroke="{ink}"{thick}/>']
        if not arrow.heavy:
            parts.append(f'<polygon points="{_head(curve[-1], tip)}" fill="{ink}" stroke="{ink}"/>')
    if label:
        x, y = label
        at = f'x="{_n(x)}" y="{_n(y + BASE * SMALL)}" text-anchor="middle" font-size="{_n(SMALL)}" fill="{MUTED}"'
        parts.append(f"<text {at}>{_text(arrow.label)}</text>")
    return _group(arrow.id, "edge", parts)


def _head(base: Point, tip: Point) -> str:
    """The corners of an arrowhead."""
    (x, y), (u, v) = base, tip
    turn = atan2(v - y, u - x)
    length = ((u - x) ** 2 + (v - y) ** 2) ** 0.5
    wings = [(x + WING * length * cos(turn + side), y + WING * length * sin(turn + side)) for side in (pi / 2, -pi / 2)]
    return " ".join(f"{_n(a)},{_n(b)}" for a, b in (tip, *wings))


def _frame(name: str, box: Rectangle, middle: Point, known: str) -> str:
    x, y = middle[0] - width(shortened(name), bold=True) / 2.0, middle[1] + BASE * SIZE
    text = f'<text x="{_n(x)}" y="{_n(y)}" font-weight="bold" fill="{MUTED}">{_text(name)}</text>'
    return _group(known, "cluster scope", [f'<path d="{_rounded(box)}" fill="none" stroke="{STROKE}"/>', text])


def _legend(lines: Sequence[tuple[str, ...]], placed: Placed) -> Iterator[str]:
    """Lines of text; in one of more parts the colours stand between the second and the third."""
    y = placed.legend[1] - 10.0 * len(lines) + 16.0 if placed.legend else 0.0
    for first, *ends in lines:
        x = 4.0
        texts = [first, *ends[:1]]
        for text in texts:
            yield _words(text, x, y)
            x += width(shortened(text, 200)) + 10.0
        if ends:
            for color in LEVELS:
                yield f'<rect x="{_n(x)}" y="{_n(y - 6.0)}" width="{_n(SWATCH)}" height="12" fill="{color}"/>'
                x += SWATCH
            x += 6.0
            for text in ends[1:]:
                yield _words(text, x, y)
                x += width(shortened(text, 200)) + 12.0
        y += 20.0


def _words(text: str, x: float, y: float) -> str:
    return f'<text x="{_n(x)}" y="{_n(y + BASE * SIZE)}" fill="{MUTED}">{_text(text, 200)}</text>'


def _group(name: str, kind: str, parts: Sequence[str]) -> str:
    label = f' id="{html.escape(name)}"' if name else ""
    return "\n".join([f'<g{label} class="{html.escape(kind)}">', *parts, "</g>"])


def _rounded(box: Rectangle) -> str:
    """The outline of a box with round corners, from the upper left one to the right."""
    left, top, right, bottom = box.left, box.top, box.left + box.width, box.top + box.height
    r = min(ROUND, box.width / 2.0, box.height / 2.0)
    corners = [(left + r, top), (right - r, top), (right, top + r), (right, bottom - r)]
    corners += [(right - r, bottom), (left + r, bottom), (left, bottom - r), (left, top + r)]
    turns = [(right, top), (right, bottom), (left, bottom), (left, top)]
    path = f"M{_n(corners[0][0])},{_n(corners[0][1])}"
    for i, (u, v) in enumerate(turns):
        (a, b), (c, d) = corners[2 * i + 1], corners[(2 * i + 2) % 8]
        path += f"L{_n(a)},{_n(b)}Q{_n(u)},{_n(v)} {_n(c)},{_n(d)}"
    return path + "Z"


def _text(text: str, longest: int = LONGEST) -> str:
    """One line, with what is raised higher and smaller."""
    parts = list(runs(shortened(text, longest)))
    found, was = "", False
    for part, up in parts:
        shift = f' dy="{-RISE if up else RISE:g}"' if up is not was else ""
        small = ' font-size="75%"' if up else ""
        found += f"<tspan{shift}{small}>{html.escape(part)}</tspan>" if part and (shift or small) else html.escape(part)
        was = up if part else was
    return found


def _n(x: float) -> str:
    """A number with two decimals, no zeros at its end."""
    return f"{x:.2f}".rstrip("0").rstrip(".") or "0"


def themed(svg: str, title: str = "") -> str:
    """An <svg> element on a ground of its own, that follows the page between day and night.

    title  for those who do not see it
    """
    opening, _, rest = svg.partition(">")
    opening = opening.replace('pt"', '"')  # px: as large as the text of a notebook
    x, y, *size = opening.split('viewBox="')[1].split('"')[0].split()
    ground = f'<rect x="{x}" y="{y}" width="{size[0]}" height="{size[1]}" rx="8" fill="{PAGE}"/>'
    label = f' role="img" aria-label="{html.escape(shortened(title, 10 * LONGEST))}"' if title else ""
    return f'{opening} class="autodiff"{label}>\n<style>{stylesheet(ground + svg)}</style>\n{ground}{rest}'


def stylesheet(svg: str) -> str:
    """Each colour of a drawing by day replaced by night: old browsers, and paper, stay at day."""
    rules = (files("autodiff.seeing.drawing") / "drawing.css").read_text(encoding="utf-8")
    for day, night in NIGHT.items():
        for paint in ("fill", "stroke"):
            if f'{paint}="{day}"' in svg:
                rules += f'.autodiff [{paint}="{day}"] {{ {paint}: light-dark({day}, {night}); }}\n'
    return rules
