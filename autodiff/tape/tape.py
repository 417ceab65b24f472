"""Tape: a function as a list of instructions, recorded once and evaluated on any kind of number.

tape = ad.trace(lambda x, y: ad.log(x) + x * y, 2.0, 5.0)
print(tape)
tape.evaluate(2.0, 5.0)          # also on Duals and Values: `ad.grad(tape)` and the like take a tape as a function
tape.gradient()                  # another tape
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from copy import copy
from functools import cached_property
from typing import Any, Self

from autodiff.core.collector import held_back
from autodiff.core.dual import Parts
from autodiff.core.graph import leaves, topological_order
from autodiff.core.rows import Number, constant
from autodiff.core.slots import Place, Recorder, Slot
from autodiff.core.value import Value
from autodiff.errors import BadTape
from autodiff.tape.encoding import json_text, tape_parts
from autodiff.tape.instructions import Code, Flat, Instruction, executed, levels, read
from autodiff.tape.locals import Locals
from autodiff.tape.origin import Origin, beside
from autodiff.tape.passes import simplified, without_dead_code
from autodiff.tape.tables import TableMode, TraceTable, expressions, trace_table
from autodiff.transforms.calls import Call
from autodiff.transforms.derivatives import grad, jvp, title
from autodiff.transforms.levels import check_open
from autodiff.transforms.structure import Structure, flatten

LINES = 60  # of a tape that is printed


class Tape:
    """The linearised graph of a function, a Wengert list. Immutable; equal where inputs, instructions and outputs are.

    inputs, outputs  the structures of the arguments, as a tuple, and of the result
    code             the instructions, each a primitive of slots and constants; slots count from 0, inputs first
    point            the numbers it was traced at, where tables are shown
    labels           a name for each input
    origin           the system that it was read from, if any
    """

    origin: Origin | None = None

    def __init__(
        self,
        inputs: Structure,
        code: Code,
        outputs: Structure,
        name: str = "f",
        point: Sequence[float] = (),
        labels: Sequence[str] = (),
    ) -> None:
        vars(self).update(
            inputs=inputs, outputs=outputs, code=code._replace(instructions=Flat.of(code.instructions)), name=name,
            point=tuple(point), labels=tuple(labels),
        )  # fmt: skip

    inputs: Structure
    outputs: Structure
    code: Code
    name: str
    point: tuple[float, ...]
    labels: tuple[str, ...]

    def of(self, origin: Origin) -> Self:
        """The same tape, which came from another system."""
        like = copy(self)
        vars(like)["origin"] = origin
        return like

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"a tape is immutable: {name} cannot be set")

    # What it computes

    def __iter__(self) -> Iterator[Instruction]:
        return iter(self.flat)

    def __len__(self) -> int:
        return len(self.flat)

    @property
    def flat(self) -> Flat:
        """The instructions, end to end."""
        return Flat.of(self.code.instructions)

    @property
    def results(self) -> tuple[Place, ...]:
        """Where the outputs stand."""
        return self.code.outputs

    def evaluate(self, *args: Any) -> Any:
        """The outputs at these arguments: floats, Duals, Values, in any mixture. What a tape means is this."""
        numbers, given = flatten(args, "the arguments")
        self.inputs.require(given, "the arguments", f"those that {self.name} was traced with")
        return self.outputs.rebuild(read(executed(self, numbers), self.results))

    __call__ = evaluate

    @property
    def __name__(self) -> str:
        return self.name

    # Tapes made of it

    def gradient(self) -> "Tape":
        """A tape of ∇f: the same arguments; for several of them the output is a tuple."""
        args = self._arguments()
        return trace(grad(self, 0 if len(args) == 1 else range(len(args))), *args)

    def jvp(self) -> "Tape":
        """A tape of (f(x), DF(x)·ẋ): its arguments are those of f, then as many tangents of the same structure."""
        args = self._arguments()

        def forward(*both: Any) -> Any:
            return jvp(self, both[: len(args)], both[len(args) :])

        return trace(forward, *args, *self.inputs.rebuild([1.0] * self.inputs.size))

    def simplify(self) -> "Tape":
        """The same numbers by fewer instructions: see `passes`."""
        return Tape(self.inputs, simplified(self.code), self.outputs, self.name, self.point, self.labels)

    # As textbooks print it

    def table(self, mode: TableMode = "both", seed: Any = None, digits: int = 3) -> TraceTable:
        """The evaluation trace at the point it was traced at: primals, and tangents or adjoints beside them.

        mode  "forward", "reverse" or "both"
        seed  in forward mode the tangents of the inputs, in reverse mode the adjoints of the outputs, as a list;
              by default the first is 1 and the others are 0
        """
        if len(self.point) < self.inputs.size:
            raise BadTape(f"{self.name} has no point to show its numbers at: trace it, as in ad.trace(tape, 2.0, 5.0)")
        found = beside(self, self.point[: self.inputs.size], expressions(self))
        return trace_table(self, mode, seed, digits, self.point)._replace(beside=found.told if found else "")

    def __str__(self) -> str:
        lines = expressions(self)
        shown = lines if len(lines) <= LINES else [*lines[: LINES // 2], "…", *lines[-LINES // 2 :]]
        return "\n".join([repr(self), *shown])

    # What there is in it

    @cached_property
    def counts(self) -> Counter[str]:
        """How many instructions there are of each primitive."""
        return Counter(primitive.name for primitive, _ in self)

    @cached_property
    def levels(self) -> Counter[int]:
        """How many instructions stand at each distance from the inputs."""
        return Counter(levels(self.code))

    @property
    def depth(self) -> int:
        """The longest chain of instructions."""
        return max(self.levels, default=0)

    @property
    def width(self) -> int:
        """The most instructions at one distance from the inputs."""
        return max(self.levels.values(), default=0)

    @property
    def nbytes(self) -> int:
        """The memory of instructions and constants."""
        return sum(len(part) * part.itemsize for part in self.flat.parts)

    def _arguments(self) -> tuple[Any, ...]:
        return self.inputs.rebuild(self.point or [0.0] * self.inputs.size)

    def _key(self) -> tuple[Any, ...]:
        rows = tuple(primitive.name for primitive in self.flat.primitives)
        parts = tuple(part.tobytes() for part in self.flat.parts)
        return self.inputs.signature, self.outputs.signature, repr(self.results), rows, parts

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Tape) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def __repr__(self) -> str:
        kinds = ", ".join(f"{count} {name}" for name, count in self.counts.most_common(5))
        more = ", …" if len(self.counts) > 5 else ""
        return f"<Tape {self.name}: {self.inputs.size} → {self.outputs.size}, {len(self)} instructions ({kinds}{more})>"

    # Files

    def to_json(self) -> str:
        """The tape as text: data only."""
        return json_text(self)

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """The tape of a text that `to_json` made. BadTape for any other: nothing in it is executed."""
        return cls(**tape_parts(text))


def trace(function: Callable[..., Any], *args: Any) -> Tape:
    """The tape of a function, written down by Slots in the structure of `args`: it holds for every input.

    Instructions come in the order of the program. A branch on a number, or a Value that the function closes over, is
    an error: a tape would freeze it without a word.
    """
    return recorded(function, args, abstract=True)


def recorded(function: Callable[..., Any], args: Sequence[Any], *, abstract: bool) -> Tape:
    """The tape of a function at `args`: abstract, or with the branches that are taken there."""
    if not callable(function):
        raise TypeError(f"a function is traced, got {type(function).__name__} {function!r}")
    call = Call(function, range(len(args)), args, {})
    point = [x if type(x) is float else 0.0 for x in map(constant, call.numbers)]
    recorder = Recorder(len(point), None if abstract else point)
    try:
        with held_back, Locals(recorder) as seen:
            outputs, structure = call(recorder.inputs())
        if not point or not outputs:
            raise BadTape(f"{call.name} has {len(point)} inputs and {len(outputs)} outputs: a tape needs some of both")
        places = tuple([_place(output, recorder, call.name) for output in outputs])
    finally:
        recorder.ended = True
    code = Code(len(point), Flat.written(recorder.rows, recorder.ends, recorder.operands), places, seen.names)
    return Tape(call.structure, without_dead_code(code), structure, title(function), point, call.labels())


def _place(output: Number, recorder: Recorder, name: str) -> Place:
    """Where an output stands; BadTape for a number that is not of this trace."""
    if type(output) is float:
        return output
    if isinstance(output, Slot) and output.recorder is recorder:
        return output.place
    if isinstance(output, Parts):
        raise BadTape(f"{name} returned {output!r}: trace it on numbers, and take Duals through the tape")
    order = topological_order(output) if isinstance(output, Value) else []
    check_open(order)
    outer = [*leaves(order), *order, output][0]
    raise BadTape(f"{name} closes over {outer!r}, which a tape would freeze: pass it as an argument, or use its .data")
