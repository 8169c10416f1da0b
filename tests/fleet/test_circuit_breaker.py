"""The circuit breaker logs an outage once, pauses the use of a store, and uses it again."""

from __future__ import annotations

import asyncio
import logging

import pytest

from frontegg_async.fleet import circuit_breaker
from frontegg_async.fleet.circuit_breaker import PAUSE, CircuitBreaker, UnusableError
from tests.support.clients import FakeClock

pytestmark = pytest.mark.anyio


async def _give(value: int) -> int:
    return value


async def _fail() -> int:
    raise OSError("redis://user:canary@host")


async def test_each_outage_is_said_once(clock: FakeClock, caplog: pytest.LogCaptureFixture) -> None:
    """Two failures are one line, without the text of the failure; the way back is another."""
    caplog.set_level(logging.INFO)
    tried = CircuitBreaker("token store", clock.monotonic)
    assert await tried.use(_give(1)) == 1
    for _ in range(2):
        with pytest.raises(UnusableError):
            await tried.use(_fail())
    assert await tried.use(_give(2)) == 2
    for _ in range(2):
        tried.note_success()
    assert [(record.levelname, record.message) for record in caplog.records] == [
        ("WARNING", "the token store cannot be used (OSError): this process continues without it"),
        ("INFO", "the token store can be used again"),
    ]


async def test_it_rests_after_a_failure(clock: FakeClock) -> None:
    """It is asked again after a pause, and not before."""
    tried = CircuitBreaker("token store", clock.monotonic)
    assert not tried.is_open
    with pytest.raises(UnusableError):
        await tried.use(_fail())
    clock.now += PAUSE - 0.01
    assert tried.is_open
    clock.now += 0.01
    assert not tried.is_open
    tried.note_success()
    clock.now -= 0.01
    assert not tried.is_open


async def test_nobody_waits_long(clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> None:
    """A step that does not end is a failure."""
    monkeypatch.setattr(circuit_breaker, "PATIENCE", 0.0)
    with pytest.raises(UnusableError):
        await CircuitBreaker("token store", clock.monotonic).use(asyncio.Event().wait())


async def test_a_cancelled_step_is_no_failure(clock: FakeClock) -> None:
    """It says nothing of what is shared."""
    tried = CircuitBreaker("token store", clock.monotonic)
    task = asyncio.create_task(tried.use(asyncio.Event().wait()))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not tried.is_open
