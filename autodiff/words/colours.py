"""Colours: the one palette of plots, drawings and pages, and what each colour means there.

Plots are on white. What a browser shows follows day and night: such a colour has one of each.
"""

# Plots, in Okabe and Ito's palette: told apart by every kind of colour vision. Markers and dashes tell apart too.
BLUE, ORANGE, GREEN, GREY = "#0072B2", "#D55E00", "#009E73", "#666666"
PALE_BLUE, PALE_ORANGE = "#8CC0E4", "#F0B48C"  # the sides of a plane on which points are blue and orange
FORWARD, REVERSE = BLUE, ORANGE  # the two modes

# Drawings: by day, and what each of these colours is by night.
INK, MUTED = "#1b1d22", "#5a606b"  # text, and text of less weight
LINE = "#8d94a0"  # arrows, frames and edges of cards
PAGE, CARD, BOX = "#fdfdfe", "#ffffff", "#eceff3"  # grounds: of the picture, of a node, of many nodes as one

# Of adjoints, from the most negative, −4, to the most positive, 4: blue and vermilion, mixed with the card.
LEVELS = ("#4d9cc9", "#80b8d8", "#b2d5e8", "#deedf5", "#f4f4f4", "#faeade", "#f2cfb2", "#eaae80", "#e28e4d")
DARK_LEVELS = ("#086295", "#0e5680", "#144969", "#1b3a4f", "#2e3138", "#503522", "#744019", "#924911", "#ae520a")
NIGHT = {
    INK: "#f0f1f3", MUTED: "#a6adb8", LINE: "#7b828e", PAGE: "#17191d", CARD: "#24272e", BOX: "#343943",
    **dict(zip(LEVELS, DARK_LEVELS, strict=True)),
}  # fmt: skip

# The stepper's page: what its style sheet calls a colour, by day and by night.
STEPPER = {
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


def variables() -> str:
    """The colours of the stepper's page as the variables of its style sheet."""
    return (
        ":root {" + "".join(f" --{name}: light-dark({day}, {night});" for name, (day, night) in STEPPER.items()) + " }"
    )
