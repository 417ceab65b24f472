"""Dual: a number that carries its tangent along, forward accumulation."""

from collections.abc import Sequence
from typing import Any, final

from autodiff.core.floats import ZERO, is_zero
from autodiff.core.operators import Operators
from autodiff.core.primitives import product
from autodiff.core.rows import Primitive, as_operand

new = object.__new__
LEVEL = 1000  # tags from one transform's to the next one's: between them are those of Duals nested by hand


class Parts:
    """What is made of parts: primal and tangent, Taylor coefficients, several tangents."""

    __slots__ = ()

    @property
    def ended(self) -> bool:
        """Whether the transform that it belongs to is over."""
        return getattr(getattr(self, "tag", 0), "ended", False)

    @property
    def parts(self) -> Sequence[Any]:
        """The parts; of a number, its value first."""
        raise NotImplementedError

    def of(self, parts: Sequence[Any]) -> Any:
        """The like of it, made of other parts."""
        raise NotImplementedError(parts)


@final
class Dual(Operators, Parts):
    """primal + tangent·ε with ε² = 0: every operation gives the number and its derivative along the seed.

    primal   the number: a float, a Value, or a Dual of an earlier tag
    tangent  v̇, its directional derivative, of the same kinds
    tag      which perturbation ε this is. Duals of one tag mix; to a later tag an earlier one is a constant, so that
             nested derivatives are never confused. By hand, the depth of nesting: Dual(Dual(x, 1), 1) has tag 2.
    """

    __slots__ = ("primal", "tag", "tangent")
    primal: Any
    tangent: Any
    tag: int

    def __init__(self, primal: Any, tangent: Any = 0.0, tag: int | None = None) -> None:
        self.primal, self.tangent = as_operand(primal), as_operand(tangent)
        depth = 1 + max(0, getattr(self.primal, "tag", 0), getattr(self.tangent, "tag", 0))
        self.tag = depth if tag is None else tag
        if self.tag < depth:
            raise ValueError(f"tag {tag} is not later than the tags inside: use at least {depth}")
        if self.tag // LEVEL > depth // LEVEL:
            raise ValueError(
                f"tag {tag} would be taken for a transform's: use less than {depth - depth % LEVEL + LEVEL}"
            )

    @property
    def data(self) -> float:
        """The number at the bottom."""
        return self.primal if type(self.primal) is float else self.primal.data

    @property
    def constant(self) -> Any:
        """The same, in a trace a Slot."""
        return self.primal if type(self.primal) is float else self.primal.constant

    def apply(self, row: Primitive, operands: tuple[Any, ...]) -> "Dual":
        """The row on the primals, and Σ ∂row/∂xᵢ · ẋᵢ over the operands that carry this tag."""
        tag = self.tag
        primals = tuple(x.primal if type(x) is Dual and x.tag == tag else x for x in operands)
        out = row(*primals)
        tangent: Any = ZERO
        for x, partial in zip(operands, row.slopes(len(operands)), strict=True):
            if type(x) is Dual and x.tag == tag and not is_zero(x.tangent):
                slope = partial if type(partial) is float else partial(out, *primals)
                if is_zero(slope):
                    continue
                if type(slope) is float and slope == 1.0:
                    term = x.tangent
                else:
                    term = x.tangent.scaled(slope) if type(x.tangent) is Bundle else product(slope, x.tangent)
                tangent = term if tangent is ZERO else tangent + term
        return dual(out, tangent, tag)

    @property
    def parts(self) -> tuple[Any, Any]:
        """The primal and the tangent."""
        return self.primal, self.tangent

    def of(self, parts: Sequence[Any]) -> "Dual":
        """A Dual of the same tag."""
        primal, tangent = parts
        return dual(primal, tangent, self.tag)

    def __deepcopy__(self, _: Any) -> "Dual":
        return self  # as Slots: never changed, and the parts may stand on a graph

    def __repr__(self) -> str:
        return f"Dual({self.primal!r}, tangent={self.tangent!r})"


def dual(primal: Any, tangent: Any, tag: int) -> Dual:
    """A Dual of parts that are known to be numbers."""
    made = new(Dual)
    made.primal = primal
    made.tangent = tangent
    made.tag = tag
    return made


class Bundle(Parts):
    """Several tangents in the place of one, carried through one evaluation: a Jacobian takes fewer."""

    __slots__ = ("tangents",)

    def __init__(self, tangents: Sequence[Any]) -> None:
        self.tangents = tangents

    @property
    def parts(self) -> Sequence[Any]:
        """The tangents."""
        return self.tangents

    def of(self, parts: Sequence[Any]) -> "Bundle":
        """A Bundle."""
        return Bundle(parts)

    def scaled(self, slope: Any) -> "Bundle":
        """Each tangent times a slope."""
        return Bundle([x if is_zero(x) else product(slope, x) for x in self.tangents])

    def __add__(self, other: "Bundle") -> "Bundle":
        pairs = zip(self.tangents, other.tangents, strict=True)
        return Bundle([y if is_zero(x) else x if is_zero(y) else x + y for x, y in pairs])
