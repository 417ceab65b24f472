"""Streams: what commands print to, wherever that leads."""

import io
import os
import sys
from collections.abc import Generator
from contextlib import contextmanager


@contextmanager
def printing() -> Generator[None, None, None]:
    """Output and errors in UTF-8, where a redirect or LANG has another encoding, which lacks our signs.

    Where the reader leaves, as `| head` does, the block ends without a word; a closed stream is none.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and stream.encoding.lower().replace("-", "") != "utf8":
            stream.reconfigure(encoding="utf-8")
    try:
        yield
        if sys.stdout is not None:  # pyright: ignore[reportUnnecessaryComparison] (closed)
            sys.stdout.flush()
    except BrokenPipeError:  # what waits in the buffer goes nowhere: else it would be an error again at the end
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1 if sys.stdout is None else sys.stdout.fileno())
