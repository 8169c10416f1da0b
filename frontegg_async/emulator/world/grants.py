"""`Grant`: the rights that a token gives to a caller."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

import attrs

TokenKind: TypeAlias = Literal["vendor", "user"]

_NO_CLAIMS: Final[Mapping[str, object]] = {}


@attrs.frozen(kw_only=True)
class Grant:
    """The rights that a token gives to a caller.

    Args:
        kind: Whether the token is an environment (vendor) token or a user token.
        client_id: The client id of the token's environment.
        issued: The time when the token was issued, in seconds since the epoch.
        expires: The time when the token expires, in seconds since the epoch, by the clock of the environment.
        subject: The id of the user.
        tenant_id: The id of the tenant for which the token was issued.
        email: The e-mail address of the user.
        permissions: The permissions of the user. A permission that ends in ``*`` includes all permissions with that
            prefix.
        session: The id of the session of a user token. The id is empty if the admin API issued the token.
        claims: All claims of a user token.
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
        """The id of the user to whom the token belongs. A token of a user's API token has the id of this user."""
        user_id = self.claims.get("userId")
        return user_id if isinstance(user_id, str) else self.subject

    def may(self, permission: str) -> bool:
        """Return whether the caller has a permission, either by its name or by a wildcard."""
        return any(
            permission.startswith(held[:-1]) if held.endswith("*") else held == permission for held in self.permissions
        )


NOBODY: Final = Grant(kind="vendor", client_id="", issued=0, expires=0)
"""The caller of an operation that needs no credential."""
