"""Numbers that differentiate: a table of elementary functions, and the numbers that read it.

Floats compute, Duals carry, Values remember, Slots write down. In reading order, each file importing from those above:

    packages    packages that may be missing
    files       files that are whole, or as they were
    collector   the collector of cycles, held back
    floats      float functions that `math` lacks
    powers      xʸ and its partials of every order, on floats
    logistic    those of the logistic function
    normal      those of the normal distribution
    special     special functions of floats, in forms that keep their digits
    rows        what a row of the table is, and how it is applied to a number of any kind
    primitives  the table: all calculus, a row for each elementary function
    functions   composites, written with rows
    arrays      NumPy's functions, which are rows too
    typed.pyi   rows as type checkers see them: functions, and methods of every number
    operators   + − × ÷ ** and comparisons, which are rows
    custom      rows of your own
    slots       Slot: a number that writes itself down
    scopes      names for parts of a computation
    graph       walks over what Values remember
    reverse     the reverse sweep
    micrograd   what programs written for micrograd read of a node
    value       Value: a number that remembers
    dual        Dual: a number that carries its tangent along

A row is an entry of the table: a function, its partial derivatives, and how it is written. Of a number, `primal` is
what it holds, a float or a number of another kind; `data` is the float at the bottom; `constant` is that, in a trace
a Slot. The operands of a node that are no nodes are constants. Who is outermost applies the row (`Operand.tag`).

What happens in `y = (Value(2.0) * 3).exp(); y.backward()`, file by file:

    Value(2.0)   value.py `Value.__init__`         a leaf: a number, and a place for its grad
                 floats.py `number`                which is a float, whatever it was
    * 3          value.py `Value.__mul__`          multiplies the two floats,
                 value.py `record`                 and makes a node of the row, the operands and their numbers
    .exp()       rows.py `define.method`           the method that the row was given when it was entered
                 value.py `Value.apply`            a Value is outermost: it computes the row on floats,
                 rows.py `Primitive.evaluate`      which is `math.exp`, with an error that names the operands,
                 value.py `record`                 and remembers it
    .backward()  value.py `Value.backward`         sweeps back from here:
                 graph.py `topological_order`      each node after its operands,
                 reverse.py `accumulate`           and in the reverse of that order, its adjoint times each partial,
                 rows.py `Primitive.slopes`        of the row that made the node,
                 primitives.py `<lambda>`          which stands in the table

A kind of number of your own is a class with `apply`, and a tag that says who is outermost. Below 0 it may stand in a
Value or a Dual where a float does, so that every transform runs on it: here, all slopes of x³ for all x from 1 to 2.

    >>> from itertools import product
    >>> import autodiff as ad
    >>> from autodiff.core.operators import Operators
    >>> class Interval(Operators):
    ...     "All numbers from low to high, for rows whose extremes are at the ends; rounding is left out."
    ...     tag = -1
    ...     ROWS = {"add", "subtract", "multiply", "ieee multiply", "negate", "exp", "log", "sqrt", "tanh", "sigmoid"}
    ...     def __init__(self, low, high):
    ...         self.low, self.high = low, high
    ...     def apply(self, row, operands):
    ...         if row.name not in self.ROWS:
    ...             raise TypeError(f"{row.name} may turn between {self.low} and {self.high}")
    ...         ends = [(x.low, x.high) if isinstance(x, Interval) else (x,) for x in operands]
    ...         found = [row.evaluate(corner) for corner in product(*ends)]
    ...         return Interval(min(found), max(found))
    ...     def __repr__(self):
    ...         return f"[{self.low:g}, {self.high:g}]"
    >>> x = Interval(1.0, 2.0)
    >>> 1.0 + x * ad.exp(-x)
    [1.13534, 1.73576]
    >>> ad.grad(lambda x: x * x * x)(x)
    [3, 12]
    >>> ad.jvp(lambda x: x * x * x, (x,), (1.0,))
    ([1, 8], [3, 12])
"""
