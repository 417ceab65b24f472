"""Derivatives held against what values alone say, which knows nothing of the table's partials.

complex_step  exact to rounding, where the rows of a function have a complex form
differences   finite differences, extrapolated, with an estimate of their error
report        check_grad: every derivative, in every nesting of the modes, against these two
"""
