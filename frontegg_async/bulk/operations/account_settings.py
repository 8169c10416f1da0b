"""The operation that changes the account settings of tenants."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping, Sequence
from typing import Any, Final, cast

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.runtime.gathering import gather
from frontegg_async._values.records import record_of
from frontegg_async.bulk.operation import Operation, Shown
from frontegg_async.bulk.operations.columns import columns_of
from frontegg_async.bulk.operations.reads import by_tenant, call_with, fields_before, judge_fields, read_tenants
from frontegg_async.bulk.store import Item
from frontegg_async.endpoints import account_settings
from frontegg_async.models.account_settings import TenantSettingsUpdate
from frontegg_async.models.tenants import Tenant
from frontegg_async.resources.by_id.account_settings import AsyncAccountSettings

_NOT_LISTED: Final = ("login_url", "date_format", "time_format")
"""The settings that a listing shows for some tenants only."""


def _update(caller: Caller, items: Sequence[Item]) -> Awaitable[object]:
    return call_with(AsyncAccountSettings(caller).update, items[0])


def _judge(item: Item, tenant: Tenant | None) -> Shown:
    values = {name: value for name, value in item.values.items() if name != "tenant_id"}
    return judge_fields(values, tenant, TenantSettingsUpdate(**cast("Any", values)))


async def _read_before(caller: Caller, items: Sequence[Item]) -> list[Mapping[str, object] | None]:
    """Read the fields of tenants, including settings that a listing of tenants may leave out."""
    found = await read_tenants(caller, list(dict.fromkeys(item.key for item in items)))

    async def shown(item: Item) -> Mapping[str, object] | None:
        if (tenant := found.get(item.key)) is None:
            return None
        fields = dict(fields_before(item, tenant))
        if any(fields.get(name, "") is None for name in _NOT_LISTED):
            settings = await AsyncAccountSettings(caller).get(item.key)
            fields |= record_of(settings, [name for name in fields if name in _NOT_LISTED])
        return fields

    return await gather(shown, items)


ACCOUNT_SETTINGS: Final = Operation(
    name="update_account_settings",
    summary="Change the account settings of tenants; ``None`` clears a setting.",
    rows="``tenant_id`` and the parameters of ``account_settings.update``.",
    will="settings would be changed",
    columns=columns_of(TenantSettingsUpdate),
    changes="setting",
    sends_fields=True,
    endpoint=account_settings.UPDATE,
    send=_update,
    read_back=by_tenant(_judge),
    read_before=_read_before,
    after=lambda values: {name: value for name, value in values.items() if name != "tenant_id"},
)
"""``frontegg.bulk.update_account_settings``."""
