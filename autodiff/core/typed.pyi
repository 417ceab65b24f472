"""The rows of the table and the composites, as type checkers see them. By `make stubs`: do not edit."""
# pyright: reportIncompatibleMethodOverride=false
# mypy: disable-error-code="override"

from collections.abc import Iterable
from typing import Any, Self, TypeAlias, TypeVar, overload

from autodiff.core.dual import Dual
from autodiff.core.rows import Operand, Primitive
from autodiff.core.value import Value

Number: TypeAlias = float | Value | Dual
_N = TypeVar("_N", float, Value, Dual)

class Unary(Primitive):
    @overload
    def __call__(self, x: float, /) -> float: ...
    @overload
    def __call__(self, x: Value, /) -> Value: ...
    @overload
    def __call__(self, x: Dual, /) -> Dual: ...

class Binary(Primitive):
    @overload
    def __call__(self, x: float, y: float, /) -> float: ...
    @overload
    def __call__(self, x: Value, y: float | Value, /) -> Value: ...
    @overload
    def __call__(self, x: float, y: Value, /) -> Value: ...
    @overload
    def __call__(self, x: Dual, y: Number, /) -> Dual: ...
    @overload
    def __call__(self, x: float | Value, y: Dual, /) -> Dual: ...

class Nary(Primitive):
    @overload
    def __call__(self, x: float, /, *others: float) -> float: ...
    @overload
    def __call__(self, x: Value, /, *others: float | Value) -> Value: ...
    @overload
    def __call__(self, x: Dual, /, *others: Number) -> Dual: ...
    @overload
    def __call__(self, x: Number, /, *others: Number) -> Any: ...

class Choice(Primitive):
    @overload
    def __call__(self, condition: Any, x: float, y: float, /) -> float: ...
    @overload
    def __call__(self, condition: Any, x: Value, y: float | Value, /) -> Value: ...
    @overload
    def __call__(self, condition: Any, x: float, y: Value, /) -> Value: ...
    @overload
    def __call__(self, condition: Any, x: Dual, y: Number, /) -> Dual: ...
    @overload
    def __call__(self, condition: Any, x: float | Value, y: Dual, /) -> Dual: ...

def gelu(x: _N) -> _N: ...
def silu(x: _N) -> _N: ...
def stop_gradient(x: Number) -> float: ...
def leaky_relu(x: _N, slope: float = 0.01) -> _N: ...
def clip(x: _N, low: Number, high: Number) -> _N: ...
def logsumexp(xs: Iterable[_N]) -> _N: ...
def softmax(xs: Iterable[_N]) -> list[_N]: ...
def log_softmax(xs: Iterable[_N]) -> list[_N]: ...
def total(xs: Iterable[_N]) -> _N: ...
def prod(xs: Iterable[_N]) -> _N: ...
def norm(xs: Iterable[_N]) -> _N: ...
def mean(xs: Iterable[_N]) -> _N: ...
def dot(xs: Iterable[Number], ys: Iterable[Number]) -> Any: ...

class Rows(Operand):
    def add(self, y: Any, /) -> Self:
        """add(x, y): ∂/∂x = 1, ∂/∂y = 1"""
    def subtract(self, y: Any, /) -> Self:
        """subtract(x, y): ∂/∂x = 1, ∂/∂y = −1"""
    def multiply(self, y: Any, /) -> Self:
        """multiply(x, y): ∂/∂x = y, ∂/∂y = x"""
    def divide(self, y: Any, /) -> Self:
        """divide(x, y): ∂/∂x = 1 / y, ∂/∂y = −x / y²"""
    def negate(self) -> Self:
        """negate(x): ∂/∂x = −1"""
    def power(self, y: Any, /) -> Self:
        """power(x, y): ∂/∂x = y × x^(y − 1), ∂/∂y = x^y × ln x"""
    def floor_divide(self, y: Any, /) -> Self:
        """floor_divide(x, y): ∂/∂x = 0, ∂/∂y = 0"""
    def modulo(self, y: Any, /) -> Self:
        """modulo(x, y): ∂/∂x = 1, ∂/∂y = −⌊x / y⌋"""
    def mod(self, y: Any, /) -> Self:
        """modulo(x, y): ∂/∂x = 1, ∂/∂y = −⌊x / y⌋"""
    def remainder(self, y: Any, /) -> Self:
        """modulo(x, y): ∂/∂x = 1, ∂/∂y = −⌊x / y⌋"""
    def fmod(self, y: Any, /) -> Self:
        """fmod(x, y): ∂/∂x = 1, ∂/∂y = −trunc(x / y)"""
    def reciprocal(self) -> Self:
        """reciprocal(x): ∂/∂x = −1 / x²"""
    def square(self) -> Self:
        """square(x): ∂/∂x = 2 × x"""
    def identity(self) -> Self:
        """identity(x): ∂/∂x = 1"""
    def detach(self) -> Self:
        """detach(x): ∂/∂x = 0"""
    def absolute(self) -> Self:
        """absolute(x): ∂/∂x = sign x"""
    def fabs(self) -> Self:
        """absolute(x): ∂/∂x = sign x"""
    def sign(self) -> Self:
        """sign(x): ∂/∂x = 0"""
    def floor(self) -> Self:
        """floor(x): ∂/∂x = 0"""
    def ceil(self) -> Self:
        """ceil(x): ∂/∂x = 0"""
    def trunc(self) -> Self:
        """trunc(x): ∂/∂x = 0"""
    def fix(self) -> Self:
        """trunc(x): ∂/∂x = 0"""
    def round(self) -> Self:
        """round(x): ∂/∂x = 0"""
    def rint(self) -> Self:
        """round(x): ∂/∂x = 0"""
    def copysign(self, y: Any, /) -> Self:
        """copysign(x, y): ∂/∂x = sign x × copysign(1, y), ∂/∂y = 0"""
    def relu(self) -> Self:
        """relu(x): ∂/∂x = 1 if x > 0 else 0"""
    def maximum(self, *others: Any) -> Self:
        """maximum(x, …): ∂/∂x = 1 if x is the largest else 0, shared at a tie"""
    def minimum(self, *others: Any) -> Self:
        """minimum(x, …): ∂/∂x = 1 if x is the smallest else 0, shared at a tie"""
    def where(self, x: Any, y: Any, /) -> Self:
        """where(x, y, z): ∂/∂x = 0, ∂/∂y = 1 if the condition holds else 0, ∂/∂z = 0 if the condition holds else 1"""
    def less(self, y: Any, /) -> Self:
        """less(x, y): ∂/∂x = 0, ∂/∂y = 0"""
    def less_equal(self, y: Any, /) -> Self:
        """less_equal(x, y): ∂/∂x = 0, ∂/∂y = 0"""
    def greater(self, y: Any, /) -> Self:
        """greater(x, y): ∂/∂x = 0, ∂/∂y = 0"""
    def greater_equal(self, y: Any, /) -> Self:
        """greater_equal(x, y): ∂/∂x = 0, ∂/∂y = 0"""
    def equal(self, y: Any, /) -> Self:
        """equal(x, y): ∂/∂x = 0, ∂/∂y = 0"""
    def not_equal(self, y: Any, /) -> Self:
        """not_equal(x, y): ∂/∂x = 0, ∂/∂y = 0"""
    def exp(self) -> Self:
        """exp(x): ∂/∂x = e^x"""
    def exp2(self) -> Self:
        """exp2(x): ∂/∂x = 2^x × ln 2"""
    def expm1(self) -> Self:
        """expm1(x): ∂/∂x = e^x"""
    def log(self) -> Self:
        """log(x): ∂/∂x = 1 / x"""
    def log2(self) -> Self:
        """log2(x): ∂/∂x = 1 / (x ln 2)"""
    def log10(self) -> Self:
        """log10(x): ∂/∂x = 1 / (x ln 10)"""
    def log1p(self) -> Self:
        """log1p(x): ∂/∂x = 1 / (1 + x)"""
    def sqrt(self) -> Self:
        """sqrt(x): ∂/∂x = 1 / (2√x)"""
    def cbrt(self) -> Self:
        """cbrt(x): ∂/∂x = 1 / (3 ∛x²)"""
    def xlogy(self, y: Any, /) -> Self:
        """xlogy(x, y): ∂/∂x = ln y, ∂/∂y = x / y"""
    def entropy(self) -> Self:
        """entropy(x): ∂/∂x = −1 − ln x"""
    def ldexp(self, y: Any, /) -> Self:
        """ldexp(x, y): ∂/∂x = 2^y, ∂/∂y = none"""
    def sin(self) -> Self:
        """sin(x): ∂/∂x = cos x"""
    def cos(self) -> Self:
        """cos(x): ∂/∂x = −sin x"""
    def tan(self) -> Self:
        """tan(x): ∂/∂x = 1 + tan² x"""
    def asin(self) -> Self:
        """asin(x): ∂/∂x = 1 / √(1 − x²)"""
    def arcsin(self) -> Self:
        """asin(x): ∂/∂x = 1 / √(1 − x²)"""
    def acos(self) -> Self:
        """acos(x): ∂/∂x = −1 / √(1 − x²)"""
    def arccos(self) -> Self:
        """acos(x): ∂/∂x = −1 / √(1 − x²)"""
    def atan(self) -> Self:
        """atan(x): ∂/∂x = 1 / (1 + x²)"""
    def arctan(self) -> Self:
        """atan(x): ∂/∂x = 1 / (1 + x²)"""
    def atan2(self, y: Any, /) -> Self:
        """atan2(x, y): ∂/∂x = y / (x² + y²), ∂/∂y = −x / (x² + y²)"""
    def arctan2(self, y: Any, /) -> Self:
        """atan2(x, y): ∂/∂x = y / (x² + y²), ∂/∂y = −x / (x² + y²)"""
    def sinpi(self) -> Self:
        """sinpi(x): ∂/∂x = π cospi x"""
    def cospi(self) -> Self:
        """cospi(x): ∂/∂x = −π sinpi x"""
    def sinc(self) -> Self:
        """sinc(x): ∂/∂x = (cospi x − sinc x) / x"""
    def hypot(self, *others: Any) -> Self:
        """hypot(x, …): ∂/∂x = x / √(x² + …)"""
    def sinh(self) -> Self:
        """sinh(x): ∂/∂x = cosh x"""
    def cosh(self) -> Self:
        """cosh(x): ∂/∂x = sinh x"""
    def tanh(self) -> Self:
        """tanh(x): ∂/∂x = 1 − tanh² x"""
    def asinh(self) -> Self:
        """asinh(x): ∂/∂x = 1 / √(x² + 1)"""
    def arcsinh(self) -> Self:
        """asinh(x): ∂/∂x = 1 / √(x² + 1)"""
    def acosh(self) -> Self:
        """acosh(x): ∂/∂x = 1 / √(x² − 1)"""
    def arccosh(self) -> Self:
        """acosh(x): ∂/∂x = 1 / √(x² − 1)"""
    def atanh(self) -> Self:
        """atanh(x): ∂/∂x = 1 / (1 − x²)"""
    def arctanh(self) -> Self:
        """atanh(x): ∂/∂x = 1 / (1 − x²)"""
    def sigmoid(self) -> Self:
        """sigmoid(x): ∂/∂x = σ(x) σ(−x)"""
    def softplus(self) -> Self:
        """softplus(x): ∂/∂x = sigmoid x"""
    def logaddexp(self, y: Any, /) -> Self:
        """logaddexp(x, y): ∂/∂x = e^x / (e^x + e^y), ∂/∂y = e^y / (e^x + e^y)"""
    def share(self, y: Any, /) -> Self:
        """share(x, y): ∂/∂x = σ(x − y) σ(y − x), ∂/∂y = −σ(x − y) σ(y − x)"""
    def logit(self) -> Self:
        """logit(x): ∂/∂x = 1 / (x (1 − x))"""
    def logaddexp2(self, y: Any, /) -> Self:
        """logaddexp2(x, y): ∂/∂x = 2^x / (2^x + 2^y), ∂/∂y = 2^y / (2^x + 2^y)"""
    def erf(self) -> Self:
        """erf(x): ∂/∂x = 2 exp(−x²) / √π"""
    def erfc(self) -> Self:
        """erfc(x): ∂/∂x = −2 exp(−x²) / √π"""
    def erfinv(self) -> Self:
        """erfinv(x): ∂/∂x = √π exp(erfinv² x) / 2"""
    def gamma(self) -> Self:
        """gamma(x): ∂/∂x = Γ(x) ψ(x)"""
    def gaussian(self) -> Self:
        """gaussian(x): ∂/∂x = −2 × x × exp(−x²)"""
    def cdf(self) -> Self:
        """cdf(x): ∂/∂x = exp(−x² / 2) / √(2 π)"""
    def log_cdf(self) -> Self:
        """log_cdf(x): ∂/∂x = exp(−x² / 2) / (√(2 π) Φ(x))"""
    def lgamma(self) -> Self:
        """lgamma(x): ∂/∂x = ψ(x)"""
    def digamma(self) -> Self:
        """digamma(x): ∂/∂x = ψ′(x)"""
    def polygamma(self, y: Any, /) -> Self:
        """polygamma(x, y): ∂/∂x = none, ∂/∂y = ψ^(x + 1)(y)"""

add: Binary
"""add(x, y): ∂/∂x = 1, ∂/∂y = 1"""
subtract: Binary
"""subtract(x, y): ∂/∂x = 1, ∂/∂y = −1"""
multiply: Binary
"""multiply(x, y): ∂/∂x = y, ∂/∂y = x"""
divide: Binary
"""divide(x, y): ∂/∂x = 1 / y, ∂/∂y = −x / y²"""
negate: Unary
"""negate(x): ∂/∂x = −1"""
power: Binary
"""power(x, y): ∂/∂x = y × x^(y − 1), ∂/∂y = x^y × ln x"""
floor_divide: Binary
"""floor_divide(x, y): ∂/∂x = 0, ∂/∂y = 0"""
modulo: Binary
"""modulo(x, y): ∂/∂x = 1, ∂/∂y = −⌊x / y⌋"""
fmod: Binary
"""fmod(x, y): ∂/∂x = 1, ∂/∂y = −trunc(x / y)"""
reciprocal: Unary
"""reciprocal(x): ∂/∂x = −1 / x²"""
square: Unary
"""square(x): ∂/∂x = 2 × x"""
identity: Unary
"""identity(x): ∂/∂x = 1"""
detach: Unary
"""detach(x): ∂/∂x = 0"""
absolute: Unary
"""absolute(x): ∂/∂x = sign x"""
sign: Unary
"""sign(x): ∂/∂x = 0"""
floor: Unary
"""floor(x): ∂/∂x = 0"""
ceil: Unary
"""ceil(x): ∂/∂x = 0"""
trunc: Unary
"""trunc(x): ∂/∂x = 0"""
round: Unary
"""round(x): ∂/∂x = 0"""
copysign: Binary
"""copysign(x, y): ∂/∂x = sign x × copysign(1, y), ∂/∂y = 0"""
relu: Unary
"""relu(x): ∂/∂x = 1 if x > 0 else 0"""
maximum: Nary
"""maximum(x, …): ∂/∂x = 1 if x is the largest else 0, shared at a tie"""
minimum: Nary
"""minimum(x, …): ∂/∂x = 1 if x is the smallest else 0, shared at a tie"""
where: Choice
"""where(x, y, z): ∂/∂x = 0, ∂/∂y = 1 if the condition holds else 0, ∂/∂z = 0 if the condition holds else 1"""
less: Binary
"""less(x, y): ∂/∂x = 0, ∂/∂y = 0"""
less_equal: Binary
"""less_equal(x, y): ∂/∂x = 0, ∂/∂y = 0"""
greater: Binary
"""greater(x, y): ∂/∂x = 0, ∂/∂y = 0"""
greater_equal: Binary
"""greater_equal(x, y): ∂/∂x = 0, ∂/∂y = 0"""
equal: Binary
"""equal(x, y): ∂/∂x = 0, ∂/∂y = 0"""
not_equal: Binary
"""not_equal(x, y): ∂/∂x = 0, ∂/∂y = 0"""
exp: Unary
"""exp(x): ∂/∂x = e^x"""
exp2: Unary
"""exp2(x): ∂/∂x = 2^x × ln 2"""
expm1: Unary
"""expm1(x): ∂/∂x = e^x"""
log: Unary
"""log(x): ∂/∂x = 1 / x"""
log2: Unary
"""log2(x): ∂/∂x = 1 / (x ln 2)"""
log10: Unary
"""log10(x): ∂/∂x = 1 / (x ln 10)"""
log1p: Unary
"""log1p(x): ∂/∂x = 1 / (1 + x)"""
sqrt: Unary
"""sqrt(x): ∂/∂x = 1 / (2√x)"""
cbrt: Unary
"""cbrt(x): ∂/∂x = 1 / (3 ∛x²)"""
xlogy: Binary
"""xlogy(x, y): ∂/∂x = ln y, ∂/∂y = x / y"""
entropy: Unary
"""entropy(x): ∂/∂x = −1 − ln x"""
ldexp: Binary
"""ldexp(x, y): ∂/∂x = 2^y, ∂/∂y = none"""
sin: Unary
"""sin(x): ∂/∂x = cos x"""
cos: Unary
"""cos(x): ∂/∂x = −sin x"""
tan: Unary
"""tan(x): ∂/∂x = 1 + tan² x"""
asin: Unary
"""asin(x): ∂/∂x = 1 / √(1 − x²)"""
acos: Unary
"""acos(x): ∂/∂x = −1 / √(1 − x²)"""
atan: Unary
"""atan(x): ∂/∂x = 1 / (1 + x²)"""
atan2: Binary
"""atan2(x, y): ∂/∂x = y / (x² + y²), ∂/∂y = −x / (x² + y²)"""
sinpi: Unary
"""sinpi(x): ∂/∂x = π cospi x"""
cospi: Unary
"""cospi(x): ∂/∂x = −π sinpi x"""
sinc: Unary
"""sinc(x): ∂/∂x = (cospi x − sinc x) / x"""
hypot: Nary
"""hypot(x, …): ∂/∂x = x / √(x² + …)"""
sinh: Unary
"""sinh(x): ∂/∂x = cosh x"""
cosh: Unary
"""cosh(x): ∂/∂x = sinh x"""
tanh: Unary
"""tanh(x): ∂/∂x = 1 − tanh² x"""
asinh: Unary
"""asinh(x): ∂/∂x = 1 / √(x² + 1)"""
acosh: Unary
"""acosh(x): ∂/∂x = 1 / √(x² − 1)"""
atanh: Unary
"""atanh(x): ∂/∂x = 1 / (1 − x²)"""
sigmoid: Unary
"""sigmoid(x): ∂/∂x = σ(x) σ(−x)"""
softplus: Unary
"""softplus(x): ∂/∂x = sigmoid x"""
logaddexp: Binary
"""logaddexp(x, y): ∂/∂x = e^x / (e^x + e^y), ∂/∂y = e^y / (e^x + e^y)"""
share: Binary
"""share(x, y): ∂/∂x = σ(x − y) σ(y − x), ∂/∂y = −σ(x − y) σ(y − x)"""
logit: Unary
"""logit(x): ∂/∂x = 1 / (x (1 − x))"""
logaddexp2: Binary
"""logaddexp2(x, y): ∂/∂x = 2^x / (2^x + 2^y), ∂/∂y = 2^y / (2^x + 2^y)"""
erf: Unary
"""erf(x): ∂/∂x = 2 exp(−x²) / √π"""
erfc: Unary
"""erfc(x): ∂/∂x = −2 exp(−x²) / √π"""
erfinv: Unary
"""erfinv(x): ∂/∂x = √π exp(erfinv² x) / 2"""
gamma: Unary
"""gamma(x): ∂/∂x = Γ(x) ψ(x)"""
gaussian: Unary
"""gaussian(x): ∂/∂x = −2 × x × exp(−x²)"""
cdf: Unary
"""cdf(x): ∂/∂x = exp(−x² / 2) / √(2 π)"""
log_cdf: Unary
"""log_cdf(x): ∂/∂x = exp(−x² / 2) / (√(2 π) Φ(x))"""
lgamma: Unary
"""lgamma(x): ∂/∂x = ψ(x)"""
digamma: Unary
"""digamma(x): ∂/∂x = ψ′(x)"""
polygamma: Binary
"""polygamma(x, y): ∂/∂x = none, ∂/∂y = ψ^(x + 1)(y)"""

__all__ = [
    "gelu",
    "silu",
    "stop_gradient",
    "leaky_relu",
    "clip",
    "logsumexp",
    "softmax",
    "log_softmax",
    "total",
    "prod",
    "norm",
    "mean",
    "dot",
    "Number",
    "add",
    "subtract",
    "multiply",
    "divide",
    "negate",
    "power",
    "floor_divide",
    "modulo",
    "fmod",
    "reciprocal",
    "square",
    "identity",
    "detach",
    "absolute",
    "sign",
    "floor",
    "ceil",
    "trunc",
    "round",
    "copysign",
    "relu",
    "maximum",
    "minimum",
    "where",
    "less",
    "less_equal",
    "greater",
    "greater_equal",
    "equal",
    "not_equal",
    "exp",
    "exp2",
    "expm1",
    "log",
    "log2",
    "log10",
    "log1p",
    "sqrt",
    "cbrt",
    "xlogy",
    "entropy",
    "ldexp",
    "sin",
    "cos",
    "tan",
    "asin",
    "acos",
    "atan",
    "atan2",
    "sinpi",
    "cospi",
    "sinc",
    "hypot",
    "sinh",
    "cosh",
    "tanh",
    "asinh",
    "acosh",
    "atanh",
    "sigmoid",
    "softplus",
    "logaddexp",
    "share",
    "logit",
    "logaddexp2",
    "erf",
    "erfc",
    "erfinv",
    "gamma",
    "gaussian",
    "cdf",
    "log_cdf",
    "lgamma",
    "digamma",
    "polygamma",
]
