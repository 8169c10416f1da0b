"""`Exercise`: one call of an operation, made by whichever client, and how it ends."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal, Protocol, TypeAlias

import attrs

from frontegg_async.emulator.blocking import EmulatorHandle

Who: TypeAlias = Literal["environment", "user", "nobody"]
"""Whose credential a call is made with; nobody's are those by which a credential comes about."""


class Setting(Protocol):
    """What a call has: clients of one flavour, and the environment that they are clients of."""

    emulator: EmulatorHandle
    frontegg: Any
    """`AsyncFrontegg` or `Frontegg`."""
    user: Any
    """Ann's `AsyncFronteggUser` or `FronteggUser`."""

    def client(self, secret: str) -> Any:
        """Return another management client, which is closed after the test."""
        ...

    def user_with(self, **credential: Any) -> Any:
        """Return a self-service client with another credential, which is closed after the test."""
        ...


Call: TypeAlias = Callable[[Setting], Any]
"""Makes the call: what it returns is awaited if it has to be. A generator yields several, one after the other."""


@attrs.frozen(kw_only=True)
class Exercise:
    """One call of an operation."""

    name: str
    kind: Literal["good", "refused", "bad"]
    call: Call
    who: Who = "environment"
    status: int = 0
    """What a refused call is answered."""
    match: str = ""
    """What the error of a bad call says."""
    permissions: tuple[str, ...] = ("fe.*",)
    """Of the user."""
    switches: Mapping[str, str | int] = attrs.field(factory=dict)
    """Divergences of the emulator."""

    def __str__(self) -> str:
        return f"{self.name}-{self.kind}-{self.who}{f'-{self.status}' if self.status else ''}"


def good(name: str, call: Call, who: Who = "environment", **more: Any) -> Exercise:
    """Return a call that succeeds."""
    return Exercise(name=name, kind="good", call=call, who=who, **more)


def refused(name: str, status: int, call: Call, who: Who = "environment", **more: Any) -> Exercise:
    """Return a call that the service refuses."""
    return Exercise(name=name, kind="refused", status=status, call=call, who=who, **more)


def forbidden(name: str, call: Call) -> Exercise:
    """Return a call of a user who is not permitted to make it."""
    return refused(name, 403, call, "user", permissions=())


def bad(name: str, match: str, call: Call, who: Who = "environment") -> Exercise:
    """Return a call with a bad argument."""
    return Exercise(name=name, kind="bad", match=match, call=call, who=who)
