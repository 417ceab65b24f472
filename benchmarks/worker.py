"""One program by one system: `python worker.py "CasADi" 2-16-16-1`. A process for each, which times on request.

It prints its answer, then for each line on its input the seconds of a call, the mean of what fits into a moment.
"""

import sys
from time import perf_counter

import systems
import trainers

MOMENT = 0.1
SYSTEMS = {
    "ours, bound": lambda program: systems.ours(program, bound=True),
    "ours, arrays": systems.ours,
    "ours, float32": lambda program: systems.ours(program, bound=True, dtype="float32"),
    "ours, exact": lambda program: systems.ours(program, bound=True, exact=True),
    "ours, the loss alone": lambda program: systems.ours(program, bound=True, value_only=True),
    "ours, one thread": lambda program: systems.ours(program, bound=True, threads=1),
    "ours, two threads": lambda program: systems.ours(program, bound=True, threads=2),
    "source": lambda program: systems.ours(program, backend="source"),
    "jax.jit, bound": lambda program: systems.jax(program, bound=True),
    "jax.jit, arrays": systems.jax,
    "jax.jit, float32": lambda program: systems.jax(program, bound=True, single=True),
    "torch": systems.torch,
    "CasADi": systems.casadi,
    "ours, inside": trainers.ours,
    "lax.scan": lambda program: trainers.jax(program, scan=True),
    "jax.jit, step by step": lambda program: trainers.jax(program, scan=False),
    "torch, step by step": trainers.torch,
    "scikit-learn": trainers.sklearn,
}


def main():
    call, flat = SYSTEMS[sys.argv[1]](sys.argv[2])
    print(*flat(call()).tolist(), flush=True)
    once = 1
    for _ in sys.stdin:
        start = perf_counter()
        for _ in range(once):
            call()
        taken = perf_counter() - start
        print(taken / once / (trainers.STEPS if sys.argv[2] in trainers.TRAINED else 1), flush=True)
        once = max(1, round(once * MOMENT / taken))


if __name__ == "__main__":
    main()
