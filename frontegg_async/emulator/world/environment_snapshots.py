"""Snapshots of the whole state as JSON. A snapshot is checked completely before its data replaces any other data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import msgspec

from frontegg_async._values.json_values import JsonValue
from frontegg_async.emulator.checks.json_input import plain_json
from frontegg_async.emulator.checks.nesting import MAX_DEPTH
from frontegg_async.emulator.store.integrity import check_records
from frontegg_async.emulator.store.state import State
from frontegg_async.emulator.store.stored_records import Record, all_records, read_rows, state_of
from frontegg_async.emulator.store.switches import DEFAULT, change, differences
from frontegg_async.emulator.store.table_row import TableRow
from frontegg_async.emulator.store.tenant_rows import StoredTenant, TenantRow
from frontegg_async.emulator.store.user_rows import RefreshToken, UserRow
from frontegg_async.emulator.world.clock import check_clock
from frontegg_async.emulator.world.emulated_environment import TOKEN_TTL, EmulatedEnvironment, EmulatedSettings

VERSION: Final = 1
_AROUND: Final = 10
"""The levels of objects and arrays around a record in JSON. The record itself may have up to `MAX_DEPTH` levels."""


class EnvironmentSnapshot(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """An environment with its data. Revoked tokens are omitted, because every process signs with a key of its own."""

    client_id: str
    secret: str
    token_ttl: float = TOKEN_TTL
    rate_limit: int | None = None
    switches: dict[str, str | int] = msgspec.field(name="divergences", default_factory=dict[str, str | int])
    """The switches whose values are not the default. In files, the field keeps its former name ``divergences``."""
    clock_offset: float = 0.0
    clock_frozen: float | None = None
    tenants: list[StoredTenant] = msgspec.field(default_factory=list[StoredTenant])
    deleted: list[TenantRow] = msgspec.field(default_factory=list[TenantRow])
    users: list[UserRow] = msgspec.field(default_factory=list[UserRow])
    refresh_tokens: list[RefreshToken] = msgspec.field(default_factory=list[RefreshToken])
    tables: dict[str, list[object]] = msgspec.field(default_factory=dict[str, list[object]])
    """The rows of all tables except tenants, users and refresh tokens, by the names of the tables in `TABLES`."""


class Snapshot(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A snapshot of some or all environments of an emulator."""

    version: int
    environments: list[EnvironmentSnapshot]


def take(environments: list[EmulatedEnvironment]) -> Snapshot:
    """Take a snapshot of some environments."""
    return Snapshot(version=VERSION, environments=[_take_one(environment) for environment in environments])


def _take_one(environment: EmulatedEnvironment) -> EnvironmentSnapshot:
    settings = environment.settings
    snapshot = EnvironmentSnapshot(
        client_id=environment.client_id,
        secret=environment.secret,
        token_ttl=settings.token_ttl,
        rate_limit=settings.rate_limit,
        switches=differences(settings.switches, DEFAULT),
        clock_offset=environment.clock.offset,
        clock_frozen=environment.clock.frozen,
    )
    for (kind, _), record in all_records(environment.state):
        match record:
            case StoredTenant():
                snapshot.tenants.append(record)
            case TenantRow():
                snapshot.deleted.append(record)
            case UserRow():
                snapshot.users.append(record)
            case RefreshToken():
                snapshot.refresh_tokens.append(record)
            case TableRow():
                snapshot.tables.setdefault(kind, []).append(msgspec.to_builtins(record))
    return snapshot


def read(value: JsonValue) -> Snapshot:
    """Read a snapshot from JSON.

    Raises:
        ValueError: The value is not a snapshot, or the snapshot has another version.
    """
    if not isinstance(value, Mapping):
        raise ValueError(f"the snapshot must be an object, not {type(value).__name__}")  # noqa: TRY004 - one kind of error
    plain = plain_json(value, "the snapshot", max_depth=MAX_DEPTH + _AROUND)
    snapshot = msgspec.convert(plain, Snapshot)
    if snapshot.version != VERSION:
        raise ValueError(f"the snapshot has version {snapshot.version}; this emulator reads version {VERSION}")
    return snapshot


def prepare(snapshot: EnvironmentSnapshot, vendor_id: str) -> Callable[[EmulatedEnvironment], None]:
    """Check the snapshot of an environment, and return a function that applies it.

    Args:
        snapshot: The snapshot.
        vendor_id: The vendor id of the target environment. The environment in the snapshot may have another vendor id.

    Raises:
        ValueError: A value is out of range, or the tenants and users are not consistent.
    """
    settings = EmulatedSettings(
        token_ttl=snapshot.token_ttl,
        rate_limit=snapshot.rate_limit,
        switches=change(DEFAULT, dict(snapshot.switches)),
    )
    check_clock(snapshot.clock_offset, snapshot.clock_frozen)
    state = _state(snapshot, vendor_id)

    def put(environment: EmulatedEnvironment) -> None:
        environment.replace_state(state)
        environment.settings = settings
        environment.clock.offset = snapshot.clock_offset
        environment.clock.frozen = snapshot.clock_frozen
        environment.settings_changed = True

    return put


def _state(snapshot: EnvironmentSnapshot, vendor_id: str) -> State:
    tenants = [msgspec.structs.replace(tenant, vendor_id=vendor_id) for tenant in snapshot.tenants]
    deleted = [msgspec.structs.replace(tenant, vendor_id=vendor_id) for tenant in snapshot.deleted]
    rows = read_rows(snapshot.tables)
    records: list[Record] = [*tenants, *deleted, *snapshot.users, *snapshot.refresh_tokens, *rows]
    check_records(records)
    return state_of(records)
