"""`TableRow`: the base of all rows except tenants, users and refresh tokens."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import msgspec


class TableRow(msgspec.Struct, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A row of a table. It is removed with its tenant.

    Args:
        id: The id of the row, unique in its table.
        tenant_id: The id of the row's tenant; empty if the row belongs to the environment.
    """

    id: str
    tenant_id: str = ""

    def moments(self) -> tuple[str, ...]:
        """Return the row's times, which must be well formed."""
        return ()

    def problem(self, find: Find) -> str | None:
        """Return why the row is not valid; ``None`` if it is valid.

        Args:
            find: Returns the row of a table with an id.
        """
        del find
        return None


Find: TypeAlias = Callable[[type[TableRow], str], TableRow | None]
