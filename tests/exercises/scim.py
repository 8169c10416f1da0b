"""Exercises of SCIM configurations."""

from __future__ import annotations

from typing import Final

from tests.emulator.cases import case
from tests.exercises.exercise import bad, both, forbidden, good, refused

EXERCISES: Final = (
    good("scim.list", lambda s: s.frontegg.scim.list().all()),
    good("scim.list", lambda s: s.frontegg.for_tenant("acme").scim.list(source="okta", connection_name="Okta").all()),
    good("scim.list", lambda s: s.user.scim.list(source="okta").all(), "user"),
    forbidden("scim.list", lambda s: s.user.scim.list().all()),
    bad("scim.list", "omit tenant_id to list all tenants", lambda s: s.frontegg.scim.list(None).all()),
    bad("scim.list", "source", lambda s: s.frontegg.scim.list(source="google").all()),
    *both("scim.create", source="azure-ad", sync_to_user_management=True, wrong=("source", {"source": ""})),
    bad("scim.create", "connection_name", lambda s: s.frontegg.scim.create("acme", source="okta", connection_name="")),
    *both("scim.get", "scim1"),
    refused("scim.get", 404, lambda s: s.frontegg.scim.get("other", "scim1")),
    *both("scim.update", "scim1", sync_to_user_management=True, wrong=("sync_to", {"sync_to_user_management": 1})),
    *both("scim.delete", "scim1"),
)

_ABOUT_ACME: Final = {"frontegg-tenant-id": "acme"}
_ABOUT_NOBODY: Final = {"frontegg-tenant-id": "nobody"}
_SYNC: Final = {"syncToUserManagement": True}

CASES: Final = (
    case("scim.list", 200),
    case("scim.create", 201, headers=_ABOUT_ACME, body={"source": "okta"}),
    case("scim.get", 200, "scim1", headers=_ABOUT_ACME),
    case("scim.update", 204, "scim1", headers=_ABOUT_ACME, body=_SYNC),
    case("scim.delete", 204, "scim1", headers=_ABOUT_ACME, body={"deleteAll": True}),
    case("scim.list", 403, token="bare"),
    case("scim.create", 403, body={"source": "okta"}),
    case("scim.get", 403, "scim1"),
    case("scim.update", 403, "scim1", body=_SYNC),
    case("scim.delete", 403, "scim1"),
    case("scim.create", 400, headers=_ABOUT_ACME, body={}),
    case("scim.update", 400, "scim1", headers=_ABOUT_ACME, body={}),
    case("scim.delete", 400, "scim1", headers=_ABOUT_ACME, body={"deleteAll": "yes"}),
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
