"""The operation that changes the account settings of tenants."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from typing import Any, Final, cast

from frontegg_async._core.call.caller import Caller
from frontegg_async.bulk.operation import Operation, Shown
from frontegg_async.bulk.operations.columns import columns_of
from frontegg_async.bulk.operations.reads import before_of, by_tenant, call_with, fields_before, judge_fields
from frontegg_async.bulk.store import Item
from frontegg_async.endpoints import account_settings
from frontegg_async.models.account_settings import TenantSettingsUpdate
from frontegg_async.models.tenants import Tenant
from frontegg_async.resources.by_id.account_settings import AsyncAccountSettings


def _update(caller: Caller, items: Sequence[Item]) -> Awaitable[object]:
    return call_with(AsyncAccountSettings(caller).update, items[0])


def _judge(item: Item, tenant: Tenant | None) -> Shown:
    values = {name: value for name, value in item.values.items() if name != "tenant_id"}
    return judge_fields(values, tenant, TenantSettingsUpdate(**cast("Any", values)))


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
    read_before=before_of(fields_before),
)
"""``frontegg.bulk.update_account_settings``."""
