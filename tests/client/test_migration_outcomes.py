"""What the final state of a migration says of each of its users."""

from __future__ import annotations

from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontegg_async.models import MigrationOutcome, UserMigrationTask
from frontegg_async.models.user_migrations import UserMigration
from frontegg_async.resources.support.migration_outcomes import outcomes_of

_NAMES: Final = ("ann", "bob", "cid")
_DONE, _FAILED, _UNKNOWN = MigrationOutcome
_EMAILS: Final = [f"{name}@a.example" for name in (*_NAMES, "dan")]
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
        {"status": "Completed", "migrated": 3},
        {"state": "DONE", "migratedUsersCount": 3, "errors": None, "failedUsers": 0, "users": [{"id": "u1"}]},
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
@pytest.mark.parametrize("state", ["completed", "completed_with_errors", "failed"])
def test_an_error_is_that_of_the_user_whom_it_names(error: Any, state: str) -> None:
    """By the address or the index; the others are done."""
    task = _task(state=state, migratedUsers=2, errors=[error])
    assert outcomes_of(task, _users(*_NAMES)) == [(_DONE, None), (_FAILED, "taken"), (_DONE, None)]


@pytest.mark.parametrize(
    ("errors", "reason"),
    [
        (["User bob@a.example: already exists"], "User bob@a.example: already exists"),
        (["(bob@a.example) is taken."], "(bob@a.example) is taken."),
        (["taken: bob@a.example."], "taken: bob@a.example."),
        ({"bob@a.example": "taken"}, "taken"),
        ({"email": "bob@a.example", "message": "taken"}, "taken"),
        ({"bob@a.example": {"index": 1, "error": ["taken"]}}, "taken"),
        ([{"email": "bob@a.example"}], "bob@a.example"),
    ],
)
def test_an_error_may_be_a_text_or_a_member(errors: Any, reason: str) -> None:
    found = outcomes_of(_task(state="completed", migratedUsers=2, errors=errors), _users(*_NAMES))
    assert found == [(_DONE, None), (_FAILED, reason), (_DONE, None)]


@pytest.mark.parametrize(
    "error",
    [
        *(
            f"User {more}bob@a.example is taken"
            for more in ("x", "o'", "'", "o.", "7", "ö", "+", "/", "-", "\u0301", '"x"@')
        ),
        *(f"User bob@a.example{more} is taken" for more in ("x", ".org", "-", "'", "ö", "_", '"@b.example')),
        {"email": "dan@a.example", "message": "bob@a.example is taken"},
        {"email": "", "message": "bob@a.example is taken"},
        {"email": 7, "message": "bob@a.example is taken"},
        {"index": 3, "message": "bob@a.example is taken"},
        {"index": True, "message": "taken"},
        {"index": -2},
        {"index": 1.0},
        {"index": "9" * 5_000},
        {"index": "\u0661"},
    ],
    ids=ascii,
)
def test_an_error_that_names_nobody_for_certain(error: Any) -> None:
    """Fields are stronger than texts, and a part of an address is another address."""
    found = outcomes_of(_task(state="completed", migratedUsers=2, errors=[error]), _users(*_NAMES))
    assert [outcome for outcome, _ in found] == [_UNKNOWN] * 3


@pytest.mark.parametrize(
    ("error", "rows"),
    [
        ({"email": "ann@a.example", "message": "bob@a.example has the number"}, {0: _FAILED}),
        ({"index": 0, "message": "bob@a.example has the number"}, {0: _FAILED}),
        ({"email": "ann@a.example", "index": 1}, {0: _UNKNOWN, 1: _UNKNOWN}),
        ({"email": "dan@a.example", "index": 1}, {1: _UNKNOWN}),
        ({"email": "ann@a.example", "index": 7}, {0: _UNKNOWN}),
        ({"email": "ann@a.example", "user": {"email": "bob@a.example"}}, {0: _UNKNOWN, 1: _UNKNOWN}),
        ({"ann@a.example": {"email": "bob@a.example"}}, {0: _UNKNOWN, 1: _UNKNOWN}),
        ("ann@a.example has the number of bob@a.example", {0: _UNKNOWN, 1: _UNKNOWN}),
        ("ann@a.example has the number of dan@a.example", {0: _UNKNOWN}),
    ],
    ids=str,
)
def test_a_contradiction_is_unknown(error: Any, rows: dict[int, MigrationOutcome]) -> None:
    """Then nobody is done either."""
    others = _DONE if _FAILED in rows.values() else _UNKNOWN
    found = outcomes_of(_task(state="completed", migratedUsers=2, errors=error), _users(*_NAMES))
    assert [outcome for outcome, _ in found] == [rows.get(index, others) for index in range(3)]


@pytest.mark.parametrize("nothing", [None, [], {}, "", False])
def test_an_address_without_an_error_has_not_failed(nothing: Any) -> None:
    """Then the count decides."""
    errors = {"bob@a.example": nothing}
    assert outcomes_of(_task(state="completed", migratedUsers=3, errors=errors), _users(*_NAMES)) == _ALL_DONE
    found = outcomes_of(_task(state="completed", errors=errors), _users(*_NAMES))
    assert [outcome for outcome, _ in found] == [_UNKNOWN] * 3


def test_the_index_tells_rows_with_one_address_apart() -> None:
    error = {"email": "ann@a.example", "index": 1, "message": "taken"}
    found = outcomes_of(_task(state="completed", migratedUsers=2, errors=[error]), _users("ann", "ann", "bob"))
    assert found == [(_DONE, None), (_FAILED, "taken"), (_DONE, None)]


_COUNTS: Final[list[Any]] = [True, "3", 3.0, [], {}, [1, 2, 3], 4, -1]
_ALL: Final[dict[str, Any]] = {"state": "completed", "migratedUsers": 3}


@pytest.mark.parametrize(
    "response",
    [
        {"state": "completed"},
        {"state": "completed", "users": [{"email": "ann@a.example", "status": "failed"}]},
        *({"state": "completed", "migratedUsers": count} for count in _COUNTS),
        _ALL | {"error": "no"},
        _ALL | {"failedUsers": 1},
        _ALL | {"failedUsers": True},
        _ALL | {"failed": ["bob@a.example"]},
        _ALL | {"users": [{"status": "failed"}]},
        _ALL | {"users": [{"error": "taken"}]},
        _ALL | {"result": {"success": False}},
        _ALL | {"status": "failed"},
        _ALL | {"migrated": 2},
        _ALL | {"migrated": [1, 2, 3]},
        _ALL | {"migratedUsers": 0, "migrated": 3},
        _ALL | {"state": "failed"},
        _ALL | {"state": "completed_with_errors"},
        _ALL | {"errors": [{"email": "bob@a.example"}]},
    ],
    ids=str,
)
def test_only_a_count_that_adds_up_shows_that_rows_are_done(response: dict[str, Any]) -> None:
    found = outcomes_of(_task(**response), _users(*_NAMES))
    assert [outcome for outcome, _ in found] == [_UNKNOWN] * 3
    assert all(reason for _, reason in found)


@given(
    st.sampled_from(["completed", "failed", "running"]),
    st.integers(-1, 4),
    st.lists(st.fixed_dictionaries({}, optional={"email": st.sampled_from(_EMAILS), "index": st.integers(-1, 4)})),
)
def test_counts_of_outcomes_never_contradict_the_service(state: str, count: int, errors: list[Any]) -> None:
    """If a row is done, as many are as the service migrated, and all others have failed."""
    found = outcomes_of(_task(state=state, migratedUsers=count, errors=errors), _users(*_NAMES))
    outcomes = [outcome for outcome, _ in found]
    if _DONE in outcomes:
        assert (outcomes.count(_DONE), outcomes.count(_UNKNOWN)) == (count, 0)
    assert state != "running" or _DONE not in outcomes
    assert count <= 3 - outcomes.count(_FAILED) or _FAILED not in outcomes


@pytest.mark.parametrize(
    ("response", "outcome", "reason"),
    [
        ({}, _UNKNOWN, "did not end in time; its state is ''"),
        ({"state": "verifying", "migratedUsers": 3}, _UNKNOWN, "its state is 'verifying'"),
        ({"state": "completed", "migratedUsers": 2}, _UNKNOWN, "migrated 2 of 3 users"),
        ({"state": "completed", "errors": ["something"]}, _UNKNOWN, "errors without a user: something"),
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


def test_a_reason_with_a_short_secret_is_not_shown() -> None:
    """Our own words are."""
    users = [UserMigration(tenant_id="acme", email=f"{name}@a.example", password="mig") for name in _NAMES]
    errors = [{"index": 0, "message": "the code mig7 is weak"}]
    found = outcomes_of(_task(state="completed", errors=errors), users)
    assert found[0] == (_FAILED, "the text of the service is not shown, because it may contain a secret")
    assert "without a count of migrated users" in str(found[1][1])


def test_unknown_fields_are_kept() -> None:
    """Also values of unexpected types; a response that is no object has no task."""
    task = _task(id="m1", state="running", migratedUsers="many", users=[{"id": "u1"}])
    assert (task.migration_id, task.state, task.is_over, task.migrated_users) == ("m1", "running", False, None)
    assert task.extra == {"migratedUsers": "many", "users": [{"id": "u1"}]}
    assert _read("m1") is None
