"""The rules about SSO configurations, over HTTP."""

from __future__ import annotations

import base64
from typing import Any, Final
from uuid import UUID

import pytest

from tests.emulator.cases_sso import METADATA
from tests.emulator.sso import BASE, BASE_V2, switch, vendor
from tests.emulator.support import Service

pytestmark = pytest.mark.anyio

PEM: Final = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
WHOLE: Final = {
    "enabled": True,
    "ssoEndpoint": "https://idp.example/sso",
    "publicCertificate": base64.b64encode(PEM.encode()).decode(),
    "signRequest": True,
    "acsUrl": "https://acme.example/acs",
    "spEntityId": "acme",
    "type": "oidc",
    "oidcClientId": "client",
    "oidcSecret": "hush",
    "configMetadata": {"idp": ["okta", None, 1.5]},
    "overrideActiveTenant": True,
    "subAccountAccessLimit": 2,
    "idpClientId": "groups",
    "idpClientSecret": "hush-hush",
}
"""Every field that the description lists."""


async def test_a_new_configuration(service: Service) -> None:
    """It has every field of the contract, those that were sent as they were sent, the others by default."""
    acme = await vendor(service, "acme")
    created = await acme.configuration()

    assert {str(UUID(created[name])) for name in ("id", "generatedVerification")} == {
        created["id"],
        created["generatedVerification"],
    }
    assert created == {
        "id": created["id"],
        "tenantId": "acme",
        "enabled": False,
        "type": "saml",
        "ssoEndpoint": None,
        "publicCertificate": None,
        "signRequest": False,
        "acsUrl": f"{service.emulator.url}/auth/saml/callback",
        "spEntityId": f"{service.emulator.url}/auth/saml/metadata",
        "oidcClientId": None,
        "oidcSecret": None,
        "overrideActiveTenant": False,
        "subAccountAccessLimit": None,
        "idpClientId": None,
        "idpClientSecret": None,
        "generatedVerification": created["generatedVerification"],
        "skipEmailDomainValidation": False,
        "configMetadata": None,
        "domains": [],
        "groups": [],
        "defaultRoles": [],
        "createdAt": created["createdAt"],
        "updatedAt": created["createdAt"],
    }


async def test_every_field_comes_back(service: Service) -> None:
    """Both routes take all fields; the older one ignores skipEmailDomainValidation, as any other unknown field."""
    acme = await vendor(service, "acme")
    old = await acme.configuration(**WHOLE)
    body = {"tenantId": "acme", "skipEmailDomainValidation": True, **WHOLE}
    new = await service.send("POST", BASE_V2, body)

    assert new.status == 201
    assert {name: old[name] for name in WHOLE} == WHOLE
    assert {name: new.json[name] for name in body} == body
    listed = (await acme.send("GET")).json
    assert {each["id"]: each for each in listed} == {old["id"]: old, new.json["id"]: new.json}
    for given in (True, "yes"):
        ignored = await acme.send("POST", "", {"skipEmailDomainValidation": given})
        assert (ignored.status, ignored.json["skipEmailDomainValidation"]) == (201, False)


async def test_a_whole_configuration_may_be_sent_back(service: Service) -> None:
    """Fields that a write does not have are ignored, whatever is in them, by every SSO route that has a body."""
    acme = await vendor(service, "acme")
    created = await acme.configuration(**WHOLE)
    domain = (await acme.send("POST", f"/{created['id']}/domains", {"domain": "acme.example", "Domains": 1})).json
    group = {"group": "staff", "roleIds": ["r"], "id": "x", "enabled": None}
    assert (await acme.send("POST", f"/{created['id']}/groups", group)).status == 201
    whole = (await acme.send("GET")).json[0] | {"Domains": [1], "createdAt": "never", "id": 5}

    for path in (BASE, BASE_V2):
        headers = {"frontegg-tenant-id": "acme"} if path == BASE else {}
        sent = await service.send("PATCH", f"{path}/{created['id']}", {**whole, "enabled": False}, headers=headers)
        assert (sent.status, sent.json["enabled"], sent.json["id"]) == (200, False, created["id"])
        assert sent.json["domains"] == [domain]
    forced = {"validated": True, "tenantId": "acme", "domain": "other.example"}
    assert (await service.send("PUT", f"{BASE}/domains/acme.example/force-validate", forced)).status == 200
    assert (await service.send("PUT", f"{BASE}/{created['id']}/roles", {"roleIds": [], "id": 1})).status == 403
    assert (await acme.send("PUT", f"/{created['id']}/roles", {"roleIds": [], "id": 1})).status == 201


async def test_other_services_refuse_unknown_fields(service: Service) -> None:
    """The strict reading holds everywhere else."""
    assert (await service.create("acme", Domains=[])).status == 400


async def test_null_is_not_sent_in_a_create(service: Service) -> None:
    """A field that is null gets its default."""
    acme = await vendor(service, "acme")
    created = await acme.configuration(**dict.fromkeys(WHOLE))

    assert (created["type"], created["enabled"], created["acsUrl"] is None) == ("saml", False, False)


@pytest.mark.parametrize(
    "body",
    [
        {"type": "ldap"},
        {"type": 1},
        {"enabled": "yes"},
        {"ssoEndpoint": 1},
        {"configMetadata": []},
        {"subAccountAccessLimit": "2"},
        {"subAccountAccessLimit": True},
    ],
)
@pytest.mark.parametrize("version", ["create", "create_v1", "update", "update_v1"])
async def test_wrong_fields(service: Service, version: str, body: dict[str, Any]) -> None:
    """They are 400 by every route, and nothing changes."""
    acme = await vendor(service, "acme")
    created = await acme.configuration(**WHOLE)
    sends = {
        "create": ("POST", BASE_V2, {"tenantId": "acme"}),
        "create_v1": ("POST", BASE, {}),
        "update": ("PATCH", f"{BASE_V2}/{created['id']}", {"tenantId": "acme"}),
        "update_v1": ("PATCH", f"{BASE}/{created['id']}", {}),
    }
    method, path, more = sends[version]

    headers = {} if more else {"frontegg-tenant-id": "acme"}
    assert (await service.send(method, path, {**body, **more}, headers=headers)).status == 400
    assert (await acme.send("GET")).json == [created]


async def test_the_newer_routes_need_the_tenant_in_the_body(service: Service) -> None:
    """Without it they are 400."""
    created = await (await vendor(service, "acme")).configuration()

    assert (await service.send("POST", BASE_V2, {"type": "saml"})).status == 400
    assert (await service.send("PATCH", f"{BASE_V2}/{created['id']}", {"enabled": True})).status == 400


async def test_an_update_changes_what_it_has(service: Service) -> None:
    """Fields that are not sent stay, null clears, and updatedAt moves; the other tenant's stay as they are."""
    acme, other = await vendor(service, "acme"), await vendor(service, "other")
    created = await acme.configuration(**WHOLE)
    elsewhere = await other.configuration(**WHOLE)
    await service.emulator.clock(advance=60)
    updated = await acme.send("PATCH", f"/{created['id']}", {"enabled": False, "oidcSecret": None})

    assert updated.status == 200
    assert updated.json["updatedAt"] > created["updatedAt"]
    assert updated.json == {**created, "enabled": False, "oidcSecret": None, "updatedAt": updated.json["updatedAt"]}
    newer = {"tenantId": "acme", "type": "saml", "skipEmailDomainValidation": True}
    again = await service.send("PATCH", f"{BASE_V2}/{created['id']}", newer)
    assert (again.status, again.json["type"], again.json["skipEmailDomainValidation"]) == (200, "saml", True)
    assert (await acme.send("GET")).json == [again.json]
    assert (await other.send("GET")).json == [elsewhere]


async def test_an_empty_update(service: Service) -> None:
    """It changes nothing, not even updatedAt; by the switch it is refused."""
    acme = await vendor(service, "acme")
    created = await acme.configuration(**WHOLE)
    await service.emulator.clock(advance=60)
    updated = await acme.send("PATCH", f"/{created['id']}", {})

    assert (updated.status, updated.json) == (200, created)
    await switch(service, sso_empty_update="refuse")
    assert (await acme.send("PATCH", f"/{created['id']}", {})).status == 400
    body = {"tenantId": "acme"}
    assert (await service.send("PATCH", f"{BASE_V2}/{created['id']}", body)).status == 400


async def test_deleting_takes_domains_and_groups_away(service: Service) -> None:
    """The body is empty, the domain is free again, and a second delete is 404."""
    acme = await vendor(service, "acme")
    created, stays = await acme.configuration(), await acme.configuration()
    await acme.domain(created["id"], "acme.example")
    await acme.group(created["id"], "staff")
    kept = await acme.group(stays["id"], "staff")
    deleted = await acme.send("DELETE", f"/{created['id']}")

    assert (deleted.status, deleted.raw) == (200, b"")
    (left,) = (await acme.send("GET")).json
    assert (left["id"], left["groups"], left["domains"]) == (stays["id"], [kept], [])
    assert (await acme.send("DELETE", f"/{created['id']}")).status == 404
    assert (await acme.send("GET", f"/{created['id']}/groups")).status == 404
    await acme.domain(stays["id"], "acme.example")


async def test_configurations_end_with_their_tenant(service: Service) -> None:
    """A tenant that is created again has none, and its domains are free for others."""
    acme, other = await vendor(service, "acme"), await vendor(service, "other")
    created = await acme.configuration()
    await acme.domain(created["id"], "acme.example")
    await service.send("DELETE", "/tenants/resources/tenants/v1/acme")

    assert (await acme.send("GET")).status == 404
    await service.create("acme")
    assert (await acme.send("GET")).json == []
    assert (await acme.send("DELETE", f"/{created['id']}")).status == 404
    await other.domain((await other.configuration())["id"], "acme.example")


async def test_another_tenants_configuration_is_as_none(service: Service) -> None:
    """The answer is the same 404 as for an id that nobody has."""
    acme, other = await vendor(service, "acme"), await vendor(service, "other")
    created = await other.configuration()
    answers = [await acme.send("DELETE", f"/{configuration_id}") for configuration_id in (created["id"], "nothing")]

    assert {(answer.status, answer.raw) for answer in answers} == {(404, answers[0].raw)}
    assert len((await other.send("GET")).json) == 1


async def test_default_roles(service: Service) -> None:
    """They are replaced as a whole, once each, and are in the configuration; updatedAt moves."""
    acme = await vendor(service, "acme")
    created = await acme.configuration()
    path = f"/{created['id']}/roles"
    assert (await acme.send("GET", path)).json == {"roleIds": []}
    await service.emulator.clock(advance=60)
    answer = await acme.send("PUT", path, {"roleIds": ["r2", "r1", "r2"]})

    assert (answer.status, answer.raw) == (201, b"")
    assert (await acme.send("GET", path)).json == {"roleIds": ["r2", "r1"]}
    shown = await acme.one(created["id"])
    assert shown["defaultRoles"] == ["r2", "r1"]
    assert shown["updatedAt"] > created["updatedAt"]
    for body in ({}, {"roleIds": None}, {"roleIds": "r1"}, {"roleIds": [1]}):
        assert (await acme.send("PUT", path, body)).status == 400
    await switch(service, sso_default_roles="object")
    assert (await acme.one(created["id"]))["defaultRoles"] == {"roleIds": ["r2", "r1"]}


async def test_metadata_of_an_identity_provider(service: Service) -> None:
    """Endpoint and signing certificate are read out of it; the rest of a configuration stays."""
    acme = await vendor(service, "acme")
    created = await acme.send("POST", "/metadata", {"metadata": METADATA})

    assert created.status == 201
    assert (created.json["type"], created.json["ssoEndpoint"]) == ("saml", "https://idp.example/redirect")
    certificate = base64.b64decode(created.json["publicCertificate"]).decode()
    assert certificate == "-----BEGIN CERTIFICATE-----\nMIIBCDEF\n-----END CERTIFICATE-----\n"
    other = await acme.configuration(**WHOLE)
    await service.emulator.clock(advance=60)
    updated = await acme.send("PUT", f"/{other['id']}/metadata", {"metadata": METADATA})
    assert updated.status == 200
    assert updated.json == {
        **other,
        "type": "saml",
        "ssoEndpoint": "https://idp.example/redirect",
        "publicCertificate": created.json["publicCertificate"],
        "updatedAt": updated.json["updatedAt"],
    }
    assert updated.json["updatedAt"] > other["updatedAt"]


@pytest.mark.parametrize("metadata", ["", "no XML", "<a>", "<!DOCTYPE a []><a/>", "<a/>", "<a>\udc80</a>", 7, None])
async def test_metadata_that_cannot_be_read(service: Service, metadata: object) -> None:
    """They are 400 on both routes, and nothing changes."""
    acme = await vendor(service, "acme")
    created = await acme.configuration()
    for method, path in (("POST", "/metadata"), ("PUT", f"/{created['id']}/metadata")):
        assert (await acme.send(method, path, {"metadata": metadata})).status == 400
    assert (await acme.send("GET")).json == [created]


async def test_metadata_by_the_switch(service: Service) -> None:
    """Any XML can do; what it does not say stays."""
    acme = await vendor(service, "acme")
    created = await acme.configuration(**WHOLE)
    await switch(service, sso_metadata_check="well_formed")

    updated = (await acme.send("PUT", f"/{created['id']}/metadata", {"metadata": "<a/>"})).json
    assert updated == {**created, "type": "saml", "updatedAt": updated["updatedAt"]}
    assert (await acme.send("PUT", f"/{created['id']}/metadata", {"metadata": "<a>"})).status == 400


async def test_certificates(service: Service) -> None:
    """PEM comes back in base64, other text as it is; by the switch PEM does, too."""
    acme = await vendor(service, "acme")
    encoded = base64.b64encode(PEM.encode()).decode()
    assert (await acme.configuration(publicCertificate=PEM))["publicCertificate"] == encoded
    assert (await acme.configuration(publicCertificate=encoded))["publicCertificate"] == encoded
    await switch(service, sso_certificate="as_sent")
    assert (await acme.configuration(publicCertificate=PEM))["publicCertificate"] == PEM


async def test_whole_bodies_by_the_switch(service: Service) -> None:
    """The older routes may need every field that the description lists; the newer ones never do."""
    acme = await vendor(service, "acme")
    created = await acme.configuration()
    await switch(service, sso_v1_requires_all="on")

    for name in WHOLE:
        part = {key: value for key, value in WHOLE.items() if key != name}
        for method, path in (("POST", ""), ("PATCH", f"/{created['id']}")):
            refused = await acme.send(method, path, part)
            assert (refused.status, refused.json["errors"]) == (400, [f"{name} should not be null or undefined"])
    assert (await acme.send("POST", "", WHOLE)).status == 201
    assert (await acme.send("PATCH", f"/{created['id']}", WHOLE)).status == 200
    assert (await service.send("POST", BASE_V2, {"tenantId": "acme"})).status == 201
    body = {"tenantId": "acme", "enabled": True}
    assert (await service.send("PATCH", f"{BASE_V2}/{created['id']}", body)).status == 200


async def test_defaults_by_the_switches(service: Service) -> None:
    """A configuration may need a type, and may be enabled when it does not say so."""
    acme = await vendor(service, "acme")
    await switch(service, sso_create_without_type="refuse", sso_enabled_at_first="yes")

    assert (await acme.send("POST", "", {"enabled": True})).status == 400
    assert (await acme.configuration(type="oidc"))["enabled"] is True
    assert (await acme.configuration(type="oidc", enabled=False))["enabled"] is False
    assert (await acme.send("POST", "/metadata", {"metadata": METADATA})).status == 201


async def test_the_tenant_header_where_the_body_names_the_tenant(service: Service) -> None:
    """It is refused, as on every route for environments alone."""
    acme = await vendor(service, "acme")
    made = (await service.send("POST", BASE_V2, {"tenantId": "acme"})).json

    for method, path in (("POST", ""), ("PATCH", f"/{made['id']}")):
        answer = await acme.send(method, path, {"tenantId": "acme"}, base=BASE_V2)
        assert answer.status == 403
        assert answer.json["errors"] == ["Tenant ID is defined - forbidden route for tenants"]
