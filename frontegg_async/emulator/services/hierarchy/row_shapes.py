"""Converts tenants of the hierarchy to the form of a response. Switches omit or rename fields."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from frontegg_async.emulator.services.hierarchy.switches import HierarchySwitches
from frontegg_async.emulator.services.tenants.row_shapes import fields_of, reshaped, tenant
from frontegg_async.emulator.store.switches import Switches

_NAME: Final = "tenantName"


def hierarchy_row(row: object, switches: Switches) -> object:
    """Return a tenant of the hierarchy in the form of a response."""
    is_plain = (
        switches[HierarchySwitches].hierarchy_name == "tenant_name"
        and switches[HierarchySwitches].hierarchy_level == "given"
    )
    if is_plain:
        return tenant(row, switches)
    fields = fields_of(row)
    if switches[HierarchySwitches].hierarchy_name == "name" and _NAME in fields:
        fields["name"] = fields.pop(_NAME)
    if switches[HierarchySwitches].hierarchy_level == "missing":
        fields.pop("level", None)
    return reshaped(fields, switches)


def hierarchy_rows(rows: Iterable[object], switches: Switches) -> object:
    """Return tenants of the hierarchy as a list. If a switch requires it, return a single tenant without a list."""
    shown = [hierarchy_row(row, switches) for row in rows]
    return shown[0] if len(shown) == 1 and switches[HierarchySwitches].hierarchy_of_one == "object" else shown
