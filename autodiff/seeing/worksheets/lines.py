"""A step as a line of a worksheet: pieces of text, and blanks with the numbers that belong there."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from autodiff.seeing.drawing.pictures import Picture, Placed
from autodiff.seeing.stepping import Step, Teller
from autodiff.words.notation import BAR, DOT, accented


class Piece(NamedTuple):
    """Text that is printed, or the answer of a blank."""

    text: str
    blank: bool = False


Line = list[Piece]


class Sheet(NamedTuple):
    """What stands on a worksheet, whatever it is written in.

    title     the function, or what it is a graph of; point its inputs with their numbers; task what there is to do
    sections  for each sweep a heading and its lines
    columns, rows  of the table in the end: for each node its name and cells
    """

    title: str
    point: list[str]
    task: str
    sections: list[tuple[str, list[Line]]]
    columns: Sequence[str]
    rows: list[tuple[str, list[Piece]]]
    picture: Picture
    placed: Placed
    answers: bool


def line_of(teller: Teller, step: Step) -> Line:
    """v₂ = x₁ × x₂ = ____, or x̄₂ += v̄₂·∂v₂/∂x₂ = ____ × ____ = ____, then what it comes to where something was there.

    Inputs and seeds are given.
    """
    words, write = teller.words, teller.number
    slot = teller.listing.slots[step.node]
    name = teller.listing.names[slot]
    if step.phase == "evaluate":
        if step.node.op is None:
            return [Piece(f"{name} = {write(step.after)}")]
        return [Piece(f"{name} = {words.expression(slot)} = "), Piece(write(step.after), blank=True)]
    accent = DOT if step.phase == "forward" else BAR
    if step.operand is None or step.rate is None or step.partial is None or step.before is None:
        return [Piece(f"{accented(name, accent)} = {write(step.after)} (seed)")]
    operand = teller.listing.names[teller.listing.slots[step.operand]]
    to, by = (name, operand) if step.phase == "forward" else (operand, name)
    line = [
        Piece(f"{accented(to, accent)} += {accented(by, accent)}·∂{name}/∂{operand} = "),
        Piece(write(step.rate), blank=True),
        Piece(" × "),
        Piece(write(step.partial), blank=True),
        Piece(" = "),
        Piece(write(step.contribution), blank=True),
    ]
    if step.before:
        line += [Piece(f", and so {accented(to, accent)} = "), Piece(write(step.after), blank=True)]
    return line


def lines_of(teller: Teller, steps: Iterable[Step]) -> list[Line]:
    """The lines of a sweep."""
    return [line_of(teller, step) for step in steps]
