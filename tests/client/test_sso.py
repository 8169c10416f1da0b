"""The SSO of one tenant against the emulator, by both clients and all three credentials."""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterator
from typing import Any, Final

import attrs
import pytest

from frontegg_async import (
    AsyncPages,
    BadRequestError,
    ConflictError,
    InvalidArgumentError,
    JsonValue,
    NotFoundError,
    PermissionDeniedError,
    Secret,
)
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.models import SsoConfiguration, SsoType
from frontegg_sync import Pages
from tests.support.certificates import der_of, in_base64, make_certificate, make_metadata, make_private_key
from tests.support.flavours import Clients, clients_of, do

pytestmark = pytest.mark.anyio

ENDPOINT: Final = "https://idp.example.com/sso"
READ: Final = "fe.secure.read.samlConfiguration"
WRITE: Final = "fe.secure.write.samlConfiguration"
DELETE: Final = "fe.secure.delete.samlConfiguration"
READ_ROLES: Final = "fe.secure.read.samlDefaultRoles"
WRITE_ROLES: Final = "fe.secure.write.samlDefaultRoles"


@pytest.fixture
def emulator(frontegg_emulator: EmulatorHandle) -> EmulatorHandle:
    """An environment with a tenant `acme` and another one."""
    frontegg_emulator.seed(tenants=[{"tenantId": "acme", "name": "Acme"}, {"tenantId": "other", "name": "Other"}])
    return frontegg_emulator


@pytest.fixture
async def clients(emulator: EmulatorHandle) -> AsyncIterator[Clients]:
    """Clients that are awaited."""
    async with clients_of(emulator, "async") as made:
        yield made


@attrs.frozen
class Way:
    """A way to the SSO of one tenant, and what its methods have to be given first."""

    clients: Clients
    sso: Any
    first: tuple[str, ...] = ()
    is_user: bool = False

    async def do(self, path: str, *arguments: Any, **options: Any) -> Any:
        """Call a method by its path below ``sso``."""
        method = self.sso
        for name in path.split("."):
            method = getattr(method, name)
        value = await do(method, *self.first, *arguments, **options)
        return await do(value.all) if isinstance(value, AsyncPages | Pages) else value

    async def make(self, **fields: Any) -> SsoConfiguration:
        """Create a SAML configuration."""
        made = await self.do("create", **{"type": SsoType.SAML, **fields})
        assert isinstance(made, SsoConfiguration)
        return made

    def routes(self) -> list[str | None]:
        """Return the operations that were called."""
        return [entry.route for entry in self.clients.emulator.journal() if entry.route != "auth.authenticate"]


@pytest.fixture(params=["managed", "viewed", "own"])
async def way(request: pytest.FixtureRequest, emulator: EmulatorHandle) -> AsyncIterator[Way]:
    """The three ways, one of them by a client that blocks."""
    async with clients_of(emulator, "blocking" if request.param == "viewed" else "async") as clients:
        if request.param == "managed":
            yield Way(clients, clients.manager.sso, ("acme",))
        elif request.param == "viewed":
            yield Way(clients, clients.manager.for_tenant("acme").sso)
        else:
            user = clients.user(READ, WRITE, DELETE, READ_ROLES, WRITE_ROLES, tenant_id="acme")
            yield Way(clients, user.sso, is_user=True)


async def test_a_saml_configuration_from_birth_to_death(way: Way) -> None:
    """What was given comes back, the certificate as the service has it."""
    made = await way.make(
        enabled=True,
        sso_endpoint=ENDPOINT,
        public_certificate=make_certificate(),
        sign_request=True,
        acs_url="https://acme.example/acs",
        sp_entity_id="acme",
        override_active_tenant=False,
        sub_account_access_limit=3,
        config_metadata={"owner": {"team": ["it"]}},
    )
    assert (made.tenant_id, made.type, made.enabled, made.sso_endpoint) == ("acme", SsoType.SAML, True, ENDPOINT)
    assert made.type is SsoType.SAML
    assert made.public_certificate == in_base64(make_certificate())
    assert (made.sign_request, made.acs_url, made.sp_entity_id) == (True, "https://acme.example/acs", "acme")
    assert (made.override_active_tenant, made.sub_account_access_limit) == (False, 3)
    assert made.config_metadata == {"owner": {"team": ["it"]}}
    assert (made.domains, made.groups, made.default_roles) == ((), (), ())
    assert made.created_at is not None
    assert await way.do("list") == [made]
    assert await way.do("get", made.id) == made
    assert await way.do("delete", made.id) is None
    assert await way.do("list") == []
    for verb in ("delete", "get"):
        with pytest.raises(NotFoundError):
            await way.do(verb, made.id)


async def test_which_operation_creates_and_updates(way: Way) -> None:
    """The second version names the tenant in the body; a user's credential is for the first."""
    made = await way.make()
    await way.do("update", made.id, enabled=True)
    expected = ["sso.create_v1", "sso.update_v1"] if way.is_user else ["sso.create", "sso.update"]
    assert way.routes() == expected


async def test_an_oidc_configuration_keeps_its_secrets(way: Way) -> None:
    """They are told to those who ask, and to nobody else."""
    made = await way.do(
        "create",
        type="oidc",
        oidc_client_id="client",
        oidc_secret="hush-1",
        idp_client_id="groups",
        idp_client_secret=Secret("hush-2"),
    )
    assert (made.type, made.oidc_client_id, made.idp_client_id) == (SsoType.OIDC, "client", "groups")
    assert (made.oidc_secret.reveal(), made.idp_client_secret.reveal()) == ("hush-1", "hush-2")
    assert "hush" not in f"{made!r} {made} {made.oidc_secret!r} {attrs.asdict(made)}"
    copied = await way.do("create", type=SsoType.OIDC, oidc_secret=made.oidc_secret)
    assert copied.oidc_secret == made.oidc_secret


async def test_an_update_changes_what_is_given(way: Way) -> None:
    """What is not given stays; None clears."""
    made = await way.make(
        sso_endpoint=ENDPOINT,
        public_certificate=make_certificate(),
        oidc_secret="hush",
        sub_account_access_limit=3,
        config_metadata={"a": 1},
    )
    changed = await way.do("update", made.id, enabled=True, type=SsoType.OIDC)
    assert attrs.evolve(changed, enabled=made.enabled, type=made.type, updated_at=made.updated_at) == made
    assert (changed.enabled, changed.type) == (True, SsoType.OIDC)
    cleared = await way.do(
        "update",
        made.id,
        sso_endpoint=None,
        public_certificate=None,
        oidc_secret=None,
        sub_account_access_limit=None,
        config_metadata=None,
    )
    assert (cleared.sso_endpoint, cleared.public_certificate, cleared.oidc_secret) == (None, None, None)
    assert (cleared.sub_account_access_limit, cleared.config_metadata) == (None, None)
    assert (cleared.enabled, cleared.sp_entity_id) == (True, made.sp_entity_id)


async def test_who_may_skip_the_validation_of_domains(way: Way) -> None:
    """Not a user of the tenant: the methods of a user do not take it."""
    if way.is_user:
        for method in (way.sso.create, way.sso.update):
            parameters = inspect.signature(method).parameters
            assert "type" in parameters
            assert "skip_email_domain_validation" not in parameters
        return
    made = await way.make(skip_email_domain_validation=True)
    assert made.skip_email_domain_validation is True
    changed = await way.do("update", made.id, skip_email_domain_validation=False)
    assert changed.skip_email_domain_validation is False


async def test_metadata_makes_a_configuration(way: Way) -> None:
    """And changes one; what it does not say stays."""
    made = await way.do("create_from_metadata", metadata=make_metadata())
    assert (made.type, made.sso_endpoint) == (SsoType.SAML, ENDPOINT)
    assert made.public_certificate is not None
    other = await way.make(sso_endpoint="https://old.example", sp_entity_id="kept")
    changed = await way.do("update_from_metadata", other.id, metadata=make_metadata())
    assert (changed.id, changed.sso_endpoint, changed.sp_entity_id) == (other.id, ENDPOINT, "kept")
    assert changed.public_certificate == made.public_certificate
    with pytest.raises(NotFoundError):
        await way.do("update_from_metadata", "nothing", metadata=make_metadata())
    with pytest.raises(BadRequestError):
        await way.do("create_from_metadata", metadata="<EntityDescriptor/>")


async def test_the_service_provider_tells_of_itself(way: Way) -> None:
    """In XML, which comes as text."""
    text = await way.do("get_sp_metadata")
    assert text.startswith("<?xml")
    assert "SPSSODescriptor" in text


async def test_domains(way: Way) -> None:
    """They are added, validated and removed."""
    owner = await way.make()
    made = await way.do("domains.create", owner.id, domain="acme.example")
    assert (made.domain, made.validated, made.sso_config_id) == ("acme.example", False, owner.id)
    assert made.txt_record_host.startswith("_saml-domain-challenge.")
    record = owner.txt_record_for(made)
    assert (record.host, record.value) == (made.txt_record_host, owner.generated_verification)
    assert str(record) == f"SsoTxtRecord(host={record.host!r}, value={record.value!r})"
    assert repr(made) == f"SsoDomain(id={made.id!r}, validated=False, sso_config_id={owner.id!r})"
    with pytest.raises(ConflictError):
        await way.do("domains.create", owner.id, domain="acme.example")
    assert await way.do("domains.validate", owner.id, made.id) is None
    assert (await way.do("get", owner.id)).domains == (attrs.evolve(made, validated=True),)
    second = await way.do("domains.create", owner.id, domain="mail.acme.example")
    for domain in (made, second):
        assert await way.do("domains.delete", owner.id, domain.id) is None
    for verb in ("delete", "validate", "validate_by_email"):
        with pytest.raises(NotFoundError):
            await way.do(f"domains.{verb}", owner.id, made.id)
    assert (await way.do("get", owner.id)).domains == ()
    with pytest.raises(NotFoundError):
        await way.do("domains.create", "nothing", domain="acme.example")


async def test_a_domain_without_its_record_is_not_validated(way: Way) -> None:
    """The service says so."""
    owner = await way.make()
    made = await way.do("domains.create", owner.id, domain="acme.example")
    way.clients.emulator.set_switch("sso_domain_validation", "refuse")
    with pytest.raises(BadRequestError, match="TXT"):
        await way.do("domains.validate", owner.id, made.id)
    assert (await way.do("get", owner.id)).domains == (made,)


async def test_a_domain_is_validated_by_the_address_of_the_user(way: Way) -> None:
    """The user of the test is in one of the two domains."""
    owner = await way.make()
    mine = await way.do("domains.create", owner.id, domain="acme.example")
    await way.do("domains.validate_by_email", owner.id, mine.id)
    assert (await way.do("get", owner.id)).domains == (attrs.evolve(mine, validated=True),)
    if way.is_user:
        foreign = await way.do("domains.create", owner.id, domain="foreign.example")
        with pytest.raises(BadRequestError):
            await way.do("domains.validate_by_email", owner.id, foreign.id)


async def test_default_roles(way: Way) -> None:
    """They are replaced as a whole; none is possible."""
    owner = await way.make()
    assert await way.do("default_roles.get", owner.id) == ()
    assert await way.do("default_roles.set", owner.id, role_ids=["r2", "r1", "r2"]) is None
    assert await way.do("default_roles.get", owner.id) == ("r2", "r1")
    assert (await way.do("get", owner.id)).default_roles == ("r2", "r1")
    way.clients.emulator.set_switch("sso_default_roles", "object")
    assert (await way.do("get", owner.id)).default_roles == ("r2", "r1")
    await way.do("default_roles.set", owner.id, role_ids=())
    assert await way.do("default_roles.get", owner.id) == ()
    with pytest.raises(NotFoundError):
        await way.do("default_roles.get", "nothing")
    with pytest.raises(NotFoundError):
        await way.do("default_roles.set", "nothing", role_ids=["r1"])


async def test_groups(way: Way) -> None:
    """They are made, changed and deleted."""
    owner = await way.make()
    made = await way.do("groups.create", owner.id, group="staff", role_ids=["r1"])
    assert (made.group, made.role_ids, made.enabled, made.sso_config_id) == ("staff", ("r1",), True, owner.id)
    assert await way.do("groups.list", owner.id) == [made]
    changed = await way.do("groups.update", owner.id, made.id, group="everybody", role_ids=["r2", "r3"])
    assert changed == attrs.evolve(made, group="everybody", role_ids=("r2", "r3"))
    assert (await way.do("get", owner.id)).groups == (changed,)
    assert await way.do("groups.delete", owner.id, made.id) is None
    assert await way.do("groups.list", owner.id) == []
    with pytest.raises(NotFoundError):
        await way.do("groups.update", owner.id, made.id, group="a", role_ids=[])
    with pytest.raises(NotFoundError):
        await way.do("groups.delete", owner.id, made.id)
    with pytest.raises(NotFoundError):
        await way.do("groups.create", "nothing", group="a", role_ids=[])
    with pytest.raises(NotFoundError):
        await way.do("groups.list", "nothing")
    way.clients.emulator.set_switch("sso_duplicate_group", "refuse")
    first = await way.do("groups.create", owner.id, group="one", role_ids=[])
    second = await way.do("groups.create", owner.id, group="two", role_ids=[])
    with pytest.raises(BadRequestError):
        await way.do("groups.create", owner.id, group="one", role_ids=[])
    with pytest.raises(BadRequestError):
        await way.do("groups.update", owner.id, second.id, group=first.group, role_ids=[])


async def test_what_the_service_refuses(way: Way) -> None:
    """A configuration that is not there, and fields that it does not take."""
    with pytest.raises(NotFoundError):
        await way.do("update", "nothing", enabled=True)
    made = await way.make()
    path = "/team/resources/sso/*"
    refusal: dict[str, JsonValue] = {"type": "status", "status": 400, "body": {"errors": ["no"]}}
    way.clients.emulator.add_fault(match={"path": path}, stage="before_commit", action=refusal)
    for verb, arguments, fields in (
        ("create", (), {"type": SsoType.SAML}),
        ("update", (made.id,), {"enabled": True}),
        ("domains.create", (made.id,), {"domain": "acme.example"}),
        ("default_roles.set", (made.id,), {"role_ids": []}),
        ("groups.create", (made.id,), {"group": "a", "role_ids": []}),
        ("update_from_metadata", (made.id,), {"metadata": make_metadata()}),
    ):
        with pytest.raises(BadRequestError, match="no"):
            await way.do(verb, *arguments, **fields)


_XML: Final = "<EntityDescriptor/>"


@pytest.mark.parametrize(
    ("verb", "arguments", "fields", "reason"),
    [
        ("create", (), {"type": "SAML"}, "^type must be one of"),
        ("create", (), {"type": None}, "^type must be one of"),
        ("create", (), {"type": SsoType.SAML, "enabled": "yes"}, "^enabled must be True or False"),
        ("create", (), {"type": SsoType.SAML, "sso_endpoint": "idp"}, "^sso_endpoint must be an absolute URL"),
        ("create", (), {"type": SsoType.SAML, "public_certificate": der_of(make_certificate())}, "^public_certificate"),
        ("create", (), {"type": SsoType.SAML, "public_certificate": make_private_key()}, "private key"),
        ("create", (), {"type": SsoType.SAML, "oidc_secret": 5}, "^oidc_secret must be text"),
        ("create", (), {"type": SsoType.SAML, "sub_account_access_limit": -1}, "^sub_account_access_limit must be"),
        ("create", (), {"type": SsoType.SAML, "config_metadata": "{}"}, "^config_metadata must be a mapping"),
        ("create", (), {"type": SsoType.SAML, "options": 5}, "^options must be Options"),
        ("update", ("s1",), {}, "^give at least one field"),
        ("update", ("..",), {"enabled": True}, "^sso_config_id must not be"),
        ("update", ("",), {"enabled": True}, "^sso_config_id must not be empty"),
        ("update", ("s1",), {"type": None}, "^type must be one of"),
        ("update", ("s1",), {"enabled": None}, "^enabled must be True or False"),
        ("update", ("s1",), {"acs_url": "acs"}, "^acs_url must be an absolute URL"),
        ("get", ("",), {}, "^sso_config_id must not be empty"),
        ("delete", ("..",), {}, "^sso_config_id must not be"),
        ("delete", ("s1\n",), {}, "^sso_config_id must not have control characters"),
        ("create_from_metadata", (), {"metadata": ""}, "^metadata must not be empty"),
        ("create_from_metadata", (), {"metadata": "<html/>"}, "^metadata must be SAML metadata"),
        ("create_from_metadata", (), {"metadata": f"<!DOCTYPE a>{_XML}"}, r"^metadata must be SAML .*DOCTYPE"),
        ("update_from_metadata", ("s1",), {"metadata": "{}"}, "^metadata must be SAML metadata"),
        ("update_from_metadata", ("",), {"metadata": _XML}, "^sso_config_id must not be empty"),
        ("domains.create", ("s1",), {"domain": "https://acme.example"}, "^domain must be only the name of a domain"),
        ("domains.create", ("..",), {"domain": "acme.example"}, "^sso_config_id must not be"),
        ("domains.delete", ("s1", ".."), {}, "^domain_id must not be"),
        ("domains.delete", ("s1", ""), {}, "^domain_id must not be empty"),
        ("domains.validate", ("", "d1"), {}, "^sso_config_id must not be empty"),
        ("domains.validate_by_email", ("s1", None), {}, "^domain_id must be text"),
        ("default_roles.get", ("",), {}, "^sso_config_id must not be empty"),
        ("default_roles.set", ("s1",), {"role_ids": "r1"}, "^role_ids must be a sequence"),
        ("default_roles.set", ("s1",), {"role_ids": [None]}, r"^role_ids\[0\] must be text"),
        ("groups.create", ("s1",), {"group": "", "role_ids": []}, "^group must not be empty"),
        ("groups.create", ("s1",), {"group": "a", "role_ids": None}, r"^give role_ids or role_keys$"),
        ("groups.list", ("..",), {}, "^sso_config_id must not be"),
        ("groups.update", ("s1", ".."), {"group": "a", "role_ids": []}, "^group_id must not be"),
        ("groups.update", ("s1", "g1"), {"group": None, "role_ids": []}, "^group must be text"),
        ("groups.delete", ("s1", ""), {}, "^group_id must not be empty"),
    ],
)
@pytest.mark.parametrize("way", ["viewed"], indirect=True)
async def test_bad_input_is_not_sent(
    way: Way, verb: str, arguments: tuple[object, ...], fields: dict[str, object], reason: str
) -> None:
    """The error names the argument."""
    with pytest.raises(InvalidArgumentError, match=reason):
        await way.do(verb, *arguments, **fields)
    assert way.routes() == []


_EACH: Final[tuple[tuple[str, tuple[str, ...], dict[str, object], str], ...]] = (
    ("list", (), {}, READ),
    ("get", ("s1",), {}, READ),
    ("get_sp_metadata", (), {}, READ),
    ("create", (), {"type": SsoType.SAML}, WRITE),
    ("update", ("s1",), {"enabled": True}, WRITE),
    ("create_from_metadata", (), {"metadata": make_metadata()}, WRITE),
    ("update_from_metadata", ("s1",), {"metadata": make_metadata()}, WRITE),
    ("delete", ("s1",), {}, DELETE),
    ("domains.create", ("s1",), {"domain": "acme.example"}, WRITE),
    ("domains.validate", ("s1", "d1"), {}, WRITE),
    ("domains.validate_by_email", ("s1", "d1"), {}, WRITE),
    ("domains.delete", ("s1", "d1"), {}, DELETE),
    ("default_roles.get", ("s1",), {}, READ_ROLES),
    ("default_roles.set", ("s1",), {"role_ids": []}, WRITE_ROLES),
    ("groups.create", ("s1",), {"group": "a", "role_ids": []}, WRITE),
    ("groups.list", ("s1",), {}, READ),
    ("groups.update", ("s1", "g1"), {"group": "a", "role_ids": []}, WRITE),
    ("groups.delete", ("s1", "g1"), {}, DELETE),
)


@pytest.mark.parametrize(("verb", "arguments", "fields", "permission"), _EACH, ids=[verb for verb, *_ in _EACH])
async def test_a_user_needs_the_permission(
    clients: Clients, verb: str, arguments: tuple[str, ...], fields: dict[str, object], permission: str
) -> None:
    """All others are not enough; with it alone the call gets on, if only to what is not there."""
    others = {READ, WRITE, DELETE, READ_ROLES, WRITE_ROLES} - {permission}
    with pytest.raises(PermissionDeniedError):
        await Way(clients, clients.user(*others, tenant_id="acme").sso).do(verb, *arguments, **fields)
    way = Way(clients, clients.user(permission, tenant_id="acme").sso)
    if arguments:
        with pytest.raises(NotFoundError):
            await way.do(verb, *arguments, **fields)
    else:
        await way.do(verb, **fields)


@pytest.mark.parametrize(("verb", "arguments", "fields", "permission"), _EACH, ids=[verb for verb, *_ in _EACH])
async def test_a_tenant_that_is_not_there(
    clients: Clients, verb: str, arguments: tuple[str, ...], fields: dict[str, object], permission: str
) -> None:
    """All operations say so; and an id that cannot be one is not sent."""
    del permission
    with pytest.raises(NotFoundError):
        await Way(clients, clients.manager.sso, ("nobody",)).do(verb, *arguments, **fields)
    for bad in ("", " acme", None, ".."):
        with pytest.raises(InvalidArgumentError, match=r"^tenant_id"):
            await Way(clients, clients.manager.sso, (bad,)).do(verb, *arguments, **fields)  # type: ignore[arg-type]  # the point


async def test_a_configuration_of_another_tenant(clients: Clients) -> None:
    """It is as one that is not there."""
    mine = Way(clients, clients.manager.sso, ("acme",))
    theirs = await Way(clients, clients.manager.sso, ("other",)).make()
    for verb, arguments, fields, _ in _EACH:
        if arguments:
            with pytest.raises(NotFoundError):
                await mine.do(verb, theirs.id, *arguments[1:], **fields)
