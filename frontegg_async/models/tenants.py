"""Models of tenants, and the request bodies for tenants."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from datetime import datetime
from typing import Literal, TypeAlias

import attrs

from frontegg_async._values.fields import EXPECTED, EXTRA, WIRE_NAME, WRITABLE
from frontegg_async._values.json_values import JsonValue, LazyJson
from frontegg_async._values.optional_slots import DictSlot, OptionalSlot
from frontegg_async._values.value import Value
from frontegg_async.models.model import Model, ModelWithMetadata

__all__ = ["Tenant", "TenantSort", "UserCount"]


class TenantSort(enum.StrEnum):
    """The fields that sort a listing of tenants."""

    CREATED_AT = "createdAt"
    """The time of creation."""
    NAME = "name"
    """The name."""
    TENANT_ID = "tenantId"
    """The id of the tenant."""


TenantSortLiteral: TypeAlias = Literal["createdAt", "name", "tenantId", "created_at", "tenant_id"]
"""The fields of `TenantSort` as text."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class Tenant(ModelWithMetadata):
    """A tenant. The service calls it an account.

    Only ``tenant_id`` is always present. If the service leaves out ``name``, it is empty. If the service leaves out
    another field, this field is ``None``. No field contains the parent of the tenant: see the operations of
    ``hierarchy``.
    """

    tenant_id: str
    """The tenant's id, which all operations accept: the id that the creation named, or a UUID. Always present."""
    name: str = attrs.field(default="", metadata={EXPECTED: True})
    """The name.

    Empty if the response has no name. ``extra["name"]`` is then ``None`` for a null name, and ``""`` for a missing
    name.
    """
    created_at: datetime | None = None
    """The time at which the tenant was created; ``None`` if the response lacks it."""
    updated_at: datetime | None = None
    """The time at which the tenant was last changed; ``None`` if the response lacks it."""
    deleted_at: datetime | None = None
    """The time at which the tenant was deleted; ``None`` if the tenant exists. See ``is_deleted``."""
    internal_id: str | None = attrs.field(default=None, metadata={WIRE_NAME: "id"})
    """The service's internal id, different from ``tenant_id``. No operation accepts the internal id."""
    vendor_id: str | None = None
    """The id of the tenant's environment."""
    is_reseller: bool | None = None
    """Whether the tenant may have sub-accounts."""
    metadata: JsonValue = attrs.field(default=None, hash=False)
    """Your own metadata: the parsed JSON value, `RawText` if the text is not JSON, or ``None``."""
    creator_name: str | None = attrs.field(default=None, metadata={WRITABLE: True})
    """The name of the person who created the tenant, if the creation named a person."""
    creator_email: str | None = attrs.field(default=None, metadata={WRITABLE: True})
    """The e-mail address of the person who created the tenant, if the creation named a person."""
    status: str | None = attrs.field(default=None, metadata={WRITABLE: True})
    """A text for your own use. The service does not interpret the text."""
    website: str | None = attrs.field(default=None, metadata={WRITABLE: True})
    """The address of the tenant's web site."""
    application_url: str | None = attrs.field(default=None, metadata={WRITABLE: True})
    """The address at which the tenant's users reach your application."""
    logo: str | None = attrs.field(default=None, metadata={WRITABLE: True})
    """The logo: an image, base64-encoded."""
    logo_url: str | None = attrs.field(default=None, metadata={WRITABLE: True})
    """The address of the logo."""
    address: str | None = attrs.field(default=None, metadata={WRITABLE: True})
    """The postal address, as one text."""
    timezone: str | None = attrs.field(default=None, metadata={WRITABLE: True})
    """The name of the time zone, such as ``Europe/Berlin``; the service does not check the name."""
    currency: str | None = attrs.field(default=None, metadata={WRITABLE: True})
    """The currency, such as ``EUR``; the service does not check the code."""
    alias: str | None = None
    """The alias of a tenant that has its own login page. `tenants.get_by_alias` accepts the alias."""
    domain: str | None = None
    """The domain of a tenant that has its own login page."""
    login_url: str | None = None
    """The address at which the tenant's users sign in."""
    has_custom_login: bool | None = None
    """Whether the tenant has its own login page."""
    date_format: str | None = None
    """The format of dates for the tenant's users, such as ``DD/MM/YYYY``."""
    time_format: str | None = None
    """The format of times of day for the tenant's users, such as ``24h``."""
    tenant_type: str | None = None
    """The type: ``customer``, ``spam``, ``test``, ``reseller``, ``headquarter`` or an unknown text."""
    address2: str | None = None
    """The second line of the postal address."""
    country_code: str | None = None
    """The code of the country."""
    state: str | None = None
    """The state or province of the address."""
    city: str | None = None
    """The city of the address."""
    post_code: str | None = None
    """The postal code of the address."""
    industry: str | None = None
    """The industry of the tenant's company."""
    number_of_employees: int | str | None = None
    """The number of employees of the tenant's company, as a number or as text."""
    annual_revenue: int | float | str | None = None
    """The yearly revenue of the tenant's company, as a number or as text."""
    year_founded: int | str | None = None
    """The year in which the tenant's company was founded, as a number or as text."""
    total_funding: int | float | str | None = None
    """The total funding of the tenant's company, as a number or as text."""
    is_locked: bool | None = None
    """Whether the tenant is locked.

    Users of a locked tenant cannot sign in, refresh their session or switch to the tenant.
    """
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""

    @property
    def is_deleted(self) -> bool:
        """Whether the tenant was deleted.

        If the response has a ``deletedAt`` that is not a time, the tenant is regarded as deleted. ``deleted_at`` is
        then ``None``, and ``extra["deletedAt"]`` has the original value.
        """
        return self.deleted_at is not None or self.extra.get("deletedAt") is not None

    def __repr__(self) -> str:
        return f"Tenant(tenant_id={self.tenant_id!r})"

    def _repr_html_(self) -> str:
        """Return the HTML that notebooks show: a table of the fields that are set."""
        from frontegg_async._notebook import tables  # noqa: PLC0415 - only notebooks need it

        return tables.one(f"Tenant {self.name or self.tenant_id}", self)


LazyJson.install(Tenant, "metadata")
DictSlot.install(Tenant, (EXTRA,))
OptionalSlot.install(
    Tenant,
    (
        "alias",
        "domain",
        "login_url",
        "has_custom_login",
        "date_format",
        "time_format",
        "tenant_type",
        "address2",
        "country_code",
        "state",
        "city",
        "post_code",
        "industry",
        "number_of_employees",
        "annual_revenue",
        "year_founded",
        "total_funding",
    ),
)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class MetadataUpdate(Value):
    """The keys to merge into a tenant's metadata."""

    metadata: Mapping[str, JsonValue] = attrs.field(repr=False, hash=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class TenantIds(Value):
    """The ids of 1 to 100 tenants."""

    tenant_ids: tuple[str, ...]


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class UserCount(Model):
    """The number of users of a tenant."""

    tenant_id: str
    """The id of the tenant."""
    total_users: int | None = None
    """The number of users of the tenant; ``None`` if the response lacks the number."""
    total_access_allowed_users: int | None = None
    """The number of users who may enter the tenant; ``None`` if the response lacks the number."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class UserCountQuery(Value):
    """The tenants whose users the service counts."""

    tenant_ids: tuple[str, ...]
    exclude_invisible_users: bool | None = None


@attrs.frozen(kw_only=True, eq=False, repr=False)
class UserMove(Value):
    """The tenant whose users are moved, and the tenant to which the users are moved."""

    src_tenant_id: str
    target_tenant_id: str
