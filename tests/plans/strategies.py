"""Estates of accounts with any values, and files that change them in ways that can be made."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import attrs
import yaml
from hypothesis import strategies as st

from frontegg_async._formats.csv_cells import guarded
from frontegg_async._values.json_values import JsonValue
from frontegg_async.models import IncludeLiteral
from frontegg_async.plans.files.fields import SETTINGS_FIELDS, SPELLINGS, TEXTS
from frontegg_async.plans.files.relations import look
from frontegg_async.snapshots.rows import JSON_FIELDS, PARENT, Row
from tests.plans.part_strategies import Parts, add_parts, parts

APPLICATIONS: Final[Mapping[str, str]] = {"a1": "Desk", "a2": 'Till, "new"', "a3": "Twin", "a4": "Twin"}
"""The names of applications by their ids; two have the same name."""
APPLICATION_IDS: Final[Mapping[str, str]] = {"Desk": "a1", 'Till, "new"': "a2", "a3": "a3", "a4": "a4"}
"""The ids of applications by what files call them."""
PLANS: Final[Mapping[str, str]] = {"p1": "Pro", "p2": 'Seats, "10"', "p3": "Twin", "p4": "Twin"}
"""The names of feature plans by their ids; two have the same name."""
PLAN_IDS: Final[Mapping[str, str]] = {"Pro": "p1", 'Seats, "10"': "p2", "p3": "p3", "p4": "p4"}
"""The ids of feature plans by what files call them."""
WIRE_NAMES: Final = {name: spelling for spelling, name in SPELLINGS.items()}
"""The names of fields in seeds."""

SUFFIXES: Final = (".jsonl", ".yml", ".csv")
"""The suffixes of files. A CSV file cannot clear fields."""
INCLUDES: Final[st.SearchStrategy[frozenset[IncludeLiteral]]] = st.frozensets(
    st.sampled_from(["settings", "applications", "plans", "users", "policies", "sso"])
)
"""What exports have beside the accounts."""

_ODD: Final = ".,;:'\" /%?#&=+-@\\{}[]<>|!~*\u00e9\u6f22\u00df\u212a"
_ANY_TEXT: Final = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=8)
_TEXT: Final = (
    st.sampled_from(["a", "b", "x/", " x ", "=1+1", "'", '"', "null", "1", "\u00e9", "a,b", "- a"]) | _ANY_TEXT
)
_NUMBER: Final = st.sampled_from([0, 1, 1.0, -1, 0.1, 1e300, 2**53 + 1, 2**63]) | st.floats(
    allow_nan=False, allow_infinity=False
)
_KEY: Final = st.sampled_from(["plan", "seats", "a.b", "a,b", 'a"b', "\u00e9", " ", "a/b", "tenant_id"]) | _ANY_TEXT
_SCALAR: Final[st.SearchStrategy[JsonValue]] = st.none() | st.booleans() | _NUMBER | _TEXT
_JSON: Final[st.SearchStrategy[JsonValue]] = st.recursive(
    _SCALAR,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(_KEY, inner, max_size=2),
    max_leaves=4,
)
_OBJECT: Final[st.SearchStrategy[Row]] = st.dictionaries(_KEY, _JSON, min_size=1, max_size=3)
_ID: Final = st.text(st.sampled_from("ab" + _ODD), min_size=1, max_size=4).filter(
    lambda text: text == text.strip() and text not in {".", ".."}
)
_SETTINGS: Final = sorted(SETTINGS_FIELDS)
_TEXTS: Final = sorted(TEXTS - {"name"})
_SEEDED: Final = sorted((TEXTS | SETTINGS_FIELDS) - {"name"})
_CHECKED: Final = {
    "timezone": st.sampled_from(["Europe/Berlin", "Asia/Tokyo"]),
    "currency": st.sampled_from(["EUR", "USD"]),
}
"""The values of fields for which the SDK warns of unknown ones."""
_CREATED: Final = "2025-01-01T00:00:00.000Z"
_END: Final = "2030-01-01T00:00:00.000Z"


@attrs.frozen
class Estate:
    """The accounts of an environment."""

    tenants: Sequence[dict[str, Any]]
    """The accounts, as seeds have them."""
    assigned: Mapping[str, frozenset[str]]
    """The ids of the applications of each account."""
    plans: Mapping[str, frozenset[tuple[str, str | None]]]
    """The ids of the plans of each account, and when each ends."""
    parts: Parts
    """The people, policies and SSO configurations."""

    @property
    def parents(self) -> dict[str, str | None]:
        """The parent of each account."""
        return {row["tenantId"]: row.get("parentTenantId") for row in self.tenants}

    def seed(self) -> dict[str, object]:
        """Return the whole seed."""
        stamps = {"createdAt": _CREATED, "updatedAt": _CREATED}
        applications = [
            {"id": app_id, "name": name, "appUrl": "https://a", "loginUrl": "https://b", **stamps}
            for app_id, name in APPLICATIONS.items()
        ]
        assignments = [
            {"id": f"{app_id}/{tenant_id}", "appId": app_id, "tenantId": tenant_id, "createdAt": _CREATED}
            for tenant_id, ids in self.assigned.items()
            for app_id in sorted(ids)
        ]
        return {
            "tenants": self.tenants,
            "users": self.parts.users,
            "tables": {
                "applications": applications,
                "applicationAssignments": assignments,
                "plans": [{"id": plan_id, "name": name} for plan_id, name in PLANS.items()],
                "planAssignments": [
                    {
                        "id": f"{plan_id}/{tenant_id}/{end}",
                        "planId": plan_id,
                        "tenantId": tenant_id,
                        "expirationDate": end,
                    }
                    for tenant_id, held in self.plans.items()
                    for plan_id, end in sorted(held, key=str)
                ],
                **self.parts.tables,
            },
        }


@st.composite
def estates(draw: st.DrawFn, least: int = 0) -> Estate:
    """Draw an estate.

    Args:
        draw: Draws values.
        least: The fewest accounts.
    """
    ids = draw(st.lists(_ID, min_size=least, max_size=7, unique_by=look))
    rows: list[dict[str, Any]] = []
    for tenant_id in ids:
        above = draw(st.none() | st.sampled_from(rows)) if rows else None
        rows.append(_account(draw, tenant_id, above))
    apps = st.frozensets(st.sampled_from(sorted(APPLICATIONS)), max_size=2)
    plans = st.frozensets(st.tuples(st.sampled_from(sorted(PLANS)), st.sampled_from([None, _END])), max_size=2)
    return Estate(
        draw(st.permutations(rows)),
        {tenant_id: draw(apps) for tenant_id in ids},
        {tenant_id: draw(plans) for tenant_id in ids},
        draw(parts(ids)),
    )


def _account(draw: st.DrawFn, tenant_id: str, above: dict[str, Any] | None) -> dict[str, Any]:
    row: dict[str, Any] = {"tenantId": tenant_id, "name": draw(_TEXT), "createdAt": _CREATED}
    if above is not None:
        above["isReseller"] = True
        row["parentTenantId"] = above["tenantId"]
    metadata = draw(_OBJECT | _OBJECT | _JSON)
    row["metadata"] = None if metadata is None else json.dumps(metadata)
    row |= dict.fromkeys(draw(st.sets(st.sampled_from(["isReseller", "isLocked"]))), True)
    for name in draw(st.sets(st.sampled_from(_SEEDED), max_size=3)):
        row[WIRE_NAMES.get(name, name)] = draw(_CHECKED.get(name, _TEXT))
    return row


@st.composite
def files(draw: st.DrawFn, estate: Estate) -> list[Row]:
    """Draw the rows of a file for an estate, whose plan has no faults.

    Args:
        draw: Draws values.
        estate: The estate.
    """
    ids = [row["tenantId"] for row in estate.tenants]
    looks = {look(each) for each in ids}
    created = draw(st.lists(_ID.filter(lambda text: look(text) not in looks), max_size=3, unique_by=look))
    named = draw(st.lists(st.sampled_from(ids), min_size=len(ids) // 2, unique=True)) if ids else []
    absent = {each for each in named if draw(st.integers(0, 5)) == 0}
    rows: dict[str, Row] = {each: {"tenant_id": each, "absent": True} for each in absent}
    for each in [*named, *created]:
        if each not in absent:
            rows[each] = {"tenant_id": each, **_fields(draw, estate, each)}
    for each in created:
        rows[each].setdefault("name", draw(_TEXT))
    _place(draw, estate, rows, created)
    _add_parts(draw, estate, {each: row for each, row in rows.items() if each not in absent})
    return draw(st.permutations([*rows.values()]))


@attrs.frozen
class Case:
    """An estate, and a file for it."""

    estate: Estate
    rows: Sequence[Row]
    suffix: str
    has_base: bool
    """Whether the file is planned with an original export, of the environment as it is."""


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Draw an estate and a file for it."""
    estate = draw(estates(least=2))
    rows = draw(files(estate))
    has_cleared = any(value in (None, "") for row in rows for value in row.values())
    suffix = draw(st.sampled_from(SUFFIXES[:2] if has_cleared else SUFFIXES))
    return Case(estate, rows, suffix, draw(st.booleans()))


def _fields(draw: st.DrawFn, estate: Estate, tenant_id: str) -> Row:
    names = draw(st.sets(st.sampled_from(_TEXTS), max_size=3))
    row: Row = {name: draw(_CHECKED.get(name, _TEXT) | st.none() | st.just("")) for name in sorted(names)}
    shown = next((each["metadata"] for each in estate.tenants if each["tenantId"] == tenant_id), None)
    if draw(st.booleans()):
        row["name"] = draw(_TEXT)
    if draw(st.booleans()):
        row["is_locked"] = draw(st.booleans())
    if draw(st.booleans()):
        metadata = draw(_metadata(shown))
        if isinstance(metadata, dict):
            metadata = {key: value for key, value in metadata.items() if value is not None or can_be_removed(key)}
        row["metadata"] = metadata
    if draw(st.booleans()):
        row["applications"] = draw(st.lists(st.sampled_from(sorted(APPLICATION_IDS)), unique=True, max_size=2))
    if draw(st.booleans()):
        row["plans"] = draw(st.lists(st.sampled_from(sorted(PLAN_IDS)), unique=True, max_size=2))
    if draw(st.booleans()):
        names = draw(st.sets(st.sampled_from(_SETTINGS), max_size=2)) - row.keys()
        row["settings"] = {name: draw(_CHECKED.get(name, _TEXT) | st.none()) for name in sorted(names)}
    return row


def _add_parts(draw: st.DrawFn, estate: Estate, rows: Mapping[str, Row]) -> None:
    locked = {row["tenantId"] for row in estate.tenants if row.get("isLocked")}
    open_ids = {each for each, row in rows.items() if each not in locked or row.get("is_locked") is False}
    add_parts(draw, estate.parts, rows, open_ids)


def _metadata(text: str | None) -> st.SearchStrategy[JsonValue]:
    """Return metadata of a row: often some of the keys that the account has."""
    shown: JsonValue = None if text is None else json.loads(text)
    if not isinstance(shown, dict) or not shown:
        return _OBJECT | _JSON
    some: st.SearchStrategy[Row] = st.fixed_dictionaries({}, optional=dict.fromkeys(shown, st.none() | _JSON))
    return some | st.builds(_merged, _OBJECT, some) | _JSON


def _merged(new: Row, old: Row) -> JsonValue:
    return {**new, **old}


def can_be_removed(key: str) -> bool:
    """Return whether a key can be removed from metadata: it is a part of a path then."""
    return key not in {".", ".."} and not any(unicodedata.category(each) == "Cc" for each in key)


def _place(draw: st.DrawFn, estate: Estate, rows: dict[str, Row], created: Sequence[str]) -> None:
    """Give some rows parents, so that no account is above itself, and each that has others below it may have them."""
    absent = {each for each, row in rows.items() if "absent" in row}
    living = [*(each for each in estate.parents if each not in absent), *created]
    parents: dict[str, str | None] = {**dict.fromkeys(created), **estate.parents}
    for each in sorted(rows.keys() - absent):
        if draw(st.booleans()):
            parents[each] = rows[each][PARENT] = draw(st.none() | st.sampled_from(sorted(living)))
    placed = rows.keys() - absent
    pairs = sorted((each, above) for each in placed if (above := parents[each]) in placed and above is not None)
    if pairs and draw(st.booleans()):
        lower, upper = draw(st.sampled_from(pairs))
        parents[lower] = rows[lower][PARENT] = _nearest(upper, parents, absent)
        parents[upper] = rows[upper][PARENT] = lower
    for each in sorted(rows.keys() - absent):
        if each in _above(each, parents):
            parents[each] = rows[each][PARENT] = None
    _allow_others(draw, estate, rows, {_nearest(each, parents, absent) for each in living})


def _above(tenant_id: str, parents: Mapping[str, str | None]) -> set[str]:
    found: set[str] = set()
    above = parents[tenant_id]
    while above is not None and above not in found:
        found.add(above)
        above = parents[above]
    return found


def _nearest(tenant_id: str, parents: Mapping[str, str | None], absent: set[str]) -> str | None:
    above = parents[tenant_id]
    while above in absent:
        above = parents[above]
    return above


def _allow_others(draw: st.DrawFn, estate: Estate, rows: dict[str, Row], tops: set[str | None]) -> None:
    """Let some rows say whether their accounts may have others below them."""
    resellers = {row["tenantId"] for row in estate.tenants if row.get("isReseller")}
    for tenant_id in sorted({each for each in tops if each is not None} - resellers):
        rows.setdefault(tenant_id, {"tenant_id": tenant_id})["is_reseller"] = True
    for tenant_id, row in rows.items():
        if "absent" not in row and draw(st.booleans()):
            row["is_reseller"] = tenant_id in tops or draw(st.booleans())


def write(path: Path, rows: Sequence[Row]) -> None:
    """Write rows to a file in the format of its suffix; a CSV file cannot have null and empty text.

    Args:
        path: The file.
        rows: The rows.
    """
    match path.suffix:
        case ".yml":
            text = yaml.safe_dump(list(rows), sort_keys=False)
        case ".csv":
            text = _csv(rows)
        case _:
            text = "".join(f"{json.dumps(row)}\n" for row in rows)
    path.write_text(text, encoding="utf-8", newline="")


def _csv(rows: Sequence[Row]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(dict.fromkeys(name for row in rows for name in row)))
    writer.writeheader()
    writer.writerows({name: _cell(name, value) for name, value in row.items()} for row in rows)
    return text.getvalue()


def _cell(name: str, value: JsonValue) -> str:
    return guarded(value) if isinstance(value, str) and name not in JSON_FIELDS else json.dumps(value)
