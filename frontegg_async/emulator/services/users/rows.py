"""The tasks on users. The service runs tasks later, but the emulator runs them at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from frontegg_async.emulator.store.table_row import TableRow


class UserTaskRow(TableRow, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """An invitation of many users or, with ``user_id``, a change of a user's roles in many tenants.

    ``errors`` are the failures in the form of a response.
    """

    total: int
    user_id: str | None = None
    added_role_ids: tuple[str, ...] = ()
    removed_role_ids: tuple[str, ...] = ()
    errors: tuple[dict[str, str], ...] = ()

    @property
    def status(self) -> str:
        """The status of the finished task."""
        return "CompletedWithErrors" if self.errors else "Completed"


TABLES: Final[Mapping[str, type[TableRow]]] = {"userTasks": UserTaskRow}
