"""Listing: a graph as people read it, its nodes in slots, each with a name, an expression, numbers and a source line.

Drawings and steppers read listings; nothing here computes what the engine has not computed.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from autodiff.core.dual import Dual, Parts
from autodiff.core.graph import leaves, topological_order
from autodiff.core.rows import CONDITIONS
from autodiff.core.slots import Place, Slot
from autodiff.core.value import Value
from autodiff.errors import BranchOnData
from autodiff.seeing.lines import Line, Lines, Taken
from autodiff.seeing.silent import heard
from autodiff.tape.origin import beside
from autodiff.tape.tables import output_names
from autodiff.tape.tape import Tape
from autodiff.transforms.calls import Call
from autodiff.transforms.derivatives import title
from autodiff.transforms.levels import check_open
from autodiff.transforms.structure import NUMBER, flatten
from autodiff.words.names import Wording, arguments, labelled
from autodiff.words.notation import subscripted

MOST = 6  # names in a heading


class Elsewhere(NamedTuple):
    """What another system finds: its ∂y/∂v by slot, and the first slot where ours is another, if any."""

    name: str
    adjoints: Mapping[int, float]
    slot: int | None


class Listing:
    """The nodes that outputs depend on, in the order of the program: inputs first, as in a tape.

    nodes     the Values, a slot each; the first `inputs` of them are leaves
    outputs   the slots of the outputs
    tangents  ẋ by leaf, of arguments that are Duals
    lines     the source line of a node, by slot, where a function was recorded
    title     the function that it is a graph of, empty where there is none
    arguments  how many of the inputs are the function's
    parameters  what these are called, each a number or a structure of some
    branches  the numbers that the function took out, as `if x > 0` does: what it did then hangs on them; None where
              that was not seen, as of a graph that had been computed before
    """

    def __init__(
        self,
        inputs: Sequence[Value],
        order: Sequence[Any],
        outputs: Sequence[Value],
        tangents: Mapping[Any, float] | None = None,
        lines: Mapping[Any, Line | None] | None = None,
        title: str = "",
        taken: Sequence[Taken] | None = None,
        arguments: int = 0,
        named: Mapping[Any, str] | None = None,
        parameters: Sequence[str] = (),
    ) -> None:
        self.parameters = parameters
        self.nodes: list[Any] = [*inputs, *order]
        self.inputs, self.arguments, self.tangents, self.title = len(inputs), arguments, dict(tangents or {}), title
        self.slots: dict[Any, int] = {node: slot for slot, node in enumerate(self.nodes)}
        self.outputs, self.named = [self.slots[output] for output in outputs], dict(named or {})
        found = lines or {}
        self.lines = {slot: line for node, line in found.items() if line and (slot := self.slots.get(node)) is not None}
        self.branches = None if taken is None else [branch for branch in taken if self._moves(branch.node)]
        self._serial: dict[Any, int] = {node: i for i, node in enumerate(found)}

    def _moves(self, node: Any) -> bool:
        """Whether a node hangs on an input."""
        return node.op is not None or node in self.slots

    @property
    def aside(self) -> list[Any]:
        """The nodes that branches were decided by and no output hangs on, each after its operands."""
        order = topological_order(*[branch.node for branch in self.branches or ()])
        return [node for node in order if node not in self.slots]

    def is_input(self, slot: int) -> bool:
        """Whether a leaf is an argument of the function, or called x as inputs are: no parameter."""
        return slot < self.arguments or self.names[slot].startswith("x")

    def before(self, branch: Taken) -> int:
        """How many slots had their numbers when a branch was taken."""
        return self.inputs + sum(self._serial.get(node, -1) < branch.made for node in self.order)

    def beside(self, target: Any) -> Elsewhere | None:
        """Of a tape that came from another system what that finds here; None of anything else."""
        if not isinstance(target, Tape):
            return None
        slots = self.slots_of(target)
        names = [self.names[slots[i]] if i in slots else "a node" for i in range(target.inputs.size + len(target))]
        found = beside(target, self.numbers[: self.inputs], names)
        if found is None:
            return None
        known = {slots[place]: x for place, x in found.adjoints.items() if place in slots}
        return Elsewhere(found.name, known, None if found.first is None else slots.get(found.first))

    def slots_of(self, tape: Tape) -> dict[int, int]:
        """Where the places of the tape that this is a graph of stand in it: those that say something."""
        found = {i: i for i in range(self.inputs)}
        if len(self._serial) == len(tape):  # a node for each instruction
            found |= {tape.inputs.size + i: self.slots[node] for node, i in self._serial.items() if node in self.slots}
        return found

    @property
    def order(self) -> list[Any]:
        """The interior nodes, each after its operands."""
        return self.nodes[self.inputs :]

    @cached_property
    def operands(self) -> list[tuple[Place, ...]]:
        """What each node reads: slots, and floats for constants."""
        slots = self.slots
        return [tuple([x if type(x) is float else slots[x] for x in node.operands]) for node in self.nodes]

    @cached_property
    def names(self) -> list[str]:
        """What each node is called: by its label, the variable that had it, an output by its key, else by a number."""
        return labelled([node.label or self.named.get(node, "") for node in self.nodes], self.inputs)

    @property
    def heading(self) -> str:
        """What it is a graph of: f(x₁, x₂), or loss of x₁, w."""
        ends = self.names[: self.arguments or self.inputs]
        if self.title and len(ends) > MOST >= len(self.parameters) > 0:
            return f"{self.title}({', '.join(map(subscripted, self.parameters))})"
        if self.title:
            return f"{self.title}({', '.join(ends if len(ends) <= MOST else [*ends[: MOST - 1], '…', ends[-1]])})"
        outputs = [self.names[slot] for slot in self.outputs]
        told = ", ".join([*outputs[:3], *["…"] * (len(outputs) > 3)])
        if self.order and len(ends) > MOST:
            known = any(self.nodes[slot].label or self.nodes[slot] in self.named for slot in self.outputs)
            return f"{told} of {len(ends):,} leaves" if known else f"{len(ends):,} leaves"
        return f"{told} of {', '.join(ends)}" if self.order else told

    @cached_property
    def numbers(self) -> list[float]:
        """The number of each node; of a leaf, that with which the graph was computed, wherever it has moved since."""
        found: list[float] = [node.data for node in self.nodes]
        for node, operands in zip(reversed(self.nodes), reversed(self.operands), strict=True):
            for slot, number in zip(operands, node.numbers, strict=True):
                if type(slot) is int:
                    found[slot] = number
        return found

    def wording(self, write: Callable[[float], str], longest: int | None = None) -> Wording:
        """The nodes in words, numbers as `write` writes them, names cut to `longest` characters."""
        return Wording(self.names, self._rows, self.operands, write, longest)

    @cached_property
    def _rows(self) -> list[Any]:
        return [node.op for node in self.nodes]

    def partial(self, slot: int, position: int) -> float:
        """The partial of a node to one of its operands, a number."""
        node = self.nodes[slot]
        return node.op.partial(position, node.primal, *node.numbers)


def listed(target: Any, args: Sequence[Any], verb: str) -> Listing:
    """The listing of a Value, of Values in any structure, or of a function at arguments.

    verb  what is done with it, for messages
    """
    if callable(target):
        return _recorded(target, args, verb)
    if args:
        raise TypeError(f"arguments are for a function, and {target!r} is none: write ad.{verb}(output)")
    outputs = _outputs(target, "the output", verb)
    if not outputs:
        raise TypeError(
            f"the output is {target!r}, with no graph behind it: no Value entered its computation; make the variables "
            f"Values, as in x = Value(2.0), or write ad.{verb}(f, 2.0)"
        )
    return _of_graph([], outputs, {}, {}, "")


def _recorded(function: Any, args: Sequence[Any], verb: str) -> Listing:
    if isinstance(function, Tape) and not args:
        args = function.inputs.rebuild(function.point)  # where it was traced
    call = Call(function, range(len(args)), args, {})
    variables, tangents = list[Value](), dict[Value, float]()
    labels = arguments(function.labels, len(call.numbers)) if isinstance(function, Tape) else call.labels()
    for number, label in zip(call.numbers, labels, strict=True):
        primal = number.primal if isinstance(number, Dual) else number
        variables.append(primal if isinstance(primal, Value) else Value(primal, subscripted(label)))
        if isinstance(number, Dual):
            tangents[variables[-1]] = getattr(number.tangent, "data", number.tangent)
    (result, structure), lines, seen = _watched(call, variables)
    outputs = _outputs(structure.rebuild(result), f"what {call.name} returned", verb)
    keys = [""] if structure is NUMBER else output_names(structure, call.labels())
    named = {node: key for node, key in zip(result, keys, strict=True) if isinstance(node, Value) and key} | lines.named
    taken = lines.taken if seen else []
    order = topological_order(*outputs, *[branch.node for branch in taken])
    passed, copies = heard(order, {*outputs, *named})
    stands = passed | copies
    if not outputs:
        raise TypeError(
            f"{call.name} returned {structure.rebuild(result)!r}, which depends on no argument: there is no graph, and "
            "every derivative is 0"
        )
    return _of_graph(
        variables,
        [stands.get(output, output) for output in outputs],
        tangents,
        {copies.get(node, node): line for node, line in lines.made.items()},
        title(function),
        [branch._replace(node=stands.get(branch.node, branch.node)) for branch in taken] if seen else None,
        {stands.get(node, node): name for node, name in named.items()},
        list(dict.fromkeys(re.split(r"[\[.]", label)[0] for label in labels)),
    )


def _watched(call: Call, variables: Sequence[Value]) -> tuple[Any, Lines, bool]:
    """What a call gives, its lines, and whether its branches were seen: not where it cannot run on conditions as nodes.

    So it is where it counts with a bool, as in `int(x > 0)`.
    """
    for nodes in (True, False):
        token = CONDITIONS.set(nodes)
        try:
            with Lines() as lines:
                return call(variables), lines, nodes and lines.sees
        except Exception:
            if not nodes:
                raise
        finally:
            CONDITIONS.reset(token)
    raise AssertionError


def _of_graph(
    variables: Sequence[Value],
    outputs: Sequence[Value],
    tangents: Mapping[Value, float],
    lines: Mapping[Any, Line | None],
    title: str,
    taken: Sequence[Taken] | None = None,
    named: Mapping[Any, str] | None = None,
    parameters: Sequence[str] = (),
) -> Listing:
    order = _in_program_order(topological_order(*reversed(outputs)), lines)
    check_open(order)
    known: list[Any] = [*variables, *leaves(order), *outputs]
    inputs = [node for node in dict.fromkeys(known) if node.op is None]
    return Listing(inputs, order, outputs, tangents, lines, title, taken, len(variables), named, parameters)


def _in_program_order(order: list[Any], lines: Mapping[Any, Line | None]) -> list[Any]:
    """A topological order sorted by when nodes were made, where that was seen; the others keep to their operands."""
    serial: dict[Any, int] = {node: i for i, node in enumerate(lines)}
    for node in order:
        if node not in serial:
            serial[node] = max((serial.get(x, -1) for x in node.operands if type(x) is not float), default=-1)
    return sorted(order, key=serial.__getitem__)


def _outputs(target: Any, what: str, verb: str) -> list[Value]:
    """The Values in a structure."""
    numbers, _ = flatten(target, what)
    for number in numbers:
        if isinstance(number, Slot):
            raise BranchOnData
        if isinstance(number, Parts):
            raise TypeError(
                f"{what} is {number!r}, which carries no graph: to see tangents, give the function Duals, as in "
                f"ad.{verb}(f, Dual(2.0, 1.0))"
            )
    return [number for number in numbers if isinstance(number, Value)]
