"""The plain engine that eager scalar autodiff is usually written as, to compare with: local gradients and recursion."""

import math


class Value:
    """A number, the operands it came of, and its derivative by each of them."""

    __slots__ = ("children", "data", "grad", "local_grads")

    def __init__(self, data, children=(), local_grads=()):
        self.data = data
        self.grad = 0.0
        self.children = children
        self.local_grads = local_grads

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def __pow__(self, exponent):
        return Value(self.data**exponent, (self,), (exponent * self.data ** (exponent - 1),))

    def __neg__(self):
        return self * -1.0

    def __sub__(self, other):
        return self + -other

    def __rsub__(self, other):
        return -self + other

    def __truediv__(self, other):
        return self * other**-1.0

    def __rtruediv__(self, other):
        return self**-1.0 * other

    __radd__, __rmul__ = __add__, __mul__

    def log(self):
        """log x; the derivative is 1 / x."""
        return Value(math.log(self.data), (self,), (1.0 / self.data,))

    def exp(self):
        """eˣ, its own derivative."""
        out = math.exp(self.data)
        return Value(out, (self,), (out,))

    def relu(self):
        """max(x, 0); the derivative is 1 where x > 0, else 0."""
        return Value(max(self.data, 0.0), (self,), (float(self.data > 0.0),))

    def backward(self):
        """Reverse accumulation over a topological order that recursion finds: adds ∂self/∂v to the grad of every v."""
        order, visited = [], set()

        def visit(node):
            if node not in visited:
                visited.add(node)
                for child in node.children:
                    visit(child)
                order.append(node)

        visit(self)
        self.grad = 1.0
        for node in reversed(order):
            for child, local_grad in zip(node.children, node.local_grads, strict=True):
                child.grad += local_grad * node.grad
