"""Functions made of functions: every derivative of every order, in any nesting.

structure    the numbers in nested lists, tuples, dicts, arrays and modules, and what is left of these without them
calls        a function's call, as a function of the numbers in its arguments
series       Series: a number with its Taylor coefficients, forward accumulation beyond the first order
levels       fresh numbers for each transform's run, which never mix with those of another
derivatives  grad, value_and_grad, vjp, jvp, jacobian, hessian, hvp, taylor
"""
