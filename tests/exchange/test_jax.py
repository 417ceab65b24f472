"""Tapes as functions of JAX's and back: the same numbers, JAX's derivatives beside ours."""

import contextlib
import math
import subprocess
import sys

import jax
import jax.numpy as jnp
import pytest
from sampling import WALKED, operand_counts, points
from zoo import ZOO

import autodiff as ad
from autodiff.core.custom import remove
from autodiff.errors import BadTape, BranchOnData, MissingPackage
from autodiff.exchange.jax import FORMS, OPERATIONS
from autodiff.seeing.page.slopes import OWN

jax.config.update("jax_enable_x64", True)
# Relative: what JAX's special functions are from ours.
NEAR = {
    "polygamma": 1e-9, "digamma": 1e-11, "lgamma": 1e-12, "gamma": 1e-12, "erfinv": 1e-11, "erfinv_slope′": 1e-9,
    "mills′": 1e-6, "log_cdf": 1e-11, "cdf": 1e-9, "sinc_slope′": 1e-6, "power_slope′": 1e-11, "sinc": 1e-11,
}  # fmt: skip
EDGES = {"sinc_slope′", "mills′", "power_slope′", "extreme_direction′", "direction′"}  # which JAX has no edges of


def leaves(x):
    return [float(each) for each in jax.tree_util.tree_leaves(x)]


def test_every_row_of_the_table_is_written_and_no_other():
    assert set(FORMS) == set(OWN)


@pytest.mark.parametrize("name", ZOO)
def test_the_zoo_gives_its_numbers_and_derivatives(name):
    function, point = ZOO[name]
    with contextlib.suppress(BranchOnData):
        tape = ad.trace(function, *point)
        there = ad.to_jax(tape)
        assert leaves(there(*point)) == pytest.approx(leaves(tape.evaluate(*point)), rel=1e-13, abs=1e-15)
        assert leaves(jax.jit(there)(*point)) == pytest.approx(leaves(tape.evaluate(*point)), rel=1e-13, abs=1e-15)
        if tape.outputs.size == 1 and name != "kinks":
            theirs = jax.grad(lambda *xs: jax.tree_util.tree_leaves(there(*xs))[0], range(len(point)))(
                *map(float, point)
            )
            ours = tape.gradient().evaluate(*point)
            assert leaves(theirs) == pytest.approx(leaves(ours), rel=1e-11, abs=1e-13)


CASES = [(row, count) for row in WALKED.values() for count in operand_counts(row)]


@pytest.mark.parametrize(("row", "count"), CASES, ids=[f"{row.name}-{count}" for row, count in CASES])
def test_every_row_gives_its_value_and_jax_its_slope(row, count):
    there = FORMS[row]
    from autodiff.exchange.jax import Reader

    reader, near = Reader(jax), NEAR.get(row.name, 1e-12)
    for xs in list(points(row, count))[:12]:
        out = row.evaluate(xs)
        assert float(there(reader, *xs)) == pytest.approx(out, rel=near, abs=near)
        if row.name in EDGES or row.name.endswith("′"):
            continue
        for i, x in enumerate(xs):
            ours = row.partial(i, out, *xs)
            if math.isnan(ours) or (row.name == "polygamma" and i == 0):
                continue  # of a whole number
            theirs = float(
                jax.grad(lambda t, i=i, xs=xs: jnp.asarray(there(reader, *xs[:i], t, *xs[i + 1 :]), float))(x)
            )
            assert theirs == pytest.approx(ours, rel=1e-6, abs=1e-3 if row.name == "sinc" else 1e-9), (xs, i)


def test_it_is_batched_and_differentiated_there():
    there = ad.to_jax(ad.trace(lambda x, y: ad.log(x) + x * y - ad.sin(y), 2.0, 5.0))
    xs = jnp.linspace(1.0, 3.0, 5)
    assert leaves(jax.vmap(there)(xs, xs).tolist()) == [float(there(x, x)) for x in xs]
    assert leaves(there(xs, xs).tolist()) == leaves(jax.vmap(there)(xs, xs).tolist())
    hessian = jax.hessian(there)(2.0, 5.0)
    assert float(hessian) == pytest.approx(-0.25)
    with pytest.raises(ValueError, match="takes 2 numbers"):
        there(1.0)


def test_structures_are_kept():
    tape = ad.trace(lambda p: {"a": p["x"] * p["y"][0], "b": [p["y"][1]]}, {"x": 2.0, "y": [3.0, 4.0]})
    found = ad.to_jax(tape)({"x": 2.0, "y": [3.0, 4.0]})
    assert jax.tree_util.tree_map(float, found) == {"a": 6.0, "b": [4.0]}


def f(x, y):
    return jnp.log(x) + x * y - jnp.sin(y)


def test_a_function_of_jaxs_is_a_tape_and_goes_back():
    tape = ad.from_jax(f, 2.0, 5.0)
    assert tape.evaluate(2.0, 5.0) == float(f(2.0, 5.0))
    assert tape.labels == ("x", "y")
    assert tape.origin.name == "JAX"
    assert float(ad.to_jax(tape)(2.0, 5.0)) == float(f(2.0, 5.0))
    adjoints = tape.origin.adjoints([2.0, 5.0])
    assert [adjoints[0], adjoints[1]] == pytest.approx(ad.grad(tape, (0, 1))(2.0, 5.0), rel=1e-14)


nn, special = jax.nn, jax.scipy.special
SCALAR = {
    "activations": lambda x: nn.softplus(x) + nn.gelu(x, approximate=False) + nn.silu(x) + nn.leaky_relu(x),
    "tanh gelu": nn.gelu,
    "powers": lambda x: x**3 + x**-1 + x**2 + x**2.5 + jnp.sqrt(x) + jax.lax.rsqrt(x) + jnp.cbrt(x),
    "trigonometric": lambda x: jnp.sin(x) * jnp.cos(x) + jnp.tan(x) + jnp.arctan2(x, 2.0) + jnp.arccosh(2 + x),
    "special": lambda x: special.erf(x) + special.gammaln(x) + special.digamma(x) + special.erfinv(x / 9),
    "kinks": lambda x: jnp.maximum(x, 0.3) + jnp.abs(x) + jnp.clip(x, 0.0, 0.9) + jnp.where(x > 0.5, x * x, x),
    "steps": lambda x: jnp.sign(x) * x + jnp.floor(x) + jnp.arcsin(x / 9),
    "logarithms": lambda x: jnp.logaddexp(x, 2 * x) + jnp.log1p(x) + jnp.expm1(x) + jnp.exp2(x),
    "jitted": jax.jit(lambda x: jax.jit(jnp.sin)(x) * 2),
    "stopped": lambda x: jax.lax.stop_gradient(x) * x,
    "custom": lambda x: nn.relu(x) + nn.sigmoid(x) + nn.elu(x),
    "conditions": lambda x: jnp.where((x > 0) & (x < 1), x, 2 * x) + jnp.where((x > 5) | ~(x > 2), x, 1.0),
    "finite": lambda x: jnp.where(jnp.isfinite(x), x, 0.0),
    "rounded": lambda x: x * jnp.round(x) + jnp.remainder(x, 0.4) + jnp.fmod(x, 0.3) + x * jnp.ceil(x),
    "derivative": jax.grad(lambda x: jnp.tanh(x) * jnp.exp(-x)),
}


@pytest.mark.parametrize("name", SCALAR)
def test_what_jax_traces_is_what_the_tape_computes(name):
    function = SCALAR[name]
    tape = ad.from_jax(function, 0.7)
    for x in (0.7, 1.3, 0.31):
        assert tape.evaluate(x) == pytest.approx(float(function(x)), rel=1e-13, abs=1e-15)
        assert ad.grad(tape)(x) == pytest.approx(float(jax.grad(function)(x)), rel=1e-11, abs=1e-13)
    assert ad.compare(tape, 0.7).origin.first is None


def test_several_outputs_come_as_a_list():
    tape = ad.from_jax(lambda x, y: (x * y, x + y), 2.0, 3.0)
    assert tape.evaluate(2.0, 3.0) == [6.0, 5.0]


@pytest.mark.parametrize(("function", "told"), [
    (lambda x: jax.scipy.special.i0(x) + x, "JAX's bessel_i0e has no row here, at .*test_jax.py:"),
    (lambda x: jnp.sum(jnp.arange(3.0) * x), "array of shape|constant of shape"),
    (lambda x: jax.lax.fori_loop(0, 3, lambda i, y: y * x, x), "has no row here"),
])  # fmt: skip
def test_what_has_no_row_is_named_with_its_place(function, told):
    with pytest.raises(BadTape, match=told):
        ad.from_jax(function, 0.5)


def test_bad_input_is_told():
    with pytest.raises(ValueError, match="traces f at a point"):
        ad.from_jax(jnp.sin)

    @ad.primitive(partials=[lambda out, x: 3.0 * x * x])
    def cubed(x):
        return x**3

    try:
        with pytest.raises(BadTape, match="cubed is a function of your own, which JAX does not know"):
            ad.to_jax(ad.trace(cubed, 2.0))
    finally:
        remove(cubed)


def test_single_precision_is_warned_of():
    code = (
        "import warnings; warnings.simplefilter('error'); import autodiff as ad\n"
        "try: ad.to_jax(ad.trace(ad.sin, 1.0))\n"
        "except UserWarning as told: print(told)"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert "single precision" in told


def test_operations_are_rows():
    assert {"add", "mul", "select_n", "logistic", "erf_inv"} <= set(OPERATIONS)


def test_without_the_package_the_command_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "jax", None)
    with pytest.raises(MissingPackage, match=r"pip install 'autodiff-stepper\[jax\]'"):
        ad.to_jax(ad.trace(ad.sin, 1.0))
