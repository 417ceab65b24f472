"""Forward against reverse: numbers, cost, and why.

measuring   what passes and Jacobians cost: times, memory, counted operations
plots       these costs over the number of inputs and outputs, and errors over the step size
comparison  compare: both modes for a function at a point, and which one to use
"""
