"""Derivatives held against what values alone say, which knows nothing of the table's partials.

complex_step  exact to rounding, where the rows of a function have a complex form
differences   finite differences, extrapolated, with an estimate of their error
watching      which rows a function meets at a kink or an infinite slope of their own
references    what these three say of a derivative
verdicts      a derivative beside its reference: ok, wrong, kink, edge, cannot tell
report        check_grad: every derivative, in every nesting of the modes
points        where a row is tested
primitives    check_primitive: a row of your own, tested over its domain
"""
