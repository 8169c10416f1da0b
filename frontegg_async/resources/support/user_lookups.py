"""Checks of user ids, look-ups of data of many users, and tasks that change roles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeVar

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async.endpoints import Endpoint, users
from frontegg_async.errors import ErrorDetails, FronteggError, InvalidArgumentError, NotFoundError, Outcome
from frontegg_async.models.users import RolesChange, RolesTask, TaskStatus
from frontegg_async.options import Options
from frontegg_async.resources.support.batches import in_batches
from frontegg_async.resources.support.writes import of_whole

T = TypeVar("T")

_WORDS: Final = frozenset({"configuration", "email", "me", "phone", "tenant"})
"""The last path segments of other routes. With the user id ``tenant``, a replacement would switch the tenant."""

_NO_MORE: Final[Sequence[tuple[str, str]]] = ()


def check_user_id(user_id: str) -> None:
    """Check the id of a user. Refuse ids that are the last path segment of another route.

    Raises:
        InvalidArgumentError: The value cannot be an id, or is the last path segment of another route.
    """
    arguments.check_id(user_id, "user_id")
    if user_id in _WORDS:
        raise InvalidArgumentError(f"user_id must not be {user_id!r}, because that is the path of another operation")


async def looked_up(
    caller: Caller,
    endpoint: Endpoint[tuple[T, ...]],
    user_ids: Sequence[str],
    options: Options | None,
    more: Sequence[tuple[str, str]] = _NO_MORE,
) -> tuple[T, ...]:
    """Look up data of users, with one request for each 100 users.

    Args:
        caller: Makes the requests.
        endpoint: The operation. Its first query parameter takes the comma-separated ids.
        user_ids: The ids.
        options: Options of the requests.
        more: Further query parameters.

    Raises:
        InvalidArgumentError: ``user_ids`` is empty, or an id is not allowed.
        PartialFailureError: There were several requests and at least one failed.
        FronteggError: There was one request and the request failed.
    """
    ids = arguments.check_ids(user_ids, "user_ids", of_query=True)

    async def send(batch: Sequence[str]) -> tuple[T, ...]:
        return await caller.value(endpoint, query=((endpoint.query[0], ",".join(batch)), *more), options=options)

    return tuple(each for rows in await in_batches(endpoint.name, ids, send) for each in rows)


def task_of(change: RolesChange, user_id: str) -> RolesTask:
    """Return the task that changes roles. If the service made the change immediately, return a completed task."""
    return RolesTask(
        id=change.task_id,
        user_id=user_id,
        status=change.status or (TaskStatus.COMPLETED if change.task_id is None else TaskStatus.NOT_STARTED),
        total_tenants=change.affected_tenants,
        processed_tenants=change.affected_tenants if change.task_id is None else None,
        added_role_ids=change.roles_added,
        removed_role_ids=change.roles_removed,
        extra=change.extra,
    )


async def tenant_of(caller: Caller, change: Endpoint[object], user_id: str, options: Options | None) -> str:
    """Return the id of a user's active tenant, or of any other tenant of the user, for a write that needs a tenant.

    Args:
        caller: Makes the request.
        change: The operation that writes afterwards.
        user_id: The id of the user.
        options: Options of the request.

    Raises:
        InvalidArgumentError: ``user_id`` cannot be an id; nothing was sent.
        ReadOnlyError: The client is read-only; nothing was sent.
        NotFoundError: There is no such user, or the user is in no tenant.
        FronteggError: The request failed, and the write was not sent.
    """
    check_user_id(user_id)
    caller.check_writable(change.name, options)
    try:
        user = await caller.value(users.GET, path={"user_id": user_id}, options=options)
    except FronteggError as error:
        failure: FronteggError = of_whole(error, Outcome.NOT_SENT)
    else:
        if found := next(iter((*filter(None, (user.tenant_id,)), *user.tenant_ids)), None):
            return found
        details = ErrorDetails(endpoint=change.name, outcome=Outcome.NOT_SENT)
        failure = NotFoundError(f"{change.name}: the user is in no tenant", details)
    raise failure.fresh()
