"""How long a call takes: once, or the median of runs that several calls take in turn, as the machine may be noisy."""

import statistics
import time


def once(call):
    """The seconds of one run, and its result."""
    start = time.perf_counter()
    result = call()
    return time.perf_counter() - start, result


def medians(*calls, repeats):
    """The median seconds of each call, taken in turn."""
    rounds = [[once(call)[0] for call in calls] for _ in range(repeats)]
    return [statistics.median(taken) for taken in zip(*rounds, strict=True)]
