"""Drawings of graphs in three stages, each a plain value: what is drawn, where it lies, and ink.

pictures    what and where: a Picture of cards, arrows and frames; a Placed with the place of each

What is drawn
collapsing  which nodes are one box, and which scopes are opened
numbers     what both sweeps give for each node
painting    the cards, arrows and legend of a listing in boxes

Where it lies
layout/     `placed`: the place of each card, frame, line and text

Ink
svg         a placed picture as an <svg> element, by day and by night
mermaid     a picture in Mermaid
labels      what stands on a card and in the legend, in DOT
positions   places in DOT's attributes
language    DOT's graphs, nodes and edges as text
rendering   Graphviz, the one inside of pygraphviz or its executable: for PNG and PDF
dot         a picture in DOT, by itself or placed

graphs      `draw`: from a graph through all of these to a Drawing
"""
