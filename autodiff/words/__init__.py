"""How people write, print and type mathematics: what is shown anywhere is spelt here.

formulas     the formula of a partial as a tree, to be computed and to be written
grammar      how formulas are read
latex        what is written as text, in LaTeX
scripts      what is raised in running text, in HTML and in SVG
notation     how a name, a number, a product and a partial are written
colours      the palette of plots, drawings and pages, and what each colour means
typeset      tables as text, as HTML and as LaTeX, and texts cut to the room that there is
names        what the nodes of a graph are called, and how each is computed, in these names
expressions  what people type, as functions
streams      what commands print to
"""
