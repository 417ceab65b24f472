"""fit: gradient descent over batches."""

import sys
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any, cast

from autodiff.core.packages import require
from nn.checkpoints import Checkpoint, Keeper, fresh_seed, passed, settings
from nn.data import count, examples, split, warn_of
from nn.history import Diverged, History
from nn.initialization import WIDE
from nn.layers import Neuron
from nn.loops import Callback, Loop, batches
from nn.losses import accuracy
from nn.module import Module, modules
from nn.objectives import Eager, Loss, objective
from nn.optimizers import LBFGS, Optimizer
from nn.scattering import Scattered, lies_elsewhere, over_parts, steps_in_order


def fit(
    model: Module,
    inputs: Any,
    targets: Any,
    *,
    loss: Loss,
    optimizer: Optimizer | LBFGS,
    steps: int | None = None,
    epochs: int | None = None,
    batch: int | None = None,
    l2: float = 0.0,
    validation: Any = None,
    patience: int | None = None,
    callbacks: Sequence[Callback] = (),
    every: int | None = None,
    seed: int | None = 0,
    checkpoint: str | Path | None = None,
    resume: str | Path | None = None,
    executor: Any = None,
    compile: bool | None = None,  # noqa: A002 (what it does)
    progress: bool = True,
) -> History:
    """Train `model` in place and return what happened.

    inputs, targets  m rows of numbers and a target for each
    loss             of one example, as in nn.losses; J is the mean over the batch, plus l2 · Σ p²
    steps, epochs    how long: steps (100 by default), or passes over all examples
    batch            examples a step, of all in an order drawn anew for each epoch; None for all of them
    validation       (inputs, targets) to look at between steps, or the share of the examples to set aside for it
    patience         looks at the validation data without a better loss, after which training stops; the best
                     parameters are put back
    callbacks        functions of (steps done, model, history); a dict that one returns goes into history.metrics, and
                     StopIteration ends training
    every            steps from one look, and call, to the next; by default those of an epoch
    seed             of the order and the validation split: the same seed, the same run
    checkpoint       a file, .safetensors, that is written at each look, and in the end: with it the run can go on
    resume           such a file, to go on from: to the same bits as if it had not stopped. `steps` counts all of them
    executor         who finds the gradients of parts of the data: an Executor of concurrent.futures, or Dask's Client.
                     inputs may then lie elsewhere: a folder of .npy or .parquet files, of which targets names a column,
                     by default the last; or Dask's arrays. The same bits for any number of workers
    compile          True or False; by default where the extra `fast` is there and it pays. Not compiled, each step is a
                     graph to be stepped through; the numbers are the same up to rounding
    progress         a bar with step, loss and accuracy (needs tqdm)

    A loss or a parameter that turns non-finite raises Diverged, with the last good parameters put back. Ctrl-C ends
    training: parameters and history are those of the steps that were done.
    """
    kept = None if resume is None else Checkpoint(resume)
    if seed is None:
        seed = fresh_seed() if kept is None else kept.seed
    if compile is None and kept:
        compile = kept.compiled  # noqa: A001 (as it was decided, by its number of steps)
    data, held = _examples(inputs, targets, validation, seed, executor)
    check(model, loss, optimizer, 1)
    eager = Eager(model, data, loss, l2, held)
    scattered = None if executor is None else over_parts(executor, data or inputs, targets, eager, seed)
    rows = scattered.total if scattered else len(data)
    size = rows if batch is None else min(count(batch, "batch"), rows)
    an_epoch = -(-rows // size)
    if steps is not None and epochs is not None:
        raise ValueError(f"steps or epochs say how long to train, got both: {steps!r} and {epochs!r}")
    steps = count(100 if steps is None else steps, "steps") if epochs is None else count(epochs, "epochs") * an_epoch
    every = an_epoch if every is None else count(every, "every")
    check(model, loss, optimizer, steps)
    kept_too = checkpoint is not None or kept is not None
    _check_options(optimizer, callbacks, patience, held, size, rows, kept=kept_too)
    patience = None if patience is None else count(patience, "patience")
    (found, refused), order = _objective(eager, scattered, size, steps, compile), batches(rows, size, seed)
    training = Loop(found, optimizer, History(), tuple(callbacks), every, patience)
    if refused:
        training.warn(f"it cannot be compiled ({refused})")
    shows = progress and sys.stderr is not None  # pyright: ignore[reportUnnecessaryComparison] (closed)
    bar = require("tqdm", "the progress bar", "pip install tqdm, or pass progress=False").tqdm if shows else None
    with bar(total=steps, desc="fit") if bar else nullcontext() as training.bar:
        try:
            if data:
                cast("Any", model)(data[0][0])  # rows that do not fit it
            for seen in (data if size < rows else [], held):
                eager.check(seen)  # a bad target turns up now, not in the batch of a later step
            if data:
                warn_of(data, held, labels=accuracy(loss) is not None)
            parts = [part.name for part in scattered.parts] if scattered else []
            run = settings(model, optimizer, loss, data, held, seed, batch=size, l2=l2, every=every, patience=patience,
                           parts=parts) if kept_too else {}  # fmt: skip
            begun = kept.into(training, run) if kept else 0
            training.keep = None if checkpoint is None else Keeper(checkpoint, training, run)
            training.run(passed(steps_in_order() if scattered else order, begun, training), steps, begun)
        except (ArithmeticError, ValueError) as error:
            history = training.history
            if isinstance(error, ValueError) and not (history.loss and _of_the_engine(error)):
                raise  # the user's own; or nothing has moved: the loss itself, or its targets, are at fault
            raise Diverged(
                f"{error}, at step {len(history.loss)} of {steps}: the last good parameters are back in place; "
                f"{optimizer!r} may go too fast, or the inputs be too large{_drawn_too_large(model)}",
                history,
            ) from error
    return training.history


def _examples(inputs: Any, targets: Any, validation: Any, seed: Any, executor: Any) -> tuple[list[Any], list[Any]]:
    """The examples to train on, none of data that lie elsewhere, and those to look at."""
    if not lies_elsewhere(inputs) or (executor is None and isinstance(inputs, str)):
        data = examples(inputs, targets)
        return (data, []) if validation is None else split(data, validation, seed)
    if executor is None:
        raise TypeError(
            "data that lie in a folder, or in Dask's arrays, are trained on by an executor: pass executor=…"
        )
    if validation is None:
        return [], []
    if not isinstance(validation, tuple | list) or len(cast("Sequence[Any]", validation)) != 2:
        raise ValueError("validation of data that lie elsewhere is (inputs, targets) in memory")
    return [], examples(*cast("Sequence[Any]", validation))


def _objective(
    eager: Eager,
    scattered: Scattered | None,
    size: int,
    steps: int,
    way: bool | None,  # noqa: FBT001 (compile or not)
) -> tuple[Any, str]:
    if scattered is None:
        return objective(eager, size, steps, compile=way)
    scattered.batch = size
    return scattered, ""


def _check_options(
    optimizer: Any, callbacks: Any, patience: Any, held: Sequence[Any], size: int, rows: int, *, kept: bool
) -> None:
    """What does not go together."""
    if not isinstance(callbacks, list | tuple) or not all(map(callable, cast("Sequence[Any]", callbacks))):
        raise TypeError(f"callbacks are a list of functions of (step, model, history), got {callbacks!r}")
    if isinstance(optimizer, LBFGS) and kept:
        raise ValueError("L-BFGS cannot be checkpointed: SciPy keeps its state; leave checkpoint and resume out")
    if isinstance(optimizer, LBFGS) and size < rows:
        raise ValueError(f"L-BFGS takes all {rows} examples at each step, not a batch of {size}: leave batch out")
    if patience is not None and not held:
        raise ValueError("patience is with the validation loss: pass validation=(inputs, targets), or a share of them")


def _of_the_engine(error: Exception) -> bool:
    """Whether arithmetic of ours failed, and not a line of the user's loss or model."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    rooms = ("nn.training", "nn.objectives", "autodiff")
    return trace is not None and trace.tb_frame.f_globals.get("__name__", "").startswith(rooms)


def _drawn_too_large(model: Module) -> str:
    """What to say of a model that has neurons too wide for their initialization."""
    neurons = [module for module in modules(model) if isinstance(module, Neuron)]
    widths = [len(neuron.weights) for neuron in neurons if getattr(neuron, "initialization", "") == "uniform"]
    if max(widths, default=0) <= WIDE:
        return ""
    return (
        f', or the weights: "uniform" suits neurons of up to about {WIDE} inputs, and here are some of {max(widths)}: '
        'begin with initialization="he" or "glorot"'
    )


def check(model: Any, loss: Any, optimizer: Any, steps: int) -> None:
    """What can be known to be wrong before anything moves."""
    if not isinstance(model, Module):
        raise TypeError(f"a model is a Module, such as nn.MLP(2, [16, 1]); got {model!r}")
    if not callable(loss):
        raise TypeError(f"a loss is a function of a prediction and a target, such as nn.hinge; got {loss!r}")
    if not isinstance(optimizer, Optimizer | LBFGS):
        raise TypeError(f"an optimizer is needed, such as nn.GradientDescent(0.1); got {optimizer!r}")
    if not model.parameters():
        raise ValueError("the model has no parameters: keep Values in its attributes, or in lists, tuples, dicts there")
    if isinstance(optimizer, Optimizer):
        for step in range(optimizer.steps, optimizer.steps + steps):
            optimizer.rate(step)
