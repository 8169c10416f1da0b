"""Deletes what a run made."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from http import HTTPStatus

from frontegg_async._values.ascii_case import folded
from frontegg_async.conformance.answer import at
from frontegg_async.conformance.client_calls import CallRefusedError, call, caller_of
from frontegg_async.conformance.made import Made
from frontegg_async.conformance.not_tried import NotTriedError
from frontegg_async.conformance.probe import Probe
from frontegg_async.endpoints import Endpoint, users
from frontegg_async.endpoints import tenants as operations
from frontegg_async.managed.kinds import ObjectKind
from frontegg_async.managed.registry import ENVIRONMENT


async def clean_up(probe: Probe, made: Made) -> int:
    """Delete the rows, the accounts and the objects of a run, and remove its record if nothing is left.

    Args:
        probe: The probe that sends the requests; its budget no longer counts.
        made: The rows, accounts and objects of the run.

    Returns:
        The number of those that may be left.
    """
    probe.budget.lift()
    left = 0
    members = {fields["user_id"] for name, fields, _ in made.rows if name == users.REMOVE.name}
    for name, fields, tenant_id in reversed(made.rows):
        if name != users.REMOVE.name:
            left += not await _delete(probe, made.deletion(name), fields, tenant_id)
    for tenant_id in reversed(made.accounts):
        left += not await _delete_account(probe, tenant_id)
    left += await _delete_members(probe, made, members)
    for part in reversed([*ENVIRONMENT]):  # what refers to others comes after them
        if part in made.parts:
            left += await _delete_objects(probe, made, ENVIRONMENT[part])
    left = max(left, await _listed(probe, made))
    if not left:
        made.end()
    return left


async def _delete_account(probe: Probe, tenant_id: str) -> bool:
    """Delete an account, and return whether it is gone; one that a check has left locked is unlocked first."""
    fields = {"tenant_id": tenant_id}
    if await _delete(probe, operations.DELETE, fields, None):
        return True
    try:
        await probe.ask(operations.UNLOCK, body={"tenantIds": [tenant_id]})
    except NotTriedError:
        return False
    return await _delete(probe, operations.DELETE, fields, None)


async def _delete_members(probe: Probe, made: Made, ids: AbstractSet[str]) -> int:
    """Delete the users who did not go with their accounts, and return how many may be left."""
    if not ids:
        return 0
    try:
        answer = await probe.ask(users.LIST, query={"ids": ",".join(sorted(ids)), "_limit": "200", "_offset": "0"})
    except NotTriedError:
        return len(ids)
    if not answer.is_done:
        return len(ids)
    left = 0
    for row in answer.items:
        user_id = at(row, "id")
        if isinstance(user_id, str) and user_id in ids and made.owns(at(row, "email")):
            # Without a tenant: from wherever it is. The address of a user of the kit begins as the accounts do.
            left += not await _delete(probe, users.REMOVE, {"user_id": user_id}, None)
    return left


async def _delete_objects(probe: Probe, made: Made, kind: ObjectKind) -> int:
    """Delete the objects of a part whose keys begin with the prefix, and return how many may be left."""
    try:
        objects = await call(probe, lambda client: kind.read(caller_of(client, None)))
    except NotTriedError:
        return 1
    single = [(key, each.id) for key, each in objects.found.items()]
    alike = [(key, each) for key, ids in objects.repeated.items() for each in ids]
    left = 0
    for key, object_id in (*single, *alike):
        if made.owns(folded(key)):  # the service may write keys in upper case
            left += not await _delete_object(probe, kind, key, object_id)
    return left


async def _delete_object(probe: Probe, kind: ObjectKind, key: str, object_id: str) -> bool:
    """Delete an object, and return whether it is gone."""
    try:
        await call(probe, lambda client: kind.delete(caller_of(client, None), key, object_id))
    except CallRefusedError as error:
        return error.answer.status == HTTPStatus.NOT_FOUND
    except NotTriedError:
        return False
    return True


async def _delete(probe: Probe, endpoint: Endpoint[object], fields: dict[str, str], tenant_id: str | None) -> bool:
    """Delete a row, and return whether it is gone."""
    try:
        answer = await probe.ask(endpoint, fields, tenant_id=tenant_id)
    except NotTriedError:
        return False
    return answer.is_done or answer.status == HTTPStatus.NOT_FOUND


async def _listed(probe: Probe, made: Made) -> int:
    """Return how many accounts of the run are still listed; a filter finds others too, which have the prefix inside."""
    try:
        answer = await probe.ask(operations.LIST, query={"_filter": made.prefix, "_limit": "200", "_offset": "0"})
    except NotTriedError:
        return 0
    return sum(made.owns(at(row, "tenantId")) for row in answer.items)
