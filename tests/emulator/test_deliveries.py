"""Webhooks that the emulator calls: what is sent, in which order, and how failures end."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
import jwt
import msgspec
import pytest

from frontegg_async import NotFoundError
from frontegg_async.emulator import Emulator
from frontegg_async.emulator.admin.changes import OperationCall, make_undoable, run_calls
from frontegg_async.emulator.http import deliverer
from frontegg_async.webhooks import WebhookVerifier
from tests.emulator.hook_stage import CREATED, SECRET, Stage, receiver
from tests.emulator.support import Service, until

pytestmark = pytest.mark.anyio


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

    first, *_ = [delivery async for delivery in stage.frontegg.webhooks.of_environment.list_logs(hook.id, page_size=2)][
        ::-1
    ]
    assert (first.status_code, first.body, first.tenant_id) == (204, created.raw.decode(), "a")
    assert (await stage.frontegg.webhooks.of_environment.get(hook.id)).invocations == 3
    shown = (await stage.emulator.deliveries())[0]
    assert (shown.url, shown.status, shown.cause) == (stage.receiver.url.partition("?")[0], 204, "event")


async def test_the_headers_of_a_delivery(stage: Stage) -> None:
    """Events, redeliveries, tests and prehooks have those of a recorded delivery; each call has an id of its own."""
    hook = await stage.webhook()
    await stage.prehook()
    stage.receiver.status, stage.receiver.answer = 200, {"continue": True}
    await stage.create("a")
    log = await stage.frontegg.webhooks.of_environment.list_logs(hook.id).first()
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
        log = await stage.frontegg.webhooks.list_logs("a", made.json["_id"]).first()
        assert log is not None
        await stage.frontegg.webhooks.redeliver("a", log.id)
        body = {"url": stage.receiver.url, "secret": None}
        assert (await service.send("POST", "/webhook/test", body, headers=headers)).status == 201
    assert [call.signature for call in stage.receiver.calls] == [None] * 3


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
    log = await stage.frontegg.webhooks.of_environment.list_logs(hook.id).first()
    assert log is not None
    assert (await stage.frontegg.webhooks.of_environment.redeliver(log.id)).tenant_id == "f"
    assert stage.receiver.calls.pop().body["tenant"]["name"] == "f"
    await stage.frontegg.webhooks.of_environment.update(hook.id, is_active=True)
    await stage.create("again")
    assert stage.receiver.tenants()[10:] == ["again"]
    assert (await stage.frontegg.webhooks.of_environment.get(hook.id)).is_active

    await stage.emulator.set_switch("webhook_after_failures", "go_on")
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
    assert (first.faults, first.failure, first.status) == ((lost,), "a fault has dropped the delivery", None)
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
    log = await stage.frontegg.webhooks.of_environment.list_logs(hook.id).first()
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
    await stage.emulator.set_switch("webhook_test_header", "missing")
    await stage.emulator.set_switch("webhook_log_body", "received")
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
    assert (await stage.emulator.deliveries())[0].failure == "the webhook was deleted"
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
    await stage.emulator.set_switch("webhooks_of_environment", switch)
    await stage.create("a", "b")
    token = await stage.emulator.user_token(tenant_id="a", email="ann@a.example", permissions=["fe.connectivity.*"])
    user, webhooks = stage.frontegg.as_user(token.access_token), stage.frontegg.webhooks
    fields: Any = {"url": stage.receiver.url, "secret": SECRET, "event_keys": ["frontegg.tenant.locked"]}
    by_user = await user.webhooks.create(**fields)
    of_a = await webhooks.create("a", **fields)
    of_all = await webhooks.of_environment.create(**fields)
    assert [each.id for each in await webhooks.list("a").all()] == [by_user.id, of_a.id]
    assert await user.webhooks.list().all() == await stage.frontegg.for_tenant("a").webhooks.list().all()
    assert await webhooks.list("b").all() == []
    assert [each.id for each in await webhooks.of_environment.list().all()] == [of_all.id]
    await stage.frontegg.tenants.lock(["b", "a"])
    await stage.emulator.deliveries_done()
    assert sorted(stage.receiver.tenants()) == told
    assert await webhooks.list_logs("b", of_a.id).all() == []
    (log,) = await webhooks.list_logs("a", of_a.id).all()
    for other in (stage.frontegg.for_tenant("b").webhooks, webhooks.of_environment):
        for call in (other.redeliver(log.id), other.update(of_a.id, is_active=False), other.delete(of_a.id)):
            with pytest.raises(NotFoundError):
                await call
    await stage.emulator.restore(await stage.emulator.snapshot())
    assert [each.id for each in await webhooks.of_environment.list().all()] == [of_all.id]
    await stage.frontegg.tenants.delete("a")
    await stage.create("a")
    assert await webhooks.list("a").all() == []


@pytest.mark.parametrize(
    ("switch", "statuses"), [("tenant", [403, 200]), ("serve", [200, 200]), ("refuse", [401, 401])]
)
async def test_webhooks_with_the_credential_of_the_environment(stage: Stage, switch: str, statuses: list[int]) -> None:
    """A call needs the tenant header, as was seen live; what was believed before are values of a switch."""
    await stage.create("a")
    await stage.emulator.set_switch("webhooks_by_vendor", switch)
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
        await stage.frontegg.hierarchy.unassign("b", "a")
        await stage.emulator.deliveries_done()
        assert len(stage.receiver.calls) == total
        await stage.emulator.set_switch("tenant_updated_event", "everything")


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
                "the emulator ended, or its data was replaced, before the delivery was made"
            }
            assert stage.receiver.tenants() == ["a"]
            assert (await frontegg.webhooks.of_environment.redeliver(rows[1].id)).status_code == 204
            assert stage.receiver.tenants() == ["a", "b"]
            snapshot = msgspec.json.decode(msgspec.json.encode(await emulator.snapshot()))
            snapshot["environments"][0]["tables"]["webhookLogs"][2].update(status=None, received="")
            await emulator.restore(snapshot)
            assert (await emulator.deliveries())[2].failure == rows[0].failure
