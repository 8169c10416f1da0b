"""Webhooks and prehooks: lost creations, secrets, and what is read in several forms."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any, Final

import attrs
import pytest

from frontegg_async import (
    AsyncFrontegg,
    ConflictError,
    DecodeError,
    InvalidArgumentError,
    NotFoundError,
    Options,
    Outcome,
    OutcomeUnknownError,
    PermissionDeniedError,
    ReadOnlyError,
    RequestTimeoutError,
    Secret,
    ServerError,
)
from frontegg_async._core.codec.reader import decode
from frontegg_async.emulator import AsyncEmulatorHandle, Emulator
from frontegg_async.models import Webhook, WebhookLog
from tests.support.clients import make_client
from tests.support.raw_server import http, raw_server

pytestmark = pytest.mark.anyio

URL: Final = "http://127.0.0.1:9/hooks"
KEYS: Final = ["frontegg.tenant.locked", "frontegg.tenant.created"]
PREHOOK: Final = {"url": URL, "secret": "canary", "event_keys": ["SEND_SMS"], "fail_method": "open"}
LOST: Final = {"method": "POST", "times": 1}


@attrs.frozen
class Stage:
    """An emulator and its client."""

    emulator: AsyncEmulatorHandle
    frontegg: AsyncFrontegg

    async def lose(self, path: str, stage: str = "after_commit") -> None:
        """Lose the next response to a creation."""
        await self.emulator.add_fault(stage=stage, action={"type": "reset"}, match={**LOST, "path": path})

    async def create(self, secret: str | Secret = "canary", **options: Any) -> Webhook:
        """Create a webhook."""
        return await self.frontegg.webhooks.of_environment.create(url=URL, secret=secret, event_keys=KEYS, **options)


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    """An emulator and its client."""
    async with Emulator() as emulator, emulator.client() as frontegg:
        yield Stage(emulator, frontegg)


@pytest.mark.parametrize("when", ["before_commit", "after_commit"])
async def test_a_lost_creation(stage: Stage, when: str) -> None:
    """There is one webhook and one prehook, and they are returned."""
    await stage.lose("/webhook/custom", when)
    await stage.lose("/prehooks/*", when)
    hook = await stage.create(display_name=" Ours ")
    prehook = await stage.frontegg.prehooks.create(**PREHOOK)  # type: ignore[arg-type]  # of a table
    assert [each.id for each in await stage.frontegg.webhooks.of_environment.list().all()] == [hook.id]
    assert [each.id for each in await stage.frontegg.prehooks.list().all()] == [prehook.id]
    assert hook.event_keys == tuple(KEYS)


async def test_a_lost_creation_beside_an_older_webhook(stage: Stage) -> None:
    """One with another secret is not the new one."""
    old = await stage.create("the old secret")
    await stage.lose("/webhook/custom")
    new = await stage.create(Secret("the new secret"))
    assert new.id != old.id
    assert len(await stage.frontegg.webhooks.of_environment.list().all()) == 2


@pytest.mark.parametrize("when", ["before_commit", "after_commit"])
async def test_a_lost_creation_beside_one_that_is_just_alike(stage: Stage, when: str) -> None:
    """What was there before is not the new one, whatever it looks like."""
    old = await stage.create()
    await stage.frontegg.prehooks.create(**PREHOOK)  # type: ignore[arg-type]  # of a table
    await stage.lose("/webhook/custom", when)
    await stage.lose("/prehooks/*", when)
    assert (await stage.create()).id != old.id
    assert len(await stage.frontegg.webhooks.of_environment.list().all()) == 2
    # An event has one prehook at most.
    with pytest.raises(ConflictError):
        await stage.frontegg.prehooks.create(**PREHOOK)  # type: ignore[arg-type]  # of a table


async def test_a_hook_that_is_stored_in_another_form_is_not_created_twice() -> None:
    """A new hook that differs from the one asked for may be it."""
    stored = http(200, [{"_id": "w9", "url": f"{URL}/", "eventKeys": KEYS, "secret": "other"}])
    async with raw_server(http(200, []), http(503), stored) as server, make_client(server.url) as client:
        with pytest.raises(OutcomeUnknownError):
            await client.webhooks.create("acme", url=URL, event_keys=KEYS, secret="canary")
        assert [request.method for request in server.requests] == ["GET", "POST", "GET"]


async def test_an_outcome_that_stays_unknown(stage: Stage) -> None:
    """The error has what was asked for, without the secret."""
    await stage.lose("/webhook/custom")
    with pytest.raises(OutcomeUnknownError) as caught:
        await stage.create(options=Options(max_retries=0))
    assert caught.value.asked["url"] == URL
    assert "canary" not in repr(caught.value.asked) + str(caught.value)


@pytest.mark.parametrize("form", ["empty", "no_content"])
async def test_writes_without_a_body(stage: Stage, form: str) -> None:
    """What was written is read."""
    await stage.emulator.set_switch("hook_write_body", form)
    hook = await stage.create()
    assert hook.secret == Secret("canary")
    changed = await stage.frontegg.webhooks.of_environment.update(
        hook.id, secret="other", is_active=False, event_keys=KEYS[:1]
    )
    assert (changed.is_active, changed.event_keys, changed.secret) == (
        False,
        ("frontegg.tenant.locked",),
        Secret("other"),
    )
    prehook = await stage.frontegg.prehooks.create(**PREHOOK)  # type: ignore[arg-type]  # of a table
    changed_prehook = await stage.frontegg.prehooks.update(prehook.id, fail_method="close", timeout=2)
    assert (changed_prehook.fail_method, changed_prehook.timeout) == ("CLOSE", 2)
    await stage.frontegg.prehooks.delete(prehook.id)
    await stage.frontegg.webhooks.of_environment.delete(hook.id)
    assert await stage.frontegg.webhooks.of_environment.list().all() == await stage.frontegg.prehooks.list().all() == []


async def test_secrets_are_not_shown(stage: Stage) -> None:
    """Neither by a model nor as a dictionary, unless it is asked for."""
    hook = await stage.create()
    assert hook.secret is not None
    assert hook.secret.reveal() == "canary"
    assert "canary" not in repr(hook) + str(hook.to_dict())
    assert hook.to_dict(reveal=["secret"])["secret"] == "canary"


async def test_the_log_page_by_page(stage: Stage) -> None:
    """Each call once, the newest first, with pages of any size."""
    hook = await stage.create()
    for number in range(5):
        await stage.frontegg.tenants.create(tenant_id=f"t{number}", name="T")
    await stage.emulator.deliveries_done()
    for size in (1, 2, 5, 200):
        logs = stage.frontegg.webhooks.of_environment.list_logs(hook.id, page_size=size)
        assert [log.tenant_id async for log in logs] == ["t4", "t3", "t2", "t1", "t0"]
        assert await logs.count() == 5
    first = await stage.frontegg.webhooks.of_environment.list_logs(hook.id).first()
    assert first is not None
    assert first.tenant_id == "t4"


@pytest.mark.parametrize(
    ("status", "expected"), [("200", 200), (503, 503), (None, None), ("", None), ("ok", None), ("²", None)]
)
async def test_forms_of_a_status(status: object, expected: int | None) -> None:
    """Text and number; what is neither is in ``extra``."""
    log = decode_log(status)
    assert log.status_code == expected
    assert ("statusCode" in log.extra) is (expected is None and status is not None)


def decode_log(status: object) -> WebhookLog:
    """Read a call of the log."""
    import json

    found = decode(json.dumps({"_id": "a", "statusCode": status}).encode(), WebhookLog)
    assert isinstance(found, WebhookLog)
    return found


async def test_the_id_of_the_environment_is_read_once(stage: Stage) -> None:
    """By calls that are made together, by all methods and by views; each call has it in the tenant header."""
    frontegg, webhooks = stage.frontegg, stage.frontegg.webhooks.of_environment
    await asyncio.gather(*(webhooks.list().all() for _ in range(5)))
    hook = await stage.create()
    await frontegg.with_options(timeout=5).webhooks.of_environment.update(hook.id, is_active=False)
    assert await webhooks.list_logs(hook.id).all() == []
    await webhooks.test(url=URL, secret="s")
    await webhooks.delete(hook.id)
    requests = [entry for entry in await stage.emulator.journal() if entry.path != "/auth/vendor"]
    assert [entry.path for entry in requests if not entry.path.startswith("/webhook")] == ["/vendors"]
    assert requests[0].path == "/vendors"
    assert {entry.status for entry in requests} == {200, 201}
    vendor_id = (await frontegg.environment.get()).id
    assert await frontegg.webhooks.list(vendor_id).all() == await webhooks.list().all()


async def test_a_read_of_the_id_that_fails(stage: Stage) -> None:
    """It fails the call, also by a deadline that is shorter than that of the call that reads; the next reads again."""
    webhooks = stage.frontegg.webhooks.of_environment
    action = {"type": "status", "status": 403}
    await stage.emulator.add_fault(stage="accept", action=action, match={"path": "/vendors", "times": 1})
    with pytest.raises(PermissionDeniedError) as caught:
        await webhooks.list().all()
    assert caught.value.endpoint == "environment.get"
    assert "may not read the environment: frontegg.webhooks.*(tenant_id)" in caught.value.message
    never = {"type": "delay", "seconds": 600}
    fault = await stage.emulator.add_fault(stage="accept", action=never, match={"path": "/vendors"})
    patient = asyncio.create_task(webhooks.list().all())
    hasty = asyncio.create_task(webhooks.list(options=Options(deadline=0.05)).all())
    with pytest.raises(RequestTimeoutError, match="before the environment's id was read") as late:
        await hasty
    assert late.value.outcome is Outcome.NOT_SENT
    await stage.emulator.delete_fault(fault)
    patient.cancel()
    with pytest.raises(asyncio.CancelledError):
        await patient
    assert not any(entry.path == "/webhook" for entry in await stage.emulator.journal())


async def test_a_write_is_not_sent_when_the_id_cannot_be_read(stage: Stage) -> None:
    """Its outcome is known, whatever became of the read."""
    action = {"type": "status", "status": 502}
    await stage.emulator.add_fault(stage="accept", action=action, match={"path": "/vendors", "times": 1})
    async with stage.emulator.client(options=Options(max_retries=0)) as frontegg:
        webhooks = frontegg.webhooks.of_environment
        with pytest.raises(ServerError) as failed:
            await webhooks.test(url=URL, secret="s")
        assert failed.value.outcome is Outcome.NOT_SENT
        await webhooks.test(url=URL, secret="s")


async def test_an_id_of_the_environment_that_is_none(stage: Stage) -> None:
    """It is the fault of the response, not of an argument, and the next call reads again."""
    webhooks = stage.frontegg.webhooks.of_environment
    for unusable in ("", "..", " a", "x" * 300):
        action = {"type": "status", "status": 200, "body": {"id": unusable}}
        await stage.emulator.add_fault(stage="accept", action=action, match={"path": "/vendors", "times": 1})
        with pytest.raises(DecodeError, match=r"^environment\.get returned an unusable id of .*: id must") as bad:
            await webhooks.test(url=URL, secret="s")
        assert (bad.value.outcome, bad.value.paths) == (Outcome.NOT_SENT, ("$.id",))
    assert await webhooks.list().all() == []


async def test_the_read_of_the_id_has_the_options_of_the_client(stage: Stage) -> None:
    """A view whose options are unfit for it fails none of the calls that are made together, nor itself."""
    fault = {"type": "status", "status": 502}
    await stage.emulator.add_fault(stage="accept", action=fault, match={"path": "/vendors", "times": 1})
    hasty = stage.frontegg.with_options(max_retries=0)
    both = (view.webhooks.of_environment.list().all() for view in (hasty, stage.frontegg))
    assert await asyncio.gather(*both) == [[], []]


async def test_an_id_of_the_environment_that_is_not_known(stage: Stage) -> None:
    """The caller gave no tenant, so an error says nothing about what to give; one about a tenant does."""
    vendor_id = (await stage.frontegg.environment.get()).id
    fault = {"type": "status", "status": 404, "body": {"errors": ["Tenant not found"]}}
    await stage.emulator.add_fault(stage="accept", action=fault, match={"path": "/webhook"})
    with pytest.raises(NotFoundError) as of_environment:
        await stage.frontegg.webhooks.of_environment.list().all()
    with pytest.raises(NotFoundError, match="looks like an internal id"):
        await stage.frontegg.webhooks.list(vendor_id).all()
    assert vendor_id in str(of_environment.value)
    assert "looks like" not in str(of_environment.value)


@pytest.mark.parametrize("bad", [{"payload": {"a": object()}}, {"options": 1}])
async def test_arguments_are_checked_before_the_id_is_read(stage: Stage, bad: dict[str, Any]) -> None:
    """Nothing is sent for one that is not allowed, nor by a client that is read-only."""
    frontegg = stage.frontegg
    with pytest.raises(InvalidArgumentError):
        await frontegg.webhooks.of_environment.test(url=URL, secret="s", **bad)
    with pytest.raises(ReadOnlyError):
        await frontegg.with_options(read_only=True).webhooks.of_environment.test(url=URL, secret="s")
    assert await stage.emulator.journal() == []
