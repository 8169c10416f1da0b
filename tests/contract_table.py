"""Every operation, typed by hand from the wire contract and from nothing else.

The client and the emulator share one table of operations, so a wrong path in it would pass every other test. This one
is written independently: it imports nothing of the package, and it is never generated. When the two disagree, read the
contract, not the other table.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class Operation(NamedTuple):
    """What the contract says of one operation.

    ``credential`` is ``none``, ``V`` (environment token), ``U`` (user token) or ``V or U``; ``status`` is the one of
    success, 201 for a POST about which the contract is silent; ``body`` and ``query`` are names on the wire.
    """

    method: str
    path: str
    credential: str
    evidence: str
    status: int = 200
    query: frozenset[str] = frozenset()
    body: frozenset[str] = frozenset()


TENANT_FIELDS: Final = frozenset(
    {
        "tenantId",
        "name",
        "status",
        "website",
        "applicationUrl",
        "logo",
        "logoUrl",
        "address",
        "timezone",
        "currency",
        "creatorName",
        "creatorEmail",
        "isReseller",
        "parentTenantId",
        "metadata",
    }
)

PAGE_QUERY: Final = frozenset({"_limit", "_offset", "_filter", "_sortBy", "_order", "_tenantIds"})

OPERATIONS: Final = (
    # Tokens and keys
    Operation("POST", "/auth/vendor", "none", "D", body=frozenset({"clientId", "secret"})),
    Operation("GET", "/.well-known/jwks.json", "none", "C"),
    Operation("GET", "/identity/resources/configurations/v1", "V", "D"),
    # What opaque access tokens entitle to; the description has the active ones of users, shipped clients ask for both
    Operation("GET", "/identity/resources/vendor-only/tenants/access-tokens/v1/{id}", "V+T", "D"),
    Operation("GET", "/identity/resources/vendor-only/tenants/access-tokens/v1/active", "V+T", "C"),
    Operation("GET", "/identity/resources/vendor-only/users/access-tokens/v1/{id}", "V+T", "D"),
    Operation("GET", "/identity/resources/vendor-only/users/access-tokens/v1/active", "V+T", "D"),
    # Accounts
    Operation("POST", "/tenants/resources/tenants/v1", "V", "L", 201, body=TENANT_FIELDS),
    Operation("GET", "/tenants/resources/tenants/v2", "V", "L", query=PAGE_QUERY),
    Operation("GET", "/tenants/resources/tenants/v1", "V", "L"),
    Operation("GET", "/tenants/resources/tenants/v2/{tenantId}", "V", "C"),
    Operation("GET", "/tenants/resources/tenants/v1/{tenantId}", "V", "L"),
    Operation("GET", "/tenants/resources/tenants/v2/alias/{alias}", "V", "D"),
    Operation("PUT", "/tenants/resources/tenants/v2/{tenantId}", "V", "C", body=TENANT_FIELDS),
    Operation("PUT", "/tenants/resources/tenants/v1/{tenantId}", "V", "D", body=TENANT_FIELDS),
    Operation("DELETE", "/tenants/resources/tenants/v1/{tenantId}", "V", "L"),
    Operation("DELETE", "/tenants/resources/tenants/v1", "U", "D"),
    Operation("POST", "/tenants/resources/tenants/v1/{tenantId}/metadata", "V", "L", 201, body=frozenset({"metadata"})),
    Operation("DELETE", "/tenants/resources/tenants/v1/{tenantId}/metadata/{key}", "V", "L"),
    Operation("POST", "/tenants/resources/tenants/v1/lock", "V", "D", 204, body=frozenset({"tenantIds"})),
    Operation("POST", "/tenants/resources/tenants/v1/unlock", "V", "D", 204, body=frozenset({"tenantIds"})),
    # Migration
    Operation("POST", "/tenants/resources/migrations/v1/tenants", "V", "D", 202, body=frozenset({"tenants"})),
    Operation("GET", "/tenants/resources/migrations/v1/tenants/status/{migrationId}", "V", "D"),
    # Their users
    Operation(
        "POST",
        "/identity/resources/tenants/users/v1/count",
        "V or U",
        "C",
        201,
        body=frozenset({"tenantIds", "excludeInvisibleUsers"}),
    ),
    Operation(
        "PUT",
        "/identity/resources/users/v1/tenants/migrate",
        "V",
        "D",
        body=frozenset({"srcTenantId", "targetTenantId"}),
    ),
)
