"""Snapshots: the whole state as JSON, and back. What is restored is checked before anything changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, cast

import attrs
import msgspec

from frontegg_async.emulator.behaviour import DEFAULT, Behaviour, change
from frontegg_async.emulator.clock import LATEST
from frontegg_async.emulator.environment import TOKEN_TTL, Environment, Settings
from frontegg_async.emulator.rows import RefreshToken, StoredTenant, TenantRow, UserRow
from frontegg_async.emulator.state import State, all_records, state_of
from frontegg_async.jsonvalue import JsonValue

VERSION: Final = 1


class EnvironmentRecord(msgspec.Struct, kw_only=True):
    """What is kept of an environment beside its data; not which tokens are revoked: a process has its own key."""

    client_id: str
    secret: str
    token_ttl: float = TOKEN_TTL
    rate_limit: int | None = None
    divergences: dict[str, str | int] = msgspec.field(default_factory=dict[str, str | int])
    clock_offset: float = 0.0
    clock_frozen: float | None = None


class EnvironmentSnapshot(EnvironmentRecord, kw_only=True):
    """An environment with its data."""

    tenants: list[StoredTenant] = msgspec.field(default_factory=list[StoredTenant])
    deleted: list[TenantRow] = msgspec.field(default_factory=list[TenantRow])
    users: list[UserRow] = msgspec.field(default_factory=list[UserRow])
    refresh_tokens: list[RefreshToken] = msgspec.field(default_factory=list[RefreshToken])


class Snapshot(msgspec.Struct, kw_only=True):
    """Some or all environments of an emulator."""

    version: int
    environments: list[EnvironmentSnapshot]


def _divergences(behaviour: Behaviour) -> dict[str, str | int]:
    values = cast("dict[str, str | int]", attrs.asdict(behaviour))
    return {name: value for name, value in values.items() if value != getattr(DEFAULT, name)}


def record_environment(environment: Environment) -> EnvironmentRecord:
    """Return what is kept of an environment beside its data."""
    settings = environment.settings
    return EnvironmentRecord(
        client_id=environment.client_id,
        secret=environment.secret,
        token_ttl=settings.token_ttl,
        rate_limit=settings.rate_limit,
        divergences=_divergences(settings.behaviour),
        clock_offset=environment.clock.offset,
        clock_frozen=environment.clock.frozen,
    )


def take(environments: list[Environment]) -> Snapshot:
    """Take a snapshot of environments."""
    return Snapshot(version=VERSION, environments=[_take_one(environment) for environment in environments])


def _take_one(environment: Environment) -> EnvironmentSnapshot:
    snapshot = EnvironmentSnapshot(**msgspec.structs.asdict(record_environment(environment)))
    for _, record in all_records(environment.state):
        match record:
            case StoredTenant():
                snapshot.tenants.append(record)
            case TenantRow():
                snapshot.deleted.append(record)
            case UserRow():
                snapshot.users.append(record)
            case RefreshToken():
                snapshot.refresh_tokens.append(record)
    return snapshot


def read(value: JsonValue) -> Snapshot:
    """Read a snapshot from JSON.

    Raises:
        ValueError: It is none, or of another version.
    """
    snapshot = msgspec.convert(value, Snapshot)
    if snapshot.version != VERSION:
        raise ValueError(f"the snapshot has version {snapshot.version}; this emulator reads version {VERSION}")
    return snapshot


def settings_of(record: EnvironmentRecord) -> Settings:
    """Return the settings that were kept.

    Raises:
        ValueError: There is no such switch, or it does not take the value.
    """
    return Settings(
        token_ttl=record.token_ttl,
        rate_limit=record.rate_limit,
        behaviour=change(DEFAULT, dict(record.divergences)),
    )


def apply_record(environment: Environment, record: EnvironmentRecord, settings: Settings) -> None:
    """Set an environment, but for its credentials and data, to what was kept."""
    environment.settings = settings
    environment.clock.offset = record.clock_offset
    environment.clock.frozen = record.clock_frozen
    environment.settings_changed = True


def prepare(snapshot: EnvironmentSnapshot, vendor_id: str) -> Callable[[Environment], None]:
    """Check a snapshot of an environment, and return what puts it in place.

    Args:
        snapshot: What was kept.
        vendor_id: Of the environment that it goes to, which may be another than the one it was taken of.

    Raises:
        ValueError: A value is out of range, or tenants and users do not fit together.
    """
    settings = settings_of(snapshot)
    frozen = snapshot.clock_frozen
    if frozen is not None and not 0 <= frozen < LATEST:
        raise ValueError("clock_frozen is out of range")
    state = _state(snapshot, vendor_id)

    def put(environment: Environment) -> None:
        environment.state = state
        apply_record(environment, snapshot, settings)

    return put


def _state(snapshot: EnvironmentSnapshot, vendor_id: str) -> State:
    tenants = [msgspec.structs.replace(tenant, vendor_id=vendor_id) for tenant in snapshot.tenants]
    deleted = [msgspec.structs.replace(tenant, vendor_id=vendor_id) for tenant in snapshot.deleted]
    return state_of([*tenants, *deleted, *snapshot.users, *snapshot.refresh_tokens])
