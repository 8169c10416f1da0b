"""The rules of migrations. The clock decides how many of a migration's tenants have been migrated."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final, cast

import msgspec

from frontegg_async.emulator.services.migrations.rows import MigratedRow, MigrationRow
from frontegg_async.emulator.services.migrations.switches import MigrationSwitches
from frontegg_async.emulator.services.support.common import check_id
from frontegg_async.emulator.services.support.emulated_response import EmulatedResponse, service_error, validation_error
from frontegg_async.emulator.services.support.incoming_call import IncomingCall
from frontegg_async.emulator.services.support.rule import Rule, Tag
from frontegg_async.emulator.services.tenants.updated_at import with_updated_at
from frontegg_async.emulator.world.clock import timestamp
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment
from frontegg_async.emulator.world.journal import NO_EFFECT, Effect
from frontegg_async.models.migrations import MigrationStatus

PENDING_FOR: Final = 0.5
"""The seconds from the start of a migration until its state becomes "in progress"."""

TENANT_TAKES: Final = 0.5
"""The seconds that the migration of each tenant takes."""

TAKES_AT_MOST: Final = 60.0
"""The maximum time for all tenants of a migration, in seconds."""

VERIFYING_FOR: Final = 0.5
"""The length of the additional state at the end, in seconds. A switch adds this state."""

PLAIN_TEXT: Final = "text/plain; charset=utf-8"

_VERIFYING: Final = "verifying"


def start(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Start a migration. The emulator moves no tenants, and locks them only if a switch requires it."""
    tenant_ids = tuple(dict.fromkeys(cast("list[str]", call.body["tenants"])))
    if not tenant_ids:
        raise validation_error(["tenants must contain at least 1 element"])
    for tenant_id in tenant_ids:
        check_id(tenant_id, "each value in tenants")
    row = MigrationRow(
        id=environment.new_id(),
        started_at=datetime.fromtimestamp(environment.clock.now(), UTC),
        tenants=tuple(_tenant(environment, tenant_id) for tenant_id in tenant_ids),
    )
    environment.state.put(row)
    effect = (
        _lock(environment, tenant_ids)
        if environment.switches[MigrationSwitches].migration_tenants == "lock"
        else NO_EFFECT
    )
    match environment.switches[MigrationSwitches].migration_answer:
        case "migration_id":
            return EmulatedResponse(status=202, body={"migrationId": row.id}, effect=effect)
        case "id":
            return EmulatedResponse(status=202, body={"id": row.id}, effect=effect)
        case "text":
            return EmulatedResponse(status=202, body=row.id, effect=effect)
        case "plain_text":
            return EmulatedResponse(status=202, body=row.id.encode(), content_type=PLAIN_TEXT, effect=effect)


def _lock(environment: EmulatedEnvironment, tenant_ids: Iterable[str]) -> Effect:
    known = [environment.state.tenants[tenant_id] for tenant_id in tenant_ids if tenant_id in environment.state.tenants]
    unlocked = [tenant for tenant in known if not tenant.is_locked]
    for tenant in unlocked:
        environment.state.put_tenant(
            with_updated_at(environment, msgspec.structs.replace(tenant, is_locked=True), "lock")
        )
    return Effect(changed=tuple(tenant.tenant_id for tenant in unlocked))


def _tenant(environment: EmulatedEnvironment, tenant_id: str) -> MigratedRow:
    switches = environment.switches
    if tenant_id in environment.state.tenants:
        if switches[MigrationSwitches].migration_of_known == "refuse":
            raise service_error(400, f"Tenant {tenant_id} is in the environment already")
        return MigratedRow(tenant_id=tenant_id)
    if switches[MigrationSwitches].migration_of_unknown == "refuse":
        raise service_error(400, f"Tenant {tenant_id} not found")
    return MigratedRow(
        tenant_id=tenant_id,
        error=None if switches[MigrationSwitches].migration_of_unknown == "complete" else "Tenant not found",
    )


def status(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Return the progress of a migration as the clock determines it."""
    row = environment.state.table(MigrationRow).get(call.path["migration_id"])
    if row is None:
        raise service_error(environment.switches[MigrationSwitches].unknown_migration, "Migration not found")
    elapsed = environment.clock.now() - row.started_at.timestamp() - PENDING_FOR
    each = min(TENANT_TAKES, TAKES_AT_MOST / len(row.tenants))
    done = min(max(int(elapsed / each), 0), len(row.tenants))
    body: dict[str, object] = {
        "migrationId": row.id,
        "status": _status(environment, row, elapsed, done),
        "tenants": [_shown(tenant, place, done, is_begun=elapsed >= 0) for place, tenant in enumerate(row.tenants)],
    }
    if environment.switches[MigrationSwitches].migration_states == "more":
        body |= {"startedAt": timestamp(row.started_at.timestamp()), "done": done}
    return EmulatedResponse(body=body)


def _status(environment: EmulatedEnvironment, row: MigrationRow, elapsed: float, done: int) -> str:
    switches = environment.switches
    if done < len(row.tenants):
        return MigrationStatus.PENDING if elapsed < 0 else MigrationStatus.IN_PROGRESS
    end = min(TENANT_TAKES * done, TAKES_AT_MOST)
    if switches[MigrationSwitches].migration_states == "more" and elapsed < end + VERIFYING_FOR:
        return _VERIFYING
    failures = [tenant.error is not None for tenant in row.tenants]
    has_failed = any(failures) if switches[MigrationSwitches].migration_failure == "any" else all(failures)
    return MigrationStatus.FAILED if has_failed else MigrationStatus.COMPLETED


def _shown(tenant: MigratedRow, place: int, done: int, *, is_begun: bool) -> dict[str, object]:
    if place >= done:
        is_next = is_begun and place == done
        return {
            "tenantId": tenant.tenant_id,
            "status": MigrationStatus.IN_PROGRESS if is_next else MigrationStatus.PENDING,
        }
    if tenant.error is not None:
        return {"tenantId": tenant.tenant_id, "status": MigrationStatus.FAILED, "error": tenant.error}
    return {"tenantId": tenant.tenant_id, "status": MigrationStatus.COMPLETED}


RULES = {
    "migrations.start": Rule(run=start),
    "migrations.get_status": Rule(run=status),
}

TAGS = {
    "migrations": Tag("Tenants that are moved into the environment.", write_body="migration_write_body"),
}
