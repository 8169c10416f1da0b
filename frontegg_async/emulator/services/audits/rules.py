"""The rules of the audit log. It contains audits that applications wrote, and the events of the emulator."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, TypeAlias, cast

import msgspec

from frontegg_async.emulator.services.audits.rows import AuditRow
from frontegg_async.emulator.services.audits.switches import AuditSwitches
from frontegg_async.emulator.services.support.common import find_tenant
from frontegg_async.emulator.services.support.emulated_response import EmulatedResponse, service_error, validation_error
from frontegg_async.emulator.services.support.incoming_call import IncomingCall, Query
from frontegg_async.emulator.services.support.rule import Rule, Tag
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment
from frontegg_async.emulator.world.events import TrailEntry

Shown: TypeAlias = dict[str, object]

MAX_COUNT: Final = 200
_MOST: Final = 10**15
_FIELD: Final = re.compile(r"[A-Za-z0-9_]+", re.ASCII)
_SEVERE: Final = ("High", "Critical")
_READ: Final = "fe.secure.read.audits"


def list_page(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Return a page of the rows that match the query."""
    rows = _matching(environment, call)
    if not call.tenant_id and not call.query.values("tenant_ids"):
        match environment.switches[AuditSwitches].audits_without_tenant:
            case "all":
                pass
            case "none":
                rows = []
            case "refuse":
                raise service_error(403, "Tenant ID is not specified")
    total = {"total": len(rows)} if environment.switches[AuditSwitches].audits_total == "given" else {}
    return EmulatedResponse(body={"data": _page(rows, call.query), **total})


def list_v1(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Return a page of the rows that match the query. The header or the query contains the id of the tenant."""
    rows = _of_query(_matching(environment, call), call.query)
    return EmulatedResponse(body={"data": _page(rows, call.query), "total": len(rows)})


def _of_query(rows: list[Shown], query: Query) -> list[Shown]:
    wanted = query.values("tenantId")
    return [row for row in rows if not wanted or row["tenantId"] in wanted]


def write(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Write a row about a tenant, and return the row. Frontegg's SDK for Python reads the response as JSON."""
    tenant_id = find_tenant(environment.state, call.tenant_id).tenant_id
    fields = {name: value for name, value in call.body.items() if name != "severity"}
    row = AuditRow(
        id=environment.new_id(),
        tenant_id=tenant_id,
        created_at=environment.clock.timestamp(),
        severity=cast("str", call.body["severity"]),
        fields=cast("dict[str, object]", fields),
    )
    environment.state.put(row)
    return EmulatedResponse(status=202, body=_written(environment, row))


def export_csv(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Return rows about a tenant as CSV."""
    find_tenant(environment.state, call.tenant_id)
    rows = _matching(environment, call)
    page = _page(rows, call.query)
    return _csv(call, rows if environment.switches[AuditSwitches].audits_export == "everything" else page)


def export_csv_v1(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Return rows about a tenant as CSV.

    Without a count, return all rows after the offset; the portal sends no count.
    """
    find_tenant(environment.state, call.tenant_id)
    rows = _of_query(_matching(environment, call), call.query)
    page = _page(rows, call.query) if call.query.get("count") else rows[_whole(call.query, "offset", 0) :]
    return _csv(call, page, status=201)


class _Column(msgspec.Struct, rename="camel"):
    display_name: str
    name: str


def _csv(call: IncomingCall, rows: Sequence[Shown], status: int = 200) -> EmulatedResponse:
    try:
        columns = msgspec.convert(call.body["properties"], list[_Column])
    except msgspec.ValidationError:
        raise validation_error(["properties must be objects with displayName and name"]) from None
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(column.display_name for column in columns)
    for row in rows:
        writer.writerow(_cell(row.get(column.name)) for column in columns)
    return EmulatedResponse(status=status, body=file.getvalue().encode(), content_type="text/csv; charset=utf-8")


def stats(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Count today's rows about a tenant, and its severe rows of the last seven days."""
    find_tenant(environment.state, call.tenant_id)
    now = datetime.fromtimestamp(environment.clock.now(), UTC)
    rows = _about(environment, {call.tenant_id})
    today = sum(_moment(row).date() == now.date() for row in rows)
    week = [row for row in rows if _moment(row) > now - timedelta(days=7)]
    severe = sum(row["severity"] in _SEVERE for row in week)
    return EmulatedResponse(body={"totalToday": today, "severeThisWeek": severe})


def metrics(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Count the rows about all tenants of the environment."""
    begin = _whole(call.query, "from", 0, default=0) / 1000
    end = _whole(call.query, "to", 0, default=_MOST) / 1000
    most = _whole(call.query, "limit", 1, default=10)
    step = _whole(call.query, "frequency", 1, default=86_400_000) / 1000
    rows = [row for row in _about(environment, None) if begin <= _moment(row).timestamp() <= end]

    def top(field: str) -> dict[str, int]:
        return dict(Counter(str(row[field]) for row in rows if row.get(field)).most_common(most))

    times = Counter(int(_moment(row).timestamp() // step * step * 1000) for row in rows)
    return EmulatedResponse(
        body={
            "topResources": top("resource"),
            "topTenants": top("tenantId"),
            "auditsCounterByTime": {str(time): count for time, count in sorted(times.items())},
        }
    )


def _about(environment: EmulatedEnvironment, tenant_ids: set[str] | None) -> list[Shown]:
    """Return the rows about some tenants, or about all for ``None``, in the order in which they were written."""
    written = (_written(environment, row) for row in environment.state.table(AuditRow).values())
    happened = (_happened(environment, entry) for entry in environment.trail)
    rows = [row for row in (*written, *happened) if tenant_ids is None or row["tenantId"] in tenant_ids]
    rows.sort(key=_moment)
    return rows


def _written(environment: EmulatedEnvironment, row: AuditRow) -> Shown:
    return {**row.fields, **_common(environment, row.id, row.tenant_id, row.created_at), "severity": row.severity}


def _happened(environment: EmulatedEnvironment, entry: TrailEntry) -> Shown:
    """Return an event of the emulator as a row of the audit log.

    For example, ``frontegg.tenant.created`` becomes a row about the creation of a tenant.
    """
    if not entry.key.startswith("frontegg."):
        text = f"Event {entry.key} in account {entry.tenant_id}"
        common = _common(environment, entry.id, entry.tenant_id, entry.at)
        return {**common, "severity": "Info", "action": entry.key, "resource": "Event", "description": text}
    *subject, event = entry.key.removeprefix("frontegg.").split(".")
    resource = _in_words(" ".join(subject)).capitalize()
    common = _common(environment, entry.id, entry.tenant_id, entry.at)
    by = {} if entry.user_id is None else {"userId": entry.user_id}
    action = _in_words(event)
    text = f"{resource} {action} in account {entry.tenant_id}"
    shown = {"action": action.capitalize(), "resource": resource, "description": text}
    return {**common, "severity": "Info", **shown, **by}


def _in_words(name: str) -> str:
    return re.sub("(?<=[a-z])(?=[A-Z])", " ", name).lower()


def _common(environment: EmulatedEnvironment, audit_id: str, tenant_id: str, at: str) -> Shown:
    name = environment.switches[AuditSwitches].audits_id
    return {name: audit_id, "tenantId": tenant_id, "vendorId": environment.vendor_id, "createdAt": at, "updatedAt": at}


def _matching(environment: EmulatedEnvironment, call: IncomingCall) -> list[Shown]:
    """Return the rows that match the filters of a query, in the order that the query requests.

    Raises:
        RequestRefusedError: 400 for a value that is not allowed.
    """
    query = call.query
    ids = {*query.values("tenant_ids")} or None
    rows = _about(environment, ids)
    if call.tenant_id:
        rows = [row for row in rows if row["tenantId"] == call.tenant_id]
    begin, end = _time(query, "created_from"), _time(query, "created_to")
    if begin is not None:
        is_included = environment.switches[AuditSwitches].audits_created_from == "included"
        rows = [row for row in rows if _moment(row) > begin or (is_included and _moment(row) == begin)]
    if end is not None:
        rows = [row for row in rows if _moment(row) <= end]
    for name, fields in (("users", ("userId", "user")), ("email", ("email",))):
        wanted = query.values(name)
        if wanted:
            rows = [row for row in rows if any(row.get(field) in wanted for field in fields)]
    if text := query.get("filter"):
        rows = [row for row in rows if _has_text(row, text, environment.switches[AuditSwitches].audits_filter)]
    if flag_id := query.get("featureFlagId"):
        rows = [row for row in rows if row.get("featureFlagId") == flag_id]
    return _sorted(rows, query)


def _has_text(row: Shown, text: str, match: str) -> bool:
    """Return whether a field of a row contains a text.

    With ``match`` set to the whole field, it must equal the text.
    """
    shown = (_cell(value).lower() for value in row.values())
    return any(text.lower() == each or (match == "part" and text.lower() in each) for each in shown)


def _sorted(rows: list[Shown], query: Query) -> list[Shown]:
    field = query.get("sortBy") or "createdAt"
    direction = (query.get("sortDirection") or "desc").lower()
    if not _FIELD.fullmatch(field) or direction not in {"asc", "desc"}:
        raise validation_error(["sortBy must be the name of a field, and sortDirection asc or desc"])
    if field == "createdAt":
        return sorted(rows, key=_moment, reverse=direction == "desc")
    return sorted(rows, key=lambda row: _cell(row.get(field)), reverse=direction == "desc")


def _page(rows: Sequence[Shown], query: Query) -> Sequence[Shown]:
    count, offset = _whole(query, "count", 1, MAX_COUNT), _whole(query, "offset", 0)
    return rows[offset : offset + count]


def _whole(query: Query, name: str, least: int, most: int = _MOST, *, default: int | None = None) -> int:
    text = query.get(name)
    if not text and default is not None:
        return default
    # int() accepts "1_0", " 1" and digits of other scripts.
    value = int(text[:16]) if text and text.isascii() and text.isdigit() else -1
    if not least <= value <= most:
        raise validation_error([f"{name} must be a number from {least} to {most}"])
    return value


def _time(query: Query, name: str) -> datetime | None:
    text = query.get(name)
    if not text:
        return None
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        raise validation_error([f"{name} must be a valid ISO 8601 date string"]) from None
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def _moment(row: Shown) -> datetime:
    return datetime.fromisoformat(cast("str", row["createdAt"]))


def _cell(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


_EXPORT_V1: Final = Rule(run=export_csv_v1, permission=_READ, any_json=("properties",))
"""The rule of the older export. The portal sends more fields for each column than the name and the heading."""

RULES = {
    "audits.list": Rule(run=list_page, permission=_READ),
    "audits.write": Rule(run=write, takes_slash=True),
    "audits.export_csv": Rule(run=export_csv, permission=_READ),
    "audits.get_stats": Rule(run=stats, permission=_READ, takes_slash=True),
    "audits.get_metrics": Rule(run=metrics),
    "audits.list_v1": Rule(run=list_v1, permission=_READ, takes_slash=True),
    "audits.export_csv_v1": _EXPORT_V1,
    "audits.export_csv_v2": _EXPORT_V1,
}

TAGS = {
    "audits": Tag(
        "The audit log: events in the emulator, and audits that applications wrote.",
        write_body="audit_write_body",
    )
}
