"""Lanes: a register of numbers in the text of LLVM's language, on which a form is read to be compiled.

out = Text(Machine(8, "double", "_ZGVeN8"))
x, y = Lanes(out, "%x"), Lanes(out, "%y")
x * y                     # out.lines: ['%t1 = fmul <8 x double> %x, %y']
"""

import struct
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from autodiff.compiling.forms import BASIC, Form
from autodiff.core.floats import SMALL

INTRINSIC = {
    "absolute": "fabs", "copysign": "copysign", "floor": "floor", "ceil": "ceil", "trunc": "trunc",
    "round": "roundeven", "sqrt": "sqrt",
}  # fmt: skip
OF_TWO = ("power", "hypot", "atan2")
VECTORED = frozenset(BASIC) - frozenset(INTRINSIC) - {"fmod"}  # those of libmvec, glibc's vector functions


class Machine(NamedTuple):
    """What registers there are.

    width    numbers in a register
    element  "double" or "float"
    prefix   of the names of vector functions, "" where there are none
    """

    width: int
    element: str
    prefix: str

    @property
    def size(self) -> int:
        """The bytes of a number."""
        return 8 if self.element == "double" else 4

    @property
    def vector(self) -> str:
        """The type of a register."""
        return f"<{self.width} x {self.element}>"

    def constant(self, x: float) -> str:
        """A number in every lane."""
        return "<" + ", ".join([f"{self.element} {self.literal(x)}"] * self.width) + ">"

    def literal(self, x: float) -> str:
        """A number as LLVM spells it: by its bits, those of a double."""
        rounded = x if self.element == "double" else float(_float32(x))
        return f"0x{struct.unpack('<Q', struct.pack('<d', rounded))[0]:016X}"


class Loop:
    """A loop that goes round.

    i        the number of the round
    carried  what each round has of the one before
    passed   what it hands on; after the loop what the last one did
    """

    def __init__(self, name: str, carried: int) -> None:
        self.i, self.carried = f"%{name}.i", [f"%{name}.carried{k}" for k in range(carried)]
        self.passed: Sequence[str] = ()


class Text:
    """Lines of a function, and what it calls."""

    def __init__(self, machine: Machine) -> None:
        self.machine, self.lines, self.count, self.block = machine, list[str](), 0, "entry"
        self.declared: dict[str, str] = {}

    def add(self, line: str) -> None:
        """A line without a result."""
        self.lines.append(line)

    def begin(self, label: str) -> None:
        """Begin a block."""
        self.lines.append(f"{label}:")
        self.block = label

    @contextmanager
    def loop(self, count: object, begun: Sequence[str] = (), *, empty: bool = False) -> Generator[Loop]:
        """Go round so many times, from `begun`, of registers; if not `empty`, which hands nothing on, at least once."""
        before, name, after, kind = self.block, self.label("loop"), self.label("after"), self.machine.vector
        loop = Loop(name, len(begun))
        skipped = f"br i1 {self.let(f'icmp eq i64 {count}, 0')}, label %{after}, label %{name}" if empty else ""
        self.add(skipped or f"br label %{name}")
        self.begin(name)
        at = len(self.lines)
        yield loop
        following = self.let(f"add i64 {loop.i}, 1")
        around = zip(
            ["i64", *[kind] * len(begun)],
            [loop.i, *loop.carried],
            ["0", *begun],
            [following, *loop.passed],
            strict=True,
        )
        self.lines[at:at] = [f"{x} = phi {of} [ {a}, %{before} ], [ {b}, %{self.block} ]" for of, x, a, b in around]
        self.add(f"br i1 {self.let(f'icmp eq i64 {following}, {count}')}, label %{after}, label %{name}")
        self.begin(after)

    def let(self, right: str, name: str = "") -> str:
        """A line with a result, and its name."""
        self.count += 1
        name = name or f"%t{self.count}"
        self.lines.append(f"{name} = {right}")
        return name

    def at(self, kind: str, pointer: str, index: object, name: str = "") -> str:
        """The address of the index-th of a kind."""
        return self.let(f"getelementptr {kind}, ptr {pointer}, i64 {index}", name)

    def load(self, kind: str, pointer: str, name: str = "") -> str:
        """What stands at an address."""
        return self.let(f"load {kind}, ptr {pointer}", name)

    def splat(self, number: str, name: str = "") -> str:
        """A number in every lane."""
        vector, width = self.machine.vector, self.machine.width
        first = self.let(f"insertelement {vector} poison, {self.machine.element} {number}, i64 0")
        return self.let(f"shufflevector {vector} {first}, {vector} poison, <{width} x i32> zeroinitializer", name)

    def label(self, name: str) -> str:
        """A fresh label."""
        self.count += 1
        return f"{name}{self.count}"

    def call(self, result: str, name: str, *operands: tuple[str, str]) -> str:
        """A call of a function that is declared by being called."""
        kinds = ", ".join(kind for kind, _ in operands)
        self.declared[name] = f"declare {result} @{name}({kinds})"
        return self.let(f"call {result} @{name}({', '.join(f'{kind} {operand}' for kind, operand in operands)})")

    def function(self, result: str, parameters: str) -> str:
        """The lines as the module's one function, @run."""
        body = "\n".join(line if line.endswith(":") else f"  {line}" for line in self.lines)
        return "\n".join([*self.declared.values(), f"define {result} @run({parameters}) {{\n{body}\n}}"])


class Lanes:
    """A register of numbers, or of conditions: operators write their instruction down."""

    __hash__ = None  # pyright: ignore[reportAssignmentType]

    def __init__(self, text: Text, name: str) -> None:
        self.text, self.name = text, name

    def _of(self, x: Any) -> str:
        return x.name if isinstance(x, Lanes) else self.text.machine.constant(float(x))

    def _apply(self, operation: str, x: Any, y: Any) -> "Lanes":
        right = f"{operation} {self.text.machine.vector} {self._of(x)}, {self._of(y)}"
        return Lanes(self.text, self.text.let(right))

    def __add__(self, y: Any) -> "Lanes":
        return self._apply("fadd", self, y)

    def __radd__(self, x: Any) -> "Lanes":
        return self._apply("fadd", x, self)

    def __sub__(self, y: Any) -> "Lanes":
        return self._apply("fsub", self, y)

    def __rsub__(self, x: Any) -> "Lanes":
        return self._apply("fsub", x, self)

    def __mul__(self, y: Any) -> "Lanes":
        return self._apply("fmul", self, y)

    def __rmul__(self, x: Any) -> "Lanes":
        return self._apply("fmul", x, self)

    def __truediv__(self, y: Any) -> "Lanes":
        return self._apply("fdiv", self, y)

    def __rtruediv__(self, x: Any) -> "Lanes":
        return self._apply("fdiv", x, self)

    def __neg__(self) -> "Lanes":
        return Lanes(self.text, self.text.let(f"fneg {self.text.machine.vector} {self.name}"))

    def __lt__(self, y: Any) -> "Lanes":
        return self._apply("fcmp olt", self, y)

    def __le__(self, y: Any) -> "Lanes":
        return self._apply("fcmp ole", self, y)

    def __gt__(self, y: Any) -> "Lanes":
        return self._apply("fcmp ogt", self, y)

    def __ge__(self, y: Any) -> "Lanes":
        return self._apply("fcmp oge", self, y)

    def __eq__(self, y: object) -> "Lanes":  # type: ignore[override]
        return self._apply("fcmp oeq", self, y)

    def __ne__(self, y: object) -> "Lanes":  # type: ignore[override]
        return self._apply("fcmp une", self, y)


class Functions:
    """The functions of lanes, by the names of their rows."""

    def __init__(self, text: Text) -> None:
        self.text = text
        self.small, self.far = (SMALL, 2.0**600) if text.machine.element == "double" else (2.0**-126, 2.0**70)

    def where(self, condition: Lanes, x: Any, y: Any) -> Lanes:
        """x where the condition holds, else y."""
        machine = self.text.machine
        chosen = [operand.name if isinstance(operand, Lanes) else machine.constant(operand) for operand in (x, y)]
        kinds = f"<{machine.width} x i1> {condition.name}, {machine.vector} {chosen[0]}, {machine.vector} {chosen[1]}"
        return Lanes(self.text, self.text.let(f"select {kinds}"))

    def exp(self, x: Lanes) -> Lanes:
        """eˣ, of ±1000 for all beyond: of ±∞ that of libmvec says that the operation is invalid."""
        return self.__getattr__("exp")(self.where(x > 1000.0, 1000.0, self.where(x < -1000.0, -1000.0, x)))

    def __getattr__(self, name: str) -> Any:
        text, machine = self.text, self.text.machine

        def function(*xs: Any) -> Lanes:
            operands = [x.name if isinstance(x, Lanes) else machine.constant(x) for x in xs]
            if name == "fmod":
                return Lanes(text, text.let(f"frem {machine.vector} {', '.join(operands)}"))
            typed = [(machine.vector, operand) for operand in operands]
            if name in INTRINSIC:
                kind = f"v{machine.width}f{8 * machine.size}"
                return Lanes(text, text.call(machine.vector, f"llvm.{INTRINSIC[name]}.{kind}", *typed))
            if machine.prefix:
                called = vector_name(machine.prefix, name, machine.element)
                return Lanes(text, text.call(machine.vector, called, *typed))
            return Lanes(text, _by_lane(text, _c_name(name, machine.element), operands))

        return function


def vector_name(prefix: str, name: str, element: str) -> str:
    """What libmvec calls a function: `_ZGVeN8v_exp` is that of eight doubles."""
    return f"{prefix}{'vv' if name in OF_TWO else 'v'}_{_c_name(name, element)}"


def _c_name(name: str, element: str) -> str:
    return ("pow" if name == "power" else name) + ("" if element == "double" else "f")


def _by_lane(text: Text, called: str, operands: list[str]) -> str:
    """A scalar function on each lane."""
    machine, found = text.machine, "poison"
    for i in range(machine.width):
        parts = [text.let(f"extractelement {machine.vector} {x}, i64 {i}") for x in operands]
        value = text.call(machine.element, called, *((machine.element, part) for part in parts))
        found = text.let(f"insertelement {machine.vector} {found}, {machine.element} {value}, i64 {i}")
    return found


def _float32(x: float) -> float:
    try:
        return struct.unpack("<f", struct.pack("<f", x))[0]
    except OverflowError:  # beyond the range of float32
        return float("inf") if x > 0 else float("-inf")


def function_text(machine: Machine, form: Form, count: int) -> str:
    """A form as a function of slots: `f(destination, operands, count, registers)`."""
    out = Text(machine)
    let, step = out.let, machine.width * machine.size
    out.begin("entry")
    pointers = [out.load("ptr", out.at("ptr", "%operands", i)) for i in range(count)]
    aligned = min(64, step)
    with out.loop("%registers") as loop:
        offset = let(f"mul i64 {loop.i}, {step}")
        places = [out.at("i8", pointer, offset) for pointer in pointers]
        xs = [Lanes(out, let(f"load {machine.vector}, ptr {place}, align {aligned}")) for place in places]
        found = form(Functions(out), *xs)
        out.add(f"store {machine.vector} {found.name}, ptr {out.at('i8', '%destination', offset)}, align {aligned}")
    out.add("ret void")
    return out.function("void", "ptr %destination, ptr %operands, i64 %count, i64 %registers")
