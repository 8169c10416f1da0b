"""What people, policies and SSO configurations must be after a file was applied; the emulator's state is the judge."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias, cast

from frontegg_async._values.json_values import JsonValue
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.snapshots.rows import Row
from tests.plans.part_strategies import KINDS, ROLES, WIRE_NAMES, flat

Place: TypeAlias = tuple[str, str, str]
"""The account, the part, and the natural key of an object."""
PartState: TypeAlias = dict[Place, Row]
"""The fields of each object, by flat names."""

_KEYS: Final = {role_id: key for key, role_id in ROLES.items()}
_POLICIES: Final[Mapping[str, str]] = {KINDS.get(name, name): name for name in WIRE_NAMES}
_VOLATILE: Final = frozenset({"tenantId", "tenantIds", "memberships", "updatedAt"})
"""What depends on other accounts, and times."""
_SHOWN_BY_DEFAULT: Final = "policies", "password"
"""The policy that the service shows with values where there is none, so that undoing its creation writes them."""
_ROLES_OF_SERVICE: Final = "roles of the service"
"""Marks a person who is invited without roles, and gets those that the service gives."""


def parts_of(emulator: EmulatorHandle) -> PartState:
    """Return the people, policies and SSO configurations that the environment of an emulator holds."""
    document: Any = emulator.snapshot()
    [environment] = [each for each in document["environments"] if each["client_id"] == emulator.client_id]
    tables = environment["tables"]
    state: PartState = {}
    for user in environment["users"]:
        for tenant_id in user["tenantIds"]:
            membership = user["memberships"].get(tenant_id, {"roleIds": ()})
            more = {name: value for name, value in membership.items() if name != "roleIds"}
            state[tenant_id, "users", user["email"].lower()] = {
                **{name: value for name, value in user.items() if name not in _VOLATILE},
                "name": user["name"] or user["email"],  # as the service shows it
                **more,
                **_members("roles", membership["roleIds"]),
            }
    for row in tables.get("policies", ()):
        kind = str(row["kind"])
        place = row["tenantId"], "policies", _POLICIES.get(kind, kind)
        state[place] = dict(_flat_values(row["values"]))
    types: dict[str, Place] = {}
    for row in tables.get("ssoConfigurations", ()):
        place = types[row["id"]] = row["tenantId"], "sso", row["type"]
        fields = {name: value for name, value in row.items() if name not in {*_VOLATILE, "roleIds", "configMetadata"}}
        given = cast("Row", row["configMetadata"] or {})
        metadata = {f"config_metadata.{key}": value for key, value in given.items()}
        state[place] = {**fields, **metadata, **_members("default_roles", row["roleIds"])}
    for row in tables.get("ssoDomains", ()):
        state[types[row["ssoConfigId"]]][f"domains.{row['domain']}"] = True
    for row in tables.get("ssoGroups", ()):
        keys = sorted(_KEYS[each] for each in row["roleIds"])
        state[types[row["ssoConfigId"]]][f"groups.{row['group']}"] = cast("JsonValue", keys)
    return state


def _members(name: str, role_ids: Collection[str]) -> Row:
    return {f"{name}.{_KEYS.get(each, each)}": True for each in role_ids}


def _flat_values(values: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, JsonValue]]:
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from _flat_values(cast("Mapping[str, Any]", value), f"{above}{name}.")
        else:
            yield f"{above}{name}", value


def expected_parts(before: PartState, rows: Sequence[Row]) -> PartState:
    """Return what a file makes of people, policies and SSO configurations; of new objects the fields that it names.

    Args:
        before: The state before.
        rows: The rows of the file.
    """
    absent = {str(row["tenant_id"]) for row in rows if row.get("absent") is True}
    state = {place: dict(values) for place, values in before.items() if place[0] not in absent}
    names: dict[str, JsonValue] = {}
    for row in rows:
        tenant_id = str(row["tenant_id"])
        for email, entry in _entries(row, "users"):
            _apply_user(state, (tenant_id, "users", email.lower()), entry, names)
        for policy, entry in _entries(row, "policies"):
            place = tenant_id, "policies", policy
            named = dict(_flat_values({WIRE_NAMES[policy][each]: v for each, v in flat(policy, entry).items()}))
            if named:
                state[place] = {**state.get(place, {}), **named}
        for kind, entry in _entries(row, "sso"):
            _apply_sso(state, (tenant_id, "sso", kind), entry)
    for place, values in state.items():
        if place[1] == "users" and place[2] in names:
            values["name"] = names[place[2]]
    return state


def _entries(row: Row, part: str) -> Iterator[tuple[str, Row]]:
    yield from cast("Mapping[str, Row]", row.get(part, {})).items()


def _apply_user(state: PartState, place: Place, entry: Row, names: dict[str, JsonValue]) -> None:
    present = state.get(place)
    if present is not None and present.get("managedBy") not in (None, "frontegg"):
        return
    if entry.get("absent") is True:
        state.pop(place, None)
        return
    roles = {f"roles.{key}": True for key in cast("list[str]", entry.get("roles", []))}
    if present is None:
        state[place] = {"status": "PendingLogin", **(roles or {_ROLES_OF_SERVICE: True})}
    else:
        present |= cast("Row", roles)
    if "name" in entry:
        names[place[2]] = entry["name"]


def _apply_sso(state: PartState, place: Place, entry: Row) -> None:
    values = state.setdefault(place, {})
    for name, value in entry.items():
        if name == "domains":
            values |= {f"domains.{each.lower()}": True for each in cast("list[str]", value)}
        elif name == "default_roles":
            values |= {f"default_roles.{each}": True for each in cast("list[str]", value)}
        elif name in ("groups", "config_metadata"):
            for key, each in cast("Row", value).items():
                values.pop(f"{name}.{key}", None)
                if each is not None:
                    values[f"{name}.{key}"] = (
                        cast("JsonValue", sorted(cast("list[str]", each))) if name == "groups" else each
                    )
        else:
            first, *others = name.split("_")
            values[first + "".join(each.title() for each in others)] = value


def part_differences(before: PartState, after: PartState, rows: Sequence[Row]) -> list[str]:
    """Return where a state is not what a file makes of another; what the file does not name must not have changed.

    Args:
        before: The state before.
        after: The state after.
        rows: The rows of the file.
    """
    expected = {
        place: values
        for place, values in expected_parts(before, rows).items()
        if place[1:] != _SHOWN_BY_DEFAULT or place in {*before, *after}
    }
    found = [f"objects {expected.keys() ^ after.keys()}"] if expected.keys() ^ after.keys() else []
    for place in sorted(expected.keys() & after.keys()):
        wanted, now = expected[place], after[place]
        are_roles_open = wanted.pop(_ROLES_OF_SERVICE, False)
        is_compared = place[1] != "policies" and (place in before or not are_roles_open)
        others = {name for name in now if "." in name or place in before} if is_compared else set[str]()
        found += [
            f"{place} {name}: {now.get(name)!r}, not {wanted.get(name)!r}"
            for name in sorted(wanted.keys() | others)
            if not _same(wanted.get(name), now.get(name))
        ]
    return found


def changed_parts(before: PartState, after: PartState, noted: Collection[tuple[str, str]]) -> list[str]:
    """Return where two states differ.

    Args:
        before: The state before.
        after: The state after.
        noted: The ids of accounts and the paths of values that may differ.
    """
    found: list[str] = []
    for place in sorted(before.keys() | after.keys()):
        tenant_id, part, key = place
        paths = [path for each, path in noted if each == tenant_id]
        if f"{part}.{key}" in paths or (tenant_id not in {each for each, _, _ in before} and "" in paths):
            continue
        if any(path.startswith(f"{part}.{key}.") for path in paths) and part != "users":
            continue
        if place[1:] == _SHOWN_BY_DEFAULT and place not in before:
            continue
        if before.get(place) is None or after.get(place) is None:
            found.append(f"{place}: {before.get(place)} -> {after.get(place)}")
            continue
        was, now = before[place], after[place]
        found += [
            f"{place} {name}: {was.get(name)!r} -> {now.get(name)!r}"
            for name in sorted(was if part == "policies" else was.keys() | now.keys())
            if f"{part}.{key}.{name}" not in paths and not _same(was.get(name), now.get(name))
        ]
    return found


def _same(wanted: JsonValue, now: JsonValue) -> bool:
    if isinstance(wanted, str) and isinstance(now, str):
        return wanted.strip().rstrip("/").lower() == now.strip().rstrip("/").lower()
    return wanted == now or not (wanted or now)
