"""Tests against other systems, each where its package is installed: `make test-exchange` does that. C needs gcc."""

from importlib.util import find_spec

NEEDS = {"torch": "torch", "jax": "jax", "sympy": "sympy", "onnx": "onnxruntime", "dask": "distributed"}
collect_ignore_glob = [f"test_*{name}*.py" for name, package in NEEDS.items() if not find_spec(package)]
