"""Markdown tables of measurements, printed, and with `--write` put into README.md between the markers of their name."""

import os
import platform
import sys
import time
from pathlib import Path

README = Path(__file__).parent / "README.md"


def machine(note):
    """Where and when the figures were measured."""
    cpus = Path("/proc/cpuinfo")
    lines = cpus.read_text().splitlines() if cpus.exists() else [f"model name: {platform.processor()}"]
    model = next(line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return (
        f"{model}, {os.cpu_count()} cores; {platform.python_implementation()} {platform.python_version()}; "
        f"{time.strftime('%Y-%m-%d')}; {note}."
    )


def markdown(header, rows):
    """The table, its columns aligned."""
    widths = [max(map(len, column)) for column in zip(header, *rows, strict=True)]
    lines = [header, ["-" * width for width in widths], *rows]
    return "\n".join(
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |" for line in lines
    )


def publish(name, *paragraphs):
    """Print the paragraphs; with --write they take the place of those between `name: begin` and `name: end`."""
    text = "\n\n".join(paragraphs) + "\n"
    print(text)
    if "--write" in sys.argv:
        begin, end = f"<!-- {name}: begin -->\n", f"<!-- {name}: end -->\n"
        before, _, rest = README.read_text(encoding="utf-8").partition(begin)
        README.write_text(before + begin + text + end + rest.partition(end)[2], encoding="utf-8")
