"""Random programs: shared nodes, constants, loops and branches, run on floats, Duals, Values or mpmath's numbers."""

from dataclasses import dataclass

import mpmath
from hypothesis import assume
from hypothesis import strategies as st
from sampling import reference

import autodiff as ad
from autodiff.core.rows import TABLE

# Smooth and tame on all of ℝ, so that any composition is in its domain: how each is written with rows.
UNARY = {
    "sin": lambda f, x: f.sin(x),
    "cos": lambda f, x: f.cos(x),
    "tanh": lambda f, x: f.tanh(x),
    "sigmoid": lambda f, x: f.sigmoid(x),
    "softplus": lambda f, x: f.softplus(x),
    "atan": lambda f, x: f.atan(x),
    "erf": lambda f, x: f.erf(x),
    "asinh": lambda f, x: f.asinh(x),
    "gaussian": lambda f, x: f.gaussian(x),
    "exp of sine": lambda f, x: f.exp(f.sin(x)),
    "square root": lambda f, x: f.sqrt(1 + x * x),
    "logarithm": lambda f, x: f.log1p(x * x),
    "cube": lambda f, x: f.tanh(x) ** 3,
    "power": lambda f, x: (1.5 + f.sin(x)) ** 0.5,
    "reciprocal": lambda f, x: f.reciprocal(2 + f.cos(x)),
    "negate": lambda f, x: -x,
}
BINARY = {
    "add": lambda f, x, y: x + y,
    "subtract": lambda f, x, y: x - y,
    "multiply": lambda f, x, y: x * f.tanh(y),
    "divide": lambda f, x, y: x / (1 + y * y),
    "hypot": lambda f, x, y: f.hypot(x, y, 1),
    "atan2": lambda f, x, y: f.atan2(x, 1 + y * y),
    "power": lambda f, x, y: (2 + f.sin(x)) ** f.tanh(y),
    "logaddexp": lambda f, x, y: f.logaddexp(x, y),
    "maximum": lambda f, x, y: f.maximum(x, y + 0.1234567),
    "minimum": lambda f, x, y: f.minimum(x, 0.3217654 - y),
    "branch": lambda f, x, y: x * y if x > 0.1113579 else y - x,
}


class Exact:
    """The rows in mpmath."""

    def __getattr__(self, name):
        return reference(TABLE[name])


class Smooth:
    """The rows on floats, where no two operands of maximum or minimum tie: mpmath's differences would cross a kink."""

    def __getattr__(self, name):
        return TABLE[name]

    def maximum(self, x, y):
        assume(abs(x - y) > 1e-9)
        return max(x, y)

    def minimum(self, x, y):
        return -self.maximum(-x, -y)


@dataclass(frozen=True)
class Program:
    """Registers start with the inputs and the constants; an instruction appends one, repeated `times` in a loop."""

    constants: tuple
    instructions: tuple

    def __call__(self, *inputs, functions=ad):
        registers = [*inputs, *self.constants]
        for name, operands, times in self.instructions:
            x, *rest = (registers[i % len(registers)] for i in operands)
            operation = (BINARY if rest else UNARY)[name]
            for _ in range(times):
                x = operation(functions, x, *rest)
            registers.append(x)
        return registers[-1] + 0.25 * registers[-2] + 0.5 * inputs[0] * inputs[1]

    def exact(self, *inputs):
        return self(*map(mpmath.mpf, inputs), functions=Exact())


indices, times = st.integers(0, 10**6), st.sampled_from([1, 1, 1, 2, 4])
instructions = st.one_of(
    st.tuples(st.sampled_from(sorted(UNARY)), st.tuples(indices), times),
    st.tuples(st.sampled_from(sorted(BINARY)), st.tuples(indices, indices), times),
)
numbers = st.floats(-3, 3).map(lambda x: round(x, 3) + 0.0137)
programs = st.builds(
    Program,
    constants=st.tuples(numbers, numbers),
    instructions=st.lists(instructions, min_size=2, max_size=15).map(tuple),
)
