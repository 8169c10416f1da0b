"""The tasks on users that the service carries out later; the emulator does it at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from frontegg_async.emulator.store.table_row import TableRow


class UserTaskRow(TableRow, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """An invitation of many users, or, with a ``user_id``, a change of the roles of one in many tenants.

    ``errors`` are what failed, as the service writes it.
    """

    total: int
    user_id: str | None = None
    added_role_ids: tuple[str, ...] = ()
    removed_role_ids: tuple[str, ...] = ()
    errors: tuple[dict[str, str], ...] = ()

    @property
    def status(self) -> str:
        """How it ended."""
        return "CompletedWithErrors" if self.errors else "Completed"


TABLES: Final[Mapping[str, type[TableRow]]] = {"userTasks": UserTaskRow}
