"""Requests about the hierarchy and about sub-accounts."""

from __future__ import annotations

from typing import Final

from tests.emulator.cases import case

_ABOUT_ACME: Final = {"frontegg-tenant-id": "acme"}
_ABOUT_NOBODY: Final = {"frontegg-tenant-id": "nobody"}
_READS: Final = ("sub_accounts", "tree", "parents", "search", "sub_account_counts")

GOOD: Final = (
    case("hierarchy.assign", 201, body={"parentTenantId": "acme", "childTenantId": "other"}),
    case("hierarchy.remove", 200, body={"parentTenantId": "acme", "childTenantId": "child"}),
    case("hierarchy.sub_accounts", 200, headers=_ABOUT_ACME),
    case("hierarchy.tree", 200, headers=_ABOUT_ACME),
    case("hierarchy.parents", 200, headers={"frontegg-tenant-id": "child"}),
    case("hierarchy.parents_of", 200, "child", token="user"),
    case("hierarchy.search", 200, headers=_ABOUT_ACME),
    case("hierarchy.sub_account_counts", 200, query=(("_tenantIds", "acme,child"),), headers=_ABOUT_ACME),
    case("sub_tenants.create", 201, body={"tenantId": "below", "name": "Below", "parentTenantId": "acme"}),
    case("sub_tenants.rename", 200, "child", body={"name": "Renamed"}),
    case("sub_tenants.set_management", 200, "child", body={"isReseller": True}),
    case("sub_tenants.set_hierarchy_settings", 200, "acme", body={"subAccountAccessType": "alwaysOn"}),
    case("sub_tenants.delete", 200, "child"),
    case("sub_tenants.set_user_access", 200, "ann", body={"allowAccess": False}),
)
"""One request for each operation that succeeds."""

MORE: Final = (
    case("hierarchy.tree", 200, token="user"),
    case("hierarchy.search", 200, query=(("_limit", "1"), ("_subTenantId", "acme"), ("_filter", "h")), token="user"),
    case("hierarchy.sub_account_counts", 200, token="user"),
    case("sub_tenants.delete", 200, "child", token="user"),
)
"""Other successes, of other shapes."""

REFUSED: Final = (
    *(case(f"hierarchy.{verb}", 403, token="bare") for verb in _READS),
    case("hierarchy.parents_of", 403, "acme", token="bare"),
    case("sub_tenants.create", 403, body={"tenantId": "x", "name": "X", "parentTenantId": "acme"}, token="bare"),
    case("sub_tenants.rename", 403, "child", body={"name": "Renamed"}, token="bare"),
    case("sub_tenants.set_management", 403, "child", body={"isReseller": True}, token="bare"),
    case("sub_tenants.set_hierarchy_settings", 403, "acme", body={"subAccountAccessType": "alwaysOn"}, token="bare"),
    case("sub_tenants.delete", 403, "child", token="bare"),
    case("sub_tenants.set_user_access", 403, "ann", body={"allowAccess": True}, token="bare"),
    case("hierarchy.assign", 400, body={"parentTenantId": "acme", "childTenantId": "acme"}),
    case("hierarchy.assign", 404, body={"parentTenantId": "acme", "childTenantId": "nobody"}),
    case("hierarchy.remove", 404, body={"parentTenantId": "acme", "childTenantId": "other"}),
    case("hierarchy.sub_accounts", 404, headers=_ABOUT_NOBODY),
    case("hierarchy.tree", 400, headers=_ABOUT_ACME, fault_status=400),  # no hierarchy here is ever circular
    case("hierarchy.tree", 404, headers=_ABOUT_NOBODY),
    case("hierarchy.parents", 404, headers=_ABOUT_NOBODY),
    case("hierarchy.parents_of", 403, "other", token="user"),
    case("hierarchy.parents_of", 404, "nobody", token="user"),
    case("hierarchy.search", 400, query=(("_order", "UP"),), headers=_ABOUT_ACME),
    case("hierarchy.search", 403, query=(("_subTenantId", "other"),), headers=_ABOUT_ACME),
    case("hierarchy.search", 404, query=(("_subTenantId", "nobody"),), headers=_ABOUT_ACME),
    case("hierarchy.sub_account_counts", 403, query=(("_tenantIds", "other"),), headers=_ABOUT_ACME),
    case("hierarchy.sub_account_counts", 404, query=(("_tenantIds", "nobody"),), headers=_ABOUT_ACME),
    case("hierarchy.sub_account_counts", 414, query=(("_tenantIds", ",".join(["acme"] * 300)),), headers=_ABOUT_ACME),
    case("sub_tenants.create", 400, body={"tenantId": "below", "name": "Below", "parentTenantId": "child"}),
    case("sub_tenants.create", 403, body={"tenantId": "x", "name": "X", "parentTenantId": "other"}, token="user"),
    case("sub_tenants.create", 404, body={"tenantId": "below", "name": "Below", "parentTenantId": "nobody"}),
    case("sub_tenants.create", 409, body={"tenantId": "child", "name": "Below", "parentTenantId": "acme"}),
    case("sub_tenants.rename", 400, "child", body={"name": ""}),
    case("sub_tenants.rename", 404, "nobody", body={"name": "Renamed"}),
    case("sub_tenants.set_management", 404, "nobody", body={"isReseller": True}),
    case("sub_tenants.set_hierarchy_settings", 400, "acme", body={"subAccountAccessType": "sometimes"}),
    case("sub_tenants.set_hierarchy_settings", 404, "nobody", body={"subAccountAccessType": "defaultOn"}),
    case("sub_tenants.delete", 403, "other", token="user"),
    case("sub_tenants.delete", 404, "nobody"),
    case("sub_tenants.set_user_access", 404, "nobody", body={"allowAccess": False}),
)
"""Each operation's own errors."""
