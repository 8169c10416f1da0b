"""The rules of the SSO settings of an environment, over HTTP."""

from __future__ import annotations

from typing import Any, Final

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from frontegg_async.emulator.services.sso.saml import read_metadata
from tests.emulator.sso import BASE, EVERYTHING, OIDC, SAML, Caller, switch, user, vendor
from tests.emulator.support import Service

pytestmark = pytest.mark.anyio

SETTINGS: Final = (
    (
        f"{BASE}/domains",
        "PUT",
        200,
        {
            "allowVerifiedUsersToAddDomains": False,
            "skipDomainVerification": False,
            "bypassDomainCrossValidation": False,
        },
        {"allowVerifiedUsersToAddDomains": True, "skipDomainVerification": True, "bypassDomainCrossValidation": True},
    ),
    (
        f"{BASE}/multiple-sso-per-domain",
        "PUT",
        200,
        {"active": False, "useActiveTenant": False, "unspecifiedTenantStrategy": "BLOCK"},
        {"active": True, "useActiveTenant": True, "unspecifiedTenantStrategy": "LAST"},
    ),
    (OIDC, "POST", 201, {"active": False, "redirectUri": None}, {"active": True, "redirectUri": "https://a.example"}),
)


@pytest.mark.parametrize(("path", "method", "read", "first", "then"), SETTINGS)
async def test_settings(  # noqa: PLR0917 - a row of the table
    service: Service, path: str, method: str, read: int, first: dict[str, Any], then: dict[str, Any]
) -> None:
    """They have defaults until they are set; the status of the read of OIDC is the documented one."""
    before = await service.send("GET", path)
    assert (before.status, before.json) == (read, first)
    for value in (then, first):
        stored = await service.send(method, path, value)
        assert (stored.status, stored.raw) == (201, b"")
        assert (await service.send("GET", path)).json == value
    for name in then.keys() - {"redirectUri"}:
        without = {key: value for key, value in then.items() if key != name}
        assert (await service.send(method, path, without)).status == 400
        assert (await service.send(method, path, {**then, name: None})).status == 400
    assert (await service.send("GET", path)).json == first


async def test_a_redirect_uri_may_be_left_out(service: Service) -> None:
    """Then there is none."""
    await service.send("POST", OIDC, {"active": True, "redirectUri": "https://a.example"})
    await service.send("POST", OIDC, {"active": True})
    assert (await service.send("GET", OIDC)).json == {"active": True, "redirectUri": None}


async def test_settings_that_nobody_has_set(service: Service) -> None:
    """By the switch they are 404 until they are set."""
    await switch(service, sso_unset_settings="not_found")
    for path, method, read, _, then in SETTINGS:
        assert (await service.send("GET", path)).status == 404
        assert (await service.send(method, path, then)).status == 201
        assert (await service.send("GET", path)).status == read
    for verb in ("vendor-config", "sp-certificate"):
        assert (await service.send("GET", f"{SAML}/{verb}")).status == 404


@pytest.mark.parametrize("verb", ["vendor-config", "sp-certificate"])
async def test_the_tenant_header_is_tolerated(service: Service, verb: str) -> None:
    """By the switch it is refused."""
    headers = {"frontegg-tenant-id": "acme"}
    assert (await service.send("GET", f"{SAML}/{verb}", headers=headers)).status == 200
    await switch(service, sso_tenant_header="refuse")
    assert (await service.send("GET", f"{SAML}/{verb}", headers=headers)).status == 403


async def test_the_service_provider(service: Service) -> None:
    """Settings, certificate and metadata agree, and the certificate is of the key that signs."""
    acme = await vendor(service, "acme")
    settings = (await service.send("GET", f"{SAML}/vendor-config")).json
    url = service.emulator.url
    assert settings == {"acsUrl": f"{url}/auth/saml/callback", "spEntityId": f"{url}/auth/saml/metadata"}
    answer = await service.send("GET", f"{SAML}/sp-certificate")
    assert answer.headers["Content-Type"] == "application/x-pem-file"
    certificate = x509.load_pem_x509_certificate(answer.raw)
    key = certificate.public_key()
    assert isinstance(key, RSAPublicKey)
    assert certificate.signature_hash_algorithm is not None
    key.verify(
        certificate.signature, certificate.tbs_certificate_bytes, PKCS1v15(), certificate.signature_hash_algorithm
    )
    metadata = await acme.send("GET", "/sp-metadata", base=SAML)
    assert metadata.headers["Content-Type"] == "application/xml; charset=utf-8"
    text = metadata.raw.decode()
    assert read_metadata(text).entity_id == settings["spEntityId"]
    assert settings["acsUrl"] in text
    assert "".join(answer.raw.decode().split("-----")[2].split()) in text


async def test_who_reads_the_metadata(service: Service) -> None:
    """A tenant that lives, and its users who may."""
    acme = await vendor(service, "acme")
    assert (await (await user(service, "acme", EVERYTHING)).send("GET", "/sp-metadata", base=SAML)).status == 200
    assert (await (await user(service, "acme")).send("GET", "/sp-metadata", base=SAML)).status == 403
    assert (await Caller(service, "nobody").send("GET", "/sp-metadata", base=SAML)).status == 404
    refused = await service.send("GET", f"{SAML}/sp-metadata")
    assert (refused.status, refused.json["errors"]) == (403, ["Tenant ID is not specified"])
    assert (await acme.send("GET", "/sp-metadata", base=SAML)).raw == (
        await acme.send("GET", "/sp-metadata", base=SAML)
    ).raw


async def test_excluded_emails(service: Service) -> None:
    """The list has each address once, whatever its letters, and an address is taken off in any letters."""
    path = f"{BASE}/excluded-emails"
    assert (await service.send("GET", path)).json == []
    for email in ("Bob@acme.example", "ann+sso@acme.example", "bob@ACME.example"):
        added = await service.send("POST", path, {"email": email})
        assert (added.status, added.raw) == (201, b"")
    assert (await service.send("GET", path)).json == [
        {"email": "ann+sso@acme.example"},
        {"email": "Bob@acme.example"},
    ]
    deleted = await service.send("DELETE", f"{path}/BOB%40acme.example")
    assert (deleted.status, deleted.raw) == (200, b"")
    assert (await service.send("DELETE", f"{path}/bob%40acme.example")).status == 404
    assert (await service.send("GET", path)).json == [{"email": "ann+sso@acme.example"}]
    await switch(service, sso_unknown_email=200)
    assert (await service.send("DELETE", f"{path}/bob%40acme.example")).status == 200


@pytest.mark.parametrize("email", ["", "bob", "bob@", "@acme.example", "a b@acme.example", "a@b@c", 7, None])
async def test_what_is_no_email(service: Service, email: object) -> None:
    """It is 400."""
    assert (await service.send("POST", f"{BASE}/excluded-emails", {"email": email})).status == 400
    assert (await service.send("POST", f"{BASE}/excluded-emails", {})).status == 400
    assert (await service.send("GET", f"{BASE}/excluded-emails")).json == []
