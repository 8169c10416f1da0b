"""What a file changes in an object, with and without the original export."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import attrs
import pytest

from frontegg_async._values.json_values import JsonValue
from frontegg_async.managed.fields import Field
from frontegg_async.managed.hooks import Webhooks
from frontegg_async.managed.kinds import ManagedObject, ObjectKind
from frontegg_async.managed.roles import Roles
from frontegg_async.managed.sso_settings import SsoSettings
from frontegg_async.managed.users import Users
from frontegg_async.plans.objects.changes import ObjectChange, Wanted, object_change, removal
from frontegg_async.plans.objects.pruning import prune_members

Values = dict[str, JsonValue]

EDITOR: Values = {"key": "editor", "name": "Editor", "level": 5, "description": None, "permissions": ["a.b", "c"]}
NEW: Values = {"name": "Editor", "level": 5}


def shown(values: Values = EDITOR, key: str = "editor", **more: object) -> ManagedObject:
    return attrs.evolve(ManagedObject(key, "r1", values), **more)


def change(
    wanted: Values,
    present: ManagedObject | None = None,
    *,
    base: Values | None = None,
    has_base: bool = False,
    kind: ObjectKind | None = None,
    renamed_from: str | None = None,
) -> ObjectChange:
    """Return what a file changes in the role ``editor``."""
    given = Wanted("editor", wanted, "env.yml:1", renamed_from=renamed_from)
    return object_change(kind or Roles(), given, present, base, has_original=has_base or base is not None)


_DIFFERENCES: list[tuple[Values, Values, Values]] = [
    ({}, {}, {}),
    ({"name": "Editor", "level": 5.0}, {}, {}),
    ({"name": " Editor "}, {}, {}),
    ({"description": None}, {}, {}),
    ({"description": ""}, {}, {}),
    ({"name": "Author", "level": 5}, {"name": "Author"}, {"name": "Editor"}),
    ({"description": "D"}, {"description": "D"}, {"description": None}),
    ({"permissions": []}, {}, {}),
    ({"permissions": ["c"]}, {}, {}),
    ({"permissions": ["c", "d.e"]}, {"permissions.d.e": True}, {"permissions.d.e": False}),
]


@pytest.mark.parametrize(("wanted", "sets", "before"), _DIFFERENCES)
def test_what_a_file_names_is_set_if_it_differs(wanted: Values, sets: Values, before: Values) -> None:
    """All else stays: fields without a name in the file, and other members of lists."""
    found = change(wanted, shown())
    assert (found.sets, found.before, found.is_created) == (sets, before, False)


def test_a_new_object_gets_what_its_creation_cannot_set_afterwards() -> None:
    """Its null values are those of any new object."""
    found = change({**NEW, "description": None, "permissions": ["c"]})
    assert (found.is_created, found.creation) == (True, NEW)
    assert (found.sets, found.before) == ({"permissions.c": True}, {"permissions.c": False})


_BASES: list[tuple[str, Values, Values | None, Values, Values]] = [
    ("as in ORIGINAL, changed by others", {"name": "E"}, {"name": "E"}, {}, {}),
    ("changed in the file", {"name": "F"}, {"name": "Editor"}, {"name": "F"}, {"name": "Editor"}),
    ("changed in the file and by others", {"name": "F"}, {"name": "E"}, {"name": "F"}, {"name": "E"}),
    ("changed in the file as by others", {"name": "Editor"}, {"name": "E"}, {}, {}),
    ("not named by ORIGINAL", {"level": 6}, {"name": "E"}, {"level": 6}, {"level": 5}),
    ("cleared", {"description": None}, {"description": "D"}, {}, {}),
    ("added", {"permissions": ["d"]}, {"permissions": []}, {"permissions.d": True}, {"permissions.d": False}),
    ("in ORIGINAL, removed by others", {"permissions": ["d"]}, {"permissions": ["d"]}, {}, {}),
    ("added also by others", {"permissions": ["c"]}, {"permissions": []}, {}, {}),
    ("left out of the list", {"permissions": []}, {"permissions": ["c"]}, {}, {}),
    (
        "a member, and no list in ORIGINAL",
        {"permissions": ["d"]},
        {},
        {"permissions.d": True},
        {"permissions.d": False},
    ),
]


@pytest.mark.parametrize(("wanted", "base", "sets", "before"), [row[1:] for row in _BASES], ids=[r[0] for r in _BASES])
def test_with_base_a_plan_has_what_the_file_changed(wanted: Values, base: Values, sets: Values, before: Values) -> None:
    """It expects the values of ORIGINAL, so that what others changed since is stale."""
    found = change(wanted, shown(), base=base)
    assert (found.sets, found.before, found.is_created) == (sets, before, False)


def test_with_base_a_value_that_was_cleared_by_the_file_is_expected_as_it_was() -> None:
    """Null is a difference where ORIGINAL has a value."""
    found = change({"description": None}, shown({**EDITOR, "description": "E"}), base={"description": "D"})
    assert (found.sets, found.before) == ({"description": None}, {"description": "D"})


def test_with_base_an_object_that_is_gone_is_not_made_again() -> None:
    """Its changes are stale when they are applied; without any there is nothing to do."""
    assert change({"name": "E"}, base={"name": "E"}).is_empty
    found = change({"name": "F"}, base={"name": "E"})
    assert (found.is_created, found.sets, found.before) == (False, {"name": "F"}, {"name": "E"})


def test_with_base_an_object_that_others_made_is_not_replaced() -> None:
    """The creation is stale if it differs, and it lacks nothing of what any creation needs."""
    assert change(NEW, shown(), has_base=True).is_empty
    found = change({"level": 6}, shown(), has_base=True)
    assert (found.is_created, found.is_taken, found.creation) == (True, True, {"level": 6})
    found = change({**NEW, "permissions": ["d"]}, shown(), has_base=True)
    assert (found.is_written, found.reason_to_stay) == (
        False,
        "another program created it since the original export, with other values",
    )


def test_settings_are_always_there() -> None:
    """None is created, whatever ORIGINAL names."""
    settings = ManagedObject("oidc", "", {"enabled": False, "redirect_uri": None})
    wanted = Wanted("oidc", {"enabled": True}, "env.yml:1")
    for present in (settings, None):
        found = object_change(SsoSettings(), wanted, present, None, has_original=True)
        assert (found.is_created, found.sets) == (False, {"enabled": True})
        assert found.before == {"enabled": False if present else None}


_HOOK: Values = {"display_name": "editor", "url": "https://a.example", "event_keys": ["x"]}
_SECRET: Values = {"secret": "env:S"}


@pytest.mark.parametrize(
    ("secret", "secrets", "has_base", "sets"),
    [
        (_SECRET, {"secret"}, False, {}),
        (_SECRET, set[str](), False, {"secret": _SECRET}),
        ({**_SECRET, "rotate": False}, {"secret"}, False, {}),
        ({**_SECRET, "rotate": True}, {"secret"}, False, {"secret": _SECRET}),
        ({**_SECRET, "rotate": True}, {"secret"}, True, {"secret": _SECRET}),
    ],
)
def test_a_secret_is_set_if_there_is_none_or_the_file_rotates_it(
    secret: Values, secrets: set[str], has_base: bool, sets: Values
) -> None:
    """It is never compared, so nothing is expected of it."""
    present = shown(_HOOK, secrets=frozenset(secrets))
    found = change({"secret": secret}, present, kind=Webhooks(), has_base=has_base)
    assert (found.sets, found.before, found.is_created) == (sets, {}, False)


def test_a_new_object_has_its_secret_by_its_source() -> None:
    """Whether a file says ``rotate`` too."""
    found = change({"url": "https://a.example", "secret": {**_SECRET, "rotate": True}}, kind=Webhooks())
    assert found.creation == {"url": "https://a.example", "secret": _SECRET}


@pytest.mark.parametrize(
    ("present", "is_created", "sets"),
    [
        (shown({**EDITOR, "key": "old"}, "old"), False, {"key": "editor"}),
        (shown(), False, {}),
        (None, True, {}),
    ],
    ids=["old key", "renamed already", "neither"],
)
def test_a_rename_changes_the_key(present: ManagedObject | None, is_created: bool, sets: Values) -> None:
    """Once: a file may name the old key for ever."""
    found = change(NEW, present, renamed_from="old")
    assert (found.is_created, found.sets) == (is_created, sets)
    assert found.present_key == ("editor" if present is None else present.key)


@pytest.mark.parametrize("wanted", [{"name": "F"}, {}], ids=["differs", "does not differ"])
def test_an_object_that_no_plan_writes_stays(wanted: Values) -> None:
    """The reason is noted if the file asks for something."""
    found = change(wanted, shown(reason_to_stay="SCIM manages it"))
    assert not found.is_written
    assert (found.sets, found.before, found.reason_to_stay) == ({}, {}, "SCIM manages it" if wanted else None)


class _FixedLevel(Roles):
    fields: ClassVar[Mapping[str, Field]] = {
        **Roles.fields,
        "level": attrs.evolve(Roles.fields["level"], is_fixed=True),
    }


def test_a_field_that_only_a_creation_sets_is_reported() -> None:
    """It is not written, and all others are."""
    found = change({"level": 6, "name": "F"}, shown(), kind=_FixedLevel())
    assert (found.fixed, found.sets) == (["level"], {"name": "F"})
    assert change({"level": 6}, kind=_FixedLevel()).creation == {"level": 6}


_PERSON: Values = {"name": "Ann", "roles": ["Admin"]}


@pytest.mark.parametrize(
    ("base", "has_base", "reason"),
    [
        (None, False, None),
        (_PERSON, True, None),
        ({"roles": ["Admin"]}, True, None),
        ({**_PERSON, "roles": []}, True, "roles has changed since the original export: not deleted"),
        (None, True, "it is not in the original export: not deleted"),
    ],
)
def test_with_base_only_what_is_as_it_was_is_deleted(base: Values | None, has_base: bool, reason: str | None) -> None:
    """By ``absent: true`` and by a prune."""
    person = ManagedObject("ann@a.example", "u1", _PERSON)
    wanted = Wanted("ann@a.example", {}, "rows.yml:1", is_absent=True)
    for found in (
        object_change(Users(), wanted, person, base, has_original=has_base),
        removal(Users(), person, "--prune", base, has_original=has_base),
    ):
        assert (found.is_deleted, found.reason_to_stay) == (reason is None, reason)
        assert found.before == ({} if reason else _PERSON)


@pytest.mark.parametrize(
    ("wanted", "base", "has_base", "removed"),
    [
        ({"permissions": ["c"]}, None, False, ["a.b"]),
        ({"permissions": []}, None, False, ["a.b", "c"]),
        ({}, None, False, []),
        ({"permissions": []}, {"permissions": ["c", "d"]}, True, ["c"]),
        ({"permissions": []}, {"name": "Editor"}, True, []),
        ({"permissions": []}, None, True, []),
    ],
)
def test_members_are_pruned_from_lists_that_the_file_names(
    wanted: Values, base: Values | None, has_base: bool, removed: list[str]
) -> None:
    """With base only those that ORIGINAL has."""
    found = change(wanted, shown(), base=base, has_base=has_base)
    prune_members(found, Wanted("editor", wanted, "env.yml:1"), base, has_original=has_base)
    assert (found.sets, found.before) == tuple(
        {f"permissions.{each}": value for each in removed} for value in (False, True)
    )


@pytest.mark.parametrize("present", [None, shown(reason_to_stay="it is one of the service's own")])
def test_nothing_is_pruned_from_what_is_not_written(present: ManagedObject | None) -> None:
    """Neither from a new object, nor from one of the service."""
    found = change({**NEW, "permissions": []}, present)
    prune_members(found, Wanted("editor", {"permissions": []}, "env.yml:1"), None, has_original=False)
    assert found.sets == {}
