"""One figure of one program: `python measures.py time dot_values autodiff 2000`. A process for each is the point.

The garbage collector stays on, as users run it. The figure goes to stdout, as JSON.
"""

import gc
import json
import subprocess
import sys
import tracemalloc
from statistics import median
from time import perf_counter

from programs import PROGRAMS

WARM, SECONDS = 0.8, 0.8  # of repeating a step, first to warm up, then to measure
FEWEST = 2  # repeats of a step that takes longer


def time(program):
    """Seconds an operation: the median over repeated steps."""
    _repeated(program.step, WARM, 1)
    return median(_repeated(program.step, SECONDS, FEWEST)) / program.operations


def _repeated(step, seconds, fewest):
    times = []
    while len(times) < fewest or sum(times) < seconds:
        start = perf_counter()
        step()
        times.append(perf_counter() - start)
    return times


def memory(program):
    """Bytes that the graph of one step holds, gradients included, for each operation."""
    tracemalloc.start()
    output = program.step()
    gc.collect()  # what the sweep left behind is not the graph's
    held, _ = tracemalloc.get_traced_memory()
    del output  # and with it the graph
    return held / program.operations


def answer(program):
    """The output of the first step and its gradient: what two libraries must agree on before they are timed."""
    return [program.step().data, *(variable.grad for variable in program.variables)]


def importing(module):
    """Seconds that `import module` takes in a fresh interpreter."""
    code = f"from time import perf_counter; start = perf_counter(); import {module}; print(perf_counter() - start)"
    return float(subprocess.run([sys.executable, "-c", code], check=True, capture_output=True).stdout)


MEASURES = {"time": time, "memory": memory, "answer": answer}


def main():
    match sys.argv[1:]:
        case ["importing", module]:
            figure = importing(module)
        case [measure, program, library, size]:
            sys.setrecursionlimit(10**6)  # the peers recurse to the depth of the graph
            figure = MEASURES[measure](PROGRAMS[program](library, int(size)))
        case _:
            sys.exit(__doc__)
    print(json.dumps(figure))


if __name__ == "__main__":
    main()
