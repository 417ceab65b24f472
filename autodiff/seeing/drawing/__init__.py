"""Drawings of graphs in three stages, each a plain value: what is drawn, where it lies, and ink.

pictures    what and where: a Picture of cards, arrows and frames; a Placed with the place of each

What is drawn
collapsing  which nodes are one box, and which scopes are opened
numbers     what both sweeps give for each node
painting    the cards, arrows and legend of a listing in boxes

Ink
labels      what stands on a card and in the legend
positions   places in DOT's attributes
haste       how little Graphviz tries where arrows reach far
rendering   Graphviz, the one inside of pygraphviz or its executable
language    DOT's graphs, nodes and edges as text
dot         a picture in DOT, by itself or placed
mermaid     a picture in Mermaid
svg         a placed picture as an <svg> element, by day and by night

Where it lies
placing     `placed`: Graphviz's dot finds the places of a picture

graphs      `draw`: from a graph through all of these to a Drawing
"""
