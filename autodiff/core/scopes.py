"""Scopes: names for parts of a computation, which drawings collapse into boxes."""

from contextlib import suppress
from contextvars import ContextVar, Token
from typing import Self


class Scope:
    """`with ad.scope("layer 1"):` the Values computed inside belong to it. Scopes nest; each `with` is one of its own.

    A generator that yields inside of it hands the open scope to its caller, until it goes on: yield outside.

    name   what its box is called; boxes of one name, in the same outer scope, are drawn as one
    outer  the scope that it was opened in
    """

    __slots__ = ("name", "opened", "outer", "token")

    def __init__(self, name: str) -> None:
        if not isinstance(name, str) or not name:  # pyright: ignore[reportUnnecessaryIsInstance]
            raise TypeError(f'a scope is named by a text, as in ad.scope("layer 1"); got {name!r}')
        self.name, self.opened = name, False
        self.outer: Scope | None = None
        self.token: Token[Scope | None] | None = None

    def __enter__(self) -> Self:
        if self.opened:
            raise RuntimeError(f"the scope {self.name!r} has been opened before: make one for each `with`")
        self.opened = True
        self.outer = current()
        self.token = CURRENT.set(self)
        return self

    def __exit__(self, *_: object) -> None:
        if self.token is not None:
            with suppress(ValueError):  # a generator closed in another context: the scope ended with its own
                CURRENT.reset(self.token)
            self.token = None

    @property
    def path(self) -> "tuple[Scope, ...]":
        """The scopes around it, outermost first, itself last."""
        found: list[Scope] = []
        scope: Scope | None = self
        while scope is not None:
            found.append(scope)
            scope = scope.outer
        return tuple(reversed(found))

    def __repr__(self) -> str:
        return f"<scope {' / '.join(scope.name for scope in self.path)}>"


CURRENT: ContextVar[Scope | None] = ContextVar("scope", default=None)
current = CURRENT.get  # called for every node
