"""Operations that add and remove metadata keys of tenants."""

from __future__ import annotations

from collections.abc import Awaitable, Collection, Mapping, Sequence
from typing import Final, cast

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async._values.json_values import JsonValue
from frontegg_async.bulk.operation import Column, Operation, Shown
from frontegg_async.bulk.operations.columns import TENANT_ID
from frontegg_async.bulk.operations.reads import before_of, by_tenant, call_with, keys_before
from frontegg_async.bulk.store import Item
from frontegg_async.endpoints import tenants
from frontegg_async.errors import InvalidArgumentError
from frontegg_async.models.tenants import Tenant
from frontegg_async.resources.support.read_back import same_json
from frontegg_async.resources.tenants import AsyncTenants


def _check_mapping(value: object, argument: str) -> None:
    if not isinstance(value, Mapping):
        raise InvalidArgumentError(f"{argument} must be a mapping of keys to values")
    arguments.check_json(cast("object", value), argument)


def _add(caller: Caller, items: Sequence[Item]) -> Awaitable[object]:
    return call_with(AsyncTenants(caller).add_metadata, items[0])


def _judge_added(item: Item, tenant: Tenant | None) -> Shown:
    return judge_keys(cast("Mapping[str, JsonValue]", item.values["metadata"]), tenant)


def judge_keys(sent: Mapping[str, JsonValue], tenant: Tenant | None) -> Shown:
    """Compare keys that a row merged into the metadata with the metadata that the service shows.

    Args:
        sent: The sent keys with their values.
        tenant: The tenant; ``None`` if it does not exist.
    """
    shown = None if tenant is None else tenant.metadata
    if not isinstance(shown, Mapping):
        return Shown.NOT_DONE
    return Shown.DONE if all(key in shown and same_json(sent[key], shown[key]) for key in sent) else Shown.NOT_DONE


def _keys(item: Item) -> Collection[str]:
    return cast("Mapping[str, JsonValue]", item.values["metadata"])


ADD_METADATA: Final = Operation(
    name="add_metadata",
    summary="Merge keys into the metadata of tenants.",
    rows="``tenant_id`` and ``metadata``.",
    will="metadata would be added",
    columns=(TENANT_ID, Column("metadata", (), _check_mapping, is_json=True)),
    required=("tenant_id", "metadata"),
    sends_fields=True,
    endpoint=tenants.ADD_METADATA,
    send=_add,
    read_back=by_tenant(_judge_added),
    read_before=before_of(lambda item, tenant: keys_before(tenant, _keys(item))),
    after=lambda values: {"metadata": values["metadata"]},
)
"""``frontegg.bulk.add_metadata``."""


def _delete(caller: Caller, items: Sequence[Item]) -> Awaitable[object]:
    return call_with(AsyncTenants(caller).delete_metadata, items[0])


def _judge_deleted(item: Item, tenant: Tenant | None) -> Shown:
    if tenant is None or not isinstance(tenant.metadata, Mapping):
        return Shown.NOT_DONE
    return Shown.NOT_DONE if item.values["key"] in tenant.metadata else Shown.DONE


DELETE_METADATA: Final = Operation(
    name="delete_metadata",
    summary="Remove keys from the metadata of tenants.",
    rows="``tenant_id`` and ``key``.",
    will="a key would be removed",
    columns=(TENANT_ID, Column("key", (), arguments.check_path_value)),
    required=("tenant_id", "key"),
    endpoint=tenants.DELETE_METADATA,
    send=_delete,
    read_back=by_tenant(_judge_deleted),
    read_before=before_of(lambda item, tenant: keys_before(tenant, [str(item.values["key"])])),
    after=lambda _: {"metadata": {}},
)
"""``frontegg.bulk.delete_metadata``."""
