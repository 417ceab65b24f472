"""The second derivative of a row by its i-th operand, in each nesting of forward and reverse."""

from autodiff import Dual, Value
from autodiff.core.reverse import steps


def forward_over_forward(row, xs, i):
    outer = Dual(Dual(xs[i], 1.0, tag=1), 1.0, tag=2)
    tangent = row(*xs[:i], outer, *xs[i + 1 :]).tangent
    return tangent.tangent if isinstance(tangent, Dual) else 0.0


def reverse_over_forward(row, xs, i):
    x = Value(xs[i])
    tangent = row(*xs[:i], Dual(x, 1.0), *xs[i + 1 :]).tangent
    if isinstance(tangent, Value):
        tangent.backward()
    return x.grad


def forward_over_reverse(row, xs, i):
    x = Dual(xs[i], 1.0)
    operands = (*xs[:i], x, *xs[i + 1 :])
    partial = row.partial(i, row(*operands), *operands)
    return partial.tangent if isinstance(partial, Dual) else 0.0


def reverse_over_reverse(row, xs, i):
    x = Value(xs[i])
    output = row(*xs[:i], x, *xs[i + 1 :])
    adjoints = {output: 1.0}
    for _ in steps(output, adjoints, on_values=True):
        pass
    first = adjoints.get(x, 0.0)
    if isinstance(first, Value):
        first.backward()
    return x.grad


NESTINGS = forward_over_forward, reverse_over_forward, forward_over_reverse, reverse_over_reverse
