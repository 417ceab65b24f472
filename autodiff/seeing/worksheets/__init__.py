"""Worksheets: the steps of a graph with blanks to fill in, to print; and the same with answers.

lines            a step as pieces of text and blanks
tex              the document in LaTeX
sheets           `worksheet`: the sheet, as HTML and as LaTeX
worksheet.html   the document
worksheet.css    its looks, on paper and on a screen
"""
