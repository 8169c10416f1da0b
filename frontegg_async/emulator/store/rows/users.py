"""Users and the refresh tokens of their sessions, as the emulator stores them."""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

SessionKind: TypeAlias = Literal["user", "api_token"]


class UserRow(msgspec.Struct, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A user and the tenants that it belongs to; ``tenant_id`` is the active tenant.

    The active tenant may be a sub-account that the user entered through the hierarchy, and may have been deleted since.
    ``allow_access`` is ``None`` until it was set whether the user may enter sub-accounts.
    """

    id: str
    email: str
    tenant_id: str
    tenant_ids: tuple[str, ...]
    username: str | None = None
    password: str | None = None
    name: str | None = None
    permissions: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    metadata: object = None  # any JSON value; msgspec cannot read a recursive type
    invisible: bool = False
    allow_access: bool | None = None


class RefreshToken(msgspec.Struct, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A refresh token that was issued.

    All refresh tokens of a session have the same ``session``. ``claims`` are in its access tokens even if the user
    changes; ``ttl`` is the lifetime of these tokens in seconds.
    """

    token: str
    subject: str
    tenant_id: str
    created_at: str
    kind: SessionKind = "user"
    session: str = ""
    expires_at: str | None = None
    used: bool = False
    revoked: bool = False
    ttl: float | None = None
    claims: dict[str, object] | None = None

    @property
    def is_live(self) -> bool:
        """Whether it is neither used nor revoked; it may have expired."""
        return not self.used and not self.revoked
