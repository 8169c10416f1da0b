"""Users and the refresh tokens of their sessions, as the emulator stores them."""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

SessionKind: TypeAlias = Literal["user", "api_token"]


class UserRow(msgspec.Struct, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A user and the tenants that it belongs to; ``tenant_id`` is the active one.

    The active one may be a sub-account that the user entered by the hierarchy, and may be gone since. ``allow_access``
    is ``None`` while nobody has said whether the user may enter sub-accounts.
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
    """A refresh token that was handed out, and for whom.

    ``session`` is what it shares with the tokens that it came from and those that come from it. ``claims`` are those
    that its access tokens carry whatever becomes of the user; ``ttl`` is how many seconds these are good for.
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
        """Whether it was neither used nor revoked; it may be expired."""
        return not self.used and not self.revoked
