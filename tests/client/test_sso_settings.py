"""The SSO of a whole environment, by both clients against the emulator."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import attrs
import pytest
from cryptography import x509

from frontegg_async import BadRequestError, InvalidArgumentError, JsonValue, NotFoundError
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.models import MultipleSsoSettings, OidcSettings, SsoDomainSettings, SsoType
from tests.support.flavours import FLAVOURS, Clients, clients_of, do

pytestmark = pytest.mark.anyio


@pytest.fixture(params=FLAVOURS)
async def clients(request: pytest.FixtureRequest, frontegg_emulator: EmulatorHandle) -> AsyncIterator[Clients]:
    """Both flavours, over a tenant `acme`."""
    frontegg_emulator.seed(tenants=[{"tenantId": "acme", "name": "Acme"}])
    async with clients_of(frontegg_emulator, request.param) as made:
        yield made


@pytest.fixture
def sso(clients: Clients) -> Any:
    """SSO, of either flavour."""
    return clients.manager.sso


async def test_how_domains_are_verified(sso: Any) -> None:
    """All three settings are set together."""
    assert isinstance(await do(sso.settings.get_domain_config), SsoDomainSettings)
    wanted: dict[str, Any] = {
        "allow_verified_users_to_add_domains": True,
        "skip_domain_verification": False,
        "bypass_domain_cross_validation": True,
    }
    assert await do(sso.settings.set_domain_config, **wanted) is None
    assert await do(sso.settings.get_domain_config) == SsoDomainSettings(**wanted)
    for name in wanted:
        with pytest.raises(InvalidArgumentError, match=f"^{name} must be True or False"):
            await do(sso.settings.set_domain_config, **{**wanted, name: None})


async def test_whether_several_tenants_may_have_a_domain(sso: Any) -> None:
    """All three settings are set together."""
    assert isinstance(await do(sso.settings.get_multiple_sso_config), MultipleSsoSettings)
    wanted: dict[str, Any] = {"enabled": True, "use_active_tenant": True, "unspecified_tenant_strategy": "BLOCK"}
    assert await do(sso.settings.set_multiple_sso_config, **wanted) is None
    assert await do(sso.settings.get_multiple_sso_config) == MultipleSsoSettings(**wanted)
    for name, value in (("enabled", 1), ("use_active_tenant", None), ("unspecified_tenant_strategy", "")):
        with pytest.raises(InvalidArgumentError, match=f"^{name} must"):
            await do(sso.settings.set_multiple_sso_config, **{**wanted, name: value})


async def test_the_oidc_settings(sso: Any) -> None:
    """The redirect need not be given."""
    assert isinstance(await do(sso.settings.get_oidc_config), OidcSettings)
    assert await do(sso.settings.set_oidc_config, enabled=True, redirect_uri="https://acme.example/back") is None
    assert await do(sso.settings.get_oidc_config) == OidcSettings(
        enabled=True, redirect_uri="https://acme.example/back"
    )
    await do(sso.settings.set_oidc_config, enabled=False)
    assert await do(sso.settings.get_oidc_config) == OidcSettings(enabled=False)
    with pytest.raises(InvalidArgumentError, match=r"^enabled must be True or False"):
        await do(sso.settings.set_oidc_config, enabled="yes")
    with pytest.raises(InvalidArgumentError, match=r"^redirect_uri must be an absolute URL"):
        await do(sso.settings.set_oidc_config, enabled=True, redirect_uri="back")


async def test_the_service_provider(sso: Any) -> None:
    """Its settings, and its certificate, which comes as text."""
    settings = await do(sso.settings.get_saml_config)
    assert settings.acs_url.startswith("http")
    assert settings.sp_entity_id
    certificate = x509.load_pem_x509_certificate((await do(sso.get_sp_certificate)).encode())
    assert certificate.serial_number == 1


async def test_settings_that_nobody_set(clients: Clients, sso: Any) -> None:
    """The service may response that there are none."""
    clients.emulator.set_switch("sso_unset_settings", "not_found")
    settings = sso.settings
    for get in (
        settings.get_domain_config,
        settings.get_multiple_sso_config,
        settings.get_saml_config,
        settings.get_oidc_config,
    ):
        with pytest.raises(NotFoundError):
            await do(get)
    with pytest.raises(NotFoundError):
        await do(sso.get_sp_certificate)


async def test_settings_that_the_service_refuses(clients: Clients, sso: Any) -> None:
    """It comes out as an error of ours."""
    refusal: dict[str, JsonValue] = {"type": "status", "status": 400, "body": {"errors": ["no"]}}
    clients.emulator.add_fault(match={"path": "/team/*"}, stage="before_commit", action=refusal)
    three = {
        "allow_verified_users_to_add_domains": True,
        "skip_domain_verification": True,
        "bypass_domain_cross_validation": True,
    }
    for method, fields in (
        (sso.settings.set_domain_config, three),
        (
            sso.settings.set_multiple_sso_config,
            {"enabled": True, "use_active_tenant": True, "unspecified_tenant_strategy": "BLOCK"},
        ),
        (sso.settings.set_oidc_config, {"enabled": True}),
    ):
        with pytest.raises(BadRequestError, match="no"):
            await do(method, **fields)


async def test_addresses_that_need_no_sso(clients: Clients, sso: Any) -> None:
    """They are added, listed and taken off; they do not show."""
    await do(sso.excluded_emails.add, "ann+root@acme.example")
    await do(sso.excluded_emails.add, "ann+root@acme.example")
    await do(sso.excluded_emails.add, "bob/x@acme.example")
    listed = await do(sso.excluded_emails.list().all)
    assert [each.email for each in listed] == ["ann+root@acme.example", "bob/x@acme.example"]
    assert "acme" not in repr(listed)
    await do(sso.excluded_emails.remove, "bob/x@acme.example")
    with pytest.raises(NotFoundError):
        await do(sso.excluded_emails.remove, "bob/x@acme.example")
    assert len(await do(sso.excluded_emails.list().all)) == 1
    for verb in ("add", "remove"):
        with pytest.raises(InvalidArgumentError, match=r"^email must be an e-mail address"):
            await do(getattr(sso.excluded_emails, verb), "ann")
    refusal: dict[str, JsonValue] = {"type": "status", "status": 400, "body": {"errors": ["no"]}}
    clients.emulator.add_fault(match={"method": "POST"}, stage="before_commit", action=refusal)
    with pytest.raises(BadRequestError):
        await do(sso.excluded_emails.add, "eve@acme.example")


async def test_a_domain_is_validated_by_force(sso: Any) -> None:
    """By its name and its tenant; and back."""
    owner = await do(sso.create, "acme", type=SsoType.SAML)
    domain = await do(sso.domains.create, "acme", owner.id, domain="acme.example")
    assert await do(sso.domains.set_validated, "acme", "acme.example") is None
    assert (await do(sso.get, "acme", owner.id)).domains == (attrs.evolve(domain, validated=True),)
    await do(sso.domains.set_validated, "acme", "acme.example", validated=False)
    assert (await do(sso.get, "acme", owner.id)).domains == (domain,)
    for tenant_id, name in (("acme", "other.example"), ("nobody", "acme.example")):
        with pytest.raises(NotFoundError):
            await do(sso.domains.set_validated, tenant_id, name)
    with pytest.raises(InvalidArgumentError, match=r"^domain must be only the name of a domain"):
        await do(sso.domains.set_validated, "acme", "../acme.example")
    with pytest.raises(InvalidArgumentError, match=r"^tenant_id must not be empty"):
        await do(sso.domains.set_validated, "", "acme.example")
    with pytest.raises(InvalidArgumentError, match=r"^validated must be True or False"):
        await do(sso.domains.set_validated, "acme", "acme.example", validated="yes")
