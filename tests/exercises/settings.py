"""Exercises of account settings and migrations."""

from __future__ import annotations

from typing import Final

from tests.emulator.cases import case
from tests.exercises.exercise import bad, forbidden, good, refused

EXERCISES: Final = (
    good("account_settings.get", lambda s: s.frontegg.account_settings.get("acme")),
    good("account_settings.get", lambda s: s.user.account_settings.get(), "user"),
    forbidden("account_settings.get", lambda s: s.user.account_settings.get()),
    refused("account_settings.get", 404, lambda s: s.frontegg.account_settings.get("nobody")),
    bad("account_settings.get", "tenant_id", lambda s: s.frontegg.account_settings.get(" acme")),
    good("account_settings.update", lambda s: s.frontegg.account_settings.update("acme", name="A", currency="EUR")),
    good("account_settings.update", lambda s: s.user.account_settings.update(timezone=None), "user"),
    forbidden("account_settings.update", lambda s: s.user.account_settings.update(name="A")),
    refused("account_settings.update", 404, lambda s: s.frontegg.account_settings.update("nobody", name="A")),
    bad("account_settings.update", "at least one", lambda s: s.frontegg.account_settings.update("acme")),
    bad("account_settings.update", "at least one", lambda s: s.user.account_settings.update(), "user"),
    good("account_settings.get_public", lambda s: s.frontegg.account_settings.get_public("acme")),
    good("account_settings.get_public", lambda s: s.user.account_settings.get_public(), "user", permissions=()),
    refused("account_settings.get_public", 404, lambda s: s.frontegg.account_settings.get_public("nobody")),
    bad("account_settings.get_public", "tenant_id", lambda s: s.frontegg.account_settings.get_public("")),
    good("migrations.start", lambda s: s.frontegg.migrations.start(["acme", "nobody"])),
    bad("migrations.start", "at least one", lambda s: s.frontegg.migrations.start([])),
    good("migrations.get_status", lambda s: s.frontegg.migrations.get_status("m1")),
    good("migrations.get_status", lambda s: s.frontegg.migrations.wait("m1").result()),
    refused("migrations.get_status", 404, lambda s: s.frontegg.migrations.get_status("nothing")),
    bad("migrations.get_status", "migration_id", lambda s: s.frontegg.migrations.get_status("..")),
    bad("migrations.get_status", "timeout", lambda s: s.frontegg.migrations.wait("m1", timeout=0).result()),
)

_ABOUT_ACME: Final = {"frontegg-tenant-id": "acme"}

CASES: Final = (
    case("account_settings.get", 200, headers=_ABOUT_ACME),
    case("account_settings.update", 200, headers=_ABOUT_ACME, body={"name": "Acme 3", "timezone": None}),
    case("account_settings.get_public", 200, headers=_ABOUT_ACME),
    case("migrations.start", 202, body={"tenants": ["acme", "nobody"]}),
    case("migrations.get_status", 200, "m1"),
    *(
        case(f"account_settings.{verb}", 404, headers={"frontegg-tenant-id": "nobody"})
        for verb in ("get", "get_public")
    ),
    case("account_settings.get", 403, token="bare"),
    case("account_settings.get_public", 403),
    case("account_settings.update", 404, headers={"frontegg-tenant-id": "nobody"}, body={"name": "Nobody"}),
    case("account_settings.update", 400, headers=_ABOUT_ACME, body={}),
    case("account_settings.update", 403, headers=_ABOUT_ACME, token="bare", body={"name": "Acme 4"}),
    case("migrations.get_status", 404, "nothing"),
)
"""Requests with the status that each must get: for each operation at first one that succeeds."""

TABLES: Final = {"migration": [{"id": "m1", "startedAt": "2024-01-01T00:00:00Z", "tenants": [{"tenantId": "acme"}]}]}
"""Rows that there are before each request."""
