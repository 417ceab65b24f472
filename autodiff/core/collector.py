"""The collector of cycles held back: graphs have none, and looking for some takes most of the time of building one.

It is the process's: holders are counted, in all threads, and the last to leave starts it again. A collector that was
switched off before stays off.
"""

import gc
import os
from threading import Lock
from typing import final


@final
class Collector:
    """A context in which no cycles are collected: for the length of one evaluation and sweep, since they pile up."""

    def __init__(self) -> None:
        self.lock, self.holders, self.was_on = Lock(), 0, False

    def __enter__(self) -> None:
        with self.lock:
            if not self.holders:
                self.was_on = gc.isenabled()
                gc.disable()
            self.holders += 1

    def __exit__(self, *_: object) -> None:
        with self.lock:
            self.holders -= 1
            if not self.holders and self.was_on:
                gc.enable()

    def forked(self) -> None:
        """In the child of a fork, whose other threads are gone: nobody else holds it."""
        self.lock, self.holders = Lock(), min(self.holders, 1)


held_back = Collector()  # `with held_back:`
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=held_back.forked)
