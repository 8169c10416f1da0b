"""Security policies: each is set by whatever the route wants, and what is not given stays as it is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from frontegg_async import (
    AsyncFrontegg,
    Auth,
    DecodeError,
    Endpoint,
    FronteggError,
    InvalidArgumentError,
    NotFoundError,
    Options,
    Outcome,
    OutcomeUnknownError,
)
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.endpoints.security import GET_MFA, SET_MFA
from frontegg_async.models import MfaEnforcement, MfaPolicy, PasswordPolicy, RestrictionType
from frontegg_sync import Frontegg
from tests.support.clients import make_client
from tests.support.raw_server import Answer, RawRequest, http, raw_server

pytestmark = pytest.mark.anyio

LOCKOUT = "/identity/resources/configurations/v1/lockout-policy"


@pytest.fixture(params=["reset", "keep"])
def emulator(frontegg_emulator: EmulatorHandle, request: pytest.FixtureRequest) -> EmulatorHandle:
    """An environment with a tenant; a write resets what it does not have, or keeps it."""
    frontegg_emulator.set_switch("policies_partial_write", request.param)
    frontegg_emulator.seed(tenants=[{"tenantId": "acme", "name": "Acme"}])
    return frontegg_emulator


def _writes(emulator: EmulatorHandle) -> list[tuple[str, int | None]]:
    return [(entry.method, entry.status) for entry in emulator.journal() if entry.method != "GET"][1:]


@pytest.mark.usefixtures("emulator")
async def test_what_is_not_given_stays(frontegg_client: AsyncFrontegg) -> None:
    """Whatever the service does with a field that is not sent."""
    acme = frontegg_client.for_tenant("acme").security
    assert [await acme.mfa.get(), await acme.lockout.get(), await acme.sessions.get()] == [None, None, None]
    await acme.mfa.set(enforce="DontForce", device_expiration=60, all_applications=True)
    found = await acme.mfa.set(allow_remember_my_device=True, all_applications=True)
    assert isinstance(found, MfaPolicy)
    assert (found.enforce, found.device_expiration) == (MfaEnforcement.DONT_FORCE, 60)
    await acme.password.set(min_length=12)
    assert isinstance(password := await acme.password.set(block_pwned_passwords=True), PasswordPolicy)
    assert (password.min_length, password.block_pwned_passwords) == (12, True)
    for contradicting in (acme.password.set(min_length=129), acme.password.set(max_length=11)):
        with pytest.raises(InvalidArgumentError, match="of the policy fit no password"):
            await contradicting
    for first in ({"rotation_period_minutes": 90}, {"notification_period_minutes": timedelta(days=91)}):
        with pytest.raises(InvalidArgumentError, match="with its current or default values"):
            await acme.password_rotation.set(**first)
    assert await acme.password_rotation.get() is None
    rotation = await acme.password_rotation.set(rotation_period_minutes=1000, notification_period_minutes=1000)
    assert rotation.notification_period_minutes == 1000
    for too_often in (
        acme.password_rotation.set(rotation_period_minutes=999),
        acme.password_rotation.set(notification_period_minutes=1001),
    ):
        with pytest.raises(
            InvalidArgumentError, match="notification_period_minutes must be at most rotation_period_minutes"
        ):
            await too_often
    await acme.sessions.set(idle=600, max_sessions=3)
    sessions = await acme.sessions.set(idle=None, lifetime=3600)
    shown = [(each.enabled, number) for each, number in _limits(sessions)]
    assert shown == [(False, 600), (True, 3600), (True, 3)]
    await acme.email_domains.set_config(enabled=True, mode="allow")
    config = await acme.email_domains.set_config(block_public_domains=True)
    assert (config.enabled, config.mode, config.block_public_domains) == (True, RestrictionType.ALLOW, True)


def _limits(policy: Any) -> list[tuple[Any, Any]]:
    return [
        (policy.idle, policy.idle.timeout),
        (policy.lifetime, policy.lifetime.timeout),
        (policy.concurrent, policy.concurrent.max_sessions),
    ]


async def test_a_policy_is_created_where_there_is_none(
    emulator: EmulatorHandle, frontegg_client: AsyncFrontegg
) -> None:
    """By PATCH and then POST; a policy that another program created meanwhile is changed."""
    lockout = frontegg_client.security.lockout
    await lockout.set("acme", enabled=True, max_attempts=5)
    assert _writes(emulator) == [("PATCH", 404), ("POST", 201)]
    emulator.clear_journal()
    changed = await lockout.set("acme", max_attempts=7)
    assert (changed.enabled, changed.max_attempts) == (True, 7)
    with pytest.raises(NotFoundError, match="Tenant not found"):
        await lockout.set("nobody", enabled=True, max_attempts=5)
    with pytest.raises(InvalidArgumentError, match="enforce must be given, because the tenant has no such policy yet"):
        await frontegg_client.security.mfa.set("acme", device_expiration=60, all_applications=True)


async def test_another_program_was_faster() -> None:
    """A 409 of the creation means that there is a policy now, which is changed."""
    missing, taken = http(404, {"errors": ["none"]}), http(409, {"errors": ["exists"]})
    done = http(200, {"id": "p", "enabled": True, "maxAttempts": 5})
    async with raw_server(missing, taken, done) as server, make_client(server.url) as client:
        policy = await client.security.lockout.set("acme", enabled=True, max_attempts=5)
    assert (policy.id, [request.method for request in server.requests]) == ("p", ["PATCH", "POST", "PATCH"])


async def test_a_creation_that_is_not_sent_leaves_a_refused_call() -> None:
    """The change before it was sent, and refused."""

    def refuse(_: RawRequest) -> Answer:
        client.reset_auth()
        return http(404, {"errors": ["none"]})

    token = http(200, {"token": "t", "expiresIn": 3600})
    async with (
        raw_server(refuse, auth=[token, http(503)]) as server,
        make_client(server.url, options=Options(max_retries=0)) as client,
    ):
        with pytest.raises(FronteggError) as failed:
            await client.security.lockout.set("acme", enabled=True, max_attempts=5)
    assert [request.method for request in server.requests] == ["PATCH"]
    assert failed.value.outcome is Outcome.REFUSED


@pytest.mark.usefixtures("emulator")
async def test_the_environment_has_a_policy_of_its_own(frontegg_client: AsyncFrontegg) -> None:
    """The methods always name a tenant, and an operation that is sent without one is about all of them."""
    of_all = Endpoint(name="mfa.of_all", method="PUT", path=SET_MFA.path, auth=Auth.ENVIRONMENT, returns=MfaPolicy)
    await frontegg_client.send(of_all, body={"enforceMFAType": "Force"})
    assert await frontegg_client.security.mfa.get("acme") is None
    assert (await frontegg_client.send(GET_MFA)).value.enforce is MfaEnforcement.FORCE


async def test_what_the_service_does_not_keep_is_told(emulator: EmulatorHandle, frontegg_client: AsyncFrontegg) -> None:
    """A write that was accepted is read back."""
    emulator.set_switch("policies_kept", "no")
    with pytest.raises(OutcomeUnknownError, match="accepted the change, but a read does not show it"):
        await frontegg_client.security.sessions.set("acme", idle=600)
    with pytest.raises(OutcomeUnknownError, match="accepted the change"):
        await frontegg_client.security.password_rotation.set("acme", enabled=True)


async def test_an_address_that_is_not_allowed(emulator: EmulatorHandle, frontegg_client: AsyncFrontegg) -> None:
    """``False`` is a response of the service, and a response without one is an error."""
    restrictions = frontegg_client.for_tenant("acme").security.ip_restrictions
    await restrictions.create(ip="203.0.113.7", mode="allow")
    await restrictions.set_config(mode="allow", enabled=True)
    assert await restrictions.is_allowed() is False
    assert await restrictions.is_on_allow_list() is False
    emulator.set_switch("restrictions_verified", "nothing")
    for ask in (restrictions.is_allowed, restrictions.is_on_allow_list):
        with pytest.raises(DecodeError, match="does not say whether the address is valid"):
            await ask()


@pytest.mark.usefixtures("emulator")
async def test_addresses_and_domains(frontegg_client: AsyncFrontegg) -> None:
    """They are listed, replaced and deleted; an address that is added again is the same one."""
    security = frontegg_client.for_tenant("acme").security
    added = await security.ip_restrictions.create(ip="127.0.0.1", mode="allow", description="here")
    again = await security.ip_restrictions.create(ip="127.0.0.1", mode="allow", description="here")
    assert again.id == added.id
    await security.ip_restrictions.set_config(mode="allow", enabled=True)
    assert await security.ip_restrictions.is_allowed() is True
    assert await security.ip_restrictions.is_on_allow_list() is True
    assert await security.ip_restrictions.list(filter="here").count() == 1
    await security.ip_restrictions.delete(added.id)
    kept = await security.email_domains.create(domain="old.example", mode="block")
    replaced = await security.email_domains.replace(domains=["a.example", "b.example"], mode="block")
    assert await security.email_domains.list(page_size=1).all() == [*replaced]
    with pytest.raises(NotFoundError):
        await security.email_domains.delete(kept.id)


@pytest.mark.usefixtures("emulator")
async def test_many_addresses_are_added_at_once(frontegg_client: AsyncFrontegg) -> None:
    """Each that is there is changed; they are returned in their order, and one that does not show is told."""
    restrictions = frontegg_client.for_tenant("acme").security.ip_restrictions
    first = await restrictions.create(ip="10.0.0.1", mode="allow")
    added = await restrictions.create_many(ips=["::1", "10.0.0.1"], mode="block", description="x")
    assert [(each.ip, each.mode) for each in added] == [("::1", "BLOCK"), ("10.0.0.1", "BLOCK")]
    assert added[1].id == first.id
    empty = http(200, {"items": [], "_metadata": {"totalItems": 0, "totalPages": 0}})
    async with raw_server(http(201), empty) as server, make_client(server.url) as client:
        with pytest.raises(OutcomeUnknownError, match="create_many: the service accepted the change"):
            await client.security.ip_restrictions.create_many("acme", ips=["::1"], mode="block")


async def test_a_user_manages_its_own_tenant_only(emulator: EmulatorHandle, frontegg_client: AsyncFrontegg) -> None:
    """Policies, SCIM and audits of another tenant are neither shown nor changed."""
    emulator.seed(tenants=[{"tenantId": "other", "name": "Other"}])
    token = emulator.user_token(tenant_id="acme", permissions=["fe.secure.*"]).access_token
    user, other = frontegg_client.as_user(token), frontegg_client.for_tenant("other")
    theirs = await other.security.email_domains.create(domain="other.example", mode="block")
    hidden = await other.scim.create(source="okta")
    await other.audits.write(severity="High", action="Hid")
    await user.security.mfa.set(enforce="Force", all_applications=False)
    own = await user.scim.create(source="azure-ad")
    assert await other.security.mfa.get() is None
    assert [each.id for each in await user.scim.list().all()] == [own.id]
    assert await user.security.email_domains.list().all() == []
    assert await user.audits.list(filter="hid").all() == []
    assert (await user.audits.get_stats()).severe_this_week == 0
    for missing in (user.security.email_domains.delete(theirs.id), user.scim.delete(hidden.id)):
        with pytest.raises(NotFoundError):
            await missing
    assert not hasattr(user.audits, "write")


async def test_a_user_restricts_countries(emulator: EmulatorHandle, frontegg_client: AsyncFrontegg) -> None:
    """What the list means is completed from what there is; what the service does not keep is told."""
    countries = frontegg_client.as_user(emulator.user_token(tenant_id="acme").access_token).security.countries
    emulator.set_switch("user_permissions", "ignore")
    await countries.set(country_codes=["AT", "DE", "AT"])
    assert [each.country_code for each in await countries.set(country_codes=["DE"])] == ["DE"]
    assert [*await countries.set(country_codes=[])] == await countries.list().all() == []
    emulator.set_switch("countries_write", "add")
    await countries.set(country_codes=["FR"])
    assert len(await countries.set(country_codes=["IT"])) == 2
    await countries.set_config(enabled=True, mode="allow")
    config = await countries.set_config(fail_mode="block", send_email=True)
    assert config == await countries.get_config()
    assert (config.enabled, config.mode, config.fail_mode) == (True, RestrictionType.ALLOW, "BLOCK")
    for wrong in ("DE", 7, ["de"], [None]):
        with pytest.raises(InvalidArgumentError, match="country_codes"):
            await countries.set(country_codes=wrong)  # type: ignore[arg-type]  # refused
    emulator.set_switch("policies_kept", "no")
    with pytest.raises(OutcomeUnknownError, match="accepted the change, but a read does not show it"):
        await countries.set_config(enabled=False)


@pytest.mark.usefixtures("emulator")
def test_the_blocking_twin(frontegg_sync_client: Frontegg) -> None:
    """It has the same policies."""
    lockout = frontegg_sync_client.security.lockout
    assert lockout.get("acme") is None
    assert lockout.set("acme", enabled=True, max_attempts=3) == lockout.get("acme")


async def test_a_lost_token_of_scim_says_what_to_do(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg
) -> None:
    """The configuration may be there, and its token is gone."""
    frontegg_emulator.seed(tenants=[{"tenantId": "acme", "name": "Acme"}])
    new = await frontegg_client.scim.create("acme", source="okta")
    assert new.token.reveal() not in repr(new)
    assert await frontegg_client.for_tenant("acme").scim.list().all() == [
        await frontegg_client.scim.get("acme", new.id),
    ]
    path = "/directory/resources/v1/configurations/scim2"
    frontegg_emulator.add_fault(match={"method": "POST", "path": path}, stage="after_commit", action={"type": "reset"})
    with pytest.raises(OutcomeUnknownError, match="list the configurations, delete the new one and create another"):
        await frontegg_client.scim.create("acme", source="okta")
    assert len(await frontegg_client.scim.list().all()) == 2


@pytest.mark.parametrize(("theirs", "mine"), [("203.0.113.7", "203.0.113.7/32"), ("203.0.113.5/24", "203.0.113.6/24")])
async def test_another_form_of_an_address_is_another_restriction(theirs: str, mine: str) -> None:
    """The service may keep both: what is returned, and may be deleted by its id, is what was asked for."""
    rows = [{"id": text, "ip": text, "strategy": "ALLOW"} for text in (mine, theirs)]
    for items in (rows, rows[::-1]):
        page = http(200, {"items": items, "_metadata": {"totalItems": 2}})
        async with raw_server(http(201), page) as server, make_client(server.url) as client:
            ips = client.security.ip_restrictions
            assert (await ips.create("acme", ip=mine, mode="allow")).id == mine
            server.script[:] = [http(201), page]
            many = await ips.create_many("acme", ips=[theirs, mine], mode="allow")
            assert [each.id for each in many] == [theirs, mine]
