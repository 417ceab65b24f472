"""Graphs as people see them: listed, stepped through, drawn, as a page.

fonts/     DejaVu Sans, for pictures that are drawn where there may be no fonts
rasters    an SVG as a PNG
notebook.js  in a frame, the notebook's theme, and as much height as is needed
notebooks  a document in a frame, and what stands in for it
plotting   the figures of Matplotlib
lines      which line of source made a node, which took its number out, and what it is called there
silent     what says nothing, as 1 × v, and is passed over
listing    a graph in slots: inputs first, each node with its name, its expression, its number and its line
seeds      ẋ of each input and ȳ of each output, with which sweeps begin
forward    the forward sweep over a listing's nodes, as `reverse.steps` is the other
stepping   `steps`: evaluation and both sweeps, each step in words
nonfinite  `first_nonfinite`: which of these steps gave the first number that is not finite
drawing/   `draw`: what is drawn, where it lies, and ink
page/      `step`: the steps on a page, with the drawing beside them
worksheets/  `worksheet`: the steps with blanks, to print
"""
