"""Tracing for the compiler: the Values that a function closes over are lifted out of it, to be inputs too.

They hold Slots while it is traced, and their numbers again after. Which they are comes out of the trace: a Value that
was made before it, and that a result depends on, is lifted, and the function traced once more.
"""

from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import contextmanager
from threading import RLock
from typing import Any, TypeVar

from autodiff.core.collector import held_back
from autodiff.core.dual import Parts
from autodiff.core.graph import topological_order
from autodiff.core.rows import READ, Number
from autodiff.core.scopes import Scope
from autodiff.core.slots import Recorder, Slot
from autodiff.core.value import Value
from autodiff.errors import BadTape
from autodiff.tape.instructions import Code, Flat
from autodiff.tape.locals import Locals
from autodiff.tape.tape import Tape
from autodiff.transforms.calls import Call
from autodiff.transforms.derivatives import title
from autodiff.transforms.levels import VARIABLE, check_open
from autodiff.transforms.structure import NUMBER, container

one_at_a_time = RLock()  # traces: two that close over one Value would take each other's Slots for its number


Seen = TypeVar("Seen", bound=Locals)


def lifted(
    function: Callable[..., Any], args: Sequence[Any], watch: type[Seen] = Locals
) -> tuple[Tape, list[Value], Seen]:
    """The tape of a function in the structure of `args`, and the Values that it closes over.

    The tape takes the numbers of these in a list, as one argument more; it has every instruction that was written.
    """
    call = Call(function, range(len(args)), args, {})
    values: list[Value] = []
    with one_at_a_time:
        while True:
            recorder = Recorder(len(call.numbers) + len(values))
            slots = recorder.inputs()
            seeing = watch(recorder)
            noting = READ.set({})
            try:
                with held_back, _holding(values, slots[len(call.numbers) :]), Scope(call.name) as tracing, seeing:
                    outputs, structure = call(slots[: len(call.numbers)])
                    found = _not_lifted(outputs, READ.get() or (), tracing, call.name)
                    places = [] if found else [_place(output, call.name) for output in outputs]
            finally:
                READ.reset(noting)
                recorder.ended = True
            if not found:
                break
            values += found
    if not outputs:
        raise BadTape(f"{call.name} returned no numbers: there is nothing to compile")
    parts = call.structure.parts
    if values:
        parts = (*parts, container(list, range(len(values)), [NUMBER] * len(values)))
    code = Code(
        recorder.first, Flat.written(recorder.rows, recorder.ends, recorder.operands), tuple(places), seeing.names
    )
    labels = [*call.labels(), *(value.label or f"closed{i + 1}" for i, value in enumerate(values))]
    inputs = container(tuple, range(len(parts)), parts)
    return Tape(inputs, code, structure, title(function), (), labels), values, seeing


def numbers_of(values: Sequence[Value]) -> list[Any]:
    """What Values hold; of one in another thread's trace, when that ends; the Value itself in an open transform."""
    found = [value if value.op is VARIABLE else value.primal for value in values]
    if any(type(x) is Slot for x in found):
        with one_at_a_time:
            return [value if value.op is VARIABLE else value.primal for value in values]
    return found


@contextmanager
def _holding(values: Sequence[Value], slots: Sequence[Slot]) -> Generator[None]:
    """The Values as leaves with Slots for their numbers."""
    before = [(value.primal, value.op) for value in values]
    try:
        for value, slot in zip(values, slots, strict=True):
            value.primal, value.op = slot, None
        yield
    finally:
        for value, (number, op) in zip(values, before, strict=True):
            value.primal, value.op = number, op


def _not_lifted(outputs: Sequence[Number], noted: Iterable[Value], tracing: Scope, name: str) -> list[Value]:
    """Values made before the trace, on which its results depend, or something whose number was read in it."""
    if any(isinstance(output, Parts) for output in outputs):
        raise BadTape(f"{name} closes over a Dual, on which its result depends: pass it as an argument")
    roots = [output for output in outputs if isinstance(output, Value)]
    check_open(topological_order(*roots))
    roots += noted
    order: list[Any] = topological_order(*roots)
    inside = {node for node in order if _is_inside(node.scope, tracing)}
    read = [x for node in order if node in inside for x in node.operands if type(x) is Value]
    known = dict.fromkeys(x for x in (*read, *roots) if x not in inside and type(x.primal) is float)
    return [x for x in known if not _is_inside(x.scope, tracing)]  # a leaf that was made inside is a constant


def _is_inside(scope: Scope | None, outer: Scope) -> bool:
    while scope is not None and scope is not outer:
        scope = scope.outer
    return scope is outer


def _place(output: Number, name: str) -> Any:
    """Where an output stands, or the constant that it is."""
    found = output.primal if isinstance(output, Value) else output
    if isinstance(found, Slot):
        return found.place
    if type(found) is float:
        return found
    raise BadTape(f"{name} returned {output!r}, which is of no kind that can be compiled")
