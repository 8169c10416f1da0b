"""Tenants, as the emulator stores them. A row encodes as the service writes it; rows are replaced, not changed."""

from __future__ import annotations

import json
import unicodedata
from typing import Final, TypeAlias

import msgspec

from frontegg_async._values.json_values import JsonValue

MAX_ID_LENGTH: Final = 256

_encode: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

MaybeText: TypeAlias = str | None | msgspec.UnsetType
MaybeFlag: TypeAlias = bool | None | msgspec.UnsetType
MaybeNumber: TypeAlias = int | float | str | None | msgspec.UnsetType


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


def metadata_text(value: JsonValue) -> str | None:
    """Return the JSON text that a row holds for metadata; a string is JSON text already."""
    return value if value is None or isinstance(value, str) else _encode(value)


def is_valid_tenant_id(tenant_id: str) -> bool:
    """Whether a text may be the id of a tenant."""
    if not 0 < len(tenant_id) <= MAX_ID_LENGTH or tenant_id in (".", ".."):
        return False
    return tenant_id.isprintable() or not any(unicodedata.category(letter) in ("Cc", "Cs") for letter in tenant_id)
