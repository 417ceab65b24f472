"""Adapters: tapes to other systems and from them. Each is one file that no other knows: removing it is deleting it.

functions.c  what C's library lacks
c       to_c: a tape as a function of C
sympy   to_sympy, from_sympy: a tape as an expression, an expression as a tape
jax     to_jax, from_jax: a tape as a function of JAX's, a function of JAX's as a tape
"""
