"""A 2xx response to a write with the body of a proxy, an error or another object proves nothing."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from frontegg_async import (
    AsyncFrontegg,
    FronteggError,
    NotFoundError,
    Options,
    Outcome,
    OutcomeUnknownError,
    ResponseMismatchError,
    ResultLostError,
)
from frontegg_async._core.call import proofs
from frontegg_async._core.http.attempt_results import RawResponse
from frontegg_async._core.http.transport import Request
from frontegg_async.endpoints import all_endpoints
from frontegg_async.endpoints.tenants import LOCK
from tests.support.clients import make_client
from tests.support.raw_server import Answer, http, raw_server
from tests.support.tenants import tenant_row

pytestmark = pytest.mark.anyio

PAGE: Final = http(200, raw=b"<!doctype html><p>Log in</p>", headers={"Content-Type": "text/html"})
CUT_PAGE: Final = Answer(
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 500\r\n\r\n<html>", then="close"
)
DOUBTFUL: Final = {
    "page": PAGE,
    "cut page": CUT_PAGE,
    "text": http(200, raw=b"OK"),
    "broken": http(200, raw=b'{"tenantId": '),
    "errors": http(200, {"errors": ["Forbidden"]}),
    "message": http(200, {"message": "no Route matched with those values"}),
    "framework": http(200, {"statusCode": 503, "message": "Service Unavailable", "error": "Service Unavailable"}),
    "problem": http(200, {"type": "about:blank", "title": "Bad Gateway", "status": 502}),
    "fault": http(200, {"fault": {"faultstring": "no target"}}),
    "refusal": http(200, {"success": False}),
    "another": http(200, tenant_row("t2")),
    "another kind": http(200, {"id": "u1", "email": "ann@a.example"}),
}
LOCKED: Final = http(200, {"items": [tenant_row("t1", isLocked=True)], "_metadata": {"totalItems": 1}})
OPEN: Final = http(200, {"items": [tenant_row("t1", isLocked=False)], "_metadata": {"totalItems": 1}})


@pytest.mark.parametrize("answer", DOUBTFUL.values(), ids=DOUBTFUL.keys())
async def test_the_state_is_read_back(answer: Answer) -> None:
    """As asked is done; else it is sent again where that is safe."""
    async with raw_server(answer, LOCKED) as server, make_client(server.url) as client:
        await client.tenants.lock(["t1"])
        assert [request.method for request in server.requests] == ["POST", "GET"]
    async with raw_server(answer, OPEN, http(204)) as server, make_client(server.url) as client:
        await client.tenants.lock(["t1"])
        assert [request.method for request in server.requests] == ["POST", "GET", "POST"]
    absent = http(404, {"errors": ["Tenant not found"]})
    async with raw_server(answer, absent) as server, make_client(server.url) as client:
        await client.tenants.delete("t1")
        assert [request.method for request in server.requests] == ["DELETE", "GET"]


@pytest.mark.parametrize("answer", DOUBTFUL.values(), ids=DOUBTFUL.keys())
async def test_what_cannot_be_read_back_is_unknown_and_not_sent_again(answer: Answer) -> None:
    """An e-mail is not sent twice because of a body, and neither is what could be."""
    script = (answer, answer, answer, answer, http(404, raw=b"<html>"))
    async with raw_server(*script) as server, make_client(server.url) as client:
        calls: tuple[Callable[[], Awaitable[None]], ...] = (
            lambda: client.users.resend_invitation("t9", email="ann@b.example"),
            lambda: client.users.end_sessions("u9", tenant_id="t9"),
            lambda: client.tenants.move_users("t8", "t9"),
            lambda: client.tenants.delete("t9"),
        )
        for call in calls:
            with pytest.raises(OutcomeUnknownError):
                await call()
    assert [request.method for request in server.requests] == ["POST", "DELETE", "PUT", "DELETE", "GET"]


@pytest.mark.parametrize(
    "body",
    [None, [], {}, {"ok": True}, "done", 5, {"requestId": "r"}, tenant_row("t1"), [tenant_row("t1")], {"id": "t1"}],
    ids=repr,
)
async def test_any_other_json_has_acted(body: Any) -> None:
    """No source says what these writes return."""
    async with raw_server(http(200, body)) as server, make_client(server.url) as client:
        await client.tenants.delete("t1")
        await client.tenants.lock(["t1"])
    assert len(server.requests) == 2


async def test_a_user_in_another_tenant_is_the_same_user() -> None:
    """The tenant that the user was in last is not the one of the request."""
    user = {"id": "ann", "tenantId": "t2", "tenantIds": ["t1", "t2"], "message": "disabled"}
    async with raw_server(http(200, user)) as server, make_client(server.url) as client:
        await client.users.disable("ann", tenant_id="t1")
    assert len(server.requests) == 1


async def test_an_error_is_no_policy() -> None:
    """All fields of a policy are optional, so that an error could be read as one."""
    error = http(200, {"errors": ["Forbidden"]})
    policy = http(200, {"enforceMFAType": "Force"})
    async with raw_server(policy, error, policy) as server, make_client(server.url) as client:
        made = await client.for_tenant("t1").security.mfa.set(enforce="Force", all_applications=False)
    assert made.enforce == "Force"
    assert [request.method for request in server.requests] == ["GET", "PUT", "GET"]


async def test_an_audit_is_written_unless_an_error_says_otherwise() -> None:
    """It may return any JSON; and what was written cannot be read back."""
    script = (http(202, {"id": 1}), http(202, {"errors": ["no"]}))
    async with raw_server(*script) as server, make_client(server.url) as client:
        audits = client.for_tenant("t1").audits
        await audits.write(severity="Info")
        with pytest.raises(OutcomeUnknownError):
            await audits.write(severity="Info")
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"status": "open", "name": "n"}, False),
        ({"status": 200}, False),
        ({"code": "TR"}, False),
        ({"errors": []}, False),
        ({"status": "error"}, True),
        ({"Error": "x"}, True),
        ({"code": "503"}, True),
        ({"detail": "x"}, True),
        ([1], False),
    ],
)
def test_errors_are_known_by_their_names(value: object, *, expected: bool) -> None:
    """Statuses of accounts and codes of countries are none."""
    assert proofs.is_error(value) is expected


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda each: st.lists(each, max_size=3)))
def test_any_value_under_the_name_of_an_id_is_read(value: object) -> None:
    """A list is read item by item, and no value raises."""
    request = Request("POST", URL("https://api.frontegg.com/lock"), {}, b'{"tenantIds": ["t1"]}')
    for name in ("tenantId", "tenantIds", "id"):
        body = json.dumps([{name: value}, {"tenantIds": ["t0", "t1"]}]).encode()
        answer = RawResponse(200, {}, body)
        is_text = isinstance(value, str) or (isinstance(value, list) and any(isinstance(each, str) for each in value))
        assert is_text or proofs.shows_action(LOCK, request, answer)


async def test_a_404_of_a_proxy_deletes_nothing() -> None:
    """After a lost attempt, only the service's own 404 shows that the object is gone; else it is read."""
    page = http(404, raw=b"<html>404 Not Found</html>", headers={"Content-Type": "text/html"})
    gateway = http(404, {"message": "no Route matched with those values"})
    for late in (page, gateway):
        there = (http(503), late, http(200, tenant_row("t1")))
        async with raw_server(*there) as server, make_client(server.url) as client:
            with pytest.raises(NotFoundError):
                await client.tenants.delete("t1")
            assert [request.method for request in server.requests] == ["DELETE", "DELETE", "GET"]
    async with raw_server(http(503), page, http(404, {"errors": ["no"]})) as server, make_client(server.url) as client:
        await client.tenants.delete("t1")


async def test_an_update_is_about_the_user_in_the_header() -> None:
    """Another user in its response is no success."""
    other = http(200, {"id": "zoe", "email": "zoe@b.example", "tenantId": "t1", "name": "Anna"})
    async with (
        raw_server(other, other, other, other) as server,
        make_client(server.url, options=Options(max_retries=0)) as client,
    ):
        with pytest.raises(OutcomeUnknownError):
            await client.users.update("ann", tenant_id="t1", name="Anna")


@pytest.mark.parametrize(
    "other", ["bob@a.example", "ann@a.example.evil", "Änn@a.example", "\N{KELVIN SIGN}arl@a.example"]
)
async def test_a_look_up_is_about_what_was_asked_for(other: str) -> None:
    """Another address or alias in the response is an error, and the case of ASCII letters is none."""
    user = {"id": "u1", "email": "karl@a.example", "name": "K"}
    script = (
        http(200, user | {"email": other}),
        http(200, user | {"email": " Karl@A.example"}),
        http(200, tenant_row("t1", alias=other)),
        http(200, tenant_row("t1", alias="karl@a.example")),
        http(200, tenant_row("t1")),
    )
    async with raw_server(*script) as server, make_client(server.url) as client:
        with pytest.raises(ResponseMismatchError):
            await client.users.get_by_email("karl@a.example")
        assert (await client.users.get_by_email("karl@a.example")).id == "u1"
        with pytest.raises(ResponseMismatchError):
            await client.tenants.get_by_alias("karl@a.example")
        for _ in range(2):
            assert (await client.tenants.get_by_alias("karl@a.example")).tenant_id == "t1"


def test_each_look_up_compares_what_it_asked_for() -> None:
    """A response about one object names what the request named, by `_subject` or `_echoed`, or tells no such thing."""
    free = [
        each.name
        for each in all_endpoints()
        if each.method == "GET" and each.client and each.fields and each._subject is None and not each._echoed
    ]
    # The responses of these operations contain only ids of other objects.
    assert free == [
        "applications.list_tenants",
        "applications.list_users",
        "applications.list_for_user",
        "hierarchy.list_parents_of",
        "plans.list_features",
        "sso.default_roles.get",
        "sso.groups.list",
        "user_sources.list_users",
    ]


@pytest.mark.parametrize(
    "more", [{"tenantId": "t7"}, {"tenantIds": ["t7"]}, {"vendorId": "v"}, {"id": "x", "tenantId": "t7"}]
)
async def test_only_ids_that_the_request_names_are_compared(more: dict[str, object]) -> None:
    """The service may tell the tenant that an object is of, also where no request names one."""
    made = {"id": "app", "name": "Shop", "appURL": "https://a.example", "loginURL": "https://a.example/l"} | more
    async with raw_server(http(201, made)) as server, make_client(server.url) as client:
        created = await client.applications.create(
            name="Shop", app_url="https://a.example", login_url="https://a.example/l"
        )
    assert created.name == "Shop"
    assert len(server.requests) == 1


async def test_an_empty_404_is_the_edge() -> None:
    """After a lost attempt, it does not show that the object is gone; the state is read."""
    empty = http(404, raw=b"")
    async with raw_server(http(503), empty, http(200, tenant_row("t1"))) as server, make_client(server.url) as client:
        with pytest.raises(NotFoundError):
            await client.tenants.delete("t1")
        assert [request.method for request in server.requests] == ["DELETE", "DELETE", "GET"]
    async with raw_server(http(503), empty, http(200, [])) as server, make_client(server.url) as client:
        await client.tenants.delete("t1")
    async with raw_server(http(503), empty, empty) as server, make_client(server.url) as client:
        with pytest.raises(OutcomeUnknownError):
            await client.tenants.delete("t1")


async def test_settings_that_were_never_set() -> None:
    """The service's own 404 of a read shows that a write was not done, so that it is sent again."""
    never = http(404, {"errors": ["not found"]})
    policy = http(200, {"enforceMFAType": "Force"})
    async with raw_server(never, PAGE, never, policy) as server, make_client(server.url) as client:
        assert (
            await client.for_tenant("t1").security.mfa.set(enforce="Force", all_applications=False)
        ).enforce == "Force"
        assert [request.method for request in server.requests] == ["GET", "PUT", "GET", "PUT"]
    async with raw_server(PAGE, never, http(201)) as server, make_client(server.url) as client:
        await client.sso.settings.set_oidc_config(enabled=True)
        assert [request.method for request in server.requests] == ["POST", "GET", "POST"]
    async with raw_server(PAGE, http(404, raw=b"")) as server, make_client(server.url) as client:
        with pytest.raises(OutcomeUnknownError):
            await client.sso.settings.set_oidc_config(enabled=True)


def _search(*rows: Mapping[str, object]) -> Answer:
    return http(200, {"items": [*rows], "_metadata": {"totalItems": len(rows)}})


async def test_a_full_page_does_not_show_that_something_is_gone() -> None:
    """It may be on the next one: the request, which is safe, is sent again."""
    full = _search(*({"id": f"r{n}"} for n in range(200)))
    async with raw_server(PAGE, full, http(204)) as server, make_client(server.url) as client:
        await client.for_tenant("t1").security.ip_restrictions.delete("r9000")
        assert [request.method for request in server.requests] == ["DELETE", "GET", "DELETE"]
    async with raw_server(PAGE, _search({"id": "r1"})) as server, make_client(server.url) as client:
        await client.for_tenant("t1").security.ip_restrictions.delete("r9000")
        assert [request.method for request in server.requests] == ["DELETE", "GET"]


Case: TypeAlias = tuple[Callable[[AsyncFrontegg], Awaitable[object]], object]

UNTOLD: Final[Mapping[str, Case]] = {
    "targeting": (lambda client: client.jwt_templates.targeting.delete("r1"), {"id": "r2", "rules": []}),
    "nameless row": (lambda client: client.sso.excluded_emails.remove("ann@a.example"), [{"id": "e1"}]),
    "null row": (lambda client: client.sso.excluded_emails.remove("ann@a.example"), [{"email": None}]),
    "roles": (
        lambda client: client.for_tenant("t1").sso.default_roles.set("c1", role_ids=[]),
        {"errors": ["Forbidden"]},
    ),
    "rules": (lambda client: client.jwt_templates.targeting.set(rules=[]), {"id": "r2", "message": "Forbidden"}),
}


@pytest.mark.parametrize(("call", "told"), UNTOLD.values(), ids=UNTOLD.keys())
async def test_a_read_that_does_not_tell_proves_nothing(
    call: Callable[[AsyncFrontegg], Awaitable[object]], told: object
) -> None:
    """Another object, and one without what was asked about, show neither a removal nor settings."""
    async with raw_server(PAGE, http(200, told), http(204)) as server, make_client(server.url) as client:
        await call(client)
        write, read, again = (request.method for request in server.requests)
    assert (read, again) == ("GET", write)


@pytest.mark.parametrize("told", [{}, {"errors": ["Forbidden"]}, {"isActive": None}], ids=repr)
async def test_a_policy_that_is_not_told_was_not_set(told: object) -> None:
    """After a 2xx that proves nothing, all that was sent has to be shown."""
    limits: Case = (
        lambda client: client.for_tenant("t1").security.ip_restrictions.set_config(mode="allow", enabled=True),
        {"isActive": True, "strategy": "ALLOW"},
    )
    rotation: Case = (
        lambda client: client.for_tenant("t1").security.password_rotation.set(
            enabled=True, rotation_period_minutes=90, notification_period_minutes=9
        ),
        {"isActive": True, "rotationPeriod": 90, "notificationPeriod": 9},
    )
    for call, policy in (limits, rotation):
        script = (PAGE, http(200, told), http(200, {}), http(200, policy))
        async with raw_server(*script) as server, make_client(server.url) as client:
            await call(client)
            assert [request.method for request in server.requests] == ["POST", "GET", "POST", "GET"]


async def test_a_migration_of_another_tenant_is_no_success() -> None:
    """Its response may be any object with an id."""
    other = http(202, {"id": "m1", "tenantId": "t2"})
    async with (
        raw_server(other, http(202, {"id": "m1", "tenantId": "t1"})) as server,
        make_client(server.url) as client,
    ):
        with pytest.raises(OutcomeUnknownError):
            await client.migrations.start(["t1"])
        assert (await client.migrations.start(["t1"])).migration_id == "m1"


_NO_ROUTE: Final = http(404, {"statusCode": 404, "error": "Not Found", "message": "Cannot GET /x"})
_GROUP: Final = {"id": "g1", "group": "g", "enabled": True, "roleIds": [], "ssoConfigId": "c1"}


@pytest.mark.parametrize("empty", [("id",), ("ssoConfigId",), ("id", "ssoConfigId")], ids=str)
@pytest.mark.parametrize(
    ("read", "outcome"), [(http(200, [_GROUP]), None), (http(200, []), Outcome.UNKNOWN), (_NO_ROUTE, Outcome.DONE)]
)
async def test_an_empty_id_names_no_other_object(empty: tuple[str, ...], read: Answer, outcome: Outcome | None) -> None:
    """The write is done and never sent again: its result is read, and only a read can contradict it."""
    answer = http(200, _GROUP | dict.fromkeys(empty, ""))
    async with raw_server(answer, read) as server, make_client(server.url) as client:
        call = client.sso.groups.update("t1", "c1", "g1", group="g", role_ids=[])
        if outcome is None:
            assert (await call).id == "g1"
        else:
            with pytest.raises(FronteggError) as caught:
                await call
            assert caught.value.outcome is outcome
    assert [request.method for request in server.requests] == ["PATCH", "GET"]


@pytest.mark.parametrize(
    ("call", "body"),
    [
        (lambda it: it.tenants.update("t1", name="n"), tenant_row("t1", name="n") | {"tenantId": ""}),
        (lambda it: it.users.set_email("u1", email="a@b.example"), {"id": "", "email": "a@b.example"}),
        (lambda it: it.groups.update("t1", "g1", name="n"), {"id": "", "name": "n"}),
        (lambda it: it.roles.update("r1", name="n"), {"id": "", "key": "k", "name": "n"}),
    ],
)
async def test_an_empty_id_of_each_kind_is_no_mismatch(call: Callable[[Any], Awaitable[object]], body: object) -> None:
    """Without a route that reads it, the result is lost, and the write is done."""
    async with raw_server(http(200, body), _NO_ROUTE) as server, make_client(server.url) as client:
        with pytest.raises(ResultLostError) as caught:
            await call(client)
    assert caught.value.outcome is Outcome.DONE
    assert len(server.requests) == 2
