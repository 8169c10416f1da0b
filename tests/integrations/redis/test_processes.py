"""Real processes that share: one authentication for all, a budget that holds, and silent exits."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from typing import Final

import pytest
from cryptography.fernet import Fernet

from frontegg_async.emulator import EmulatorHandle
from frontegg_async.integrations.redis import RedisTokenStore, tokens
from tests.docs.markdown import ROOT
from tests.integrations.redis.fleet import Fleet
from tests.support.redis import RedisServer
from tests.sync.processes import run

MODULE: Final = "tests.integrations.redis.programs"


@pytest.fixture(autouse=True)
def _shared(redis: RedisServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLEET_REDIS", redis.url)
    monkeypatch.setenv("FLEET_KEY", Fernet.generate_key().decode())


@pytest.mark.each_python
@pytest.mark.parametrize("program", ["loops_end", "blocking_forks", "coroutine_forks"])
def test_programs_exit_silently(program: str, redis: RedisServer, frontegg_emulator: EmulatorHandle) -> None:
    """With ``-X dev`` and warnings as errors, nothing is printed, and no connection stays open."""
    finished = run(program, frontegg_emulator, module=MODULE)
    assert (finished.status, finished.lines, finished.errors) == (0, ("done",), "")
    assert redis.connections() == 0


@pytest.mark.slow
def test_processes_authenticate_once(redis: RedisServer, frontegg_emulator: EmulatorHandle) -> None:
    """A hundred calls in each process start before any has a token."""
    with Fleet(frontegg_emulator, redis, processes=4, work=("calls", 100)) as fleet:
        fleet.say()
        assert fleet.failures() == [""] * 4
        assert fleet.requests() == {"auth.authenticate": 1, "tenants.get": 400}


@pytest.mark.slow
def test_a_budget_is_kept(redis: RedisServer, frontegg_emulator: EmulatorHandle) -> None:
    """By Redis's clock no request of any process is early."""
    with Fleet(frontegg_emulator, redis, processes=4, work=("flow", 4), budget="100 1 1") as fleet:
        begun = _microseconds(redis)
        fleet.say()
        fleet.wait_for(80)
        sent = fleet.requests()["tenants.get"]
        assert sent <= 1 + (_microseconds(redis) - begun) / 10_000
        fleet.say()
        assert fleet.failures() == [""] * 4


def _microseconds(redis: RedisServer) -> int:
    time = redis.ask("TIME")
    assert isinstance(time, tuple)
    seconds, microseconds = time
    return int(seconds) * 1_000_000 + int(microseconds)


@pytest.mark.each_python
def test_a_killed_process_delays_the_others_only_briefly(redis: RedisServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its lease expires without renewal."""
    monkeypatch.setenv("FLEET_NAME", "a1")
    command = [sys.executable, "-m", MODULE, "dies_with_a_lease"]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == -signal.SIGKILL
    left = redis.ask("PTTL", "frontegg:{a1}:lease")
    assert isinstance(left, int)
    assert 0 < left <= tokens.SIGN_OF_LIFE * 1_000

    async def acquire() -> None:
        store = RedisTokenStore(redis.url, encryption_key=os.environ["FLEET_KEY"])
        assert await store.acquire("a1", 30.0) is None
        redis.ask("PEXPIRE", "frontegg:{a1}:lease", 1)
        await store.wait("a1", 0.05)
        lease = await store.acquire("a1", 30.0)
        assert lease is not None
        await store.release("a1", lease)

    asyncio.run(acquire())
