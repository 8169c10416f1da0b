"""The tenant, as it is read and as it is written."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from datetime import datetime

import attrs

from frontegg_async._values.fields import EXPECTED, EXTRA
from frontegg_async._values.json_values import JsonValue, LazyJson
from frontegg_async._values.optional_slots import DictSlot, OptionalSlot
from frontegg_async._values.unset import UNSET, Unset
from frontegg_async._values.value import Value


class TenantSort(enum.StrEnum):
    """What tenants can be sorted by."""

    CREATED_AT = "createdAt"
    NAME = "name"
    TENANT_ID = "tenantId"


class Order(enum.StrEnum):
    """Ascending or descending."""

    ASC = "ASC"
    DESC = "DESC"


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class Tenant(Value):
    """A tenant (the service's own word is account).

    Only ``tenant_id`` is always there: the service may leave out any other field. ``name`` is empty then, and
    ``extra["name"]`` is ``None`` where the service gave null and ``""`` where it gave no name at all; every other
    field is ``None``.

    ``metadata`` is the parsed JSON value; text that is not JSON is kept as `RawText`. ``extra`` has, by their names
    on the wire, the fields that this version does not know, and values that have another type than their field.
    ``id`` is the service's internal id, which no operation takes. The parent is not here: ask the hierarchy.
    """

    tenant_id: str
    name: str = attrs.field(default="", metadata={EXPECTED: True})
    created_at: datetime | None = None
    updated_at: datetime | None = None
    deleted_at: datetime | None = None
    id: str | None = None
    vendor_id: str | None = None
    is_reseller: bool | None = None
    metadata: JsonValue = attrs.field(default=None, hash=False)
    creator_name: str | None = None
    creator_email: str | None = None
    status: str | None = None
    website: str | None = None
    application_url: str | None = None
    logo: str | None = None
    logo_url: str | None = None
    address: str | None = None
    timezone: str | None = None
    currency: str | None = None
    alias: str | None = None
    domain: str | None = None
    login_url: str | None = None
    has_custom_login: bool | None = None
    date_format: str | None = None
    time_format: str | None = None
    tenant_type: str | None = None
    address2: str | None = None
    country_code: str | None = None
    state: str | None = None
    city: str | None = None
    post_code: str | None = None
    industry: str | None = None
    number_of_employees: int | str | None = None
    annual_revenue: int | float | str | None = None
    year_founded: int | str | None = None
    total_funding: int | float | str | None = None
    is_locked: bool | None = None
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], hash=False)

    @property
    def is_deleted(self) -> bool:
        """Whether the service says that the tenant was deleted.

        A ``deletedAt`` that is not null and that cannot be read as a time counts too: ``deleted_at`` is ``None`` then,
        and ``extra["deletedAt"]`` has what the service gave.
        """
        return self.deleted_at is not None or self.extra.get("deletedAt") is not None

    def __repr__(self) -> str:
        return f"Tenant(tenant_id={self.tenant_id!r})"

    def _repr_html_(self) -> str:
        """Return what notebooks show: a table of the fields that are set."""
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
class TenantCreate(Value):
    """The fields of a new tenant. ``None`` is not sent."""

    tenant_id: str
    name: str | None = attrs.field(default=None, repr=False)
    status: str | None = attrs.field(default=None, repr=False)
    website: str | None = attrs.field(default=None, repr=False)
    application_url: str | None = attrs.field(default=None, repr=False)
    logo: str | None = attrs.field(default=None, repr=False)
    logo_url: str | None = attrs.field(default=None, repr=False)
    address: str | None = attrs.field(default=None, repr=False)
    timezone: str | None = attrs.field(default=None, repr=False)
    currency: str | None = attrs.field(default=None, repr=False)
    creator_name: str | None = attrs.field(default=None, repr=False)
    creator_email: str | None = attrs.field(default=None, repr=False)
    is_reseller: bool | None = attrs.field(default=None, repr=False)
    parent_tenant_id: str | None = None
    metadata: JsonValue = attrs.field(default=None, repr=False, hash=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class TenantUpdate(Value):
    """The fields of a tenant to change. What is `UNSET` is not sent; ``None`` is sent as null.

    The service also takes the two ids, and no source tells what it does with them; no method of the SDK sends them.
    """

    tenant_id: str | Unset = UNSET
    parent_tenant_id: str | None | Unset = UNSET
    name: str | Unset = UNSET
    status: str | None | Unset = UNSET
    website: str | None | Unset = UNSET
    application_url: str | None | Unset = UNSET
    logo: str | None | Unset = UNSET
    logo_url: str | None | Unset = UNSET
    address: str | None | Unset = UNSET
    timezone: str | None | Unset = UNSET
    currency: str | None | Unset = UNSET
    creator_name: str | None | Unset = UNSET
    creator_email: str | None | Unset = UNSET
    is_reseller: bool | Unset = UNSET
    metadata: JsonValue | Unset = attrs.field(default=UNSET, hash=False)

    def __repr__(self) -> str:
        return object.__repr__(self)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class MetadataUpdate(Value):
    """Keys to merge into a tenant's metadata."""

    metadata: Mapping[str, JsonValue] = attrs.field(repr=False, hash=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class TenantIds(Value):
    """The ids of 1 to 100 tenants."""

    tenant_ids: tuple[str, ...]
