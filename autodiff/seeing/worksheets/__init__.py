"""Worksheets: the steps of a graph with blanks to fill in, to print; and the same with answers.

lines            a step as pieces of text, and the numbers that are asked for behind them
contents         what stands on a sheet: task, graph, steps, table, results
tex              the document in LaTeX
worksheet.tex    its frame
sheets           `worksheet`: the sheet, as HTML and as LaTeX
worksheet.html   the document
worksheet.css    its looks, on paper and on a screen
"""
