"""Reads of tenants that lag behind writes, by the clock of the environment. Switches set the lags."""

from __future__ import annotations

from frontegg_async.emulator.services.tenants.switches import TenantSwitches
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment


def prepare_for_write(environment: EmulatedEnvironment) -> None:
    """Before a request that may write tenants, let the state keep their present versions, if any read lags."""
    switches = environment.switches[TenantSwitches]
    environment.state.former = {} if switches.get_lag or switches.listing_lag else None


def note_write(environment: EmulatedEnvironment) -> None:
    """After a request, note the versions that tenants had before it."""
    if environment.state.former is not None:
        environment.recent_writes.note(environment.clock.now(), environment.state.former)
        environment.state.former = None


def got_text(environment: EmulatedEnvironment, tenant_id: str) -> bytes | None:
    """Return the JSON text of a tenant that a get returns; ``None`` if a get returns none."""
    former = _former(environment, environment.switches[TenantSwitches].get_lag)
    return former[tenant_id] if tenant_id in former else environment.state.tenants.text(tenant_id)


def listed_former(environment: EmulatedEnvironment) -> dict[str, bytes | None]:
    """Return the former JSON texts that listings still return; ``None`` for a tenant that they do not return yet."""
    return _former(environment, environment.switches[TenantSwitches].listing_lag)


def _former(environment: EmulatedEnvironment, lag: int) -> dict[str, bytes | None]:
    return environment.recent_writes.since(environment.clock.now() - lag) if lag else {}
