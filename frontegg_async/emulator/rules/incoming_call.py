"""A request as a rule sees it: who calls, the path's fields, the query and the body."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias
from urllib.parse import parse_qsl

import attrs

from frontegg_async._values.json_values import JsonValue

TokenKind: TypeAlias = Literal["vendor", "user"]

_NO_CLAIMS: Final[Mapping[str, object]] = {}


@attrs.frozen(kw_only=True)
class Grant:
    """What a token entitles to.

    Args:
        kind: An environment (vendor) token or a user's.
        client_id: The environment that it was issued for.
        issued: When, in seconds since the epoch.
        expires: Until when it is good, by the environment's clock.
        subject: The id of the user.
        tenant_id: The tenant that the user is in.
        email: The address of the user.
        permissions: What the user may do; ``*`` at the end covers all below.
        session: The session that a user token is of; empty when the admin API made it.
        claims: All that a user token says.
    """

    kind: TokenKind
    client_id: str
    issued: float
    expires: float
    subject: str = ""
    tenant_id: str = ""
    email: str = ""
    permissions: tuple[str, ...] = ()
    session: str = ""
    claims: Mapping[str, object] = attrs.field(default=_NO_CLAIMS, repr=False, eq=False)

    @property
    def user_id(self) -> str:
        """The id of the user, also when the token is of one of the user's API tokens."""
        user_id = self.claims.get("userId")
        return user_id if isinstance(user_id, str) else self.subject

    def may(self, permission: str) -> bool:
        """Whether the permissions cover one, by name or by a wildcard."""
        return any(
            permission.startswith(held[:-1]) if held.endswith("*") else held == permission for held in self.permissions
        )


NOBODY: Final = Grant(kind="vendor", client_id="", issued=0, expires=0)
"""Who calls an operation that takes no credential."""


def _read_values(query: Query) -> Mapping[str, list[str]]:
    values: dict[str, list[str]] = {}
    if query.raw:
        for name, value in parse_qsl(query.raw, keep_blank_values=True, max_num_fields=None):
            values.setdefault(name, []).append(value)
    return values


@attrs.frozen
class Query:
    """The query of a request."""

    raw: str = ""
    _values: Mapping[str, list[str]] = attrs.field(
        default=attrs.Factory(_read_values, takes_self=True), init=False, repr=False, eq=False
    )

    def values(self, name: str) -> list[str]:
        """Return all values of a parameter, in order."""
        return list(self._values.get(name, ()))

    def get(self, name: str) -> str | None:
        """Return the last value of a parameter; ``None`` when it is not there."""
        values = self._values.get(name)
        return values[-1] if values else None


NO_FIELDS: Final[Mapping[str, str]] = {}
_NO_BODY: Final[Mapping[str, JsonValue]] = {}


@attrs.frozen(kw_only=True)
class Call:
    """A request that was authenticated and whose body has the operation's shape."""

    caller: Grant = NOBODY
    tenant_id: str = ""
    """The tenant that the call is about: of the user's token, or of the tenant header."""
    path: Mapping[str, str] = NO_FIELDS
    query: Query = attrs.field(factory=Query)
    body: Mapping[str, JsonValue] = _NO_BODY
    raw_path: str = ""
    headers: Mapping[str, str] = NO_FIELDS
    """The headers of the request; their names in any case."""
