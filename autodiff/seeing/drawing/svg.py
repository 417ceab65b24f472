"""Ink: a placed picture as an <svg> element, for a page by day and by night."""

import html
import re
from importlib.resources import files

from autodiff.seeing.drawing.dot import dot_text
from autodiff.seeing.drawing.pictures import Picture, Placed
from autodiff.seeing.drawing.rendering import rendered
from autodiff.words.colours import LEVELS, NIGHT, PAGE
from autodiff.words.typeset import LONGEST, shortened


def svg_element(picture: Picture, placed: Placed) -> str:
    """A picture as an <svg> element to put into a page: no prolog, no comments, no id but those of the picture."""
    text = rendered(dot_text(picture, placed), "svg", "nop2").decode()
    text = text[text.index("<svg") :].replace("&#45;", "-")  # a spelling for comments, which go
    text = re.sub(r'<!--.*?-->\n?| id="(graph|node|edge|clust)\d+"', "", text)

    def title(match: re.Match[str]) -> str:
        about = picture.cards[int(match[1])].about if match[1].isdecimal() else ""
        visible = "\n".join(shortened(line, 10 * LONGEST) for line in about.splitlines())
        return f"<title>{html.escape(visible)}</title>\n" if about else ""

    return re.sub(r"<title>(.*?)</title>\n?", title, text)


def themed(svg: str, title: str = "") -> str:
    """An <svg> element on a ground of its own, that follows the page between day and night.

    title  for those who do not see it
    """
    opening, _, rest = svg.partition(">")
    opening = re.sub(r'(width|height)="([\d.]+)pt"', r'\1="\2"', opening)  # px: as large as the text of a notebook
    ground = f'<rect width="100%" height="100%" rx="8" fill="{PAGE}"/>'
    label = f' role="img" aria-label="{html.escape(shortened(title, 10 * LONGEST))}"' if title else ""
    return f'{opening} class="autodiff"{label}>\n<style>{stylesheet()}</style>\n{ground}{rest}'


def stylesheet() -> str:
    """Each colour by day replaced by night: old browsers, and paper, stay at day."""
    rules = (files("autodiff.seeing.drawing") / "drawing.css").read_text(encoding="utf-8")
    for day, night in NIGHT.items():
        for paint in ("fill", "stroke"):
            rules += f'.autodiff [{paint}="{day}"] {{ {paint}: light-dark({day}, {night}); }}\n'
    return rules


def level_styles() -> str:
    """The colours of levels as a page reads them: --card of the class level−4 … level4."""
    rules = [f".level{i - 4} {{ --card: light-dark({day}, {NIGHT[day]}); }}" for i, day in enumerate(LEVELS)]
    return "\n".join(rules)
