"""Custom events: what webhooks and the audit log get, and what is known when a response is lost."""

from __future__ import annotations

import json
from typing import Any, Final

import pytest

from frontegg_async import AsyncFrontegg, OutcomeUnknownError, ResponseMismatchError, ResultLostError
from frontegg_async.emulator import EmulatorHandle
from tests.support.clients import make_client
from tests.support.raw_server import http, raw_server

pytestmark = pytest.mark.anyio

_DATA: Final = {"title": "Shipped", "description": "canary", "order": {"number": 17}}
_LOST: Final[dict[str, Any]] = {
    "match": {"method": "POST", "path": "/event/*", "times": 1},
    "stage": "after_commit",
    "action": {"type": "reset"},
}


@pytest.fixture
def emulator(frontegg_emulator: EmulatorHandle) -> EmulatorHandle:
    """An environment with a tenant and the definition of an event."""
    frontegg_emulator.seed(tenants=[{"tenantId": "acme", "name": "Acme"}, {"tenantId": "other", "name": "Other"}])
    snapshot: Any = frontegg_emulator.snapshot()
    defined = {"id": "defined", "key": "order.shipped", "createdAt": "2026-01-01T00:00:00.000Z"}
    snapshot["environments"][0]["tables"]["eventDefinitions"] = [defined]
    frontegg_emulator.restore(snapshot)
    return frontegg_emulator


async def test_who_gets_an_event(emulator: EmulatorHandle, frontegg_client: AsyncFrontegg) -> None:
    """The webhooks of the tenant with its key, and the audit log; the status names the channels."""
    hook: Final[dict[str, Any]] = {"url": "http://127.0.0.1:9/", "secret": "s"}
    await frontegg_client.webhooks.create("acme", event_keys=["order.shipped"], **hook)
    await frontegg_client.webhooks.create("other", event_keys=["order.shipped"], **hook)
    events = frontegg_client.for_tenant("acme").events
    triggered = await events.trigger("order.shipped", data=_DATA, slack_message={"text": "Shipped"})
    emulator.deliveries_done()

    status = await frontegg_client.events.get_status(triggered.event_id)
    assert (status.event_id, status.event_key) == (triggered.event_id, "order.shipped")
    done: Final[dict[str, object]] = {"status": "SUCCESS", "errorMetadata": {}}
    assert status.channels == {"audit": done, "slack": done, "webhook": done}
    (delivery,) = emulator.deliveries()
    assert json.loads(delivery.body)["data"] == _DATA
    assert delivery.tenant_id == "acme"
    (audit,) = await frontegg_client.audits.list("acme").all()
    assert (audit.resource, audit.action) == ("Event", "order.shipped")


async def test_an_event_whose_response_is_lost(emulator: EmulatorHandle, frontegg_client: AsyncFrontegg) -> None:
    """The request is not sent again, and the error has the key without the data."""
    emulator.add_fault(**_LOST)
    with pytest.raises(OutcomeUnknownError) as unknown:
        await frontegg_client.events.trigger("acme", "order.shipped", data=_DATA, email_html="canary")
    assert unknown.value.asked == {"tenant_id": "acme", "event_key": "order.shipped"}
    assert "canary" not in repr(unknown.value)

    emulator.set_switch("hook_write_body", "empty")
    with pytest.raises(ResultLostError):
        await frontegg_client.events.trigger("acme", "order.shipped", data=_DATA)
    assert len(await frontegg_client.audits.list("acme").all()) == 2


@pytest.mark.parametrize("event_id", ["", " ", None, 7, "e1"])
async def test_an_event_has_an_id(event_id: Any) -> None:
    """Without one, nobody can ask what became of it."""
    async with raw_server(http(201, {"eventId": event_id, "more": 1})) as server, make_client(server.url) as client:
        events = client.for_tenant("acme").events
        if event_id == "e1":
            triggered = await events.trigger("order.shipped", data=_DATA)
            assert (triggered.event_id, triggered.extra) == ("e1", {"more": 1})
        else:
            with pytest.raises((OutcomeUnknownError, ResultLostError)):
                await events.trigger("order.shipped", data=_DATA)
        assert len(server.requests) == 1


async def test_the_status_is_that_of_the_event() -> None:
    """Another id in the response is an error, and so is an empty one."""
    script = (http(200, {"eventId": name, "channels": {}}) for name in ("e2", "", "e1"))
    async with raw_server(*script) as server, make_client(server.url) as client:
        for _ in range(2):
            with pytest.raises(ResponseMismatchError):
                await client.events.get_status("e1")
        assert (await client.events.get_status("e1")).event_id == "e1"
