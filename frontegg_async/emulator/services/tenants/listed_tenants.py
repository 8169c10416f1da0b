"""Chooses the tenants that a list may contain. Switches for lags, locked and deleted tenants change the choice."""

from __future__ import annotations

from frontegg_async.emulator.services.tenants.lag import listed_former
from frontegg_async.emulator.services.tenants.switches import TenantSwitches
from frontegg_async.emulator.store.tenant_table import TenantTable
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment


def listed_tenants(environment: EmulatedEnvironment, *, by_ids: bool = False) -> TenantTable:
    """Return the tenants that a list may contain. By default, this is the table of the state itself.

    Args:
        environment: The environment.
        by_ids: Whether the query of the list contains ids of tenants.
    """
    present, switches = environment.state.tenants, environment.switches[TenantSwitches]
    wanted = {"listed", "by_ids"} if by_ids else {"listed"}
    has_locked, has_deleted = switches.locked_tenants in wanted, switches.deleted_tenants in wanted
    former = listed_former(environment)
    if has_locked and not has_deleted and not former:
        return present
    table = present.copy()
    for tenant_id in former.keys() & table:
        table.remove(tenant_id)
    table.add({tenant_id: text for tenant_id, text in former.items() if text is not None})
    if not has_locked:
        for row in list(table.values()):
            if row.is_locked:
                table.remove(row.tenant_id)
    if has_deleted:
        for row in environment.state.deleted.values():
            if row.tenant_id not in table:
                table.put(row)
    return table
