"""Webhooks and prehooks that the emulator calls: what is sent, in which order, and what becomes of failures."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import aiohttp
import attrs
import jwt
import msgspec
import pytest
from aiohttp import web

from frontegg_async import (
    APIError,
    AsyncFrontegg,
    BadRequestError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitError,
    ServerError,
    Webhook,
)
from frontegg_async.emulator import AsyncEmulatorHandle, Emulator
from frontegg_async.emulator.admin.changes import OperationCall, make_undoable, run_calls
from frontegg_async.emulator.http import deliverer
from frontegg_async.emulator.http.deliverer import body_of
from frontegg_async.emulator.http.hook_calls import CallFailedError, HookCalls, is_loopback, sign, text_of
from frontegg_async.emulator.rules.registry import RULES
from frontegg_async.emulator.world.events import EmulatedEvent
from frontegg_async.webhooks import WebhookVerifier
from tests.emulator.support import Service, make_environment, until

pytestmark = pytest.mark.anyio

SECRET: Final = "a secret of the webhook, longer than thirty-two bytes"
CREATED: Final = "frontegg.tenant.created"
Answer = Callable[[Any], Awaitable[web.Response]]


@attrs.frozen
class Call:
    """A call that arrived."""

    headers: Mapping[str, str]
    raw: bytes

    @property
    def signature(self) -> str | None:
        """Its header with the JWT."""
        return self.headers.get("x-webhook-secret")

    @property
    def body(self) -> Any:
        """Its body, parsed."""
        return json.loads(self.raw)


@attrs.define
class Receiver:
    """Receives calls, and answers them."""

    url: str = ""
    calls: list[Call] = attrs.field(factory=list)
    status: int = 204
    answer: object = None
    gate: asyncio.Event = attrs.field(factory=asyncio.Event)

    async def handle(self, request: web.BaseRequest) -> web.Response:
        """Note a call and answer it, while the gate is open."""
        self.calls.append(Call(request.headers.copy(), await request.read()))
        await self.gate.wait()
        if self.answer is None:
            return web.Response(status=self.status, headers={"Location": f"{self.url}?again"})
        return web.json_response(self.answer, status=self.status)

    def tenants(self) -> list[str]:
        """The tenants of the calls, in order."""
        return [call.body["eventContext"]["tenantId"] for call in self.calls]


@attrs.frozen
class Stage:
    """An emulator, its client, and a receiver."""

    emulator: AsyncEmulatorHandle
    frontegg: AsyncFrontegg
    receiver: Receiver

    async def webhook(self, **changes: Any) -> Webhook:
        """Create a webhook of the receiver."""
        fields = {"url": self.receiver.url, "secret": SECRET, "event_keys": [CREATED], **changes}
        return await self.frontegg.webhooks.of_environment.create(**fields)

    async def create(self, *tenant_ids: str) -> None:
        """Create tenants, and wait for the deliveries."""
        for tenant_id in tenant_ids:
            await self.frontegg.tenants.create(tenant_id=tenant_id, name=tenant_id)
        await self.emulator.deliveries_done()


@asynccontextmanager
async def receiver() -> AsyncIterator[Receiver]:
    """A receiver that listens."""
    made = Receiver()
    made.gate.set()
    runner = web.ServerRunner(web.Server(made.handle), shutdown_timeout=0.05)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    made.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook?key=1"
    try:
        yield made
    finally:
        made.gate.set()
        await runner.cleanup()


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    """An emulator with a receiver."""
    async with receiver() as made, Emulator() as emulator, emulator.client() as frontegg:
        yield Stage(emulator, frontegg, made)


async def test_what_is_sent(stage: Stage) -> None:
    """The event with its subject, signed by the secret at the time of the environment, each in order."""
    now = await stage.emulator.clock(freeze=True)
    hook = await stage.webhook(event_keys=[CREATED, "frontegg.tenant.locked", "frontegg.tenantApiToken.created"])
    await stage.create("a")
    await stage.frontegg.tenants.lock(["a"])
    await stage.frontegg.tenants.update("a", name="Not asked for")
    token = await stage.frontegg.api_tokens.create("a")
    await stage.emulator.deliveries_done()

    created, locked, of_token = stage.receiver.calls
    vendor_id = hook.vendor_id
    assert created.body["eventContext"] == {"vendorId": vendor_id, "tenantId": "a"}
    assert (created.body["eventKey"], created.body["tenant"]["name"]) == (CREATED, "a")
    assert locked.body["tenant"]["isLocked"] is True
    assert of_token.body["tenantApiToken"]["clientId"] == token.client_id
    assert token.secret.reveal().encode() not in of_token.raw
    claims = jwt.decode(created.signature or "", SECRET, ["HS256"], options={"verify_exp": False})
    assert claims == {"iat": int(now.timestamp()), "exp": int(now.timestamp()) + 300}
    for call in stage.receiver.calls:
        WebhookVerifier(SECRET, max_age=1, clock=stage.emulator.time).verify(call.headers)

    first, *_ = [delivery async for delivery in stage.frontegg.webhooks.of_environment.logs(hook.id, page_size=2)][::-1]
    assert (first.status_code, first.body, first.tenant_id) == (204, created.raw.decode(), "a")
    assert (await stage.frontegg.webhooks.of_environment.get(hook.id)).invocations == 3
    shown = (await stage.emulator.deliveries())[0]
    assert (shown.url, shown.status, shown.cause) == (stage.receiver.url.partition("?")[0], 204, "event")


async def test_the_headers_of_a_delivery(stage: Stage) -> None:
    """Events, redeliveries, tests and prehooks have those of a recorded delivery; each call has an id of its own."""
    hook = await stage.webhook()
    await prehook(stage)
    stage.receiver.status, stage.receiver.answer = 200, {"continue": True}
    await stage.create("a")
    log = await stage.frontegg.webhooks.of_environment.logs(hook.id).first()
    assert log is not None
    await stage.frontegg.webhooks.of_environment.redeliver(log.id)
    await stage.frontegg.webhooks.test("a", url=stage.receiver.url, secret=SECRET)
    ids = [call.headers["frontegg-trace-id"] for call in stage.receiver.calls]
    assert [str(uuid.UUID(each)) for each in ids] == ids
    assert len(set(ids)) == 4
    for call in stage.receiver.calls:
        assert call.headers["User-Agent"] == "FrontEgg HTTP Client"
        assert call.headers["Accept"] == "application/json, text/plain, */*"
        WebhookVerifier(SECRET).verify(call.headers)


async def test_a_webhook_without_a_secret(stage: Stage) -> None:
    """Clients send null for it; its calls, redeliveries and tests are not signed."""
    await stage.create("a")
    fields = {"url": stage.receiver.url, "secret": None, "eventKeys": ["frontegg.tenant.locked"], "isActive": True}
    async with aiohttp.ClientSession() as session:
        service, headers = Service(stage.emulator, session), {"frontegg-tenant-id": "a"}
        await service.authenticate()
        made = await service.send("POST", "/webhook/custom", fields, headers=headers)
        assert (made.status, made.json["secret"]) == (201, None)
        await stage.frontegg.tenants.lock(["a"])
        await stage.emulator.deliveries_done()
        log = await stage.frontegg.webhooks.logs("a", made.json["_id"]).first()
        assert log is not None
        await stage.frontegg.webhooks.redeliver("a", log.id)
        body = {"url": stage.receiver.url, "secret": None}
        assert (await service.send("POST", "/webhook/test", body, headers=headers)).status == 201
    assert [call.signature for call in stage.receiver.calls] == [None] * 3


@pytest.mark.parametrize(
    ("switch", "expected"),
    [
        ("subject", {"user": {"id": "u"}}),
        ("data", {"data": {"id": "u"}}),
        ("top_level", {"id": "u"}),
        ("none", {}),
    ],
)
async def test_forms_of_a_body(switch: str, expected: dict[str, object]) -> None:
    """Where the subject is; what an event has not is left out."""
    environment = make_environment(webhook_subject=switch)
    event = EmulatedEvent(
        key="frontegg.user.app.assigned", subject={"id": "u"}, tenant_id="t", user_id="u", application_id="a"
    )
    body = json.loads(body_of(environment, event))
    context = {"vendorId": environment.vendor_id, "tenantId": "t", "userId": "u", "applicationId": "a"}
    assert body == {"eventKey": event.key, "eventContext": context, **expected}


@pytest.mark.parametrize(
    ("switch", "expected"), [("iat_exp", {"iat": 7, "exp": 307}), ("iat", {"iat": 7}), ("none", {})]
)
async def test_forms_of_the_claims(switch: str, expected: dict[str, int]) -> None:
    """Those of the switch, and the header is that of a JWT."""
    signed = sign(SECRET, 7.9, make_environment(webhook_claims=switch).behaviour)
    assert jwt.decode(signed, SECRET, ["HS256"], options={"verify_exp": False}) == expected
    assert jwt.get_unverified_header(signed) == {"alg": "HS256", "typ": "JWT"}


async def test_five_failures_in_a_row(stage: Stage) -> None:
    """They disable a webhook; what waits for it is not sent, until it is set active again."""
    hook = await stage.webhook()
    stage.receiver.status = 500
    await stage.create("1", "2", "3", "4")
    stage.receiver.status = 200
    await stage.create("good")
    stage.receiver.status = 302
    stage.receiver.gate.clear()
    for name in "abcdef":
        await stage.frontegg.tenants.create(tenant_id=name, name=name)
    stage.receiver.gate.set()
    await stage.create()
    assert stage.receiver.tenants()[5:] == list("abcde")
    assert not (await stage.frontegg.webhooks.of_environment.get(hook.id)).is_active
    await stage.create("late")
    assert len(stage.receiver.calls) == 10
    log = await stage.frontegg.webhooks.of_environment.logs(hook.id).first()
    assert log is not None
    assert (await stage.frontegg.webhooks.of_environment.redeliver(log.id)).tenant_id == "f"
    assert stage.receiver.calls.pop().body["tenant"]["name"] == "f"
    await stage.frontegg.webhooks.of_environment.update(hook.id, is_active=True)
    await stage.create("again")
    assert stage.receiver.tenants()[10:] == ["again"]
    assert (await stage.frontegg.webhooks.of_environment.get(hook.id)).is_active

    await stage.emulator.set_divergence("webhook_after_failures", "go_on")
    await stage.create(*"vwxyz", "last")
    assert (await stage.frontegg.webhooks.of_environment.get(hook.id)).is_active


async def test_faults(stage: Stage) -> None:
    """Deliveries are lost, doubled, late and out of order; requests are not affected."""
    await stage.webhook()
    lost = await stage.emulator.add_fault(stage="delivery", action={"type": "lose"}, match={"nth": 1})
    await stage.emulator.add_fault(
        stage="delivery", action={"type": "double"}, match={"event": "frontegg.tenant.*", "nth": 2}
    )
    await stage.emulator.add_fault(stage="delivery", action={"type": "swap"}, match={"event": CREATED, "nth": 3})
    await stage.emulator.add_fault(stage="delivery", action={"type": "delay", "seconds": 0.01}, match={"nth": 4})
    await stage.emulator.add_fault(stage="delivery", action={"type": "lose"}, match={"event": "frontegg.user.created"})
    for name in "abcd":
        await stage.frontegg.tenants.create(tenant_id=name, name=name)
    await stage.emulator.deliveries_done()
    assert stage.receiver.tenants() == ["b", "b", "d", "c"]
    once, twice, *_ = stage.receiver.calls
    assert once == twice
    first, *_ = await stage.emulator.deliveries()
    assert (first.faults, first.failure, first.status) == ((lost,), "a fault has lost it", None)
    assert [each["fired"] for each in await stage.emulator.faults()] == [1, 1, 1, 1, 0]

    await stage.emulator.add_fault(stage="delivery", action={"type": "swap"})
    await stage.create("held")
    assert stage.receiver.tenants()[4:] == ["held"]


async def test_by_hand(stage: Stage) -> None:
    """A redelivery has the same body and a header of its own, also when the webhook is off; a test is signed too."""
    hook = await stage.webhook()
    await stage.create("a")
    await stage.frontegg.webhooks.of_environment.update(hook.id, is_active=False)
    await stage.emulator.clock(advance=5)
    log = await stage.frontegg.webhooks.of_environment.logs(hook.id).first()
    assert log is not None
    again = await stage.frontegg.webhooks.of_environment.redeliver(log.id)
    once, twice = stage.receiver.calls
    assert once.raw == twice.raw
    assert once.signature != twice.signature
    assert (again.status_code, again.webhook_id, again.tenant_id) == (204, hook.id, "a")

    tested = await stage.frontegg.webhooks.of_environment.test(
        url=stage.receiver.url, secret=SECRET, payload={"any": [None]}
    )
    assert (tested.status_code, tested.webhook_id, stage.receiver.calls[2].raw) == (204, None, b'{"any":[null]}')
    jwt.decode(stage.receiver.calls[2].signature or "", SECRET, ["HS256"], leeway=60)
    await stage.emulator.set_divergence("webhook_test_header", "missing")
    await stage.emulator.set_divergence("webhook_log_body", "received")
    stage.receiver.answer = {"seen": True}
    stage.receiver.status = 200
    tested = await stage.frontegg.webhooks.of_environment.test(url=stage.receiver.url, secret=SECRET)
    assert stage.receiver.calls[3].signature is None
    assert tested.body == '{"seen": true}'


async def test_requests_do_not_wait(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """A webhook that does not answer delays neither requests nor the end; a full queue takes no more."""
    monkeypatch.setattr(deliverer, "MAX_WAITING", 2)
    monkeypatch.setattr(deliverer, "MAX_ROWS", 4)
    stage.receiver.gate.clear()
    hook = await stage.webhook()
    for name in "abcde":
        await stage.frontegg.tenants.create(tenant_id=name, name=name)
        await until(lambda: _is_called(stage))
    assert [each.failure and each.failure[-7:] for each in await stage.emulator.deliveries()] == [
        None,
        None,
        "already",
        "already",
    ]
    await stage.frontegg.webhooks.of_environment.delete(hook.id)
    stage.receiver.gate.set()
    await stage.emulator.deliveries_done()
    assert stage.receiver.tenants() == ["a"]
    assert (await stage.emulator.deliveries())[0].failure == "the webhook is deleted"
    await stage.webhook()
    stage.receiver.gate.clear()
    await stage.frontegg.tenants.create(name="Unanswered")
    await stage.emulator.reset()


@pytest.mark.parametrize("scope", ["all", "one"])
async def test_replaced_data_drops_what_is_waiting(stage: Stage, scope: str) -> None:
    """The events of the data before: they are not sent to a webhook that a snapshot brings back, nor waited for."""
    hook = await stage.webhook()
    emulator = stage.emulator if scope == "all" else stage.emulator.environment(stage.emulator.client_id)
    before = await emulator.snapshot()
    stage.receiver.gate.clear()
    replacements: list[Callable[[], Awaitable[None]]] = [lambda: emulator.restore(before), emulator.reset]
    for replace in replacements:
        await stage.emulator.add_fault(stage="delivery", action={"type": "swap"}, match={"nth": 3})
        for name in "abc":
            await stage.frontegg.tenants.create(tenant_id=name, name=name)
        await until(lambda: _is_called(stage))
        await replace()
        await stage.emulator.deliveries_done()
        assert stage.receiver.tenants() == ["a"]
        assert await stage.emulator.deliveries() == []
        stage.receiver.calls.clear()
    await emulator.restore(before)
    stage.receiver.gate.set()
    await stage.create("d")
    assert stage.receiver.tenants() == ["d"]
    assert (await stage.frontegg.webhooks.of_environment.get(hook.id)).invocations == 1


async def _is_called(stage: Stage) -> bool:
    return bool(stage.receiver.calls)


@pytest.mark.parametrize(
    ("switch", "told"), [("all_tenants", ["a", "a", "a", "b"]), ("none", ["a", "a"])], ids=["all tenants", "none"]
)
async def test_whose_events_a_webhook_gets(stage: Stage, switch: str, told: list[str]) -> None:
    """Those of its tenant, by whomever it was made, or with the environment's id those of all; each sees its own."""
    await stage.emulator.set_divergence("webhooks_of_environment", switch)
    await stage.create("a", "b")
    token = await stage.emulator.user_token(tenant_id="a", email="ann@a.example", permissions=["fe.connectivity.*"])
    user, webhooks = stage.frontegg.as_user(token.access_token), stage.frontegg.webhooks
    fields: Any = {"url": stage.receiver.url, "secret": SECRET, "event_keys": ["frontegg.tenant.locked"]}
    by_user = await user.webhooks.create(**fields)
    of_a = await webhooks.create("a", **fields)
    of_all = await webhooks.of_environment.create(**fields)
    assert [each.id for each in await webhooks.list("a")] == [by_user.id, of_a.id]
    assert await user.webhooks.list() == await stage.frontegg.for_tenant("a").webhooks.list()
    assert await webhooks.list("b") == ()
    assert [each.id for each in await webhooks.of_environment.list()] == [of_all.id]
    await stage.frontegg.tenants.lock(["b", "a"])
    await stage.emulator.deliveries_done()
    assert sorted(stage.receiver.tenants()) == told
    assert await webhooks.logs("b", of_a.id).all() == []
    (log,) = await webhooks.logs("a", of_a.id).all()
    for other in (stage.frontegg.for_tenant("b").webhooks, webhooks.of_environment):
        for call in (other.redeliver(log.id), other.update(of_a.id, is_active=False), other.delete(of_a.id)):
            with pytest.raises(NotFoundError):
                await call
    await stage.emulator.restore(await stage.emulator.snapshot())
    assert [each.id for each in await webhooks.of_environment.list()] == [of_all.id]
    await stage.frontegg.tenants.delete("a")
    await stage.create("a")
    assert await webhooks.list("a") == ()


@pytest.mark.parametrize(
    ("switch", "statuses"), [("tenant", [403, 200]), ("serve", [200, 200]), ("refuse", [401, 401])]
)
async def test_webhooks_with_the_credential_of_the_environment(stage: Stage, switch: str, statuses: list[int]) -> None:
    """A call needs the tenant header, as was seen live; what was believed before are values of a switch."""
    await stage.create("a")
    await stage.emulator.set_divergence("webhooks_by_vendor", switch)
    async with aiohttp.ClientSession() as session:
        service = Service(stage.emulator, session)
        await service.authenticate()
        for path in ("/webhook", "/webhook/logs?id=x", "/webhook/logs/?id=x"):
            answers = [await service.send("GET", path, headers=each) for each in ({}, {"frontegg-tenant-id": "a"})]
            assert [answer.status for answer in answers] == statuses
        for method, path in (
            ("POST", "/webhook/custom"),
            ("PATCH", "/webhook/x"),
            ("DELETE", "/webhook/x"),
            ("POST", "/webhook/test"),
            ("POST", "/webhook/logs/x/retries"),
        ):
            refused = await service.send(method, path)
            assert (refused.json.get("errors") == ["Tenant ID is not specified"]) is (switch == "tenant")


async def test_which_changes_of_a_tenant_are_told(stage: Stage) -> None:
    """Those of its fields, and by a switch all others."""
    await stage.create("a", "b")
    await stage.webhook(event_keys=["frontegg.tenant.updated"])
    for total in (1, 6):
        await stage.frontegg.tenants.add_metadata("a", {"plan": "pro"})
        await stage.frontegg.account_settings.update("a", currency="EUR")
        await stage.frontegg.tenants.update("a", is_reseller=True)
        await stage.frontegg.hierarchy.assign("b", "a")
        await stage.frontegg.hierarchy.remove("b", "a")
        await stage.emulator.deliveries_done()
        assert len(stage.receiver.calls) == total
        await stage.emulator.set_divergence("tenant_updated_event", "everything")


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://127.0.0.1:9/", "ClientConnectorError"),
        ("https://app.example.com/", "allow_nonloopback_hooks"),
    ],
)
async def test_calls_that_fail(stage: Stage, url: str, words: str) -> None:
    """Nobody listens, or the address is of another machine."""
    assert (await stage.frontegg.webhooks.of_environment.test(url=url, secret="s")).status_code is None
    (delivery,) = await stage.emulator.deliveries()
    assert words in (delivery.failure or "")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://127.0.0.1:1/", True),
        ("http://127.8.9.1/", True),
        ("http://[::1]/", True),
        ("http://localhost./", True),
        ("http://hooks.localhost/", True),
        ("http://10.0.0.1/", False),
        ("http://localhost.example.com/", False),
        ("http://notlocalhost/", False),
        ("http://127.0.0.1@example.com/", False),
        ("http://0.0.0.0/", False),
    ],
)
async def test_what_is_this_machine(url: str, expected: bool) -> None:
    """By the name alone: no name is looked up."""
    assert is_loopback(url) is expected


async def test_limits_of_a_call() -> None:
    """It ends after its time, a large response is cut off, and other hosts are called when that is allowed."""
    calls = HookCalls(any_host=True)
    async with receiver() as made:
        made.gate.clear()
        with pytest.raises(CallFailedError, match=r"no response within 0\.01 seconds"):
            await calls.post(made.url, b"{}", {}, 0.01)
        made.gate.set()
        made.status, made.answer = 200, "x" * 100_000
        assert len((await calls.post(made.url, b"{}", {}, 5)).body) == 65_536
    with pytest.raises(CallFailedError, match="ClientConnectorError"):
        await calls.post("http://0.0.0.0:9/", b"{}", {}, 5)
    with pytest.raises(CallFailedError, match="Error"):
        await calls.post("http://127.0.0.1:99999/", b"{}", {}, 5)
    await calls.close()
    await calls.close()
    assert text_of(b"\xff") == "\ufffd"


async def test_no_hook_calls_the_emulator_itself(stage: Stage) -> None:
    """Its admin API needs no credential: such an address is refused, and a call that gets there by another name too."""
    port = urlsplit(stage.emulator.url).port
    own = [f"http://{host}:{port}/_emulator/v1/reset" for host in ("127.0.0.1", "LOCALHOST.", "[::1]", "127.9.9.9")]
    for url in own:
        with pytest.raises(BadRequestError, match="url must not be the emulator itself"):
            await stage.webhook(url=url)
        with pytest.raises(BadRequestError, match="url must not be the emulator itself"):
            await prehook(stage, url=url)
    hook = await stage.webhook()
    with pytest.raises(BadRequestError, match="url must not be the emulator itself"):
        await stage.frontegg.webhooks.of_environment.update(hook.id, url=own[0])

    calls = HookCalls(any_host=True)
    response = await calls.post(f"http://0.0.0.0:{port}/_emulator/v1/reset", b"{}", {}, 5)
    await calls.close()
    assert (response.status, b"refuses calls of webhooks" in response.body) == (403, True)
    assert await stage.frontegg.webhooks.of_environment.get(hook.id)


async def test_a_subject_that_is_no_json(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    """A rule that emits one is wrong: that is logged, and what comes after it is delivered."""
    await stage.webhook()
    environment = stage.emulator._verbs.one
    environment.emit(CREATED, object(), tenant_id="wrong")
    await stage.create("a")
    assert stage.receiver.tenants() == ["a"]
    assert "the emulator failed to make the body of a webhook" in caplog.text


async def test_undo(stage: Stage) -> None:
    """Deliveries are no obstacle to undoing a change, and one that is made by the dashboard is told."""
    await stage.webhook()
    verbs = stage.emulator._verbs
    call = OperationCall(operation="tenants.create", body={"tenantId": "a", "name": "A"})
    make_undoable(verbs, "Create A", lambda: run_calls(verbs, [call]))
    assert await stage.frontegg.tenants.list().count() == 1
    await stage.emulator.deliveries_done()
    assert stage.receiver.tenants() == ["a"]
    (delivery,) = await stage.emulator.deliveries()
    again = OperationCall(operation="webhooks.redeliver", path={"log_id": delivery.id})
    assert run_calls(verbs, [again])[0]["status"] == 201
    await stage.emulator.deliveries_done()
    assert stage.receiver.tenants() == ["a", "a"]
    assert verbs.undo() == {"undone": "Create A"}


async def prehook(stage: Stage, fail_method: Any = "close", **changes: Any) -> None:
    """Create a prehook of the receiver for all events of tenants."""
    keys = ["CREATE_TENANT", "UPDATE_TENANT", "DELETE_TENANT"]
    fields = {"url": stage.receiver.url, "secret": SECRET, "event_keys": keys, "fail_method": fail_method, **changes}
    await stage.frontegg.prehooks.create(**fields)


async def test_a_prehook_allows(stage: Stage) -> None:
    """It is asked before each event, with the same header as a webhook."""
    await prehook(stage)
    stage.receiver.status, stage.receiver.answer = 200, {"continue": True}
    await stage.create("a")
    await stage.frontegg.tenants.update("a", name="B")
    await stage.frontegg.tenants.delete("a")
    keys = [call.body["eventKey"] for call in stage.receiver.calls]
    assert keys == ["CREATE_TENANT", "UPDATE_TENANT", "DELETE_TENANT"]
    assert stage.receiver.tenants() == ["a", "a", "a"]
    assert stage.receiver.calls[1].body["data"] == {"name": "B"}
    jwt.decode(stage.receiver.calls[0].signature or "", SECRET, ["HS256"])


async def test_prehooks_about_users(stage: Stage) -> None:
    """They are asked before invitations, changes, deletions and tokens, and told no password."""
    keys = {
        "USER_INVITE": (
            "sub_tenants.users.add sub_tenants.users.add_many users.add_to_tenant users.bulk_invite users.invite "
            "users.invite_v1"
        ),
        "USER_UPDATE": "me.update_profile users.replace users.set_email users.update",
        "USER_DELETE": "sub_tenants.users.remove team_members.remove users.remove",
        "JWT_GENERATION": (
            "sessions.exchange_api_token sessions.exchange_api_token_v1 sessions.login sessions.refresh "
            "sessions.refresh_api_token sessions.refresh_api_token_v1"
        ),
    }
    for key, names in keys.items():
        assert sorted(name for name, rule in RULES.items() if rule.prehook == key) == names.split()
    await stage.create("a")
    await prehook(stage, event_keys=list(keys))
    stage.receiver.status, stage.receiver.answer = 200, {"continue": True}
    async with aiohttp.ClientSession() as session:
        service = Service(stage.emulator, session)
        await service.authenticate()
        ann = {"email": "ann@a.example", "password": "emu-ann"}
        path, headers = "/identity/resources/users/bulk/v1/invite", {"frontegg-tenant-id": "a"}
        assert (await service.send("POST", path, {"users": [ann]}, headers=headers)).status == 202
        user_id = (await service.send("POST", "/identity/resources/auth/v1/user", ann)).json["userId"]
        await service.send("DELETE", f"/identity/resources/users/v1/{user_id}", headers=headers)
    bodies = [call.body for call in stage.receiver.calls]
    assert [(body["eventKey"], body["eventContext"].get("userId")) for body in bodies] == [
        ("USER_INVITE", None),
        ("JWT_GENERATION", user_id),
        ("USER_DELETE", user_id),
    ]
    assert bodies[1]["eventContext"]["tenantId"] == "a"
    assert bodies[0]["data"] == {"users": [{"email": "ann@a.example"}]}
    assert "emu-ann" not in str(bodies)


@pytest.mark.parametrize(
    ("response", "plan", "roles"),
    [
        ({"claims": {"plan": "pro", "roles": ["guest"], "sub": "no", "tenantId": "no"}}, "pro", ["guest"]),
        ({"claims": "no object"}, None, ["ReadOnly"]),
        (None, None, ["ReadOnly"]),
    ],
)
async def test_a_prehook_gives_claims(stage: Stage, response: object, plan: object, roles: list[str]) -> None:
    """It replaces claims of tokens that are issued, except those that say whose they are."""
    await stage.create("a")
    ann = {"email": "ann@a.example", "password": "emu-ann"}
    await stage.emulator.seed(users=[{**ann, "id": "ann", "tenantId": "a", "roles": ["ReadOnly"]}])
    await prehook(stage, event_keys=["JWT_GENERATION"])
    await stage.webhook(event_keys=["frontegg.user.failedAuthentication"])
    stage.receiver.status, stage.receiver.answer = 200, {"continue": True, "response": response}
    async with aiohttp.ClientSession() as session:
        service = Service(stage.emulator, session)
        path = "/identity/resources/auth/v1/user"
        tokens = [(await service.send("POST", path, ann)).json]
        body, headers = {"refreshToken": tokens[0]["refreshToken"]}, {"frontegg-vendor-host": "a.example"}
        tokens.append((await service.send("POST", f"{path}/token/refresh", body, headers=headers)).json)
        for token in tokens:
            said = jwt.decode(token["accessToken"], options={"verify_signature": False})
            assert (said.get("plan"), said["roles"], said["sub"], said["tenantId"]) == (plan, roles, "ann", "a")
        assert stage.receiver.calls[0].body["data"]["claims"]["roles"] == ["ReadOnly"]
        assert (await service.send("POST", path, {**ann, "password": "emu-wrong"})).status == 401
    await stage.emulator.deliveries_done()
    (failure,) = stage.receiver.calls[2:]
    assert failure.body["eventKey"] == "frontegg.user.failedAuthentication"
    assert failure.body["eventContext"]["userId"] == "ann"


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        ({"status": 422, "message": ["Too", "small"]}, 422, "Too, small"),
        ({"status": 400, "message": "No"}, 400, "No"),
        ({"status": 500, "message": "No"}, 403, "No"),
        ("no object", 403, "Refused by a prehook"),
        (None, 403, "Refused by a prehook"),
    ],
)
async def test_a_prehook_refuses(stage: Stage, error: object, status: int, words: str) -> None:
    """The request is refused with its status, and nothing has changed."""
    await prehook(stage, "open")
    await stage.webhook()
    stage.receiver.status, stage.receiver.answer = 200, {"continue": False, "error": error}
    with pytest.raises((BadRequestError, PermissionDeniedError)) as caught:
        await stage.create("a")
    assert (caught.value.status, caught.value.messages) == (status, (words,))
    assert await stage.frontegg.tenants.list().count() == 0
    assert len(stage.receiver.calls) == 1


async def test_a_prehook_refuses_rows(stage: Stage, tmp_path: Path) -> None:
    """Of bulk work, of which it is no failure as a whole."""
    await prehook(stage)
    stage.receiver.status, stage.receiver.answer = 200, {"continue": False, "error": {"status": 422, "message": "No"}}
    rows = [{"tenant_id": each, "name": each} for each in "ab"]
    report = await stage.frontegg.bulk.create(rows, ledger=str(tmp_path / "ledger"), on_bad_row="report")
    assert (report.succeeded, report.failed, report.unknown) == (0, 2, 0)


async def test_a_prehook_that_asks_for_another_try(stage: Stage) -> None:
    """Its status is passed on, which nothing tells from a rate limit; with a switch it is 403."""
    await prehook(stage)
    await stage.emulator.set_divergence("prehook_status", "refusals")
    for status in (401, 408, 425, 429):
        stage.receiver.status = 200
        stage.receiver.answer = {"continue": False, "error": {"status": status, "message": "No"}}
        with pytest.raises(PermissionDeniedError, match="No"):
            await stage.create("a")
    await stage.emulator.set_divergence("prehook_status", "all")
    with pytest.raises(RateLimitError, match="No"):
        await stage.frontegg.with_options(max_retries=0).tenants.create(name="A")


@pytest.mark.parametrize(
    ("status", "answer"),
    [(500, {"continue": True}), (200, {"continue": "yes"}), (200, [True]), (204, None), (302, None)],
)
async def test_a_prehook_fails(stage: Stage, status: int, answer: object) -> None:
    """With OPEN the event goes on, with CLOSE it is refused, by the status of a switch."""
    stage.receiver.status, stage.receiver.answer = status, answer
    await prehook(stage, "open")
    await stage.create("a")
    (hook,) = await stage.frontegg.prehooks.list()
    await stage.frontegg.prehooks.update(hook.id, fail_method="close")
    for value, kind in ((403, PermissionDeniedError), (500, ServerError)):
        await stage.emulator.set_divergence("failed_prehook", value)
        options = stage.frontegg.with_options(max_retries=0)
        with pytest.raises(APIError) as caught:
            await options.tenants.create(tenant_id="b", name="B")
        assert isinstance(caught.value, kind)
    await stage.frontegg.prehooks.update(hook.id, is_active=False)
    await stage.create("b")


async def test_blocking_verbs() -> None:
    """The handle of a thread waits for deliveries too."""

    def block() -> None:
        with Emulator() as emulator, emulator.client() as frontegg:
            frontegg.webhooks.of_environment.create(url="http://127.0.0.1:9/", secret="s", event_keys=[CREATED])
            frontegg.tenants.create(name="A")
            emulator.deliveries_done()
            (delivery,) = emulator.deliveries()
            assert delivery.failure
            with pytest.raises(RuntimeError, match="thread of the emulator"):
                emulator._thread.call(emulator.deliveries_done)

    await asyncio.to_thread(block)


async def test_the_log_survives(stage: Stage) -> None:
    """A snapshot has webhooks and their log, and restoring it calls nobody."""
    await stage.webhook()
    await stage.create("a")
    snapshot = await stage.emulator.snapshot()
    await stage.emulator.reset()
    await stage.emulator.restore(snapshot)
    await stage.emulator.deliveries_done()
    assert [delivery.status for delivery in await stage.emulator.deliveries()] == [204]
    assert len(stage.receiver.calls) == 1
    assert msgspec.json.encode(snapshot)


async def test_what_waits_when_the_emulator_ends(tmp_path: Path) -> None:
    """After a restart the log says so, and it can be sent by hand: nobody waits for it any more."""
    path = tmp_path / "state.sqlite3"
    async with receiver() as made:
        made.gate.clear()
        async with Emulator(persist=path) as emulator, emulator.client() as frontegg:
            stage = Stage(emulator, frontegg, made)
            await stage.webhook()
            for name in "ab":
                await frontegg.tenants.create(tenant_id=name, name=name)
            await until(lambda: _is_called(stage))
        made.gate.set()
        async with Emulator(persist=path) as emulator, emulator.client() as frontegg:
            stage = Stage(emulator, frontegg, made)
            await emulator.deliveries_done()
            rows = await emulator.deliveries()
            assert {row.failure for row in rows} == {
                "it was waiting when the emulator ended, or when its data was replaced"
            }
            assert stage.receiver.tenants() == ["a"]
            assert (await frontegg.webhooks.of_environment.redeliver(rows[1].id)).status_code == 204
            assert stage.receiver.tenants() == ["a", "b"]
            snapshot = msgspec.json.decode(msgspec.json.encode(await emulator.snapshot()))
            snapshot["environments"][0]["tables"]["webhookLogs"][2].update(status=None, received="")
            await emulator.restore(snapshot)
            assert (await emulator.deliveries())[2].failure == rows[0].failure
