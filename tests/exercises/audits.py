"""Exercises of the audit log."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from tests.emulator.cases import case
from tests.exercises.exercise import ExerciseClients, bad, both, forbidden, good, refused

_NEW_YEAR: Final = datetime(2026, 1, 1, tzinfo=UTC)


def _saved(s: ExerciseClients, tenant_id: str, **given: Any) -> Iterator[Any]:
    path = Path(tempfile.gettempdir()) / f"audits-{s.emulator.client_id}.csv"
    yield s.frontegg.audits.export_csv(tenant_id, **given).save(path)
    path.unlink()


def _own_saved(s: ExerciseClients) -> Iterator[Any]:
    path = Path(tempfile.gettempdir()) / f"audits-{s.emulator.client_id}.csv"
    yield s.user.audits.export_csv().save(path)
    path.unlink()


EXERCISES: Final = (
    good("audits.list", lambda s: s.frontegg.audits.list(emails=["ann@acme.example"], until=_NEW_YEAR).all()),
    good("audits.list", lambda s: s.frontegg.for_tenant("acme").audits.list(sort_by="severity", order="asc").all()),
    good("audits.list", lambda s: s.frontegg.audits.tail("acme", since=_NEW_YEAR).new()),
    good(
        "audits.list",
        lambda s: s.frontegg.audits.list("acme", filter="SIGNED", feature_flag_id="flag").all(),
        switches={"audits_filter": "whole"},
    ),
    good("audits.list", lambda s: s.user.audits.list(filter="signed").all(), "user"),
    good("audits.list", lambda s: s.user.audits.tail(since=_NEW_YEAR).new(), "user"),
    forbidden("audits.list", lambda s: s.user.audits.list().all()),
    bad("audits.list", "omit tenant_id to list all tenants", lambda s: s.frontegg.audits.list(None).all()),
    bad("audits.list", "omit tenant_id to list all tenants", lambda s: s.frontegg.audits.tail(None).new()),
    bad("audits.list", "filter must not be empty", lambda s: s.frontegg.audits.list(filter="").all()),
    bad("audits.list", "feature_flag_id", lambda s: s.frontegg.audits.tail(feature_flag_id="").new()),
    bad("audits.list", "since", lambda s: s.frontegg.audits.list(since=datetime(2026, 1, 1)).all()),  # noqa: DTZ001 - refused
    bad(
        "audits.list",
        "before since",
        lambda s: s.frontegg.audits.list(since=_NEW_YEAR, until=_NEW_YEAR.replace(year=2025)).all(),
    ),
    bad("audits.list", "page_size", lambda s: s.frontegg.audits.list(page_size=201).all()),
    bad("audits.list", "sort_by", lambda s: s.frontegg.audits.list(sort_by="created-at").all()),
    bad("audits.list", "emails", lambda s: s.frontegg.audits.list(emails=["ann"]).all()),
    bad("audits.list", "cursor", lambda s: s.frontegg.audits.tail(cursor="audits1;x;y;").new()),
    bad("audits.list", "since", lambda s: s.frontegg.audits.tail(cursor="audits1;;;", since=_NEW_YEAR).new()),
    bad("audits.list", "overlap", lambda s: s.frontegg.audits.tail(overlap=-1).new()),
    bad("audits.list", "interval", lambda s: s.frontegg.audits.tail(interval=None).new()),
    bad("audits.list", "limit", lambda s: s.frontegg.audits.tail().new(limit=0)),
    good(
        "audits.write",
        lambda s: s.frontegg.audits.write("acme", severity="High", action="Exported", fields={"color": "red"}),
    ),
    refused("audits.write", 404, lambda s: s.frontegg.audits.write("nobody", severity="Info")),
    bad("audits.write", "severity", lambda s: s.frontegg.audits.write("acme", severity="Fatal")),
    bad("audits.write", "action must not", lambda s: s.frontegg.audits.write("acme", severity="Info", action="")),
    bad(
        "audits.write",
        "description must not",
        lambda s: s.frontegg.audits.write("acme", severity="Info", description=""),
    ),
    bad("audits.write", "email", lambda s: s.frontegg.audits.write("acme", severity="Info", email="ann")),
    bad(
        "audits.write",
        "severity as an",
        lambda s: s.frontegg.audits.write("acme", severity="Info", fields={"severity": 1}),
    ),
    good("audits.export_csv", lambda s: _saved(s, "acme")),
    good("audits.export_csv", _own_saved, "user"),
    forbidden("audits.export_csv", _own_saved),
    refused("audits.export_csv", 404, lambda s: _saved(s, "nobody")),
    bad("audits.export_csv", "columns", lambda s: _saved(s, "acme", columns={})),
    bad(
        "audits.export_csv",
        "columns",
        lambda s: _saved(s, "acme", columns={"ip": "a\nb"}),
    ),
    bad("audits.export_csv", "path", lambda s: s.frontegg.audits.export_csv("acme").save("")),
    *both("audits.get_stats"),
    good(
        "audits.get_metrics",
        lambda s: s.frontegg.audits.get_metrics(since=_NEW_YEAR, limit=3, frequency=3_600_000),
    ),
    bad("audits.get_metrics", "limit", lambda s: s.frontegg.audits.get_metrics(limit=0)),
)

_ABOUT_ACME: Final = {"frontegg-tenant-id": "acme"}
_ABOUT_NOBODY: Final = {"frontegg-tenant-id": "nobody"}
_PAGE: Final = (("count", "10"), ("offset", "0"))
_COLUMNS: Final = {"properties": [{"displayName": "Severity", "name": "severity"}]}

CASES: Final = (
    case("audits.list", 200, query=_PAGE),
    case("audits.write", 202, headers=_ABOUT_ACME, body={"severity": "Info", "color": "red"}),
    case("audits.export_csv", 200, query=_PAGE, headers=_ABOUT_ACME, body=_COLUMNS),
    case("audits.get_stats", 200, headers=_ABOUT_ACME),
    case("audits.get_metrics", 200),
    case("audits.list_v1", 200, query=(*_PAGE, ("tenantId", "acme"))),
    case("audits.list_v1", 403, query=_PAGE, token="bare"),
    case("audits.list_v1", 400, query=(("offset", "0"),)),
    *(
        each
        for version in ("v1", "v2")
        for each in (
            case(f"audits.export_csv_{version}", 201, query=_PAGE, headers=_ABOUT_ACME, body=_COLUMNS),
            case(f"audits.export_csv_{version}", 400, headers=_ABOUT_ACME, body=_COLUMNS),
            case(f"audits.export_csv_{version}", 404, query=_PAGE, headers=_ABOUT_NOBODY, body=_COLUMNS),
        )
    ),
    case("audits.list", 400, query=(("count", "201"), ("offset", "0"))),
    case("audits.list", 403, query=_PAGE, switches={"audits_without_tenant": "refuse"}),
    case("audits.write", 400, headers=_ABOUT_ACME, body={"color": "red"}),
    case("audits.write", 404, headers=_ABOUT_NOBODY, body={"severity": "Info"}),
    case("audits.export_csv", 400, headers=_ABOUT_ACME, body=_COLUMNS),
    case("audits.export_csv", 404, query=_PAGE, headers=_ABOUT_NOBODY, body=_COLUMNS),
    case("audits.get_stats", 404, headers=_ABOUT_NOBODY),
    case("audits.get_metrics", 400, query=(("limit", "0"),)),
)
"""Requests with the status that each must get: for each operation at first one that succeeds."""

TABLES: Final = {
    "audits": [
        {
            "id": "audit-1",
            "tenantId": "acme",
            "createdAt": "2026-01-01T00:00:00.000Z",
            "severity": "High",
            "fields": {"email": "ann@acme.example", "action": "Signed in"},
        }
    ]
}
"""Rows that there are before each request."""
