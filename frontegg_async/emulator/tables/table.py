"""`TableRow`: a record of a subject of its own, beside tenants and users."""

from __future__ import annotations

import msgspec


class TableRow(msgspec.Struct, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A record that a table keeps by its id, and that goes when its tenant does.

    Args:
        id: Tells it from the others of its table.
        tenant_id: The tenant that it belongs to; empty for what belongs to the environment.
    """

    id: str
    tenant_id: str = ""
