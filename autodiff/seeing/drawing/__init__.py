"""Drawings of graphs in three stages, each a plain value: what is drawn, where it lies, and ink.

pictures    what and where: a Picture of cards, arrows and frames; a Placed with the place of each

What is drawn
collapsing  which nodes are one box, and which scopes are opened
numbers     what both sweeps give for each node
legends     the colours of adjoints and tangents, and what is told of them
painting    the cards and arrows of a listing in boxes
neurons     the network in a listing's scopes

Where it lies
layout/     `placed`: the place of each card, frame, line and text
network     the classic picture: circles for neurons, lines for weights, in their places

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
