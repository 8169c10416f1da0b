"""What an environment must hold after a file was applied: the state of the emulator is the judge."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final, cast

from frontegg_async._values.json_values import JsonValue
from frontegg_async.bulk import BulkReport
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.managed.registry import ACCOUNT
from frontegg_async.plans.files.fields import SPELLINGS
from frontegg_async.snapshots.rows import PARENT, Row
from tests.plans.strategies import APPLICATION_IDS, PLAN_IDS

State = dict[str, Row]
"""The fields of each account, by its id; the ids of its applications and its plans, and their ends, are among them."""

_NOT_COMPARED: Final = frozenset({"updated_at"})
_OF_CREATION: Final = frozenset({"internal_id", "vendor_id", "created_at", "deleted_at", *_NOT_COMPARED})


def state_of(emulator: EmulatorHandle) -> State:
    """Return what the environment of an emulator holds; metadata are the text that is stored."""
    document: Any = emulator.snapshot()
    [environment] = [each for each in document["environments"] if each["client_id"] == emulator.client_id]
    state: State = {}
    for row in environment["tenants"]:
        if row["deletedAt"] is None:
            state[row["tenantId"]] = {SPELLINGS.get(name, name): value for name, value in row.items()}
            state[row["tenantId"]] |= {"applications": [], "plans": []}
    for row in environment["tables"].get("applicationAssignments", ()):
        if row["tenantId"] in state:
            cast("list[str]", state[row["tenantId"]]["applications"]).append(row["appId"])
    for row in environment["tables"].get("planAssignments", ()):
        if row["tenantId"] in state:
            plan = f"{row['planId']} of {row['userId']} until {row['expirationDate']}"
            cast("list[str]", state[row["tenantId"]]["plans"]).append(plan)
    for fields in state.values():
        cast("list[str]", fields["applications"]).sort()
        cast("list[str]", fields["plans"]).sort()
    return state


def differences(before: State, after: State, rows: Sequence[Row]) -> list[str]:
    """Return where a state is not what a file makes of another; what the file does not name must not have changed.

    Args:
        before: The state before.
        after: The state after.
        rows: The rows of the file.
    """
    absent = {str(row["tenant_id"]) for row in rows if row.get("absent") is True}
    named = {str(row["tenant_id"]): row for row in rows if str(row["tenant_id"]) not in absent}
    expected = (before.keys() | named.keys()) - absent
    found = [f"accounts {expected ^ after.keys()}"] if expected ^ after.keys() else []
    for tenant_id in sorted(expected & after.keys()):
        was = before.get(tenant_id, {})
        if was:
            was = {**was, PARENT: _nearest(before, was[PARENT], absent)}
        wrong = _wrong(was, after[tenant_id], _flat(named.get(tenant_id, {})))
        found += [f"{tenant_id}: {each}" for each in wrong]
    return found


def changed(before: State, after: State, noted: Collection[tuple[str, str]]) -> list[str]:
    """Return where two states differ.

    Args:
        before: The state before.
        after: The state after.
        noted: The ids and paths of values that may differ.
    """
    found = [f"accounts {before.keys() ^ after.keys()}"] if before.keys() ^ after.keys() else []
    for tenant_id in sorted(before.keys() & after.keys()):
        may_differ = {path.partition(".")[0] for key, path in noted if key == tenant_id} | _NOT_COMPARED
        was, now = (
            {**row, "metadata": _parsed(row["metadata"]) or None} for row in (before[tenant_id], after[tenant_id])
        )
        found += [
            f"{tenant_id}: {name}: {was.get(name)!r} -> {now.get(name)!r}"
            for name in sorted(was.keys() | now.keys() - may_differ)
            if name not in may_differ and not same(was.get(name), now.get(name))  # a missing value is null
        ]
    return found


def unfinished(report: BulkReport) -> list[str]:
    """Return the rows of a job that are not done, with the reasons."""
    return [f"{each.operation} {each.tenant_id}: {each.message}" for each in report.rows() if each.state != "done"]


def _nearest(state: State, parent: JsonValue, absent: set[str]) -> JsonValue:
    while parent in absent:
        parent = state[str(parent)][PARENT]
    return parent


def _flat(row: Row) -> Row:
    """Return what a row names as fields of the account: settings are such."""
    return {**row, **cast("Row", row.get("settings", {}))}


def _wrong(was: Row, now: Row, named: Row) -> Iterator[str]:
    for name in sorted(was.keys() | now.keys() | named.keys() - {"settings", "tenant_id", *ACCOUNT}):
        if name in named:
            is_right = _CHECKS.get(name, _same_field)(was.get(name), now.get(name), named[name])
        elif was:
            is_right = name in _NOT_COMPARED or (name in was and name in now and same(was[name], now[name]))
        else:
            is_right = name in _OF_CREATION | {"tenant_id"} or not now[name] or (name == "has_custom_login")
        if not is_right:
            yield f"{name}: {was.get(name)!r} -> {now.get(name)!r}, asked {named.get(name, 'nothing')!r}"


def _same_field(_: JsonValue, now: JsonValue, wanted: JsonValue) -> bool:
    if isinstance(now, str) and isinstance(wanted, str):
        return now.strip().rstrip("/") == wanted.strip().rstrip("/")
    return now == wanted or not (now or wanted)


def _same_applications(was: JsonValue, now: JsonValue, wanted: JsonValue) -> bool:
    asked = {APPLICATION_IDS[each] for each in cast("list[str]", wanted)}
    return {*cast("list[str]", now)} == {*cast("list[str]", was or [])} | asked


def _same_plans(was: JsonValue, now: JsonValue, wanted: JsonValue) -> bool:
    asked = {f"{PLAN_IDS[each]} of None until None" for each in cast("list[str]", wanted)}
    return now == sorted({*cast("list[str]", was or [])} | asked)


def _same_metadata(was: JsonValue, now: JsonValue, wanted: JsonValue) -> bool:
    old, new = _parsed(was), _parsed(now)
    if not isinstance(wanted, Mapping):
        return same(wanted, new)
    if not wanted:
        return same(old or None, new or None)
    kept = old if isinstance(old, dict) else {}
    found = {} if new is old is None else new
    return isinstance(found, dict) and same(_set({**kept, **wanted}), _set(found))


def _parsed(text: JsonValue) -> JsonValue:
    return None if text is None else cast("JsonValue", json.loads(str(text)))


def _set(value: Mapping[str, JsonValue]) -> JsonValue:
    """Return the keys that have a value: null is none."""
    return {key: each for key, each in value.items() if each is not None}


def same(a: JsonValue, b: JsonValue) -> bool:
    """Return whether two JSON values are the same: 1 and 1.0 are, and 1 and true are not."""
    if isinstance(a, Mapping) and isinstance(b, Mapping):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    if isinstance(a, list | tuple) and isinstance(b, list | tuple):
        return len(a) == len(b) and all(map(same, a, b))
    return isinstance(a, bool) is isinstance(b, bool) and a == b


_CHECKS: Final = {"metadata": _same_metadata, "applications": _same_applications, "plans": _same_plans}
