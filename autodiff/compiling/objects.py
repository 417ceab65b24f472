"""Machine code kept on disk, to be made once a machine: in $AUTODIFF_CACHE, else where the user's caches are."""

import os
from hashlib import sha256
from pathlib import Path

from autodiff.core.files import write

DIGEST = 32  # bytes, before the code: what is damaged is made again


def name(*told: str) -> str:
    """What is kept under: a digest of the text that is compiled, and of all that its code depends on."""
    return sha256("\0".join(told).encode()).hexdigest()


def folder() -> Path:
    """Where it is kept."""
    given = os.environ.get("AUTODIFF_CACHE") or os.environ.get("XDG_CACHE_HOME")
    return Path(given or Path.home() / ".cache") / "autodiff"


def kept(key: str) -> bytes | None:
    """The machine code under a name; None where there is none, or it is damaged."""
    try:
        found = (folder() / key).read_bytes()
    except (OSError, RuntimeError):  # of a user without a home, too
        return None
    code = found[DIGEST:]
    return code if sha256(code).digest() == found[:DIGEST] else None


def keep(key: str, code: bytes) -> None:
    """Keep it, where there is room: whole or not at all."""
    try:
        write(folder() / key, sha256(code).digest() + code)
    except (OSError, RuntimeError):
        return
