"""The outcome of each user of a migration, derived from the migration's final state."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from frontegg_async._values.ascii_case import folded
from frontegg_async._values.json_values import JsonValue
from frontegg_async.models.migrated_users import COUNTS, MigrationOutcome, UserMigrationTask
from frontegg_async.models.user_migrations import UserMigration
from frontegg_async.resources.support.migrated_users import redacted, secrets_of, texts_of

Found = tuple[MigrationOutcome, str | None]
"""An outcome, and the reason for the outcome."""

_BETWEEN_WORDS: Final = re.compile(r"(?:[\s<>,;:()\[\]\\]|\"(?!@))+")
"""Separators of words. No e-mail address contains them outside of quotes, so an address always stays in one word."""
_TELLS_FAILURE: Final = re.compile(r"fail|error|reject|refus|skip|invalid|conflict", re.IGNORECASE)
_STATES: Final = ("state", "status", "result", "outcome")
_LONGEST_INDEX: Final = 4
_NO_WORDS: Final = "the service gave no reason"


def outcomes_of(task: UserMigrationTask, users: Sequence[UserMigration]) -> list[Found]:
    """Return the outcome of each user. The outcome is unknown if the state does not prove another outcome.

    The format of migration errors is not documented. The fields ``email`` and ``index`` of an error name a user. If the
    error lacks these fields, an e-mail address in its text names the user.

    Args:
        task: The last known state of the migration.
        users: The users that were sent, in order.
    """
    texts = "\n".join((task.state, *(text for entry in _entries(task.errors) for text in texts_of(entry))))
    secrets = [secret for secret in secrets_of(users) if secret in texts]
    failures, unclaimed = _failures(task.errors, users, secrets)
    rest = _rest(task, redacted(task.state, secrets), failures, unclaimed, len(users))
    if task.migrated_users is not None and task.migrated_users > len(users) - _failed(failures):
        failures = {index: (MigrationOutcome.UNKNOWN, reason) for index, (_, reason) in failures.items()}
    return [failures.get(index, rest) for index in range(len(users))]


def _rest(
    task: UserMigrationTask, state: str, failures: Mapping[int, Found], unclaimed: Sequence[str], count: int
) -> Found:
    """Return the outcome of all users whom no error names. It is unknown if the counts in the state are inconsistent.

    ``count`` is the number of users that were sent.
    """
    failed = _failed(failures)
    migrated = task.migrated_users
    if not task.is_over:
        reason = f"the migration did not end in time; its state is {state!r}"
    elif _is_contradicted(task, failed):
        reason = "a field in the state of the migration contradicts the count of migrated users or the errors"
    elif migrated == 0:
        return MigrationOutcome.FAILED, "; ".join(unclaimed) or f"nobody was migrated; the state is {state!r}"
    elif unclaimed:
        reason = f"the service reports errors without a user: {'; '.join(unclaimed)}"
    elif migrated is None:
        reason = f"the migration ended with the state {state!r}, without a count of migrated users"
    elif migrated != count - len(failures) or failed != len(failures):
        reason = f"the service migrated {migrated} of {count} users"
    elif not task.has_succeeded and not failures:
        reason = f"the migration ended with the state {state!r}, and the service migrated all users"
    else:
        return MigrationOutcome.DONE, None
    return MigrationOutcome.UNKNOWN, reason


def _failed(failures: Mapping[int, Found]) -> int:
    return sum(outcome is MigrationOutcome.FAILED for outcome, _ in failures.values())


def _is_contradicted(task: UserMigrationTask, failed: int) -> bool:
    """Return whether an extra field contradicts the count of migrated users or the errors."""
    return any(
        (name in COUNTS and value is not None and (type(value) is not int or value != task.migrated_users))
        or _is_failure(name, value, failed)
        for name, value in task.extra.items()
    )


def _is_failure(name: str, value: JsonValue, failed: int) -> bool:
    """Return whether a field reports failures, unless their number equals the number of failures in the errors."""
    if _TELLS_FAILURE.search(name):
        told = len(value) if isinstance(value, list | tuple) else value
        return bool(value) and (type(told) is not int or told != failed)
    if isinstance(value, Mapping):
        return any(_is_failure(each, inner, failed) for each, inner in value.items())
    if isinstance(value, list | tuple):
        return any(_is_failure("", inner, failed) for inner in value)
    if name.casefold() in _STATES:
        return isinstance(value, str) and _TELLS_FAILURE.search(value) is not None
    return name.casefold() in ("success", "ok", "succeeded") and value is False


def _failures(
    errors: JsonValue, users: Sequence[UserMigration], secrets: Collection[str]
) -> tuple[dict[int, Found], list[str]]:
    """Match errors to users. Return the outcomes of the named users, and the reasons in errors that name no user."""
    places: dict[str, set[int]] = {}
    for index, user in enumerate(users):
        places.setdefault(folded(user.email), set()).add(index)
    failures: dict[int, Found] = {}
    unclaimed: list[str] = []
    for error in _entries(errors):
        reason = redacted(_reason(error), secrets)
        claims: list[set[int]] = [_by_email(value, places) for value in _fields(error, "email")]
        claims += [_by_index(value, len(users)) for value in _fields(error, "index")]
        if not claims:
            words = {folded(word.rstrip(".")) for text in texts_of(error) for word in _BETWEEN_WORDS.split(text)}
            claims = [places.get(word, set[int]()) for word in words if "@" in word]
        # The failed row is unclear if two rows have the same address, or if the fields contradict each other.
        agreed = claims[0].intersection(*claims) if claims else set[int]()
        if len(agreed) == 1:
            failures.update(dict.fromkeys(agreed, (MigrationOutcome.FAILED, reason)))
            continue
        named = set[int]().union(*claims)
        for index in named:
            failures.setdefault(index, (MigrationOutcome.UNKNOWN, reason))
        if not named:
            unclaimed.append(reason)
    return failures, unclaimed


def _entries(errors: JsonValue) -> list[JsonValue]:
    """Return the errors as a list. They may come as a list, as a mapping of addresses to errors, or as one error."""
    if isinstance(errors, Mapping) and not any(name in errors for name in ("email", "index", "user", "message")):
        told = [(name, each) for name, each in errors.items() if each]
        return [{"email": name, "message": each} if "@" in name else [name, each] for name, each in told]
    if isinstance(errors, list | tuple):
        return [*errors]
    return [errors] if errors else []


def _fields(error: JsonValue, name: str) -> list[JsonValue]:
    """Collect the values of a field from an error, from its ``user``, and from its ``message`` if this is an object."""
    if not isinstance(error, Mapping):
        return []
    objects = (error, error.get("user"), error.get("message"))
    found = (each.get(name) for each in objects if isinstance(each, Mapping))
    return [value for value in found if value is not None]


def _by_email(email: JsonValue, places: Mapping[str, set[int]]) -> set[int]:
    return places.get(folded(email.strip()), set[int]()) if isinstance(email, str) else set[int]()


def _by_index(index: JsonValue, count: int) -> set[int]:
    """Return an index as a set, or an empty set if the index is not below the number of users."""
    if isinstance(index, str) and index.isascii() and index.isdecimal() and len(index) <= _LONGEST_INDEX:
        index = int(index)
    return {index} if type(index) is int and 0 <= index < count else set[int]()


def _reason(error: JsonValue) -> str:
    shown = error
    if isinstance(error, Mapping):
        shown = next((error[name] for name in ("message", "error", "reason", "errors") if error.get(name)), error)
    return "; ".join(filter(None, texts_of(shown))) or _NO_WORDS
