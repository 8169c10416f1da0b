"""Converts a state into records for the persistence file, and records into a state."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, TypeAlias

import msgspec

from frontegg_async.emulator.store.state import Change, Kind, State, check_cycles
from frontegg_async.emulator.store.table_row import TableRow
from frontegg_async.emulator.store.tables import TABLES
from frontegg_async.emulator.store.tenant_rows import StoredTenant, TenantRow
from frontegg_async.emulator.store.user_rows import RefreshToken, UserRow

Record: TypeAlias = StoredTenant | TenantRow | UserRow | RefreshToken | TableRow
RECORD_TYPES: Final[Mapping[Kind, type[Record]]] = {
    "tenant": StoredTenant,
    "deleted": TenantRow,
    "user": UserRow,
    "refresh": RefreshToken,
    **TABLES,
}


def record_of(state: State, change: Change) -> Record | None:
    """Return the record to store for a change, or ``None`` if the record was removed."""
    kind, key = change
    match kind:
        case "tenant":
            return state.tenants.stored(key, state.parents.get(key)) if key in state.tenants else None
        case "deleted":
            return state.deleted.get(key)
        case "user":
            return state.users.get(key)
        case "refresh":
            return state.refresh_tokens.get(key)
        case _:
            return state.tables[kind].get(key)


def all_records(state: State) -> Iterator[tuple[Change, Record]]:
    """Yield all records of a state, each with its kind and id."""
    keys: dict[Kind, Iterable[str]] = {
        "tenant": state.tenants,
        "deleted": state.deleted,
        "user": state.users,
        "refresh": state.refresh_tokens,
        **state.tables,
    }
    for kind, names in keys.items():
        for key in names:
            record = record_of(state, (kind, key))
            if record is not None:
                yield (kind, key), record


def read_rows(tables: Mapping[str, list[object]]) -> list[TableRow]:
    """Read the rows of tables from JSON values. The keys are the names of the tables.

    Raises:
        ValueError: A table does not exist, or a row is malformed.
    """
    if unknown := tables.keys() - TABLES.keys():
        raise ValueError(f"there is no table {min(unknown)!r}; there are {', '.join(TABLES)}")
    return [msgspec.convert(row, TABLES[name]) for name, rows in tables.items() for row in rows]


def state_of(records: Iterable[Record]) -> State:
    """Build a state from stored records.

    Raises:
        ValueError: A parent does not exist, or the hierarchy has a cycle.
    """
    state = State()
    parents: dict[str, str] = {}
    for record in records:
        match record:
            case StoredTenant(tenant_id=tenant_id, parent_tenant_id=parent_id):
                state.put_tenant(record.row())
                if parent_id is not None:
                    parents[tenant_id] = parent_id
            case TenantRow():
                state.put_deleted(record)
            case UserRow():
                state.put_user(record)
            case RefreshToken():
                state.put_refresh_token(record)
            case TableRow():
                state.put(record)
    _put_parents(state, parents)
    state.changes.clear()
    return state


def _put_parents(state: State, parents: Mapping[str, str]) -> None:
    for child_id, parent_id in parents.items():
        if parent_id not in state.tenants:
            raise ValueError(f"the parent of {child_id!r} does not exist")
    check_cycles(parents)
    for child_id, parent_id in parents.items():
        state.put_parent(child_id, parent_id)
