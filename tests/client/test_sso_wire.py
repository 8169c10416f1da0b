"""SSO requests and responses on the wire: what is sent, what is never resent, and what is hidden."""

from __future__ import annotations

import copy
import logging
import pickle
import traceback
from collections.abc import Mapping
from typing import Any, Final

import attrs
import pytest

from frontegg_async import (
    AsyncFrontegg,
    AsyncFronteggUser,
    DecodeError,
    FronteggError,
    Options,
    Outcome,
    OutcomeUnknownError,
    ResponseMismatchError,
    Secret,
)
from frontegg_async._core.codec import unreadable_values
from frontegg_async.errors import UnknownValueWarning
from frontegg_async.models import SsoConfiguration, SsoExcludedEmail, SsoType
from tests.support.certificates import make_certificate, make_metadata
from tests.support.clients import make_client
from tests.support.jwts import make_jwt
from tests.support.loop_time import skip_waits
from tests.support.raw_server import CLOSE, SILENCE, Answer, http, raw_server

pytestmark = pytest.mark.anyio

CANARY: Final = "canary-5b1e"
MADE: Final = {"id": "s1", "tenantId": "acme", "type": "saml"}
HEADER: Final = "frontegg-tenant-id"


async def test_a_creation_names_its_tenant_in_the_body() -> None:
    """And sends what was given and nothing else."""
    async with raw_server(http(201, MADE)) as server, make_client(server.url) as client:
        await client.sso.create("acme", type=SsoType.SAML)
        await client.for_tenant("acme").sso.create(type=SsoType.OIDC, enabled=False, oidc_secret=Secret("hush"))
    first, second = server.requests
    assert (first.method, first.target) == ("POST", "/team/resources/sso/v2/configurations")
    assert HEADER not in first.headers
    assert first.json() == {"tenantId": "acme", "type": "saml"}
    assert second.json() == {"tenantId": "acme", "type": "oidc", "enabled": False, "oidcSecret": "hush"}


async def test_a_user_creates_by_the_first_version() -> None:
    """The token says which tenant it is."""
    token = make_jwt(tenantId="acme")
    async with raw_server(http(201, MADE)) as server, AsyncFronteggUser(base_url=server.url, token=token) as user:
        await user.sso.create(type=SsoType.SAML, sp_entity_id="acme")
        await user.sso.update("s1", sp_entity_id=None)
    first, second = server.requests
    assert (first.method, first.target) == ("POST", "/team/resources/sso/v1/configurations")
    assert first.json() == {"type": "saml", "spEntityId": "acme"}
    assert (second.method, second.target) == ("PATCH", "/team/resources/sso/v1/configurations/s1")
    assert second.json() == {"spEntityId": None}
    assert not any(HEADER in request.headers for request in server.requests)


async def test_an_update_tells_absent_from_null() -> None:
    """So that nothing is cleared that nobody named."""
    async with (
        raw_server(http(200, {**MADE, "id": "s/1"}), http(200, MADE)) as server,
        make_client(server.url) as client,
    ):
        await client.sso.update("acme", "s/1", idp_client_secret="hush", sub_account_access_limit=0)
        await client.sso.update("acme", "s1", oidc_secret=None, config_metadata=None)
    first, second = server.requests
    assert (first.method, first.target) == ("PATCH", "/team/resources/sso/v2/configurations/s%2F1")
    assert first.json() == {"tenantId": "acme", "idpClientSecret": "hush", "subAccountAccessLimit": 0}
    assert second.json() == {"tenantId": "acme", "oidcSecret": None, "configMetadata": None}
    assert HEADER not in first.headers


async def test_the_header_goes_where_it_belongs() -> None:
    """Only the operations about one tenant carry it."""
    steps = [http(200, []), http(204), http(200, {"email": "a@b.c"}), http(201, {"active": True})]
    async with raw_server(*steps) as server, make_client(server.url) as client:
        await client.sso.list("acme").all()
        await client.sso.domains.set_validated("acme", "acme.example")
        await client.sso.settings.get_saml_config()
        await client.sso.settings.get_oidc_config()
    assert [request.headers.get(HEADER) for request in server.requests] == ["acme", None, None, None]
    assert server.requests[1].json() == {"validated": True, "tenantId": "acme"}


_LOST: Final[Mapping[str, Answer]] = {
    "closed": CLOSE,
    "silent": SILENCE,
    "unavailable": http(503),
}

_CREATIONS: Final[Mapping[str, tuple[str, tuple[str, ...], dict[str, Any], dict[str, object]]]] = {
    "create": (
        "create",
        ("acme",),
        {
            "type": SsoType.OIDC,
            "sso_endpoint": "https://idp.example.com",
            "oidc_client_id": "client",
            "oidc_secret": CANARY,
            "idp_client_secret": CANARY,
            "config_metadata": {"password": CANARY},
        },
        {"tenant_id": "acme", "type": "oidc", "sso_endpoint": "https://idp.example.com", "oidc_client_id": "client"},
    ),
    "metadata": ("create_from_metadata", ("acme",), {"metadata": make_metadata()}, {"tenant_id": "acme"}),
    "domain": (
        "domains.create",
        ("acme", "s1"),
        {"domain": "acme.example"},
        {"tenant_id": "acme", "configuration_id": "s1", "domain": "acme.example"},
    ),
    "group": (
        "groups.create",
        ("acme", "s1"),
        {"group": "staff", "role_ids": ["r1"]},
        {"tenant_id": "acme", "configuration_id": "s1", "group": "staff", "role_ids": ("r1",)},
    ),
}


@pytest.mark.parametrize("lost", _LOST)
@pytest.mark.parametrize("name", _CREATIONS)
async def test_a_creation_is_never_sent_twice(name: str, lost: str) -> None:
    """The error has what was asked for, and no secret."""
    path, arguments, fields, asked = _CREATIONS[name]
    options = Options(max_retries=5)
    skip_waits()
    async with raw_server(_LOST[lost]) as server, make_client(server.url, options=options) as client:
        await client.check()
        method: Any = client.sso
        for part in path.split("."):
            method = getattr(method, part)
        with pytest.raises(OutcomeUnknownError) as caught:
            await method(*arguments, **fields)
    error = caught.value
    assert len(server.requests) == 1
    assert (error.outcome, error.asked) == (Outcome.UNKNOWN, asked)
    assert pickle.loads(pickle.dumps(error)) == error == copy.copy(error)
    assert CANARY not in f"{error!r} {error} {error.args!r} {pickle.dumps(error)!r} {error.asked}"


async def test_updates_and_settings_are_sent_again() -> None:
    """They end in the same state, however often they are sent."""
    done = http(200, MADE)
    async with raw_server(http(503), done) as server, make_client(server.url) as client:
        await client.sso.update("acme", "s1", enabled=True)
        server.script[:] = [CLOSE, http(201)]
        await client.sso.default_roles.set("acme", "s1", role_ids=["r1"])
        server.script[:] = [http(502), http(201)]
        await client.sso.settings.set_oidc_config(enabled=True)
        server.script[:] = [http(502), http(201)]
        await client.sso.excluded_emails.add("ann@acme.example")
        server.script[:] = [CLOSE, http(404, {"errors": ["gone"]})]
        await client.sso.delete("acme", "s1")
    assert len(server.requests) == 10


async def test_an_answer_about_another_tenant_is_refused() -> None:
    """Also when it is one of several."""
    foreign = {**MADE, "id": "s2", "tenantId": "other"}
    async with raw_server(http(200, [MADE, foreign])) as server, make_client(server.url) as client:
        with pytest.raises(ResponseMismatchError):
            await client.sso.list("acme").all()
        server.script[:] = [http(200, foreign)]
        with pytest.raises(OutcomeUnknownError):
            await client.sso.update("acme", "s1", enabled=True)
        server.script[:] = [http(201, foreign)]
        with pytest.raises(OutcomeUnknownError):
            await client.sso.create("acme", type=SsoType.SAML)
        server.script[:] = [http(200, [{"id": "s1"}])]
        assert (await client.sso.list("acme").all())[0].tenant_id is None


_ROLES: Final[dict[str, object]] = {
    "ids": ["r1", "r2"],
    "roles": [{"id": "r1"}, {"id": "r2", "name": "x"}],
    "object": {"roleIds": ["r1", "r2"]},
}


@pytest.mark.parametrize("form", _ROLES)
async def test_default_roles_come_in_several_forms(form: str) -> None:
    """They are ids, whatever the service writes."""
    async with (
        raw_server(http(200, [{**MADE, "defaultRoles": _ROLES[form]}])) as server,
        make_client(server.url) as client,
    ):
        (found,) = await client.sso.list("acme").all()
    assert found.default_roles == ("r1", "r2")


async def test_excluded_addresses_come_as_objects_or_as_texts() -> None:
    """No source tells which."""
    answer = ["ann@acme.example", {"email": "bob@acme.example", "id": "e1", "by": "eve"}]
    async with raw_server(http(200, answer)) as server, make_client(server.url) as client:
        first, second = await client.sso.excluded_emails.list().all()
        assert (first, second.email, second.id) == (SsoExcludedEmail(email=answer[0]), "bob@acme.example", "e1")  # type: ignore[arg-type]  # it is a text
        assert second.extra == {"by": "eve"}
        server.script[:] = [http(200, ["ann@acme.example", 5])]
        with pytest.raises(DecodeError, match=r"\$\[1\]: expected object, got int"):
            await client.sso.excluded_emails.list().all()


async def test_what_is_not_known_is_kept() -> None:
    """Fields, protocols, and what belongs to a configuration; null is as nothing."""
    answer = [
        {
            **MADE,
            "type": "wsfed",
            "subAccountAccessLimit": 3,
            "configMetadata": '{"a": 1}',
            "domains": [{"id": "d1", "domain": "acme.example", "checkedBy": "dns"}],
            "groups": None,
            "defaultRoles": None,
            "scim": {"on": True},
        }
    ]
    async with raw_server(http(200, answer)) as server, make_client(server.url) as client:
        (found,) = await client.sso.list("acme").all()
    assert (found.type, found.sub_account_access_limit, found.config_metadata) == ("wsfed", 3, {"a": 1})
    assert (found.groups, found.default_roles, found.extra) == (
        (),
        (),
        {"scim": {"on": True}},
    )
    assert found.domains[0].extra == {"checkedBy": "dns"}
    assert repr(found) == "SsoConfiguration(id='s1', tenant_id='acme', type='wsfed', enabled=None)"


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": 5},
        {"id": None},
        {"tenantId": [CANARY]},
    ],
)
async def test_what_is_not_readable_is_told_without_values(wrong: dict[str, object]) -> None:
    """By its place and the types."""
    async with raw_server(http(200, [{**MADE, **wrong}])) as server, make_client(server.url) as client:
        with pytest.raises(DecodeError) as caught:
            await client.sso.list("acme").all()
    assert caught.value.paths[0].startswith(f"$[0].{next(iter(wrong))}")
    assert CANARY not in str(caught.value.args)


@pytest.mark.parametrize(
    "odd",
    [
        {"oidcSecret": 5},
        {"idpClientSecret": [CANARY]},
        {"domains": "acme.example"},
        {"domains": [{"domain": "acme.example"}]},
        {"groups": [{"group": "a"}]},
        {"defaultRoles": [{"name": "r1"}]},
        {"defaultRoles": "r1"},
        {"type": 5},
        {"enabled": CANARY, "createdAt": CANARY, "type": {"a": CANARY}},
    ],
)
async def test_what_is_odd_does_not_fail_a_list(monkeypatch: pytest.MonkeyPatch, odd: dict[str, object]) -> None:
    """It is kept raw, but for secrets, and told of without values."""
    monkeypatch.setattr(unreadable_values, "_warned", set())
    async with raw_server(http(200, [{**MADE, **odd}]), http(200, [MADE])) as server, make_client(server.url) as client:
        with pytest.warns(UnknownValueWarning) as caught:
            (found,) = await client.sso.list("acme").all()
        (made,) = await client.sso.list("acme").all()
    assert CANARY not in "".join(str(each.message) for each in caught)
    assert len(caught) == len(odd)
    secrets = {"oidcSecret", "idpClientSecret"}
    assert found.extra == made.extra | {name: value for name, value in odd.items() if name not in secrets}
    assert (found.id, found.tenant_id) == (made.id, made.tenant_id)


PEM: Final = make_certificate()


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (PEM.encode(), PEM),
        (b'"quoted"', "quoted"),
        (make_metadata().encode(), make_metadata()),
        (b"\xef\xbb\xbf<?xml version='1.0'?><a/>", "<?xml version='1.0'?><a/>"),
        ("<a>grün</a>".encode(), "<a>grün</a>"),
    ],
)
async def test_text_comes_as_text(body: bytes, expected: str) -> None:
    """XML, PEM or a JSON string, whatever the response says that it is."""
    async with raw_server(http(200, raw=body)) as server, make_client(server.url) as client:
        assert await client.sso.get_sp_metadata("acme") == expected
        assert await client.sso.get_sp_certificate() == expected
    assert [request.headers["accept"] for request in server.requests] == [
        "application/xml, */*;q=0.5",
        "application/x-pem-file, */*;q=0.5",
    ]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" \n",
        b"<!DOCTYPE html><title>Sign in</title>",
        b"  <HTML></HTML>",
        b'"cut off',
        b'{"cut": "off',
        b'{"a": 1}',
        b"[]",
        b"null",
        b"5",
        b"\xff\xfe",
    ],
)
async def test_what_is_no_text_of_the_service_is_refused(body: bytes) -> None:
    """A page of somebody in between, JSON that was cut off, and other JSON."""
    async with raw_server(http(200, raw=body)) as server, make_client(server.url) as client:
        with pytest.raises(DecodeError):
            await client.sso.get_sp_metadata("acme")


async def test_secrets_never_show(caplog: pytest.LogCaptureFixture) -> None:
    """Not in logs, errors, texts, nor among the locals of our frames, on the way there and on the way back."""
    caplog.set_level(logging.DEBUG)
    answer = {**MADE, "oidcSecret": CANARY, "idpClientSecret": CANARY}
    shown: list[str] = []
    async with raw_server(http(201, answer)) as server, make_client(server.url) as client:
        made = await client.sso.create("acme", type=SsoType.OIDC, oidc_secret=CANARY, idp_client_secret=CANARY)
        assert made.oidc_secret is not None
        assert made.oidc_secret.reveal() == CANARY
        shown += [repr(made), str(made), str(attrs.asdict(made)), repr(made.idp_client_secret)]
        server.script[:] = [http(400, {"errors": ["no"]})]
        shown.append(await _traceback_of(client, "create", "acme", type=SsoType.OIDC, oidc_secret=CANARY))
        shown.append(await _traceback_of(client, "update", "acme", "s1", idp_client_secret=CANARY))
        shown.append(await _traceback_of(client, "update", "acme", "s1", oidc_secret=CANARY, enabled="x"))
        server.script[:] = [CLOSE]
        shown.append(await _traceback_of(client, "create", "acme", type=SsoType.OIDC, oidc_secret=Secret(CANARY)))
    assert all(CANARY not in text for text in shown)
    assert CANARY not in caplog.text
    assert server.requests[0].json() == {
        "tenantId": "acme",
        "type": "oidc",
        "oidcSecret": CANARY,
        "idpClientSecret": CANARY,
    }


async def _traceback_of(client: AsyncFrontegg, verb: str, *arguments: str, **fields: Any) -> str:
    """Return the traceback of a call that fails, with the locals of the frames but for the test's own."""
    try:
        await getattr(client.sso, verb)(*arguments, **fields)
    except FronteggError as error:
        whole = traceback.TracebackException.from_exception(error, capture_locals=True)
    else:
        raise AssertionError("it must fail")
    whole.stack = traceback.StackSummary.from_list([frame for frame in whole.stack if "/tests/" not in frame.filename])
    assert len(whole.stack) > 1
    return "".join(whole.format())


def test_a_configuration_is_a_value() -> None:
    """Equal by what it has, and never pickled with its secrets."""
    first = SsoConfiguration(id="s1", oidc_secret=Secret("hush"), config_metadata={"a": [1]})
    assert first == SsoConfiguration(id="s1", oidc_secret=Secret("hush"), config_metadata={"a": [1]})
    assert hash(first) == hash(SsoConfiguration(id="s1", oidc_secret=Secret("hush"), config_metadata={"a": [1]}))
    assert first != SsoConfiguration(id="s1", oidc_secret=Secret("other"), config_metadata={"a": [1]})
    assert copy.deepcopy(first) == first
    with pytest.raises(TypeError, match="Secret"):
        pickle.dumps(first)
