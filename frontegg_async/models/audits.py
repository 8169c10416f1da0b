"""Models of audits: the rows of the audit log, its statistics and its metrics."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from datetime import datetime
from typing import Final, Literal, TypeAlias

import attrs

from frontegg_async._values.fields import OTHER_NAME, OTHERS, WIRE_NAME
from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.value import Value
from frontegg_async.models.model import Model

__all__ = ["Audit", "AuditMetrics", "AuditSeverity", "AuditStats"]

_ID: Final = {WIRE_NAME: "frontegg_id", OTHER_NAME: "_id"}
_USER: Final = {WIRE_NAME: "userId", OTHER_NAME: "user"}


class AuditSeverity(enum.StrEnum):
    """How serious the event of an audit is."""

    INFO = "Info"
    """Something that happens every day."""
    MEDIUM = "Medium"
    """Something to look at."""
    HIGH = "High"
    """Something to look at soon."""
    CRITICAL = "Critical"
    """Something to look at now."""
    ERROR = "Error"
    """Something that failed."""


AuditSeverityLiteral: TypeAlias = Literal[
    "Info", "Medium", "High", "Critical", "Error", "info", "medium", "high", "critical", "error"
]
"""The values of `AuditSeverity` as text."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class Audit(Model):
    """A row of the audit log. What your own application wrote beside these fields is in ``extra``."""

    id: str = attrs.field(metadata=_ID)
    """The id of the row."""
    tenant_id: str | None = None
    """The id of the tenant that it is about."""
    severity: AuditSeverity | str | None = None
    """How serious the event is; text if the service adds a severity."""
    action: str | None = None
    """What was done, as people read it: the service changes these texts, so make no decision by them."""
    resource: str | None = attrs.field(default=None, repr=False)
    """The kind of what it was done to, as people read it."""
    description: str | None = attrs.field(default=None, repr=False)
    """What happened, as a sentence."""
    email: str | None = attrs.field(default=None, repr=False)
    """The e-mail address of who did it."""
    user_id: str | None = attrs.field(default=None, repr=False, metadata=_USER)
    """The id of who did it."""
    ip: str | None = attrs.field(default=None, repr=False)
    """The address from which it was done."""
    user_agent: str | None = attrs.field(default=None, repr=False)
    """The program by which it was done, as it names itself."""
    vendor_id: str | None = attrs.field(default=None, repr=False)
    """The service's internal id of the environment."""
    created_at: datetime | None = None
    """When it happened."""
    updated_at: datetime | None = attrs.field(default=None, repr=False)
    """When the row was last changed."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """What has no field of its own, by names on the wire: unknown fields, and values of an unexpected type."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class AuditStats(Model):
    """How many audits a tenant has."""

    total_today: int | None = None
    """How many there are today."""
    severe_this_week: int | None = None
    """How many severe ones there are this week."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """What has no field of its own, by names on the wire: unknown fields, and values of an unexpected type."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class AuditMetrics(Model):
    """Counts of the audits of an environment, as JSON: no source shows the shapes of the three."""

    top_resources: Mapping[str, JsonValue] | None = attrs.field(default=None, hash=False)
    """The kinds of resources with the most audits."""
    top_tenants: Mapping[str, JsonValue] | None = attrs.field(default=None, hash=False)
    """The tenants with the most audits."""
    audits_counter_by_time: Mapping[str, JsonValue] | None = attrs.field(default=None, hash=False)
    """How many audits there were in each stretch of time."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """What has no field of its own, by names on the wire: unknown fields, and values of an unexpected type."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class AuditRows(Value):
    """Some rows of the audit log, and how many there are in all."""

    data: tuple[Audit, ...]
    """The rows, in the order that was asked for."""
    total: int | None = None
    """How many there are; ``None`` where the service gave no number."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """What has no field of its own, by names on the wire: unknown fields, and values of an unexpected type."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class AuditCreate(Value):
    """A new row of the audit log; ``fields`` are the application's own."""

    severity: AuditSeverity
    action: str | None = attrs.field(default=None, repr=False)
    description: str | None = attrs.field(default=None, repr=False)
    email: str | None = attrs.field(default=None, repr=False)
    fields: Mapping[str, JsonValue] = attrs.field(
        factory=dict[str, JsonValue], repr=False, hash=False, metadata={OTHERS: True}
    )


@attrs.frozen(kw_only=True, eq=False, repr=False)
class AuditColumn(Value):
    """A column of an export: the field on the wire, and the heading."""

    display_name: str
    name: str


@attrs.frozen(kw_only=True, eq=False, repr=False)
class AuditExport(Value):
    """The columns of an export, in order."""

    properties: tuple[AuditColumn, ...]
