"""A batch of a tape's gradients over eight devices, here virtual ones of the CPU: the way on to GPUs and clusters.

python notebooks/examples/sharded_jax.py
"""

import os

os.environ["XLA_FLAGS"] = "--xla_force_host_platform_device_count=8"

import jax
import jax.numpy as jnp
from jax.sharding import Mesh, NamedSharding, PartitionSpec

import autodiff as ad

jax.config.update("jax_enable_x64", True)  # noqa: FBT003 (JAX's own way to say it)


def loss(w, b, x, y):
    """Squared error of a neuron."""
    return 0.5 * (ad.tanh(w * x + b) - y) ** 2


there = ad.to_jax(ad.trace(loss, 0.5, 0.1, 1.0, 0.0))
mean = lambda w, b, xs, ys: jnp.mean(jax.vmap(there, (None, None, 0, 0))(w, b, xs, ys))  # noqa: E731
gradient = jax.jit(jax.grad(mean, (0, 1)))

mesh = Mesh(jax.devices(), ("rows",))
rows = NamedSharding(mesh, PartitionSpec("rows"))
xs = jax.device_put(jnp.linspace(-2.0, 2.0, 800), rows)
ys = jax.device_put(jnp.sin(jnp.linspace(-2.0, 2.0, 800)), rows)

sharded = [float(g) for g in gradient(0.5, 0.1, xs, ys)]
ours = ad.compile(ad.grad(loss, (0, 1)), batch=(None, None, 0, 0), reduce="mean")(0.5, 0.1, xs.tolist(), ys.tolist())
print(f"{len(xs.sharding.device_set)} devices, {len(xs)} rows")
print(f"JAX, sharded   ∂J/∂w = {sharded[0]:.12f}  ∂J/∂b = {sharded[1]:.12f}")
print(f"ad.compile     ∂J/∂w = {ours[0]:.12f}  ∂J/∂b = {ours[1]:.12f}")
