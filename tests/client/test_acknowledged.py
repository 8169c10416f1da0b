"""A write whose 2xx response has no readable body counts as done."""

from __future__ import annotations

import asyncio
import copy
import json
import pickle
import warnings
from collections.abc import AsyncGenerator, Callable, Mapping
from typing import Any, Final

import pytest

from frontegg_async import (
    Auth,
    ClientClosedError,
    Endpoint,
    NotFoundError,
    Options,
    Outcome,
    OutcomeUnknownError,
    PermissionDeniedError,
    RequestTimeoutError,
    ResultLostError,
    Retry,
    Tenant,
    endpoints,
)
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.emulator.services import write_bodies
from frontegg_async.emulator.store.switches import names
from frontegg_async.endpoints import tenants
from frontegg_async.errors import UnknownValueWarning
from frontegg_async.models import SsoType
from tests.client.test_hierarchy import SEED
from tests.support.certificates import make_certificate, make_metadata
from tests.support.clients import FakeClock, make_client
from tests.support.flavours import FLAVOURS, Clients, clients_of, do
from tests.support.loop_time import skip_waits
from tests.support.raw_server import SILENCE, Answer, RawRequest, Step, http, raw_server
from tests.support.tenants import tenant_row

pytestmark = pytest.mark.anyio

TENANT: Final = "a1"
EMPTY: Final = ("empty", "no_content")
FAMILIES: Final = tuple(name for name in names() if name.endswith("_write_body"))
CUT: Final = Answer(b'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"tenantId": "t1"', then="close")
STALLED: Final = Answer(b'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"tenantId": "t1"', then="silence")
UNREADABLE: Final[Mapping[str, Step]] = {
    "empty": http(200),
    "202": http(202),
    "204": http(204),
    "null": http(200, raw=b"null"),
    "array": http(200, []),
    "no JSON": http(201, raw=b'{"tenantId": '),
    "page": http(200, raw=b"<html>hello</html>"),
    "another shape": http(200, {"tenantId": 5}),
    "cut": CUT,
    "deflate": http(200, raw=b"x", headers={"Content-Encoding": "deflate"}),
}
PROVING: Final = {
    name: answer for name, answer in UNREADABLE.items() if name not in ("no JSON", "page", "another shape")
}
"""What shows that the service acted: nothing, or the beginning of something."""


@pytest.fixture(params=FLAVOURS)
async def clients(request: pytest.FixtureRequest, frontegg_emulator: EmulatorHandle) -> AsyncGenerator[Clients]:
    """The clients of both packages, for an environment whose writes response without a body."""
    frontegg_emulator.seed(
        tenants=[*SEED, {"tenantId": "meta", "name": "Meta", "metadata": {"old": 1, "plan": "free"}}],
        users=[{"id": "ann", "email": "ann@a.example", "tenantId": "a1", "tenantIds": ["a1", "b"]}],
    )
    async with clients_of(frontegg_emulator, request.param) as opened:
        yield opened


def go_silent(emulator: EmulatorHandle, form: str) -> None:
    """Have all writes response without a body from now on."""
    for family in FAMILIES:
        emulator.set_switch(family, form)


def sent(emulator: EmulatorHandle) -> list[str]:
    """Return the writes that were sent, without authentications."""
    return [entry.route for entry in emulator.journal() if entry.method != "GET" and entry.route != "auth.authenticate"]


def test_each_write_has_a_switch() -> None:
    """A family that nobody thought of would never be tried."""
    missing = [
        endpoint.name
        for endpoint in endpoints.all_endpoints()
        if endpoint.retry is not Retry.SAFE
        and endpoint.auth is not Auth.NONE
        and write_bodies.write_body_switch(endpoint) is None
    ]
    assert missing == []


@pytest.mark.parametrize("form", EMPTY)
async def test_tenants(clients: Clients, form: str) -> None:
    """Created, changed and described anew: the value is what the service has now."""
    go_silent(clients.emulator, form)
    resource = clients.manager.tenants
    made = await do(resource.create, name="New", website="https://new.example/", metadata={"plan": ["pro", None]})
    assert (made.name, made.website, made.metadata) == ("New", "https://new.example/", {"plan": ["pro", None]})
    own = await do(resource.create, tenant_id="own", name=" Own ", parent_tenant_id="a")
    assert own.tenant_id == "own"
    changed = await do(resource.update, "own", name="Owner", website=None, metadata="[1]", is_reseller=True)
    assert (changed.name, changed.website, changed.metadata, changed.is_reseller) == ("Owner", None, [1], True)
    merged = await do(resource.add_metadata, "meta", {"plan": "pro", "tags": ("a", 1.0)})
    assert merged.metadata == {"old": 1, "plan": "pro", "tags": ["a", 1.0]}
    assert (await do(resource.delete_metadata, "meta", "old")).metadata == {"plan": "pro", "tags": ["a", 1.0]}
    await do(resource.lock, ["own"])
    await do(resource.unlock, ["own"])
    await do(resource.delete, "own")
    found, was_made = await do(resource.ensure, "again", name="Again")
    assert (found.tenant_id, was_made) == ("again", True)
    await do(clients.manager.hierarchy.assign, "again", "a")
    await do(clients.manager.hierarchy.unassign, "again", "a")
    routes = sent(clients.emulator)
    assert len(routes) == 11
    assert (routes.count("tenants.create"), routes.count("tenants.update")) == (3, 1)


@pytest.mark.parametrize("form", EMPTY)
@pytest.mark.parametrize("as_user", [False, True])
async def test_sub_tenants(clients: Clients, form: str, *, as_user: bool) -> None:
    """A user reads them from the search of the hierarchy; what that lacks is what was sent."""
    go_silent(clients.emulator, form)
    owner = clients.user("fe.account-hierarchy.*", tenant_id="a") if as_user else clients.manager
    resource = owner.sub_tenants
    made = await do(resource.create, name="Kiosk", parent_tenant_id="a", status="open", is_reseller=False)
    assert (made.name, made.status) == ("Kiosk", "open")
    own = await do(resource.create, name="Stall", parent_tenant_id="a", tenant_id="stall")
    assert own.tenant_id == "stall"
    changed = await do(resource.set_management, "stall", is_reseller=True)
    assert (changed.tenant_id, changed.name) == ("stall", "Stall")
    assert (await do(clients.manager.tenants.get, "stall")).is_reseller is True
    await do(resource.rename, "stall", name="Booth")
    await do(resource.delete, "stall")
    assert [route.removeprefix("sub_tenants.") for route in sent(clients.emulator)] == [
        *("create", "create", "set_management", "rename", "delete"),
    ]


@pytest.mark.parametrize("form", EMPTY)
@pytest.mark.parametrize("as_user", [False, True])
async def test_settings(clients: Clients, form: str, *, as_user: bool) -> None:
    """Read by the operation that gets them; the name is not part of them."""
    go_silent(clients.emulator, form)
    if as_user:
        settings = clients.user("fe.secure.*", tenant_id=TENANT).account_settings
    else:
        settings = clients.manager.for_tenant(TENANT).account_settings
    changed = await do(settings.update, name="Another", timezone="Europe/Berlin", address=None)
    assert (changed.tenant_id, changed.timezone, changed.address) == (TENANT, "Europe/Berlin", None)
    assert sent(clients.emulator) == ["account_settings.update"]


@pytest.mark.parametrize("form", EMPTY)
@pytest.mark.parametrize("as_user", [False, True])
async def test_sso(clients: Clients, form: str, *, as_user: bool) -> None:
    """Configurations, domains and groups are found among those of the tenant."""
    sso = (clients.user("fe.secure.*", tenant_id=TENANT) if as_user else clients.manager.for_tenant(TENANT)).sso
    old = await do(sso.create, type=SsoType.SAML, sso_endpoint="https://idp.example.com/old")
    clients.emulator.clock(advance=1)
    go_silent(clients.emulator, form)
    made = await do(
        sso.create,
        type=SsoType.OIDC,
        oidc_client_id="client",
        oidc_secret="hush",
        public_certificate=make_certificate(),
        config_metadata={"a": 1},
    )
    assert (made.type, made.oidc_client_id, made.id != old.id) == (SsoType.OIDC, "client", True)
    changed = await do(sso.update, made.id, enabled=True, oidc_client_id="other")
    assert (changed.id, changed.enabled, changed.oidc_client_id) == (made.id, True, "other")
    clients.emulator.clock(advance=1)
    described = await do(sso.create_from_metadata, metadata=make_metadata())
    assert described.sso_endpoint == "https://idp.example.com/sso"
    same = await do(sso.update_from_metadata, old.id, metadata=make_metadata())
    assert (same.id, same.sso_endpoint) == (old.id, described.sso_endpoint)
    domain = await do(sso.domains.create, made.id, domain="Acme.example")
    assert (domain.domain.lower(), domain.sso_config_id) == ("acme.example", made.id)
    group = await do(sso.groups.create, made.id, group="staff", role_ids=["r2", "r1"])
    assert (group.group, sorted(group.role_ids)) == ("staff", ["r1", "r2"])
    renamed = await do(sso.groups.update, made.id, group.id, group="crew", role_ids=[])
    assert (renamed.id, renamed.group, renamed.role_ids) == (group.id, "crew", ())
    await do(sso.default_roles.set, made.id, role_ids=["r1"])
    await do(sso.groups.delete, made.id, group.id)
    await do(sso.domains.delete, made.id, domain.id)
    await do(sso.delete, made.id)
    assert len(sent(clients.emulator)) == 12


async def test_of_two_like_configurations_no_time_tells_which_is_new(clients: Clients) -> None:
    """The older one has all that was asked for, too, and its time is that of another clock."""
    sso = clients.manager.for_tenant(TENANT).sso
    await do(sso.create, type=SsoType.SAML, sso_endpoint="https://idp.example.com/")
    clients.emulator.clock(advance=1)
    go_silent(clients.emulator, "empty")
    with pytest.raises(ResultLostError):
        await do(sso.create, type=SsoType.SAML, sso_endpoint="https://idp.example.com/")


async def test_of_two_like_groups_nothing_tells_which_is_new(clients: Clients) -> None:
    """It was made, and which of the two it is stays open: the error says so, and it is not sent again."""
    sso = clients.manager.for_tenant(TENANT).sso
    configuration = await do(sso.create, type=SsoType.SAML)
    await do(sso.groups.create, configuration.id, group="staff", role_ids=["r1"])
    go_silent(clients.emulator, "empty")
    with pytest.raises(ResultLostError) as caught:
        await do(sso.groups.create, configuration.id, group="staff", role_ids=["r1"])
    error = caught.value
    assert (error.outcome, error.reason) == (Outcome.DONE, "decode")
    assert "it is unknown whether this call created one of them" in str(error.__cause__)
    assert sent(clients.emulator).count("sso.groups.create") == 2


@pytest.mark.parametrize("form", EMPTY)
async def test_a_secret_is_lost_with_the_answer(clients: Clients, form: str) -> None:
    """The token is there and nobody has its secret: the error says what to do."""
    kept = await do(clients.manager.api_tokens.create, "a1", description="old")
    go_silent(clients.emulator, form)
    calls: list[tuple[Callable[..., Any], tuple[str, ...], dict[str, object]]] = [
        (clients.manager.api_tokens.create, ("a1",), {"tenant_id": "a1", "description": "ci"}),
        (
            clients.manager.for_tenant("a1").user_api_tokens.create,
            ("ann",),
            {"tenant_id": "a1", "user_id": "ann", "description": "ci"},
        ),
    ]
    for create, arguments, asked in calls:
        with pytest.raises(ResultLostError, match="nobody has its secret now: find the token with list") as caught:
            await do(create, *arguments, description="ci")
        error = caught.value
        assert (error.outcome, error.asked, error.attempts) == (Outcome.DONE, asked, 1)
        assert pickle.loads(pickle.dumps(error)) == error == copy.copy(error)
    access: list[tuple[Callable[..., Any], tuple[str, ...], dict[str, object]]] = [
        (clients.manager.access_tokens.create, ("a1",), {"tenant_id": "a1", "description": "ci"}),
        (
            clients.manager.user_access_tokens.create,
            ("ann",),
            {"tenant_id": "a1", "user_id": "ann", "description": "ci"},
        ),
    ]
    for create, arguments, asked in access:
        given = {"tenant_id": "a1"} if arguments == ("ann",) else {}
        with pytest.raises(ResultLostError, match="nobody has its JWT now: find the token with list") as caught:
            await do(create, *arguments, **given, description="ci")
        error = caught.value
        assert (error.outcome, error.asked, error.attempts) == (Outcome.DONE, asked, 1)
    assert [token.description for token in await do(clients.manager.access_tokens.list("a1").all)] == ["ci"]
    changed = await do(clients.manager.api_tokens.update, "a1", kept.client_id, description="new", role_ids=["r1"])
    assert (changed.client_id, changed.description, changed.role_ids) == (kept.client_id, "new", ("r1",))
    names = [token.description for token in await do(clients.manager.api_tokens.list("a1").all)]
    assert sorted(names) == ["ci", "new"]


async def test_a_migration_has_started(clients: Clients) -> None:
    """Its id is lost, and so is its status."""
    go_silent(clients.emulator, "empty")
    with pytest.raises(ResultLostError, match="the id of the migration was lost") as caught:
        await do(clients.manager.migrations.start, ["a", "b"])
    assert caught.value.asked == {"tenants": ("a", "b")}
    assert sent(clients.emulator) == ["migrations.start"]


async def test_a_switched_tenant_needs_a_new_token(clients: Clients) -> None:
    """What the service says of the user is lost; the tenant was switched."""
    go_silent(clients.emulator, "empty")
    user = clients.user(tenant_id="a1", email="ann@a.example")
    with pytest.raises(ResultLostError, match="the tenant was switched") as caught:
        await do(user.tenants.switch, "b")
    assert caught.value.asked == {"tenant_id": "b"}


@pytest.mark.parametrize("answer", UNREADABLE.values(), ids=UNREADABLE.keys())
async def test_whatever_the_body_is_it_is_read_once_and_not_sent_again(answer: Step) -> None:
    """An update is one request, and a read."""
    async with raw_server(answer, http(200, tenant_row("t1", name="n"))) as server, make_client(server.url) as client:
        assert (await client.tenants.update("t1", name="n")).name == "n"
    assert [request.method for request in server.requests] == ["PUT", "GET"]


@pytest.mark.parametrize("answer", PROVING.values(), ids=PROVING.keys())
async def test_where_nothing_is_returned_a_success_is_enough(answer: Step) -> None:
    """Also where it may not be sent twice."""
    async with raw_server(answer) as server, make_client(server.url) as client:
        await client.tenants.move_users("a", "b")
        await client.tenants.lock(["a"])
    assert len(server.requests) == 2


async def test_a_body_that_stalls_is_read_otherwise() -> None:
    """The attempt's time is over, the call's is not."""
    script = (STALLED, http(200, tenant_row("t1", name="n")))
    skip_waits()
    async with raw_server(*script) as server, make_client(server.url) as client:
        await client.check()
        assert (await client.tenants.update("t1", name="n")).name == "n"
    assert [request.method for request in server.requests] == ["PUT", "GET"]


async def test_no_time_is_left_for_a_read() -> None:
    """It was done, and the error says so rather than that it is unknown."""
    clock = FakeClock()

    def late(_: RawRequest) -> Answer:
        clock.now += 61
        return http(200)

    async with raw_server(late) as server, make_client(server.url, clock=clock) as client:
        with pytest.raises(ResultLostError, match="the deadline leaves no time") as caught:
            await client.tenants.update("t1", name="n", options=Options(deadline=60.0))
    error = caught.value
    assert (error.outcome, error.reason, error.attempts, len(server.requests)) == (Outcome.DONE, "decode", 1, 1)


async def test_a_body_that_stalls_to_the_end_of_the_call_is_no_unknown_outcome() -> None:
    """The status told that it was done."""
    skip_waits()
    async with raw_server(STALLED) as server, make_client(server.url) as client:
        await client.check()
        with pytest.raises(ResultLostError) as caught:
            await client.tenants.update("t1", name="n", options=Options(timeout=None, deadline=20.0))
    assert (caught.value.outcome, caught.value.reason) == (Outcome.DONE, "timeout")
    assert not isinstance(caught.value, OutcomeUnknownError | RequestTimeoutError)


async def test_the_failure_of_the_read_is_the_cause() -> None:
    """Without its traceback, and with what was asked for in the error itself."""
    script = (http(200), http(403, {"errors": ["no"]}))
    async with raw_server(*script) as server, make_client(server.url) as client:
        with pytest.raises(ResultLostError) as caught:
            await client.tenants.update("t1", name="n", creator_email="canary@example.com", metadata={"k": "canary"})
    error = caught.value
    cause = error.__cause__
    assert isinstance(cause, PermissionDeniedError)
    assert (cause.__traceback__, cause.endpoint, error.endpoint) == (None, "tenants.get", "tenants.update")
    assert error.asked == {"tenant_id": "t1", "name": "n"}
    assert str(error) == (
        "tenants.update was done, but its result is lost: the response had no readable body (decode), "
        "and the result could not be read again"
    )
    assert "canary" not in f"{error!r}{error.args!r}{cause!r}"
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    "read",
    [http(200, tenant_row("t1", name="old")), http(200, [])],
    ids=["old", "nothing"],
)
async def test_a_read_that_contradicts_leaves_it_unknown(read: Step) -> None:
    """On a pooled connection a response may be somebody else's: then nothing was done."""
    async with raw_server(http(200), read) as server, make_client(server.url) as client:
        with pytest.raises(OutcomeUnknownError, match="a later read does not show the requested change") as caught:
            await client.tenants.update("t1", name="n")
    assert (caught.value.outcome, caught.value.asked) == (Outcome.UNKNOWN, {"tenant_id": "t1", "name": "n"})
    assert [request.method for request in server.requests] == ["PUT", "GET"]


_NO_ROUTE: Final = http(404, {"statusCode": 404, "error": "Not Found", "message": "Cannot GET /x"})
_NOT_ASSIGNED: Final = http(404, {"errors": ["This account/tenant is not assigned"], "errorCode": "ER-01008"})


@pytest.mark.parametrize("answer", [_NO_ROUTE, _NOT_ASSIGNED])
async def test_a_read_that_is_not_served_says_nothing_about_the_write(answer: Answer) -> None:
    """There is no such route, or no access: the write was done, and its result is lost."""
    calls: list[Callable[[Any], Any]] = [
        lambda it: it.tenants.update("t1", name="n"),
        lambda it: it.tenants.add_metadata("t1", {"k": 1}),
        lambda it: it.tenants.create(tenant_id="t1", name="n"),
        lambda it: it.account_settings.update("t1", timezone="UTC"),
        lambda it: it.sso.create("t1", type=SsoType.SAML),
        lambda it: it.sso.groups.update("t1", "c1", "g1", group="g", role_ids=[]),
        lambda it: it.api_tokens.update("t1", "c1", description="d"),
    ]
    for call in calls:
        async with raw_server(http(200), answer) as server, make_client(server.url) as client:
            with pytest.raises(ResultLostError) as caught:
                await call(client)
        assert (caught.value.outcome, type(caught.value.__cause__)) == (Outcome.DONE, NotFoundError)
        assert len(server.requests) == 2


@pytest.mark.parametrize("lacking", [{"website": None}, {"website": 5}, {}, {"website": None, "name": None}])
async def test_a_field_that_the_read_lacks_contradicts_nothing(lacking: dict[str, object]) -> None:
    """Missing, null, or of a type that cannot be read."""
    row = tenant_row("t1", name="n") | lacking
    async with raw_server(http(200), http(200, row)) as server, make_client(server.url) as client:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UnknownValueWarning)
            await client.tenants.update("t1", name="n", website="https://n.example")
            server.script[:] = [http(201), http(200, row)]
            await client.tenants.create(tenant_id="t1", name="n", website="https://n.example")


_OTHER: Final = {"id": "other", "tenantId": "t1", "ssoConfigId": "other", "clientId": "other", "createdAt": "x"}


async def test_an_answer_about_another_thing_leaves_it_unknown() -> None:
    """Ids that the path names are compared with those that the response has."""
    calls: list[Callable[[Any], Any]] = [
        lambda it: it.sso.update("t1", "c1", enabled=True),
        lambda it: it.sso.update_from_metadata("t1", "c1", metadata=make_metadata()),
        lambda it: it.sso.groups.create("t1", "c1", group="g", role_ids=[]),
        lambda it: it.sso.groups.update("t1", "c1", "g1", group="g", role_ids=[]),
        lambda it: it.sso.domains.create("t1", "c1", domain="acme.example"),
        lambda it: it.api_tokens.update("t1", "c1", description="d"),
    ]
    for call in calls:
        answer = http(200, {**_OTHER, "group": "g", "domain": "acme.example", "createdAt": "2024-05-01T10:00:00Z"})
        async with raw_server(answer) as server, make_client(server.url) as client:
            with pytest.raises(OutcomeUnknownError) as caught:
                await call(client)
        assert str(caught.value.reason).startswith("mismatch")


@pytest.mark.parametrize("secret", ["", None])
async def test_a_token_without_its_secret_is_a_lost_result(secret: str | None) -> None:
    """It was made, and nobody has its secret."""
    row = {"clientId": "c", "tenantId": "t1", "createdAt": "2024-05-01T10:00:00.000Z", "secret": secret}
    async with raw_server(http(201, row)) as server, make_client(server.url) as client:
        with pytest.raises(ResultLostError, match="nobody has its secret now") as caught:
            await client.api_tokens.create("t1", description="ci")
    assert caught.value.asked == {"tenant_id": "t1", "description": "ci"}


async def test_an_answer_about_another_tenant_leaves_it_unknown() -> None:
    """It is not a body that is missing."""
    async with raw_server(http(200, tenant_row("t2"))) as server, make_client(server.url) as client:
        with pytest.raises(OutcomeUnknownError) as caught:
            await client.tenants.update("t1", name="n")
    assert caught.value.reason == "mismatch, and the outcome could not be read"
    assert [request.method for request in server.requests].count("PUT") == 1


@pytest.mark.parametrize("as_sub_tenant", [False, True])
@pytest.mark.parametrize("nothing", [http(200, []), http(404, {"errors": ["no"]}), http(200, raw=b"null")])
async def test_a_creation_that_leaves_no_trace_is_not_sent_again(nothing: Answer, *, as_sub_tenant: bool) -> None:
    """What is read may lag behind what was written; the error has the id, by which it can be found later."""
    async with raw_server(http(201), nothing) as server, make_client(server.url) as client:
        arguments: dict[str, Any] = {"name": "n", **({"parent_tenant_id": "p"} if as_sub_tenant else {})}
        resource: Any = client.sub_tenants if as_sub_tenant else client.tenants
        with pytest.raises(OutcomeUnknownError, match="a later read does not show the requested change") as caught:
            await resource.create(**arguments)
    assert [request.method for request in server.requests] == ["POST", "GET"]
    assert caught.value.asked["tenant_id"] == json.loads(server.requests[0].body)["tenantId"]


async def test_a_creation_of_something_else_is_unknown() -> None:
    """There is a tenant with the id, and it is not the one that was asked for."""
    async with (
        raw_server(http(201), http(200, tenant_row("t1", name="old"))) as server,
        make_client(server.url) as client,
    ):
        with pytest.raises(OutcomeUnknownError):
            await client.tenants.create(tenant_id="t1", name="n")
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    ("sent_website", "shown_website"),
    [
        ("https://n.example/", "https://n.example"),
        (" https://n.example", "https://n.example"),
        (None, ""),
        (None, None),
    ],
)
async def test_what_the_service_writes_otherwise_is_no_contradiction(
    sent_website: str | None, shown_website: str | None
) -> None:
    """It may trim texts, and show a cleared one as empty."""
    row = tenant_row("t1", website=shown_website)
    async with raw_server(http(200), http(200, row)) as server, make_client(server.url) as client:
        assert (await client.tenants.update("t1", website=sent_website)).website == shown_website


async def test_an_operation_of_ones_own_is_done() -> None:
    """Nothing tells how to read its result."""
    async with raw_server(http(200)) as server, make_client(server.url) as client:
        with pytest.raises(ResultLostError) as caught:
            await client.send(tenants.UPDATE, path={"tenant_id": "t1"}, body={"name": "n"})
        own = Endpoint(name="own.thing", method="POST", path="/x", auth=Auth.ENVIRONMENT, returns=Tenant)
        with pytest.raises(ResultLostError, match=r"^own.thing was done"):
            await client.send(own, body={})
    assert (caught.value.outcome, len(server.requests)) == (Outcome.DONE, 2)


async def test_the_answer_to_a_write_that_returns_nothing_has_its_head() -> None:
    """Status, headers and trace id came; the body was cut, and is of no use."""
    cut = Answer(b"HTTP/1.1 201 Created\r\nfrontegg-trace-id: abc\r\nContent-Length: 9\r\n\r\n{", then="close")
    async with raw_server(cut) as server, make_client(server.url) as client:
        done = await client.send(tenants.LOCK, body={"tenantIds": ["t1"]})
        assert (done.status, done.trace_id, done.headers["content-length"]) == (201, "abc", "9")
        with pytest.raises(ResultLostError) as caught:
            await client.migrations.start(["t1"])
    assert caught.value.trace_id == "abc"


async def test_a_read_is_made_again() -> None:
    """A success without a body tells nothing about a read."""
    ok = http(200, tenant_row("t1"))
    async with raw_server(http(200), ok, CUT, ok) as server, make_client(server.url) as client:
        await client.tenants.get("t1")
        await client.tenants.get("t1")
    assert len(server.requests) == 4


async def test_the_read_has_the_time_that_is_left_and_retries_of_its_own() -> None:
    """Not to know costs more than to wait."""
    clock = FakeClock()
    busy = http(503, headers={"Retry-After": "40"})
    script = (http(200), busy, http(200, tenant_row("t1", name="n")))
    async with raw_server(*script) as server, make_client(server.url, clock=clock) as client:
        done = await client.tenants.update("t1", name="n", options=Options(max_retries=0, deadline=60.0))
        assert done.name == "n"
        server.script[:] = script
        with pytest.raises(ResultLostError):
            await client.tenants.update("t1", name="n", options=Options(max_retries=0, deadline=30.0))
    assert clock.slept == [40.0]


async def test_a_client_that_is_closed_meanwhile_says_that_it_was_done() -> None:
    """The write is done, whatever becomes of the read."""
    closing: list[asyncio.Task[None]] = []

    def close(_: RawRequest) -> Answer:
        closing.append(asyncio.get_running_loop().create_task(client.aclose()))
        return SILENCE

    async with raw_server(http(200), close) as server:
        client = make_client(server.url)
        with pytest.raises(ClientClosedError) as caught:
            await client.tenants.update("t1", name="n")
        await closing[0]
    assert caught.value.outcome is Outcome.DONE
