"""Requests that `@frontegg/rest-api` 7.119.0, the portal, sends about an account, with the token of a user."""

from __future__ import annotations

from typing import Final

import attrs
import pytest

from tests.emulator.support import Service
from tests.emulator.test_replays import IN_T, POLICIES, Sent, get, replay

pytestmark = pytest.mark.anyio

SSO: Final = "/team/resources/sso/v1/configurations"
SCIM: Final = "/directory/resources/v1/configurations/scim2"
_PAGE: Final = "sortDirection=desc&sortBy=severity&filter=&offset=0"
_COLUMN: Final = {
    "_id": "c",
    "name": "severity",
    "type": "Severity",
    "sortable": True,
    "filterable": True,
    "displayName": "Severity",
    "showInTable": True,
    "showInMoreInfo": "Always",
}
PORTAL: Final = (
    get(f"/audits?{_PAGE}&count=20&paginationMode=virtual", {"severity": "High", "tenantId": "t"}),
    get("/audits/stats?sortDirection=desc&sortBy=createdAt&count=20", {"severeThisWeek": 1}),
    get("/team/resources/stats/v1/members", {"totalItems": 1, "addedThisWeek": 1, "superAdmins": 0}),
    get("/team/resources/roles/v1", {"key": "ReadOnly"}),
    Sent("POST", "/team/resources/members/v1/ann/resendActivationEmail", {}, status=201),
    Sent("POST", f"{SSO}/metadata-url", {"url": "https://idp.example/metadata"}, status=201, keeps="sso"),
    Sent("PUT", f"{SSO}/<sso>/metadata-url", {"url": "https://idp.example/new"}, reads={"id": "<sso>"}),
    Sent("POST", f"{SSO}/<sso>/domains", {"domain": "t.example"}, status=201, keeps="domain"),
    Sent("PUT", f"{SSO}/<sso>/domains/<domain>/validate"),
    Sent("POST", SCIM, {"source": "okta", "connectionName": "Okta"}, status=201, keeps="scim"),
    get("/directory/resources/scim/temp/<scim>/Users/count", {"count": 0}),
    Sent("PATCH", f"{SCIM}/<scim>", {"syncToUserManagement": False}, status=204),
    Sent("DELETE", f"{SCIM}/<scim>", {"deleteAll": True}, status=204),
    get(f"{POLICIES}/lockout-policy/vendor", {"enabled": True, "maxAttempts": 3}),
    get(f"{POLICIES}/lockout-policy", status=404),
    get(f"{POLICIES}/mfa-policy/vendor"),
    get(f"{POLICIES}/password-history-policy/vendor", {"enabled": False}),
    get(f"{POLICIES}/password-rotation/vendor", {"isActive": False}),
    get(f"{POLICIES}/user-emails-policy", {"allowEmailChange": False}),
    get(f"{POLICIES}/mfa/strategies"),
    get("/identity/resources/users/sessions/v1/me/current", {"current": True}),
    Sent("POST", "/identity/resources/users/sessions/v1/revoke", {"userId": "ann"}, status=201),
)


async def test_what_the_portal_sends(service: Service) -> None:
    """Each request is below the prefix of self-service hosts."""
    await service.create("t")
    await service.send("POST", "/audits", {"severity": "High"}, headers=IN_T)
    await service.send("POST", f"{POLICIES}/lockout-policy", {"enabled": True, "maxAttempts": 3})
    await service.emulator.seed(users=[{"id": "ann", "email": "ann@t.example", "tenantId": "t"}])
    token = await service.emulator.user_token(tenant_id="t", user_id="ann", permissions=["fe.secure.*"])
    service.token = token.access_token
    await replay(service, [attrs.evolve(each, path=f"/frontegg{each.path}") for each in PORTAL])


@pytest.mark.parametrize("version", ["csv", "csv/v2"])
async def test_its_export_of_audits(service: Service, version: str) -> None:
    """The portal sends whole columns, and no count: the file has all rows from the offset on."""
    await service.create("t")
    for severity in ("Info", "High"):
        await service.send("POST", "/audits", {"severity": severity}, headers=IN_T)
    service.token = (await service.emulator.user_token(tenant_id="t", permissions=["fe.secure.*"])).access_token
    path = f"/frontegg/audits/export/{version}?sortDirection=desc&sortBy=severity&filter=&offset=1"
    exported = await service.send("POST", path, {"properties": [_COLUMN]})
    assert (exported.status, exported.raw) == (201, b"Severity\r\nInfo\r\nHigh\r\n")
