"""Requests about roles, permissions, groups and applications, and the rows that they are about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from tests.emulator.cases import case

_NOW: Final = "2024-01-31T12:00:00.000Z"
_TIMES: Final = {"createdAt": _NOW, "updatedAt": _NOW}
_ACME: Final = {"frontegg-tenant-id": "acme"}
_NOBODY: Final = {"frontegg-tenant-id": "nobody"}

TABLES: Final[Mapping[str, Any]] = {
    "permissions": [{"id": "p1", "key": "reports.read", "name": "Read reports", **_TIMES}],
    "permissionCategories": [{"id": "c1", "name": "Reports", "createdAt": _NOW}],
    "roles": [
        {"id": "r1", "key": "editor", "name": "Editor", "level": 10, "permissionIds": ["p1"], **_TIMES},
        {"id": "r2", "tenantId": "acme", "key": "auditor", "name": "Auditor", "level": 20, **_TIMES},
        {"id": "r3", "tenantId": "other", "key": "guest", "name": "Guest", "level": 30, **_TIMES},
    ],
    "groups": [
        {
            "id": "g1",
            "tenantId": "acme",
            "name": "Team",
            "metadata": '{"a": 1}',
            "userIds": ["ann", "gone"],
            "roleIds": ["r1", "gone"],
            **_TIMES,
        },
        {"id": "g2", "tenantId": "acme", "name": "Board", **_TIMES},
        {"id": "g3", "tenantId": "other", "name": "Team", **_TIMES},
    ],
    "applications": [
        {
            "id": "a1",
            "name": "Portal",
            "appUrl": "https://portal.example",
            "loginUrl": "https://portal.example/login",
            "accessType": "MANAGED_ACCESS",
            "metadata": {"a": 1},
            **_TIMES,
        },
        {
            "id": "a2",
            "name": "Docs",
            "appUrl": "https://docs.example",
            "loginUrl": "https://docs.example/login",
            **_TIMES,
        },
    ],
    "applicationAssignments": [
        {
            "id": "a1/acme",
            "tenantId": "acme",
            "appId": "a1",
            "accessType": "MANAGED_ACCESS",
            "userIds": ["ann", "gone"],
            "createdAt": _NOW,
        }
    ],
}

_ROLE: Final = {"key": "new", "name": "New", "level": 3, "isDefault": True, "migrateRole": True}
_DERIVED: Final = {"key": "new", "name": "New", "baseRoleId": "r1", "permissionIds": ["p1"]}
_TAKEN: Final = {"key": "editor", "name": "Editor", "level": 1}
_APPLICATION: Final = {"name": "New", "appURL": "https://new.example", "loginURL": "https://new.example/login"}
_USERS: Final = {"appId": "a1", "tenantId": "acme", "userIds": ["ann"]}
_RELATED: Final = (("_groupsRelations", "rolesAndUsers"),)
_UNRELATED: Final = (("_groupsRelations", "all"),)

ROLE_CASES: Final = (
    case("roles.list_v1", 200),
    case("roles.list_v1", 200, headers=_ACME),
    case("roles.list_v1", 200, token="user"),
    case("roles.list_v1", 403, token="bare"),
    case("roles.list_v1", 404, headers=_NOBODY),
    case("roles.list", 200, query=(("_filter", "r"), ("_sortBy", "userTenants"), ("_order", "DESC"))),
    case("roles.list", 200, query=(("_levels", "10"), ("_levels", "20"), ("_tenantIds", "acme"))),
    case("roles.list", 400, query=(("_sortBy", "colour"),)),
    case("roles.list", 403, token="bare"),
    case("roles.list", 404, headers=_NOBODY),
    case("roles.create", 201, body=[_ROLE, {"key": "own", "name": "Own", "level": 0}]),
    case("roles.create", 201, body=[_ROLE], headers=_ACME),
    case("roles.create", 400, body=[]),
    case("roles.create", 400, body=[{"key": "", "name": "", "level": 1}]),
    case("roles.create", 400, body=[{"key": "new", "name": "New", "level": 40_000}]),
    case("roles.create", 404, body=[_ROLE], headers=_NOBODY),
    case("roles.create", 409, body=[_TAKEN]),
    case("roles.create", 400, body=[_TAKEN], switches={"duplicate_key": 400}),
    case("roles.create_derived", 200, body=_DERIVED, headers=_ACME),
    case("roles.create_derived", 404, body={**_DERIVED, "baseRoleId": "none"}, headers=_ACME),
    case("roles.create_derived", 404, body={**_DERIVED, "permissionIds": ["none"]}, headers=_ACME),
    case("roles.create_derived", 409, body={**_DERIVED, "key": "editor"}, headers=_ACME),
    case("roles.update", 200, "r1", body={"name": "Editors", "description": "They edit."}),
    case("roles.update", 404, "r1", body={"name": "Editors"}, headers=_ACME),
    case("roles.update", 404, "none", body={"name": "Editors"}),
    case("roles.update", 409, "r2", body={"key": "editor"}),
    case("roles.delete", 204, "r1"),
    case("roles.delete", 204, "r2", headers=_ACME),
    case("roles.delete", 404, "r3", headers=_ACME),
    case("roles.set_permissions", 200, "r1", body={"permissionIds": []}),
    case("roles.set_permissions", 404, "r1", body={"permissionIds": ["none"]}),
    case("roles.set_tenant", 200, "r1", body={"tenantId": "acme"}),
    case("roles.set_tenant", 200, "r2", body={"tenantId": None}),
    case("roles.set_tenant", 404, "r1", body={"tenantId": "nobody"}),
    case("permissions.list", 200),
    case("permissions.list", 403, token="bare"),
    case("permissions.create", 201, body=[{"key": "new", "name": "New", "assignmentType": "NEVER"}]),
    case("permissions.create", 409, body=[{"key": "reports.read", "name": "New"}]),
    case("permissions.update", 200, "p1", body={"name": "See reports", "assignmentType": "ALWAYS"}),
    case("permissions.update", 404, "none", body={"name": "See reports"}),
    case("permissions.update", 409, "p1", body={"key": "fe.secure.*"}),
    case("permissions.delete", 204, "p1"),
    case("permissions.delete", 404, "none"),
    case("permissions.add_to_roles", 200, "p1", body={"roleIds": ["r2"]}),
    case("permissions.add_to_roles", 404, "p1", body={"roleIds": ["none"]}),
    case("permissions.list_categories", 200),
    case("permissions.create_category", 201, body={"name": "New", "description": "All that is new."}),
    case("permissions.create_category", 400, body={"name": ""}),
    case("permissions.update_category", 200, "c1", body={"description": "All tables."}),
    case("permissions.update_category", 400, "c1", body={"name": ""}),
    case("permissions.update_category", 404, "none", body={"name": "New"}),
    case("permissions.delete_category", 200, "c1"),
    case("permissions.delete_category", 404, "none"),
)

GROUP_CASES: Final = (
    case("groups.list_v1", 200, headers=_ACME, query=_RELATED),
    case("groups.list_v1", 400, headers=_ACME, query=_UNRELATED),
    case("groups.list_v1", 404, headers=_NOBODY),
    case("groups.list", 200, headers=_ACME, query=(("_sortBy", "name"), ("_limit", "1"))),
    case("groups.list", 200, headers=_ACME, query=(("_order", "DESC"),)),
    case("groups.list", 400, headers=_ACME, query=_UNRELATED),
    case("groups.list", 404, headers=_NOBODY),
    case("groups.get", 200, "g1", headers=_ACME, query=_RELATED),
    case("groups.get", 400, "g1", headers=_ACME, query=_UNRELATED),
    case("groups.get", 404, "g3", headers=_ACME),
    case("groups.get_many", 201, body={"groupsIds": ["g1", "none"]}, headers=_ACME, query=_RELATED),
    case("groups.get_many", 404, body={"groupsIds": ["g1"]}, headers=_NOBODY),
    case("groups.create", 201, body={"name": "New", "metadata": '{"a": [1]}', "color": "red"}, headers=_ACME),
    case("groups.create", 400, body={"name": ""}, headers=_ACME),
    case("groups.create", 400, body={"name": "New", "metadata": "no JSON"}, headers=_ACME),
    case("groups.create", 404, body={"name": "New"}, headers=_NOBODY),
    case("groups.create", 409, body={"name": "Team"}, headers=_ACME),
    case("groups.update", 200, "g1", body={"name": "Staff"}, headers=_ACME),
    case("groups.update", 200, "g1", body={"metadata": ' {"a": {"b": "ä"}}\n'}, headers=_ACME),
    case("groups.update", 404, "g3", body={"name": "Staff"}, headers=_ACME),
    case("groups.update", 409, "g1", body={"name": "Board"}, headers=_ACME),
    case("groups.delete", 200, "g1", headers=_ACME),
    case("groups.delete", 404, "g3", headers=_ACME),
    case("groups.add_roles", 201, "g1", body={"roleIds": ["r2"]}, headers=_ACME),
    case("groups.add_roles", 404, "g1", body={"roleIds": ["r3"]}, headers=_ACME),
    case("groups.remove_roles", 200, "g1", body={"roleIds": ["r1", "none"]}, headers=_ACME),
    case("groups.remove_roles", 404, "none", body={"roleIds": ["r1"]}, headers=_ACME),
    case("groups.add_users", 201, "g2", body={"userIds": ["ann"]}, headers=_ACME),
    case("groups.add_users", 404, "g2", body={"userIds": ["none"]}, headers=_ACME),
    case("groups.remove_users", 200, "g1", body={"userIds": ["ann", "none"]}, headers=_ACME),
    case("groups.remove_users", 404, "none", body={"userIds": ["ann"]}, headers=_ACME),
    case("groups.get_config", 200),
    case("groups.set_config", 201, body={"enabled": True, "rolesEnabled": False}),
)

APPLICATION_CASES: Final = (
    case("applications.list", 200),
    case("applications.list", 200, query=(("_isDefault", "true"), ("_excludeAgents", "true"), ("type", "web"))),
    case("applications.list", 400, query=(("_accessType", "none"),)),
    case("applications.get_default", 200),
    case("applications.get_default", 404, switches={"default_application": "none"}),
    case("applications.get", 200, "a1"),
    case("applications.get", 404, "none"),
    case("applications.create", 201, body={**_APPLICATION, "isDefault": True, "metadata": {"a": [1]}}),
    case("applications.create", 400, body={**_APPLICATION, "name": ""}),
    case("applications.update", 201, "a1", body={"description": "For all.", "isDefault": True}),
    case("applications.update", 404, "none", body={"name": "New"}),
    case("applications.delete", 200, "a1"),
    case("applications.delete", 404, "none"),
    *(
        row
        for name in ("applications.list_assigned", "applications.list_assigned_v1")
        for row in (
            case(name, 200, headers=_ACME, query=(("appIds", "a1,a2"), ("tenantIds", "acme"))),
            case(name, 200, headers=_ACME, query=(("accessType", "FREE_ACCESS"),)),
            case(name, 400, headers=_ACME, query=(("accessType", "none"),)),
            case(name, 404, headers=_NOBODY),
        )
    ),
    case("applications.list_tenants", 200, "a1"),
    case("applications.list_tenants", 404, "none"),
    case("applications.assign", 201, "a2", body={"tenantId": "acme", "accessType": "FREE_ACCESS"}),
    case("applications.assign", 404, "a2", body={"tenantId": "nobody"}),
    case("applications.assign", 404, "none", body={"tenantId": "acme"}),
    case("applications.assign", 409, "a1", body={"tenantId": "acme"}),
    case("applications.set_access_type", 200, "a1", "acme", body={"accessType": "FREE_ACCESS"}),
    case("applications.set_access_type", 404, "a2", "acme", body={"accessType": "FREE_ACCESS"}),
    case("applications.unassign", 200, "a1", "acme"),
    case("applications.unassign", 404, "a1", "other"),
    case("applications.assign_users", 201, body=_USERS),
    case("applications.assign_users", 404, body={**_USERS, "userIds": ["none"]}),
    case("applications.unassign_users", 200, body=_USERS),
    case("applications.unassign_users", 404, body={**_USERS, "appId": "a2"}),
    case("applications.list_users", 200, "a1"),
    case("applications.list_users", 404, "none"),
    case("applications.list_for_user", 200, "ann"),
    case("applications.list_for_user", 404, "none"),
)
