"""Rows with missing or differently formed fields, as the switches of `ReadingBehaviour` say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, cast

import msgspec

from frontegg_async.emulator.behaviour.switches import Behaviour

_ID: Final = "tenantId"
_NAME: Final = "tenantName"
_encode: Final = msgspec.json.Encoder().encode


def tenant(row: object, behaviour: Behaviour) -> object:
    """Return a tenant as a list or a get returns it."""
    return row if behaviour.tenant_fields == "all" else _reshaped(_fields(row), behaviour)


def tenants(rows: Sequence[object], behaviour: Behaviour) -> Sequence[object]:
    """Return tenants as a list returns them."""
    return rows if behaviour.tenant_fields == "all" else [_reshaped(_fields(row), behaviour) for row in rows]


def stored_tenant(text: bytes, behaviour: Behaviour) -> object:
    """Return a tenant from its JSON text as a get returns it."""
    return msgspec.Raw(text) if behaviour.tenant_fields == "all" else _reshaped(msgspec.json.decode(text), behaviour)


def stored_tenants(texts: Sequence[bytes], around: bytes, behaviour: Behaviour) -> bytes:
    """Return JSON with tenants from their JSON texts as a list returns them.

    Args:
        texts: The texts.
        around: JSON in which the first array is empty: it gets the tenants.
        behaviour: The switches.
    """
    if not texts:
        return around
    if behaviour.tenant_fields == "all":
        shown = list(texts)
    else:
        shown = [_encode(stored_tenant(text, behaviour)) for text in texts]
    # One join, since a page is large enough that each copy of it counts.
    start = around.index(b"[") + 1
    shown[0] = around[:start] + shown[0]
    shown[-1] += around[start:]
    return b",".join(shown)


def hierarchy_row(row: object, behaviour: Behaviour) -> object:
    """Return a row of the hierarchy."""
    is_plain = behaviour.hierarchy_name == "tenant_name" and behaviour.hierarchy_level == "given"
    if is_plain:
        return tenant(row, behaviour)
    fields = _fields(row)
    if behaviour.hierarchy_name == "name" and _NAME in fields:
        fields["name"] = fields.pop(_NAME)
    if behaviour.hierarchy_level == "missing":
        fields.pop("level", None)
    return _reshaped(fields, behaviour)


def hierarchy_rows(rows: Iterable[object], behaviour: Behaviour) -> object:
    """Return rows of the hierarchy as a list; a single row without a list if a switch says so."""
    shown = [hierarchy_row(row, behaviour) for row in rows]
    return shown[0] if len(shown) == 1 and behaviour.hierarchy_of_one == "object" else shown


def _fields(row: object) -> dict[str, object]:
    return dict(cast("dict[str, object]", msgspec.to_builtins(row)))


def _reshaped(fields: dict[str, object], behaviour: Behaviour) -> dict[str, object]:
    match behaviour.tenant_fields:
        case "all":
            return fields
        case "id_only":
            return {_ID: fields[_ID]}
        case "null":
            return {name: value if name == _ID else None for name, value in fields.items()}
        case "other_types":
            return {name: value if name == _ID else [value] for name, value in fields.items()}
