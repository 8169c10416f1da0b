"""Sub-accounts, as their own operations read and write them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import attrs

from frontegg_async._values.fields import EXPECTED
from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.value import Value
from frontegg_async.models.hierarchy import SubAccountAccessType


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class SubTenant(Value):
    """A sub-account as the service answers it when it was written.

    It has fewer fields than a `Tenant`, which `tenants.get` returns. ``name`` is empty where the service gives none;
    ``extra["name"]`` is ``None`` then for null, and ``""`` for a name that is missing.
    """

    tenant_id: str
    name: str = attrs.field(default="", metadata={EXPECTED: True})
    status: str | None = None
    website: str | None = None
    application_url: str | None = None
    logo: str | None = None
    logo_url: str | None = None
    address: str | None = None
    timezone: str | None = None
    currency: str | None = None
    updated_at: datetime | None = None
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], hash=False)

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
