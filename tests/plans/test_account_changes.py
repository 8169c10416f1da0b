"""What a row of a file changes in an account, with and without the original export."""

from __future__ import annotations

import pytest

from frontegg_async._values.unset import UNSET
from frontegg_async.plans.accounts.changes import AccountChanges, changes_of
from frontegg_async.snapshots.rows import Row


def _changes(wanted: Row, shown: Row | None, original: Row | None = None, *, has_base: bool = False) -> AccountChanges:
    return changes_of("acme", {"tenant_id": "acme", **wanted}, shown, "f:1", original, has_original=has_base)


def _triples(changes: AccountChanges) -> list[tuple[str, object, object]]:
    return [(each.field, each.before, each.after) for each in changes.fields]


@pytest.mark.parametrize(
    ("wanted", "shown", "expected"),
    [
        ({}, {"name": "A"}, []),
        ({"name": "A"}, {"name": "A", "status": "x"}, []),
        ({"name": "B"}, {"name": "A"}, [("name", "A", "B")]),
        ({"status": None}, {"status": None}, []),
        ({"status": None}, {"status": ""}, []),
        ({"status": ""}, {"status": None}, []),
        ({"status": None}, {"status": "x"}, [("status", "x", None)]),
        ({"website": "https://a.example/"}, {"website": "https://a.example"}, []),
        ({"is_reseller": None}, {"is_reseller": False}, []),
        ({"is_locked": False}, {"is_locked": None}, []),
        ({"is_locked": True}, {"is_locked": None}, [("is_locked", None, True)]),
        ({"parent_tenant_id": None}, {"parent_tenant_id": "north"}, [("parent_tenant_id", "north", None)]),
        ({"metadata": {}}, {"metadata": {"a": 1}}, []),
        ({"metadata": {"a": 1}}, {"metadata": {"a": 1.0, "b": 2}}, []),
        ({"metadata": {"a": 1}}, {"metadata": {"a": True}}, [("metadata.a", True, 1)]),
        (
            {"metadata": {"a": {"b": 1}}},
            {"metadata": {"a": {"b": 1, "c": 2}}},
            [("metadata.a", {"b": 1, "c": 2}, {"b": 1})],
        ),
        ({"metadata": {"a": None}}, {"metadata": {"b": 1}}, []),
        ({"metadata": {"a": None}}, {"metadata": {"a": 1}}, [("metadata.a", 1, UNSET)]),
        ({"metadata": {"a": 1}}, {"metadata": None}, [("metadata.a", UNSET, 1)]),
        ({"metadata": None}, {"metadata": {"a": 1}}, [("metadata", {"a": 1}, None)]),
        ({"metadata": {"a": 1}}, {"metadata": [1]}, [("metadata", [1], {"a": 1})]),
        ({"metadata": {}}, {"metadata": [1]}, []),
        ({"metadata": "text"}, {"metadata": "text"}, []),
        ({"settings": {"timezone": "UTC"}}, {"settings": {"timezone": None}}, [("settings.timezone", None, "UTC")]),
        ({"applications": ["Desk"]}, {"applications": ["Desk", "Till"]}, []),
        ({"applications": ["Desk"]}, {"applications": ["Till"]}, [("applications.Desk", UNSET, True)]),
        ({"applications": []}, {"applications": ["Till"]}, []),
    ],
)
def test_only_what_a_row_names_is_compared(wanted: Row, shown: Row, expected: list[tuple[str, object, object]]) -> None:
    """Null clears; lists and maps name members that must exist."""
    changes = _changes(wanted, shown)
    assert _triples(changes) == expected
    assert changes.is_empty is not bool(expected)


@pytest.mark.parametrize(
    ("wanted", "original", "shown", "expected"),
    [
        # the file is as the original: whatever the environment has by now stays
        ({"name": "A"}, {"name": "A"}, {"name": "C"}, []),
        # the file changes it, and nobody else did
        ({"name": "B"}, {"name": "A"}, {"name": "A"}, [("name", "A", "B")]),
        # others changed it too: the change expects the value of the original, and is stale
        ({"name": "B"}, {"name": "A"}, {"name": "C"}, [("name", "A", "B")]),
        # the environment has it already
        ({"name": "B"}, {"name": "A"}, {"name": "B"}, []),
        # the original does not name the field: the environment is compared
        ({"name": "B"}, {}, {"name": "C"}, [("name", "C", "B")]),
        # null is a difference where the original has a value
        ({"status": None}, {"status": "x"}, {"status": "x"}, [("status", "x", None)]),
        ({"status": None}, {"status": None}, {"status": "y"}, []),
        ({"metadata": {"a": 2}}, {"metadata": {"a": 1}}, {"metadata": {"a": 1, "b": 1}}, [("metadata.a", 1, 2)]),
        ({"metadata": {"a": 2}}, {"metadata": {}}, {"metadata": {"a": 1}}, [("metadata.a", UNSET, 2)]),
        ({"metadata": {"a": 2}}, {"metadata": None}, {"metadata": None}, [("metadata.a", UNSET, 2)]),
        (
            {"settings": {"timezone": "UTC"}},
            {"settings": {}},
            {"settings": {"timezone": "X"}},
            [("settings.timezone", "X", "UTC")],
        ),
        ({"applications": ["D"]}, {"applications": ["D"]}, {"applications": []}, []),
        ({"applications": ["D"]}, {"applications": []}, {"applications": []}, [("applications.D", UNSET, True)]),
    ],
)
def test_with_the_original_only_what_was_edited_is_changed(
    wanted: Row, original: Row, shown: Row, expected: list[tuple[str, object, object]]
) -> None:
    """``before`` has the values of the original, so that the changes of others stay."""
    assert _triples(_changes(wanted, shown, original, has_base=True)) == expected


def test_an_account_that_only_the_file_has_is_new() -> None:
    """What an account is created with is sent at once; all else follows."""
    wanted: Row = {
        "name": "A",
        "status": None,
        "metadata": {"a": 1},
        "is_locked": True,
        "settings": {"date_format": "DD"},
    }
    changes = _changes(wanted, None)
    assert changes.is_created
    assert changes.creation == {"name": "A", "metadata": {"a": 1}}
    assert _triples(changes) == [("is_locked", UNSET, True), ("settings.date_format", UNSET, "DD")]


def test_an_account_of_the_original_that_is_gone_is_not_made_again() -> None:
    """Its changes expect values that nothing has, so they are stale."""
    changes = _changes({"name": "B"}, None, {"name": "A"}, has_base=True)
    assert changes.is_gone
    assert not changes.is_created
    assert _triples(changes) == [("name", "A", "B")]


def test_an_account_that_is_gone_and_was_not_edited_is_nothing() -> None:
    """The file does not ask for anything."""
    assert _changes({"name": "A"}, None, {"name": "A"}, has_base=True).is_empty


def test_a_new_account_that_exists_with_other_values_is_stale() -> None:
    """Its creation expects that there is none."""
    changes = _changes({"name": "A"}, {"name": "B"}, None, has_base=True)
    assert changes.is_taken
    assert changes.is_created


def test_a_new_account_that_exists_with_the_same_values_is_done() -> None:
    """Somebody has made it meanwhile, as the file says."""
    assert _changes({"name": "A"}, {"name": "A", "status": "x"}, None, has_base=True).is_empty


@pytest.mark.parametrize(("shown", "is_empty"), [(None, True), ({"name": "A"}, False)])
def test_absent_deletes_an_account_that_exists(shown: Row | None, is_empty: bool) -> None:
    """It is the only way to delete one."""
    changes = _changes({"absent": True}, shown)
    assert changes.is_deleted
    assert changes.is_empty is is_empty
    assert not changes.is_created


def test_fields_that_no_operation_changes_are_reported() -> None:
    """They are no changes."""
    changes = _changes({"industry": "Retail", "created_at": "x", "vendor_id": "y"}, {"industry": None})
    assert changes.unwritable == ["industry"]
    assert not changes.fields
