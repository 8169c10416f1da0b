"""Exercises of the hierarchy and sub-accounts."""

from __future__ import annotations

from typing import Final

from frontegg_async.models import SubAccountAccessType
from tests.emulator.cases import case
from tests.exercises.exercise import bad, forbidden, good, refused

_READS: Final = ("list_sub_accounts", "tree", "list_parents")
_ALWAYS: Final = SubAccountAccessType.ALWAYS_ON

_HIERARCHY: Final = (
    good("hierarchy.assign", lambda s: s.frontegg.hierarchy.assign("other", "acme")),
    bad("hierarchy.assign", "acme|parent", lambda s: s.frontegg.hierarchy.assign("acme", "acme")),
    good("hierarchy.unassign", lambda s: s.frontegg.hierarchy.unassign("child", "acme")),
    refused("hierarchy.unassign", 404, lambda s: s.frontegg.hierarchy.unassign("other", "acme")),
    bad("hierarchy.unassign", "child_id", lambda s: s.frontegg.hierarchy.unassign("", "acme")),
    *(
        row
        for verb in _READS
        for row in (
            good(f"hierarchy.{verb}", lambda s, verb=verb: getattr(s.frontegg.hierarchy, verb)("acme")),
            good(f"hierarchy.{verb}", lambda s, verb=verb: getattr(s.user.hierarchy, verb)(), "user"),
            forbidden(f"hierarchy.{verb}", lambda s, verb=verb: getattr(s.user.hierarchy, verb)()),
            refused(f"hierarchy.{verb}", 404, lambda s, verb=verb: getattr(s.frontegg.hierarchy, verb)("nobody")),
            bad(f"hierarchy.{verb}", "tenant_id", lambda s, verb=verb: getattr(s.frontegg.hierarchy, verb)("..")),
        )
    ),
    good("hierarchy.list_parents_of", lambda s: s.user.hierarchy.list_parents_of("leaf"), "user"),
    refused("hierarchy.list_parents_of", 403, lambda s: s.user.hierarchy.list_parents_of("other"), "user"),
    refused("hierarchy.list_parents_of", 404, lambda s: s.user.hierarchy.list_parents_of("nobody"), "user"),
    bad("hierarchy.list_parents_of", "tenant_id", lambda s: s.user.hierarchy.list_parents_of(""), "user"),
    good("hierarchy.search", lambda s: s.frontegg.hierarchy.search("acme", filter="e").all()),
    good("hierarchy.search", lambda s: s.user.hierarchy.search().all(), "user"),
    forbidden("hierarchy.search", lambda s: s.user.hierarchy.search().all()),
    bad("hierarchy.search", "page_size", lambda s: s.frontegg.hierarchy.search("acme", page_size=201).all()),
    good("hierarchy.count_sub_accounts", lambda s: s.frontegg.hierarchy.count_sub_accounts("acme", ["acme", "child"])),
    good("hierarchy.count_sub_accounts", lambda s: s.user.hierarchy.count_sub_accounts(["child"]), "user"),
    forbidden("hierarchy.count_sub_accounts", lambda s: s.user.hierarchy.count_sub_accounts(["child"])),
    bad("hierarchy.count_sub_accounts", "tenant_ids", lambda s: s.frontegg.hierarchy.count_sub_accounts("acme", [])),
)

_SUB_TENANTS: Final = (
    good("sub_tenants.create", lambda s: s.frontegg.sub_tenants.create(name="B", parent_tenant_id="acme")),
    good("sub_tenants.create", lambda s: s.user.sub_tenants.create(name="B", parent_tenant_id="acme"), "user"),
    forbidden("sub_tenants.create", lambda s: s.user.sub_tenants.create(name="B", parent_tenant_id="acme")),
    refused("sub_tenants.create", 400, lambda s: s.frontegg.sub_tenants.create(name="B", parent_tenant_id="leaf")),
    refused("sub_tenants.create", 404, lambda s: s.frontegg.sub_tenants.create(name="B", parent_tenant_id="nobody")),
    bad("sub_tenants.create", "name", lambda s: s.frontegg.sub_tenants.create(name="", parent_tenant_id="acme")),
    good("sub_tenants.rename", lambda s: s.frontegg.sub_tenants.rename("child", name="B")),
    good("sub_tenants.rename", lambda s: s.user.sub_tenants.rename("child", name="B"), "user"),
    forbidden("sub_tenants.rename", lambda s: s.user.sub_tenants.rename("child", name="B")),
    refused("sub_tenants.rename", 404, lambda s: s.frontegg.sub_tenants.rename("nobody", name="B")),
    bad("sub_tenants.rename", "name", lambda s: s.frontegg.sub_tenants.rename("child", name="")),
    good("sub_tenants.set_management", lambda s: s.frontegg.sub_tenants.set_management("leaf", is_reseller=True)),
    good("sub_tenants.set_management", lambda s: s.user.sub_tenants.set_management("leaf", is_reseller=True), "user"),
    forbidden("sub_tenants.set_management", lambda s: s.user.sub_tenants.set_management("leaf", is_reseller=True)),
    bad(
        "sub_tenants.set_management", "is_reseller", lambda s: s.frontegg.sub_tenants.set_management("a", is_reseller=1)
    ),
    good(
        "sub_tenants.set_hierarchy_settings",
        lambda s: s.frontegg.sub_tenants.set_hierarchy_settings("child", access_type=_ALWAYS),
    ),
    good(
        "sub_tenants.set_hierarchy_settings",
        lambda s: s.user.sub_tenants.set_hierarchy_settings("child", access_type=_ALWAYS),
        "user",
    ),
    forbidden(
        "sub_tenants.set_hierarchy_settings",
        lambda s: s.user.sub_tenants.set_hierarchy_settings("child", access_type=_ALWAYS),
    ),
    bad(
        "sub_tenants.set_hierarchy_settings",
        "access_type",
        lambda s: s.frontegg.sub_tenants.set_hierarchy_settings("child", access_type="sometimes"),
    ),
    good("sub_tenants.delete", lambda s: s.frontegg.sub_tenants.delete("child")),
    good("sub_tenants.delete", lambda s: s.user.sub_tenants.delete("leaf"), "user"),
    forbidden("sub_tenants.delete", lambda s: s.user.sub_tenants.delete("leaf")),
    refused("sub_tenants.delete", 403, lambda s: s.user.sub_tenants.delete("other"), "user"),
    refused("sub_tenants.delete", 404, lambda s: s.frontegg.sub_tenants.delete("nobody")),
    bad("sub_tenants.delete", "tenant_id", lambda s: s.frontegg.sub_tenants.delete(".")),
    good("sub_tenants.set_user_access", lambda s: s.frontegg.sub_tenants.set_user_access("ann", allow_access=False)),
    good("sub_tenants.set_user_access", lambda s: s.user.sub_tenants.set_user_access("bob", allow_access=True), "user"),
    forbidden("sub_tenants.set_user_access", lambda s: s.user.sub_tenants.set_user_access("bob", allow_access=True)),
    bad(
        "sub_tenants.set_user_access",
        "user_id",
        lambda s: s.frontegg.sub_tenants.set_user_access("", allow_access=True),
    ),
)

EXERCISES: Final = (*_HIERARCHY, *_SUB_TENANTS)

_ABOUT_ACME: Final = {"frontegg-tenant-id": "acme"}
_ABOUT_NOBODY: Final = {"frontegg-tenant-id": "nobody"}

CASES: Final = (
    case("hierarchy.assign", 201, body={"parentTenantId": "acme", "childTenantId": "other"}),
    case("hierarchy.unassign", 200, body={"parentTenantId": "acme", "childTenantId": "child"}),
    case("hierarchy.list_sub_accounts", 200, headers=_ABOUT_ACME),
    case("hierarchy.tree", 200, headers=_ABOUT_ACME),
    case("hierarchy.list_parents", 200, headers={"frontegg-tenant-id": "child"}),
    case("hierarchy.list_parents_of", 200, "child", token="user"),
    case("hierarchy.search", 200, headers=_ABOUT_ACME),
    case("hierarchy.count_sub_accounts", 200, query=(("_tenantIds", "acme,child"),), headers=_ABOUT_ACME),
    case("sub_tenants.create", 201, body={"tenantId": "below", "name": "Below", "parentTenantId": "acme"}),
    case("sub_tenants.rename", 200, "child", body={"name": "Renamed"}),
    case("sub_tenants.set_management", 200, "child", body={"isReseller": True}),
    case("sub_tenants.set_hierarchy_settings", 200, "acme", body={"subAccountAccessType": "alwaysOn"}),
    case("sub_tenants.delete", 200, "child"),
    case("sub_tenants.set_user_access", 200, "ann", body={"allowAccess": False}),
    case("hierarchy.tree", 200, token="user"),
    case("hierarchy.search", 200, query=(("_limit", "1"), ("_subTenantId", "acme"), ("_filter", "h")), token="user"),
    case("hierarchy.count_sub_accounts", 200, token="user"),
    case("sub_tenants.delete", 200, "child", token="user"),
    *(case(f"hierarchy.{verb}", 403, token="bare") for verb in (*_READS, "search", "count_sub_accounts")),
    case("hierarchy.list_parents_of", 403, "acme", token="bare"),
    case("sub_tenants.create", 403, body={"tenantId": "x", "name": "X", "parentTenantId": "acme"}, token="bare"),
    case("sub_tenants.rename", 403, "child", body={"name": "Renamed"}, token="bare"),
    case("sub_tenants.set_management", 403, "child", body={"isReseller": True}, token="bare"),
    case("sub_tenants.set_hierarchy_settings", 403, "acme", body={"subAccountAccessType": "alwaysOn"}, token="bare"),
    case("sub_tenants.delete", 403, "child", token="bare"),
    case("sub_tenants.set_user_access", 403, "ann", body={"allowAccess": True}, token="bare"),
    case("hierarchy.assign", 400, body={"parentTenantId": "acme", "childTenantId": "acme"}),
    case("hierarchy.assign", 404, body={"parentTenantId": "acme", "childTenantId": "nobody"}),
    case("hierarchy.unassign", 404, body={"parentTenantId": "acme", "childTenantId": "other"}),
    case("hierarchy.list_sub_accounts", 404, headers=_ABOUT_NOBODY),
    case("hierarchy.tree", 400, headers=_ABOUT_ACME, fault_status=400),  # no hierarchy here is ever circular
    case("hierarchy.tree", 404, headers=_ABOUT_NOBODY),
    case("hierarchy.list_parents", 404, headers=_ABOUT_NOBODY),
    case("hierarchy.list_parents_of", 403, "other", token="user"),
    case("hierarchy.list_parents_of", 404, "nobody", token="user"),
    case("hierarchy.search", 400, query=(("_order", "UP"),), headers=_ABOUT_ACME),
    case("hierarchy.search", 403, query=(("_subTenantId", "other"),), headers=_ABOUT_ACME),
    case("hierarchy.search", 404, query=(("_subTenantId", "nobody"),), headers=_ABOUT_ACME),
    case("hierarchy.count_sub_accounts", 403, query=(("_tenantIds", "other"),), headers=_ABOUT_ACME),
    case("hierarchy.count_sub_accounts", 404, query=(("_tenantIds", "nobody"),), headers=_ABOUT_ACME),
    case("hierarchy.count_sub_accounts", 414, query=(("_tenantIds", ",".join(["acme"] * 300)),), headers=_ABOUT_ACME),
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
"""Requests with the status that each must get: for each operation at first one that succeeds."""
