"""Role keys as arguments instead of role ids, because ids differ between environments."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar, cast

import attrs

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async._core.runtime.tracebacks import shorten, without_frames
from frontegg_async._values.unset import UNSET, Unset
from frontegg_async.endpoints import Endpoint, roles
from frontegg_async.errors import FronteggError, InvalidArgumentError, Outcome
from frontegg_async.models.roles import Role
from frontegg_async.options import Options
from frontegg_async.resources.support.created_by_name import ids_by_name
from frontegg_async.resources.support.writes import of_whole, options_left

B = TypeVar("B", bound=attrs.AttrsInstance)

_NAMES: Final = ("role_ids", "role_keys")


@without_frames
def optional_roles(
    role_ids: Sequence[str] | Unset | None,
    role_keys: Sequence[str] | Unset | None,
    *,
    names: tuple[str, str] = _NAMES,
    check: Callable[[object, str], tuple[str, ...]] = arguments.check_ids,
) -> tuple[str, ...] | None:
    """Check role ids or role keys, and return them. Return ``None`` if both are omitted. `by_ids` replaces keys by ids.

    Args:
        role_ids: The ids.
        role_keys: The keys.
        names: The names of both arguments, for messages.
        check: The function that checks the ids.

    Raises:
        InvalidArgumentError: Both ids and keys are given, or an item is not allowed.
    """
    has_ids, has_keys = (value is not None and value is not UNSET for value in (role_ids, role_keys))
    if has_ids and has_keys:
        raise InvalidArgumentError(f"give either {names[0]} or {names[1]}, not both")
    if has_keys:
        return arguments.check_ids(role_keys, names[1], kind="key")
    return check(role_ids, names[0]) if has_ids else None


@without_frames
def required_roles(
    role_ids: Sequence[str] | None,
    role_keys: Sequence[str] | None,
    *,
    check: Callable[[object, str], tuple[str, ...]] = arguments.check_ids,
) -> tuple[str, ...]:
    """Check role ids or role keys, and return them, see `optional_roles`.

    Raises:
        InvalidArgumentError: Both ids and keys are given, both are omitted, or an item is not allowed.
    """
    given = optional_roles(role_ids, role_keys, check=check)
    if given is None:
        raise InvalidArgumentError("give role_ids or role_keys")
    return given


async def by_ids(
    caller: Caller,
    endpoint: Endpoint[object],
    body: B,
    role_keys: Sequence[str] | Unset | None,
    options: Options | None,
) -> tuple[B, Options | None]:
    """Replace the role keys in the body of a write by role ids. Return the body, and the options for the write.

    Nothing is sent if no keys are given.

    Args:
        caller: Makes the request that looks up the ids. It is about the tenant of the write.
        endpoint: The operation that writes.
        body: The body. Its ``role_ids`` are the keys, see `optional_roles`.
        role_keys: The keys that were passed to the method.
        options: Options of both requests together.

    Raises:
        InvalidArgumentError: Another field of the body is not allowed, and nothing was sent. Or several roles have the
            same key, and nothing was written.
        ReadOnlyError: The client is read-only; nothing was sent.
        NotFoundError: A key is unknown. Nothing was written.
        FronteggError: The look-up failed for another reason; nothing was written.
    """
    if role_keys is None or role_keys is UNSET:
        return body, options
    arguments.check_body(body)
    keys: tuple[str, ...] = cast("Any", body).role_ids
    try:
        ids, left = await ids_before(caller, endpoint, keys, options)
    except FronteggError as error:
        shorten(error)
        raise
    return cast("B", attrs.evolve(cast("Any", body), role_ids=ids)), left


async def ids_before(
    caller: Caller, endpoint: Endpoint[object], keys: Sequence[str], options: Options | None
) -> tuple[tuple[str, ...], Options | None]:
    """Look up the ids of roles before a write. Return the ids, and the options for the write, see `by_ids`."""
    caller.check_writable(endpoint.name, options)
    started = caller.clocks.monotonic()
    try:
        ids = await ids_of_keys(caller, keys, options)
    except FronteggError as error:
        failure = of_whole(error, Outcome.NOT_SENT)
    else:
        return ids, options_left(caller, options, started)
    raise failure.fresh()


async def ids_of_keys(caller: Caller, keys: Sequence[str], options: Options | None) -> tuple[str, ...]:
    """Look up the ids of roles by their keys with one request.

    The look-up finds the roles of the environment and of the caller's tenant.

    Args:
        caller: Makes the request.
        keys: The keys.
        options: Options of the request.

    Raises:
        InvalidArgumentError: Several roles have the same key.
        NotFoundError: A key is unknown, or there is no such tenant.
        FronteggError: The call failed for another reason.
    """

    def is_in_scope(role: Role) -> bool:
        return caller.is_user or role.tenant_id in (None, caller.tenant_id)

    found = filter(is_in_scope, await caller.value(roles.LIST_V1, options=options))
    return ids_by_name(found, keys, kind="role", of=lambda role: (role.id, role.key))
