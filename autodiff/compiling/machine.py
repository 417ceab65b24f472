"""Machine code of LLVM's language, through llvmlite: what this processor has, and each function made once a process."""

import ctypes
import ctypes.util
from collections.abc import Callable
from functools import cache
from threading import RLock
from typing import Any

from autodiff.compiling import objects
from autodiff.compiling.arguments import INSTALL
from autodiff.compiling.control import drive_text
from autodiff.compiling.forms import by_ieee, form
from autodiff.compiling.kernel import kernel_text
from autodiff.compiling.lanes import VECTORED, Machine, function_text, vector_name
from autodiff.core.packages import require
from autodiff.core.rows import Primitive

LLVM = RLock()  # which is not made for several threads
CALLED = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int64, ctypes.c_int64)
DRIVE = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p)
INVALID = 1  # of the floating-point environment, on every processor that LLVM and glibc share
ELEMENTS = {"float64": "double", "float32": "float"}


@cache
def machine(dtype: str) -> Machine:
    """The registers of this processor for a dtype."""
    features, element = _llvm().get_host_cpu_features(), ELEMENTS[dtype]
    size = 8 if element == "double" else 4
    bits, letter = next(
        (bits, letter)
        for feature, bits, letter in (("avx512f", 512, "e"), ("avx2", 256, "d"), (None, 128, "b"))
        if feature is None or features.get(feature)
    )
    width, doubles = bits // 8 // size, f"_ZGV{letter}N{bits // 64}"
    return Machine(width, element, f"_ZGV{letter}N{width}" if _has_vector_functions(doubles) else "")


@cache
def kernel(dtype: str, lanes: int, *, masked: bool, careful: bool) -> int:
    """The address of the interpreter for blocks of so many rows."""
    return _address(kernel_text(machine(dtype), lanes, masked=masked, careful=careful))


@cache
def drive(dtype: str) -> Callable[[int], int]:
    """What runs kernels over all rows and adds up sums, called with the address of a control block."""
    return DRIVE(_address(drive_text(machine(dtype))))


FAILED: dict[int, BaseException] = {}  # what a function raised that was called back, by the operands' address


@cache
def function(row: Primitive, count: int, dtype: str) -> int:
    """The address of a row's function of slots: of its form, or its float function called back in Python."""
    found = form(row, count)
    if found:
        return _address(function_text(machine(dtype), found, count))
    called = CALLED(_called_back(row, dtype))
    KEPT.append(called)
    return ctypes.cast(called, ctypes.c_void_p).value or 0


KEPT: list[Any] = []  # engines and callbacks live as long as the process


def _called_back(row: Primitive, dtype: str) -> Callable[[int, int, int, int], None]:
    """A row by its float function, lane by lane."""
    kind = ctypes.c_double if dtype == "float64" else ctypes.c_float
    width, value, environment = machine(dtype).width, by_ieee(row), ctypes.CDLL(ctypes.util.find_library("m"))

    def call(destination: int, operands: int, count: int, registers: int) -> None:
        invalid = environment.fetestexcept(INVALID)  # which Python's own arithmetic may clear
        lanes = kind * (width * registers)
        places = (ctypes.c_void_p * count).from_address(operands)
        columns = [list(lanes.from_address(place)) for place in places]
        try:
            found = [value(*xs) for xs in zip(*columns, strict=True)]
        except BaseException as error:  # noqa: BLE001 (raised again when the machine code has returned)
            FAILED.setdefault(operands, error)
            found = [float("nan")] * (width * registers)
        lanes.from_address(destination)[:] = found
        if invalid:
            environment.feraiseexcept(INVALID)

    return call


def _address(text: str) -> int:
    """Compile a module with one function, @run."""
    with LLVM:
        llvm = _llvm()
        module, target = llvm.parse_assembly(text), _target()
        module.verify()
        key = objects.name(text, *_made_by())
        code = objects.kept(key)
        tuning = llvm.create_pipeline_tuning_options(speed_level=2)
        tuning.loop_vectorization = tuning.slp_vectorization = tuning.loop_unrolling = False
        builder = llvm.create_pass_builder(target, tuning)
        if code is None:
            builder.getModulePassManager().run(module, builder)
        engine = llvm.create_mcjit_compiler(module, target)
        engine.set_object_cache(lambda _module, made: objects.keep(key, made), lambda _module: code)  # pyright: ignore[reportUnknownLambdaType, reportUnknownArgumentType]
        engine.finalize_object()
        KEPT.append(engine)
        return engine.get_function_address("run")


@cache
def _made_by() -> tuple[str, ...]:
    """What makes the code, and for which processor."""
    llvm = _llvm()
    version = ".".join(map(str, llvm.llvm_version_info))
    return version, llvm.get_default_triple(), llvm.get_host_cpu_name(), llvm.get_host_cpu_features().flatten()


def _target() -> Any:
    llvm = _llvm()
    features = llvm.get_host_cpu_features().flatten()
    return llvm.Target.from_default_triple().create_target_machine(
        cpu=llvm.get_host_cpu_name(), features=features, opt=2, reloc="default", codemodel="jitdefault"
    )


@cache
def _llvm() -> Any:
    llvm = require("llvmlite.binding", "the interpreter", INSTALL)
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    library = ctypes.util.find_library("m")
    if library:  # for C's functions of a number, and its floating-point environment
        llvm.load_library_permanently(library)
    return llvm


@cache
def _has_vector_functions(prefix: str) -> bool:
    """Whether glibc has its vector functions here, all of them."""
    try:
        library = ctypes.CDLL("libmvec.so.1")
    except OSError:
        return False
    if not all(hasattr(library, vector_name(prefix, name, "double")) for name in VECTORED):
        return False
    _llvm().load_library_permanently("libmvec.so.1")
    return True
