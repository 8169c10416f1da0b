"""The updatedAt of tenants: its resolution, and which changes move it, as the switches say."""

from __future__ import annotations

import math
from typing import Literal, TypeAlias

import msgspec

from frontegg_async.emulator.services.tenants.switches import TenantSwitches
from frontegg_async.emulator.store.tenant_rows import TenantRow
from frontegg_async.emulator.world.clock import timestamp
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment

Cause: TypeAlias = Literal["fields", "metadata", "lock", "settings", "hierarchy", "sso", "users"]
"""What was changed: each has a switch, such as ``updated_at_by_lock``."""


def updated_now(environment: EmulatedEnvironment) -> str:
    """Return the current time as an updatedAt has it."""
    now = environment.clock.now()
    seconds = environment.switches[TenantSwitches].updated_at_resolution == "second"
    return timestamp(math.floor(now) if seconds else now)


def with_updated_at(environment: EmulatedEnvironment, row: TenantRow, cause: Cause) -> TenantRow:
    """Return a changed tenant with the updatedAt that the change gives it."""
    if not _moves(environment, cause):
        return row
    return msgspec.structs.replace(row, updated_at=updated_now(environment))


def touch(environment: EmulatedEnvironment, tenant_id: str, cause: Cause) -> None:
    """Move the updatedAt of a tenant about which something else has changed, if the switch says so."""
    if _moves(environment, cause):
        row = environment.state.tenants.get(tenant_id)
        if row is not None:
            environment.state.put_tenant(msgspec.structs.replace(row, updated_at=updated_now(environment)))


def _moves(environment: EmulatedEnvironment, cause: Cause) -> bool:
    return environment.switches.value(f"updated_at_by_{cause}") == "moves"
