"""How each operation is sent, and what the service must show if it was done."""

from __future__ import annotations

import enum
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final, TypeAlias, cast

import attrs

from frontegg_async._core.call.caller import Caller
from frontegg_async._values.json_values import JsonValue
from frontegg_async.bulk.ledger import Item
from frontegg_async.bulk.operations import OPERATIONS
from frontegg_async.endpoints import Endpoint, Retry, account_settings, hierarchy, tenants
from frontegg_async.errors import ErrorDetails, FronteggError, NotFoundError, Outcome, OutcomeUnknownError
from frontegg_async.models.account_settings import TenantSettingsUpdate
from frontegg_async.models.tenant_writes import TenantCreate, TenantUpdate
from frontegg_async.models.tenants import Tenant
from frontegg_async.resources.by_tenant.account_settings import AsyncAccountSettings
from frontegg_async.resources.hierarchy import AsyncHierarchy
from frontegg_async.resources.support.batches import MAX_IDS
from frontegg_async.resources.support.created_tenants import create_checked
from frontegg_async.resources.support.read_back import Confirmed, is_lacking, same_json, says_absent, shows
from frontegg_async.resources.support.relations import Relation
from frontegg_async.resources.tenants import AsyncTenants

_DELETE: Final = attrs.evolve(tenants.DELETE, retry=Retry.RECONCILE)
"""What is there after a lost response may be another tenant, created anew under the id: it is read before a retry."""


class Shown(enum.Enum):
    """What the service shows of a row that may have been sent."""

    DONE = "done"
    """It shows what was asked for."""
    NOT_DONE = "not done"
    """It does not, and to send it again does no harm."""
    DIFFERENT = "different"
    """It shows something else in the place of what was asked for."""
    DOUBTFUL = "doubtful"
    """It does not tell whether it was done, and to send it again may destroy what was made since."""


Send: TypeAlias = Callable[[Caller, Sequence[Item]], Awaitable[object]]
Judge: TypeAlias = Callable[[Item, Tenant | None], Shown]
Expect: TypeAlias = Callable[[Tenant | None], str | None]


@attrs.frozen(eq=False)
class Action:
    """How the rows of an operation are sent and read back."""

    endpoint: Endpoint[object]
    """The operation that writes, which a rate limit holds for."""
    send: Send
    """Makes the call for some rows."""
    judge: Judge
    """Says what a tenant shows of a row; a tenant that is deleted is given as ``None``."""
    will: str
    """What would be done, for a dry run."""
    needs: bool = True
    """Whether there must be such a tenant before; otherwise there must be none."""


async def read_tenants(caller: Caller, ids: Sequence[str]) -> dict[str, Tenant]:
    """Return the live tenants among some ids, with a request for each 100.

    Args:
        caller: Makes the requests.
        ids: The ids, each once.

    Raises:
        FronteggError: A request failed.
    """
    # The service may split a query at commas.
    listed = [tenant_id for tenant_id in ids if "," not in tenant_id]
    found: dict[str, Tenant] = {}
    for start in range(0, len(listed), MAX_IDS):
        batch = listed[start : start + MAX_IDS]
        async for tenant in AsyncTenants(caller).list(tenant_ids=batch, page_size=2 * MAX_IDS, prefetch=0):
            found[tenant.tenant_id] = tenant
    for tenant_id in ids:
        if "," in tenant_id:
            alone = await _get(caller, tenant_id)
            if alone is not None:
                found[tenant_id] = alone
    return {tenant_id: tenant for tenant_id, tenant in found.items() if not tenant.is_deleted}


async def _get(caller: Caller, tenant_id: str) -> Tenant | None:
    try:
        return await AsyncTenants(caller).get(tenant_id)
    except NotFoundError as error:
        if not says_absent(error):
            raise
    return None


async def read_back(caller: Caller, action: Action, items: Sequence[Item]) -> list[Shown | FronteggError]:
    """Return what the service shows of rows that may have been sent, or the error for one that it does not tell of.

    Args:
        caller: Makes the requests.
        action: How the operation is read back.
        items: The rows.
    """
    try:
        found = await read_tenants(caller, list(dict.fromkeys(item.key for item in items)))
    except FronteggError as error:
        return [error.fresh()] * len(items)
    shown: list[Shown | FronteggError] = [action.judge(item, found.get(item.key)) for item in items]
    parents = {
        item.key: str(
            item.values["parent_tenant_id"] if "parent_tenant_id" in item.values else item.values["parent_id"]
        )
        for item, each in zip(items, shown, strict=True)
        if each is Shown.DONE and (item.values.get("parent_tenant_id") or item.values.get("parent_id"))
    }
    for place, item in enumerate(items):
        if item.key in parents:
            # The tenant itself does not tell what it is under.
            shown[place] = await _is_below(caller, item, parents[item.key], action)
    return shown


async def _is_below(caller: Caller, item: Item, parent_id: str, action: Action) -> Shown | FronteggError:
    relation = Relation(caller, parent_id, item.key)
    try:
        if await relation.holds(caller.options_for(None)):
            return Shown.DONE
    except FronteggError as error:
        return error.fresh()
    return Shown.NOT_DONE if action.needs else Shown.DIFFERENT


def _arguments(item: Item, *, key: str = "tenant_id") -> Any:  # noqa: ANN401 - checked row by row, see `BulkOperation`
    return {**item.values, key: item.key}


def _create(caller: Caller, items: Sequence[Item]) -> Awaitable[object]:
    body = TenantCreate(**_arguments(items[0]))
    if body.timezone is None and body.currency is None:
        # All that is left to check, as the row was checked when it was read; others may have to be warned of.
        return create_checked(caller, body, own_id=False)
    return AsyncTenants(caller).create(**_arguments(items[0]))


async def _update(caller: Caller, items: Sequence[Item]) -> None:
    fields, keys = _fields_and_keys(items[0])
    if len(fields) > 1:
        await AsyncTenants(caller).update(**fields)
    if keys:
        await AsyncTenants(caller).add_metadata(items[0].key, keys)


def _fields_and_keys(item: Item) -> tuple[Any, dict[str, JsonValue]]:
    """Return the arguments of an update, and the keys that are merged into the metadata."""
    given: dict[str, JsonValue] = _arguments(item)
    keys = {name.partition(".")[2]: value for name, value in given.items() if OPERATIONS["update"].is_merged(name)}
    return {name: value for name, value in given.items() if "." not in name}, keys


def _add_metadata(caller: Caller, items: Sequence[Item]) -> Awaitable[object]:
    return AsyncTenants(caller).add_metadata(**_arguments(items[0]))


def _delete_metadata(caller: Caller, items: Sequence[Item]) -> Awaitable[object]:
    return AsyncTenants(caller).delete_metadata(**_arguments(items[0]))


def _delete(caller: Caller, items: Sequence[Item]) -> Awaitable[object]:
    [item] = items

    def is_deleted(tenant: Tenant) -> bool:
        shown = _judge_deleted(item, None if tenant.is_deleted else tenant)
        if shown is Shown.DOUBTFUL:
            raise doubtful()
        return shown is Shown.DONE

    path = {"tenant_id": item.key}
    is_gone = Confirmed(caller, tenants.GET, is_deleted, path, is_removal=True)
    return caller.value(_DELETE, path=path, reconcile=is_gone)


def doubtful() -> OutcomeUnknownError:
    """Return the error for a row that is `Shown.DOUBTFUL`."""
    message = (
        "a tenant with this id is there, and nothing tells whether it was created after this row was sent:"
        " it was not deleted again, and a new job can delete it"
    )
    return OutcomeUnknownError(message, ErrorDetails(endpoint=tenants.DELETE.name, outcome=Outcome.UNKNOWN))


def _lock(caller: Caller, items: Sequence[Item]) -> Awaitable[object]:
    return AsyncTenants(caller).lock([item.key for item in items])


def _unlock(caller: Caller, items: Sequence[Item]) -> Awaitable[object]:
    return AsyncTenants(caller).unlock([item.key for item in items])


def _assign(caller: Caller, items: Sequence[Item]) -> Awaitable[object]:
    return AsyncHierarchy(caller).assign(items[0].key, str(items[0].values["parent_id"]))


def _settings(caller: Caller, items: Sequence[Item]) -> Awaitable[object]:
    return AsyncAccountSettings(caller).update(**_arguments(items[0]))


def _judge_create(item: Item, tenant: Tenant | None) -> Shown:
    if tenant is None:
        return Shown.NOT_DONE
    return Shown.DONE if shows(tenant, TenantCreate(**_arguments(item))) else Shown.DIFFERENT


def _judge_update(item: Item, tenant: Tenant | None) -> Shown:
    fields, keys = _fields_and_keys(item)
    if keys and _judge_keys(keys, tenant) is not Shown.DONE:
        return Shown.NOT_DONE
    return _judge_fields(fields, tenant, TenantUpdate(**fields))


def _judge_settings(item: Item, tenant: Tenant | None) -> Shown:
    values = {name: value for name, value in item.values.items() if name != "tenant_id"}
    return _judge_fields(values, tenant, TenantSettingsUpdate(**cast("Any", values)))


def _judge_fields(values: Mapping[str, JsonValue], tenant: Tenant | None, body: attrs.AttrsInstance) -> Shown:
    """Judge a change of fields: it is done if all of them are told and agree."""
    if tenant is None or not shows(tenant, body):
        return Shown.NOT_DONE
    asked = [name for name, value in values.items() if name != "tenant_id" and value is not None]
    told = all(hasattr(tenant, name) and not is_lacking(tenant, name) for name in asked)
    return Shown.DONE if told else Shown.NOT_DONE


def _judge_added(item: Item, tenant: Tenant | None) -> Shown:
    return _judge_keys(cast("Mapping[str, JsonValue]", item.values["metadata"]), tenant)


def _judge_keys(sent: Mapping[str, JsonValue], tenant: Tenant | None) -> Shown:
    shown = None if tenant is None else tenant.metadata
    if not isinstance(shown, Mapping):
        return Shown.NOT_DONE
    return Shown.DONE if all(key in shown and same_json(sent[key], shown[key]) for key in sent) else Shown.NOT_DONE


def _judge_removed(item: Item, tenant: Tenant | None) -> Shown:
    if tenant is None or not isinstance(tenant.metadata, Mapping):
        return Shown.NOT_DONE
    return Shown.NOT_DONE if item.values["key"] in tenant.metadata else Shown.DONE


def _judge_deleted(item: Item, tenant: Tenant | None) -> Shown:
    """Judge by the service's times alone: a tenant that was created later has taken the place of the one to delete."""
    if tenant is None:
        return Shown.DONE
    created_at = None if tenant.created_at is None else tenant.created_at.timestamp()
    if item.created_at is None or created_at is None or created_at < item.created_at:
        return Shown.DOUBTFUL
    return Shown.DONE if created_at > item.created_at else Shown.NOT_DONE


def _judge_locked(item: Item, tenant: Tenant | None) -> Shown:
    del item
    return Shown.DONE if tenant is not None and tenant.is_locked is True else Shown.NOT_DONE


def _judge_unlocked(item: Item, tenant: Tenant | None) -> Shown:
    del item
    return Shown.DONE if tenant is not None and tenant.is_locked is False else Shown.NOT_DONE


def _judge_assigned(item: Item, tenant: Tenant | None) -> Shown:
    del item
    # Whether it is below the other is read after this.
    return Shown.NOT_DONE if tenant is None else Shown.DONE


ACTIONS: Final[Mapping[str, Action]] = {
    "create": Action(tenants.CREATE, _create, _judge_create, "would be created", needs=False),
    "update": Action(tenants.UPDATE, _update, _judge_update, "would be updated"),
    "add_metadata": Action(tenants.ADD_METADATA, _add_metadata, _judge_added, "metadata would be added"),
    "delete_metadata": Action(tenants.DELETE_METADATA, _delete_metadata, _judge_removed, "a key would be removed"),
    "delete": Action(tenants.DELETE, _delete, _judge_deleted, "would be deleted"),
    "lock": Action(tenants.LOCK, _lock, _judge_locked, "would be locked"),
    "unlock": Action(tenants.UNLOCK, _unlock, _judge_unlocked, "would be unlocked"),
    "assign": Action(hierarchy.ASSIGN, _assign, _judge_assigned, "would be put under its parent"),
    "account_settings": Action(account_settings.UPDATE, _settings, _judge_settings, "settings would be changed"),
}
"""How each operation is sent and read back, by its name."""
