"""What the final state of a migration says of each of its users."""

from __future__ import annotations

from typing import Any, Final

import pytest

from frontegg_async.models import MigrationOutcome, UserMigrationTask
from frontegg_async.models.user_migrations import UserMigration
from frontegg_async.resources.support.migration_outcomes import outcomes_of

_NAMES: Final = ("ann", "bob", "cid")
_DONE, _FAILED, _UNKNOWN = MigrationOutcome
_ALL_DONE: Final = [(_DONE, None)] * 3


def _users(*names: str) -> list[UserMigration]:
    return [UserMigration(tenant_id="acme", email=f"{name}@a.example", password="canary") for name in names]


def _task(**response: Any) -> UserMigrationTask:
    task = _read(response)
    assert task is not None
    return task


def _read(response: object) -> UserMigrationTask | None:
    return UserMigrationTask._from_response(response)  # pyright: ignore[reportPrivateUsage]


@pytest.mark.parametrize(
    "response",
    [
        {"state": "completed", "migratedUsers": 3, "errors": []},
        {"status": "Completed"},
        {"state": "DONE", "errors": None},
        {"state": "failed", "migrated": 3},
        {"state": "completed_with_errors", "migratedUsersCount": 3, "errors": {}},
    ],
)
def test_all_are_done(response: dict[str, Any]) -> None:
    assert outcomes_of(_task(**response), _users(*_NAMES)) == _ALL_DONE


@pytest.mark.parametrize(
    "error",
    [
        {"email": "BOB@a.example", "message": "taken"},
        {"user": {"email": "bob@a.example"}, "error": "taken"},
        {"index": 1, "reason": "taken"},
        {"index": "1", "errors": ["taken"]},
    ],
)
@pytest.mark.parametrize("more", [{}, {"migratedUsers": 2}])
def test_an_error_is_that_of_the_user_whom_it_names(error: Any, more: dict[str, Any]) -> None:
    """By the address or the index; the others are done."""
    task = _task(state="completed", errors=[error], **more)
    assert outcomes_of(task, _users(*_NAMES)) == [(_DONE, None), (_FAILED, "taken"), (_DONE, None)]


@pytest.mark.parametrize(
    ("errors", "reason"),
    [
        (["User bob@a.example: already exists"], "User bob@a.example: already exists"),
        ({"bob@a.example": "taken"}, "bob@a.example; taken"),
        ([{"email": "bob@a.example"}], "bob@a.example"),
    ],
)
def test_an_error_may_be_a_text_or_a_member(errors: Any, reason: str) -> None:
    found = outcomes_of(_task(state="completed", errors=errors), _users(*_NAMES))
    assert found == [(_DONE, None), (_FAILED, reason), (_DONE, None)]


@pytest.mark.parametrize(
    ("response", "outcome", "reason"),
    [
        ({}, _UNKNOWN, "was not over in time; its state is ''"),
        ({"state": "verifying", "migratedUsers": 3}, _UNKNOWN, "its state is 'verifying'"),
        ({"state": "completed", "migratedUsers": 2}, _UNKNOWN, "migrated 2 of 3 users"),
        ({"state": "completed", "errors": ["something"]}, _UNKNOWN, "whom this is about: something"),
        ({"state": "completed", "errors": [7]}, _UNKNOWN, "gave no reason"),
        ({"state": "completed", "errors": [{"index": 3}]}, _UNKNOWN, "gave no reason"),
        ({"state": "failed"}, _UNKNOWN, "ended with the state 'failed'"),
        ({"state": "failed", "migratedUsers": 0}, _FAILED, "nobody was migrated"),
        ({"state": "completed", "migratedUsers": 0, "errors": "no tenant"}, _FAILED, "no tenant"),
    ],
)
def test_what_is_not_said_is_unknown(response: dict[str, Any], outcome: MigrationOutcome, reason: str) -> None:
    """Nothing is reported as done that might not be, and nothing as failed."""
    found = outcomes_of(_task(**response), _users(*_NAMES))
    assert {each for each, _ in found} == {outcome}
    assert all(reason in str(why) for _, why in found)


def test_two_rows_with_one_address() -> None:
    """Nothing tells which of them an error is about."""
    task = _task(state="completed", migratedUsers=2, errors=[{"email": "ann@a.example", "message": "taken"}])
    found = outcomes_of(task, _users("ann", "ann", "bob"))
    assert [outcome for outcome, _ in found] == [_UNKNOWN, _UNKNOWN, _UNKNOWN]
    assert found[0][1] == "taken"


def test_a_reason_has_no_secret() -> None:
    """The service may quote what was sent."""
    errors = [{"email": "ann@a.example", "message": "canary is weak"}, "canary"]
    found = outcomes_of(_task(state="completed", errors=errors), _users(*_NAMES))
    assert found[0] == (_FAILED, "[secret] is weak")
    assert "canary" not in f"{found}"


def test_unknown_fields_are_kept() -> None:
    """Also values of unexpected types; a response that is no object has no task."""
    task = _task(id="m1", state="running", migratedUsers="many", users=[{"id": "u1"}])
    assert (task.migration_id, task.state, task.is_over, task.migrated_users) == ("m1", "running", False, None)
    assert task.extra == {"migratedUsers": "many", "users": [{"id": "u1"}]}
    assert _read("m1") is None
