"""`Exercise`: one call of an operation, with either client, and its expected result."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal, Protocol, TypeAlias

import attrs

from frontegg_async.emulator import EmulatorHandle

Who: TypeAlias = Literal["environment", "user", "nobody"]
"""The credential of a call; ``nobody`` is for calls that obtain a credential."""


class ExerciseClients(Protocol):
    """The clients of one flavour, and their environment."""

    emulator: EmulatorHandle
    frontegg: Any
    """`AsyncFrontegg` or `Frontegg`."""
    user: Any
    """Ann's `AsyncFronteggUser` or `FronteggUser`."""

    def client(self, secret: str) -> Any:
        """Return another management client, which the test closes at its end."""
        ...

    def user_with(self, **credential: Any) -> Any:
        """Return a self-service client with another credential, which the test closes at its end."""
        ...


MakeCall: TypeAlias = Callable[[ExerciseClients], Any]
"""Makes the call; an awaitable result is awaited. A generator yields several calls, one after the other."""


@attrs.frozen(kw_only=True)
class Exercise:
    """One call of an operation."""

    name: str
    kind: Literal["good", "refused", "bad"]
    call: MakeCall
    who: Who = "environment"
    status: int = 0
    """The status of a refused call."""
    match: str = ""
    """A part of the error message of a bad call."""
    permissions: tuple[str, ...] = ("fe.*",)
    """The user's permissions."""
    switches: Mapping[str, str | int] = attrs.field(factory=dict)
    """Behaviours of the emulator that differ from the default."""

    def __str__(self) -> str:
        return f"{self.name}-{self.kind}-{self.who}{f'-{self.status}' if self.status else ''}"


def good(name: str, call: MakeCall, who: Who = "environment", **more: Any) -> Exercise:
    """Return a call that succeeds."""
    return Exercise(name=name, kind="good", call=call, who=who, **more)


def refused(name: str, status: int, call: MakeCall, who: Who = "environment", **more: Any) -> Exercise:
    """Return a call that the service refuses."""
    return Exercise(name=name, kind="refused", status=status, call=call, who=who, **more)


def forbidden(name: str, call: MakeCall) -> Exercise:
    """Return a call by a user who lacks the permission."""
    return refused(name, 403, call, "user", permissions=())


def bad(name: str, match: str, call: MakeCall, who: Who = "environment") -> Exercise:
    """Return a call with an invalid argument."""
    return Exercise(name=name, kind="bad", match=match, call=call, who=who)


def member(client: Any, name: str) -> Callable[..., Any]:
    """Return a method of a client by the name of its operation."""
    for part in name.split("."):
        client = getattr(client, part)
    return client


def both(name: str, /, *ids: str, wrong: tuple[str, dict[str, Any]] | None = None, **given: Any) -> Iterator[Exercise]:
    """Yield the exercises of an operation on a tenant: by the environment, by a user, and refused calls."""

    def managed(tenant_id: str, *ids: str) -> Callable[[ExerciseClients], Any]:
        return lambda s: member(s.frontegg, name)(tenant_id, *ids, **given)

    def own(s: ExerciseClients) -> Any:
        return member(s.user, name)(*ids, **given)

    yield good(name, managed("acme", *ids))
    yield good(name, own, "user")
    yield forbidden(name, own)
    yield refused(name, 404, managed("nobody", *ids))
    if ids:
        yield refused(name, 404, managed("acme", *ids[:-1], "none"))
        yield bad(name, "id", managed("acme", *ids[:-1], ".."))
    else:
        yield bad(name, "tenant_id", managed(""))
    if wrong is not None:
        match, arguments = wrong
        yield bad(name, match, lambda s: member(s.frontegg, name)("acme", *ids, **{**given, **arguments}))
