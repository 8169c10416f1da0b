"""Exercises of roles and permissions."""

from __future__ import annotations

from typing import Final

from tests.emulator.cases_roles import ROLE_CASES, TABLES
from tests.exercises.exercise import bad, forbidden, good, refused

_NEW: Final = {"key": "new", "name": "New", "level": 3}
_DERIVED: Final = {"key": "new", "name": "New", "base_role_id": "r1", "permission_ids": ["p1"]}

EXERCISES: Final = (
    good("roles.list_v1", lambda s: s.frontegg.for_tenant("acme").roles.ids_of(["Admin", "auditor"])),
    good("roles.list_v1", lambda s: s.user.roles.ids_of(["auditor"]), "user"),
    forbidden("roles.list_v1", lambda s: s.user.roles.ids_of(["auditor"])),
    refused("roles.list_v1", 404, lambda s: s.frontegg.for_tenant("nobody").roles.ids_of(["Admin"])),
    bad("roles.list_v1", "at least one", lambda s: s.frontegg.roles.ids_of([])),
    bad("roles.list_v1", "a list even for a single text", lambda s: s.frontegg.roles.ids_of("Admin")),
    good("roles.list", lambda s: s.frontegg.roles.list(filter="i", levels=[10, 0], sort_by="name").all()),
    good("roles.list", lambda s: s.user.roles.list(tenant_ids=["acme"], order="desc").first_page(), "user"),
    forbidden("roles.list", lambda s: s.user.roles.list().first_page()),
    refused("roles.list", 404, lambda s: s.frontegg.for_tenant("nobody").roles.list().first()),
    bad("roles.list", "page_size", lambda s: s.frontegg.roles.list(page_size=2_001).all()),
    bad("roles.list", "levels", lambda s: s.frontegg.roles.list(levels=3).all()),
    bad("roles.list", "levels", lambda s: s.frontegg.roles.list(levels=[-1]).all()),
    bad("roles.list", "prefetch", lambda s: s.frontegg.roles.list(prefetch=17).all()),
    good("roles.create", lambda s: s.frontegg.roles.create(**_NEW, is_default=True, description="New.")),
    good("roles.create", lambda s: s.frontegg.for_tenant("acme").roles.create(**_NEW)),
    refused("roles.create", 404, lambda s: s.frontegg.for_tenant("nobody").roles.create(**_NEW)),
    refused("roles.create", 409, lambda s: s.frontegg.roles.create(key="Admin", name="Admin", level=0)),
    bad("roles.create", "level", lambda s: s.frontegg.roles.create(key="new", name="New", level=32_768)),
    bad("roles.create", "key", lambda s: s.frontegg.roles.create(key="", name="New", level=1)),
    bad("roles.create", "^is_default must be", lambda s: s.frontegg.roles.create(**_NEW, is_default="yes")),
    good("roles.create_derived", lambda s: s.frontegg.for_tenant("acme").roles.create_derived(**_DERIVED)),
    refused("roles.create_derived", 404, lambda s: s.frontegg.for_tenant("nobody").roles.create_derived(**_DERIVED)),
    refused(
        "roles.create_derived",
        409,
        lambda s: s.frontegg.for_tenant("acme").roles.create_derived(**{**_DERIVED, "key": "auditor"}),
    ),
    bad(
        "roles.create_derived",
        "permission_ids",
        lambda s: s.frontegg.for_tenant("acme").roles.create_derived(**{**_DERIVED, "permission_ids": "p1"}),
    ),
    good("roles.update", lambda s: s.frontegg.roles.update("r1", level=5, name="Editors")),
    refused("roles.update", 404, lambda s: s.frontegg.roles.update("none", level=5)),
    refused("roles.update", 409, lambda s: s.frontegg.roles.update("r1", key="Admin")),
    bad("roles.update", "at least one", lambda s: s.frontegg.roles.update("r1")),
    bad("roles.update", "name", lambda s: s.frontegg.roles.update("r1", name="")),
    good("roles.delete", lambda s: s.frontegg.roles.delete("r1")),
    refused("roles.delete", 404, lambda s: s.frontegg.roles.delete("none")),
    bad("roles.delete", "role_id", lambda s: s.frontegg.roles.delete("..")),
    good("roles.set_permissions", lambda s: s.frontegg.roles.set_permissions("r1", permission_ids=[])),
    refused("roles.set_permissions", 404, lambda s: s.frontegg.roles.set_permissions("r1", permission_ids=["none"])),
    bad("roles.set_permissions", "permission_ids", lambda s: s.frontegg.roles.set_permissions("r1", permission_ids="")),
    good("roles.set_tenant", lambda s: s.frontegg.roles.set_tenant("r1", tenant_id="acme")),
    good("roles.set_tenant", lambda s: s.frontegg.roles.set_tenant("r2", tenant_id=None)),
    refused("roles.set_tenant", 404, lambda s: s.frontegg.roles.set_tenant("r1", tenant_id="nobody")),
    bad("roles.set_tenant", "tenant_id", lambda s: s.frontegg.roles.set_tenant("r1", tenant_id="")),
    good("permissions.list", lambda s: s.frontegg.permissions.ids_of(["reports.read"])),
    good("permissions.list", lambda s: s.user.permissions.list().all(), "user"),
    forbidden("permissions.list", lambda s: s.user.permissions.list().all()),
    bad("permissions.list", r"keys\[0\]", lambda s: s.frontegg.permissions.ids_of([1])),
    good(
        "permissions.create",
        lambda s: s.frontegg.permissions.create(key="new", name="New", category_id="c", assignment_type="always"),
    ),
    refused("permissions.create", 409, lambda s: s.frontegg.permissions.create(key="reports.read", name="New")),
    bad(
        "permissions.create",
        "assignment_type",
        lambda s: s.frontegg.permissions.create(key="new", name="New", assignment_type="some"),
    ),
    good("permissions.update", lambda s: s.frontegg.permissions.update("p1", name="See", category_id="c")),
    refused("permissions.update", 404, lambda s: s.frontegg.permissions.update("none", name="See")),
    refused("permissions.update", 409, lambda s: s.frontegg.permissions.update("p1", key="fe.secure.*")),
    bad("permissions.update", "at least one", lambda s: s.frontegg.permissions.update("p1")),
    bad("permissions.update", "key", lambda s: s.frontegg.permissions.update("p1", key="")),
    good("permissions.delete", lambda s: s.frontegg.permissions.delete("p1")),
    refused("permissions.delete", 404, lambda s: s.frontegg.permissions.delete("none")),
    bad("permissions.delete", "permission_id", lambda s: s.frontegg.permissions.delete(".")),
    good("permissions.add_to_roles", lambda s: s.frontegg.permissions.add_to_roles("p1", role_ids=["r2"])),
    refused("permissions.add_to_roles", 404, lambda s: s.frontegg.permissions.add_to_roles("p1", role_ids=["none"])),
    bad("permissions.add_to_roles", "role_ids", lambda s: s.frontegg.permissions.add_to_roles("p1", role_ids=[])),
    good("permissions.list_categories", lambda s: s.frontegg.permissions.list_categories()),
    good("permissions.create_category", lambda s: s.frontegg.permissions.create_category(name="New", description="")),
    bad("permissions.create_category", "name", lambda s: s.frontegg.permissions.create_category(name="")),
    good("permissions.update_category", lambda s: s.frontegg.permissions.update_category("c1", name="Tables")),
    refused("permissions.update_category", 404, lambda s: s.frontegg.permissions.update_category("none", name="N")),
    bad("permissions.update_category", "at least one", lambda s: s.frontegg.permissions.update_category("c1")),
    bad("permissions.update_category", "name", lambda s: s.frontegg.permissions.update_category("c1", name="")),
    good("permissions.delete_category", lambda s: s.frontegg.permissions.delete_category("c1")),
    refused("permissions.delete_category", 404, lambda s: s.frontegg.permissions.delete_category("none")),
    bad("permissions.delete_category", "category_id", lambda s: s.frontegg.permissions.delete_category("..")),
)

CASES: Final = ROLE_CASES

__all__ = ["CASES", "EXERCISES", "TABLES"]
