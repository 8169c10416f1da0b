"""Guards limit dangerous changes of a plan, and let the exact number pass that is allowed."""

from __future__ import annotations

import pytest

from frontegg_async.errors import InvalidArgumentError
from frontegg_async.plans.guards import GuardName, check_allowed, guards_of
from frontegg_async.plans.write import Write


def _writes(operation: str, number: int) -> list[Write]:
    return [
        Write(operation=operation, key=f"a{n}", id=f"a{n}", generation=0, sets={}, before={}, why="rows")
        for n in range(number)
    ]


@pytest.mark.parametrize("name", ["delete", "lock", "move"])
@pytest.mark.parametrize(
    ("accounts", "number", "is_shut"),
    [(0, 3, False), (4, 4, True), (15, 3, False), (15, 4, True), (100, 20, False), (100, 21, True)],
)
def test_the_limit_is_a_fifth_of_the_accounts_and_at_least_three(
    name: GuardName, accounts: int, number: int, is_shut: bool
) -> None:
    """One more than that shuts the guard, and the exact number opens it."""
    writes = _writes(name, number)
    assert guards_of(writes, {name: accounts}, {})[name].is_shut is is_shut
    assert not guards_of(writes, {name: accounts}, {name: number})[name].is_shut


@pytest.mark.parametrize("number", [0, 3, 5])
def test_another_number_than_that_of_the_plan_is_refused(number: int) -> None:
    """Also a larger one: it would hold for changes that nobody has seen."""
    with pytest.raises(InvalidArgumentError, match="the plan has 4 such changes: allow that number"):
        guards_of(_writes("delete", 4), {"delete": 4}, {"delete": number})


@pytest.mark.parametrize(
    ("allow", "message"),
    [
        ({"deletes": 3}, "allow must contain only the guards delete, lock, move, role-removal, .*, not 'deletes'"),
        ({"delete": -1}, "allow must have a whole number from 0 for delete, not -1"),
        ({"delete": True}, "allow must have a whole number from 0 for delete, not bool"),
        ({"lock": "3"}, "allow must have a whole number from 0 for lock, not '3'"),
    ],
)
def test_what_is_allowed_names_guards_and_numbers(allow: dict[str, int], message: str) -> None:
    """Anything else is refused by its name."""
    with pytest.raises(InvalidArgumentError, match=message):
        check_allowed(allow)


def test_unlocking_and_creating_have_no_guard() -> None:
    """Neither takes anything from anybody."""
    guards = guards_of(_writes("unlock", 50) + _writes("create", 50), {}, {})
    assert not any(guard.is_shut or guard.count for guard in guards.values())
