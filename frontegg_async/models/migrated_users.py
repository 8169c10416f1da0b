"""Models of migrated users: the outcome of each row, and the state of a migration."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import Final, Self, cast

import attrs

from frontegg_async._values.json_values import JsonValue
from frontegg_async.models.model import Model

__all__ = ["MigratedUser", "MigrationOutcome", "UserMigrationTask"]

_SUCCEEDED: Final = frozenset({"complete", "completed", "done", "finished", "success", "succeeded"})
_OVER: Final = _SUCCEEDED | {
    "canceled",
    "cancelled",
    "completedwitherrors",
    "error",
    "failed",
    "partiallycompleted",
}
"""The states of a migration that has ended, in lower case and without separators.

Assumed: no source lists the states.
"""

COUNTS: Final = ("migratedUsers", "migratedUsersCount", "migratedCount", "migrated")
"""The names that the service may use for the number of migrated users. Assumed: no source documents the name."""


class MigrationOutcome(enum.StrEnum):
    """The outcomes of the migration of a user."""

    DONE = "done"
    """The user was migrated."""
    FAILED = "failed"
    """The user was not migrated; ``reason`` says why."""
    UNKNOWN = "unknown"
    """It is unknown whether the user was migrated; ``reason`` says why. Call `users.get_by_email` to find out."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class MigratedUser(Model):
    """A row of `users.bulk_migrate`, and its outcome."""

    index: int
    """The index of the row among all rows, from 0."""
    email: str = attrs.field(repr=False)
    """The e-mail address of the row."""
    tenant_id: str
    """The id of the tenant of the row."""
    outcome: MigrationOutcome
    """The outcome."""
    reason: str | None = attrs.field(default=None, repr=False)
    """The reason of the failure or of the unknown outcome; ``None`` if the user was migrated."""
    migration_id: str | None = None
    """The id of the migration, for `users.get_migration_task`; ``None`` if the client received no id."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class UserMigrationTask(Model):
    """The state of a migration of up to 1,000 users. No source documents this response; the fields are assumed."""

    migration_id: str | None = None
    """The id of the migration; ``None`` if the response lacks it."""
    state: str = ""
    """The state as the service names it. No source lists the names. Empty if the response lacks the state."""
    migrated_users: int | None = None
    """The number of migrated users; ``None`` if the response lacks it."""
    errors: JsonValue = attrs.field(default=None, repr=False, hash=False)
    """The failures, as the service returns them."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""

    @property
    def is_over(self) -> bool:
        """Whether the state is final, such as ``completed`` or ``failed``."""
        return self._word in _OVER

    @property
    def has_succeeded(self) -> bool:
        """Whether the state means success."""
        return self._word in _SUCCEEDED

    @property
    def _word(self) -> str:
        return self.state.casefold().translate({ord(separator): None for separator in "_- "})

    @classmethod
    def _from_response(cls, value: object) -> Self | None:
        """Return the task that a response describes, or ``None`` if the response is no JSON object.

        Args:
            value: The parsed response.
        """
        if not isinstance(value, Mapping):
            return None
        fields = dict(cast("Mapping[str, JsonValue]", value))
        migration_id, state, count = (
            next((fields.pop(name) for name in names if type(fields.get(name)) is kind), None)
            for kind, names in ((str, ("migrationId", "id")), (str, ("state", "status")), (int, COUNTS))
        )
        return cls(
            migration_id=cast("str | None", migration_id),
            state=cast("str", state or ""),
            migrated_users=cast("int | None", count),
            errors=fields.pop("errors", None),
            extra=fields,
        )
