"""Converts tenants to the forms of responses. Switches omit fields or change their forms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, cast

import msgspec

from frontegg_async.emulator.services.tenants.switches import TenantSwitches
from frontegg_async.emulator.store.switches import Switches

_ID: Final = "tenantId"
_encode: Final = msgspec.json.Encoder().encode


def tenant(row: object, switches: Switches) -> object:
    """Convert a tenant to the form that lists and a get return."""
    return row if switches[TenantSwitches].tenant_fields == "all" else reshaped(fields_of(row), switches)


def tenants(rows: Sequence[object], switches: Switches) -> Sequence[object]:
    """Convert tenants to the form that lists return."""
    return (
        rows
        if switches[TenantSwitches].tenant_fields == "all"
        else [reshaped(fields_of(row), switches) for row in rows]
    )


def stored_tenant(text: bytes, switches: Switches) -> object:
    """Convert the JSON text of a tenant to the form that a get returns."""
    return (
        msgspec.Raw(text)
        if switches[TenantSwitches].tenant_fields == "all"
        else reshaped(msgspec.json.decode(text), switches)
    )


def stored_tenants(texts: Sequence[bytes], around: bytes, switches: Switches) -> bytes:
    """Join the JSON texts of tenants to the JSON that a list returns.

    Args:
        texts: The JSON texts of the tenants.
        around: The JSON around the tenants. The tenants are inserted into the first empty array in this text.
        switches: The switches.
    """
    if not texts:
        return around
    if switches[TenantSwitches].tenant_fields == "all":
        shown = list(texts)
    else:
        shown = [_encode(stored_tenant(text, switches)) for text in texts]
    # Join once, since copies of a large page are expensive.
    start = around.index(b"[") + 1
    shown[0] = around[:start] + shown[0]
    shown[-1] += around[start:]
    return b",".join(shown)


def fields_of(row: object) -> dict[str, object]:
    """Return the fields of a row by their names in responses."""
    return dict(cast("dict[str, object]", msgspec.to_builtins(row)))


def reshaped(fields: dict[str, object], switches: Switches) -> dict[str, object]:
    """Return the fields of a row in the form that a switch chooses. The id of the tenant stays the same."""
    match switches[TenantSwitches].tenant_fields:
        case "all":
            return fields
        case "id_only":
            return {_ID: fields[_ID]}
        case "null":
            return {name: value if name == _ID else None for name, value in fields.items()}
        case "other_types":
            return {name: value if name == _ID else [value] for name, value in fields.items()}
