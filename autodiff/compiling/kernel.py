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

from collections.abc import Callable, Sequence

from autodiff.compiling.control import FIELD, FIELDS, field
from autodiff.compiling.forms import FORMS, Form, chained
from autodiff.compiling.lanes import Functions, Lanes, Machine, Text
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
        self.edges: list[tuple[str, str]] = [("%code", "begin")]

    def text(self) -> str:
        out, add, let = self.out, self.out.add, self.out.let
        add("entry:")
        for name in FIELDS[: FIELD["full"]]:
            field(out, name)
        let("add i64 %last, 1", "%after")
        if self.masked:
            width = self.machine.width
            first = let(f"insertelement <{width} x i64> poison, i64 %live, i64 0")
            live = let(
                f"shufflevector <{width} x i64> {first}, <{width} x i64> poison, <{width} x i32> zeroinitializer"
            )
            order = ", ".join(f"i64 {i}" for i in range(width))
            let(f"icmp ult <{width} x i64> <{order}>, {live}", "%mask")
        self._splats()
        add("block:")
        let("phi i64 [ 0, %splatted ], [ %block_next, %end ]", "%block_number")
        let(f"mul i64 %block_number, {self.lanes}", "%block_rows")
        let("add i64 %row, %block_rows", "%at")
        let("icmp eq i64 %block_number, 0", "%is_first")
        let("icmp ne i64 %fresh, 0", "%is_fresh")
        let("and i1 %is_first, %is_fresh", "%starts")
        self._columns()
        add("begin:")
        add("br label %fetch")
        cases = self._cases()
        head = [
            "fetch:",
            "%ip = phi ptr " + ", ".join(f"[ {ip}, %{block} ]" for ip, block in self.edges),
            "%op = load i32, ptr %ip",
            f"switch i32 %op, label %end [ {' '.join(f'i32 {op}, label %{name}' for op, name in cases)} ]",
        ]
        at = out.lines.index("br label %fetch") + 1
        out.lines[at:at] = head
        add("end:")
        let("add i64 %block_number, 1", "%block_next")
        let("icmp ult i64 %block_next, %blocks", "%again")
        add("br i1 %again, label %block, label %done")
        add("done:")
        add("ret void")
        zero = f"@zero = internal constant {self.machine.vector} zeroinitializer, align 64\n"
        return zero + out.function("void", "ptr %control")

    def _splats(self) -> None:
        """Fill the slots behind the columns with uniforms."""
        out, add, let = self.out, self.out.add, self.out.let
        add(f"br i1 {let('icmp eq i64 %splat_count, 0')}, label %splatted, label %splat")
        add("splat:")
        let("phi i64 [ 0, %entry ], [ %splat_next, %splat ]", "%s")
        index = let(f"sext i32 {out.load('i32', out.at('i32', '%splats', '%s'))} to i64")
        x, target = self._uniform(index), self._slot(let("add i64 %s, %column_count"))
        for i in range(self.registers):
            self._store(x, self._register(target, i))
        let("add i64 %s, 1", "%splat_next")
        add(f"br i1 {let('icmp eq i64 %splat_next, %splat_count')}, label %splatted, label %splat")
        add("splatted:")
        add("br label %block")

    # Parts of a case

    def _columns(self) -> None:
        """Fill the first slots with the columns of these rows: whole where they lie side by side, else one by one."""
        out, add, let, size = self.out, self.out.add, self.out.let, self.machine.size
        let(f"add i64 %at, {self.lanes}", "%at_end")
        let("icmp ule i64 %at_end, %after", "%whole")
        let("icmp eq i64 %column_count, 0", "%no_column")
        add("br i1 %no_column, label %begin, label %column")
        add("column:")
        let("phi i64 [ 0, %block ], [ %column_next, %column_end ]", "%c")
        at = let("getelementptr [2 x i64], ptr %columns, i64 %c")
        out.load("ptr", at, "%source")
        out.load("i64", out.at("i64", at, 1), "%stride")
        let(f"mul i64 %c, {self.row_bytes}", "%slot_offset")
        let("getelementptr i8, ptr %slots, i64 %slot_offset", "%target")
        let(f"icmp eq i64 %stride, {size}", "%dense")
        let("and i1 %dense, %whole", "%vectors")
        add("br i1 %vectors, label %copy, label %gather")
        add("copy:")
        start = let(f"getelementptr {self.machine.element}, ptr %source, i64 %at")
        for i in range(self.registers):
            x = self._load(self._register(start, i), align=size)
            self._store(x, self._register("%target", i))
        add("br label %column_end")
        add("gather:")
        let("phi i64 [ 0, %column ], [ %lane_next, %gather ]", "%lane")
        row = let("add i64 %at, %lane")
        inside = let(f"icmp ult i64 {row}, %last")
        row = let(f"select i1 {inside}, i64 {row}, i64 %last")  # lanes beyond the last row repeat it
        number = out.load(self.machine.element, out.at("i8", "%source", let(f"mul i64 {row}, %stride")))
        target = out.at(self.machine.element, "%target", "%lane")
        add(f"store {self.machine.element} {number}, ptr {target}")
        let("add i64 %lane, 1", "%lane_next")
        add(f"br i1 {let(f'icmp eq i64 %lane_next, {self.lanes}')}, label %column_end, label %gather")
        add("column_end:")
        let("add i64 %c, 1", "%column_next")
        add(f"br i1 {let('icmp eq i64 %column_next, %column_count')}, label %begin, label %column")

    def _cases(self) -> list[tuple[int, str]]:
        cases: list[tuple[int, str]] = []
        writers: dict[Primitive | str, Callable[[], None]] = {"CALL": self._call, "STORE": self._outputs}
        for name in CHAINED:
            writer = self._outer if name.startswith("OUTER") else self._dot
            for twin in (name, f"{name} CHAIN"):
                writers[twin] = lambda writer=writer, twin=twin: writer(twin)
        for row in INLINE:
            writers[row] = lambda row=row: self._elementwise(row)
        for key, op in OPCODES.items():
            if key != "END":
                name = f"case{op}"
                self.out.add(f"{name}:")
                self.current = name
                writers[key]()
                cases.append((op, name))
        return cases

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

    def _go_on(self, count: int, block: str) -> None:
        """The next instruction stands `count` ints further."""
        self._go_to(self.out.let(f"getelementptr i32, ptr %ip, i64 {count}"), block)

    def _go_to(self, ip: str, block: str) -> None:
        self.out.add("br label %fetch")
        self.edges.append((ip, block))

    def _elementwise(self, row: Primitive) -> None:
        form = INLINE[table.multiply if row is table.chain and not self.careful else row]
        arity = row.arity
        target, *operands = [self._slot(self._word("%ip", i)) for i in range(1, 2 + arity)]
        f = Functions(self.out)
        for i in range(self.registers):
            xs = [Lanes(self.out, self._load(self._register(x, i))) for x in operands]
            self._store(form(f, *xs).name, self._register(target, i))
        self._go_on(2 + arity, self.current)

    def _loop(self, name: str, count: str, first: str, step: int, before: str) -> tuple[str, str, str]:
        """Begin a loop over the pairs of an instruction: its label, where a pair stands, and the next place."""
        out = self.out
        label = out.label(name)
        out.add(f"br label %{label}")
        out.add(f"{label}:")
        pair = out.let(f"phi ptr [ {first}, %{before} ], [ %{label}.next, %{label} ]")
        left = out.let(f"phi i64 [ {count}, %{before} ], [ %{label}.left, %{label} ]")
        out.let(f"getelementptr i32, ptr {pair}, i64 {step}", f"%{label}.next")
        out.let(f"sub i64 {left}, 1", f"%{label}.left")
        return label, pair, f"%{label}.next"

    def _loop_end(self, label: str) -> None:
        out = self.out
        after = out.label("after")
        out.add(f"br i1 {out.let(f'icmp eq i64 %{label}.left, 0')}, label %{after}, label %{label}")
        out.add(f"{after}:")
        self.current = after

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
        out, label = self.out, self.current
        count, target, start = (self._word("%ip", i) for i in (1, 2, 3))
        first = out.let("getelementptr i32, ptr %ip, i64 4")
        target = self._slot(target)
        out.add(f"br i1 {out.let(f'icmp slt i64 {start}, 0')}, label %{label}.u, label %{label}.r")
        out.add(f"{label}.u:")
        uniform = self._uniform(out.let(f"sub i64 -1, {start}"))
        out.add(f"br label %{label}.go")
        out.add(f"{label}.r:")
        begun = self._whole(self._slot(start))
        out.add(f"br label %{label}.go")
        out.add(f"{label}.go:")
        vector = self.machine.vector
        begun = [out.let(f"phi {vector} [ {uniform}, %{label}.u ], [ {x}, %{label}.r ]") for x in begun]
        loop, pair, following = self._loop("dot", count, first, 2, f"{label}.go")
        at = out.lines.index(f"{loop}:") + 1
        totals = [f"%{loop}.total{i}" for i in range(self.registers)]
        left, right = self._word(pair, 0), self._word(pair, 1)
        shared = not name.startswith("DOTS")
        lefts = [self._uniform(left)] * self.registers if shared else self._whole(self._slot(left))
        found: list[str] = []
        row = self._slot(right)
        for i in range(self.registers):
            x = self._load(self._register(row, i))
            found.append(self._product(lefts[i], x, totals[i], chain=name.endswith("CHAIN")))
        out.lines[at:at] = [
            f"{total} = phi {vector} [ {start}, %{label}.go ], [ {new}, %{loop} ]"
            for total, start, new in zip(totals, begun, found, strict=True)
        ]
        self._loop_end(loop)
        for i, x in enumerate(found):
            self._store(x, self._register(target, i))
        self._go_to(following, self.current)

    def _outer(self, name: str) -> None:
        out, vector = self.out, self.machine.vector
        count = self._word("%ip", 1)
        factor = self._live(self._whole(self._slot(self._word("%ip", 2))))
        first = out.let("getelementptr i32, ptr %ip, i64 3")
        loop, pair, following = self._loop("outer", count, first, 2, self.current)
        width = self.machine.width * self.machine.size
        offset = out.let(f"mul i64 {self._word(pair, 0)}, {width}")
        place = out.let(f"getelementptr i8, ptr %sums, i64 {offset}")
        source = place if "MORE" in name else out.let(f"select i1 %starts, ptr @zero, ptr {place}")
        total = self._load(source)
        row = self._live(self._whole(self._slot(self._word(pair, 1))))
        for x, y in zip(factor, row, strict=True):
            total = self._product(x, y, total, chain=name.endswith("CHAIN"))
        out.add(f"store {vector} {total}, ptr {place}, align {self._aligned}")
        self._loop_end(loop)
        self._go_to(following, self.current)

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
        count, first = self._word("%ip", 1), out.let("getelementptr i32, ptr %ip, i64 2")
        loop, pair, following = self._loop("store", count, first, 2, self.current)
        offset = out.let(f"mul i64 {self._word(pair, 0)}, %output_stride")
        begin = out.let(f"getelementptr i8, ptr %outputs, i64 {offset}")
        place = out.let(f"getelementptr {self.machine.element}, ptr {begin}, i64 %at")
        for i, x in enumerate(self._whole(self._slot(self._word(pair, 1)))):
            out.add(f"store {self.machine.vector} {x}, ptr {self._register(place, i)}, align {self.machine.size}")
        self._loop_end(loop)
        self._go_to(following, self.current)

    def _call(self) -> None:
        out = self.out
        count, target, function = (self._word("%ip", i) for i in (1, 2, 3))
        first = out.let("getelementptr i32, ptr %ip, i64 4")
        loop, pair, following = self._loop("argument", count, first, 1, self.current)
        number = out.let(f"sub i64 {count}, %{loop}.left")
        number = out.let(f"sub i64 {number}, 1")
        place = out.let(f"getelementptr ptr, ptr %arguments, i64 {number}")
        out.add(f"store ptr {self._slot(self._word(pair, 0))}, ptr {place}")
        self._loop_end(loop)
        called = out.load("ptr", out.at("ptr", "%functions", function))
        out.add(f"call void {called}(ptr {self._slot(target)}, ptr %arguments, i64 {count}, i64 {self.registers})")
        self._go_to(following, self.current)
