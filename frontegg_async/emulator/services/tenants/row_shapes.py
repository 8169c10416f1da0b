"""Rows of tenants. Switches remove fields or change their forms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, cast

import msgspec

from frontegg_async.emulator.services.tenants.switches import TenantSwitches
from frontegg_async.emulator.store.switches import Switches

_ID: Final = "tenantId"
_encode: Final = msgspec.json.Encoder().encode


def tenant(row: object, switches: Switches) -> object:
    """Return a tenant in the form of a listing or a get."""
    return row if switches[TenantSwitches].tenant_fields == "all" else reshaped(fields_of(row), switches)


def tenants(rows: Sequence[object], switches: Switches) -> Sequence[object]:
    """Return tenants in the form of a listing."""
    return (
        rows
        if switches[TenantSwitches].tenant_fields == "all"
        else [reshaped(fields_of(row), switches) for row in rows]
    )


def stored_tenant(text: bytes, switches: Switches) -> object:
    """Convert the JSON text of a tenant to the form of a get."""
    return (
        msgspec.Raw(text)
        if switches[TenantSwitches].tenant_fields == "all"
        else reshaped(msgspec.json.decode(text), switches)
    )


def stored_tenants(texts: Sequence[bytes], around: bytes, switches: Switches) -> bytes:
    """Join the JSON texts of tenants to JSON in the form of a listing.

    Args:
        texts: The texts.
        around: JSON whose first array is empty. The tenants are inserted into this array.
        switches: The switches.
    """
    if not texts:
        return around
    if switches[TenantSwitches].tenant_fields == "all":
        shown = list(texts)
    else:
        shown = [_encode(stored_tenant(text, switches)) for text in texts]
    # One join, since copies of a large page are expensive.
    start = around.index(b"[") + 1
    shown[0] = around[:start] + shown[0]
    shown[-1] += around[start:]
    return b",".join(shown)


def fields_of(row: object) -> dict[str, object]:
    """Return the fields of a row by their names in responses."""
    return dict(cast("dict[str, object]", msgspec.to_builtins(row)))


def reshaped(fields: dict[str, object], switches: Switches) -> dict[str, object]:
    """Return the fields of a row in the form that a switch sets. The id of the tenant does not change."""
    match switches[TenantSwitches].tenant_fields:
        case "all":
            return fields
        case "id_only":
            return {_ID: fields[_ID]}
        case "null":
            return {name: value if name == _ID else None for name, value in fields.items()}
        case "other_types":
            return {name: value if name == _ID else [value] for name, value in fields.items()}
