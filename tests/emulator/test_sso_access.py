"""Authorization of SSO operations: permissions of users, their own tenant, and operations for environments only."""

from __future__ import annotations

from typing import Final, NamedTuple

import pytest

from tests.emulator.cases_sso import METADATA
from tests.emulator.sso import BASE, BASE_V2, EVERYTHING, SAML, Caller, switch, user, vendor
from tests.emulator.support import Service

pytestmark = pytest.mark.anyio

READ: Final = "fe.secure.read.samlConfiguration"
WRITE: Final = "fe.secure.write.samlConfiguration"
DELETE: Final = "fe.secure.delete.samlConfiguration"
READ_ROLES: Final = "fe.secure.read.samlDefaultRoles"
WRITE_ROLES: Final = "fe.secure.write.samlDefaultRoles"


class Asked(NamedTuple):
    """A request, the permission that it needs, and the status that it gets then."""

    method: str
    path: str
    body: object
    permission: str
    status: int = 200


ASKED: Final = (
    Asked("GET", BASE, None, READ),
    Asked("POST", BASE, {}, WRITE, 201),
    Asked("PATCH", f"{BASE}/CONFIG", {"enabled": True}, WRITE),
    Asked("POST", f"{BASE}/metadata", {"metadata": METADATA}, WRITE, 201),
    Asked("PUT", f"{BASE}/CONFIG/metadata", {"metadata": METADATA}, WRITE),
    Asked("DELETE", f"{BASE}/CONFIG", None, DELETE),
    Asked("POST", f"{BASE}/CONFIG/domains", {"domain": "new.example"}, WRITE, 201),
    Asked("PUT", f"{BASE}/CONFIG/domains/DOMAIN/validate/email", None, WRITE),
    Asked("PUT", f"{BASE_V2}/CONFIG/domains/DOMAIN/validate", None, WRITE),
    Asked("DELETE", f"{BASE}/CONFIG/domains/DOMAIN", None, DELETE),
    Asked("GET", f"{BASE}/CONFIG/roles", None, READ_ROLES),
    Asked("PUT", f"{BASE}/CONFIG/roles", {"roleIds": []}, WRITE_ROLES, 201),
    Asked("GET", f"{BASE}/CONFIG/groups", None, READ),
    Asked("POST", f"{BASE}/CONFIG/groups", {"group": "g", "roleIds": []}, WRITE, 201),
    Asked("PATCH", f"{BASE}/CONFIG/groups/GROUP", {"group": "g", "roleIds": []}, WRITE),
    Asked("DELETE", f"{BASE}/CONFIG/groups/GROUP", None, DELETE),
    Asked("GET", f"{SAML}/sp-metadata", None, READ),
)


@pytest.mark.parametrize("wildcard", [None, "verb", "all"])
@pytest.mark.parametrize("asked", ASKED)
async def test_permissions_of_users(service: Service, asked: Asked, wildcard: str | None) -> None:
    """A user needs the permission of the route, by its name or by a wildcard, and no tenant header."""
    acme = await vendor(service, "acme")
    configuration_id = (await acme.configuration())["id"]
    domain = await acme.domain(configuration_id, "acme.example")
    group = await acme.group(configuration_id, "staff")
    path = asked.path.replace("CONFIG", configuration_id).replace("DOMAIN", domain["id"]).replace("GROUP", group["id"])
    others = {READ, WRITE, DELETE, READ_ROLES, WRITE_ROLES, "fe.account-hierarchy.*"} - {asked.permission}
    held = {"verb": asked.permission.rpartition(".")[0] + ".*", "all": EVERYTHING}.get(wildcard or "", asked.permission)

    refused = await (await user(service, "acme", *others)).send(asked.method, "", asked.body, base=path)
    assert (refused.status, set(refused.json)) == (403, {"errors", "errorCode"})
    allowed = await (await user(service, "acme", held)).send(asked.method, "", asked.body, base=path)
    assert allowed.status == asked.status, allowed.raw


async def test_permissions_can_be_ignored(service: Service) -> None:
    """By the switch a user needs none."""
    await vendor(service, "acme")
    await switch(service, user_permissions="ignore")
    assert (await (await user(service, "acme")).send("GET")).status == 200


async def test_a_user_sees_its_own_tenant_only(service: Service) -> None:
    """Whatever tenant its header names, and though another configuration's id is known."""
    acme, other = await vendor(service, "acme"), await vendor(service, "other")
    mine, theirs = await acme.configuration(), await other.configuration()
    ann = await user(service, "acme", EVERYTHING)
    headers = {"Authorization": f"Bearer {ann.user_token}", "frontegg-tenant-id": "other"}

    listed = await service.send("GET", BASE, headers=headers)
    assert [each["id"] for each in listed.json] == [mine["id"]]
    assert (await service.send("DELETE", f"{BASE}/{theirs['id']}", headers=headers)).status == 404
    gone = await user(service, "nobody", EVERYTHING)
    assert (await gone.send("GET")).status == 404


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", BASE_V2, {"tenantId": "acme"}),
        ("GET", f"{BASE}/domains", None),
        ("GET", f"{BASE}/excluded-emails", None),
        ("GET", f"{BASE}/multiple-sso-per-domain", None),
        ("PUT", f"{BASE}/domains/acme.example/force-validate", {"validated": True, "tenantId": "acme"}),
    ],
)
async def test_what_is_for_environments_only(service: Service, method: str, path: str, body: object) -> None:
    """A user token is 401 there."""
    await vendor(service, "acme")
    ann: Caller = await user(service, "acme", EVERYTHING)
    assert (await ann.send(method, "", body, base=path)).status == 401
