"""The interpreter: one loop over a stream of int32, each instruction for a block of rows at once.

A slot holds a number for every row of a block. A uniform is a number that all rows share. The stream:

    row, destination, operands …               a row of the table that stands inline
    CALL, n, destination, function, operands … any other, by its address in a table
    DOT, n, destination, start, (u, r) …       start + Σ uniform · slot; a start below 0 is uniform −1 − start
    DOTS, n, destination, start, (r, r) …      start + Σ slot · slot
    OUTER, n, d, (s, r) …                      sum s ← Σ over the rows of slot d · slot r; OUTER_MORE adds to it
    STORE, n, (k, r) …                         output k of these rows
    END

Of DOT, DOTS, OUTER and OUTER_MORE there are twins whose products are those of the chain rule, 0 where a factor is.
"""

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager

from autodiff.compiling.control import FIELD, FIELDS, field
from autodiff.compiling.forms import FORMS, Form, chained
from autodiff.compiling.lanes import Functions, Lanes, Loop, Machine, Text
from autodiff.compiling.passes import MASK
from autodiff.core import primitives as table
from autodiff.core.rows import Primitive


def _masking(f: Functions, c: Lanes, a: Lanes) -> Lanes:
    return f.where(c > 0.0, a, c * 0.0)


INLINE: dict[Primitive, Form] = {
    row: FORMS[row]
    for row in (
        table.add, table.subtract, table.multiply, table.chain, table.divide, table.negate, table.relu, table.where,
    )
}  # fmt: skip
INLINE[MASK] = _masking
SHARED = ("END", "CALL", "STORE", "DOT", "DOTS", "OUTER", "OUTER_MORE")
CHAINED = ("DOT", "DOTS", "OUTER", "OUTER_MORE")  # which have twins
OPCODES: dict[Primitive | str, int] = {
    name: i for i, name in enumerate((*SHARED, *(f"{name} CHAIN" for name in CHAINED), *INLINE))
}


def kernel_text(machine: Machine, lanes: int, *, masked: bool, careful: bool) -> str:
    """The interpreter for blocks of so many rows.

    masked   the rows of the last register are not all live: sums leave the others out
    careful  products of the chain rule are 0 where a factor is; else they are plain products
    """
    return _Kernel(machine, lanes, masked=masked, careful=careful).text()


class _Kernel:
    def __init__(self, machine: Machine, lanes: int, *, masked: bool, careful: bool) -> None:
        self.out, self.machine, self.lanes, self.careful, self.masked = Text(machine), machine, lanes, careful, masked
        self.registers = lanes // machine.width
        self.row_bytes = lanes * machine.size
        self.edges: list[tuple[str, str]] = []  # what leads to the next instruction: where it stands, and the block

    def text(self) -> str:
        out, add, let = self.out, self.out.add, self.out.let
        out.begin("entry")
        for name in FIELDS[: FIELD["full"]]:
            field(out, name)
        let("add i64 %last, 1", "%after")
        if self.masked:
            kind = f"<{self.machine.width} x i64>"
            first = let(f"insertelement {kind} poison, i64 %live, i64 0")
            live = let(f"shufflevector {kind} {first}, {kind} poison, <{self.machine.width} x i32> zeroinitializer")
            order = ", ".join(f"i64 {i}" for i in range(self.machine.width))
            let(f"icmp ult {kind} <{order}>, {live}", "%mask")
        self._splats()
        with out.loop("%blocks") as block:
            let(f"mul i64 {block.i}, {self.lanes}", "%block_rows")
            let("add i64 %row, %block_rows", "%at")
            let(f"icmp eq i64 {block.i}, 0", "%is_first")
            let("icmp ne i64 %fresh, 0", "%is_fresh")
            let("and i1 %is_first, %is_fresh", "%starts")
            self._columns()
            self._go_to("%code")
            out.begin("fetch")
            at = len(out.lines)
            cases = " ".join(f"i32 {op}, label %{name}" for op, name in self._cases())
            out.lines[at:at] = [
                "%ip = phi ptr " + ", ".join(f"[ {ip}, %{before} ]" for ip, before in self.edges),
                "%op = load i32, ptr %ip",
                f"switch i32 %op, label %end [ {cases} ]",
            ]
            out.begin("end")
        add("ret void")
        zero = f"@zero = internal constant {self.machine.vector} zeroinitializer, align 64\n"
        return zero + out.function("void", "ptr %control")

    def _splats(self) -> None:
        """Fill the slots behind the columns with uniforms."""
        out, let = self.out, self.out.let
        with out.loop("%splat_count", empty=True) as loop:
            index = let(f"sext i32 {out.load('i32', out.at('i32', '%splats', loop.i))} to i64")
            x, target = self._uniform(index), self._slot(let(f"add i64 {loop.i}, %column_count"))
            for i in range(self.registers):
                self._store(x, self._register(target, i))

    def _columns(self) -> None:
        """Fill the first slots with the columns of these rows: whole where they lie side by side, else one by one."""
        out, add, let, size, element = self.out, self.out.add, self.out.let, self.machine.size, self.machine.element
        let(f"add i64 %at, {self.lanes}", "%at_end")
        let("icmp ule i64 %at_end, %after", "%whole")
        with out.loop("%column_count", empty=True) as column:
            at = out.at("[2 x i64]", "%columns", column.i)
            source, stride, target = out.load("ptr", at), out.load("i64", out.at("i64", at, 1)), self._slot(column.i)
            dense = let(f"icmp eq i64 {stride}, {size}")
            add(f"br i1 {let(f'and i1 {dense}, %whole')}, label %copy, label %gather")
            out.begin("copy")
            start = out.at(element, source, "%at")
            for i in range(self.registers):
                self._store(self._load(self._register(start, i), align=size), self._register(target, i))
            add("br label %column_end")
            out.begin("gather")
            with out.loop(self.lanes) as lane:
                row = let(f"add i64 %at, {lane.i}")
                inside = let(f"icmp ult i64 {row}, %last")
                row = let(f"select i1 {inside}, i64 {row}, i64 %last")  # lanes beyond the last row repeat it
                number = out.load(element, out.at("i8", source, let(f"mul i64 {row}, {stride}")))
                add(f"store {element} {number}, ptr {out.at(element, target, lane.i)}")
            add("br label %column_end")
            out.begin("column_end")

    def _cases(self) -> list[tuple[int, str]]:
        """The instructions, each in a block of its own."""
        writers: dict[Primitive | str, Callable[[], None]] = {"CALL": self._call, "STORE": self._outputs}
        for name in CHAINED:
            writer = self._outer if name.startswith("OUTER") else self._dot
            for twin in (name, f"{name} CHAIN"):
                writers[twin] = lambda writer=writer, twin=twin: writer(twin)
        for row in INLINE:
            writers[row] = lambda row=row: self._elementwise(row)
        cases = [(OPCODES[key], f"case{OPCODES[key]}") for key in writers]
        for (_, name), write in zip(cases, writers.values(), strict=True):
            self.out.begin(name)
            write()
        return cases

    # Parts of a case

    def _word(self, ip: str, i: int) -> str:
        """The i-th int of an instruction, as i64."""
        word = self.out.load("i32", self.out.at("i32", ip, i))
        return self.out.let(f"sext i32 {word} to i64")

    def _slot(self, index: str) -> str:
        return self.out.at("i8", "%slots", self.out.let(f"mul i64 {index}, {self.row_bytes}"))

    def _register(self, pointer: str, i: int) -> str:
        return self.out.at("i8", pointer, i * self.machine.width * self.machine.size)

    def _load(self, pointer: str, align: int = 64) -> str:
        return self.out.let(f"load {self.machine.vector}, ptr {pointer}, align {min(align, self._aligned)}")

    def _store(self, x: str, pointer: str) -> None:
        self.out.add(f"store {self.machine.vector} {x}, ptr {pointer}, align {self._aligned}")

    @property
    def _aligned(self) -> int:
        return min(64, self.machine.width * self.machine.size)

    def _whole(self, pointer: str) -> list[str]:
        return [self._load(self._register(pointer, i)) for i in range(self.registers)]

    def _go_to(self, ip: str) -> None:
        """The next instruction stands there."""
        self.edges.append((ip, self.out.block))
        self.out.add("br label %fetch")

    @contextmanager
    def _each(self, start: int, words: int, begun: Sequence[str] = ()) -> Generator[tuple[Loop, str]]:
        """For each of the operands from the `start`-th int on, of so many `words`: the loop, and where it stands."""
        out, count = self.out, self._word("%ip", 1)
        first = out.at("i32", "%ip", start)
        with out.loop(count, begun) as loop:
            yield loop, out.at("i32", first, out.let(f"mul i64 {loop.i}, {words}"))
        self.after = out.at("i32", first, out.let(f"mul i64 {count}, {words}"))

    def _elementwise(self, row: Primitive) -> None:
        form = INLINE[table.multiply if row is table.chain and not self.careful else row]
        arity = row.arity
        target, *operands = [self._slot(self._word("%ip", i)) for i in range(1, 2 + arity)]
        f = Functions(self.out)
        for i in range(self.registers):
            xs = [Lanes(self.out, self._load(self._register(x, i))) for x in operands]
            self._store(form(f, *xs).name, self._register(target, i))
        self._go_to(self.out.at("i32", "%ip", 2 + arity))

    def _product(self, x: str, y: str, total: str, *, chain: bool) -> str:
        """total + x · y."""
        out, vector = self.out, self.machine.vector
        if chain and self.careful:
            product = chained(Functions(out), Lanes(out, x), Lanes(out, y))
            return (Lanes(out, total) + product).name
        kind = f"llvm.fma.v{self.machine.width}f{8 * self.machine.size}"
        return out.call(vector, kind, (vector, x), (vector, y), (vector, total))

    def _uniform(self, index: str) -> str:
        """A uniform in every lane."""
        element = self.machine.element
        return self.out.splat(self.out.load(element, self.out.at(element, "%uniforms", index)))

    def _dot(self, name: str) -> None:
        out, vector = self.out, self.machine.vector
        target, start = self._slot(self._word("%ip", 2)), self._word("%ip", 3)
        of_uniform, of_slot, go = out.label("uniform"), out.label("slot"), out.label("go")
        out.add(f"br i1 {out.let(f'icmp slt i64 {start}, 0')}, label %{of_uniform}, label %{of_slot}")
        out.begin(of_uniform)
        uniform = self._uniform(out.let(f"sub i64 -1, {start}"))
        out.add(f"br label %{go}")
        out.begin(of_slot)
        begun = self._whole(self._slot(start))
        out.add(f"br label %{go}")
        out.begin(go)
        begun = [out.let(f"phi {vector} [ {uniform}, %{of_uniform} ], [ {x}, %{of_slot} ]") for x in begun]
        with self._each(4, 2, begun) as (loop, pair):
            left, right = self._word(pair, 0), self._word(pair, 1)
            slots = name.startswith("DOTS")
            xs = self._whole(self._slot(left)) if slots else [self._uniform(left)] * self.registers
            ys = self._whole(self._slot(right))
            loop.passed = [
                self._product(x, y, total, chain=name.endswith("CHAIN"))
                for x, y, total in zip(xs, ys, loop.carried, strict=True)
            ]
        for i, x in enumerate(loop.passed):
            self._store(x, self._register(target, i))
        self._go_to(self.after)

    def _outer(self, name: str) -> None:
        out, vector = self.out, self.machine.vector
        factor = self._live(self._whole(self._slot(self._word("%ip", 2))))
        with self._each(3, 2) as (_, pair):
            offset = out.let(f"mul i64 {self._word(pair, 0)}, {self.machine.width * self.machine.size}")
            place = out.at("i8", "%sums", offset)
            total = self._load(place if "MORE" in name else out.let(f"select i1 %starts, ptr @zero, ptr {place}"))
            row = self._live(self._whole(self._slot(self._word(pair, 1))))
            for x, y in zip(factor, row, strict=True):
                total = self._product(x, y, total, chain=name.endswith("CHAIN"))
            out.add(f"store {vector} {total}, ptr {place}, align {self._aligned}")
        self._go_to(self.after)

    def _live(self, registers: Sequence[str]) -> list[str]:
        """The registers of a slot, 0 in lanes that stand for no row."""
        if not self.masked:
            return list(registers)
        vector = self.machine.vector
        zero = f"{vector} zeroinitializer"
        kept = f"select <{self.machine.width} x i1> %mask, {vector} {registers[-1]}, {zero}"
        return [*registers[:-1], self.out.let(kept)]

    def _outputs(self) -> None:
        out = self.out
        with self._each(2, 2) as (_, pair):
            begin = out.at("i8", "%outputs", out.let(f"mul i64 {self._word(pair, 0)}, %output_stride"))
            place = out.at(self.machine.element, begin, "%at")
            for i, x in enumerate(self._whole(self._slot(self._word(pair, 1)))):
                out.add(f"store {self.machine.vector} {x}, ptr {self._register(place, i)}, align {self.machine.size}")
        self._go_to(self.after)

    def _call(self) -> None:
        out = self.out
        with self._each(4, 1) as (loop, word):
            out.add(f"store ptr {self._slot(self._word(word, 0))}, ptr {out.at('ptr', '%arguments', loop.i)}")
        count, target, function = (self._word("%ip", i) for i in (1, 2, 3))
        called = out.load("ptr", out.at("ptr", "%functions", function))
        out.add(f"call void {called}(ptr {self._slot(target)}, ptr %arguments, i64 {count}, i64 {self.registers})")
        self._go_to(self.after)
