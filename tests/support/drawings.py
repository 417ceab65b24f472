"""What is read off a drawing, and what is drawn."""

import xml.etree.ElementTree as ET

import autodiff as ad
from autodiff import Value
from autodiff.words.notation import BAR, DOT

SVG = "{http://www.w3.org/2000/svg}"
B, D = f"v{BAR} ", f"v{DOT} "  # what stands before an adjoint, before a tangent


def baydin(x1, x2):
    return ad.log(x1) + x1 * x2 - ad.sin(x2)


def neuron():
    """The neuron of micrograd's lecture."""
    x1, x2, w1, w2 = Value(2.0, "x1"), Value(0.0, "x2"), Value(-3.0, "w1"), Value(1.0, "w2")
    output = (x1 * w1 + x2 * w2 + Value(6.8813735870195432, "b")).tanh()
    output.label = "o"
    return output


def cards(drawing):
    return {card.title: card for card in drawing.picture.cards}


def rows(drawing):
    return {title: list(card.rows) for title, card in cards(drawing).items()}


def texts(svg):
    return ["".join(element.itertext()) for element in ET.fromstring(svg).iter(f"{SVG}text")]


def notes(drawing):
    return [line[0] for line in drawing.picture.legend]
