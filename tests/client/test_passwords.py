"""Passwords: what a program may do with them, and that nothing shows them."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Awaitable

import pytest

from frontegg_async import BadRequestError, DecodeError, FronteggError, OutcomeUnknownError, Secret
from frontegg_async.emulator import Emulator
from tests.support.clients import make_client
from tests.support.raw_server import http, raw_server

pytestmark = pytest.mark.anyio

_OLD = "canary-Password-1"
_NEW = "canary-Password-2"
_TOKEN = "canary-of-a-link"


@pytest.mark.slow
async def test_nothing_shows_a_password(caplog: pytest.LogCaptureFixture) -> None:
    """Neither logs, errors and their tracebacks, nor the journal and its recordings."""
    caplog.set_level(logging.DEBUG)
    failed: list[str] = []

    async def failing(call: Awaitable[object], error: type[FronteggError]) -> None:
        with pytest.raises(error) as caught:
            await call
        shown = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
        failed.append("".join(line for line in shown.format() if "/tests/" not in line) + repr(caught.value.details))

    async with Emulator(journal_bodies=True) as emulator, emulator.client() as frontegg:
        await emulator.seed(tenants=[{"tenantId": "acme", "name": "Acme"}])
        users, passwords = frontegg.users, frontegg.users.passwords
        made = await users.create("acme", email="ann@acme.example", password=_OLD)
        assert await passwords.verify(email="ann@acme.example", password=Secret(_OLD))
        assert not await passwords.verify(email="ann@acme.example", password=_NEW)
        await failing(passwords.reset(made.id, token=_TOKEN, password=_NEW), BadRequestError)
        link = await users.generate_password_reset_link(made.id)
        await emulator.add_fault(match={"method": "POST", "times": 1}, stage="after_commit", action={"type": "reset"})
        await failing(passwords.reset(made.id, token=link.token, password=_NEW), OutcomeUnknownError)
        assert await passwords.verify(email="ann@acme.example", password=_NEW)
        journal = await emulator.journal()
        recorded = [await emulator.recorded_exchange(each.trace_id) for each in journal]

    told = repr((made, link, caplog.text, journal, recorded, failed))
    assert "canary" not in told
    assert link.token.reveal() not in told


async def test_a_verdict_that_says_nothing() -> None:
    """The response must have one true or false."""
    verdicts: list[object] = [True, {"isValid": False}, {"valid": True, "reason": None}]
    nothing: list[object] = [{}, {"a": True, "b": False}, "yes"]
    script = [http(200, body) for body in (*verdicts, *nothing)]
    async with raw_server(*script) as server, make_client(server.url) as frontegg:
        verify = frontegg.users.passwords.verify
        assert [await verify(email="a@b.example", password="x") for _ in verdicts] == [True, False, True]
        for _ in nothing:
            with pytest.raises(DecodeError, match="neither true nor false"):
                await verify(email="a@b.example", password="x")
