"""`TableRow`: a record of a subject of its own, beside tenants and users."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import msgspec


class TableRow(msgspec.Struct, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A record that a table keeps by its id, and that goes when its tenant does.

    Args:
        id: Tells it from the others of its table.
        tenant_id: The tenant that it belongs to; empty for what belongs to the environment.
    """

    id: str
    tenant_id: str = ""

    def moments(self) -> tuple[str, ...]:
        """Return the times that it holds."""
        return ()

    def problem(self, find: Find) -> str | None:
        """Say what no emulator would have written.

        Args:
            find: Finds the row that a table has by an id.
        """
        del find
        return None


Find: TypeAlias = Callable[[type[TableRow], str], TableRow | None]
