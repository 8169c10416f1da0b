"""The updatedAt of tenants. Switches choose its resolution and the changes that set it to the present time."""

from __future__ import annotations

import math
from typing import Literal, TypeAlias

import msgspec

from frontegg_async.emulator.services.tenants.switches import TenantSwitches
from frontegg_async.emulator.store.tenant_rows import TenantRow
from frontegg_async.emulator.world.clock import timestamp
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment

Cause: TypeAlias = Literal["fields", "metadata", "lock", "settings", "hierarchy", "sso", "users"]
"""The kind of a change. Each kind has a switch, such as ``updated_at_by_lock``."""


def updated_now(environment: EmulatedEnvironment) -> str:
    """Return the present time in the form of updatedAt."""
    now = environment.clock.now()
    seconds = environment.switches[TenantSwitches].updated_at_resolution == "second"
    return timestamp(math.floor(now) if seconds else now)


def with_updated_at(environment: EmulatedEnvironment, row: TenantRow, cause: Cause) -> TenantRow:
    """Return a changed tenant with its new updatedAt."""
    if not _moves(environment, cause):
        return row
    return msgspec.structs.replace(row, updated_at=updated_now(environment))


def touch(environment: EmulatedEnvironment, tenant_id: str, cause: Cause) -> None:
    """Set the updatedAt of a tenant after a change that is not in its row, if the switch of the change requires it."""
    if _moves(environment, cause):
        row = environment.state.tenants.get(tenant_id)
        if row is not None:
            environment.state.put_tenant(msgspec.structs.replace(row, updated_at=updated_now(environment)))


def _moves(environment: EmulatedEnvironment, cause: Cause) -> bool:
    return environment.switches.value(f"updated_at_by_{cause}") == "moves"
