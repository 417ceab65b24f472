"""Colours: the one palette of plots, drawings and pages, and what each colour means there.

Plots are on white. What a browser shows follows day and night: such a colour has one of each.
"""

# Plots, in Okabe and Ito's palette: told apart by every kind of colour vision. Markers and dashes tell apart too.
BLUE, ORANGE, GREEN, GREY = "#0072B2", "#D55E00", "#009E73", "#666666"  # below 0, above 0, what is neither
PALE_BLUE, PALE_ORANGE, PALE_GREEN = (
    "#8CC0E4",
    "#F0B48C",
    "#8FD3BF",
)  # the sides of a plane on which points are blue and orange

# Drawings: by day, and what each of these colours is by night.
INK, MUTED = "#1b1d22", "#5a606b"  # text, and text of less weight
LINE = "#8d94a0"  # arrows, frames and edges of cards
PAGE, CARD, BOX = "#fdfdfe", "#ffffff", "#eceff3"  # grounds: of the picture, of a node, of many nodes as one

# Of adjoints and tangents: blue below 0, vermilion above, mixed with the card by their size; each by day and by night.
COLD, PLAIN, WARM = ("#4d9cc9", "#086295"), ("#f4f4f4", "#2e3138"), ("#e28e4d", "#ae520a")
STEPS = 32  # from plain to either end
LEAST = 0.08  # of the way: what is not 0 is seen


def shades(part: float) -> tuple[str, str]:
    """By day and by night, the colour of a share of the largest, from −1 to 1."""
    way = round(STEPS * (LEAST + (1.0 - LEAST) * min(abs(part), 1.0))) / STEPS if part else 0.0
    day, night = (_mixed(plain, end, way) for plain, end in zip(PLAIN, COLD if part < 0.0 else WARM, strict=True))
    return day, night


def _mixed(a: str, b: str, way: float) -> str:
    pairs = [(int(a[i : i + 2], 16), int(b[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(x + (y - x) * way):02x}" for x, y in pairs)


LEVELS = tuple([shades(i / 4.0)[0] for i in range(-4, 5)])  # of a legend
NIGHT = {
    INK: "#f0f1f3", MUTED: "#a6adb8", LINE: "#7b828e", PAGE: "#17191d", CARD: "#24272e", BOX: "#343943",
    **dict(shades(sign * i / (4.0 * STEPS)) for i in range(4 * STEPS + 1) for sign in (-1.0, 1.0)),
}  # fmt: skip

# The stepper's page: what its style sheet calls a colour, by day and by night.
STEPPER = {
    "cold": COLD,  # of the levels of nodes: below 0, 0, above
    "plain": PLAIN,
    "warm": WARM,
    "ink": (INK, NIGHT[INK]),
    "quiet": ("#5b6570", "#9aa5b1"),  # what is said beside
    "line": ("#d5dae0", "#3a434d"),
    "paper": ("#ffffff", "#14181c"),
    "raised": ("#f4f6f8", "#1e242a"),  # above the paper: buttons, the row of the step
    "evaluate": ("#46535f", "#b3bfcb"),  # the three sweeps
    "forward": ("#00735a", "#3fc9a4"),
    "reverse": ("#9b3f80", "#e08fc5"),
    "wrong": ("#b3261e", "#ff8a80"),
    "focus": ("#0072b2", "#56b4e9"),  # around what the keyboard is on
    "mark": ("#e69f00", "#f0e442"),  # beside a line of source, and behind it
    "marked": ("#fff1cc", "#3d3410"),
}

FORWARD, REVERSE = STEPPER["forward"][0], STEPPER["reverse"][0]  # the two modes, in plots as on the page


def variables() -> str:
    """The colours of the stepper's page as the variables of its style sheet."""
    return (
        ":root {" + "".join(f" --{name}: light-dark({day}, {night});" for name, (day, night) in STEPPER.items()) + " }"
    )
