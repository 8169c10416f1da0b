"""Models of sub-accounts: the results of write operations, and the request bodies of these operations."""

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
    """A sub-account that a write operation returned. `tenants.get` returns a `Tenant` with all fields."""

    tenant_id: str
    """The id of the sub-account. Each sub-account is also a tenant."""
    name: str = attrs.field(default="", metadata={EXPECTED: True})
    """The name.

    Empty if the response has no name. ``extra["name"]`` is then ``None`` for a null name, and ``""`` for a missing
    name.
    """
    status: str | None = None
    """A text for your own use. The service does not interpret the text."""
    website: str | None = None
    """The address of the tenant's web site."""
    application_url: str | None = None
    """The address at which the tenant's users reach your application."""
    logo: str | None = None
    """The logo: an image, base64-encoded."""
    logo_url: str | None = None
    """The address of the logo."""
    address: str | None = None
    """The postal address, as one text."""
    timezone: str | None = None
    """The name of the time zone, such as ``Europe/Berlin``; the service does not check the name."""
    currency: str | None = None
    """The currency, such as ``EUR``; the service does not check the code."""
    updated_at: datetime | None = None
    """The time at which the tenant was last changed; ``None`` if the response lacks it."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""

    def __repr__(self) -> str:
        return f"SubTenant(tenant_id={self.tenant_id!r})"


@attrs.frozen(kw_only=True, eq=False, repr=False)
class SubTenantCreate(Value):
    """The fields of a new sub-account. Fields that are ``None`` are not sent."""

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
    """Whether a sub-account may have its own sub-accounts."""

    is_reseller: bool


@attrs.frozen(kw_only=True, eq=False, repr=False)
class SubTenantHierarchySettings(Value):
    """The rule for the access of a tenant's users to its sub-accounts."""

    sub_account_access_type: SubAccountAccessType


@attrs.frozen(kw_only=True, eq=False, repr=False)
class SubTenantUserAccess(Value):
    """Whether one user may enter the sub-accounts of a tenant."""

    allow_access: bool
