"""Exercises of SCIM configurations."""

from __future__ import annotations

from typing import Final

from tests.emulator.cases import case
from tests.exercises.exercise import bad, good, refused

EXERCISES: Final = (
    good("scim.list", lambda s: s.frontegg.scim.list()),
    good("scim.list", lambda s: s.frontegg.for_tenant("acme").scim.list(source="okta", connection_name="Okta")),
    bad("scim.list", "source", lambda s: s.frontegg.scim.list(source="google")),
    good("scim.create", lambda s: s.frontegg.scim.create("acme", source="azure-ad", sync_to_user_management=True)),
    refused("scim.create", 404, lambda s: s.frontegg.scim.create("nobody", source="okta")),
    bad("scim.create", "source", lambda s: s.frontegg.scim.create("acme", source="")),
    bad("scim.create", "connection_name", lambda s: s.frontegg.scim.create("acme", source="okta", connection_name="")),
    good("scim.get", lambda s: s.frontegg.scim.get("acme", "scim1")),
    refused("scim.get", 404, lambda s: s.frontegg.scim.get("other", "scim1")),
    bad("scim.get", "configuration_id", lambda s: s.frontegg.scim.get("acme", "..")),
    good("scim.update", lambda s: s.frontegg.scim.update("acme", "scim1", sync_to_user_management=True)),
    refused("scim.update", 404, lambda s: s.frontegg.scim.update("acme", "none", sync_to_user_management=True)),
    bad("scim.update", "sync_to", lambda s: s.frontegg.scim.update("acme", "scim1", sync_to_user_management=1)),
    good("scim.delete", lambda s: s.frontegg.scim.delete("acme", "scim1")),
    refused("scim.delete", 404, lambda s: s.frontegg.scim.delete("acme", "none")),
    bad("scim.delete", "configuration_id", lambda s: s.frontegg.scim.delete("acme", "")),
)

_ABOUT_ACME: Final = {"frontegg-tenant-id": "acme"}
_ABOUT_NOBODY: Final = {"frontegg-tenant-id": "nobody"}
_SYNC: Final = {"syncToUserManagement": True}

CASES: Final = (
    case("scim.list", 200),
    case("scim.create", 201, headers=_ABOUT_ACME, body={"source": "okta"}),
    case("scim.get", 200, "scim1", headers=_ABOUT_ACME),
    case("scim.update", 204, "scim1", headers=_ABOUT_ACME, body=_SYNC),
    case("scim.delete", 204, "scim1", headers=_ABOUT_ACME),
    case("scim.list", 403, headers=_ABOUT_ACME),
    case("scim.create", 403, body={"source": "okta"}),
    case("scim.get", 403, "scim1"),
    case("scim.update", 403, "scim1", body=_SYNC),
    case("scim.delete", 403, "scim1"),
    case("scim.create", 400, headers=_ABOUT_ACME, body={}),
    case("scim.update", 400, "scim1", headers=_ABOUT_ACME, body={}),
    case("scim.create", 404, headers=_ABOUT_NOBODY, body={"source": "okta"}),
    case("scim.get", 404, "none", headers=_ABOUT_ACME),
    case("scim.update", 404, "none", headers=_ABOUT_ACME, body=_SYNC),
    case("scim.delete", 404, "none", headers=_ABOUT_ACME),
)
"""Requests with the status that each must get: for each operation at first one that succeeds."""

TABLES: Final = {
    "scimConfigurations": [
        {
            "id": "scim1",
            "tenantId": "acme",
            "connectionName": "Okta",
            "source": "okta",
            "createdAt": "2026-01-01T00:00:00.000Z",
        }
    ]
}
"""Rows that there are before each request."""
