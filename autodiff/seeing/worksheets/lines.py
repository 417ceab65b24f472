"""A step as a line of a worksheet: what is printed, piece by piece, and the numbers that are asked for behind it."""

from typing import NamedTuple

from autodiff.seeing.stepping import Step, Teller
from autodiff.words.notation import BAR, DOT, accented, grouped


class Piece(NamedTuple):
    """What is printed, then a blank where a number is asked for.

    text    mathematics, as `notation` writes it
    answer  the number of the blank, None where there is none
    then    what is printed behind the blank
    said    whether the text is words
    """

    text: str
    answer: str | None = None
    then: str = ""
    said: bool = False


Line = list[Piece]


def words(text: str) -> Piece:
    """A piece in words."""
    return Piece(text, said=True)


def line_of(teller: Teller, step: Step) -> Line:
    """v₂ = x₁ × x₂ = ____, or x̄₂ += v̄₂·∂v₂/∂x₂ = ____ × ____ = ____ so x̄₂ = ____ where it was not 0.

    Seeds are given.
    """
    write, slot = teller.number, teller.listing.slots[step.node]
    name = teller.listing.names[slot]
    if step.phase == "evaluate":
        return [Piece(f"{name} = {teller.words.expression(slot)}"), Piece("=", write(step.after))]
    accent = DOT if step.phase == "forward" else BAR
    if step.operand is None or step.rate is None or step.partial is None:
        return [Piece(f"{accented(name, accent)} = {write(step.after)}"), words("(seed)")]
    operand = teller.listing.names[teller.listing.slots[step.operand]]
    to, by = (name, operand) if step.phase == "forward" else (operand, name)
    line = [
        Piece(f"{accented(to, accent)} += {accented(by, accent)}·∂{name}/∂{operand}"),
        Piece("=", write(step.rate)),
        Piece("×", grouped(write(step.partial))),
        Piece("=", write(step.contribution)),
    ]
    if step.before:
        line += [words("so"), Piece(accented(to, accent)), Piece("=", write(step.after))]
    return line
