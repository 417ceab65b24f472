"""Pages: a graph and its sweeps, step by step, as one self-contained HTML page that computes in the browser.

slopes.py        the partials of rows, traced from the table as code for the page
branches.py      where the function decided by its numbers, as data for the page
widgets.py       a page as an anywidget
pages.py         a page: one document with all that it needs
live.py          the drawing whose numbers the page fills in, and its boxes
frames.py        the steps as pictures of their own, still or moving
stepper.py       `step`: the page's drawing and its data
exploring.py     `explore`: a drawing of any size as a page
page.html        the document of both pages
figure.html      the drawing, with its buttons and its legend
stepper.html     the page of steps
explore.html     the page of a drawing
stepper.css      the looks of both
special.js       erf, lgamma and what else JavaScript lacks
waves.js         sin πx and its like, the inverse of erf, shares of powers of 2
primitives.js    the table of values
notation.js      names, numbers and sentences
engine.js        the graph evaluated, and both sweeps
differences.js   tangents and adjoints by finite differences, to compare with
elements.js      what makes elements, and changes their texts
data.js          what the page is about
shades.js        the colours of numbers
camera.js        zoom, pan, fit, the map
boxes.js         frames that close and open
search.js        a node by its name
views.js         what is shown at a step
sources.js       the lines that made the graph, a step's expression underlined
answers.js       whether it is right, what a mistake does
paths.js         the paths from the output to a node, and the products along them
sums.js          a node's whole sum, beside it
ending.js        the gradient by both modes, and what they cost
misconceptions.js  numbers as people write them, and what a wrong one tells
predict.js       a question before each step
sharing.js       a step as text, as LaTeX, as a link
walking.js       the drawing by keyboard
inputs.js        sliders, and what sweeps begin with
explore.js       the page of a drawing
stepper.js       what is chosen, and all of the page from it
"""
