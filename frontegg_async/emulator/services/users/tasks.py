"""`find_task`: the look-up of a task on users."""

from __future__ import annotations

from frontegg_async.emulator.services.support.emulated_response import service_error
from frontegg_async.emulator.services.users.rows import UserTaskRow
from frontegg_async.emulator.store.state import State


def find_task(state: State, task_id: str, *, of_roles: bool) -> UserTaskRow:
    """Return a task on users, which changes roles or invites users.

    Raises:
        RequestRefusedError: 404.
    """
    row = state.table(UserTaskRow).get(task_id)
    if row is None or (row.user_id is not None) is not of_roles:
        raise service_error(404, "Task not found")
    return row
