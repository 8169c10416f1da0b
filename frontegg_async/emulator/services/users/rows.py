"""`UserTaskRow`: tasks that change many users or tenants. The emulator runs a task at once, the service later."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from frontegg_async.emulator.store.table_row import TableRow


class UserTaskRow(TableRow, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A task that invites many users. With ``user_id``, the task changes the roles of a user in many tenants.

    ``errors`` contains the failures in the form of a response.
    """

    total: int
    user_id: str | None = None
    added_role_ids: tuple[str, ...] = ()
    removed_role_ids: tuple[str, ...] = ()
    errors: tuple[dict[str, str], ...] = ()

    @property
    def status(self) -> str:
        """The status of the task, which has ended."""
        return "CompletedWithErrors" if self.errors else "Completed"


TABLES: Final[Mapping[str, type[TableRow]]] = {"userTasks": UserTaskRow}
