"""The rules about roles, groups and applications that no single call shows, and the calls of Terraform's provider."""

from __future__ import annotations

import json
from typing import Any

import pytest

from frontegg_async.emulator import EmulatorHandle
from frontegg_async.emulator.services.applications.rows import ApplicationRow
from frontegg_async.emulator.services.roles.rows import RoleRow
from frontegg_async.emulator.world.grants import Grant
from frontegg_async.emulator.world.seeds import add_seed, read_seed
from tests.emulator.support import Service, create, make_environment, refusal, run, shown


def new_role(environment: Any, key: str, level: int = 5, about: str = "") -> Any:
    (made,) = shown(
        run(environment, "roles.create", {"roles": [{"key": key, "name": key, "level": level}]}, about=about)
    )
    return made


def test_all_roles_are_created_or_none() -> None:
    environment = make_environment()
    body = {"roles": [{"key": "a", "name": "A", "level": 1}, {"key": "a", "name": "A", "level": 1}]}
    assert refusal(environment, "roles.create", body).status == 409
    assert environment.state.count() == 0


@pytest.mark.parametrize(("first", "second", "is_taken"), [("", "t", True), ("t", "", True), ("t", "u", False)])
def test_a_key_is_unique_among_the_roles_that_a_tenant_may_use(first: str, second: str, *, is_taken: bool) -> None:
    environment = make_environment()
    for tenant_id in ("t", "u"):
        create(environment, tenant_id)
    new_role(environment, "k", about=first)
    if is_taken:
        body = {"roles": [{"key": "k", "name": "K", "level": 1}]}
        assert refusal(environment, "roles.create", body, about=second).status == 409
    else:
        new_role(environment, "k", about=second)


def test_a_role_changes_its_tenant_and_goes_with_it() -> None:
    environment = make_environment()
    create(environment, "t")
    made = new_role(environment, "k")
    moved = shown(run(environment, "roles.set_tenant", {"tenantId": "t"}, role_id=made["id"]))
    assert (moved["tenantId"], [row.key for row in environment.state.owned(RoleRow, "t")]) == ("t", ["k"])
    run(environment, "tenants.delete", tenant_id="t")
    assert "k" not in [each["key"] for each in shown(run(environment, "roles.list_v1"))]


def test_what_is_deleted_is_nowhere_any_more() -> None:
    """Permissions of roles, roles of groups, and assignments of applications."""
    environment = make_environment()
    create(environment, "t")
    made = new_role(environment, "k")
    body = {"permissions": [{"key": "p", "name": "P"}]}
    (permission,) = shown(run(environment, "permissions.create", body))
    ids = {"permissionIds": [permission["id"]]}
    assert (
        shown(run(environment, "roles.set_permissions", ids, role_id=made["id"]))["permissions"] == ids["permissionIds"]
    )
    run(environment, "permissions.delete", permission_id=permission["id"])
    assert shown(run(environment, "roles.list_v1"))[-1]["permissions"] == []

    group = shown(run(environment, "groups.create", {"name": "G"}, about="t"))
    run(environment, "groups.add_roles", {"roleIds": [made["id"]]}, about="t", group_id=group["id"])
    run(environment, "roles.delete", role_id=made["id"])
    query = "_groupsRelations=rolesAndUsers"
    assert shown(run(environment, "groups.get", about="t", group_id=group["id"], query=query))["roles"] == []

    default = shown(run(environment, "applications.get_default"))["id"]
    run(environment, "applications.assign", {"tenantId": "t"}, app_id=default)
    run(environment, "applications.delete", app_id=default)
    assert shown(run(environment, "applications.list_assigned", about="t")) == []
    assert shown(run(environment, "applications.list")) == []


def test_one_application_is_the_default() -> None:
    environment = make_environment()
    body = {"name": "N", "appURL": "u", "loginURL": "u", "isDefault": True}
    made = shown(run(environment, "applications.create", body))
    assert [row.name for row in environment.state.table(ApplicationRow).values() if row.is_default] == ["N"]
    assert shown(run(environment, "applications.get_default"))["id"] == made["id"]
    assert [each["isDefault"] for each in shown(run(environment, "applications.list"))] == [False, True]


def test_what_happens_to_groups_and_applications_is_noted() -> None:
    environment = make_environment()
    create(environment, "t")
    add_seed(environment, read_seed({"users": [{"id": "ann", "email": "a@b.example", "tenantId": "t"}]}))
    environment.take_events()
    group = {"about": "t", "group_id": shown(run(environment, "groups.create", {"name": "G"}, about="t"))["id"]}
    run(environment, "groups.update", {"name": "H"}, **group)
    run(environment, "groups.add_users", {"userIds": ["ann"]}, **group)
    run(environment, "groups.remove_users", {"userIds": ["ann"]}, **group)
    run(environment, "groups.remove_roles", {"roleIds": []}, **group)
    run(environment, "groups.delete", **group)
    default = shown(run(environment, "applications.get_default"))["id"]
    run(environment, "applications.assign", {"tenantId": "t"}, app_id=default)
    users = {"appId": default, "tenantId": "t", "userIds": ["ann"]}
    run(environment, "applications.assign_users", users)
    run(environment, "applications.unassign_users", users)
    run(environment, "applications.unassign", app_id=default, tenant_id="t")
    events = environment.take_events()
    assert [event.key.removeprefix("frontegg.") for event in events] == [
        "group.created",
        "group.updated",
        "group.users.added",
        "group.users.removed",
        "group.roles.updated",
        "group.deleted",
        "tenant.app.assigned",
        "user.app.assigned",
        "user.app.unassigned",
        "tenant.app.unassigned",
    ]
    assert [(event.tenant_id, event.user_id, event.application_id) for event in events[-2:]] == [
        ("t", "ann", default),
        ("t", None, default),
    ]


def test_users_give_only_roles_that_are_not_stronger_than_their_own() -> None:
    environment = make_environment()
    create(environment, "t")
    strong, weak = new_role(environment, "strong", 1), new_role(environment, "weak", 9)
    group = shown(run(environment, "groups.create", {"name": "G"}, about="t"))
    caller = Grant(
        kind="user", client_id="emu_test", issued=0, expires=1, tenant_id="t", claims={"roles": ["weak", "unknown"]}
    )
    give = {"caller": caller, "group_id": group["id"]}
    assert refusal(environment, "groups.add_roles", {"roleIds": [strong["id"]]}, **give).status == 403
    assert run(environment, "groups.add_roles", {"roleIds": [weak["id"]]}, **give).status == 201


def test_a_default_role_is_given_to_all_present_users_if_that_is_asked_for(frontegg_emulator: EmulatorHandle) -> None:
    frontegg_emulator.seed(
        tenants=[{"tenantId": "t", "name": "T"}, {"tenantId": "u", "name": "U"}],
        users=[{"id": "ann", "email": "a@b.example", "tenantId": "t", "tenantIds": ["t", "u"]}],
    )
    with frontegg_emulator.client() as client:
        made = client.for_tenant("t").roles.create(key="k", name="K", level=1, is_default=True, migrate_role=True)
        client.roles.update(made.id, is_default=True, migrate_role=True)
    snapshot: Any = frontegg_emulator.snapshot()
    (user,) = snapshot["environments"][0]["users"]
    assert {name: [*each["roleIds"]] for name, each in user["memberships"].items()} == {"t": [made.id]}


@pytest.mark.anyio
async def test_the_calls_of_the_terraform_provider(service: Service) -> None:
    """What it sends on roles, permissions, applications and assignments, and what it reads of the responses."""
    await service.create("acme")
    send = service.send

    async def ask(status: int, method: str, path: str, body: Any = None, **more: Any) -> Any:
        response = await send(method, path, body, **more)
        assert response.status == status, response.raw
        return json.loads(response.raw) if response.raw else None

    # A permission: an array of one; if it exists, it is found in the list by its key and changed.
    permissions = "/identity/resources/permissions/v1"
    sent = {
        "name": "Read",
        "key": "reports.read",
        "categoryId": "c",
        "description": "d",
        "assignmentType": "ASSIGNABLE",
    }
    (permission,) = await ask(201, "POST", permissions, [sent])
    refused = await send("POST", permissions, [sent])
    assert refused.status >= 400
    assert b"already exist" in refused.raw
    await ask(200, "PATCH", f"{permissions}/{permission['id']}", {**sent, "assignmentType": "NEVER"})
    found = next(each for each in await ask(200, "GET", permissions) if each["key"] == "reports.read")
    assert found.items() >= {**sent, "assignmentType": "NEVER", "id": permission["id"]}.items()

    # A role: its unset list of permissions is sent as null; the permissions follow by a request of their own.
    roles, about = "/identity/resources/roles/v1", {"frontegg-tenant-id": "acme"}
    sent = {
        "name": "Editor",
        "key": "editor",
        "description": "d",
        "level": 3,
        "isDefault": False,
        "firstUserRole": False,
        "permissions": None,
    }
    (role,) = await ask(201, "POST", roles, [sent], headers=about)
    refused = await send("POST", roles, [sent], headers=about)
    assert refused.status >= 400
    assert b"Roles already exists" in refused.raw
    one = f"{roles}/{role['id']}"
    await ask(200, "PATCH", one, {**sent, "level": 4}, headers=about)
    put = await ask(200, "PUT", f"{one}/permissions", {"permissionIds": [permission["id"]]}, headers=about)
    assert put.items() >= {**sent, "level": 4, "permissions": [permission["id"]], "tenantId": "acme"}.items()
    assert role["id"] in [each["id"] for each in await ask(200, "GET", roles, headers=about)]

    # An application: an update without a body in the response, and a read.
    applications = "/applications/resources/applications/v1"
    sent = {
        "name": "Portal",
        "appURL": "https://portal.example",
        "loginURL": "https://portal.example/login",
        "isDefault": False,
        "isActive": True,
        "allowDcr": False,
        "type": "web",
        "frontendStack": "react",
        "metadata": {"team": "web"},
    }
    application = await ask(201, "POST", applications, sent)
    assert await ask(201, "PATCH", f"{applications}/{application['id']}", {**sent, "description": "d"}) is None
    read = await ask(200, "GET", f"{applications}/{application['id']}")
    assert read.items() >= {**sent, "description": "d"}.items()

    # An assignment: made, read by the application, and deleted.
    assignments = f"/applications/resources/applications/tenant-assignments/v1/{application['id']}"
    made = await ask(201, "POST", assignments, {"tenantId": "acme"})
    assert made == {"tenantId": "acme", "appIds": [application["id"]]}
    assert (await send("POST", assignments, {"tenantId": "acme"})).status == 409
    assert await ask(200, "GET", assignments) == {"tenantIds": ["acme"]}
    await ask(200, "DELETE", f"{assignments}/acme")

    for status, path in (
        (200, f"{applications}/{application['id']}"),
        (204, one),
        (204, f"{permissions}/{permission['id']}"),
    ):
        await ask(status, "DELETE", path, headers=about if path == one else None)
