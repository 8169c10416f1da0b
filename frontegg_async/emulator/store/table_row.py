"""`TableRow`: the base class of all rows except those of tenants, users and refresh tokens."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import msgspec


class TableRow(msgspec.Struct, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A row of a table. When the tenant of the row is removed, the row is removed too.

    Args:
        id: The id of the row, which is unique in its table.
        tenant_id: The id of the row's tenant. The id is empty if the row belongs to the environment.
    """

    id: str
    tenant_id: str = ""

    def moments(self) -> tuple[str, ...]:
        """Return the times in the row, so that their format can be checked."""
        return ()

    def problem(self, find: Find) -> str | None:
        """Return the reason why the row is not valid, or ``None`` if the row is valid.

        Args:
            find: The function that returns the row with an id in a table.
        """
        del find
        return None


Find: TypeAlias = Callable[[type[TableRow], str], TableRow | None]
