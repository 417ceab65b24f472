"""The value and gradient of a mean loss by each system, as a call to be timed, and its answer as one vector.

Programs: networks over 104 points, named as in networks.py; `rosenbrock`, the gradient of ten numbers, one row; `rows`,
the network 2-16-16-1 over 10⁵ rows.
"""

from itertools import pairwise

from networks import POINTS, casadi_loss, data, jax_loss, network, scalar_loss, torch_loss


def rosenbrock(x):
    """Σ 100 (xᵢ₊₁ − xᵢ²)² + (1 − xᵢ)²."""
    return sum((100.0 * (b - a * a) ** 2 + (1.0 - a) ** 2 for a, b in pairwise(x)), 0.0)


START = [0.1 * i for i in range(10)]


def on_rows(program):
    """The network, and how many rows."""
    return ("2-16-16-1", 100_000) if program == "rows" else (program, POINTS)


def ours(program, *, bound=False, value_only=False, **options):
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
    name, rows = on_rows(program)
    layers = [(np.array(w), np.array(b)) for w, b in network(name)]
    X, y = map(np.array, data(name, rows))  # noqa: N806
    loss = scalar_loss(name) if value_only else ad.value_and_grad(scalar_loss(name))
    compiled = ad.compile(loss, batch=(None, 0, 0), reduce="mean", **options)
    compiled(layers, X, y)

    def flat(found):
        return np.concatenate([[found[0]], *(part.ravel() for layer in found[1] for part in layer)])

    if not bound:
        return lambda: compiled(layers, X, y), flat
    bound_function = compiled.bind(None, X, y)
    vector = bound_function.pack(layers)
    return lambda: bound_function(vector), lambda found: found


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
    name, rows = on_rows(program)
    layers = [(jnp.array(w), jnp.array(b)) for w, b in network(name)]
    X, y = map(jnp.array, data(name, rows))  # noqa: N806
    derivative = jax.value_and_grad(jax_loss(name))
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
    name, rows = on_rows(program)
    parts = [torch.tensor(part, requires_grad=True) for layer in network(name) for part in layer]
    (X, y), of = map(torch.tensor, data(name, rows)), torch_loss(name)  # noqa: N806

    def call():
        loss = of(parts, X, y)
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
        numbers = [v for w, b in network(program) for v in [*(u for row in w for u in row), *b]]
        p, x, y, loss = casadi_loss(program)
        single = ca.Function("single", [p, x, y], [loss / POINTS, ca.gradient(loss / POINTS, p)])
        function = single.map("f", "serial", POINTS, [0], [0, 1])
        X, targets = data(program, POINTS)  # noqa: N806
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
