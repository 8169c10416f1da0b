"""Users and the refresh tokens of their sessions, as the emulator stores them."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

import msgspec

SessionKind: TypeAlias = Literal["user", "api_token"]
MemberStatus: TypeAlias = Literal["PendingInvitation", "PendingLogin", "Activated", "NotActivated"]

LONG_AGO: Final = "1970-01-01T00:00:00.000Z"
"""When a user of whom that is not known was created."""


class Membership(msgspec.Struct, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """What a user is in one of its tenants.

    Args:
        role_ids: The ids of the roles that it has there; those of its groups are not among them.
        status: How far it came with its invitation.
        is_disabled: Whether it may not enter the tenant.
        expires: When it leaves the tenant by itself.
    """

    role_ids: tuple[str, ...] = ()
    status: MemberStatus = "Activated"
    is_disabled: bool = False
    expires: str | None = None


PLAIN_MEMBER: Final = Membership()


class PasswordHash(msgspec.Struct, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """The hash of a password, as a migrated user has it.

    Args:
        type: How the password was hashed, as the service names it.
        hash: The text of the hash.
        config: The parameters of the hash, as JSON text; ``None`` for none.
    """

    type: str
    hash: str
    config: str | None = None


class UserProfile(msgspec.Struct, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """The fields that a seed may give a user and that a row keeps as they are.

    Args:
        username: The name to sign in with, beside the e-mail address.
        password: The password to sign in with.
        password_hash: The hash of that password, for a user who was migrated with it.
        name: The name to show.
        permissions: The keys of permissions that it has in each tenant, beside those of its roles.
        roles: The keys of roles that it has in each tenant, beside those of its memberships; they need not exist.
        metadata: Any JSON value.
        vendor_metadata: Any JSON value, which its owner does not see.
        invisible: Whether users of its tenants do not see it, and some counts leave it out.
        super_user: Whether it is marked as one with access to all tenants, which the mark does not give it here.
        allow_access: Whether it may enter sub-accounts; ``None`` until it was set.
        is_locked: Whether it may not sign in at all.
        verified: Whether its e-mail address is.
        mfa_enrolled: Whether it has a second factor, which the emulator never asks for.
        memberships: What it is in its tenants; one that is missing is `PLAIN_MEMBER`.
        last_login: When it signed in.
    """

    username: str | None = None
    password: str | None = None
    password_hash: PasswordHash | None = None
    name: str | None = None
    permissions: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    metadata: object = None  # any JSON value; msgspec cannot read a recursive type
    vendor_metadata: object = None
    invisible: bool = False
    super_user: bool = False
    allow_access: bool | None = None
    is_locked: bool = False
    verified: bool = True
    mfa_bypass: bool = False
    mfa_enrolled: bool = False
    external_id: str | None = None
    phone_number: str | None = None
    profile_picture_url: str | None = None
    provider: str = "local"
    managed_by: Literal["frontegg", "scim2", "external"] = "frontegg"
    memberships: dict[str, Membership] = msgspec.field(default_factory=dict[str, Membership])
    last_login: str | None = None

    def membership(self, tenant_id: str) -> Membership:
        """Return what it is in one of its tenants."""
        return self.memberships.get(tenant_id, PLAIN_MEMBER)


class UserRow(UserProfile, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A user and the tenants that it belongs to; ``tenant_id`` is the active tenant.

    The active tenant may be a sub-account that the user entered through the hierarchy, and may have been deleted since.
    """

    id: str
    email: str
    tenant_id: str
    tenant_ids: tuple[str, ...]
    created_at: str = LONG_AGO

    def within(self, tenant_id: str, membership: Membership) -> UserRow:
        """Return it with a membership in a tenant, which it may join by that."""
        return msgspec.structs.replace(
            self,
            tenant_ids=self.tenant_ids if tenant_id in self.tenant_ids else (*self.tenant_ids, tenant_id),
            memberships={**self.memberships, tenant_id: membership},
        )

    def without(self, tenant_id: str) -> UserRow | None:
        """Return it without one of its tenants; ``None`` if it has no other."""
        remaining = tuple(other for other in self.tenant_ids if other != tenant_id)
        if not remaining:
            return None
        return msgspec.structs.replace(
            self,
            tenant_ids=remaining,
            tenant_id=self.tenant_id if self.tenant_id in remaining else remaining[0],
            memberships={name: each for name, each in self.memberships.items() if name != tenant_id},
        )


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
