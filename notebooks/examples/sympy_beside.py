"""An expression of SymPy's as a tape, its exact derivatives beside ours, and a tape as an expression.

python notebooks/examples/sympy_beside.py
"""

import sympy

import autodiff as ad

x, y = sympy.symbols("x y", real=True)
expression = sympy.log(x) + x * y - sympy.sin(y)

tape = ad.from_sympy(expression, at=[2.0, 5.0])
print(tape.table("reverse"))
print()
print(ad.compare(tape, 2.0, 5.0).origin)
print("∂/∂x =", sympy.diff(ad.to_sympy(tape), x))
