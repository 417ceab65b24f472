"""Optional packages: imported where they are needed, their absence an error that names the install command."""

from importlib import import_module
from typing import Any

from autodiff.errors import MissingPackage


def require(module: str, purpose: str, install: str) -> Any:
    """The module, or MissingPackage saying what needs it and how to install it."""
    try:
        return import_module(module)
    except ImportError as missing:
        package = module.partition(".")[0]
        raise MissingPackage(f"{purpose} needs {package}, which is not installed: {install}") from missing
