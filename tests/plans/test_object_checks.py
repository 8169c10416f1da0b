"""Objects that rows have are checked by the fields of their kinds, whatever the kind."""

from __future__ import annotations

import pytest

from frontegg_async._values.json_values import JsonValue
from frontegg_async.managed.kinds import ObjectKind
from frontegg_async.managed.roles import Roles
from frontegg_async.managed.users import Users
from frontegg_async.plans.files.object_checks import checked_objects


def messages(kind: ObjectKind, value: JsonValue) -> list[tuple[object, str, bool]]:
    """Return the path of each problem, its message, and whether it is of a name."""
    return [(tuple(each.path), each.message, each.of_name) for each in checked_objects(kind, value)[1]]


def test_values_as_the_service_shows_them() -> None:
    """Other spellings are understood, lists are sorted, and read-only fields left out."""
    given: JsonValue = {"editor": {"isDefault": True, "permissions": ["b", "a", "b"], "createdAt": 7, "extra": {}}}
    assert checked_objects(Roles(), given) == ({"editor": {"is_default": True, "permissions": ["a", "b"]}}, [])


def test_only_some_kinds_may_be_absent() -> None:
    """Objects of other kinds are deleted by an option, and never by a file."""
    assert messages(Roles(), {"editor": {"absent": True}}) == [
        (("roles", "editor", "absent"), "unknown field 'absent'", True)
    ]
    assert checked_objects(Users(), {"ann@a.example": {"absent": True}}) == ({"ann@a.example": {"absent": True}}, [])


def test_a_field_in_both_spellings() -> None:
    """The places are those of the names in the file."""
    assert messages(Roles(), {"editor": {"isDefault": True, "is_default": 7}}) == [
        (("roles", "editor", "is_default"), "'isDefault' and 'is_default' are the same field: leave one out", True)
    ]


@pytest.mark.parametrize("key", ["\ud800@a.example", "a\x00b"])
def test_keys_that_no_text_has(key: str) -> None:
    """Such a key cannot be sent."""
    [(path, message, of_name)] = messages(Users(), {key: {}})
    assert (path, of_name) == (("users", key), True)
    assert message.startswith("the key")
