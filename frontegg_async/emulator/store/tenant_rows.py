"""The rows of tenants. The store keeps a row as the JSON text of a response. Rows are replaced, never changed."""

from __future__ import annotations

import json
import unicodedata
from typing import Final

import msgspec

from frontegg_async._values.json_values import JsonValue
from frontegg_async.emulator.store.tenant_profile import TenantProfile

MAX_ID_LENGTH: Final = 256

_encode: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class TenantRow(TenantProfile, rename="camel", kw_only=True, frozen=True, gc=False, forbid_unknown_fields=True):
    """A tenant. Responses omit fields that are not set. ``metadata`` is JSON text, as the service stores it."""

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


class OwnFields(msgspec.Struct, rename="camel", frozen=True, gc=False):
    """The fields of a `TenantRow` that follow the fields of `TenantProfile`."""

    id: str
    vendor_id: str
    tenant_id: str
    name: str
    created_at: str
    updated_at: str
    deleted_at: str | None
    is_reseller: bool
    is_locked: bool
    metadata: str | None


class StoredTenant(TenantRow, rename="camel", kw_only=True, frozen=True, gc=False):
    """A tenant together with the id of its parent, as snapshots and persistence files contain it."""

    parent_tenant_id: str | None = None

    def row(self) -> TenantRow:
        """Return the tenant without the id of its parent."""
        fields = msgspec.structs.asdict(self)
        del fields["parent_tenant_id"]
        return TenantRow(**fields)


def metadata_text(value: JsonValue) -> str | None:
    """Return metadata as the JSON text for a row. A string is taken as JSON text already."""
    return value if value is None or isinstance(value, str) else _encode(value)


def is_valid_tenant_id(tenant_id: str) -> bool:
    """Return whether a text may be the id of a tenant."""
    if not 0 < len(tenant_id) <= MAX_ID_LENGTH or tenant_id in (".", ".."):
        return False
    return tenant_id.isprintable() or not any(unicodedata.category(letter) in ("Cc", "Cs") for letter in tenant_id)
