"""Operations on tenants themselves: create, update, delete, lock, unlock."""

from __future__ import annotations

import math
from collections.abc import Awaitable, Mapping, Sequence
from typing import Any, Final

import attrs

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.runtime.gathering import gather
from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.records import record_of
from frontegg_async.bulk.expectations import DIGEST
from frontegg_async.bulk.operation import Operation, Order, Shown
from frontegg_async.bulk.operations.account_digest import account_digests
from frontegg_async.bulk.operations.columns import TENANT_ID, columns_of
from frontegg_async.bulk.operations.metadata import judge_keys
from frontegg_async.bulk.operations.reads import (
    before_of,
    by_tenant,
    by_tenant_and_parent,
    call_with,
    fields_before,
    judge_fields,
    parsed,
    read_parent,
    read_tenants,
)
from frontegg_async.bulk.store import Item
from frontegg_async.endpoints import Retry, tenants
from frontegg_async.errors import ConflictError, ErrorDetails, FronteggError, Outcome, OutcomeUnknownError
from frontegg_async.models.tenant_writes import TenantCreate, TenantUpdate
from frontegg_async.models.tenants import Tenant
from frontegg_async.resources.support.batches import MAX_IDS
from frontegg_async.resources.support.created_tenants import create_checked
from frontegg_async.resources.support.read_back import Confirmed, shows
from frontegg_async.resources.tenants import AsyncTenants


def _create(caller: Caller, items: Sequence[Item]) -> Awaitable[object]:
    body = call_with(TenantCreate, items[0])
    if body.timezone is None and body.currency is None:
        # The intake has checked the row. A row with a timezone or a currency may need a warning.
        return create_checked(caller, body, own_id=False)
    return call_with(AsyncTenants(caller).create, items[0])


def _judge_created(item: Item, tenant: Tenant | None) -> Shown:
    if tenant is None:
        return Shown.NOT_DONE
    return Shown.DONE if shows(tenant, call_with(TenantCreate, item)) else Shown.DIFFERENT


def _made(values: Mapping[str, JsonValue]) -> Mapping[str, JsonValue]:
    """Return the fields that a row sets in its new tenant; null values are not sent."""
    return parsed({name: value for name, value in values.items() if name != "tenant_id" and value is not None})


async def _read_existing(caller: Caller, items: Sequence[Item]) -> list[Mapping[str, object] | None]:
    """Return the fields of the tenants that already exist."""
    found = await read_tenants(caller, list(dict.fromkeys(item.key for item in items)))

    async def shown(item: Item) -> Mapping[str, object] | None:
        if (tenant := found.get(item.key)) is None:
            return None
        names = list(_made(item.values))
        fields = record_of(tenant, [name for name in names if hasattr(tenant, name)])
        if "parent_tenant_id" in names:
            fields["parent_tenant_id"] = await read_parent(caller, item.key) or None
        return fields

    return await gather(shown, items)


CREATE: Final = Operation(
    name="create",
    summary="Create tenants, each after its parent, whatever the order of the rows.",
    details=(
        "Rows of an export may contain values that the creation of a tenant cannot set, such as locks and settings. A "
        "`LeftOutWarning` counts these values before the first row is sent. If a warning filter turns the warning "
        "into an error, nothing is sent."
    ),
    rows=(
        "``name`` and the other parameters of ``tenants.create``. A row without ``tenant_id`` gets an id, "
        "which the job stores before the first row is sent."
    ),
    will="would be created",
    columns=columns_of(TenantCreate),
    required=("name",),
    order=Order.PARENTS_FIRST,
    makes_tenant=True,
    endpoint=tenants.CREATE,
    send=_create,
    read_back=by_tenant_and_parent(_judge_created, "parent_tenant_id", elsewhere=Shown.DIFFERENT),
    read_compared=_read_existing,
    after=_made,
)
"""``frontegg.bulk.create``."""


async def _update(caller: Caller, items: Sequence[Item]) -> None:
    fields, keys = _fields_and_keys(items[0])
    if len(fields) > 1:
        await AsyncTenants(caller).update(**fields)
    if keys:
        await AsyncTenants(caller).add_metadata(items[0].key, keys)


def _fields_and_keys(item: Item) -> tuple[Any, dict[str, JsonValue]]:
    """Return the arguments of an update, and the keys to merge into the metadata."""
    given: dict[str, JsonValue] = {**item.values, "tenant_id": item.key}
    keys = {name.partition(".")[2]: value for name, value in given.items() if UPDATE.is_merged(name)}
    return {name: value for name, value in given.items() if "." not in name}, keys


def _updated(values: Mapping[str, JsonValue]) -> Mapping[str, JsonValue]:
    """Return the fields and the metadata keys that a row sets."""
    fields = parsed({name: value for name, value in values.items() if name != "tenant_id"})
    keys = {name.partition(".")[2]: fields.pop(name) for name in list(fields) if UPDATE.is_merged(name)}
    if not keys:
        return fields
    whole = fields.get("metadata")
    return {**fields, "metadata": {**whole, **keys} if isinstance(whole, Mapping) else keys}


def _judge_updated(item: Item, tenant: Tenant | None) -> Shown:
    fields, keys = _fields_and_keys(item)
    if keys and judge_keys(keys, tenant) is not Shown.DONE:
        return Shown.NOT_DONE
    return judge_fields(fields, tenant, TenantUpdate(**fields))


UPDATE: Final = Operation(
    name="update",
    summary="Change fields of tenants; ``None`` clears a field.",
    details=(
        "``metadata`` replaces the whole value. A column such as ``metadata.plan`` merges a single key. "
        "A row with merged keys and with other fields takes two requests."
    ),
    rows="``tenant_id`` and the parameters of ``tenants.update``.",
    will="would be updated",
    columns=columns_of(TenantUpdate, leave="parent_tenant_id"),
    changes="field",
    merged="metadata",
    sends_fields=True,
    endpoint=tenants.UPDATE,
    other_endpoints=(tenants.ADD_METADATA,),
    send=_update,
    read_back=by_tenant(_judge_updated),
    read_before=before_of(fields_before),
    after=_updated,
)
"""``frontegg.bulk.update``."""

_DELETE: Final = attrs.evolve(tenants.DELETE, retry=Retry.RECONCILE)
"""A retry reads the tenant first, since after a lost response a new tenant may have the same id."""


def _delete(caller: Caller, items: Sequence[Item]) -> Awaitable[object]:
    [item] = items

    def is_deleted(tenant: Tenant) -> bool:
        shown = _judge_deleted(item, None if tenant.is_deleted else tenant)
        if isinstance(shown, FronteggError):
            raise shown
        return shown is Shown.DONE

    path = {"tenant_id": item.key}
    is_gone = Confirmed(caller, tenants.GET, is_deleted, path, is_removal=True)
    return caller.value(_DELETE, path=path, reconcile=is_gone)


def _doubtful() -> OutcomeUnknownError:
    """Return the error for a deletion with an unknown outcome. If it were repeated, it might delete a newer tenant."""
    message = (
        "a tenant with this id exists, and nothing shows whether it was created after this row was sent:"
        " the deletion was not repeated, and a new job can delete the tenant"
    )
    return OutcomeUnknownError(message, ErrorDetails(endpoint=tenants.DELETE.name, outcome=Outcome.UNKNOWN))


def _judge_deleted(item: Item, tenant: Tenant | None) -> Shown | FronteggError:
    """Judge the effect of a deletion by the service's times.

    A tenant that was created later is not the tenant to delete.
    """
    if tenant is None:
        return Shown.DONE
    created_at = None if tenant.created_at is None else tenant.created_at.timestamp()
    if item.created_at is None or created_at is None or created_at < item.created_at:
        return _doubtful()
    return Shown.DONE if created_at > item.created_at else Shown.NOT_DONE


def _recognize(item: Item, tenant: Tenant) -> ConflictError | None:
    """Return an error if the tenant may not be the tenant of the input, judged by the service's times."""
    if item.created_at is None:
        problem = "nothing shows that the tenant with this id existed when the job read its input"
    elif math.isinf(item.created_at) or tenant.created_at is None:
        problem = "the service does not show whether the tenant with this id was created after the job read its input"
    elif tenant.created_at.timestamp() != item.created_at:
        problem = "the tenant that the input named no longer exists, and another tenant has its id"
    else:
        return None
    message = f"{problem}: the tenant was not deleted, and a new job can delete it"
    return ConflictError(message, ErrorDetails(endpoint=tenants.DELETE.name, outcome=Outcome.REFUSED))


async def _read_digest(caller: Caller, items: Sequence[Item]) -> list[Mapping[str, object] | None]:
    found = await read_tenants(caller, list(dict.fromkeys(item.key for item in items)))
    digests = dict(zip(found, await account_digests(caller, list(found.values())), strict=True))
    return [{DIGEST: digests[item.key]} if item.key in found else None for item in items]


DELETE: Final = Operation(
    name="delete",
    summary="Delete tenants and all their users, each tenant before its parent.",
    rows="``tenant_id``.",
    will="would be deleted",
    columns=(TENANT_ID,),
    order=Order.CHILDREN_FIRST,
    is_confirmed=True,
    is_destructive=True,
    recognize=_recognize,
    endpoint=tenants.DELETE,
    send=_delete,
    read_back=by_tenant(_judge_deleted),
    read_before=before_of(lambda _, tenant: record_of(tenant)),
    read_compared=_read_digest,
    after=lambda _: None,
)
"""``frontegg.bulk.delete``."""


def _lock(caller: Caller, items: Sequence[Item]) -> Awaitable[object]:
    return AsyncTenants(caller).lock([item.key for item in items])


def _judge_locked(item: Item, tenant: Tenant | None) -> Shown:
    del item
    return Shown.DONE if tenant is not None and tenant.is_locked is True else Shown.NOT_DONE


LOCK: Final = Operation(
    name="lock",
    summary="Lock tenants, 100 in a request.",
    rows="``tenant_id``.",
    will="would be locked",
    columns=(TENANT_ID,),
    is_destructive=True,
    endpoint=tenants.LOCK,
    batch=MAX_IDS,
    send=_lock,
    read_back=by_tenant(_judge_locked),
    read_before=before_of(lambda _, tenant: {"is_locked": tenant.is_locked}),
    after=lambda _: {"is_locked": True},
)
"""``frontegg.bulk.lock``."""


def _unlock(caller: Caller, items: Sequence[Item]) -> Awaitable[object]:
    return AsyncTenants(caller).unlock([item.key for item in items])


def _judge_unlocked(item: Item, tenant: Tenant | None) -> Shown:
    del item
    return Shown.DONE if tenant is not None and tenant.is_locked is False else Shown.NOT_DONE


UNLOCK: Final = Operation(
    name="unlock",
    summary="Unlock tenants, 100 in a request.",
    rows="``tenant_id``.",
    will="would be unlocked",
    columns=(TENANT_ID,),
    endpoint=tenants.UNLOCK,
    batch=MAX_IDS,
    send=_unlock,
    read_back=by_tenant(_judge_unlocked),
    read_before=before_of(lambda _, tenant: {"is_locked": tenant.is_locked}),
    after=lambda _: {"is_locked": False},
)
"""``frontegg.bulk.unlock``."""
