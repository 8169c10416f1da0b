"""Ids of users, look-ups of many users, and the task of a change of roles."""

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
"""The last parts of other routes: as the id of a user to replace, ``tenant`` would switch a tenant."""

_NO_MORE: Final[Sequence[tuple[str, str]]] = ()


def check_user_id(user_id: str) -> None:
    """Refuse what is no id of a user, and the words that stand in the place of one in other routes.

    Raises:
        InvalidArgumentError: It cannot be an id, or is such a word.
    """
    arguments.check_id(user_id, "user_id")
    if user_id in _WORDS:
        raise InvalidArgumentError(f"user_id must not be {user_id!r}, which is the address of another operation")


async def looked_up(
    caller: Caller,
    endpoint: Endpoint[tuple[T, ...]],
    user_ids: Sequence[str],
    options: Options | None,
    more: Sequence[tuple[str, str]] = _NO_MORE,
) -> tuple[T, ...]:
    """Return what an operation says of users, with a request for each 100.

    Args:
        caller: Makes the requests.
        endpoint: The operation, whose first parameter takes the ids with commas in between.
        user_ids: The ids.
        options: How the requests are made.
        more: The other parameters.

    Raises:
        InvalidArgumentError: There is no id, or one is not allowed.
        PartialFailureError: There were several requests and some failed.
        FronteggError: There was one request and it failed.
    """
    ids = arguments.check_ids(user_ids, "user_ids", of_query=True)

    async def send(batch: Sequence[str]) -> tuple[T, ...]:
        return await caller.value(endpoint, query=((endpoint.query[0], ",".join(batch)), *more), options=options)

    return tuple(each for rows in await in_batches(endpoint.name, ids, send) for each in rows)


def task_of(change: RolesChange, user_id: str) -> RolesTask:
    """Return the task that changes roles; if the service did it at once, one that is over."""
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
    """Return the id of a tenant that a user is in, for a write that needs one: the active tenant, if there is one.

    Args:
        caller: Makes the request.
        change: The write that follows.
        user_id: The id of the user.
        options: How the request is made.

    Raises:
        InvalidArgumentError: ``user_id`` cannot be an id; nothing was sent.
        ReadOnlyError: The client is read-only; nothing was sent.
        NotFoundError: There is no such user, or it is in no tenant.
        FronteggError: The read failed; the write was not sent.
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
