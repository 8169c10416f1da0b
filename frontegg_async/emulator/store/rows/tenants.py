"""What the emulator stores. A row encodes as the service writes it; rows are replaced, not changed."""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

MaybeText: TypeAlias = str | None | msgspec.UnsetType
MaybeFlag: TypeAlias = bool | None | msgspec.UnsetType
MaybeNumber: TypeAlias = int | float | str | None | msgspec.UnsetType
SessionKind: TypeAlias = Literal["user", "api_token"]


class TenantProfile(msgspec.Struct, rename="camel", kw_only=True, frozen=True, gc=False):
    """The fields that a seed gives a tenant and that a row keeps as they are."""

    status: str | None = None
    website: str | None = None
    application_url: str | None = None
    logo: str | None = None
    logo_url: str | None = None
    address: str | None = None
    timezone: str | None = None
    currency: str | None = None
    creator_name: str | None = None
    creator_email: str | None = None
    alias: MaybeText = msgspec.UNSET
    domain: MaybeText = msgspec.UNSET
    login_url: MaybeText = msgspec.UNSET
    has_custom_login: MaybeFlag = msgspec.UNSET
    date_format: MaybeText = msgspec.UNSET
    time_format: MaybeText = msgspec.UNSET
    tenant_type: MaybeText = msgspec.UNSET
    address2: MaybeText = msgspec.UNSET
    country_code: MaybeText = msgspec.UNSET
    state: MaybeText = msgspec.UNSET
    city: MaybeText = msgspec.UNSET
    post_code: MaybeText = msgspec.UNSET
    industry: MaybeText = msgspec.UNSET
    number_of_employees: MaybeNumber = msgspec.UNSET
    annual_revenue: MaybeNumber = msgspec.UNSET
    year_founded: MaybeNumber = msgspec.UNSET
    total_funding: MaybeNumber = msgspec.UNSET


class TenantRow(TenantProfile, rename="camel", kw_only=True, frozen=True, gc=False, forbid_unknown_fields=True):
    """A tenant. What is unset is missing on the wire; ``metadata`` is JSON text, as the service gives it."""

    id: str
    vendor_id: str
    tenant_id: str
    name: str
    created_at: str
    updated_at: str
    deleted_at: str | None = None
    is_reseller: bool = False
    is_locked: bool = False
    metadata: str | None = None


class StoredTenant(TenantRow, rename="camel", kw_only=True, frozen=True, gc=False):
    """A tenant as a snapshot and a persistence file keep it: with its parent."""

    parent_tenant_id: str | None = None

    @classmethod
    def of(cls, row: TenantRow, parent_id: str | None) -> StoredTenant:
        """Return what is kept of a tenant."""
        return cls(**msgspec.structs.asdict(row), parent_tenant_id=parent_id)

    def row(self) -> TenantRow:
        """Return the tenant alone."""
        fields = msgspec.structs.asdict(self)
        del fields["parent_tenant_id"]
        return TenantRow(**fields)


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
