"""The rows of users, and the rows of the refresh tokens of users' sessions."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

import msgspec

SessionKind: TypeAlias = Literal["user", "api_token"]
MemberStatus: TypeAlias = Literal["PendingInvitation", "PendingLogin", "Activated", "NotActivated"]

LONG_AGO: Final = "1970-01-01T00:00:00.000Z"
"""The creation time of a user whose creation time is unknown."""


class Membership(msgspec.Struct, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """The membership of a user in one tenant.

    Args:
        role_ids: The ids of the user's roles in the tenant. Roles from groups are not included.
        status: The status of the user's invitation.
        is_disabled: Whether the user is barred from the tenant.
        expires: The time when the membership expires.
    """

    role_ids: tuple[str, ...] = ()
    status: MemberStatus = "Activated"
    is_disabled: bool = False
    expires: str | None = None


PLAIN_MEMBER: Final = Membership()


class PasswordHash(msgspec.Struct, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """The password hash of a migrated user.

    Args:
        type: The service's name of the hash function.
        hash: The text of the hash.
        config: The parameters of the hash as JSON text, or ``None`` without parameters.
    """

    type: str
    hash: str
    config: str | None = None


class UserProfile(msgspec.Struct, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """The fields of a user that a seed may set and that a row stores unchanged.

    Args:
        username: The name with which the user can sign in, besides the e-mail address.
        password: The password with which the user signs in.
        password_hash: The hash of the password, if the user was migrated with a hash in place of a password.
        name: The display name.
        permissions: The keys of the permissions that the user has in every tenant, besides the permissions of roles.
        roles: The keys of the roles that the user has in every tenant, besides the roles of memberships. The roles need
        not exist.
        metadata: Any JSON value.
        vendor_metadata: Any JSON value. The user cannot read it.
        invisible: Whether the user is hidden from other users of the same tenants, and omitted from some counts.
        super_user: Whether the user is marked as a super-user. In the emulator this gives no access to tenants.
        allow_access: Whether the user may enter sub-accounts. The value is ``None`` until it was set.
        is_locked: Whether the user is locked and cannot sign in.
        verified: Whether the e-mail address is verified.
        mfa_enrolled: Whether the user has a second factor. The emulator never asks for the second factor.
        memberships: The memberships by the ids of the tenants. For a tenant without an entry, `PLAIN_MEMBER` applies.
        last_login: The time of the last sign-in.
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
        """Return the membership of the user in one of its tenants."""
        return self.memberships.get(tenant_id, PLAIN_MEMBER)


class UserRow(UserProfile, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A user with the ids of the user's tenants. ``tenant_id`` is the id of the active tenant.

    The active tenant may be a sub-account that the user entered through the hierarchy. It may have been deleted since.
    """

    id: str
    email: str
    tenant_id: str
    tenant_ids: tuple[str, ...]
    created_at: str = LONG_AGO

    def within(self, tenant_id: str, membership: Membership) -> UserRow:
        """Return a copy of the user with a new membership in a tenant.

        The tenant is added to the user's if necessary.
        """
        return msgspec.structs.replace(
            self,
            tenant_ids=self.tenant_ids if tenant_id in self.tenant_ids else (*self.tenant_ids, tenant_id),
            memberships={**self.memberships, tenant_id: membership},
        )

    def without(self, tenant_id: str) -> UserRow | None:
        """Return a copy of the user without one of the tenants, or ``None`` if the user has no other tenant."""
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

    All refresh tokens of a session have the same ``session``. The session's access tokens have the claims ``claims``
    even if the user changes later. ``ttl`` is the lifetime of the access tokens in seconds.
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
        """Whether the token is neither used nor revoked. It may have expired."""
        return not self.used and not self.revoked
