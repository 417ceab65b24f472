"""One program by one system: `python systems.py jax 2-16-16-1`. A process for each, which times on request.

It prints its answer, then for each line on its input the seconds of a call, the mean of what fits into a moment.
Programs: the value and gradient of a hinge-loss MLP over 104 points, named by its layers; `rosenbrock`, the gradient of
ten numbers, one row; `rows`, the network 2-16-16-1 over 10⁵ rows; `moons` and `digits`, of which a step is timed: a
hundred of gradient descent on 128 rows by 2-16-16-1, and on 64 rows by 64-32-10 with softmax cross-entropy.
"""

import random
import sys
from itertools import pairwise
from math import sqrt
from time import perf_counter

POINTS, MOMENT, STEPS, RATE = 104, 0.1, 100, 0.05
TRAINED = {"moons": ("2-16-16-1", 128), "digits": ("64-32-10", 64)}


def network(name):
    """Weights and biases of each layer."""
    sizes, draw = list(map(int, name.split("-"))), random.Random(0).uniform
    return [
        ([[draw(-1, 1) / sqrt(n) for _ in range(n)] for _ in range(m)], [draw(-0.1, 0.1) for _ in range(m)])
        for n, m in pairwise(sizes)
    ]


def data(name, rows):
    """Rows and targets of −1 or 1."""
    gauss = random.Random(1).gauss
    return [[gauss(0, 1) for _ in range(int(name.split("-")[0]))] for _ in range(rows)], [
        1.0 if gauss(0, 1) > 0 else -1.0 for _ in range(rows)
    ]


def classes(rows):
    """A class from 0 to 9 for each row."""
    return [float(random.Random(i).randrange(10)) for i in range(rows)]


def training_data(program):
    """The network's name, rows and targets."""
    name, rows = TRAINED[program]
    inputs, signs = data(name, rows)
    return name, inputs, signs if program == "moons" else classes(rows)


def class_loss(layers, x, k):
    """The softmax cross-entropy of one example, in scalars."""
    import autodiff as ad
    import nn

    *hidden, (weights, biases) = layers
    for rows, offsets in hidden:
        x = [ad.relu(offset + ad.dot(row, x)) for row, offset in zip(rows, offsets, strict=True)]
    logits = [offset + ad.dot(row, x) for row, offset in zip(weights, biases, strict=True)]
    return nn.softmax_cross_entropy(logits, k)


def scalar_loss(layers, x, y):
    """The hinge loss of one example, in scalars."""
    import autodiff as ad

    for i, (weights, biases) in enumerate(layers):
        z = []
        for row, bias in zip(weights, biases, strict=True):
            total = bias
            for w, a in zip(row, x, strict=True):
                total = total + w * a
            z.append(total)
        x = [ad.relu(v) for v in z] if i < len(layers) - 1 else z
    return ad.relu(1.0 + x[0] * -y)


def rosenbrock(x):
    """Σ 100 (xᵢ₊₁ − xᵢ²)² + (1 − xᵢ)²."""
    return sum((100.0 * (b - a * a) ** 2 + (1.0 - a) ** 2 for a, b in pairwise(x)), 0.0)


START = [0.1 * i for i in range(10)]


def ours(program, *, bound=False, **options):
    """`ad.compile`, its arguments arrays, or the data bound and the parameters a flat vector."""
    import numpy as np

    import autodiff as ad

    if program == "rosenbrock":
        compiled, x = ad.compile(ad.grad(rosenbrock), **options), np.array(START)
        compiled(x)
        if not bound:
            return lambda: compiled(x), lambda found: np.asarray(found).ravel()
        bound_function = compiled.bind(None)
        return lambda: bound_function(x), lambda found: found
    name, rows = ("2-16-16-1", 100_000) if program == "rows" else (program, POINTS)
    layers = [(np.array(w), np.array(b)) for w, b in network(name)]
    X, y = map(np.array, data(name, rows))  # noqa: N806
    compiled = ad.compile(ad.value_and_grad(scalar_loss), batch=(None, 0, 0), reduce="mean", **options)
    compiled(layers, X, y)

    def flat(found):
        return np.concatenate([[found[0]], *(part.ravel() for layer in found[1] for part in layer)])

    if not bound:
        return lambda: compiled(layers, X, y), flat
    bound_function = compiled.bind(None, X, y)
    vector = bound_function.pack(layers)
    return lambda: bound_function(vector), lambda found: found


def our_training(program):
    """`compiled.train`, a hundred steps inside."""
    import numpy as np

    import autodiff as ad

    name, *rows = training_data(program)
    X, y = map(np.array, rows)  # noqa: N806
    loss = scalar_loss if program == "moons" else class_loss
    compiled = ad.compile(ad.value_and_grad(loss), batch=(None, 0, 0), reduce="mean")
    layers = [(np.array(w), np.array(b)) for w, b in network(name)]
    compiled(layers, X, y)
    bound = compiled.bind(None, X, y)
    start = bound.pack(layers)
    return lambda: bound.descend(start, STEPS, RATE)[1], lambda losses: losses[[0, -1]]


def jax_loss(program):
    """The mean loss of a batch, in jax.numpy."""
    import jax
    import jax.numpy as jnp

    def loss(layers, x, y):
        for i, (weights, biases) in enumerate(layers):
            x = x @ weights.T + biases
            x = jax.nn.relu(x) if i < len(layers) - 1 else x
        if program == "digits":
            return -jnp.mean(jnp.take_along_axis(jax.nn.log_softmax(x), y.astype(int)[:, None], axis=1))
        return jnp.mean(jax.nn.relu(1.0 - x[:, 0] * y))

    return loss


def jax_training(program, *, scan):
    """A hundred steps as one `lax.scan`, or as calls of a step that jax.jit made."""
    import jax
    import jax.numpy as jnp
    import numpy as np

    jax.config.update("jax_enable_x64", True)  # noqa: FBT003
    name, *rows = training_data(program)
    X, y = map(jnp.array, rows)  # noqa: N806
    derivative = jax.value_and_grad(jax_loss(program))
    start = [(jnp.array(w), jnp.array(b)) for w, b in network(name)]

    def step(layers, _=None):
        value, slopes = derivative(layers, X, y)
        return jax.tree.map(lambda p, slope: p - RATE * slope, layers, slopes), value

    whole, one = jax.jit(lambda layers: jax.lax.scan(step, layers, length=STEPS)[1]), jax.jit(step)

    def loop():
        layers, losses = start, []
        for _ in range(STEPS):
            layers, value = one(layers)
            losses.append(value)
        return jax.block_until_ready(losses)

    return (lambda: jax.block_until_ready(whole(start))) if scan else loop, lambda losses: np.array(
        [losses[0], losses[-1]]
    )


def torch_training(program):
    """A hundred steps in a loop, in one thread."""
    import numpy as np
    import torch

    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)
    name, *rows = training_data(program)
    X, y = map(torch.tensor, rows)  # noqa: N806
    start = [torch.tensor(part) for layer in network(name) for part in layer]

    def loop():
        parts, losses = [part.clone().requires_grad_() for part in start], []
        optimizer = torch.optim.SGD(parts, lr=RATE)
        for _ in range(STEPS):
            x = X
            for i in range(0, len(parts), 2):
                x = torch.nn.functional.linear(x, parts[i], parts[i + 1])
                x = torch.relu(x) if i < len(parts) - 2 else x
            is_digits = program == "digits"
            loss = torch.nn.functional.cross_entropy(x, y.long()) if is_digits else torch.relu(1.0 - x[:, 0] * y).mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        return losses

    return loop, lambda losses: np.array([losses[0], losses[-1]])


def sklearn_training(program):
    """MLPClassifier, a hundred steps on the whole batch; its loss is its own, and its weights too."""
    import warnings

    import numpy as np
    from sklearn.neural_network import MLPClassifier

    warnings.simplefilter("ignore")
    name, *rows = training_data(program)
    X, y = map(np.array, rows)  # noqa: N806
    hidden = tuple(map(int, name.split("-")[1:-1]))

    def fit():
        options = {
            "solver": "sgd",
            "momentum": 0.0,
            "learning_rate_init": RATE,
            "alpha": 0.0,
            "n_iter_no_change": STEPS,
        }
        MLPClassifier(hidden, batch_size=len(X), max_iter=STEPS, tol=0.0, random_state=0, **options).fit(X, y)

    return fit, lambda _: np.zeros(0)


def jax(program, *, bound=False, single=False):
    """`jax.jit` in float64, on arrays of JAX's own."""
    import jax
    import jax.numpy as jnp
    import numpy as np

    jax.config.update("jax_enable_x64", not single)
    if program == "rosenbrock":
        gradient = jax.jit(jax.grad(lambda x: jnp.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2)))
        x = jnp.array(START)
        return lambda: jax.block_until_ready(gradient(x)), np.asarray
    name, rows = ("2-16-16-1", 100_000) if program == "rows" else (program, POINTS)
    layers = [(jnp.array(w), jnp.array(b)) for w, b in network(name)]
    X, y = map(jnp.array, data(name, rows))  # noqa: N806

    def loss(layers, x, y):
        for i, (weights, biases) in enumerate(layers):
            x = x @ weights.T + biases
            x = jax.nn.relu(x) if i < len(layers) - 1 else x
        return jnp.mean(jax.nn.relu(1.0 - x[:, 0] * y))

    derivative = jax.value_and_grad(loss)
    of_all, of_layers = jax.jit(derivative), jax.jit(lambda layers: derivative(layers, X, y))

    def flat(found):
        return np.concatenate([[found[0]], *(np.asarray(part).ravel() for layer in found[1] for part in layer)])

    if bound:
        return lambda: jax.block_until_ready(of_layers(layers)), flat
    return lambda: jax.block_until_ready(of_all(layers, X, y)), flat


def torch(program):
    """PyTorch as it comes, in one thread."""
    import numpy as np
    import torch

    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)
    if program == "rosenbrock":
        x = torch.tensor(START, requires_grad=True)

        def gradient():
            return torch.autograd.grad(torch.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2), x)[0]

        return gradient, lambda found: found.numpy()
    name, rows = ("2-16-16-1", 100_000) if program == "rows" else (program, POINTS)
    parts = [torch.tensor(part, requires_grad=True) for layer in network(name) for part in layer]
    X, y = map(torch.tensor, data(name, rows))  # noqa: N806

    def call():
        x = X
        for i in range(0, len(parts), 2):
            x = torch.nn.functional.linear(x, parts[i], parts[i + 1])
            x = torch.relu(x) if i < len(parts) - 2 else x
        loss = torch.relu(1.0 - x[:, 0] * y).mean()
        return loss, torch.autograd.grad(loss, parts)

    return call, lambda found: np.concatenate([[found[0].item()], *(part.numpy().ravel() for part in found[1])])


def casadi(program):
    """CasADi's SX graph as C by gcc -O2, mapped over the rows, called through its buffers."""
    import subprocess
    import tempfile
    from pathlib import Path

    import casadi as ca
    import numpy as np

    home = Path(tempfile.mkdtemp())
    if program == "rosenbrock":
        x = ca.SX.sym("x", len(START))
        terms = [100.0 * (x[i + 1] - x[i] ** 2) ** 2 + (1.0 - x[i]) ** 2 for i in range(len(START) - 1)]
        function, inputs, size = ca.Function("f", [x], [ca.gradient(sum(terms), x)]), [np.array(START)], len(START)
    else:
        name = program
        numbers = [v for w, b in network(name) for v in [*(u for row in w for u in row), *b]]
        p, x, y = ca.SX.sym("p", len(numbers)), ca.SX.sym("x", int(name.split("-")[0])), ca.SX.sym("y")
        at, a = 0, x
        shapes = [(len(w), len(w[0])) for w, _ in network(name)]
        for i, (m, n) in enumerate(shapes):
            weights, at = ca.reshape(p[at : at + m * n], n, m).T, at + m * n
            z, at = ca.mtimes(weights, a) + p[at : at + m], at + m
            a = ca.fmax(z, 0) if i < len(shapes) - 1 else z
        loss = ca.fmax(1 - a * y, 0) / POINTS
        single = ca.Function("single", [p, x, y], [loss, ca.gradient(loss, p)])
        function = single.map("f", "serial", POINTS, [0], [0, 1])
        X, targets = data(name, POINTS)  # noqa: N806
        inputs, size = [np.array(numbers), np.array(X).ravel(), np.array(targets)], 1 + len(numbers)
    made = ca.CodeGenerator("f.c")
    made.add(function)
    made.generate(f"{home}/")
    subprocess.run(["gcc", "-O2", "-shared", "-fPIC", "-o", home / "f.so", home / "f.c"], check=True)  # noqa: S607
    compiled = ca.external("f", str(home / "f.so"))
    buffer, run = compiled.buffer()
    results = [np.zeros(compiled.nnz_out(i)) for i in range(compiled.n_out())]
    for i, x in enumerate(inputs):
        buffer.set_arg(i, memoryview(x))
    for i, x in enumerate(results):
        buffer.set_res(i, memoryview(x))

    kept = compiled, buffer, inputs  # the function that runs knows only their addresses

    def call():
        run()
        return results if kept else []

    return call, lambda found: np.concatenate([part.ravel() for part in found])[:size]


SYSTEMS = {
    "ours, bound": lambda program: ours(program, bound=True),
    "ours, arrays": ours,
    "ours, float32": lambda program: ours(program, bound=True, dtype="float32"),
    "ours, exact": lambda program: ours(program, bound=True, exact=True),
    "ours, one thread": lambda program: ours(program, bound=True, threads=1),
    "ours, two threads": lambda program: ours(program, bound=True, threads=2),
    "source": lambda program: ours(program, backend="source"),
    "jax.jit, bound": lambda program: jax(program, bound=True),
    "jax.jit, arrays": jax,
    "jax.jit, float32": lambda program: jax(program, bound=True, single=True),
    "torch": torch,
    "CasADi": casadi,
    "ours, inside": our_training,
    "lax.scan": lambda program: jax_training(program, scan=True),
    "jax.jit, step by step": lambda program: jax_training(program, scan=False),
    "torch, step by step": torch_training,
    "scikit-learn": sklearn_training,
}


def main():
    call, flat = SYSTEMS[sys.argv[1]](sys.argv[2])
    print(*flat(call()).tolist(), flush=True)
    once = 1
    for _ in sys.stdin:
        start = perf_counter()
        for _ in range(once):
            call()
        taken = perf_counter() - start
        print(taken / once / (STEPS if sys.argv[2] in TRAINED else 1), flush=True)
        once = max(1, round(once * MOMENT / taken))


if __name__ == "__main__":
    main()
