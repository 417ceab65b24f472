"""How large a text is: in DejaVu Sans, which is wider than what most pages are set in, in hundredths of its size."""

from collections.abc import Sequence
from unicodedata import category, east_asian_width

from autodiff.seeing.drawing.pictures import Card
from autodiff.words.scripts import runs
from autodiff.words.typeset import LONGEST, shortened

SIZE, SMALL = 12.0, 10.5  # points: of cards and the legend; on arrows
LINE = 16.0  # from line to line
MARGIN, RIM = (9.0, 6.0), 4.0  # around the text of a card; between the two outlines of a box
SWATCH = 16.0
BOLD = 1.12
WIDTHS = {
    c: width
    for width, letters in {
        18: "ₗⱼⁱᵢ", 24: "′⁽⁾₍₎", 28: "'ijlIJᵣ", 32: " ,.·⋅ₜΙΪ", 34: "/:;\\|ίι", 36: "f-ᵪₛᵀ″", 39: "()[]tₐ⌊⌋",
        41: "!²³¹⁰⁴⁵⁶⁷⁸⁹ⁿ₀₁₂₃₄₅₆₇₈₉ₕₙᵤᵦrₒᵨ", 44: "ₑₔᵥᵩₖₚₓ", 50: '"*_`°–', 53: "sz∂?⁺⁻⁼₊₋₌", 56: "εζcLΓνξ",
        59: "Fkvxyγκλς", 61: "PTYaoδθπτ", 64: "eSEbdghnpqu$0123456789{}βμσηρΣ√∛", 68: "KAVXBRZαφψ∇∑Δ", 71: "C",
        76: "UHNΩ", 78: "DG&", 82: "OQΦΨΘw", 85: "∞#+<=>^~±×÷ω←→↑↓−≈≠≤≥", 97: "Mm%", 100: "W@—…",
    }.items()
    for c in letters
}  # fmt: skip
OTHER, WIDE = 70, 105  # another letter, a character of East Asia


def width(text: str, size: float = SIZE, *, bold: bool = False) -> float:
    """The width of a text in points."""
    found = sum((0.75 if up else 1.0) * sum(map(_wide, part)) for part, up in runs(text))
    return found * size / 100.0 * (BOLD if bold else 1.0)


def _wide(c: str) -> int:
    if category(c)[0] == "M":  # an accent
        return 0
    return WIDTHS.get(c, WIDE if east_asian_width(c) in "WF" else OTHER)


def card_size(card: Card) -> tuple[float, float]:
    """The width and the height of a card."""
    header = width(shortened(card.title), bold=True)
    header += width(f" = {shortened(card.expression)}") if card.expression else 0.0
    widest = max([header, *(width(shortened(row)) for row in card.rows)])
    rim = 2.0 * RIM if "box" in card.kind else 0.0
    return widest + 2.0 * MARGIN[0] + rim, LINE * (1 + len(card.rows)) + 2.0 * MARGIN[1] + rim


def label_size(text: str) -> tuple[float, float]:
    """The width and the height of what stands on an arrow."""
    return width(shortened(text), SMALL) + 8.0, LINE + 8.0


def title_width(text: str) -> float:
    """The width of what stands on a frame."""
    return width(shortened(text, LONGEST), bold=True)


def legend_size(lines: Sequence[tuple[str, ...]], colours: int) -> tuple[float, float]:
    """The width and the height of a legend."""
    widths = [width("  ".join(line)) + (SWATCH * colours + 24.0 if len(line) > 1 else 0.0) for line in lines]
    return max(widths, default=0.0) + 8.0, 12.0 + 20.0 * len(lines) if lines else 0.0
