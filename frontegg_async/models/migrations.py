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
    """It has not begun."""
    IN_PROGRESS = "in_progress"
    """It has begun."""
    COMPLETED = "completed"
    """It is over and succeeded."""
    FAILED = "failed"
    """It is over and failed."""


_OVER: Final = frozenset({MigrationStatus.COMPLETED, MigrationStatus.FAILED})


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class MigratedTenant(Model):
    """A tenant of a migration, with a status of its own."""

    tenant_id: str
    """The id of the tenant."""
    status: MigrationStatus | str = attrs.field(default="", metadata={EXPECTED: True})
    """A `MigrationStatus`, or a text that this version does not know.

    Empty where the service gives none: ``extra["status"]`` is then ``None`` for null and ``""`` for a missing field.
    """
    error: str | None = attrs.field(default=None, repr=False)
    """Why it failed, in the service's words; ``None`` if it did not."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """What has no field of its own, by names on the wire: unknown fields, and values of an unexpected type."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class Migration(Model):
    """The state of a migration at one moment. A migration without a status does not count as over."""

    migration_id: str
    """The id of the migration."""
    status: MigrationStatus | str = attrs.field(default="", metadata={EXPECTED: True})
    """A `MigrationStatus`, or a text that this version does not know.

    Empty where the service gives none: ``extra["status"]`` is then ``None`` for null and ``""`` for a missing field.
    """
    tenants: tuple[MigratedTenant, ...] = attrs.field(default=(), repr=False)
    """Its tenants, each with a status of its own."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """What has no field of its own, by names on the wire: unknown fields, and values of an unexpected type."""

    @property
    def is_over(self) -> bool:
        """Whether it completed or failed, so that nothing changes any more."""
        return self.status in _OVER


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class StartedMigration(Model):
    """A migration that was started."""

    migration_id: str
    """The id of the migration, which `migrations.get_status` takes."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """What has no field of its own, by names on the wire: unknown fields, and values of an unexpected type."""

    @classmethod
    def _from_response(cls, value: object) -> Self | None:
        """Return the migration of a response, which may be an object or the id alone: no source says which.

        Args:
            value: The response, parsed; text that is not JSON as it is.

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
