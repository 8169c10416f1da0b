"""Tenants in the service's format."""

from __future__ import annotations

import json


def tenant_row(tenant_id: str = "t1", **fields: object) -> dict[str, object]:
    """Return a tenant with the names on the wire; ``metadata`` is JSON text, as the service encodes it."""
    row: dict[str, object] = {
        "tenantId": tenant_id,
        "name": f"Tenant {tenant_id}",
        "createdAt": "2024-05-01T10:00:00.000Z",
        "updatedAt": "2024-05-01T10:00:00.000Z",
        "deletedAt": None,
    }
    if "metadata" in fields:
        fields["metadata"] = json.dumps(fields["metadata"])
    return row | fields
