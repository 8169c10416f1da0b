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
    """The severity of the event that an audit row describes."""

    INFO = "Info"
    """An everyday event."""
    MEDIUM = "Medium"
    """An event to look at."""
    HIGH = "High"
    """An event to look at soon."""
    CRITICAL = "Critical"
    """An event to look at now."""
    ERROR = "Error"
    """A failure."""


AuditSeverityLiteral: TypeAlias = Literal[
    "Info", "Medium", "High", "Critical", "Error", "info", "medium", "high", "critical", "error"
]
"""The values of `AuditSeverity` as text."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class Audit(Model):
    """A row of the audit log. Fields that your own application added are in ``extra``."""

    id: str = attrs.field(metadata=_ID)
    """The id of the row."""
    tenant_id: str | None = None
    """The id of the tenant in which the event happened."""
    severity: AuditSeverity | str | None = None
    """The severity of the event. A value that this version does not know is plain text."""
    action: str | None = None
    """The action, in words for people. The service changes these words, so programs must not depend on them."""
    resource: str | None = attrs.field(default=None, repr=False)
    """The kind of resource that the action changed, in words for people."""
    description: str | None = attrs.field(default=None, repr=False)
    """A sentence that describes the event."""
    email: str | None = attrs.field(default=None, repr=False)
    """The e-mail address of the user who acted."""
    user_id: str | None = attrs.field(default=None, repr=False, metadata=_USER)
    """The id of the user who acted."""
    ip: str | None = attrs.field(default=None, repr=False)
    """The IP address from which the user acted."""
    user_agent: str | None = attrs.field(default=None, repr=False)
    """The user agent of the program that the user acted with."""
    vendor_id: str | None = attrs.field(default=None, repr=False)
    """The service's internal id of the environment."""
    created_at: datetime | None = None
    """The time of the event."""
    updated_at: datetime | None = attrs.field(default=None, repr=False)
    """The time of the last change of the row."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class AuditStats(Model):
    """The number of audit rows of a tenant today and this week."""

    total_today: int | None = None
    """The number of audit rows of today."""
    severe_this_week: int | None = None
    """The number of severe audit rows of this week."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class AuditMetrics(Model):
    """Counts of the audit rows of an environment. No source documents the shape of these three JSON objects."""

    top_resources: Mapping[str, JsonValue] | None = attrs.field(default=None, hash=False)
    """The kinds of resources with the most audit rows."""
    top_tenants: Mapping[str, JsonValue] | None = attrs.field(default=None, hash=False)
    """The tenants with the most audit rows."""
    audits_counter_by_time: Mapping[str, JsonValue] | None = attrs.field(default=None, hash=False)
    """The number of audit rows in each of several consecutive periods."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class AuditRows(Value):
    """A page of the audit log, and the number of all rows."""

    data: tuple[Audit, ...]
    """The rows, in the order that the request chose."""
    total: int | None = None
    """The number of all rows; ``None`` if the response lacks the number."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class AuditCreate(Value):
    """A new row of the audit log. ``fields`` has the fields that your application adds."""

    severity: AuditSeverity
    action: str | None = attrs.field(default=None, repr=False)
    description: str | None = attrs.field(default=None, repr=False)
    email: str | None = attrs.field(default=None, repr=False)
    fields: Mapping[str, JsonValue] = attrs.field(
        factory=dict[str, JsonValue], repr=False, hash=False, metadata={OTHERS: True}
    )


@attrs.frozen(kw_only=True, eq=False, repr=False)
class AuditColumn(Value):
    """A column of an exported audit log: the JSON name of the field, and the heading."""

    display_name: str
    name: str


@attrs.frozen(kw_only=True, eq=False, repr=False)
class AuditExport(Value):
    """The columns of an exported audit log, in order."""

    properties: tuple[AuditColumn, ...]
