"""The rules about the domains and groups of SSO configurations, over HTTP."""

from __future__ import annotations

import re
from typing import Any, Final

import pytest

from tests.emulator.sso import BASE, BASE_V2, EVERYTHING, Caller, policy, switch, user, vendor
from tests.emulator.support import Response, Service

pytestmark = pytest.mark.anyio

_UUID: Final = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"


async def test_a_new_domain(service: Service) -> None:
    """It waits for its TXT record, and is in its configuration."""
    acme = await vendor(service, "acme")
    owner = (await acme.configuration())["id"]
    created = await acme.domain(owner, "Acme.example")

    assert re.fullmatch(rf"_saml-domain-challenge\.{_UUID}\.{_UUID}\.Acme\.example", created["txtRecord"])
    assert created == {
        "id": created["id"],
        "domain": "Acme.example",
        "validated": False,
        "txtRecord": created["txtRecord"],
        "ssoConfigId": owner,
    }
    assert (await acme.one(owner))["domains"] == [created]


@pytest.mark.parametrize("name", ["", "acme", "acme.", ".acme.example", "a b.example", "-a.example", "a@b.example", 7])
async def test_names_that_are_no_domains(service: Service, name: object) -> None:
    """They are 400; by the switch any text will do."""
    acme = await vendor(service, "acme")
    owner = (await acme.configuration())["id"]

    assert (await acme.send("POST", f"/{owner}/domains", {"domain": name})).status == 400
    await switch(service, sso_domain_syntax="any")
    status = (await acme.send("POST", f"/{owner}/domains", {"domain": name})).status
    assert status == (201 if isinstance(name, str) else 400)


@pytest.mark.parametrize("name", ["a.b", "xn--bcher-kva.example", "bücher.example", "a-b.c-d.example", "1.example"])
async def test_names_that_are_domains(service: Service, name: str) -> None:
    """Letters of any script, digits and hyphens within labels."""
    acme = await vendor(service, "acme")
    assert (await acme.domain((await acme.configuration())["id"], name))["domain"] == name


async def _taken(service: Service) -> tuple[Caller, str, Caller, str]:
    acme, other = await vendor(service, "acme"), await vendor(service, "other")
    first, second = (await acme.configuration())["id"], (await other.configuration())["id"]
    await acme.domain(first, "shared.example")
    return acme, first, other, second


async def _add(caller: Caller, owner: str, name: str = "SHARED.example") -> int:
    return (await caller.send("POST", f"/{owner}/domains", {"domain": name})).status


async def test_a_domain_is_in_one_configuration(service: Service) -> None:
    """A second one, of the same tenant or of another, is refused, also in other letters."""
    acme, first, other, second = await _taken(service)
    third = (await acme.configuration())["id"]

    assert [await _add(acme, first), await _add(acme, third), await _add(other, second)] == [409] * 3
    await switch(service, sso_duplicate_domain=400)
    assert await _add(other, second) == 400
    assert (await other.one(second))["domains"] == []


async def test_domains_may_be_shared(service: Service) -> None:
    """With bypassDomainCrossValidation, with several providers for a domain, or by the switch; never in one twice."""
    acme, first, other, second = await _taken(service)
    third, fourth = (await other.configuration())["id"], (await other.configuration())["id"]

    await policy(service, "bypassDomainCrossValidation")
    assert [await _add(other, second), await _add(acme, first)] == [201, 409]
    await policy(service)
    body = {"active": True, "useActiveTenant": False, "unspecifiedTenantStrategy": "BLOCK"}
    await service.send("PUT", f"{BASE}/multiple-sso-per-domain", body)
    assert [await _add(other, third), await _add(other, third)] == [201, 409]
    await service.send("PUT", f"{BASE}/multiple-sso-per-domain", {**body, "active": False})
    assert await _add(other, fourth) == 409
    await switch(service, sso_domain_elsewhere="accept")
    assert [await _add(other, fourth), await _add(other, fourth)] == [201, 409]


async def test_only_validated_domains_may_count(service: Service) -> None:
    """By the switch a domain is taken when it is validated."""
    acme, first, other, second = await _taken(service)
    await switch(service, sso_domain_elsewhere="refuse_validated")
    (domain,) = (await acme.one(first))["domains"]

    assert (await acme.send("PUT", f"/{first}/domains/{domain['id']}/validate", base=BASE_V2)).status == 200
    assert await _add(other, second) == 409
    await _force(service, "shared.example", "acme", validated=False)
    assert await _add(other, second) == 201


async def test_a_domain_is_deleted(service: Service) -> None:
    """The body is empty, the name is free again, a second time is 404, and so is it under another configuration."""
    acme, first, other, second = await _taken(service)
    (domain,) = (await acme.one(first))["domains"]
    third = (await acme.configuration())["id"]

    for caller, owner in ((acme, third), (other, first), (other, second)):
        assert (await caller.send("DELETE", f"/{owner}/domains/{domain['id']}")).status == 404
    deleted = await acme.send("DELETE", f"/{first}/domains/{domain['id']}")
    assert (deleted.status, deleted.raw) == (200, b"")
    assert (await acme.send("DELETE", f"/{first}/domains/{domain['id']}")).status == 404
    assert (await acme.one(first))["domains"] == []
    assert await _add(other, second) == 201


async def _domain(service: Service, name: str = "acme.example", **fields: Any) -> tuple[Caller, str, str]:
    acme = await vendor(service, "acme")
    created = await service.send("POST", BASE_V2, {"tenantId": "acme", **fields})
    owner = created.json["id"]
    return acme, owner, (await acme.domain(owner, name))["id"]


async def _is_validated(caller: Caller, owner: str) -> bool:
    (domain,) = (await caller.one(owner))["domains"]
    return bool(domain["validated"])


async def test_validation_by_the_txt_record(service: Service) -> None:
    """There is no DNS: it succeeds, and by the switch it fails, with an error or without a word."""
    acme, owner, domain_id = await _domain(service)
    path = f"/{owner}/domains/{domain_id}/validate"

    await switch(service, sso_domain_validation="refuse")
    assert (await acme.send("PUT", path, base=BASE_V2)).status == 400
    await switch(service, sso_domain_validation="unvalidated")
    assert (await acme.send("PUT", path, base=BASE_V2)).status == 200
    assert not await _is_validated(acme, owner)
    await switch(service, sso_domain_validation="succeed")
    for _ in range(2):
        validated = await acme.send("PUT", path, base=BASE_V2)
        assert (validated.status, validated.raw) == (200, b"")
        assert await _is_validated(acme, owner)


@pytest.mark.parametrize("form", ["host", "host_and_value"])
async def test_validation_by_what_is_published(service: Service, form: str) -> None:
    """The value must be at the host, in any letters, or both in one text at the domain; nothing else does."""
    await switch(service, sso_domain_validation="published", sso_txt_record=form)
    acme, owner, domain_id = await _domain(service)
    configuration = await acme.one(owner)
    value = configuration["generatedVerification"]
    host, _, told = configuration["domains"][0]["txtRecord"].partition("=")
    assert told == (value if form == "host_and_value" else "")

    async def is_found() -> bool:
        answered = await acme.send("PUT", f"/{owner}/domains/{domain_id}/validate", base=BASE_V2)
        assert (answered.status, await _is_validated(acme, owner)) in {(200, True), (400, False)}
        assert (await _force(service, "acme.example", "acme", validated=False)).status == 200
        return answered.status == 200

    publish = service.emulator.set_txt_records
    assert not await is_found()
    for name, values in ((host, ["x", value[:-1]]), (host, [f"{host}={value}"]), ("acme.example", [value]), (host, [])):
        await publish(name, values)
        assert not await is_found()
    for name, values in ((f"{host.upper()}.", ["other", value]), ("ACME.example", [f"{host}={value}"])):
        await publish(name, values)
        assert await is_found()
        await publish(name, [])
    assert not await is_found()


async def test_what_is_published_over_http(service: Service) -> None:
    """A verb of the admin API; what is no name or no texts is refused."""
    answered = await service.admin("POST", "txt-records", {"host": "a.example", "values": ["x"]})
    assert answered.status == 204
    for body in (
        {},
        {"host": "a"},
        {"host": "", "values": []},
        {"host": ".", "values": ["x"]},
        {"host": 1, "values": []},
    ):
        assert (await service.admin("POST", "txt-records", body)).status == 400
    snapshot = await service.emulator.snapshot()
    assert "a.example" in str(snapshot)
    with pytest.raises(ValueError, match="values must be a list of texts"):
        await service.emulator.set_txt_records("a.example", "x")


async def test_validation_by_email_of_a_user(service: Service) -> None:
    """The address must be at the domain, in any letters; below it does not do."""
    acme, owner, domain_id = await _domain(service)
    path = f"/{owner}/domains/{domain_id}/validate/email"

    for email in ("ann@other.example", "ann@sub.acme.example", "ann@acme.example.org"):
        assert (await (await user(service, "acme", EVERYTHING, email=email)).send("PUT", path)).status == 400
    assert not await _is_validated(acme, owner)
    ann = await user(service, "acme", EVERYTHING, email="ann@ACME.example")
    validated = await ann.send("PUT", path)
    assert (validated.status, validated.raw) == (200, b"")
    assert await _is_validated(acme, owner)


async def test_validation_by_email_of_an_environment(service: Service) -> None:
    """It has no address: it succeeds, and by the switch it is refused."""
    acme, owner, domain_id = await _domain(service)
    path = f"/{owner}/domains/{domain_id}/validate/email"

    await switch(service, sso_validation_by_vendor="refuse")
    assert (await acme.send("PUT", path)).status == 400
    await switch(service, sso_validation_by_vendor="succeed")
    assert (await acme.send("PUT", path)).status == 200
    assert await _is_validated(acme, owner)


async def _force(service: Service, name: str, tenant_id: str, *, validated: object = True) -> Response:
    body = {"validated": validated, "tenantId": tenant_id}
    return await service.send("PUT", f"{BASE}/domains/{name}/force-validate", body)


async def test_validation_by_force(service: Service) -> None:
    """It sets and takes back, in each configuration of the tenant, and in no other tenant's."""
    acme, owner, _ = await _domain(service)
    other = await vendor(service, "other")
    await policy(service, "bypassDomainCrossValidation")
    second, third = (await acme.configuration())["id"], (await other.configuration())["id"]
    await acme.domain(second, "acme.example")
    await other.domain(third, "acme.example")

    forced = await _force(service, "ACME.example", "acme")
    assert (forced.status, forced.raw) == (200, b"")
    assert [await _is_validated(acme, owner), await _is_validated(acme, second)] == [True, True]
    assert not await _is_validated(other, third)
    assert (await _force(service, "acme.example", "acme", validated=False)).status == 200
    assert not await _is_validated(acme, owner)
    assert (await _force(service, "no.example", "acme")).status == 404
    assert (await _force(service, "acme.example", "nobody")).status == 404
    assert (await _force(service, "acme.example", "acme", validated="yes")).status == 400


async def test_domains_that_are_validated_at_once(service: Service) -> None:
    """Where the environment skips verification; those that are there already stay as they are."""
    acme, owner, _ = await _domain(service)
    await policy(service, "skipDomainVerification")

    assert (await acme.domain(owner, "new.example"))["validated"] is True
    assert [each["validated"] for each in (await acme.one(owner))["domains"]].count(False) == 1


async def test_configurations_that_skip_validation(service: Service) -> None:
    """New domains of theirs are validated; by the switch they are not."""
    acme, owner, _ = await _domain(service, skipEmailDomainValidation=True)

    assert await _is_validated(acme, owner)
    await switch(service, sso_skip_email_domain="ignore")
    assert (await acme.domain(owner, "new.example"))["validated"] is False


async def test_users_who_add_their_own_domain(service: Service) -> None:
    """It is validated where the environment lets verified users do so; by the switch that means nothing."""
    acme = await vendor(service, "acme")
    owner = (await acme.configuration())["id"]
    ann = await user(service, "acme", EVERYTHING, email="ann@acme.example")

    async def add(caller: Caller, name: str) -> bool:
        created = await caller.domain(owner, name)
        await caller.send("DELETE", f"/{owner}/domains/{created['id']}")
        return bool(created["validated"])

    assert not await add(ann, "acme.example")
    await policy(service, "allowVerifiedUsersToAddDomains")
    assert await add(ann, "Acme.example")
    assert not await add(ann, "other.example")
    assert not await add(acme, "acme.example")
    await switch(service, sso_verified_users="ignore")
    assert not await add(ann, "acme.example")


async def test_groups(service: Service) -> None:
    """They are created, listed, changed and deleted; their roles are replaced as a whole."""
    acme = await vendor(service, "acme")
    owner = (await acme.configuration())["id"]
    path = f"/{owner}/groups"
    assert (await acme.send("GET", path)).json == []
    created = await acme.group(owner, "staff", "r2", "r1", "r2")

    expected = {"id": created["id"], "group": "staff", "enabled": True, "roleIds": ["r2", "r1"], "ssoConfigId": owner}
    assert created == expected
    assert (await acme.send("GET", path)).json == (await acme.one(owner))["groups"] == [expected]
    updated = await acme.send("PATCH", f"{path}/{created['id']}", {"group": "people", "roleIds": []})
    assert (updated.status, updated.json) == (200, {**expected, "group": "people", "roleIds": []})
    assert (await acme.send("GET", path)).json == [updated.json]
    deleted = await acme.send("DELETE", f"{path}/{created['id']}")
    assert (deleted.status, deleted.raw) == (200, b"")
    assert (await acme.send("GET", path)).json == []
    for method, body in (("PATCH", {"group": "g", "roleIds": []}), ("DELETE", None)):
        assert (await acme.send(method, f"{path}/{created['id']}", body)).status == 404


@pytest.mark.parametrize(
    "body",
    [{}, {"group": "g"}, {"roleIds": []}, {"group": "", "roleIds": []}, {"group": 1, "roleIds": []}]
    + [{"group": "g", "roleIds": roles} for roles in (None, "r1", [1], [None])],
)
async def test_wrong_groups(service: Service, body: dict[str, Any]) -> None:
    """Both operations need a name and roles."""
    acme = await vendor(service, "acme")
    owner = (await acme.configuration())["id"]
    created = await acme.group(owner, "staff")

    assert (await acme.send("POST", f"/{owner}/groups", body)).status == 400
    assert (await acme.send("PATCH", f"/{owner}/groups/{created['id']}", body)).status == 400
    assert (await acme.send("GET", f"/{owner}/groups")).json == [created]


async def test_groups_of_one_name(service: Service) -> None:
    """A configuration may have them; by the switch it may not."""
    acme = await vendor(service, "acme")
    owner, second = (await acme.configuration())["id"], (await acme.configuration())["id"]
    body = {"group": "staff", "roleIds": []}
    first = await acme.group(owner, "staff")
    await acme.group(owner, "staff")
    await switch(service, sso_duplicate_group="refuse")

    assert (await acme.send("POST", f"/{owner}/groups", body)).status == 400
    third = await acme.group(owner, "people")
    assert (await acme.send("PATCH", f"/{owner}/groups/{third['id']}", body)).status == 400
    assert (await acme.send("PATCH", f"/{owner}/groups/{third['id']}", {**body, "group": "people"})).status == 200
    assert (await acme.send("PATCH", f"/{second}/groups/{first['id']}", body)).status == 404
    await acme.group(second, "staff")
