"""Models of tenants, the fields that sort them, and bodies of their requests."""

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

    Only ``tenant_id`` is always present. The service may leave out any other field: ``name`` is then empty, and the
    others are ``None``. The hierarchy knows the parent of a tenant; no field of the tenant contains it.
    """

    tenant_id: str
    """The tenant's id, which all operations take. It was chosen at the creation, or is a UUID. Always present."""
    name: str = attrs.field(default="", metadata={EXPECTED: True})
    """The name.

    Empty where the service gives none: ``extra["name"]`` is then ``None`` for null and ``""`` for a missing field.
    """
    created_at: datetime | None = None
    """The time at which the tenant was created; ``None`` where the service does not say."""
    updated_at: datetime | None = None
    """The time at which the tenant was last changed; ``None`` where the service does not say."""
    deleted_at: datetime | None = None
    """The time at which the tenant was deleted; ``None`` while it is alive. See ``is_deleted``."""
    internal_id: str | None = attrs.field(default=None, metadata={WIRE_NAME: "id"})
    """The service's internal id, different from ``tenant_id``. No operation takes it."""
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
    """A text for your own use; the service gives it no meaning."""
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
    """The alias of a tenant with a login page of its own, which `tenants.get_by_alias` takes."""
    domain: str | None = None
    """The domain of a tenant with a login page of its own."""
    login_url: str | None = None
    """The address at which the tenant's users sign in."""
    has_custom_login: bool | None = None
    """Whether the tenant has a login page of its own."""
    date_format: str | None = None
    """The format of dates for the tenant's users, such as ``DD/MM/YYYY``."""
    time_format: str | None = None
    """The format of times of day for the tenant's users, such as ``24h``."""
    tenant_type: str | None = None
    """The type: ``customer``, ``spam``, ``test``, ``reseller``, ``headquarter``, or a text that is new."""
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
    """Whether the tenant is locked: its users cannot sign in, refresh their session or switch into it."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""

    @property
    def is_deleted(self) -> bool:
        """Whether the tenant was deleted.

        A ``deletedAt`` counts even if it cannot be read as a time: ``deleted_at`` is then ``None``, and
        ``extra["deletedAt"]`` has the original value.
        """
        return self.deleted_at is not None or self.extra.get("deletedAt") is not None

    def __repr__(self) -> str:
        return f"Tenant(tenant_id={self.tenant_id!r})"

    def _repr_html_(self) -> str:
        """Return the HTML that notebooks show: a table of the fields that are set."""
        from frontegg_async._notebook import tables  # noqa: PLC0415 - of notebooks only

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
    """The number of users of the tenant; ``None`` where the service gives no number."""
    total_access_allowed_users: int | None = None
    """The number of users who may enter the tenant; ``None`` where the service gives no number."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class UserCountQuery(Value):
    """The tenants whose users to count."""

    tenant_ids: tuple[str, ...]
    exclude_invisible_users: bool | None = None


@attrs.frozen(kw_only=True, eq=False, repr=False)
class UserMove(Value):
    """The tenant whose users to move, and the tenant to move them to."""

    src_tenant_id: str
    target_tenant_id: str
