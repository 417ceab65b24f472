"""A hundred steps of gradient descent by each system, as a call to be timed, with the first and the last loss.

Programs: `moons`, the network 2-16-16-1 on 128 rows; `digits`, 64-32-10 with softmax cross-entropy on 64 rows.
"""

from networks import data, jax_loss, network, scalar_loss, torch_loss

STEPS, RATE = 100, 0.05
TRAINED = {"moons": ("2-16-16-1", 128), "digits": ("64-32-10", 64)}


def ours(program):
    """`compiled.train`, a hundred steps inside."""
    import numpy as np

    import autodiff as ad

    name, rows = TRAINED[program]
    X, y = map(np.array, data(name, rows))  # noqa: N806
    compiled = ad.compile(ad.value_and_grad(scalar_loss(name)), batch=(None, 0, 0), reduce="mean")
    layers = [(np.array(w), np.array(b)) for w, b in network(name)]
    compiled(layers, X, y)
    bound = compiled.bind(None, X, y)
    start = bound.pack(layers)
    return lambda: bound.descend(start, STEPS, RATE)[1], lambda losses: losses[[0, -1]]


def jax(program, *, scan):
    """A hundred steps as one `lax.scan`, or as calls of a step that jax.jit made."""
    import jax
    import jax.numpy as jnp
    import numpy as np

    jax.config.update("jax_enable_x64", True)  # noqa: FBT003
    name, rows = TRAINED[program]
    X, y = map(jnp.array, data(name, rows))  # noqa: N806
    derivative = jax.value_and_grad(jax_loss(name))
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


def torch(program):
    """A hundred steps in a loop, in one thread."""
    import numpy as np
    import torch

    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)
    name, rows = TRAINED[program]
    (X, y), of = map(torch.tensor, data(name, rows)), torch_loss(name)  # noqa: N806
    start = [torch.tensor(part) for layer in network(name) for part in layer]

    def loop():
        parts, losses = [part.clone().requires_grad_() for part in start], []
        optimizer = torch.optim.SGD(parts, lr=RATE)
        for _ in range(STEPS):
            loss = of(parts, X, y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        return losses

    return loop, lambda losses: np.array([losses[0], losses[-1]])


def sklearn(program):
    """MLPClassifier, a hundred steps on the whole batch; its loss is its own, and its weights too."""
    import warnings

    import numpy as np
    from sklearn.neural_network import MLPClassifier

    warnings.simplefilter("ignore")
    name, rows = TRAINED[program]
    X, y = map(np.array, data(name, rows))  # noqa: N806
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
