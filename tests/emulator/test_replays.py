"""Requests of official clients around accounts, sent as they send them: method, path, headers and form of the body.

Each table is written by hand from what the public source of a client shows that it sends, and reads in the answer.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeAlias, cast

import attrs
import pytest

from tests.emulator.support import Response, Service

pytestmark = pytest.mark.anyio

ROLES: Final = "/identity/resources/roles/v1"
PERMISSIONS: Final = "/identity/resources/permissions/v1"
ASSIGNMENTS: Final = "/applications/resources/applications/tenant-assignments/v1"
APPLICATIONS: Final = "/applications/resources/applications/v1"
POLICIES: Final = "/identity/resources/configurations/v1"
EVENTS: Final = "/event/resources/configurations/v1"
PREHOOKS: Final = "/prehooks/resources/configurations/v1"
USERS: Final = "/identity/resources/users"
GROUPS: Final = "/identity/resources/groups"
SSO: Final = "/team/resources/sso/v2/configurations"
SESSIONS: Final = f"{USERS}/sessions/v1/me"
TOKENS: Final = "/identity/resources/tenants/api-tokens/v1"
USER_TOKENS: Final = f"{USERS}/api-tokens/v1"

IN_T: Final = {"frontegg-tenant-id": "t"}
OF_USER: Final = {**IN_T, "frontegg-user-id": "<user>"}
WITH_APP: Final = {**IN_T, "frontegg-application-id": "<app>"}

Fields: TypeAlias = Mapping[str, object]


@attrs.frozen
class Sent:
    """A request and what its client reads in the answer.

    Args:
        method: The method.
        path: The path; ``<name>`` stands for a value that an earlier answer had.
        body: The body, with the same places.
        headers: Headers beside the token.
        status: The status of the answer.
        reads: The values of fields that the client reads, of the last row if the answer is an array or a page.
        keeps: The name for the ``id`` of that row.
        key: The field that is kept instead of ``id``.
    """

    method: str
    path: str
    body: object = None
    headers: Mapping[str, str] = attrs.field(factory=dict[str, str])
    status: int = 200
    reads: Fields = attrs.field(factory=dict[str, object])
    keeps: str = ""
    key: str = "id"


def get(path: str, reads: Fields | None = None, **more: Any) -> Sent:
    """A request without a body."""
    return Sent("GET", path, reads=reads or {}, **more)


ROLE: Final = {"name": "R", "key": "r", "description": "d", "level": 5, "isDefault": False, "firstUserRole": False}
TF_ROLE: Final[Fields] = {**ROLE, "permissions": None}
PERMISSION: Final = {"name": "P", "key": "p", "description": "d", "categoryId": "c", "assignmentType": "ALWAYS"}
MFA: Final = {"enforceMFAType": "Force", "allowRememberMyDevice": True, "mfaDeviceExpiration": 60}
WEBHOOK: Final = {
    "displayName": "W",
    "description": "d",
    "url": "http://127.0.0.1:9/",
    "secret": "a secret of the webhook, longer than thirty-two bytes",
    "eventKeys": ["frontegg.group.created"],
    "isActive": True,
}
PREHOOK: Final = {**WEBHOOK, "type": "API", "eventKeys": ["SEND_SMS"], "failMethod": "OPEN"}

CAPTCHA: Final = {"enabled": True, "siteKey": "s", "secretKey": "k", "minScore": 0.5, "ignoredEmails": ["a@t.example"]}
CATEGORY: Final = {"name": "C", "description": "d"}

TERRAFORM: Final = (
    Sent("POST", f"{PERMISSIONS}/categories", CATEGORY, status=201, reads=CATEGORY, keeps="c"),
    get(f"{PERMISSIONS}/categories", {**CATEGORY, "id": "<c>"}),
    Sent("PATCH", f"{PERMISSIONS}/categories/<c>", {**CATEGORY, "name": "D"}),
    get(f"{PERMISSIONS}/categories", {**CATEGORY, "name": "D"}),
    Sent("DELETE", f"{PERMISSIONS}/categories/<c>"),
    Sent("POST", PERMISSIONS, [PERMISSION], status=201, reads={"key": "p", "assignmentType": "ALWAYS"}, keeps="p"),
    get(PERMISSIONS, {"id": "<p>", "name": "P", "categoryId": "c", "description": "d"}),
    Sent("PATCH", f"{PERMISSIONS}/<p>", {**PERMISSION, "name": "Q"}),
    Sent("POST", PERMISSIONS, [PERMISSION], status=409, reads={"errors": ["Permissions already exist"]}),
    Sent("POST", ROLES, [TF_ROLE], status=201, reads={"key": "r", "level": 5, "permissions": []}, keeps="role"),
    Sent(
        "PUT", f"{ROLES}/<role>/permissions", {"permissionIds": ["<p>"]}, reads={"id": "<role>", "permissions": ["<p>"]}
    ),
    Sent("PATCH", f"{ROLES}/<role>", {**TF_ROLE, "name": "S"}),
    get(ROLES, {"id": "<role>", "name": "S", "permissions": ["<p>"]}),
    Sent("POST", ROLES, [TF_ROLE], status=409, reads={"errors": ["Roles already exists"]}),
    Sent("POST", ROLES, [{**TF_ROLE, "key": "own"}], IN_T, 201, {"tenantId": "t", "key": "own"}, "own"),
    Sent("PUT", f"{ROLES}/<own>/permissions", {"permissionIds": []}, IN_T, reads={"permissions": []}),
    Sent("DELETE", f"{ROLES}/<own>", headers=IN_T, status=204),
    get(f"{POLICIES}/captcha-policy", status=404),
    Sent("POST", f"{POLICIES}/captcha-policy", CAPTCHA, status=201),
    Sent("POST", f"{POLICIES}/captcha-policy", CAPTCHA, status=409),
    Sent("PUT", f"{POLICIES}/captcha-policy", {**CAPTCHA, "enabled": False}),
    get(f"{POLICIES}/captcha-policy", {**CAPTCHA, "enabled": False}),
    Sent("POST", f"{POLICIES}/mfa-policy", MFA, IN_T, 201),
    Sent("POST", f"{POLICIES}/mfa-policy", MFA, IN_T, 409),
    Sent("PATCH", f"{POLICIES}/mfa-policy", {**MFA, "enforceMFAType": "ForceExceptSAML"}, IN_T),
    get(f"{POLICIES}/mfa-policy", {**MFA, "enforceMFAType": "ForceExceptSAML"}, headers=IN_T),
    Sent("POST", f"{POLICIES}/mfa-policy", MFA, status=201),
    get(f"{POLICIES}/mfa-policy", MFA),
    Sent("POST", f"{ASSIGNMENTS}/<app>", {"tenantId": "t"}, status=201, reads={"tenantId": "t", "appIds": ["<app>"]}),
    Sent("POST", f"{ASSIGNMENTS}/<app>", {"tenantId": "t"}, status=409),
    get(f"{ASSIGNMENTS}/<app>", {"tenantIds": ["t"]}),
    Sent("DELETE", f"{ASSIGNMENTS}/<app>/t"),
    get("/webhook", {"errors": ["Tenant ID is not specified"]}, status=403),
    Sent("POST", "/webhook/custom", WEBHOOK, IN_T, 201, {**WEBHOOK}, "hook", "_id"),
    get("/webhook", {**WEBHOOK, "_id": "<hook>"}, headers=IN_T),
    Sent("PATCH", "/webhook/<hook>", {**WEBHOOK, "isActive": False}, IN_T, reads={**WEBHOOK, "isActive": False}),
    Sent("DELETE", "/webhook/<hook>", headers=IN_T),
    Sent("DELETE", "/webhook/<hook>", headers=IN_T, status=404),
    get("/webhook", {}, headers={"frontegg-tenant-id": "<vendor>"}),
    Sent("POST", "/webhook/custom", WEBHOOK, {"frontegg-tenant-id": "<vendor>"}, 201, {"vendorId": "<vendor>"}),
    Sent("POST", PREHOOKS, PREHOOK, status=201, reads={"eventKeys": ["SEND_SMS"], "failMethod": "OPEN"}, keeps="pre"),
    get(PREHOOKS, {"id": "<pre>", "type": "API", "isActive": True, "secret": PREHOOK["secret"]}),
    Sent("PATCH", f"{PREHOOKS}/<pre>", {**PREHOOK, "isActive": False}),
    Sent("DELETE", f"{PREHOOKS}/<pre>"),
    Sent(
        "POST",
        f"{USERS}/v2",
        {"email": "tf@t.example", "password": "emu-tf-1", "roleIds": ["<role>"], "skipInviteEmail": True},
        IN_T,
        201,
        {"email": "tf@t.example", "verified": True},
        "user",
    ),
    Sent("POST", f"{USERS}/v1/<user>/verify", {"email": "tf@t.example", "roleIds": ["<role>"]}, IN_T),
    Sent("PUT", f"{USERS}/v1", {"email": "tf@t.example", "roleIds": ["<role>"]}, OF_USER, reads={"id": "<user>"}),
    Sent("DELETE", f"{USERS}/v1/<user>"),
    Sent("DELETE", f"{ROLES}/<role>", status=204),
    Sent("DELETE", f"{PERMISSIONS}/<p>", status=204),
)

LOCKOUT: Final = {"enabled": True, "maxAttempts": 5}

MCP: Final = (
    get("/tenants/resources/tenants/v1?_filter=T", {"tenantId": "t", "isReseller": False}),
    get("/tenants/resources/tenants/v2?_limit=10&_offset=0", {"tenantId": "t"}),
    get(ROLES, {"key": "ReadOnly", "level": 1, "isDefault": True}),
    get("/identity/resources/roles/v2", {"key": "ReadOnly"}),
    Sent("POST", ROLES, {"key": "x", "name": "X"}, status=400),
    Sent(
        "POST", ROLES, [{"key": "m", "name": "M", "permissions": ["x"]}], status=201, reads={"key": "m"}, keeps="role"
    ),
    get(APPLICATIONS, {"isDefault": True, "id": "<app>"}),
    get(f"{APPLICATIONS}/<app>", {"id": "<app>"}),
    Sent(
        "POST",
        APPLICATIONS,
        {"name": "A", "type": "web", "appURL": "http://localhost:3000", "loginURL": "http://localhost:3000/oauth"},
        status=201,
        reads={"name": "A", "type": "web"},
        keeps="made",
    ),
    Sent("DELETE", f"{APPLICATIONS}/<made>"),
    Sent(
        "POST",
        f"{USERS}/v1",
        {"email": "mcp@t.example", "name": "M", "metadata": '{"a":1}', "skipInviteEmail": False},
        WITH_APP,
        201,
        {"email": "mcp@t.example", "name": "M"},
        "user",
    ),
    get(f"{USERS}/v3?_email=mcp%40t.example&_tenantId=t&_limit=50&_offset=0&_order=DESC&_filter=m", {"id": "<user>"}),
    get(f"{USERS}/v1/<user>", {"mfaEnrolled": False, "phoneNumber": None}, headers=IN_T),
    Sent("PUT", f"{USERS}/v1", {"name": "N", "metadata": "{}"}, OF_USER, reads={"name": "N"}),
    Sent(
        "POST",
        f"{USERS}/v1/mfa/disable",
        {},
        OF_USER,
        400,
        {"errors": ["MFA is not enrolled"], "errorCode": "ER-01097"},
    ),
    get(SESSIONS, headers=OF_USER),
    Sent("DELETE", f"{SESSIONS}/all", headers=OF_USER),
    Sent("POST", f"{ASSIGNMENTS}/<app>", {"tenantId": "t"}, status=201),
    Sent(
        "POST",
        "/identity/resources/applications/v1",
        {"appId": "<app>", "tenantId": "t", "userIds": ["<user>"]},
        status=201,
    ),
    get("/identity/resources/applications/v1/<app>/users"),
    Sent(
        "POST",
        TOKENS,
        {"description": "d", "roleIds": ["<role>"]},
        IN_T,
        201,
        {"description": "d"},
        "token",
        "clientId",
    ),
    get(TOKENS, {"clientId": "<token>"}, headers=IN_T),
    Sent("DELETE", f"{TOKENS}/<token>", headers=IN_T),
    Sent("POST", USER_TOKENS, {"description": "d", "expiresInMinutes": 60}, OF_USER, 201, {}, "token", "clientId"),
    get(USER_TOKENS, {"clientId": "<token>"}, headers=OF_USER),
    Sent("DELETE", f"{USER_TOKENS}/<token>", headers=OF_USER),
    get(f"{POLICIES}/password"),
    Sent(
        "POST",
        f"{POLICIES}/password",
        {"minLength": 8, "optionalTests": {"requireNumbers": True}},
        status=201,
        reads={"minLength": 8},
    ),
    Sent("POST", f"{POLICIES}/lockout-policy", {"maxAttempts": 5}, status=400),
    Sent("POST", f"{POLICIES}/lockout-policy", LOCKOUT, status=201, reads=LOCKOUT),
    get(f"{POLICIES}/lockout-policy", LOCKOUT),
    Sent("POST", EVENTS, {"url": "https://t.example", "events": ["frontegg.user.created"]}, status=400),
    Sent(
        "POST",
        EVENTS,
        {"url": "https://t.example", "events": ["frontegg.user.created"], "displayName": "E", "key": "e"},
        status=201,
        reads={"key": "e", "displayName": "E"},
        keeps="event",
    ),
    get(f"{EVENTS}/categories"),
    get(EVENTS, {"id": "<event>", "key": "e", "displayName": "E", "description": None}),
    Sent("DELETE", f"{EVENTS}/<event>"),
    Sent("POST", "/audits/", {"severity": "Info", "action": "a"}, IN_T, 202, {"action": "a", "tenantId": "t"}),
    get("/audits/resources/audits/v2?count=50&offset=0&sortDirection=desc&sortBy=createdAt", {"tenantId": "t"}),
)

ANY_ROLE: Final = {"roleIds": ["none"]}
ANY_APP: Final = {"frontegg-application-id": "none"}

UNCHECKED: Final = (
    Sent("POST", TOKENS, ANY_ROLE, {**IN_T, **ANY_APP}, 201, ANY_ROLE),
    get("/tenants/resources/tenants/v2/t", headers=ANY_APP),
    Sent("POST", SSO, {"tenantId": "t"}, ANY_APP, 201, keeps="sso"),
    Sent("PUT", "/team/resources/sso/v1/configurations/<sso>/roles", ANY_ROLE, {**IN_T, **ANY_APP}, 201),
)
"""What the service is assumed not to check: ids of roles there, and the application in the header."""

BY_ID: Final = "_sortBy=id&_order=ASC&_limit=200&_offset=0"

GROUP_SYNC: Final = (
    get(f"{GROUPS}/v2?{BY_ID}"),
    Sent("POST", f"{GROUPS}/v1", {"name": "agen-a", "metadata": '{"by":"sync"}'}, status=201, keeps="group"),
    get(f"{GROUPS}/v2?{BY_ID}", {"id": "<group>", "metadata": '{"by":"sync"}', "managedBy": "frontegg"}),
    Sent("POST", f"{GROUPS}/v1", {"name": "agen-a", "metadata": "{}"}, status=409),
    Sent("PATCH", f"{GROUPS}/v1/<group>", {"name": "agen-b", "metadata": "{}"}),
    Sent(
        "POST",
        f"{USERS}/v2",
        {"email": "g@t.example", "skipInviteEmail": True},
        WITH_APP,
        201,
        {"email": "g@t.example"},
        "user",
    ),
    get(f"{USERS}/v2?{BY_ID}"),
    Sent("POST", f"{GROUPS}/v1/<group>/users", {"userIds": ["<user>"]}, status=201),
    Sent("DELETE", f"{GROUPS}/v1/<group>/users", {"userIds": ["<user>"]}),
    Sent("DELETE", f"{GROUPS}/v1/<group>"),
)


UNSIGNED: Final = {**WEBHOOK, "secret": None}

PORTAL: Final = (
    get("/webhook", {}),
    Sent("POST", "/webhook/custom", UNSIGNED, status=201, reads=UNSIGNED, keeps="hook", key="_id"),
    get("/webhook", {**UNSIGNED, "_id": "<hook>", "invocations": 0}),
    Sent("PATCH", "/webhook/<hook>", {**WEBHOOK, "_id": "<hook>"}, reads={**WEBHOOK, "_id": "<hook>"}),
    Sent("PATCH", "/webhook/<hook>", {**UNSIGNED, "_id": "<hook>", "isActive": False}, reads={"isActive": False}),
    Sent("POST", "/webhook/test", {"url": WEBHOOK["url"], "secret": None}, status=201),
    Sent(
        "POST",
        "/webhook/test",
        {"url": WEBHOOK["url"], "secret": "s", "payload": {"own": [1]}},
        status=201,
        reads={"tenantId": "t", "vendorId": "<vendor>", "body": '{"own":[1]}'},
    ),
    Sent("PATCH", "/webhook/<hook>", {**WEBHOOK, "_id": "<hook>", "eventKeys": ["frontegg.group.created"]}),
    Sent("POST", f"{GROUPS}/v1", {"name": "G"}, status=201),
    get("/webhook/logs/?id=<hook>&offset=0&limit=10", {"count": 1}, keeps="log", key="rows"),
    Sent("POST", "/webhook/logs/<log>/retries", status=201, reads={"webhookId": "<hook>", "tenantId": "t"}),
    get("/webhook/logs/?id=<hook>&offset=1&limit=10", {"count": 2}),
    get(f"{EVENTS}/categories"),
    get(f"{EVENTS}?channels=%5B%22webhook%22%5D"),
    Sent("DELETE", "/webhook/<hook>"),
    Sent("DELETE", "/webhook/<hook>", status=404),
    get("/webhook", {}),
)
"""What the portal of an account sends about webhooks by ``@frontegg/rest-api``: with a user's token, below a prefix."""


def filled(text: str, kept: Mapping[str, str]) -> str:
    """A text with the values in their places."""
    for name, value in kept.items():
        text = text.replace(f"<{name}>", value)
    return text


def row_of(response: Response) -> Mapping[str, Any]:
    """The row that a client looks at: the last of many."""
    answer: object = response.json if response.raw else {}
    if isinstance(answer, dict):
        page = cast("dict[str, object]", answer)
        answer = page.get("items", page.get("data", page))
    if isinstance(answer, list):
        rows = cast("list[object]", answer)
        answer = rows[-1] if rows else {}
    return cast("Mapping[str, Any]", answer) if isinstance(answer, dict) else {}


async def replay(service: Service, requests: Sequence[Sent], **kept: str) -> None:
    """Send the requests in order; each answer has its status and the fields that the client reads."""
    for sent in requests:
        body = json.loads(filled(json.dumps(sent.body), kept))
        headers = {name: filled(value, kept) for name, value in sent.headers.items()}
        answer = await service.send(sent.method, filled(sent.path, kept), body, headers=headers)
        assert answer.status == sent.status, (sent, answer.raw)
        row = row_of(answer)
        if sent.keeps:
            found = row[sent.key]
            kept[sent.keeps] = found[0]["id"] if isinstance(found, list) else found
        reads = json.loads(filled(json.dumps(sent.reads), kept))
        assert {name: row.get(name) for name in reads} == reads, sent


@pytest.mark.parametrize("requests", [TERRAFORM, MCP, UNCHECKED], ids=["terraform", "mcp", "unchecked"])
async def test_with_an_environment_token(service: Service, requests: Sequence[Sent]) -> None:
    """Terraform's provider and the MCP server, and what nobody checks."""
    await service.create("t")
    app = (await service.send("GET", f"{APPLICATIONS}/default")).json["id"]
    named = {"frontegg-environment-id": "e", "frontegg-application-id": app}  # Terraform sends both with all requests
    more = named if requests is TERRAFORM else {}
    vendor = (await service.send("GET", "/vendors")).json["id"]
    requests = [attrs.evolve(each, headers={**more, **each.headers}) for each in requests]
    await replay(service, requests, app=app, vendor=vendor)


async def test_with_the_token_of_a_user(service: Service) -> None:
    """The portal of an account names where it comes from, and no tenant."""
    await service.create("t")
    vendor = (await service.send("GET", "/vendors")).json["id"]
    permissions = ["fe.connectivity.*", "fe.secure.*"]
    service.token = (await service.emulator.user_token(tenant_id="t", permissions=permissions)).access_token
    named = {"frontegg-source": "admin-portal", "x-frontegg-framework": "react@18", "x-frontegg-sdk": "sdk@7"}
    requests = [attrs.evolve(each, path=f"/frontegg{each.path}", headers=named) for each in PORTAL]
    await replay(service, requests, vendor=vendor)


async def test_with_an_api_token(service: Service) -> None:
    """The sample that synchronizes groups exchanges an API token and sends the tenant header, too."""
    await service.create("t")
    app = (await service.send("GET", f"{APPLICATIONS}/default")).json["id"]
    role = (await service.send("GET", ROLES)).json[0]["id"]
    made = (await service.send("POST", TOKENS, {"description": "sync", "roleIds": [role]}, headers=IN_T)).json
    body = {"clientId": made["clientId"], "secret": made["secret"]}
    exchanged = await service.send("POST", "/identity/resources/auth/v1/api-token", body)
    service.token = exchanged.json["accessToken"]
    await replay(service, [attrs.evolve(each, headers={**IN_T, **each.headers}) for each in GROUP_SYNC], app=app)
