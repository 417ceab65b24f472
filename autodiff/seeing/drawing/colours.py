"""Colours of drawings: each by day, and by night."""

# Of adjoints, from −4 to 4: Okabe and Ito's blue and vermilion, mixed with the card.
INK, MUTED, LINE, PAGE, CARD, BOX = "#1b1d22", "#5a606b", "#8d94a0", "#fdfdfe", "#ffffff", "#eceff3"
LEVELS = ("#4d9cc9", "#80b8d8", "#b2d5e8", "#deedf5", "#f4f4f4", "#faeade", "#f2cfb2", "#eaae80", "#e28e4d")
NIGHT = {
    INK: "#f0f1f3", MUTED: "#a6adb8", LINE: "#7b828e", PAGE: "#17191d", CARD: "#24272e", BOX: "#343943",
    **dict(zip(LEVELS, ("#086295", "#0e5680", "#144969", "#1b3a4f", "#2e3138",
                        "#503522", "#744019", "#924911", "#ae520a"), strict=True)),
}  # fmt: skip
