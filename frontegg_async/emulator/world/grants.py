"""`Grant`: what a token entitles its bearer to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

import attrs

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
