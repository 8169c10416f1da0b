"""Requests about the users of an account, their roles, groups and tokens, as clients of others send them.

The clients are the suite of Materialize's Rust client, which runs against the real service with an environment's token,
Materialize's provider for Terraform, with the API token of a tenant, and ``@frontegg/rest-api`` 7.119.0, the portal,
with the token of a user below ``/frontegg``.
"""

from __future__ import annotations

import json
from typing import Any, Final, cast

import attrs
import pytest

from frontegg_async import AsyncFronteggUser
from tests.emulator.support import Service
from tests.emulator.test_replays import APPLICATIONS, IN_T, ROLES, Sent, get, replay

pytestmark = pytest.mark.anyio

IDENTITY: Final = "/identity/resources"
USERS: Final = f"{IDENTITY}/users"
MEMBERS: Final = "/team/resources/members/v1"
GROUPS: Final = f"{IDENTITY}/groups/v1"
SCIM: Final = "/directory/resources/v1/configurations/scim2"
TENANT_TOKENS: Final = f"{IDENTITY}/tenants"
RELATIONS: Final = "_groupsRelations=rolesAndUsers"

ROLE_FIELDS: Final = {"id", "key", "name", "description", "level", "isDefault", "permissions", "createdAt"}
PERMISSION_FIELDS: Final = {"id", "categoryId", "key", "name", "description", "createdAt", "updatedAt"}


async def _read(service: Service, path: str, headers: dict[str, str] | None = None) -> Any:
    answer = await service.send("GET", path, headers=headers)
    assert answer.status == 200, answer.raw
    return answer.json


async def _pages(service: Service, size: int, headers: dict[str, str]) -> list[dict[str, Any]]:
    """Read the first version's listing as the client does: pages by their index, as many as the first says."""
    found: list[dict[str, Any]] = []
    index = 0
    while True:
        page = await _read(service, f"{USERS}/v1?_limit={size}&_offset={index}", headers)
        found += page["items"]
        index += 1
        if index >= page["_metadata"]["totalPages"]:
            return found


def _has_roles(user: dict[str, Any]) -> bool:
    roles = cast("list[dict[str, Any]]", user.get("roles", []))
    return bool(roles) and all(set(role) >= ROLE_FIELDS for role in roles)


async def test_users_of_two_tenants_with_an_environment_token(service: Service) -> None:
    """Three in each are created, read by id, listed by pages of 1, 2 and 10, and deleted everywhere."""
    users: dict[str, str] = {}
    for tenant_id in ("t", "other"):
        await service.create(tenant_id)
        for number in range(3):
            name, email = f"user-{tenant_id}-{number}", f"{tenant_id}-{number}@t.example"
            body = {"name": name, "email": email, "metadata": None, "skipInviteEmail": True}
            created = await service.send("POST", f"{USERS}/v1", body, headers={"frontegg-tenant-id": tenant_id})
            assert created.status == 201, created.raw
            made = created.json
            assert (made["name"], made["email"], json.loads(made["metadata"])) == (name, email, {})
            assert _has_roles(made)
            assert all(set(each) >= PERMISSION_FIELDS for each in made["permissions"])
            assert made["permissions"]
            read = await _read(service, f"{IDENTITY}/vendor-only/users/v1/{made['id']}")
            assert (read["id"], read["name"], read["email"]) == (made["id"], name, email)
            (binding,) = read["tenants"]
            assert (binding["tenantId"], _has_roles(binding)) == (tenant_id, True)
            users[made["id"]] = tenant_id
    for size in (1, 2, 10):
        listed = await _pages(service, size, {})
        assert {each["id"] for each in listed} == set(users)
        assert all(_has_roles(binding) for each in listed for binding in each["tenants"])
    of_t = await _pages(service, 50, IN_T)
    assert {each["id"] for each in of_t} == {user_id for user_id, tenant_id in users.items() if tenant_id == "t"}
    for user_id in users:
        deleted = await service.send("DELETE", f"{USERS}/v1/{user_id}")
        assert deleted.status == 200
    assert await _pages(service, 50, {}) == []


PROVIDER: Final = (
    get(ROLES, keeps="role"),
    Sent(
        "POST",
        f"{USERS}/v2",
        {"email": "u@t.example", "roleIds": ["<role>"], "skipInviteEmail": False},
        status=201,
        reads={"email": "u@t.example", "verified": False, "metadata": "{}"},
        keeps="user",
    ),
    Sent("POST", f"{USERS}/v2", {"email": "u@t.example", "roleIds": [], "skipInviteEmail": False}, status=409),
    get(f"{USERS}/v1/<user>", {"id": "<user>", "email": "u@t.example", "provider": "local"}),
    get(f"{USERS}/v3?_email=u%40t.example&_limit=1", {"id": "<user>", "email": "u@t.example"}),
    get(f"{USERS}/v3?_includeSubTenants=true&_order=ASC&_sortBy=email&ids=<user>", {"id": "<user>"}),
    Sent("PUT", f"/frontegg{MEMBERS}", {"id": "<user>", "email": "u@t.example", "roleIds": []}, reads={"roles": []}),
    Sent(
        "PUT",
        f"/frontegg{MEMBERS}",
        {"id": "<user>", "email": "u@t.example", "roleIds": ["<role>"]},
        reads={"roleIds": ["<role>"]},
    ),
    Sent("POST", f"/frontegg{GROUPS}", {"name": "G", "description": "d", "color": "#fff"}, status=201, keeps="group"),
    Sent("PATCH", f"/frontegg{GROUPS}/<group>", {"name": "H", "metadata": '{"a":1}'}),
    Sent("POST", f"/frontegg{GROUPS}/<group>/roles", {"roleIds": ["<role>"]}, status=201),
    Sent("POST", f"/frontegg{GROUPS}/<group>/users", {"userIds": ["<user>"]}, status=201),
    get(
        f"/frontegg{GROUPS}/<group>?{RELATIONS}",
        {"name": "H", "description": "d", "metadata": '{"a":1}', "managedBy": "frontegg"},
    ),
    get(f"/frontegg{GROUPS}?{RELATIONS}", keeps="listed", key="groups"),
    Sent("DELETE", f"/frontegg{GROUPS}/<group>/roles", {"roleIds": ["<role>"]}),
    Sent("DELETE", f"/frontegg{GROUPS}/<group>/users", {"userIds": ["<user>"]}),
    Sent("DELETE", f"/frontegg{GROUPS}/<group>"),
    get(f"/frontegg{GROUPS}/<group>?{RELATIONS}", status=404),
    Sent(
        "POST",
        f"/frontegg{SCIM}",
        {
            "id": "",
            "source": "okta",
            "tenantId": "",
            "connectionName": "C",
            "syncToUserManagement": True,
            "createdAt": "0001-01-01T00:00:00Z",
            "token": "",
        },
        status=201,
        reads={"connectionName": "C"},
        keeps="scim",
    ),
    get(f"/frontegg{SCIM}", {"id": "<scim>", "source": "okta", "tenantId": "t", "syncToUserManagement": True}),
    Sent("DELETE", f"/frontegg{SCIM}/<scim>", status=204),
    Sent("DELETE", f"{USERS}/v1/<user>"),
    get(f"{USERS}/v1/<user>", status=404),
)


async def _as_tenant(service: Service) -> None:
    """Continue with the token of a tenant's API token that has all roles."""
    ids = [each["id"] for each in await _read(service, ROLES)]
    body = {"description": "provider", "roleIds": ids}
    made = (await service.send("POST", f"{TENANT_TOKENS}/api-tokens/v1", body, headers=IN_T)).json
    credentials = {"clientId": made["clientId"], "secret": made["secret"]}
    exchanged = await service.send("POST", f"{IDENTITY}/auth/v1/api-token", credentials)
    service.token = exchanged.json["accessToken"]


async def test_users_and_groups_with_an_api_token(service: Service) -> None:
    """The provider sends no tenant header; the token is of the tenant, and deletes its users there alone."""
    await service.create("t")
    await service.create("other")
    (kept,) = [
        (await service.send("POST", f"{USERS}/v2", {"email": "both@t.example"}, headers=each)).json["id"]
        for each in (IN_T,)
    ]
    both = {"frontegg-tenant-id": "other"}
    assert (await service.send("POST", f"{USERS}/v2", {"email": "both@t.example"}, headers=both)).status == 201
    vendor = service.token
    await _as_tenant(service)
    await replay(service, PROVIDER)
    assert (await service.send("DELETE", f"{USERS}/v1/{kept}")).status == 200
    service.token = vendor
    left = await _read(service, f"{IDENTITY}/vendor-only/users/v1/{kept}")
    assert left["tenantIds"] == ["other"]


NEW_ROLE: Final = {"key": "own", "name": "Own", "description": "d", "isDefault": False, "level": 5}

PORTAL: Final = (
    get(f"{IDENTITY}/permissions/v1", keeps="permission"),
    get(f"{IDENTITY}/permissions/v1/categories"),
    get(ROLES, keeps="base"),
    Sent(
        "POST",
        f"{IDENTITY}/roles/v2",
        {**NEW_ROLE, "baseRoleId": "<base>", "permissionIds": ["<permission>"]},
        reads={"key": "own", "tenantId": "t", "permissions": ["<permission>"]},
        keeps="role",
    ),
    Sent("PATCH", f"{ROLES}/<role>", {"name": "Mine"}, reads={"name": "Mine"}),
    Sent("PUT", f"{ROLES}/<role>/permissions", {"permissionIds": []}, reads={"permissions": []}),
    Sent(
        "POST",
        f"{USERS}/v2",
        {"name": "U", "email": "u@t.example", "roleIds": ["<role>"], "provider": "local"},
        status=201,
        reads={"name": "U", "email": "u@t.example", "activatedForTenant": False},
        keeps="user",
    ),
    get(
        f"{USERS}/v3?_limit=10&_offset=0&_includeSubTenants=false&_sortBy=createdAt&_order=ASC",
        {"id": "<user>", "tenantId": "t", "tenantIds": ["t"], "managedBy": "frontegg"},
    ),
    get(f"{USERS}/v2?_limit=10&_offset=0&_filter=u", {"id": "<user>"}),
    get(f"{USERS}/v3/roles?ids=<user>", {"vendorId": "<vendor>", "tenantId": "t", "userId": "<user>"}),
    get(f"{USERS}/v1/<user>", {"id": "<user>"}),
    get(f"{MEMBERS}?pageOffset=0&pageSize=5&sortBy=name&sortDirection=asc", {"vendorId": "<vendor>", "tenantId": "t"}),
    Sent("PUT", MEMBERS, {"id": "<user>", "roleIds": ["<role>"], "name": "U"}, reads={"roleIds": ["<role>"]}),
    Sent("POST", f"{USERS}/v1/invitation/reset/all", {"email": "u@t.example"}),
    Sent("POST", f"{IDENTITY}/tenants/users/v1/<user>/disable"),
    Sent("POST", f"{IDENTITY}/tenants/users/v1/<user>/enable"),
    get(f"{GROUPS}/config", {"enabled": True, "rolesEnabled": True}),
    Sent("POST", GROUPS, {"name": "G", "color": "#fff", "description": "d"}, status=201, keeps="group"),
    Sent("POST", f"{GROUPS}/<group>/users", {"userIds": ["<user>"]}, status=201),
    Sent("POST", f"{GROUPS}/<group>/roles", {"roleIds": ["<role>"]}, status=201),
    Sent("POST", f"{GROUPS}/bulkGet", {"groupsIds": ["<group>"]}, status=201),
    get(f"{GROUPS}/<group>?_groupsRelations=users", {"id": "<group>", "name": "G", "managedBy": "frontegg"}),
    get(
        f"{USERS}/v3/groups?ids=<user>",
        {"vendorId": "<vendor>", "tenantId": "t", "userId": "<user>", "groupIds": ["<group>"]},
    ),
    Sent("PATCH", f"{GROUPS}/<group>", {"name": "H"}),
    Sent("DELETE", f"{GROUPS}/<group>/roles", {"roleIds": ["<role>"]}),
    Sent("DELETE", f"{GROUPS}/<group>/users", {"userIds": ["<user>"]}),
    Sent("DELETE", f"{GROUPS}/<group>"),
    get(f"{IDENTITY}/applications/v1/<user>/apps"),
    get(f"{APPLICATIONS}?ids=none&_includeFreeAccess=true"),
    get("/applications/resources/applications/tenant-assignments/v1"),
    get("/applications/resources/applications/tenant-assignments/v2"),
    Sent(
        "POST",
        f"{TENANT_TOKENS}/api-tokens/v2",
        {"description": "ours", "roleIds": ["<role>"], "expiresInMinutes": None},
        status=201,
        reads={"description": "ours", "roleIds": ["<role>"]},
        keeps="token",
        key="clientId",
    ),
    get(f"{TENANT_TOKENS}/api-tokens/v1", {"clientId": "<token>", "tenantId": "t"}),
    Sent("DELETE", f"{TENANT_TOKENS}/api-tokens/v1/<token>"),
    Sent(
        "POST",
        f"{USERS}/api-tokens/v1",
        {"description": "mine", "expiresInMinutes": None},
        status=201,
        reads={"description": "mine"},
        keeps="own",
        key="clientId",
    ),
    get(f"{USERS}/api-tokens/v1", {"clientId": "<own>"}),
    Sent("DELETE", f"{USERS}/api-tokens/v1/<own>"),
    Sent(
        "POST",
        f"{TENANT_TOKENS}/access-tokens/v1",
        {"description": "a", "expiresInMinutes": None, "roleIds": ["<role>"]},
        status=201,
        reads={"description": "a"},
        keeps="access",
    ),
    get(f"{TENANT_TOKENS}/access-tokens/v1"),
    Sent("DELETE", f"{TENANT_TOKENS}/access-tokens/v1/<access>"),
    Sent(
        "POST",
        f"{USERS}/access-tokens/v1",
        {"description": "b", "expiresInMinutes": 60},
        status=201,
        reads={"description": "b"},
        keeps="ours",
    ),
    get(f"{USERS}/access-tokens/v1"),
    Sent("DELETE", f"{USERS}/access-tokens/v1/<ours>"),
    Sent("DELETE", f"{MEMBERS}/<user>"),
    get(f"{USERS}/v1/<user>", status=404),
    Sent("DELETE", f"{ROLES}/<role>", status=204),
)


async def test_the_portal_manages_the_account(service: Service) -> None:
    """With the token of an administrator, who is a user of the account."""
    await service.create("t")
    vendor = (await _read(service, "/vendors"))["id"]
    boss = (await service.send("POST", f"{USERS}/v2", {"email": "boss@t.example"}, headers=IN_T)).json["id"]
    permissions = ["fe.secure.*", "fe.account-settings.read.app"]
    token = await service.emulator.user_token(tenant_id="t", user_id=boss, permissions=permissions)
    service.token = token.access_token
    await replay(service, [attrs.evolve(each, path=f"/frontegg{each.path}") for each in PORTAL], vendor=vendor)


async def test_the_console_invites_or_sends_the_invitation_again(service: Service) -> None:
    """The console asks for four permissions, and finds a member by the text of the error; the SDK does the same."""
    await service.create("t")
    permissions = [
        "fe.secure.write.tenantInvites",
        "fe.secure.read.roles",
        "fe.secure.read.users",
        "fe.secure.write.resendActivationEmail",
    ]
    token = await service.emulator.user_token(tenant_id="t", permissions=permissions)
    service.token = token.access_token
    (role, *_) = await _read(service, f"/frontegg{ROLES}")
    body = {"email": "u@t.example", "roleIds": [role["id"]], "provider": "local"}
    assert (await service.send("POST", f"/frontegg{USERS}/v2", body)).status == 201
    again = await service.send("POST", f"/frontegg{USERS}/v2", body)
    assert any("User already exists" in text for text in again.json["errors"])
    (found,) = (await _read(service, f"/frontegg{USERS}/v3?_email=U@t.example"))["items"]
    assert (found["email"], found["verified"]) == ("u@t.example", False)
    sent = await service.send("POST", f"/frontegg{USERS}/v1/invitation/reset", {"email": found["email"]})
    assert sent.status == 200
    async with AsyncFronteggUser(base_url=service.emulator.url, token=token.access_token) as user:
        invited = await user.users.invite(email="v@t.example", role_ids=await user.roles.ids_of([role["key"]]))
        await user.users.resend_invitation(email="v@t.example")
        assert [each.id for each in await user.users.list(email="V@t.example").all()] == [invited.id]
