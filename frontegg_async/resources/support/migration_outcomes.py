"""What became of each user of a migration, as far as its final state tells."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from frontegg_async._values.ascii_case import folded
from frontegg_async._values.json_values import JsonValue
from frontegg_async.models.migrated_users import MigrationOutcome, UserMigrationTask
from frontegg_async.models.user_migrations import UserMigration
from frontegg_async.resources.support.migrated_users import redacted, secrets_of

Found = tuple[MigrationOutcome, str | None]
"""An outcome, and its reason."""

_BETWEEN_WORDS: Final = re.compile(r"[\s\"'`<>,;:()\[\]{}]+")
_NO_WORDS: Final = "the service gave no reason"


def outcomes_of(task: UserMigrationTask, users: Sequence[UserMigration]) -> list[Found]:
    """Return what became of each user. What the state does not tell for certain is unknown.

    No source types the errors of a migration. They are given to users by the e-mail addresses that they name, or else
    by the index of the user.

    Args:
        task: The migration, as it was when it was last read.
        users: The users that were sent, in order.
    """
    failures, unclaimed = _failures(task.errors, users)
    others = len(users) - len(failures)
    if not task.is_over:
        rest: Found = MigrationOutcome.UNKNOWN, f"the migration was not over in time; its state is {task.state!r}"
    elif task.migrated_users == 0:
        rest = MigrationOutcome.FAILED, "; ".join(unclaimed) or f"nobody was migrated; the state is {task.state!r}"
    elif task.migrated_users not in (None, others):
        rest = MigrationOutcome.UNKNOWN, f"the service migrated {task.migrated_users} of {len(users)} users"
    elif unclaimed:
        rest = MigrationOutcome.UNKNOWN, f"the service does not say whom this is about: {'; '.join(unclaimed)}"
    elif task.has_succeeded or task.migrated_users == others:
        rest = MigrationOutcome.DONE, None
    else:
        rest = MigrationOutcome.UNKNOWN, f"the migration ended with the state {task.state!r}"
    secrets = secrets_of(users)
    shown = {reason: redacted(reason, secrets) for _, reason in (rest, *failures.values()) if reason is not None}
    found = (failures.get(index, rest) for index in range(len(users)))
    return [(outcome, None if reason is None else shown[reason]) for outcome, reason in found]


def _failures(errors: JsonValue, users: Sequence[UserMigration]) -> tuple[dict[int, Found], list[str]]:
    """Return what became of users who are named in errors, and the reasons of errors that name nobody."""
    places: dict[str, list[int]] = {}
    for index, user in enumerate(users):
        places.setdefault(folded(user.email), []).append(index)
    failures: dict[int, Found] = {}
    unclaimed: list[str] = []
    for error in _entries(errors):
        reason = _reason(error)
        words = {folded(word): None for text in _texts(error) for word in _BETWEEN_WORDS.split(text)}
        named = [place for word in words for place in places.get(word, ())] or _by_index(error, len(users))
        # Two rows may have one address: nothing tells which of them failed.
        outcome = MigrationOutcome.FAILED if len(named) == 1 else MigrationOutcome.UNKNOWN
        failures.update(dict.fromkeys(named, (outcome, reason)))
        if not named:
            unclaimed.append(reason)
    return failures, unclaimed


def _entries(errors: JsonValue) -> list[JsonValue]:
    """Return the errors of a list, or of a mapping of addresses to errors."""
    if isinstance(errors, Mapping):
        return [[name, each] for name, each in errors.items()]
    if isinstance(errors, list | tuple):
        return [*errors]
    return [errors] if errors else []


def _texts(value: JsonValue) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _texts(each)


def _reason(error: JsonValue) -> str:
    shown = error
    if isinstance(error, Mapping):
        shown = next((error[name] for name in ("message", "error", "reason", "errors") if error.get(name)), error)
    return "; ".join(filter(None, _texts(shown))) or _NO_WORDS


def _by_index(error: JsonValue, count: int) -> list[int]:
    """Return the place of the user, of so many, whose index an error has."""
    index = error.get("index") if isinstance(error, Mapping) else None
    place = int(index) if isinstance(index, int) or (isinstance(index, str) and index.isdecimal()) else -1
    return [place] if 0 <= place < count else []
