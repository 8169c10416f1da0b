"""Reads of tenants that return old data for some time after a write. Switches set this time (the lag)."""

from __future__ import annotations

from frontegg_async.emulator.services.tenants.switches import TenantSwitches
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment


def prepare_for_write(environment: EmulatedEnvironment) -> None:
    """Prepare the state for a request that may write. If reads lag, the state keeps the old versions of tenants."""
    switches = environment.switches[TenantSwitches]
    environment.state.former = {} if switches.get_lag or switches.listing_lag else None


def note_write(environment: EmulatedEnvironment) -> None:
    """Record, after a request, the versions that tenants had before the request."""
    if environment.state.former is not None:
        environment.recent_writes.note(environment.clock.now(), environment.state.former)
        environment.state.former = None


def got_text(environment: EmulatedEnvironment, tenant_id: str) -> bytes | None:
    """Return the JSON text of a tenant for a get, or ``None`` if the get finds no tenant."""
    former = _former(environment, environment.switches[TenantSwitches].get_lag)
    return former[tenant_id] if tenant_id in former else environment.state.tenants.text(tenant_id)


def listed_former(environment: EmulatedEnvironment) -> dict[str, bytes | None]:
    """Return the old JSON texts that lists of tenants still contain. ``None`` stands for a tenant not listed yet."""
    return _former(environment, environment.switches[TenantSwitches].listing_lag)


def _former(environment: EmulatedEnvironment, lag: int) -> dict[str, bytes | None]:
    return environment.recent_writes.since(environment.clock.now() - lag) if lag else {}
