"""Migrations of tenants into an environment."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import Final, Self, cast

import attrs

from frontegg_async._values.fields import EXPECTED
from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.value import Value


class MigrationStatus(enum.StrEnum):
    """How far a migration, or a tenant of it, has come."""

    PENDING = "pending"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    FAILED = "failed"


_OVER: Final = frozenset({MigrationStatus.COMPLETED, MigrationStatus.FAILED})


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class MigratedTenant(Value):
    """A tenant of a migration. ``status`` may be text that this version does not know; ``error`` says why it failed.

    ``status`` is empty where the service gives none; ``extra["status"]`` is ``None`` then for null, and ``""`` for one
    that is missing.
    """

    tenant_id: str
    status: MigrationStatus | str = attrs.field(default="", metadata={EXPECTED: True})
    error: str | None = attrs.field(default=None, repr=False)
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class Migration(Value):
    """A migration at one moment. ``status`` may be text that this version does not know.

    ``status`` is empty where the service gives none, and the migration does not count as over then;
    ``extra["status"]`` is ``None`` for null, and ``""`` for one that is missing.
    """

    migration_id: str
    status: MigrationStatus | str = attrs.field(default="", metadata={EXPECTED: True})
    tenants: tuple[MigratedTenant, ...] = attrs.field(default=(), repr=False)
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)

    @property
    def is_over(self) -> bool:
        """Whether it completed or failed, so that nothing changes any more."""
        return self.status in _OVER


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class StartedMigration(Value):
    """A migration that was started: the id to ask for it by."""

    migration_id: str
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)

    @classmethod
    def from_answer(cls, value: object) -> Self | None:
        """Return what an answer says: no source tells whether it is an object or the id alone.

        Args:
            value: The answer, parsed; text that is not JSON as it is.

        Returns:
            The migration, or ``None`` if the answer has no id.
        """
        is_object = isinstance(value, Mapping)
        fields = dict(cast("Mapping[str, JsonValue]", value if is_object else {"migrationId": value}))
        for name in ("migrationId", "id"):
            migration_id = fields.get(name)
            if isinstance(migration_id, str) and migration_id:
                del fields[name]
                return cls(migration_id=migration_id, extra=fields)
        return None


@attrs.frozen(kw_only=True, eq=False, repr=False)
class MigrationStart(Value):
    """The ids of the tenants to migrate."""

    tenants: tuple[str, ...]
