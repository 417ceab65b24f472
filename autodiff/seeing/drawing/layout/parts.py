"""Parts: what is laid out already, as if it went from left to right."""

from typing import NamedTuple, TypeAlias

from autodiff.seeing.drawing.pictures import Point

Path: TypeAlias = tuple[str, ...]


class Part(NamedTuple):
    """A frame that is laid out, from its upper left corner: all without a frame is one too."""

    length: float
    breadth: float
    cards: dict[int, tuple[float, float]]  # their upper left corners
    frames: dict[Path, tuple[float, float, float, float]]  # and their length and breadth
    labels: dict[int, Point]
    done: dict[int, list[Point]]  # the lines of arrows that begin and end in it
    out: dict[int, list[Point]]  # of a card's line, to the side where it leaves
    into: dict[int, list[Point]]  # of an arrow, from the side where it enters
    sizes: dict[int, float]  # the breadth of each card

    def moved(self, x: float, y: float) -> "Part":
        """The same from another corner."""

        def lines(found: dict[int, list[Point]]) -> dict[int, list[Point]]:
            return {i: [(x + a, y + b) for a, b in line] for i, line in found.items()}

        return Part(
            self.length,
            self.breadth,
            {i: (x + a, y + b) for i, (a, b) in self.cards.items()},
            {path: (x + a, y + b, *size) for path, (a, b, *size) in self.frames.items()},  # type: ignore[misc]
            {i: (x + a, y + b) for i, (a, b) in self.labels.items()},
            lines(self.done),
            lines(self.out),
            lines(self.into),
            self.sizes,
        )
