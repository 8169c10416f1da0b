"""`find_task`: finds a task that invites users or changes their roles."""

from __future__ import annotations

from frontegg_async.emulator.services.support.emulated_response import service_error
from frontegg_async.emulator.services.users.rows import UserTaskRow
from frontegg_async.emulator.store.state import State


def find_task(state: State, task_id: str, *, of_roles: bool) -> UserTaskRow:
    """Return a task that invites users, or with ``of_roles`` a task that changes roles.

    Raises:
        RequestRefusedError: 404 if there is no such task.
    """
    row = state.table(UserTaskRow).get(task_id)
    if row is None or (row.user_id is not None) is not of_roles:
        raise service_error(404, "Task not found")
    return row
