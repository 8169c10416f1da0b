"""Models of sub-accounts: what the service returns when it writes one, and the bodies of these requests."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import attrs

from frontegg_async._values.fields import EXPECTED
from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.value import Value
from frontegg_async.models.hierarchy import SubAccountAccessType
from frontegg_async.models.model import Model

__all__ = ["SubTenant"]


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class SubTenant(Model):
    """A sub-account as the service returns it after a write. `tenants.get` returns a `Tenant` with all fields."""

    tenant_id: str
    """The id of the sub-account, which is a tenant like any other."""
    name: str = attrs.field(default="", metadata={EXPECTED: True})
    """The name.

    Empty where the service gives none: ``extra["name"]`` is then ``None`` for null and ``""`` for a missing field.
    """
    status: str | None = None
    """Free text for your own logic; the service gives it no meaning."""
    website: str | None = None
    """The address of the tenant's web site."""
    application_url: str | None = None
    """Where the tenant's users reach your application."""
    logo: str | None = None
    """An image, base64-encoded."""
    logo_url: str | None = None
    """The address of an image."""
    address: str | None = None
    """A postal address, as one text."""
    timezone: str | None = None
    """The name of a time zone, as ``Europe/Berlin``; the service does not check it."""
    currency: str | None = None
    """A currency, as ``EUR``; the service does not check it."""
    updated_at: datetime | None = None
    """When the tenant was last changed; ``None`` where the service does not say."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], hash=False)
    """What has no field of its own, by names on the wire: unknown fields, and values of an unexpected type."""

    def __repr__(self) -> str:
        return f"SubTenant(tenant_id={self.tenant_id!r})"


@attrs.frozen(kw_only=True, eq=False, repr=False)
class SubTenantCreate(Value):
    """The fields of a new sub-account. ``None`` is not sent."""

    tenant_id: str
    parent_tenant_id: str
    name: str = attrs.field(repr=False)
    status: str | None = attrs.field(default=None, repr=False)
    logo: str | None = attrs.field(default=None, repr=False)
    logo_url: str | None = attrs.field(default=None, repr=False)
    creator_name: str | None = attrs.field(default=None, repr=False)
    creator_email: str | None = attrs.field(default=None, repr=False)
    is_reseller: bool | None = attrs.field(default=None, repr=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class SubTenantRename(Value):
    """The new name of a sub-account."""

    name: str = attrs.field(repr=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class SubTenantManagement(Value):
    """Whether a sub-account may have sub-accounts of its own."""

    is_reseller: bool


@attrs.frozen(kw_only=True, eq=False, repr=False)
class SubTenantHierarchySettings(Value):
    """Whether the users of a tenant may enter its sub-accounts."""

    sub_account_access_type: SubAccountAccessType


@attrs.frozen(kw_only=True, eq=False, repr=False)
class SubTenantUserAccess(Value):
    """Whether one user may enter the sub-accounts."""

    allow_access: bool
