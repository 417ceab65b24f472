"""The control block, by which Python and machine code speak, and what drives the interpreter over all rows."""

from autodiff.compiling.lanes import Machine, Text

# The fields of the control block, an int64 each: addresses, counts and strides in bytes.
FIELDS = (
    "code", "slots", "uniforms", "sums", "columns", "column_count", "outputs", "output_stride", "row", "blocks", "last",
    "arguments", "functions", "fresh", "live", "splats", "splat_count",
    "full", "full_blocks", "tail", "tail_row", "groups", "totals", "divisor",
)  # fmt: skip
FIELD = {name: i for i, name in enumerate(FIELDS)}
ADDRESSES = frozenset({
    "code", "slots", "uniforms", "sums", "columns", "outputs", "arguments", "functions", "splats", "full", "tail",
    "totals",
})  # fmt: skip


def field(out: Text, name: str) -> str:
    """Read a field; it is called by its name."""
    return out.load("ptr" if name in ADDRESSES else "i64", out.at("i64", "%control", FIELD[name]), f"%{name}")


def drive_text(machine: Machine) -> str:
    """`drive(control)`: all whole blocks, then what rows are left, then the lanes of each sum are added, and divided.

    It returns whether an operation was invalid: by IEEE 754, 0 · ∞ among them.
    """
    out, width = Text(machine), machine.width
    add, let, vector, size = out.add, out.let, machine.vector, machine.size

    def put(name: str, number: str) -> None:
        add(f"store i64 {number}, ptr {out.at('i64', '%control', FIELD[name])}")

    out.begin("entry")
    for name in FIELDS[FIELD["full"] :]:
        field(out, name)
    field(out, "sums")
    out.call("i32", "feclearexcept", ("i32", "1"))
    let("icmp ne i64 %full_blocks, 0", "%any_full")
    add("br i1 %any_full, label %whole, label %rest")
    out.begin("whole")
    put("blocks", "%full_blocks")
    put("fresh", "1")
    add("call void %full(ptr %control)")
    add("br label %rest")
    out.begin("rest")
    add(f"br i1 {let('icmp eq ptr %tail, null')}, label %finish, label %partial")
    out.begin("partial")
    first = out.load("i64", out.at("i64", "%control", FIELD["row"]))
    put("row", "%tail_row")
    put("blocks", "1")
    put("fresh", let("select i1 %any_full, i64 0, i64 1"))
    add("call void %tail(ptr %control)")
    put("row", first)
    add("br label %finish")
    out.begin("finish")
    number = let("bitcast i64 %divisor to double")
    number = number if machine.element == "double" else let(f"fptrunc double {number} to float")
    divisors = out.splat(number)
    with out.loop("%groups", empty=True) as loop:
        start = out.at("i8", "%sums", let(f"mul i64 {loop.i}, {width * width * size}"))
        places = [out.at("i8", start, k * width * size) for k in range(width)]
        total = _lanes_added(out, [let(f"load {vector}, ptr {place}, align {width * size}") for place in places])
        place = out.at("i8", "%totals", let(f"mul i64 {loop.i}, {width * size}"))
        add(f"store {vector} {let(f'fdiv {vector} {total}, {divisors}')}, ptr {place}, align {size}")
    add(f"ret i32 {out.call('i32', 'fetestexcept', ('i32', '1'))}")
    return out.function("i32", "ptr %control")


def _lanes_added(out: Text, rows: list[str]) -> str:
    """Of as many registers as one has lanes: their sums, each in a lane."""
    vector, width, step = out.machine.vector, len(rows), 1
    while len(rows) > 1:  # lanes that are `step` apart meet
        orders = (
            [i if not i & step else width + i - step for i in range(width)],
            [i + step if not i & step else width + i for i in range(width)],
        )
        masks = [", ".join(f"i32 {i}" for i in order) for order in orders]
        merged: list[str] = []
        for a, b in zip(rows[::2], rows[1::2], strict=True):
            x, y = [out.let(f"shufflevector {vector} {a}, {vector} {b}, <{width} x i32> <{mask}>") for mask in masks]
            merged.append(out.let(f"fadd {vector} {x}, {y}"))
        rows, step = merged, step * 2
    return rows[0]
