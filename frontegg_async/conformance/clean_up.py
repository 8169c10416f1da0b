"""Deletes the accounts, rows and objects that a run made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from typing import Final

from frontegg_async._core.call.proofs import tells_absence
from frontegg_async._values.ascii_case import folded
from frontegg_async.client import AsyncFrontegg
from frontegg_async.conformance.answer import Answer, Json, at
from frontegg_async.conformance.client_calls import call, caller_of
from frontegg_async.conformance.made import Made
from frontegg_async.conformance.not_tried import NotTriedError
from frontegg_async.conformance.probe import Probe
from frontegg_async.endpoints import Endpoint, users
from frontegg_async.endpoints import tenants as operations
from frontegg_async.managed.kinds import ObjectKind
from frontegg_async.managed.registry import ENVIRONMENT

_PAGE: Final = 200
"""The number of rows per page. A run makes fewer accounts and fewer users than this number."""


async def clean_up(probe: Probe, made: Made) -> int:
    """Delete the rows, accounts and objects of a run, and remove its record if nothing is left.

    Args:
        probe: The probe that sends the requests; the budget no longer limits them.
        made: The rows, accounts and objects of the run.

    Returns:
        The number of rows, accounts and objects that may be left.
    """
    probe.budget.lift()
    left = 0
    members = {fields["user_id"] for name, fields, _ in made.rows if name == users.REMOVE.name}
    for name, fields, tenant_id in reversed(made.rows):
        if name != users.REMOVE.name:
            left += not await _delete(probe, made.deletion(name), fields, tenant_id)
    left += await _delete_accounts(probe, made)
    left += await _delete_members(probe, made, members)
    for part in reversed([*ENVIRONMENT]):  # in reverse, since objects come after the objects to which they refer
        if part in made.parts:
            left += await _delete_objects(probe, made, ENVIRONMENT[part])
    if not left:
        made.end()
    return left


async def _delete_accounts(probe: Probe, made: Made) -> int:
    """Delete the recorded accounts, then accounts that a listing still shows. Return how many may be left."""
    left = {tenant_id for tenant_id in reversed(made.accounts) if not await _delete_account(probe, tenant_id)}
    shown = await _listed(probe, made)
    if shown is None:
        return max(len(left), 1)
    # A deletion may succeed without effect. The record also lacks accounts that a check has deleted.
    for tenant_id in sorted(shown - left):
        if not await _is_absent(probe, tenant_id):
            await _delete_account(probe, tenant_id)
            if not await _is_absent(probe, tenant_id):
                left.add(tenant_id)
    return len(left)


async def _delete_account(probe: Probe, tenant_id: str) -> bool:
    """Delete an account, and return whether it is gone. Unlock the account first if a check left it locked."""
    fields = {"tenant_id": tenant_id}
    if not probe.is_read_only and await _delete(probe, operations.DELETE, fields, None):
        return True
    if await _is_absent(probe, tenant_id):  # for example because its creation was refused
        return True
    if probe.is_read_only:
        return False
    try:
        await probe.ask(operations.UNLOCK, body={"tenantIds": [tenant_id]})
    except NotTriedError:
        return False
    return await _delete(probe, operations.DELETE, fields, None)


async def _is_absent(probe: Probe, tenant_id: str) -> bool:
    """Return whether the service reports that an account does not exist."""
    try:
        answer = await probe.ask(operations.GET, {"tenant_id": tenant_id})
    except NotTriedError:
        return False
    return _tells_absence(answer) or (answer.is_done and answer.body == [])


async def _listed(probe: Probe, made: Made) -> AbstractSet[str] | None:
    """Return the run's accounts that a listing shows, or ``None`` if the listing fails.

    The filter also finds other accounts whose ids or names contain the prefix.
    """
    rows = await _rows(probe, operations.LIST, {"_filter": made.prefix})
    return None if rows is None else {str(at(row, "tenantId")) for row in rows if made.owns(at(row, "tenantId"))}


async def _delete_members(probe: Probe, made: Made, ids: AbstractSet[str]) -> int:
    """Delete the users who were not deleted with their accounts, and return how many may be left."""
    left = await _members(probe, made, ids)
    for user_id in left or ():
        # Without a tenant the request removes the user from all tenants.
        await _delete(probe, users.REMOVE, {"user_id": user_id}, None)
    if left:
        left = await _members(probe, made, ids)
    return len(ids) if left is None else len(left)


async def _members(probe: Probe, made: Made, ids: AbstractSet[str]) -> Sequence[str] | None:
    """Return the users who are still listed, or ``None`` if they cannot be listed."""
    if not ids:
        return []
    rows = await _rows(probe, users.LIST, {"ids": ",".join(sorted(ids))})
    # The addresses of the kit's users begin with the prefix, like the ids of its accounts.
    shown = [str(at(row, "id")) for row in rows or () if made.owns(at(row, "email"))]
    return None if rows is None else [user_id for user_id in shown if user_id in ids]


async def _rows(probe: Probe, endpoint: Endpoint[object], query: Mapping[str, str]) -> Sequence[Json] | None:
    """Return the rows of a listing, or ``None`` if the listing fails or may be incomplete."""
    try:
        answer = await probe.ask(endpoint, query={**query, "_limit": str(_PAGE), "_offset": "0"})
    except NotTriedError:
        return None
    is_complete = isinstance(answer.at("items"), list) and len(answer.items) < _PAGE
    return answer.items if answer.is_done and is_complete else None


async def _delete_objects(probe: Probe, made: Made, kind: ObjectKind) -> int:
    """Delete the objects of a part whose keys begin with the prefix, and return how many may be left."""
    left = await _objects(probe, made, kind)
    for key, object_id in left or ():
        with suppress(NotTriedError):  # the listing shows whether the object is gone
            await call(probe, partial(_delete_object, kind, key, object_id))
    if left:
        left = await _objects(probe, made, kind)
    return 1 if left is None else len(left)


async def _delete_object(kind: ObjectKind, key: str, object_id: str, client: AsyncFrontegg) -> None:
    await kind.delete(caller_of(client, None), key, object_id)


async def _objects(probe: Probe, made: Made, kind: ObjectKind) -> Sequence[tuple[str, str]] | None:
    """Return the keys and ids of the objects of the run in a part, or ``None`` if they cannot be listed."""
    try:
        objects = await call(probe, lambda client: kind.read(caller_of(client, None)))
    except NotTriedError:
        return None
    single = [(key, each.id) for key, each in objects.found.items()]
    alike = [(key, each) for key, ids in objects.repeated.items() for each in ids]
    # The service may write keys in upper case.
    return [(key, object_id) for key, object_id in (*single, *alike) if made.owns(folded(key))]


async def _delete(probe: Probe, endpoint: Endpoint[object], fields: dict[str, str], tenant_id: str | None) -> bool:
    """Delete a row, and return whether it is gone."""
    try:
        answer = await probe.ask(endpoint, fields, tenant_id=tenant_id)
    except NotTriedError:
        return False
    return answer.is_done or _tells_absence(answer)


def _tells_absence(answer: Answer) -> bool:
    """Return whether an answer is a 404 of the service, and not of a proxy."""
    return answer.status == HTTPStatus.NOT_FOUND and tells_absence(answer.body)
