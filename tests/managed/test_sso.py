"""SSO configurations of accounts: each field is written, read again and changed, and nothing else changes."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from traceback import format_exception
from typing import Any, Final

import pytest

from frontegg_async import AsyncFrontegg
from frontegg_async._values.json_values import JsonValue
from frontegg_async.bulk import BulkReport
from frontegg_async.bulk.expectations import is_done
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.errors import BadRequestError, InvalidArgumentError, NotFoundError
from frontegg_async.managed.fields import Shape
from frontegg_async.managed.kinds import ManagedObject
from frontegg_async.managed.sso import Sso
from frontegg_async.managed.values import ObjectChanges, flattened, shown_at
from tests.bulk.guarded_rows import SEED, apply, states
from tests.managed.account_rows import ACCOUNT, OTHER, caller_of, flat, object_row, update, writes
from tests.support.certificates import der_of, in_base64, make_certificate, make_private_key

pytestmark = pytest.mark.anyio

KIND: Final = Sso()
Flat = dict[str, JsonValue]

SECRET: Final = "canary-of-a-secret"
SECRETS: Final = {name for name, field in KIND.fields.items() if field.shape is Shape.SECRET}
CERTIFICATE: Final = in_base64(make_certificate())

CREATED: Final[Flat] = {
    "enabled": False,
    "sso_endpoint": "https://idp.example.com/sso",
    "public_certificate": CERTIFICATE,
    "sign_request": True,
    "acs_url": "https://app.example.com/acs",
    "sp_entity_id": "https://app.example.com",
    "oidc_client_id": "desk",
    "oidc_secret": SECRET,
    "override_active_tenant": True,
    "sub_account_access_limit": 3,
    "idp_client_id": "reader",
    "idp_client_secret": SECRET,
    "skip_email_domain_validation": False,
    "config_metadata.team": "A",
    "config_metadata.a.b": {"c": [1, None]},
}
CHANGED: Final[Flat] = {
    "enabled": True,
    "sso_endpoint": "https://Idp.example.com/Sign-in/",
    "public_certificate": in_base64(make_certificate() * 2),
    "sign_request": False,
    "acs_url": "https://app.example.com/callback",
    "sp_entity_id": "urn:app",
    "oidc_client_id": "till",
    "oidc_secret": "another",
    "override_active_tenant": False,
    "sub_account_access_limit": 0,
    "idp_client_id": "writer",
    "idp_client_secret": "another",
    "skip_email_domain_validation": True,
    "config_metadata.team": None,
    "config_metadata.new": {"team": "B"},
    "domains.acme.example": True,
    "default_roles.viewer": True,
    "groups.Sales. & more": ["editor", "viewer"],
}


@pytest.fixture
async def client(frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg) -> AsyncFrontegg:
    """Return a client of an environment with accounts and roles."""
    frontegg_emulator.seed(tenants=SEED)
    for key in ("viewer", "editor"):
        await frontegg_client.roles.create(key=key, name=key, level=5)
    await frontegg_client.for_tenant(ACCOUNT).roles.create(key="own", name="Own", level=5)
    return frontegg_client


async def find(client: AsyncFrontegg, key: str = "saml") -> ManagedObject:
    return (await KIND.read(caller_of(client))).found[key]


async def create(client: AsyncFrontegg, values: Flat, key: str = "saml") -> ManagedObject:
    await KIND.create(caller_of(client), key, ObjectChanges(KIND.fields, values), send_email=False)
    return await find(client, key)


async def change(client: AsyncFrontegg, values: Flat, key: str = "saml") -> Flat:
    """Change a configuration, and return its values by flat names."""
    await update(client, KIND, key, values, (await find(client, key)).id)
    return await flat(client, KIND, key)


def ledgers(directory: Path) -> list[Path]:
    return [*directory.iterdir()]


def shown(found: ManagedObject, values: Flat) -> Flat:
    return {name: shown_at(KIND.fields, found.values, name) for name in values if name not in SECRETS}


def without_secrets(values: Flat) -> Flat:
    return {name: value for name, value in values.items() if name not in SECRETS}


def test_each_field_is_written() -> None:
    """All but those of later writes by a creation, and all by a change."""
    created = {name.partition(".")[0] for name in CREATED}
    assert created == {name for name, field in KIND.fields.items() if not field.is_later}
    assert {name.partition(".")[0] for name in CHANGED} == {*KIND.fields}


@pytest.mark.parametrize("key", KIND.keys)
async def test_a_creation(frontegg_emulator: EmulatorHandle, client: AsyncFrontegg, key: str) -> None:
    """It takes one request that writes, and its values have no secret."""
    frontegg_emulator.clear_journal()

    created = await create(client, CREATED, key)

    assert writes(frontegg_emulator) == ["sso.create"]
    assert flattened(KIND.fields, created.values) == without_secrets(CREATED)
    assert (created.key, created.secrets, created.reason_to_stay, created.is_active) == (key, SECRETS, None, False)
    assert SECRET not in repr(created) + json.dumps({**created.values, **created.read_only})
    assert (await KIND.read(caller_of(client, OTHER))).found == {}


async def test_a_creation_without_fields(client: AsyncFrontegg) -> None:
    """The values that the service adds are none of the file's; a field that null clears is null or has one."""
    created = await create(client, {})
    assert created.secrets == frozenset()
    names = {name for name, field in KIND.fields.items() if field.is_nullable}
    assert names <= created.values.keys()
    assert None not in {value for name, value in created.values.items() if name not in names and value is None}


@pytest.mark.parametrize("name", CHANGED)
async def test_a_change_of_a_field(client: AsyncFrontegg, name: str) -> None:
    """All others are as before, and the opposite change restores it."""
    before = await create(client, CREATED)

    after = await change(client, {name: CHANGED[name]})

    found = await find(client)
    assert is_done(shown(found, {name: None}), without_secrets({name: CHANGED[name]}))
    rest = dict.fromkeys((after.keys() | flattened(KIND.fields, before.values).keys()) - {name})
    assert shown(found, rest) == shown(before, rest)
    if name not in SECRETS and not KIND.fields[name.partition(".")[0]].keeps_members:
        assert await change(client, shown(before, {name: None})) == flattened(KIND.fields, before.values)
    own = (await client.sso.list(ACCOUNT).all())[0]
    secret = {"oidc_secret": own.oidc_secret, "idp_client_secret": own.idp_client_secret}
    for each in SECRETS:
        kept = secret[each]
        assert kept is not None
        assert kept.reveal() == (CHANGED if each == name else CREATED)[each]


@pytest.mark.parametrize("name", [name for name, field in KIND.fields.items() if field.is_nullable])
async def test_null_clears(client: AsyncFrontegg, name: str) -> None:
    await create(client, CREATED)
    assert await change(client, {name: None}) == {**without_secrets(CREATED), name: None}


async def test_domains(frontegg_emulator: EmulatorHandle, client: AsyncFrontegg) -> None:
    """They are added once each, in lower case; none is removed; those whose owner was verified are told."""
    await create(client, {})
    await change(client, {"domains.b.example": True})
    created = await find(client)
    own = (await client.sso.list(ACCOUNT).all())[0]
    await client.sso.domains.validate(ACCOUNT, created.id, own.domains[0].id)
    await client.sso.domains.create(ACCOUNT, created.id, domain="C.Example")
    frontegg_emulator.clear_journal()

    await change(client, {"domains.a.example": True, "domains.b.example": True, "domains.c.example": True})

    found = await find(client)
    assert writes(frontegg_emulator) == ["sso.domains.create"]
    assert found.values["domains"] == ["a.example", "b.example", "c.example"]
    assert found.read_only == {"validated_domains": ["b.example"]}
    with pytest.raises(InvalidArgumentError, match="never removed"):
        await change(client, {"domains.a.example": False, "enabled": True})
    assert (await find(client)).values == found.values
    assert KIND.fields["domains"].canonical(["B.Example", "a.example", "b.example"]) == ["a.example", "b.example"]


async def test_default_roles(client: AsyncFrontegg) -> None:
    """Some are added and others removed; those that nobody names stay, also if nobody has them any more."""
    created = await create(client, {})
    gone = await client.roles.create(key="gone", name="Gone", level=5)
    await change(client, {"default_roles.viewer": True, "default_roles.gone": True})
    await client.roles.delete(gone.id)

    after = await change(
        client, {"default_roles.editor": True, "default_roles.own": True, "default_roles.viewer": False}
    )

    assert {name for name in after if name.startswith("default")} == {"default_roles.editor", "default_roles.own"}
    assert gone.id in await client.sso.default_roles.get(ACCOUNT, created.id)


async def test_groups(frontegg_emulator: EmulatorHandle, client: AsyncFrontegg) -> None:
    """One is added, one is changed and one removed; others stay, and nothing is written for what is there already."""
    created = await create(client, {})
    await change(client, {"groups.a": ["viewer"], "groups.b": ["viewer"], "groups.c": [], "groups.d": ["own"]})
    ids = {each.group: each.id for each in await client.sso.groups.list(ACCOUNT, created.id).all()}
    frontegg_emulator.clear_journal()

    await change(client, {"groups.a": ["editor", "own"], "groups.b": None, "groups.d": ["own"], "groups.e": ["viewer"]})

    assert (await find(client)).values["groups"] == {"a": ["editor", "own"], "c": [], "d": ["own"], "e": ["viewer"]}
    assert writes(frontegg_emulator) == ["sso.groups.update", "sso.groups.delete", "sso.groups.create"]
    now = {each.group: each.id for each in await client.sso.groups.list(ACCOUNT, created.id).all()}
    assert now.items() & ids.items() == {(name, ids[name]) for name in "acd"}
    assert KIND.fields["groups"].canonical({"x": ["b", "a", "b"], "y": None}) == {"x": ["a", "b"], "y": None}


async def test_two_groups_of_a_name(client: AsyncFrontegg) -> None:
    """They are shown as one, and a change of them writes nothing."""
    created = await create(client, {})
    for keys in (["viewer"], ["editor"]):
        await client.sso.groups.create(ACCOUNT, created.id, group="a", role_keys=keys)
    assert (await find(client)).values["groups"] == {"a": ["editor", "viewer"]}
    with pytest.raises(InvalidArgumentError, match=r"several groups .* have the name 'a'"):
        await change(client, {"groups.a": ["own"], "enabled": True, "domains.a.example": True})
    assert (await find(client)).values["enabled"] is False


@pytest.mark.parametrize("name", ["default_roles.edtor", "groups.Sales"])
async def test_an_unknown_role(frontegg_emulator: EmulatorHandle, client: AsyncFrontegg, name: str) -> None:
    """Nothing is written, not even the other fields."""
    await create(client, {})
    frontegg_emulator.clear_journal()
    with pytest.raises(NotFoundError, match="there is no role 'edtor'; did you mean 'editor'"):
        await change(client, {"enabled": True, name: ["edtor"] if name.startswith("groups") else True})
    assert writes(frontegg_emulator) == []


async def test_two_configurations_of_a_type(client: AsyncFrontegg) -> None:
    """They are listed by their ids, and are not managed; the other type is."""
    ids = [(await client.sso.create(ACCOUNT, type="saml")).id for _ in range(2)]
    await create(client, {"oidc_client_id": "desk"}, "oidc")
    found = await KIND.read(caller_of(client))
    assert ([*found.found], found.repeated) == (["oidc"], {"saml": tuple(sorted(ids))})


async def test_metadata_that_are_no_object(frontegg_emulator: EmulatorHandle, client: AsyncFrontegg) -> None:
    """No plan writes the configuration, which has none to show."""
    assert (await create(client, {})).reason_to_stay is None
    seed: Any = frontegg_emulator.export_seed()
    seed["tables"]["ssoConfigurations"][0]["configMetadata"] = ["a"]
    frontegg_emulator.import_seed(seed)
    found = await find(client)
    assert (found.reason_to_stay, found.values["config_metadata"]) == ("its config_metadata is no JSON object", {})


async def test_null_in_metadata_of_others(client: AsyncFrontegg) -> None:
    """A change of another key keeps it."""
    created = await create(client, {})
    await client.sso.update(ACCOUNT, created.id, config_metadata={"a": None, "b": 1})
    await change(client, {"config_metadata.b": 2})
    assert (await find(client)).values["config_metadata"] == {"a": None, "b": 2}


FORMS: Final = {
    "PEM": make_certificate(),
    "PEM in other lines": make_certificate().replace("\n", "\r\n") + "\n",
    "base64": CERTIFICATE,
    "base64 in lines": "\n".join(CERTIFICATE[at : at + 76] for at in range(0, len(CERTIFICATE), 76)),
    "text around PEM": f"subject=idp.example.com\n{make_certificate()}",
}


@pytest.mark.parametrize("form", FORMS)
async def test_forms_of_a_certificate(client: AsyncFrontegg, form: str) -> None:
    """They all are the same certificate, whichever the file and the service have."""
    field = KIND.fields["public_certificate"]
    assert [*field.problems(FORMS[form])] == []
    assert field.canonical(FORMS[form]) == CERTIFICATE
    created = await create(client, {})
    await client.sso.update(ACCOUNT, created.id, public_certificate=FORMS[form])
    assert (await find(client)).values["public_certificate"] == CERTIFICATE


def test_a_certificate_of_a_service_that_keeps_der() -> None:
    field = KIND.fields["public_certificate"]
    assert field.canonical(der_of(make_certificate())) == CERTIFICATE
    assert field.canonical("none") == "none"


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("enabled", None, "enabled must not be null"),
        ("sso_endpoint", "idp.example.com", "sso_endpoint must be "),
        ("public_certificate", make_private_key(), "public_certificate must be a certificate"),
        ("public_certificate", base64.b64encode(b"none").decode(), "public_certificate must be a certificate"),
        ("sub_account_access_limit", 1.5, "sub_account_access_limit must be a whole number"),
        ("oidc_secret", SECRET, "oidc_secret must be {secret: "),
        ("oidc_secret", None, "oidc_secret must not be null"),
        ("domains", ["https://acme.example"], "domains must be only the name of a domain"),
        ("domains", None, "domains must not be null"),
        ("groups", {"a": "viewer"}, "groups must have a list of keys of roles for each group"),
        ("groups", {"a": [1]}, "groups must have a list of keys of roles for each group"),
    ],
)
def test_values_that_a_configuration_cannot_have(name: str, value: object, problem: str) -> None:
    """The message has no part of a secret."""
    [(_, message)] = KIND.fields[name].problems(value)
    assert message.startswith(problem)
    assert SECRET not in message
    assert "PRIVATE KEY" not in message


def test_changes_do_not_show_secrets() -> None:
    assert SECRET not in repr(ObjectChanges(KIND.fields, CREATED))


def test_keys() -> None:
    assert KIND.key_problem("saml") is None
    assert KIND.key_problem("ldap") == "the keys in sso are saml, oidc"
    assert [*KIND.fields["groups"].problems({"a": None})] == []


async def test_rows(
    frontegg_emulator: EmulatorHandle, client: AsyncFrontegg, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A creation and the later write, which finds the id, are done once; what others changed is stale."""
    monkeypatch.setenv("OIDC_SECRET", SECRET)
    created: Flat = {"oidc_client_id": "desk", "oidc_secret": {"secret": "env:OIDC_SECRET"}, "enabled": True}
    later: Flat = {"domains.acme.example": True, "default_roles.viewer": True, "groups.Sales": ["editor"]}
    rows = [
        object_row(KIND, "create_object", "oidc", None, values=created),
        object_row(
            KIND,
            "update_object",
            "oidc",
            {"domains.acme.example": False, "default_roles.viewer": False, "groups.Sales": None},
            generation=1,
            values=later,
        ),
    ]

    async def run(ledger: str) -> BulkReport:
        frontegg_emulator.clear_journal()
        return await apply(client, rows, str(tmp_path / ledger))

    report = await run("first")
    assert states(report) == ["done", "done"]
    own = (await client.sso.list(ACCOUNT).all())[0]
    assert own.oidc_secret is not None
    assert own.oidc_secret.reveal() == SECRET
    assert later.items() <= (await flat(client, KIND, "oidc")).items()
    assert sorted(writes(frontegg_emulator)) == [
        "sso.create",
        "sso.default_roles.set",
        "sso.domains.create",
        "sso.groups.create",
    ]
    assert states(await run("second")) == ["done", "done"]
    assert writes(frontegg_emulator) == []

    await client.sso.update(ACCOUNT, own.id, enabled=False)
    await client.sso.default_roles.set(ACCOUNT, own.id, role_keys=["own"])
    await client.sso.groups.update(ACCOUNT, own.id, own.groups[0].id, group="Sales", role_keys=["viewer"])
    report = await run("third")
    assert states(report) == ["stale", "stale"]
    assert writes(frontegg_emulator) == []
    assert not [path for path in ledgers(tmp_path) if SECRET.encode() in path.read_bytes()]
    assert SECRET not in "".join(str(each.message) + repr(each) for each in report.rows())


AFTER: Final[Flat] = {"enabled": True, "domains.a.example": True, "default_roles.own": True, "groups.a": ["own"]}
REQUESTS: Final = ("PATCH ", "POST /domains", "PUT /roles", "POST /groups")
"""The requests that a change to these values takes, below the configuration."""


def match_of(request_line: str, object_id: str) -> dict[str, object]:
    method, _, path = request_line.partition(" ")
    return {"path": f"/team/resources/sso/*/configurations/{object_id}{path}", "method": method, "times": 1}


@pytest.mark.slow
@pytest.mark.parametrize("request_line", REQUESTS)
@pytest.mark.parametrize("stage", ["before_commit", "after_commit"])
async def test_a_row_whose_request_is_lost(
    frontegg_emulator: EmulatorHandle, client: AsyncFrontegg, tmp_path: Path, request_line: str, stage: str
) -> None:
    """A request of the row that is lost, before or after the change, is no reason to write something twice."""
    created = await create(client, {})
    rows = [object_row(KIND, "update_object", "saml", {**shown(created, AFTER)}, id=created.id, values=AFTER)]
    match = match_of(request_line, created.id)
    frontegg_emulator.add_fault(stage=stage, action={"type": "close"}, match=match)

    report = await apply(client, rows, str(tmp_path / "l"))

    assert states(report) == ["done"]
    assert frontegg_emulator.faults()[0]["fired"] == 1
    assert AFTER.items() <= (await flat(client, KIND, "saml")).items()
    own = (await client.sso.list(ACCOUNT).all())[0]
    assert (len(own.domains), len(own.groups)) == (1, 1)


@pytest.mark.parametrize("request_line", REQUESTS)
async def test_a_change_that_failed_in_between(
    frontegg_emulator: EmulatorHandle, client: AsyncFrontegg, request_line: str
) -> None:
    """The same change writes what is left, and nothing twice."""
    created = await create(client, {})
    match = match_of(request_line, created.id)
    refusal = {"type": "status", "status": 400, "body": {"errors": ["not now"]}}
    frontegg_emulator.add_fault(stage="before_commit", action=refusal, match=match)
    with pytest.raises(BadRequestError):
        await change(client, AFTER)

    await change(client, AFTER)

    assert AFTER.items() <= (await flat(client, KIND, "saml")).items()
    own = (await client.sso.list(ACCOUNT).all())[0]
    assert (len(own.domains), len(own.groups)) == (1, 1)


async def test_a_secret_that_the_service_refuses(frontegg_emulator: EmulatorHandle, client: AsyncFrontegg) -> None:
    """The error does not have it."""
    created = await create(client, {})
    refusal = {"type": "status", "status": 400, "body": {"errors": ["the secret is too short"]}}
    frontegg_emulator.add_fault(stage="before_commit", action=refusal, match={"method": "PATCH"})
    with pytest.raises(BadRequestError) as caught:
        await update(client, KIND, "saml", {"oidc_secret": SECRET}, created.id)
    assert SECRET not in "".join(format_exception(caught.value)) + repr(caught.value) + repr(vars(caught.value))
