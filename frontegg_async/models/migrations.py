"""Models of migrations, which bring tenants into an environment."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import Final, Self, cast

import attrs

from frontegg_async._values.fields import EXPECTED
from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.value import Value
from frontegg_async.models.model import Model

__all__ = ["MigratedTenant", "Migration", "MigrationStatus", "StartedMigration"]


class MigrationStatus(enum.StrEnum):
    """The state of a migration, or of one of its tenants."""

    PENDING = "pending"
    """The migration has not begun."""
    IN_PROGRESS = "in_progress"
    """The migration has begun."""
    COMPLETED = "completed"
    """The migration has ended and succeeded."""
    FAILED = "failed"
    """The migration has ended and failed."""


_OVER: Final = frozenset({MigrationStatus.COMPLETED, MigrationStatus.FAILED})


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class MigratedTenant(Model):
    """A tenant of a migration, with its own status."""

    tenant_id: str
    """The id of the tenant."""
    status: MigrationStatus | str = attrs.field(default="", metadata={EXPECTED: True})
    """The status: a `MigrationStatus`, or a text that this version does not know.

    Empty if the response has no status. ``extra["status"]`` is then ``None`` for a null status, and ``""`` for a
    missing status.
    """
    error: str | None = attrs.field(default=None, repr=False)
    """The reason of the failure, in the service's words; ``None`` without a failure."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class Migration(Model):
    """The state of a migration at one moment. A migration without a status is regarded as running."""

    migration_id: str
    """The id of the migration."""
    status: MigrationStatus | str = attrs.field(default="", metadata={EXPECTED: True})
    """The status: a `MigrationStatus`, or a text that this version does not know.

    Empty if the response has no status. ``extra["status"]`` is then ``None`` for a null status, and ``""`` for a
    missing status.
    """
    tenants: tuple[MigratedTenant, ...] = attrs.field(default=(), repr=False)
    """The tenants of the migration, each with its own status."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""

    @property
    def is_over(self) -> bool:
        """Whether the migration has ended: it has completed or failed."""
        return self.status in _OVER


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class StartedMigration(Model):
    """A migration that was started."""

    migration_id: str
    """The id of the migration, for `migrations.get_status`."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""

    @classmethod
    def _from_response(cls, value: object) -> Self | None:
        """Return the migration of a response. No source documents whether the response is an object or only the id.

        Args:
            value: The parsed response, or its text if the text is not JSON.

        Returns:
            The migration, or ``None`` if the response has no id.
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
